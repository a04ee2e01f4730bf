"""A list's file into the registry: read row by row, staged in chunks nobody sees, then published whole or not at all.

Memory stays flat however long the file is: what is known of a row is asked of the database chunk by chunk, and which
entries a snapshot holds is kept in a temporary table.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import Column, Connection, MetaData, Table, Text

from engine.calendar import When
from engine.errors import Fault, Unavailable
from engine.registry.chain import latest
from engine.registry.changes import Draft, Head, insert_many, long_change
from engine.registry.faults import RowFault
from engine.registry.names import blocks
from engine.registry.reading import ENDS, rows_seen
from engine.registry.rows import Incoming
from engine.registry.shelf import marks
from engine.registry.states import BY_NAME, Digest, State, state_of
from engine.registry.store import Store, ask
from engine.registry.tables import Arrival, Closing, EntryRow, EventRow, NameBlock, SubjectCode, SubjectRow
from engine.registry.unnamed import SHOWN, Unnamed, unnamed

CHUNK = 10_000
# Which entries the file holds: the connection's own table, for memory must not grow with the file.
ARRIVED = Table("arrived", MetaData(), Column("number", Text, primary_key=True), prefixes=["TEMPORARY"])
# A snapshot that would end more of a list than this many in a hundred is taken for a broken file.
MOST_ENDINGS = 5
# Refused rows and other examples kept for the report; all are counted.
EXAMPLES = 1_000

Row = Incoming | Sequence[RowFault]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the file is to be taken."""

    list: str
    data_time: When
    snapshot: bool = False
    partial: bool = False
    dry_run: bool = False
    accept_endings: int = 0


@dataclass(slots=True)
class Report:
    """What came of an import. `version` is 0 where nothing was written: refused, or only tried."""

    new: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0
    refused: int = 0
    by_name: int = 0
    warnings: int = 0
    version: int = 0
    would_end: int = 0
    current: int = 0
    faults: list[RowFault] = field(default_factory=list)
    unnamed: Sequence[Unnamed] = ()  # the first of those known by name only
    notes: Sequence[Fault] = ()  # about the file and its columns
    refusal: str = ""  # rows | endings | older | changed-meanwhile | empty

    def counts(self) -> dict[str, int]:
        """The figures that are kept with the change."""
        return {
            "new": self.new, "changed": self.changed, "ended": self.ended, "unchanged": self.unchanged,
            "refused": self.refused, "by_name": self.by_name,
        }  # fmt: skip


def import_rows(
    store: Store,
    rows: Iterable[Row],
    wanted: Wanted,
    head: Head,
    digest: Digest,
    refused: Callable[[RowFault], None] = lambda fault: None,
) -> Report:
    """Take the rows of a file into the registry. `refused` is told every fault as it is met."""
    report = Report()
    with long_change(store, head) as (draft, connection):
        importing = _Import(store, connection, wanted, draft, report, digest, refused)
        importing.run(rows)
    with suppress(Unavailable):  # what is written stands, also where nobody can be compared any more
        report.unnamed = unnamed(store, importing.unnamed, report.version or importing.version)
    return report


