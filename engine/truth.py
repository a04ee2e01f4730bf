"""Kleene's three truth values as small integers, so that conjunction is `min` and disjunction is `max`."""

from collections.abc import Iterable

Truth = int

NO: Truth = 0
MAYBE: Truth = 1
YES: Truth = 2


def negate(value: Truth) -> Truth:
    """The complement: yes and no change places, maybe stays maybe."""
    return YES - value


def every(values: Iterable[Truth]) -> Truth:
    """Conjunction; of nothing it is yes."""
    return min(values, default=YES)


def some(values: Iterable[Truth]) -> Truth:
    """Disjunction; of nothing it is no."""
    return max(values, default=NO)


def truth(value: bool) -> Truth:
    """A plain boolean as a truth value."""
    return YES if value else NO
