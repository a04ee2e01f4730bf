"""A sheet's row as an incoming entry, or every fault of it: settled once for a file, then quick for each row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.identity import is_code, organisation_fits
from engine.inquiry import DATES, UNKNOWN
from engine.packs.asked_shapes import KINDS
from engine.packs.entries import WHOLE_DAYS
from engine.registry import cells as reading
from engine.registry import days
from engine.registry.cells import Read
from engine.registry.codes import NATURAL, NOBODY, Named, inner_misfit, named
from engine.registry.faults import RowFault, WrongCell
from engine.registry.headings import BODY, CODE, DOCUMENT, KIND, NAME, NAMING, Column, Columns, value_codes
from engine.registry.lines import Cell
from engine.vocabulary import FactType, Vocabulary, Words

# Of whole days, those that end something.
_LAST_DAYS = ("expires", "ban_until")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One row as an entry to be: `dates` as ISO days or instants, `facts` with money in fen, flags and codes.

    `person` is a citizen's number, to be digested and dropped at once. `unknown` names dates and facts that nobody
    knows, as the row says: not the same as being silent. Without code and person the row names by name alone.
    """

    row: int
    name: str
    code: str
    other_codes: tuple[tuple[str, str], ...]
    person: str = field(repr=False)
    kind: str
    dates: Mapping[str, str]
    facts: Mapping[str, int | str | bool]
    document: str
    body: str
    unknown: tuple[str, ...] = ()
    warnings: tuple[RowFault, ...] = ()


Reader = Callable[[int, Sequence[Cell]], Incoming | tuple[RowFault, ...]]


def reader_of(columns: Columns, vocabulary: Vocabulary, list_code: str) -> Reader:
    """What reads the rows of a file with these columns: number and cells to an entry, or to all that is wrong."""
    return _Reader(columns, vocabulary, list_code).read


