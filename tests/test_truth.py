"""Kleene's three values: all cases, for there are few."""

from itertools import product

import pytest

from engine.truth import MAYBE, NO, YES, every, negate, some, truth

VALUES = (NO, MAYBE, YES)


@pytest.mark.parametrize(("value", "expected"), [(NO, YES), (MAYBE, MAYBE), (YES, NO)])
def test_negation_keeps_doubt(value, expected):
    """Yes and no change places, maybe stays."""
    assert negate(value) == expected


@pytest.mark.parametrize(("one", "other"), list(product(VALUES, VALUES)))
def test_conjunction_and_disjunction_are_kleenes(one, other):
    """A single no settles a conjunction, a single yes a disjunction; otherwise doubt wins."""
    both = (one, other)
    assert every(both) == (NO if NO in both else MAYBE if MAYBE in both else YES)
    assert some(both) == (YES if YES in both else MAYBE if MAYBE in both else NO)
    assert negate(every(both)) == some(map(negate, both))


def test_of_nothing():
    """All of nothing holds, one of nothing does not."""
    assert every(()) == YES
    assert some(()) == NO


def test_a_plain_boolean_is_never_in_doubt():
    """True is yes, false is no."""
    assert (truth(True), truth(False)) == (YES, NO)
