"""A decision recorded: its row is durable before the answer is given, and the answer comes with a promise."""

import secrets
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version as installed

from uuid_utils.compat import uuid7

from engine.errors import EngineFault, Unavailable
from engine.ledger.auditing import newest_known
from engine.ledger.envelope import Caller, openings
from engine.ledger.recording import Circumstances, Entered, entered
from engine.ledger.sequencing import Head, sequence
from engine.registry.chain import latest, version_at
from engine.registry.store import Store
from engine.services.ask import Asked
from engine.services.books import Ledger
from engine.services.moments import utc_now


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision in the ledger: its id, and the promise that goes with the answer."""

    id: str
    promise: dict[str, object]


def record_decision(ledger: Ledger, asked: Asked, caller: Caller, case: str = "") -> Recorded:
    """Write a decision made from the registry, with its rulebook; its number is given to it within moments.

    Unavailable if that cannot be made durable: then there is no answer either.
    """
    leaf = leaf_for(ledger, asked, caller, case)
    ledger.recorder.record(leaf)
    return Recorded(leaf.id, leaf.promise)


def leaf_for(ledger: Ledger, asked: Asked, caller: Caller, case: str = "") -> Entered:
    """The decision as a leaf to be recorded, its rulebook kept; `case` is the asking authority's number of the matter.

    The number stands in what is hashed as a commitment only.
    """
    if asked.version is None:
        raise EngineFault("据文件作出的决定不入台账", "a decision made from a file is not recorded")
    now, decision, revision = utc_now(), asked.decision, asked.rulebook.revision
    ledger.recorder.keep(revision, asked.files, now)
    at = Circumstances(str(uuid7()), now, asked.version, revision, _software(), ledger.hashing)
    names = {**decision.names, "case": {"number": case}} if case else decision.names
    return entered(decision, at, openings(names, secrets.token_bytes), caller, ledger.keys)


def demand_same_books(ledger: Ledger, registry: Store) -> None:
    """Unavailable if the ledger knows a version of the registry that the registry has not, or not like that.

    The ledger is read first: a version it knows by then, the registry must have.
    """
    with ledger.store.reading() as connection:
        known = newest_known(connection)
    with registry.reading() as connection:
        newest = latest(connection)
        if known is None or (known.number <= newest.number and known == version_at(connection, known.number)):
            return
    zh = f"名录库（版本 {newest.number}）比台账所知的（版本 {known.number}）旧，或被改动"
    en = f"the registry (version {newest.number}) is older than its ledger knows ({known.number}), or altered"
    help_zh, help_en = "恢复与台账相符的名录库备份", "restore the backup of the registry that goes with the ledger"
    raise Unavailable(zh, en, help_zh, help_en)


def number(ledger: Ledger) -> Head | None:
    """Give what waits its numbers, where no server does; the newest head."""
    return sequence(ledger.store, ledger.keys, utc_now())


@cache
def _software() -> str:
    return f"memoranda {installed('memoranda')}"
