"""A decision recorded: its row is durable before the answer is given, and the answer comes with a promise."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as installed

from uuid_utils.compat import uuid7

from engine.errors import EngineFault
from engine.ledger.auditing import demand_not_older
from engine.ledger.envelope import Caller, openings
from engine.ledger.recording import Circumstances, Entered, entered, keep_rulebook, record
from engine.ledger.sequencing import Head, sequence
from engine.services.ask import Asked
from engine.services.books import Ledger


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision in the ledger: its number-to-be, the promise that goes with it, and the newest head."""

    id: str
    promise: dict[str, object]
    head: Head | None


def record_decision(ledger: Ledger, asked: Asked, caller: Caller) -> Recorded:
    """Write a decision made from the registry, with its rulebook, then give it its number.

    Unavailable if that cannot be made durable: then there is no answer either.
    """
    if asked.version is None:
        raise EngineFault("据文件作出的决定不入台账", "a decision made from a file is not recorded")
    demand_not_older(ledger.store, asked.version)
    now, decision, revision = datetime.now(UTC), asked.decision, asked.rulebook.revision
    keep_rulebook(ledger.store, revision, asked.files, now)
    at = Circumstances(str(uuid7()), now, asked.version, revision, f"memoranda {installed('memoranda')}")
    leaf: Entered = entered(decision, at, openings(decision.names, secrets.token_bytes), caller, ledger.keys)
    record(ledger.store, [leaf])
    return Recorded(leaf.id, leaf.promise, sequence(ledger.store, ledger.keys, datetime.now(UTC)))
