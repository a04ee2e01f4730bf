"""Cells: all tests of a list and scenario cut each fact's range into classes; a tuple of class numbers is a cell.

Two meetings in one cell cannot be told apart by any measure there, so each cell is judged once and remembered.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.condition import Test
from engine.inquiry import ABSENT, UNKNOWN, Known
from engine.matching.alternatives import Literal
from engine.matching.answer import NOWHERE, answer, as_word
from engine.matching.facts import Meeting
from engine.truth import Truth

Cell = tuple[int, ...]

# Classes every axis of one fact has; the fact's own classes follow.
_ABSENT, _UNKNOWN, _FIRST = 0, 1, 2
_OTHER_WORD = "\x00"


@dataclass(frozen=True, slots=True)
class WordAxis:
    """The words some test names are a class each, all other words share one."""

    fact: str
    at: str
    words: tuple[str, ...]

    def classify(self, meeting: Meeting) -> int:
        """The class of the meeting's value."""
        value = meeting.value(self.fact, self.at)
        if value is ABSENT or value is UNKNOWN:
            return _ABSENT if value is ABSENT else _UNKNOWN
        word = as_word(value)
        return _FIRST + (self.words.index(word) if word in self.words else len(self.words))

    def samples(self) -> list[Known]:
        """One value of each class, in order."""
        return [ABSENT, UNKNOWN, *self.words, _OTHER_WORD]


@dataclass(frozen=True, slots=True)
class RangeAxis:
    """The figures or days some test names are a class each, and so is every gap between them and beyond."""

    fact: str
    at: str
    cuts: tuple[int, ...]
    days: bool

    def classify(self, meeting: Meeting) -> int:
        """The class of the meeting's value."""
        value = meeting.value(self.fact, self.at)
        if value is ABSENT or value is UNKNOWN:
            return _ABSENT if value is ABSENT else _UNKNOWN
        number = _number(value)
        return _FIRST + bisect_left(self.cuts, number) + bisect_right(self.cuts, number)

    def samples(self) -> list[Known]:
        """One value of each class, in order; a gap between neighbours is empty and its sample is never asked for."""
        numbers = [self.cuts[0] - 1]
        for cut in self.cuts:
            numbers += [cut, cut + 1]
        return [ABSENT, UNKNOWN, *(date.fromordinal(n) if self.days else n for n in numbers)]


@dataclass(frozen=True, slots=True)
class AnswerAxis:
    """A test that ties facts together (a period, a dated figure, another moment): its own answer is the class."""

    test: Test
    at: str

    def classify(self, meeting: Meeting) -> int:
        """The test's answer, 0, 1 or 2."""
        return answer(self.test, meeting.value(self.test.fact, self.at), meeting.scene(self.at))


Axis = WordAxis | RangeAxis | AnswerAxis


@dataclass(frozen=True, slots=True)
class Column:
    """Where a literal's answer stands: which axis, and the answer for each of its classes."""

    axis: int
    answers: tuple[Truth, ...]


class Grid:
    """The axes of one bucket and the column of each literal's test."""

    def __init__(self, literals: Sequence[Literal]) -> None:
        tests = list(dict.fromkeys((literal.test, literal.at) for literal in literals))
        self.axes: tuple[Axis, ...] = tuple(_axes(tests))
        self.columns = {key: self._column(*key) for key in tests}
        self._order = {key: number for number, key in enumerate(tests)}

    def cell(self, meeting: Meeting) -> Cell:
        """The cell the meeting falls in."""
        return tuple(axis.classify(meeting) for axis in self.axes)

    def number(self, literal: Literal) -> int:
        """The position of the literal's test in `answers`."""
        return self._order[literal.test, literal.at]

    def answers(self, cell: Cell) -> tuple[Truth, ...]:
        """The answer of every test to any meeting of the cell."""
        return tuple(column.answers[cell[column.axis]] for column in self.columns.values())

    def _column(self, test: Test, at: str) -> Column:
        for number, axis in enumerate(self.axes):
            if isinstance(axis, AnswerAxis):
                if axis == AnswerAxis(test, at):
                    return Column(number, (0, 1, 2))
            elif isinstance(axis, _kind(test)) and (axis.fact, axis.at) == (test.fact, at):
                return Column(number, tuple(answer(test, value, NOWHERE) for value in axis.samples()))
        raise AssertionError(f"no axis for {test}")


def _kind(test: Test) -> type[Axis]:
    """Which axis a test stands on: words and figures are classes, whatever ties facts together is its own answer."""
    if isinstance(test.operand, tuple):
        return WordAxis
    return RangeAxis if isinstance(test.operand, int | date) else AnswerAxis


def _axes(tests: list[tuple[Test, str]]) -> list[Axis]:
    words: dict[tuple[str, str], set[str]] = {}
    cuts: dict[tuple[str, str], set[int | date]] = {}
    others: list[Axis] = []
    for test, at in tests:
        if isinstance(test.operand, tuple):
            words.setdefault((test.fact, at), set()).update(test.operand)
        elif isinstance(test.operand, int | date):
            cuts.setdefault((test.fact, at), set()).add(test.operand)
        else:
            others.append(AnswerAxis(test, at))
    ranges = [
        RangeAxis(fact, at, tuple(sorted(map(_number, found))), any(isinstance(cut, date) for cut in found))
        for (fact, at), found in cuts.items()
    ]
    return [*(WordAxis(fact, at, tuple(sorted(found))) for (fact, at), found in words.items()), *ranges, *others]


def _number(value: Known) -> int:
    if isinstance(value, date):
        return value.toordinal()
    assert isinstance(value, int)
    return value
