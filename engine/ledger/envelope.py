"""What is hashed into the log for a decision: when it was asked, by what it was judged, whom it concerns.

Whom it concerns stands in it only as salted hashes; the salts and plain values are kept apart and can be erased.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from engine.canonical import canonical
from engine.ledger.merkle import SHA256, leaf_hash

SALT_BYTES = 16
FORMAT = 1

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """A commitment's salt and the value it hides."""

    handle: str
    salt: str
    value: Data

    @property
    def commitment(self) -> str:
        """The salted hash that stands in the envelope."""
        said = {"handle": self.handle, "salt": self.salt, "value": self.value}
        return sha256(canonical(said)).hexdigest()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked and for what: `caller` and `purpose` stand in the envelope as digests only."""

    caller: str
    purpose: str = ""


def openings(names: Mapping[str, Data], chance: Callable[[int], bytes]) -> tuple[Opened, ...]:
    """A salted commitment for each handle of the decision."""
    return tuple(Opened(handle, chance(SALT_BYTES).hex(), dict(value)) for handle, value in sorted(names.items()))


def envelope_of(
    leaf_id: str,
    kind: str,
    core: bytes,
    recorded_at: str,
    opened: tuple[Opened, ...],
    asked: Caller,
    about: Data,
) -> Data:
    """The envelope; `about` says what it was judged by: registry version and digest, rulebook, software, lists."""
    return {
        "format": FORMAT,
        "id": leaf_id,
        "kind": kind,
        "core": sha256(core).hexdigest(),
        "recorded_at": recorded_at,
        "caller": sha256(asked.caller.encode()).hexdigest(),
        "purpose": sha256(asked.purpose.encode()).hexdigest(),
        "commitments": {one.handle: one.commitment for one in opened},
        **about,
    }


def leaf_of(envelope: Data, hashing: str = SHA256) -> bytes:
    """The leaf: the hash of the envelope's canonical bytes."""
    return leaf_hash(canonical(envelope), hashing)


def read_json(text: str) -> Any:
    """What was stored as canonical JSON."""
    return json.loads(text)