class _Import:
    """One file on its way in, over one connection."""

    def __init__(
        self,
        store: Store,
        connection: Connection,
        wanted: Wanted,
        draft: Draft,
        report: Report,
        digest: Digest,
        refused: Callable[[RowFault], None],
    ) -> None:
        self._store, self._connection, self._wanted = store, connection, wanted
        self._draft, self._report, self._digest, self._refused = draft, report, digest, refused
        self.unnamed: list[State] = []
        with connection.begin():
            self.version = latest(connection).number
            self._base = self._last_import()
            if self._base:  # into an empty list every row is new: the draft itself knows them
                ARRIVED.drop(connection, checkfirst=True)
                ARRIVED.create(connection)

    def run(self, rows: Iterable[Row]) -> None:
        """Stage every row, then publish, or leave the report saying why not."""
        for chunk in _chunks(rows):
            good = self._good(chunk)
            if self._report.refused and not self._wanted.partial:
                continue  # nothing will be taken: read on only to name every fault
            with self._connection.begin():
                self._stage(good)
        with self._connection.begin() as transaction:
            self._report.refusal = self._refusal()
            if self._report.refusal or self._wanted.dry_run:
                transaction.rollback()
                return
            arrived = (self._wanted.list, self._wanted.data_time.text, self._wanted.data_time.first)
            self._draft.add(self._connection, Arrival, [arrived])
            version = self._draft.publish(self._connection, self._report.counts())
        self._report.version = version.number

    def _good(self, chunk: Sequence[Row]) -> list[Incoming]:
        good = []
        for row in chunk:
            if isinstance(row, Incoming):
                good.append(row)
                self._report.warnings += len(row.warnings)
            else:
                self._refuse(row)
        return good

    def _refuse(self, faults: Sequence[RowFault]) -> None:
        self._report.refused += 1
        for fault in faults:
            self._refused(fault)
            if len(self._report.faults) < EXAMPLES:
                self._report.faults.append(fault)

    def _stage(self, rows: Sequence[Incoming]) -> None:
        """One chunk: what is new or changed is written, what is as it was only counted."""
        states = self._once([state_of(row, self._wanted.list, self._digest) for row in rows])
        known = self._known([state.number for state in states])
        fresh = [state for state in states if known.get(state.number, ("", ""))[1] != state.content]
        old = [known[state.number][0] for state in fresh if state.number in known]
        self._report.new += len(fresh) - len(old)
        self._report.changed += len(old)
        self._report.unchanged += len(states) - len(fresh)
        self._draft.add(self._connection, EntryRow, [state.row(self._wanted.list) for state in fresh])
        self._draft.add(self._connection, Closing, [("entry", row_id) for row_id in old])
        self._write_subjects(fresh)
        self._write_codes(states)
        if known:
            self._reappeared(list(known), {state.number for state in fresh})
        if self._base:
            insert_many(self._connection, ARRIVED, [(state.number,) for state in states])

    def _once(self, states: Sequence[State]) -> list[State]:
        """The states without those whose entry an earlier row of the file has already."""
        taken = self._taken([state.number for state in states])
        kept: dict[str, State] = {}
        for state in states:
            if state.number in kept or state.number in taken:
                self._refuse([_twice(state.line)])
            else:
                kept[state.number] = state
        return list(kept.values())

    def _taken(self, numbers: Sequence[str]) -> set[str]:
        if not numbers or not (self._report.new + self._report.changed + self._report.unchanged):
            return set()
        earlier = "arrived WHERE" if self._base else f"entry WHERE change = {self._draft.id} AND"
        found = ask(self._connection, f"SELECT number FROM {earlier} number IN ({marks(numbers)})", numbers)
        return {row.number for row in found}

    def _known(self, numbers: Sequence[str]) -> dict[str, tuple[int, str]]:
        """The entries that stand now: number to row and content."""
        if not self._base or not numbers:
            return {}
        where = f"t.number IN ({marks(numbers)})"
        found = rows_seen(self._connection, "entry", "t.id, t.number, t.content", self.version, where, numbers)
        return {row.number: (row.id, row.content) for row in found}

    def _reappeared(self, numbers: Sequence[str], fresh: Set[str]) -> None:
        """An entry that is there again never was absent."""
        where = f"t.kind = 'absent' AND t.entry IN ({marks(numbers)})"
        gone = rows_seen(self._connection, "event", "t.id, t.entry", self.version, where, numbers)
        self._draft.add(self._connection, Closing, [("event", row.id) for row in gone])
        again = {row.entry for row in gone} - fresh
        self._report.changed += len(again)
        self._report.unchanged -= len(again)

    def _write_subjects(self, fresh: Sequence[State]) -> None:
        kinds = {state.subject: state.kind for state in fresh if state.kind}
        self._draft.add(self._connection, SubjectRow, [*kinds.items()])
        by_name = [state for state in fresh if state.subject.startswith(BY_NAME)]
        self._report.by_name += len(by_name)
        self.unnamed += by_name[: SHOWN - len(self.unnamed)]
        keys = dict.fromkeys(state.subject for state in by_name)
        found_by = [(block, key) for key in keys for block in blocks(key.removeprefix(BY_NAME))]
        self._draft.add(self._connection, NameBlock, found_by)

    def _write_codes(self, states: Sequence[State]) -> None:
        """What other codes a row gives for its subject, each once."""
        said = {(state.subject, *code): None for state in states for code in state.codes}
        if not said:
            return
        subjects = sorted({subject for subject, _, _ in said})
        columns, where = "t.subject, t.scheme, t.code", f"t.subject IN ({marks(subjects)})"
        seen = rows_seen(self._connection, "subject_code", columns, self.version, where, subjects)
        mine = f"SELECT {columns} FROM subject_code t WHERE t.change = {self._draft.id} AND {where}"
        known = {tuple(row) for row in (*seen, *ask(self._connection, mine, subjects))}
        self._draft.add(self._connection, SubjectCode, [code for code in said if code not in known])

    def _refusal(self) -> str:
        """Why nothing is published; in its writing transaction."""
        self._store.lock_versions(self._connection)
        if self._report.refused and not self._wanted.partial:
            return "rows"
        if self._last_import() != self._base:
            return "changed-meanwhile"
        if self._wanted.snapshot and self._newest_data() > self._wanted.data_time.last:
            return "older"
        if self._wanted.snapshot and self._base and not self._end_the_absent():
            return "endings"
        if not (self._report.new or self._report.changed or self._report.unchanged or self._report.ended):
            return "empty"
        return ""

    def _end_the_absent(self) -> bool:
        """Entries that the snapshot no longer has ended between the last arrival and this one."""
        published = f'SELECT id FROM "change" WHERE version <= {self.version}'
        over = ", ".join(f"'{kind}'" for kind in ("absent", *sorted(ENDS)))
        standing = (
            f"t.list = ? AND NOT EXISTS (SELECT 1 FROM event v WHERE v.entry = t.number AND v.kind IN ({over}) "
            f"AND v.change IN ({published}) AND NOT EXISTS (SELECT 1 FROM closing z WHERE z.book = 'event' "
            f"AND z.row_id = v.id AND (z.change = {self._draft.id} OR z.change IN ({published}))))"
        )
        gone = f"{standing} AND NOT EXISTS (SELECT 1 FROM arrived a WHERE a.number = t.number)"
        self._report.current = self._count(standing)
        self._report.would_end = self._count(gone)
        few = self._report.would_end * 100 <= self._report.current * MOST_ENDINGS
        if not few and self._report.would_end > self._wanted.accept_endings:
            return False
        between, last = self._between(), ""
        while found := rows_seen(
            self._connection, "entry", "t.number", self.version, f"{gone} AND t.number > ?",
            (self._wanted.list, last), order="t.number", most=CHUNK,
        ):  # fmt: skip
            last = found[-1].number
            self._draft.add(self._connection, EventRow, [(row.number, "absent", between, "", "") for row in found])
            self._report.ended += len(found)
        return True

    def _count(self, where: str) -> int:
        found = rows_seen(
            self._connection, "entry", "COUNT(*) AS n", self.version, where, (self._wanted.list,), order=""
        )
        return int(found[0].n)

    def _between(self) -> str:
        """The two days between which an absent entry ended: those of the last data and of these."""
        last, this = self._newest_data(), self._wanted.data_time
        before = When(last, last, "").day if last and last < this.first else this.day
        return f"{before.isoformat()}/{this.last_day.isoformat()}"

    def _newest_data(self) -> int:
        """Which moment the newest data of the list show; 0 if it never arrived."""
        found = ask(self._connection, "SELECT MAX(ticks) AS ticks FROM arrival WHERE list = ?", (self._wanted.list,))
        return int(found[0].ticks or 0)

    def _last_import(self) -> int:
        """The version of the newest import of this list; 0 if there is none."""
        newest = 'SELECT MAX(version) AS newest FROM "change" WHERE list = ? AND kind = ?'
        found = ask(self._connection, newest, (self._wanted.list, "import"))
        return int(found[0].newest or 0)


def _twice(line: int) -> RowFault:
    return RowFault(line, "", "R601", "同一条记录在文件中出现两次", "the same entry stands twice in the file")


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk
