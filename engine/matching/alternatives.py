"""A measure's whole text as alternatives of tests, so that one cell answers for it (disjunctive normal form)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

from engine.calendar import FIRST_DAY
from engine.condition import Condition, Every, Op, Test
from engine.matching.facts import DAY, INSIDE, TIED
from engine.model import Measure, Reach
from engine.vocabulary import NATIONAL


@dataclass(frozen=True, slots=True)
class Literal:
    """A test judged at a moment; a literal that is not `positive` asks for the test's plain negation (`unless`)."""

    test: Test
    at: str
    positive: bool = True


Alternative = tuple[Literal, ...]


def alternatives(measure: Measure, reach: Reach) -> tuple[Alternative, ...]:
    """The measure holds if all literals of one alternative do; the list, scenario and role are settled before."""
    frame = [Literal(test, measure.at) for test in _frame(measure, reach)]
    wanted = _normal(measure.when, measure.at)
    if measure.unless is not None:
        wanted = [a + b for a, b in product(wanted, _denied(measure.unless, measure.at))]
    return tuple(_once((*frame, *alternative)) for alternative in wanted)


def _frame(measure: Measure, reach: Reach) -> Iterator[Test]:
    """The tests every measure carries without writing them: in force, in its place, tied, within its own term."""
    # Asked even of a span open at the start: it fails where the project does not state the moment judged at.
    yield Test(DAY, Op.ON_OR_AFTER, measure.span.since or FIRST_DAY)
    if measure.span.until:
        yield Test(DAY, Op.BEFORE, measure.span.until + timedelta(days=1))
    if measure.jurisdiction != NATIONAL:
        yield Test(INSIDE + measure.jurisdiction, Op.ONE_OF, ("yes",))
    if reach is not Reach.SELF:
        yield Test(TIED, Op.ONE_OF, ("yes",))
    if measure.term:
        yield Test(measure.term.start, Op.WITHIN, measure.term.period)


def _normal(condition: Condition, at: str) -> list[Alternative]:
    if isinstance(condition, Test):
        return [(Literal(condition, at),)]
    parts = [_normal(part, at) for part in condition.parts]
    return _crossed(parts) if isinstance(condition, Every) else [a for part in parts for a in part]


def _denied(condition: Condition, at: str) -> list[Alternative]:
    """Alternatives of the plain negation: here an absent fact, which fails its test, lets the denial hold."""
    if isinstance(condition, Test):
        return [(Literal(condition, at, positive=False),)]
    parts = [_denied(part, at) for part in condition.parts]
    return [a for part in parts for a in part] if isinstance(condition, Every) else _crossed(parts)


def _crossed(parts: list[list[Alternative]]) -> list[Alternative]:
    return [sum(choice, ()) for choice in product(*parts)]


def _once(alternative: Alternative) -> Alternative:
    return tuple(dict.fromkeys(alternative))
