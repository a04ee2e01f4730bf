"""Cells: all tests of a list and scenario cut each fact's range into classes; a tuple of class numbers is a cell.

Two meetings in one cell cannot be told apart by any measure there, so each cell is judged once and remembered.
"""

from bisect import bisect_right
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.condition import Test
from engine.inquiry import ABSENT, UNKNOWN, Known
from engine.matching.alternatives import Literal
from engine.matching.answer import NOWHERE, answer, as_word
from engine.matching.facts import INSIDE, Meeting
from engine.truth import NO, Truth, truth
from engine.vocabulary import NATIONAL, Vocabulary

Cell = tuple[int, ...]

# Classes every axis of one fact has; the fact's own classes follow.
IS_ABSENT, IS_UNKNOWN, FIRST = 0, 1, 2
_OTHER_WORD = "\x00"


@dataclass(frozen=True, slots=True)
class WordAxis:
    """The words some test names are a class each, all other words share one."""

    fact: str
    at: str
    words: tuple[str, ...]

    def classify(self, meeting: Meeting) -> int:
        """The class of the meeting's value."""
        return self.place(meeting.value(self.fact, self.at))

    def place(self, value: Known) -> int:
        """The class of a value."""
        if value is ABSENT or value is UNKNOWN:
            return IS_ABSENT if value is ABSENT else IS_UNKNOWN
        word = as_word(value)
        return FIRST + (self.words.index(word) if word in self.words else len(self.words))

    def samples(self) -> list[Known]:
        """One value of each class, in order."""
        return [ABSENT, UNKNOWN, *self.words, _OTHER_WORD]

    @property
    def size(self) -> int:
        """How many classes there are."""
        return FIRST + len(self.words) + 1

    def classes(self) -> list[int]:
        """The classes a known value can fall in."""
        return list(range(FIRST, FIRST + len(self.words) + 1))


