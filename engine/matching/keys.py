"""The positional key of a bucket: one generated function that puts a meeting's values in their classes.

Read as one number, digit by digit, the classes are the cell. It says what `Grid.cell` says, many times faster: no
Meeting is built where facts stand plainly in the entry, the party or the inquiry. Whenever a cell is first met the two
are held against each other. The text of the function is put together from the fixed pieces below and numbers alone;
all names and values are handed over as arguments and stay as the defaults of its own: locals are the quickest to read,
and buckets of one shape share their code.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from engine.calendar import When, whole_day
from engine.inquiry import ABSENT, UNKNOWN, Entry, Inquiry, Known, Party, Register
from engine.matching.cells import FIRST, IS_ABSENT, IS_UNKNOWN, AnswerAxis, Axis, Cell, PlaceAxis, RangeAxis, WordAxis
from engine.matching.facts import DAY, Meeting, silent
from engine.model import PREVAILING, Reach
from engine.vocabulary import FactRecord, FactType, Owner, Span, Vocabulary

# The cell's number, of: the inquiry, its prevailing moment, the nearest place any measure names, the party, the entry,
# the days of the tie, the register.
KeyOf = Callable[[Inquiry, When | None, str, Party, Entry | None, tuple[Span, ...], Register], int]

_HEAD = "inquiry, when, region, party, entry, ties, register"
_OPENINGS = {
    "entry_dates": "entry_dates = entry.dates",
    "entry_facts": "entry_facts = entry.facts",
    "party_facts": "party_facts = party.facts",
    "inquiry_facts": "inquiry_facts = inquiry.facts",
    "meeting": "meeting = Meeting(inquiry, party, entry, reach, ties, register, vocabulary)",
}


@dataclass(slots=True)
class _Writing:
    """A function in the making: which openings it needs, its places in order, and the constants it reads."""

    openings: set[str] = field(default_factory=set)
    moments: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)


def positional(
    axes: Sequence[Axis], list_code: str | None, reach: Reach, vocabulary: Vocabulary, regions: frozenset[str]
) -> KeyOf:
    """The function that gives the cell of any meeting of the bucket; `regions` are all the places measures name."""
    writing = _Writing()
    writing.constants |= {"Meeting": Meeting, "reach": reach, "vocabulary": vocabulary}
    for number, axis in enumerate(axes):
        writing.places.append(_place(axis, number, list_code, vocabulary, regions, writing))
    writing.constants |= {f"n{n}": name for n, name in enumerate(writing.moments)}
    moments = (f"w{n} = inquiry.moments.get(n{n})" for n in range(len(writing.moments)))
    openings = (text for name, text in _OPENINGS.items() if name in writing.openings)
    digits = "0"
    for axis, place in zip(axes, writing.places, strict=True):
        digits = f"({digits}) * {axis.size} + {place}" if digits != "0" else place
    body = "; ".join((*openings, *moments, f"return {digits}"))
    return _maker(tuple(writing.constants), body)(*writing.constants.values())


@lru_cache(maxsize=1024)
def _maker(names: tuple[str, ...], body: str) -> Callable[..., KeyOf]:
    """What makes the function for the constants of these names; made once for each shape."""
    defaults = ", ".join(f"{name}={name}" for name in names)
    text = f"def make({', '.join(names)}):\n def key({_HEAD}, {defaults}):\n  {body}\n return key\n"
    made: dict[str, Any] = {"bisect": bisect_right, "int": int, "__builtins__": {}}
    exec(text, made)
    maker: Callable[..., KeyOf] = made["make"]
    return maker


def _place(
    axis: Axis,
    number: int,
    list_code: str | None,
    vocabulary: Vocabulary,
    regions: frozenset[str],
    writing: _Writing,
) -> str:
    """The expression for one axis."""
    if isinstance(axis, PlaceAxis):
        table = {region: axis.place(region) for region in regions}
        other = FIRST + len(axis.places)
        writing.constants[f"t{number}"] = {region: place for region, place in table.items() if place != other}
        return f"(t{number}.get(region, {other}) if {_moment(axis.at, writing)} else {IS_ABSENT})"
    if isinstance(axis, RangeAxis) and axis.fact == DAY:
        writing.constants[f"c{number}"] = _ticks(axis)
        when = _moment(axis.at, writing)
        return f"({FIRST} + bisect(c{number}, {when}.first) if {when} else {IS_ABSENT})"
    record = None if isinstance(axis, AnswerAxis) else vocabulary.facts.get(axis.fact)
    if isinstance(axis, AnswerAxis) or record is None or record.derived:
        writing.openings.add("meeting")
        writing.constants[f"a{number}"] = axis.classify
        return f"a{number}(meeting)"
    return _stated(axis, record, number, list_code, vocabulary, writing)


def _stated(
    axis: WordAxis | RangeAxis,
    record: FactRecord,
    number: int,
    list_code: str | None,
    vocabulary: Vocabulary,
    writing: _Writing,
) -> str:
    """The class of a fact that stands in the entry, the party or the inquiry: the usual kind of value in place."""
    if record.owner is Owner.ENTRY and list_code is None:
        return str(IS_ABSENT)
    given = f"{record.owner}_facts"
    writing.openings.add(given)
    unsaid = unstated(record, list_code, vocabulary)
    writing.constants |= {f"f{number}": axis.fact, f"s{number}": unsaid, f"a{number}": axis.place}
    look = f"{given}.get(f{number}, s{number})"
    if record.type is FactType.DATE and record.owner is Owner.ENTRY:
        writing.openings.add("entry_dates")
        return f"({_dated(axis, number, writing)} if (x := entry_dates.get(f{number})) else a{number}({look}))"
    silences: dict[object, int] = {ABSENT: IS_ABSENT, UNKNOWN: IS_UNKNOWN}
    if isinstance(axis, RangeAxis):
        writing.constants |= {f"c{number}": axis.steps, f"t{number}": silences}
        usual = f"{FIRST} + bisect(c{number}, x) if (x := {look}).__class__ is int"
        return f"({usual} else t{number}[x] if x in t{number} else a{number}(x))"
    # One class of values besides the silences, so that 1 is never taken for yes.
    usual_class: type = bool if record.type is FactType.FLAG else str
    values = (True, False) if usual_class is bool else axis.words
    writing.constants[f"t{number}"] = {**silences, **{value: axis.place(value) for value in values}}
    writing.constants[f"k{number}"] = frozenset({usual_class, ABSENT.__class__})
    other = FIRST + len(axis.words)
    return f"(t{number}.get(x, {other}) if (x := {look}).__class__ in k{number} else a{number}(x))"


def _dated(axis: WordAxis | RangeAxis, number: int, writing: _Writing) -> str:
    """The class of an event `x` of the entry."""
    if isinstance(axis, WordAxis):
        return f"a{number}(x.day)"
    writing.constants[f"c{number}"] = _ticks(axis)
    return f"{FIRST} + bisect(c{number}, x.first)"


def unstated(record: FactRecord, list_code: str | None, vocabulary: Vocabulary) -> Known:
    """What a fact that is not worked out amounts to where nobody states it."""
    if record.owner is not Owner.ENTRY:
        return silent(record)
    required = list_code is not None and record.code in vocabulary.lists[list_code].required
    return UNKNOWN if required else ABSENT


def _moment(at: str, writing: _Writing) -> str:
    if at == PREVAILING:
        return "when"
    if at not in writing.moments:
        writing.moments.append(at)
    return f"w{writing.moments.index(at)}"


def number_of(cell: Cell, axes: Sequence[Axis]) -> int:
    """The number by which the generated function knows the cell."""
    number = 0
    for axis, place in zip(axes, cell, strict=True):
        number = number * axis.size + place
    return number


def _ticks(axis: RangeAxis) -> "array[int]":
    """The instants at which the axis's days begin, side by side in memory.

    A moment's day is one of them or later if the moment is.
    """
    return array("q", (whole_day(date.fromordinal(step)).first for step in axis.steps))