class _Reader:
    """A column's place and how its cells are read, settled once."""

    __slots__ = ("_code", "_dates", "_facts", "_kind", "_lines", "_others", "_required", "_width")

    def __init__(self, columns: Columns, vocabulary: Vocabulary, list_code: str) -> None:
        self._width = len(columns.columns)
        self._code = columns.at(CODE)
        self._others = [(field, at) for field in NAMING[2:] if (at := columns.at(field)) is not None]
        self._kind = _kind_reading(columns)
        self._lines = [
            (slot, field, at, read)
            for slot, (field, read) in enumerate(((NAME, reading.name), (DOCUMENT, reading.line), (BODY, reading.name)))
            if (at := columns.at(field)) is not None
        ]
        stated: list[_Column] = [
            (column.field, at, _reading(column, columns, vocabulary))
            for at, column in enumerate(columns.columns)
            if column.field in vocabulary.facts or column.field in DATES
        ]
        self._dates = [column for column in stated if column[0] in DATES]
        self._facts = [column for column in stated if column[0] not in DATES]
        self._required = vocabulary.lists[list_code].required.intersection(DATES)

    def read(self, row: int, cells: Sequence[Cell]) -> Incoming | tuple[RowFault, ...]:
        """The row as an entry, or all that is wrong with it."""
        wrong: list[RowFault] = []
        if len(cells) != self._width:
            cells = self._fitted(row, cells, wrong)
        texts = ["", "", ""]
        for slot, field_, at, read in self._lines:
            try:
                texts[slot] = read(cells[at])
            except WrongCell as error:
                wrong.append(error.at(row, field_))
        unknown: list[str] = []
        kind = self._kind_of(row, cells, wrong) if self._kind else ""
        who = self._named(row, cells, kind, wrong)
        dates = self._stated(self._dates, row, cells, unknown, wrong)
        facts = self._stated(self._facts, row, cells, unknown, wrong)
        name, document, body = texts
        code, others, person, warnings = who
        self._check(row, name, who, dates, unknown, wrong)
        if wrong:
            return tuple(wrong)
        kind = kind or (NATURAL if person else "")
        return Incoming(
            row, name, code, others, person, kind, dates, facts, document, body, tuple(unknown), warnings
        )  # fmt: skip

    def _fitted(self, row: int, cells: Sequence[Cell], wrong: list[RowFault]) -> Sequence[Cell]:
        """Spreadsheets leave out empty cells at the end of a row; a full one too many shifts all the others."""
        if any(reading.text_of(cell).strip() for cell in cells[self._width :]):
            wrong.append(WrongCell("R501").at(row, ""))
        return [*cells[: self._width], *[None] * (self._width - len(cells))]

    def _kind_of(self, row: int, cells: Sequence[Cell], wrong: list[RowFault]) -> str:
        assert self._kind
        at, read = self._kind
        try:
            found = read(cells[at])
        except WrongCell as error:
            wrong.append(error.at(row, KIND))
            return ""
        return found if isinstance(found, str) else ""

    def _named(self, row: int, cells: Sequence[Cell], kind: str, wrong: list[RowFault]) -> Named:
        code = cells[self._code] if self._code is not None else None
        others = {field_: cells[at] for field_, at in self._others if cells[at]} if self._others else None
        if not others:
            if not code:
                return NOBODY
            if isinstance(code, str) and is_code(code) and kind != NATURAL:
                return code, (), "", () if organisation_fits(code[8:17]) else (inner_misfit(row),)
        return named(row, {CODE: code, **(others or {})}, kind, wrong)

    @staticmethod
    def _stated(
        columns: Sequence["_Column"], row: int, cells: Sequence[Cell], unknown: list[str], wrong: list[RowFault]
    ) -> dict[str, Any]:
        """What the cells of these columns say; of those that say nothing, nothing."""
        stated: dict[str, Any] = {}
        for field_, at, read in columns:
            try:
                value = read(cells[at])
            except WrongCell as error:
                wrong.append(error.at(row, field_))
                continue
            if value is UNKNOWN:
                unknown.append(field_)
            elif value is not None:
                stated[field_] = value
        return stated

    def _check(
        self, row: int, name: str, who: Named, dates: Mapping[str, str], unknown: list[str], wrong: list[RowFault]
    ) -> None:
        """What no cell shows by itself."""
        said = {fault.field for fault in wrong} if wrong else ()
        if not (name or any(who[:3]) or wrong):
            wrong.append(WrongCell("R502").at(row, NAME))
        if not self._required <= dates.keys():
            missing = self._required.difference(dates, unknown, said)
            wrong += [WrongCell("R503").at(row, field_) for field_ in sorted(missing)]
        if "ban_until" in dates and dates["ban_until"] < dates.get("ban_from", ""):
            ends = WrongCell("R519", n=dates["ban_until"], first=dates["ban_from"])
            wrong.append(ends.at(row, "ban_until"))


_Column = tuple[str, int, Read]


def _kind_reading(columns: Columns) -> tuple[int, Read] | None:
    at = columns.at(KIND)
    kinds = {kind: Words(kind, kind) for kind in KINDS}
    return None if at is None else (at, reading.code(columns.meanings.kinds, kinds))


def _reading(column: Column, columns: Columns, vocabulary: Vocabulary) -> Read:
    """How the cells of a date's or a fact's column are read."""
    if column.field in DATES:
        return days.whole_day(column.field in _LAST_DAYS) if column.field in WHOLE_DAYS else days.moment()
    fact = vocabulary.facts[column.field]
    match fact.type:
        case FactType.MONEY:
            return reading.money(column.unit)
        case FactType.COUNT:
            return reading.count()
        case FactType.FLAG:
            return reading.flag()
        case FactType.DATE:
            return days.whole_day(False)
        case FactType.CODE:
            words = columns.meanings.values.get(fact.code, {})
            return reading.code(words, value_codes(fact, vocabulary))