@dataclass(frozen=True, slots=True)
class RangeAxis:
    """The figures or days some test names are a class each, and so is every gap between them and beyond."""

    fact: str
    at: str
    cuts: tuple[int, ...]
    days: bool
    # Where the next class begins: at each cut, and just after it.
    steps: tuple[int, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        """The steps are made once: every meeting is placed by them."""
        object.__setattr__(self, "steps", tuple(step for cut in self.cuts for step in (cut, cut + 1)))

    def classify(self, meeting: Meeting) -> int:
        """The class of the meeting's value."""
        return self.place(meeting.value(self.fact, self.at))

    def place(self, value: Known) -> int:
        """The class of a value."""
        if value is ABSENT or value is UNKNOWN:
            return IS_ABSENT if value is ABSENT else IS_UNKNOWN
        return FIRST + bisect_right(self.steps, _number(value))

    def samples(self) -> list[Known]:
        """One value of each class, in order; a gap between neighbours is empty and its sample is never asked for."""
        numbers = [self.cuts[0] - 1]
        for cut in self.cuts:
            numbers += [cut, cut + 1]
        return [ABSENT, UNKNOWN, *(date.fromordinal(n) if self.days else n for n in numbers)]

    @property
    def size(self) -> int:
        """How many classes there are."""
        return FIRST + len(self.steps) + 1

    def classes(self) -> list[int]:
        """The classes a known value can fall in: all but the empty gaps between neighbours."""
        last = FIRST + len(self.steps)
        ends = enumerate(zip(self.steps, self.steps[1:], strict=False), FIRST + 1)
        return [FIRST, *(number for number, (start, end) in ends if start < end), last]


@dataclass(frozen=True, slots=True)
class PlaceAxis:
    """The places some measure is made for are a class each, with all that lies in it and in no nearer one of them."""

    at: str
    places: tuple[str, ...]
    vocabulary: Vocabulary = field(compare=False, repr=False)

    def classify(self, meeting: Meeting) -> int:
        """The class of the inquiry's place; absent where the moment is, for then nothing is asked of the place."""
        if meeting.inquiry.moment(self.at) is None:
            return IS_ABSENT
        return self.place(meeting.inquiry.jurisdiction or NATIONAL)

    def place(self, place: str) -> int:
        """The class of a place."""
        near = nearest(place, self.places, self.vocabulary)
        return FIRST + (self.places.index(near) if near else len(self.places))

    def answers(self, outer: str) -> tuple[Truth, ...]:
        """Whether the places of each class lie in `outer`."""
        return (NO, NO, *(truth(self.vocabulary.inside(place, outer)) for place in self.places), NO)

    @property
    def size(self) -> int:
        """How many classes there are."""
        return FIRST + len(self.places) + 1

    def classes(self) -> list[int]:
        """The classes a place can fall in."""
        return list(range(FIRST, FIRST + len(self.places) + 1))


def nearest(place: str, named: Container[str], vocabulary: Vocabulary) -> str:
    """The first of the `named` places that is `place` or lies around it; empty if none does."""
    while place not in named:
        record = vocabulary.jurisdictions.get(place)
        if record is None:
            return ""
        place = record.parent
    return place


@dataclass(frozen=True, slots=True)
class AnswerAxis:
    """A test that ties facts together (a period, a dated figure, another moment): its own answer is the class."""

    test: Test
    at: str

    def classify(self, meeting: Meeting) -> int:
        """The test's answer, 0, 1 or 2."""
        return answer(self.test, meeting.value(self.test.fact, self.at), meeting.scene(self.at))

    @property
    def size(self) -> int:
        """How many answers there are."""
        return 3


Axis = WordAxis | RangeAxis | PlaceAxis | AnswerAxis


@dataclass(frozen=True, slots=True)
class Column:
    """Where a literal's answer stands: which axis, and the answer for each of its classes."""

    axis: int
    answers: tuple[Truth, ...]


class Grid:
    """The axes of one bucket and the column of each literal's test."""

    def __init__(self, literals: Sequence[Literal], vocabulary: Vocabulary) -> None:
        tests = list(dict.fromkeys((literal.test, literal.at) for literal in literals))
        self.axes: tuple[Axis, ...] = tuple(_axes(tests, vocabulary))
        self.columns = [self._column(*key) for key in tests]
        self._order = {key: number for number, key in enumerate(tests)}

    def cell(self, meeting: Meeting) -> Cell:
        """The cell the meeting falls in."""
        return tuple(axis.classify(meeting) for axis in self.axes)

    def number(self, literal: Literal) -> int:
        """The position of the literal's test in `answers`."""
        return self._order[literal.test, literal.at]

    def answers(self, cell: Cell) -> tuple[Truth, ...]:
        """The answer of every test to any meeting of the cell."""
        return tuple([column.answers[cell[column.axis]] for column in self.columns])

    def _column(self, test: Test, at: str) -> Column:
        for number, axis in enumerate(self.axes):
            if not isinstance(axis, _kind(test)) or axis.at != at:
                continue
            if isinstance(axis, PlaceAxis):
                return Column(number, axis.answers(test.fact.removeprefix(INSIDE)))
            if isinstance(axis, AnswerAxis):
                if axis.test == test:
                    return Column(number, (0, 1, 2))
            elif axis.fact == test.fact:
                return Column(number, tuple(answer(test, value, NOWHERE) for value in axis.samples()))
        raise AssertionError(f"no axis for {test}")


def _kind(test: Test) -> type[Axis]:
    """Which axis a test stands on: words and figures are classes, whatever ties facts together is its own answer."""
    if test.fact.startswith(INSIDE):
        return PlaceAxis
    if isinstance(test.operand, tuple):
        return WordAxis
    return RangeAxis if isinstance(test.operand, int | date) else AnswerAxis


def _axes(tests: list[tuple[Test, str]], vocabulary: Vocabulary) -> list[Axis]:
    words: dict[tuple[str, str], set[str]] = {}
    cuts: dict[tuple[str, str], set[int | date]] = {}
    places: dict[str, set[str]] = {}
    others: list[Axis] = []
    for test, at in tests:
        if test.fact.startswith(INSIDE):
            places.setdefault(at, set()).add(test.fact.removeprefix(INSIDE))
        elif isinstance(test.operand, tuple):
            words.setdefault((test.fact, at), set()).update(test.operand)
        elif isinstance(test.operand, int | date):
            cuts.setdefault((test.fact, at), set()).add(test.operand)
        else:
            others.append(AnswerAxis(test, at))
    ranges = (
        RangeAxis(fact, at, tuple(sorted(map(_number, found))), any(isinstance(cut, date) for cut in found))
        for (fact, at), found in cuts.items()
    )
    named = (WordAxis(fact, at, tuple(sorted(found))) for (fact, at), found in words.items())
    around = (PlaceAxis(at, tuple(sorted(found)), vocabulary) for at, found in places.items())
    return [*named, *ranges, *around, *others]


def _number(value: Known) -> int:
    if isinstance(value, date):
        return value.toordinal()
    assert isinstance(value, int)
    return value
