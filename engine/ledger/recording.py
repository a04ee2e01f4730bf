"""Record first, answer second: a decision's row is durable before anybody sees the answer, and comes with a promise."""

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from engine.canonical import canonical
from engine.decision import SEMANTICS, Decision
from engine.errors import Unavailable, refused_input
from engine.ledger.envelope import Caller, Data, Opened, envelope_of, hashing_of, naming, read_json
from engine.ledger.merkle import SHA256, leaf_hash
from engine.ledger.signing import LogKeys
from engine.ledger.tables import Leaf, LedgerTable, Opening, RequestRow
from engine.registry.chain import Version
from engine.registry.changes import insert_many
from engine.registry.store import Store, ask

DECISION, DETERMINATION = "decision", "determination"
# By how much, in microseconds, the clocks of machines that share a ledger may differ.
DRIFT = 2_000_000
# Names the leaf whose time is known to be wrong, where a clock once ran ahead.
ACCEPTED = "MEMORANDA_CLOCK_ACCEPTED"
# The advisory lock on PostgreSQL under which determinations are written: "memo" and a number of its own.
DETERMINING = 0x6D656D6F03
_KIND, _OF, _TICKS, _CORE = 1, 2, 4, 5  # columns of a leaf's row


@dataclass(frozen=True, slots=True)
class Entered:
    """A leaf ready to be written: its row, what its commitments hide, and the promise that goes with the answer.

    `request` is the row by which the same request, sent again, is answered with this leaf.
    """

    id: str
    row: tuple[Any, ...]
    openings: tuple[tuple[str, str, str, str, str], ...]
    promise: Data
    request: tuple[Any, ...] | None = None

    def answering(self, key: str, body: str) -> "Entered":
        """The same, found again by the digests of a request and its body."""
        return replace(self, request=(key, body, self.id, self.row[_TICKS]))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When and by what a decision was made; `id` is a UUIDv7."""

    id: str
    now: datetime
    registry: Version
    rulebook: str
    software: str
    hashing: str = SHA256


def entered(decision: Decision, at: Circumstances, opened: tuple[Opened, ...], asked: Caller, keys: LogKeys) -> Entered:
    """A decision as a leaf of the log."""
    about: Data = {
        "semantics": SEMANTICS,
        "registry": {"version": at.registry.number, "digest": at.registry.digest},
        "rulebook": at.rulebook,
        "software": at.software,
        "lists": decision.data["lists"],
        **naming(at.hashing),
    }
    fields = {
        "scenario": decision.answer.inquiry.scenario, "verdict": decision.answer.verdict.value,
        "rulebook": at.rulebook, "version": at.registry.number,
    }  # fmt: skip
    return enter(at.id, DECISION, decision.core, at.now, opened, asked, about, fields, keys)


def enter(
    leaf_id: str,
    kind: str,
    core: bytes,
    now: datetime,
    opened: tuple[Opened, ...],
    asked: Caller,
    about: Data,
    fields: Mapping[str, Any],
    keys: LogKeys,
) -> Entered:
    """Any leaf: envelope, hash, promise and rows."""
    recorded_at = now.isoformat(timespec="microseconds")
    envelope = envelope_of(leaf_id, kind, core, recorded_at, opened, asked, about)
    sealed = canonical(envelope)
    leaf = leaf_hash(sealed, hashing_of(envelope)).hex()
    statement = {"leaf": leaf, "recorded_at": recorded_at}
    promise = statement | keys.sign(statement).data()
    row = (
        leaf_id, kind, fields.get("of", ""), recorded_at, int(now.timestamp() * 1_000_000), core.decode(),
        sealed.decode(), leaf, canonical(promise).decode(), None, fields.get("scenario", ""),
        fields.get("verdict", ""), fields.get("rulebook", ""), fields.get("version", 0),
    )  # fmt: skip
    hidden = tuple(
        (leaf_id, one.handle, one.salt, canonical(one.value).decode(), one.value.get("subject", "")) for one in opened
    )
    return Entered(leaf_id, row, hidden, promise)


def record(ledger: Store, leaves: Sequence[Entered]) -> None:
    """Write leaves in one commit; from here on they are durable and only wait for their numbers.

    Unavailable if that cannot be, or if the clock was set back: a decision must not claim to be older than it is.
    RefusedInput for a determination on what was determined meanwhile, by whichever process, and that it does not name.
    """
    with ledger.writing() as connection:
        write(connection, leaves)


def write(connection: Connection, leaves: Sequence[Entered]) -> None:
    """The same within a transaction that writes more than leaves."""
    _demand_clock(connection, min(leaf.row[_TICKS] for leaf in leaves))
    _demand_line(connection, [leaf for leaf in leaves if leaf.row[_KIND] == DETERMINATION])
    insert_many(connection, _table(Leaf), [leaf.row for leaf in leaves])
    insert_many(connection, _table(Opening), [row for leaf in leaves for row in leaf.openings])
    insert_many(connection, _table(RequestRow), [leaf.request for leaf in leaves if leaf.request])


def demand_newest(connection: Connection, decision: str, supersedes: str) -> int:
    """When, in microseconds, the decision was last spoken of; RefusedInput unless `supersedes` is its newest
    determination, or nothing where there is none: what persons determined stands in one line.
    """
    query = f"SELECT id, ticks FROM leaf WHERE id = ? OR (of = ? AND kind = '{DETERMINATION}') ORDER BY ticks, id"
    rows = ask(connection, query, (decision, decision))
    newest = next((row.id for row in reversed(rows) if row.id != decision), "")
    if newest != supersedes:
        _refuse_line(newest)
    return max((int(row.ticks) for row in rows), default=0)


def answered(connection: Connection, key: str) -> tuple[str, str] | None:
    """The leaf that answered a request, and the digest of what was sent then; None if it is new."""
    found = ask(connection, "SELECT leaf, body FROM request WHERE key = ?", (key,))
    return (found[0].leaf, found[0].body) if found else None


def forget_requests(ledger: Store, before: datetime) -> None:
    """Requests so old that nobody sends them again."""
    with ledger.writing() as connection:
        ticks = int(before.timestamp() * 1_000_000)
        connection.execute(text("DELETE FROM request WHERE ticks < :ticks"), {"ticks": ticks})


def keep_rulebook(ledger: Store, revision: str, files: Mapping[str, bytes], now: datetime) -> None:
    """The rulebook's files, whole, unless they are kept already."""
    with ledger.reading() as connection:
        if ask(connection, "SELECT revision FROM rulebook WHERE revision = ?", (revision,)):
            return
    said = json.dumps({name: data.decode() for name, data in files.items()}, ensure_ascii=False, sort_keys=True)
    row = {"revision": revision, "files": zlib.compress(said.encode(), 9), "at": now.isoformat()}
    insert = (
        "INSERT INTO rulebook (revision, files, recorded_at) VALUES (:revision, :files, :at) ON CONFLICT DO NOTHING"
    )
    with ledger.writing() as connection:
        connection.execute(text(insert), row)


