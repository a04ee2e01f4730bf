"""Buckets: the generated key against the plain one, cells judged beforehand, and memory that stays bounded."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.calendar import whole_day
from engine.condition import Op
from engine.condition import Test as Ask
from engine.errors import EngineFault
from engine.inquiry import Party
from engine.matching import bucket as buckets
from engine.matching.cells import Grid, RangeAxis
from engine.matching.keys import number_of
from engine.matching.match import Filled, Matcher, match
from engine.matching.rete import ReteJudge
from engine.model import Reach
from engine.truth import YES
from tests.builders import A, entry, inquiry, measure, register, rulebook
from tests.matching.chance import World
from tests.strategies import WORDS

LARGE = Ask("amount", Op.AT_LEAST, 5_000)
KNOWN = register(entry(listed="2024-01-01", amount=5_000))


def test_the_generated_key_says_what_the_grid_says():
    """Random law and meetings of every kind; each number belongs to one cell."""
    for seed in range(150):
        world = World(seed)
        grid, cells = world.bucket._grid, {}
        for _ in range(25):
            meeting = world.meeting()
            cell = grid.cell(meeting)
            number = world.bucket.cell_of(
                meeting.inquiry, meeting.inquiry.moment("prevailing"), region(world, meeting), meeting.party,
                meeting.entry, meeting.ties, meeting.register,
            )  # fmt: skip
            assert number == number_of(cell, grid.axes)
            assert cells.setdefault(number, cell) == cell


def region(world, meeting):
    """The nearest place the world's measures name: they name one province at most."""
    named = {m.jurisdiction for m in world.measures} - {"national"}
    place = meeting.inquiry.jurisdiction
    return "420000" if named and place in ("420000", "420881") else ""


def test_two_keys_that_differ_are_a_fault(monkeypatch):
    """The generated function is never believed alone."""
    book = rulebook(measure("1", when=LARGE), vocabulary=WORDS)
    monkeypatch.setattr(Grid, "cell", lambda self, meeting: (0,) * len(self.axes))
    with pytest.raises(EngineFault, match="two ways to the cell disagree on pack#1"):
        match(inquiry(), KNOWN, book)


def test_answers_of_another_cell_are_a_fault(monkeypatch):
    """Both judges of the cell share the mistake; the raw meeting does not."""
    book = rulebook(measure("1", when=LARGE), vocabulary=WORDS)
    real = Grid.answers
    monkeypatch.setattr(Grid, "answers", lambda self, cell: real(self, (0,) * len(cell)))
    with pytest.raises(EngineFault, match="two judges disagree on pack#1"):
        match(inquiry(), KNOWN, book)


# -- cells judged beforehand


def test_a_filled_bucket_asks_the_rules_no_more(monkeypatch):
    """What is found is the same, and the rulesets are free."""
    book = rulebook(measure("1", when=LARGE), measure("2", unless=LARGE), vocabulary=WORDS)
    matcher = Matcher(book)
    filled = matcher.fill()
    # Each role of the scenario; days on either side of 2010; the amount left out, below, at and above the cut.
    assert (filled.buckets, filled.cells, filled.lazily) == (3, 3 * 3 * 4, 0)
    monkeypatch.setattr(ReteJudge, "judge", lambda self, answers: {})
    for amount, clause in ((4_999, "2"), (5_000, "1"), (5_001, "1")):
        known = register(entry(listed="2024-01-01", amount=amount))
        assert [(m.measure.clause, m.truth) for m in matcher.match(inquiry(), known).found] == [(clause, YES)]


def test_a_fact_that_must_be_stated_is_unknown_where_it_is_left_out():
    """Of a required fact the fill knows no absence, of another no ignorance."""
    for code, first in (("record", 1), ("black", 0)):
        matcher = Matcher(rulebook(measure("1", lists=(code,), when=LARGE), vocabulary=WORDS))
        one = matcher.bucket((code, "procurement", "supplier", Reach.SELF))
        one.fill()
        (axis,) = [n for n, a in enumerate(one._grid.axes) if isinstance(a, RangeAxis) and a.fact == "amount"]
        assert {cell[axis] for cell in one._filled} == {first, 2, 3, 4}


def test_a_bucket_with_too_many_cells_is_met_lazily():
    """Nothing is judged beforehand, and all is found."""
    matcher = Matcher(rulebook(measure("1", when=LARGE), vocabulary=WORDS))
    assert matcher.fill(few=11) == Filled(buckets=0, cells=0, lazily=3)
    assert len(matcher.match(inquiry(), KNOWN).found) == 1


def test_a_wrong_rule_is_found_while_filling(monkeypatch):
    """Before anybody asks."""
    monkeypatch.setattr(ReteJudge, "judge", lambda self, answers: {})
    with pytest.raises(EngineFault, match="two judges disagree on pack#1"):
        Matcher(rulebook(measure("1", when=LARGE), vocabulary=WORDS)).fill()


# -- memory


def test_cells_remembered_stay_bounded(monkeypatch):
    """However many are met."""
    monkeypatch.setattr(buckets, "REMEMBERED", 5)
    matcher = Matcher(
        rulebook(*(measure(f"{n}", when=Ask("amount", Op.AT_LEAST, n)) for n in range(30)), vocabulary=WORDS)
    )
    for amount in range(30):
        found = matcher.match(inquiry(), register(entry(listed="2024-01-01", amount=amount))).found
        assert len(found) == amount + 1
        (one,) = [b for b in matcher._buckets.values() if b.measures]
        assert 0 < len(one.judged) <= 5


def test_an_askers_own_words_leave_nothing_behind():
    """Lists, roles and scenarios that no measure names are not remembered."""
    matcher = Matcher(rulebook(measure("1"), vocabulary=WORDS))
    for n in range(50):
        asked = inquiry(Party(A, f"role-{n}"))
        assert len(matcher.match(asked, KNOWN).found) == 1
        matcher.match(replace(asked, scenario=f"scenario-{n}"), KNOWN)
        matcher.match(inquiry(), register(entry(f"list-{n}", listed="2024-01-01")))
    assert len(matcher._buckets) <= 4
    assert len(matcher._own) <= 2


def test_a_day_begins_where_its_instants_do():
    """The axis cuts instants where the calendar cuts days, summer time of 1986 to 1991 included."""
    day = date(1986, 1, 1)
    while day < date(1992, 1, 1):
        first = whole_day(day)
        assert first.day == day
        assert replace(first, first=first.first - 1).day == day - timedelta(days=1)
        day += timedelta(days=1)
