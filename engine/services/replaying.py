"""Decisions made again: from the rulebook the ledger keeps whole and the registry as it was known, or as it is now."""

import gc
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.calendar import read_when
from engine.errors import Missing, refused_input
from engine.ledger.envelope import Opened, read_json
from engine.ledger.receipt import leaf_row, openings_of
from engine.ledger.recording import DECISION, kept_rulebook
from engine.ledger.replaying import Outcome, Replayed, replay
from engine.model import Rulebook
from engine.packs.library import read_library, revision_of
from engine.registry.chain import latest
from engine.registry.reading import register_of, take_out
from engine.registry.shelf import Shelf, marks
from engine.registry.store import ask
from engine.services.books import open_books, open_ledger
from engine.services.rulebooks import sound
from engine.vocabulary import Words

# Decisions read at once; each may have a thousand parties.
CHUNK = 250

# Decisions with what opens them.
Chunk = list[tuple[Any, list[Opened]]]


@dataclass(frozen=True, slots=True)
class Swept:
    """A replay, and the rulebook and version it was first made by."""

    replayed: Replayed
    rulebook: str
    version: int


def replays(since: str = "", against: Path | None = None, one: str = "") -> Iterator[Swept]:
    """Every decision made again (of one id, or recorded since a day), by its own rulebook or that of a folder."""
    ledger, registry = open_ledger(), open_books().registry
    other = sound(read_library([against], with_cases=False)) if against else None
    with ledger.store.reading() as connection, registry.reading() as known:
        judges = Judges(connection, other)
        for chunk in chunks(connection, since, one):
            shelf = Shelf(known)
            take_out_for(shelf, chunk, latest(known).number)
            for row, opened in chunk:
                yield Swept(replayed(row, opened, judges, shelf), row.rulebook, row.version)


def how_many(since: str = "") -> int:
    """How many decisions a sweep will go over."""
    query = f"SELECT COUNT(*) AS n FROM leaf WHERE kind = '{DECISION}' AND ticks >= ?"
    with open_ledger().store.reading() as connection:
        return int(ask(connection, query, (_ticks(since),))[0].n)


class Judges:
    """The rulebooks that decisions were judged by, each read once; or another that takes the place of all."""

    def __init__(self, connection: Any, other: Rulebook | None = None) -> None:
        self._connection, self._other = connection, other
        self._read: dict[str, Rulebook | None] = {}

    def of(self, row: Any) -> Rulebook | None:
        """The one to judge a decision by; None if the ledger does not hold it."""
        if self._other is None and row.rulebook not in self._read:
            self._read[row.rulebook] = recorded_rulebook(self._connection, row.rulebook)
            gc.freeze()  # a rulebook is large and stays: the collector need not walk through it again and again
        return self._other or self._read[row.rulebook]


def replayed(row: Any, opened: list[Opened], judges: Judges, shelf: Shelf) -> Replayed:
    """One decision made again by its judge."""
    book = judges.of(row)
    if book is None:
        revision = row.rulebook[:12]
        why = Words(f"台账里没有规则库 {revision}", f"the ledger holds no rulebook {revision}")
        return Replayed(row.id, Outcome.IMPOSSIBLE, then=row.verdict, why=why)
    return replay(row, opened, lambda subjects, at: register_of(shelf, subjects, at, book.vocabulary), book)


def take_out_for(shelf: Shelf, chunk: Chunk, newest: int) -> None:
    """Put on the shelf what is known of the parties of these decisions, read at once."""
    subjects = {one.value["subject"] for _, opened in chunk for one in opened if "subject" in one.value}
    take_out(shelf, sorted(subjects), newest)


def chunks(connection: Any, since: str = "", one: str = "") -> Iterator[Chunk]:
    """Decisions with what opens them, some at a time, in the order they were recorded."""
    if one:
        row = leaf_row(connection, one)
        if row.kind != DECISION:
            raise Missing("这是人工认定，不是决定", "this is a person's determination, no decision")
        yield [(row, openings_of(connection, row.id))]
        return
    ticks, last = _ticks(since), ""
    while rows := ask(
        connection,
        f"SELECT * FROM leaf WHERE kind = '{DECISION}' AND ticks >= ? AND (ticks > ? OR id > ?) "
        f"ORDER BY ticks, id LIMIT {CHUNK}",
        (ticks, ticks, last),
    ):
        opened = openings_among(connection, [row.id for row in rows])
        yield [(row, opened.get(row.id, [])) for row in rows]
        ticks, last = rows[-1].ticks, rows[-1].id


def openings_among(connection: Any, ids: list[str]) -> dict[str, list[Opened]]:
    """Who the parties of these leaves are, as far as it was not erased, by leaf."""
    found: dict[str, list[Opened]] = {}
    query = f"SELECT leaf, handle, salt, value FROM opening WHERE leaf IN ({marks(ids)}) AND handle LIKE 'p%'"
    for row in ask(connection, query, ids):
        found.setdefault(row.leaf, []).append(Opened(row.handle, row.salt, read_json(row.value)))
    return found


def decisions(connection: Any) -> Iterator[Any]:
    """The rows of all decisions, in the order they were recorded."""
    for chunk in chunks(connection):
        yield from (row for row, _ in chunk)


def _ticks(since: str) -> int:
    """The first microsecond of the day in Asia/Shanghai, or of the instant; 0 for none. RefusedInput for neither."""
    try:
        return read_when(since).first if since else 0
    except ValueError:
        raise refused_input(
            "R720", "既不是日期也不是时刻", "this is neither a day nor an instant",
            "写 2026-11-20 或 2026-11-20T09:00+08:00", "write 2026-11-20 or 2026-11-20T09:00+08:00", "--since",
        ) from None  # fmt: skip


def recorded_rulebook(connection: Any, revision: str) -> Rulebook | None:
    """A rulebook out of the ledger, read as any other; None if it is not there or is not what its revision says."""
    files = kept_files(connection, revision)
    if files is None:
        return None
    with TemporaryDirectory(prefix="memoranda-rulebook-") as folder:
        layers = sorted({name.partition("/")[0] for name in files}, key=int)
        for name, data in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return read_library([Path(folder) / layer for layer in layers], with_cases=False).rulebook()


def kept_files(connection: Any, revision: str) -> dict[str, bytes] | None:
    """The files of a rulebook, if they are those the revision was made of."""
    try:
        files = kept_rulebook(connection, revision)
    except (ValueError, AttributeError, TypeError, zlib.error):
        return None
    return files if files is not None and revision_of(files) == revision else None