def kept_rulebook(connection: Connection, revision: str) -> dict[str, bytes] | None:
    """The files of a rulebook that some decision was judged by; None if the ledger does not hold it."""
    found = ask(connection, "SELECT files FROM rulebook WHERE revision = ?", (revision,))
    if not found:
        return None
    files: dict[str, str] = json.loads(zlib.decompress(found[0].files))
    return {name: said.encode() for name, said in files.items()}


def _demand_clock(connection: Connection, ticks: int) -> None:
    newest = ask(connection, "SELECT id, recorded_at, ticks FROM leaf ORDER BY ticks DESC LIMIT 1")
    if newest and ticks < newest[0].ticks - DRIFT and os.environ.get(ACCEPTED) != newest[0].id:
        at = newest[0].recorded_at
        raise Unavailable(
            f"时钟早于台账最后一条记录（{at}），没有写入任何内容",
            f"the clock is behind the last record of the ledger ({at}), nothing was written",
            f"校准时钟；如果是那条记录的时间有误，设 {ACCEPTED}={newest[0].id}",
            f"set the clock right; if it is that record's time that is wrong, set {ACCEPTED}={newest[0].id}",
        )


def _demand_line(connection: Connection, leaves: Sequence[Entered]) -> None:
    """Look under a lock, in the transaction that writes: nobody else determines between the look and the commit."""
    if not leaves:
        return
    if connection.dialect.name != "sqlite":  # there a writing transaction is alone from its beginning
        ask(connection, "SELECT pg_advisory_xact_lock(?)", (DETERMINING,))
    seen = set[str]()
    for leaf in leaves:
        decision = leaf.row[_OF]
        if decision in seen:
            _refuse_line("")  # another of this very commit: it is written again alone, and told of the other then
        seen.add(decision)
        spoken = demand_newest(connection, decision, read_json(leaf.row[_CORE])["supersedes"])
        if leaf.row[_TICKS] <= spoken:  # the order of time is the order in which they hold
            raise refused_input(
                "R716", "本机时钟慢于写下前一记录的机器，没有写入",
                "this machine's clock is behind the one that made the record before: it was not written",
                "校准时钟，稍后再试", "set the clock right and try again in a moment",
            )  # fmt: skip


def _refuse_line(newest: str) -> None:
    if not newest:
        zh, en = "所取代的认定不是该决定最近的认定", "what it takes the place of is not the newest determination"
        raise refused_input("R712", zh, en, where="supersedes")
    zh, en = f"已有认定 {newest}", f"there is a determination already: {newest}"
    help_zh, help_en = "如要取代它，在 supersedes 中写明", "to take its place, name it in `supersedes`"
    raise refused_input("R712", zh, en, help_zh, help_en, "supersedes")


def _table(book: type[LedgerTable]) -> Any:
    return LedgerTable.metadata.tables[str(book.__tablename__)]
