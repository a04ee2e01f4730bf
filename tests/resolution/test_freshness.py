"""Whether a list is known at a moment: at, just before and just after the limit of its freshness."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import later, read_when
from engine.inquiry import Register
from engine.resolution.freshness import list_states
from tests import strategies
from tests.builders import NOON
from tests.strategies import WORDS


def state(*arrivals: str, at: str = NOON, fresh: int = 1):
    """The state of the list `black`, whose arrivals prove it for so many days."""
    vocabulary = replace(WORDS, lists={"black": replace(WORDS.lists["black"], fresh=fresh)})
    known = Register(arrivals={"black": tuple(map(read_when, arrivals))} if arrivals else {})
    return list_states(("black",), known, vocabulary, read_when(at))["black"]


@pytest.mark.parametrize(
    ("arrived", "known"),
    [
        ("2024-06-09T11:59:59.999999+08:00", False),
        ("2024-06-09T12:00+08:00", True),
        ("2024-06-10T12:00+08:00", True),
        ("2024-06-10T12:00:00.000001+08:00", True),
        ("2025-01-01T00:00+08:00", True),
        ("2024-06-09", False),
        ("2024-06-10", True),
    ],
)
def test_an_arrival_proves_a_list_for_its_days(arrived, known):
    """24 hours from the data time; data later than the moment prove it too; a day alone counts from midnight."""
    assert state(arrived).known is known


def test_a_list_that_never_arrived_is_not_known():
    """Neither a time nor a limit to name."""
    never = state()
    assert (never.known, never.last_arrival, never.fresh_until) == (False, None, None)


def test_the_last_arrival_counts_in_whatever_order_they_came():
    """Its time and its limit are told."""
    times = ("2024-06-01T00:00+08:00", "2024-06-09T18:00+08:00", "2024-05-01")
    for order in (times, times[::-1]):
        found = state(*order)
        assert found.known
        assert found.last_arrival == read_when(times[1])
        assert found.fresh_until == read_when("2024-06-10T18:00+08:00")


def test_a_moment_without_an_hour_needs_the_whole_day_proved():
    """Fresh until noon is not fresh for some moment of that day."""
    assert not state("2024-06-09T12:00+08:00", at="2024-06-10").known
    assert state("2024-06-10T00:00+08:00", at="2024-06-10").known


@pytest.mark.parametrize(("fresh", "known"), [(6, False), (7, True), (8, True)])
def test_each_list_has_its_own_limit(fresh, known):
    """Seven days for a weekly one."""
    assert state("2024-06-03T12:00+08:00", fresh=fresh).known is known


def test_only_the_lists_asked_for_are_told():
    """In the order asked."""
    found = list_states(("red", "black"), Register(), WORDS, read_when(NOON))
    assert list(found) == ["red", "black"]


@given(st.lists(strategies.whens(), min_size=1, max_size=3), strategies.whens(), strategies.whens())
def test_another_arrival_never_makes_a_list_less_known(arrivals, one_more, moment):
    """And until its limit, not a microsecond longer, it is known."""
    before = list_states(("black",), Register(arrivals={"black": tuple(arrivals)}), WORDS, moment)["black"]
    after = list_states(("black",), Register(arrivals={"black": (*arrivals, one_more)}), WORDS, moment)["black"]
    assert after.known or not before.known
    assert after.fresh_until == max((later(when, 1) for when in (*arrivals, one_more)), key=lambda when: when.first)
    assert after.known == (moment.last <= after.fresh_until.last)
