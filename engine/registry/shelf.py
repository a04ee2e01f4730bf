"""Rows of the registry taken out in bulk, for whoever asks many questions at many versions, one after another.

A row is read once, with the versions from and until which it counts; which rows count at a version is then told
without the database. Rows are only ever added or closed at versions that come later, so a shelf holds for every
version there was when it was begun.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.registry.store import ask

# A database takes so many values in a query, and not many more.
MOST_KEYS = 5_000
# Each row with the version from which it counts and the one from which it counts no longer.
_DATED = (
    f'SELECT t.*, c.version AS born, COALESCE((SELECT MIN(y.version) FROM closing x JOIN "change" y ON y.id = x.change '
    f"WHERE x.book = '{{book}}' AND x.row_id = t.id), {2**31}) AS gone "
    f'FROM "{{book}}" t JOIN "change" c ON c.id = t.change AND c.version IS NOT NULL WHERE {{where}} ORDER BY t.id'
)


class Shelf:
    """Rows by the keys they are asked for; what nobody has asked for yet is read from the registry.

    It grows with the keys asked for: whoever asks without end begins a new one now and then.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # By table and columns, then by key: the rows that hold the key in one of the columns.
        self._rows: dict[tuple[str, ...], dict[str, list[Any]]] = {}
        self._arrivals: list[Any] | None = None
        self._newest: dict[int, dict[str, str]] = {}
        self._blocks: dict[str, list[Any]] = {}

    def rows_about(self, book: str, version: int, among: Sequence[str], keys: Sequence[str]) -> list[Any]:
        """Rows that count at the version and hold one of the keys in one of the columns, in the order written."""
        held = self._held(book, among, keys)
        seen = {row.id: row for key in keys for row in held[key] if row.born <= version < row.gone}
        return [seen[number] for number in sorted(seen)]

    def arrivals(self, version: int) -> dict[str, str]:
        """The data time of the newest arrival of each list, as known at the version."""
        if version not in self._newest:
            self._newest[version] = newest_of(row for row in self._all_arrivals() if row.born <= version < row.gone)
        return self._newest[version]

    def by_block(self, keys: Sequence[str]) -> list[Any]:
        """Who may be found by each of these short keys of a name, whatever the version."""
        if missing := [key for key in keys if key not in self._blocks]:
            self._blocks |= {key: [] for key in missing}
            for row in named_blocks(self._connection, missing):
                self._blocks[row.block].append(row)
        return [row for key in keys for row in self._blocks[key]]

    def change(self, version: int) -> Any:
        """The head of the change that made the version."""
        query = 'SELECT kind, who, reason, recorded_at FROM "change" WHERE version = ?'
        return ask(self._connection, query, (version,))[0]

    def _all_arrivals(self) -> list[Any]:
        if self._arrivals is None:
            self._arrivals = self._dated("arrival", "1 = 1", ())
        return self._arrivals

    def _held(self, book: str, among: Sequence[str], keys: Sequence[str]) -> dict[str, list[Any]]:
        """The rows of every version by key, these keys' among them."""
        held = self._rows.setdefault((book, *among), {})
        if missing := [key for key in keys if key not in held]:
            self._fetch(book, among, missing, held)
        return held

    def _fetch(self, book: str, among: Sequence[str], keys: Sequence[str], held: dict[str, list[Any]]) -> None:
        held |= {key: [] for key in keys}
        for column in among:
            for part in in_parts(keys):
                for row in self._dated(book, f"t.{column} IN ({marks(part)})", part):
                    held[getattr(row, column)].append(row)

    def _dated(self, book: str, where: str, values: Sequence[Any]) -> list[Any]:
        return ask(self._connection, _DATED.format(book=book, where=where), values)


class Watch(Shelf):
    """A shelf that notes which of the rows it is asked for were written, or closed, after a version and up to another.

    Registers of the same subjects at the two versions are alike, but for arrivals, unless there is such a row.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._window = 0, 0
        # By table and id.
        self.noted: dict[tuple[str, int], Any] = {}

    def begin(self, after: int, until: int) -> None:
        """Forget what was noted, and watch these versions from now on."""
        self._window, self.noted = (after, until), {}

    def rows_about(self, book: str, version: int, among: Sequence[str], keys: Sequence[str]) -> list[Any]:
        """As a shelf has it."""
        after, until = self._window
        for held in map(self._held(book, among, keys).__getitem__, keys):
            for row in held:
                if after < row.born <= until or after < row.gone <= until:
                    self.noted[book, row.id] = row
        return super().rows_about(book, version, among, keys)

    def arrived(self) -> list[Any]:
        """The arrivals that were recorded in the versions watched."""
        after, until = self._window
        return [row for row in self._all_arrivals() if after < row.born <= until]


def newest_of(arrivals: Iterable[Any]) -> dict[str, str]:
    """The data time of the newest of these arrivals, by list."""
    newest: dict[str, tuple[int, str]] = {}
    for row in arrivals:
        newest[row.list] = max(newest.get(row.list, (0, "")), (row.ticks, row.data_time))
    return {code: said for code, (_, said) in sorted(newest.items())}


def named_blocks(connection: Connection, keys: Sequence[str]) -> list[Any]:
    """Which names are found by these short keys, whatever the version."""
    query = "SELECT block, subject FROM name_block WHERE block IN ({})"
    return [row for part in in_parts(keys) for row in ask(connection, query.format(marks(part)), part)]


def in_parts(keys: Sequence[str]) -> list[Sequence[str]]:
    """The keys, so many at a time as a query takes."""
    return [keys[first : first + MOST_KEYS] for first in range(0, len(keys), MOST_KEYS)]


def marks(values: Sequence[Any]) -> str:
    """As many `?` as there are values."""
    return ", ".join("?" * len(values))
