"""One test against one value: every operator at, just below and just above its bound, plain and opposed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Period
from engine.condition import ALWAYS, Every, MomentRef, Op, ParameterRef, Some, opposed
from engine.condition import Test as Ask
from engine.inquiry import ABSENT, UNKNOWN
from engine.matching.answer import NOWHERE, Scene, answer, answer_all, as_word
from engine.truth import MAYBE, NO, YES, negate
from tests import strategies

BOUND = 5_000
DAY = date(2024, 6, 10)
STEPS = (-1, 0, 1)


def scene(**changes):
    """A scene on the usual day; moments and figures by name."""
    moments, figures = changes.get("moments", {}), changes.get("figures", {})
    return Scene(changes.get("day", DAY), moments.get, figures.get)


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        (Op.AT_LEAST, NO, YES, YES),
        (Op.ABOVE, NO, NO, YES),
        (Op.AT_MOST, YES, YES, NO),
        (Op.BELOW, YES, NO, NO),
    ],
)
def test_figures_about_their_bound(op, below, at, above):
    """以上 and 以下 include the figure, the other two do not; `not` turns each round."""
    for step, expected in zip(STEPS, (below, at, above), strict=True):
        assert answer(Ask("amount", op, BOUND), BOUND + step) == expected
        assert answer(Ask("amount", op, BOUND, opposed=True), BOUND + step) == negate(expected)


@pytest.mark.parametrize(("op", "below", "at", "above"), [(Op.BEFORE, YES, NO, NO), (Op.ON_OR_AFTER, NO, YES, YES)])
@pytest.mark.parametrize("operand", [DAY, MomentRef("award")])
def test_days_about_their_bound(op, below, at, above, operand):
    """A day written in the pack and the day of a named moment are compared alike."""
    here = scene(moments={"award": DAY})
    for step, expected in zip(STEPS, (below, at, above), strict=True):
        value = DAY + timedelta(days=step)
        assert answer(Ask("paid", op, operand), value, here) == expected
        assert answer(Ask("paid", op, operand, opposed=True), value, here) == negate(expected)


def test_a_moment_nobody_stated_leaves_it_open():
    """Plain or opposed."""
    for turn in (False, True):
        assert answer(Ask("paid", Op.BEFORE, MomentRef("award"), turn), DAY, scene()) == MAYBE


@pytest.mark.parametrize(("step", "expected"), [(-1, YES), (0, YES), (1, NO)])
def test_within_holds_through_the_corresponding_day(step, expected):
    """Three years from 2021-06-10 hold through 2024-06-10."""
    here = scene(day=DAY + timedelta(days=step))
    assert answer(Ask("decided", Op.WITHIN, Period(years=3)), date(2021, 6, 10), here) == expected
    assert answer(Ask("decided", Op.WITHIN, Period(years=3), opposed=True), date(2021, 6, 10), here) == negate(expected)


def test_within_at_no_moment_is_open():
    """Without a day to count to nobody can say."""
    assert answer(Ask("decided", Op.WITHIN, Period(years=3)), DAY, scene(day=None)) == MAYBE


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1_999, NO), (2_000, MAYBE), (2_001, MAYBE), (4_999, MAYBE), (5_000, YES), (5_001, YES)],
)
def test_between_two_possible_figures_nobody_can_say(value, expected):
    """The field is unknown: past the highest figure it is true, below the lowest false."""
    here = scene(figures={"fine": (2_000, 5_000)})
    assert answer(Ask("amount", Op.AT_LEAST, ParameterRef("fine")), value, here) == expected
    assert answer(Ask("amount", Op.BELOW, ParameterRef("fine")), value, here) == negate(expected)


def test_a_figure_that_is_not_known_leaves_it_open():
    """Before the parameter's first day."""
    assert answer(Ask("amount", Op.AT_LEAST, ParameterRef("fine")), 10**9, scene()) == MAYBE


@pytest.mark.parametrize("turn", [False, True])
@pytest.mark.parametrize("fact", ["amount", "ground", "paid", "alleged"])
@given(data=st.data())
def test_absent_fails_every_test_and_unknown_none(fact, turn, data):
    """Absent fails a test and its opposite; unknown leaves both open."""
    drawn = data.draw(strategies.tests_on(fact))
    asked = Ask(drawn.fact, drawn.op, drawn.operand, turn)
    assert answer(asked, ABSENT) == NO
    assert answer(asked, UNKNOWN) == MAYBE


@pytest.mark.parametrize(
    ("value", "word"),
    [(True, "yes"), (False, "no"), (5, "5"), ("fine", "fine"), (DAY, "2024-06-10")],
)
def test_values_as_packs_write_them(value, word):
    """A flag is yes or no, never True or 1."""
    assert as_word(value) == word


def test_one_of_compares_words():
    """A flag against yes and no, a code against its codes."""
    assert answer(Ask("alleged", Op.ONE_OF, ("yes",)), True) == YES
    assert answer(Ask("alleged", Op.ONE_OF, ("yes",)), False) == NO
    assert answer(Ask("ground", Op.ONE_OF, ("a", "b")), "b") == YES
    assert answer(Ask("ground", Op.ONE_OF, ("a", "b")), "c") == NO


# -- conditions


def _facts(condition, values):
    return answer_all(condition, lambda fact: values.get(fact, ABSENT), NOWHERE)


GRAVE, LIGHT = Ask("ground", Op.ONE_OF, ("grave",)), Ask("ground", Op.ONE_OF, ("light",))
LARGE = Ask("amount", Op.AT_LEAST, BOUND)


def test_always_holds_and_its_opposite_never():
    """A condition without a word."""
    assert _facts(ALWAYS, {}) == YES
    assert _facts(opposed(ALWAYS), {}) == NO


def test_all_and_any_are_kleenes():
    """One certain no settles `all`, one certain yes settles `any`, whatever is unknown beside it."""
    values = {"ground": "grave", "amount": UNKNOWN}
    assert _facts(Every((GRAVE, LARGE)), values) == MAYBE
    assert _facts(Every((LIGHT, LARGE)), values) == NO
    assert _facts(Some((GRAVE, LARGE)), values) == YES
    assert _facts(Some((LIGHT, LARGE)), values) == MAYBE


@pytest.mark.parametrize(
    ("values", "expected"),
    [({"amount": BOUND}, NO), ({"amount": BOUND - 1}, YES), ({"amount": UNKNOWN}, MAYBE), ({}, NO)],
)
def test_not_turns_what_is_known_and_fails_what_is_absent(values, expected):
    """`not: {amount: {at_least: …}}` asks for a smaller amount, not for no amount."""
    assert _facts(opposed(Every((LARGE,))), values) == expected


@given(strategies.conditions(strategies.FREE.facts), st.data())
def test_not_is_de_morgans_where_nothing_is_absent(condition, data):
    """Over known and unknown facts `not` is Kleene's negation, and twice it is nothing."""
    values = {fact: data.draw(strategies.values(fact)) for fact in sorted(strategies.WORDS.facts)}
    here = scene(
        moments={"prevailing": DAY, "as_of": DAY}, figures={"large-fine": (5_000, 200_000_000), "many": (2, 2)}
    )
    assert answer_all(opposed(condition), values.get, here) == negate(answer_all(condition, values.get, here))
    assert opposed(opposed(condition)) == condition
