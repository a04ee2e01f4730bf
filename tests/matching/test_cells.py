"""Cells against the raw triple: at, just below and just above every cut nothing is lost by calling values classes."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Period, read_when
from engine.condition import MomentRef, Op, ParameterRef
from engine.condition import Test as Ask
from engine.inquiry import ABSENT, UNKNOWN, Entry
from engine.matching import naive
from engine.matching.alternatives import Literal, alternatives
from engine.matching.answer import answer
from engine.matching.cells import AnswerAxis, Grid, RangeAxis, WordAxis
from engine.matching.facts import Meeting
from engine.model import Reach
from engine.truth import every, negate, some
from engine.vocabulary import Span
from tests import strategies
from tests.builders import entry, inquiry, measure, register
from tests.strategies import WORDS

AT = "prevailing"
EVER = (Span(),)


def met(one: Entry | None, asked=None) -> Meeting:
    """The usual party meets the entry."""
    asked = asked or inquiry()
    return Meeting(asked, asked.parties[0], one, Reach.SELF, EVER, register(*([one] if one else [])), WORDS)


def by_cell(grid: Grid, found: list, meeting: Meeting) -> int:
    """A measure's truth from the answers of the meeting's cell alone."""
    answers = grid.answers(grid.cell(meeting))

    def literal(one: Literal) -> int:
        plain = answers[grid.number(one)]
        return plain if one.positive else negate(plain)

    return some(every(literal(one) for one in alternative) for alternative in found)


@pytest.mark.parametrize("name", ["amount", "count", "decided", "ground"])
@given(data=st.data())
def test_each_value_about_each_cut_answers_as_the_raw_value_does(name, data):
    """Several random tests on one fact share its axes; every value about every cut, absent and unknown, is tried."""
    tests = data.draw(st.lists(strategies.tests_on(name), min_size=1, max_size=6, unique=True))
    grid = Grid([Literal(test, AT) for test in tests], WORDS)
    for value in (*strategies.about_cuts(name), UNKNOWN, ABSENT):
        said = {} if value is ABSENT else {name: value}
        meeting = met(Entry("x", "record" if name != "ground" else "black", {}, {"listed": strategies.TODAY} | said))
        answers = grid.answers(grid.cell(meeting))
        for test in tests:
            expected = answer(test, meeting.value(name, AT), meeting.scene(AT))
            assert answers[grid.number(Literal(test, AT))] == expected, (test, value)


@given(strategies.rulebooks(), strategies.inquiries(), strategies.entries())
def test_whole_measures_answer_from_the_cell_as_from_the_raw_triple(book, asked, one):
    """All measures in one grid against the naive judge; fields, terms, spans and places among the axes."""
    meeting = Meeting(asked, asked.parties[0], one, Reach.SELF, EVER, register(one), WORDS)
    fit = [m for m in book.measures if not m.on_inquiry and one.list in m.lists and asked.scenario in m.scenarios]
    fit = [m for m in fit if not m.roles or meeting.party.role in m.roles]
    found = {m.id: alternatives(m, Reach.SELF) for m in fit}
    grid = Grid([literal for some_ in found.values() for alternative in some_ for literal in alternative], WORDS)
    for m in fit:
        assert by_cell(grid, found[m.id], meeting) == naive.judge(m, meeting), m


@given(strategies.rulebooks(), st.lists(strategies.entries(), min_size=2, max_size=5), strategies.inquiries())
def test_meetings_in_one_cell_cannot_be_told_apart(book, ones, asked):
    """The promise on which remembering rests, judged by the naive judge."""
    fit = [m for m in book.measures if not m.on_inquiry and asked.scenario in m.scenarios]
    for code in {one.list for one in ones}:
        of_list = [m for m in fit if code in m.lists]
        grid = Grid([literal for m in of_list for some_ in alternatives(m, Reach.SELF) for literal in some_], WORDS)
        seen: dict[tuple[int, ...], list[int]] = {}
        for one in (one for one in ones if one.list == code):
            meeting = Meeting(asked, asked.parties[0], one, Reach.SELF, EVER, register(*ones), WORDS)
            truths = [naive.judge(m, meeting) for m in of_list]
            assert seen.setdefault(grid.cell(meeting), truths) == truths


# -- axes


class _Holds:
    """A meeting of which every fact has one value."""

    def __init__(self, value):
        self._value = value

    def value(self, fact, at):
        return self._value


@pytest.mark.parametrize(
    "axis",
    [
        WordAxis("ground", AT, ("a", "b")),
        RangeAxis("amount", AT, (5, 10), days=False),
        RangeAxis("decided", AT, (730_000, 730_010), days=True),
    ],
)
def test_a_sample_falls_in_its_own_class(axis):
    """So the answers computed for the samples are those of their classes."""
    assert [axis.classify(_Holds(sample)) for sample in axis.samples()] == list(range(len(axis.samples())))


def test_neighbouring_cuts_leave_an_empty_gap_between_them():
    """5 and 6 are classes of their own; nothing lies between, so that class is never met."""
    axis = RangeAxis("amount", AT, (5, 6), days=False)
    assert [axis.classify(_Holds(n)) for n in (4, 5, 6, 7)] == [2, 3, 5, 6]


def test_tests_that_tie_facts_together_have_an_axis_of_their_own_beside_plain_cuts():
    """A plain bound, a dated figure, a period and a moment on one fact do not stand in one another's way."""
    tests = [
        Ask("amount", Op.AT_LEAST, 5_000),
        Ask("amount", Op.AT_LEAST, ParameterRef("large-fine")),
        Ask("decided", Op.BEFORE, strategies.TODAY),
        Ask("decided", Op.WITHIN, Period(years=3)),
        Ask("decided", Op.BEFORE, MomentRef("as_of")),
    ]
    for order in (tests, tests[::-1]):
        grid = Grid([Literal(test, AT) for test in order], WORDS)
        assert sum(isinstance(axis, AnswerAxis) for axis in grid.axes) == 3
        for day, amount in product(
            ("2021-06-09", "2021-06-10", "2024-06-09", "2024-06-10"), (4_999, 5_000, 500_000_000)
        ):
            meeting = met(entry("record", decided=day, amount=amount, field="food"))
            answers = grid.answers(grid.cell(meeting))
            for test in order:
                expected = answer(test, meeting.value(test.fact, AT), meeting.scene(AT))
                assert answers[grid.number(Literal(test, AT))] == expected, (test, day, amount)


def test_one_fact_at_two_moments_has_two_axes():
    """A tie or a day may differ from one moment to the other."""
    limited = measure("1", span=Span(strategies.TODAY)), measure("2", at="award", span=Span(strategies.TODAY))
    found = [alternatives(one, Reach.SELF) for one in limited]
    grid = Grid([literal for some_ in found for alternative in some_ for literal in alternative], WORDS)
    meeting = met(entry(listed="2024-01-01"), inquiry(moments={"award": read_when("2024-06-09")}))
    assert [by_cell(grid, some_, meeting) for some_ in found] == [2, 0]


@given(st.lists(strategies.conditions(strategies.FREE.facts), min_size=1, max_size=3))
def test_a_test_written_twice_is_one_column(conditions):
    """However often measures repeat it."""
    several = [measure(str(n), when=condition) for n, condition in enumerate([*conditions, *conditions])]
    literals = [literal for m in several for some_ in alternatives(m, Reach.SELF) for literal in some_]
    assert len(Grid(literals, WORDS).columns) == len({(literal.test, literal.at) for literal in literals})
