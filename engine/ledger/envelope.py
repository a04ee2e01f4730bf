"""What is hashed into the log for a decision: when it was asked, by what it was judged, whom it concerns.

Whom it concerns stands in it only as salted hashes; the salts and plain values are kept apart and can be erased.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import new as _hash
from typing import Any

from engine.canonical import canonical
from engine.ledger.merkle import SHA256, SM3, leaf_hash

SALT_BYTES = 16
FORMAT = 1

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """A commitment's salt and the value it hides."""

    handle: str
    salt: str
    value: Data

    def commitment(self, hashing: str = SHA256) -> str:
        """The salted hash that stands in the envelope."""
        return digest(canonical({"handle": self.handle, "salt": self.salt, "value": self.value}), hashing)


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
    """The envelope; `about` says what it was judged by (registry version and digest, rulebook, software, lists).

    `about` also names the hash, as `naming` says it: every digest in the envelope is of that hash.
    """
    hashing = hashing_of(about)
    return {
        "format": FORMAT,
        "id": leaf_id,
        "kind": kind,
        "core": digest(core, hashing),
        "recorded_at": recorded_at,
        "caller": digest(asked.caller.encode(), hashing),
        "purpose": digest(asked.purpose.encode(), hashing),
        "commitments": {one.handle: one.commitment(hashing) for one in opened},
        **about,
    }


def leaf_of(envelope: Data) -> bytes:
    """The leaf: the hash of the envelope's canonical bytes, by the hash it names."""
    return leaf_hash(canonical(envelope), hashing_of(envelope))


def naming(hashing: str) -> Data:
    """How an envelope names its hash: SHA-256 by silence, so that there is one way to say each."""
    return {} if hashing == SHA256 else {"hash": hashing}


def hashing_of(envelope: Data) -> str:
    """The hash an envelope names. ValueError for one that no ledger of ours has."""
    if "hash" not in envelope:
        return SHA256
    if envelope["hash"] != SM3:
        raise ValueError("an unknown hash")
    return SM3


def digest(data: bytes, hashing: str = SHA256) -> str:
    """The hash of the bytes in lower-case hex."""
    return _hash(hashing, data).hexdigest()


def read_json(text: str) -> Any:
    """What was stored as canonical JSON."""
    return json.loads(text)
