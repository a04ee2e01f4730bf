"""What `when`, `unless` and `term` say: tests on declared facts, joined by all, any and not."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from engine.calendar import Period


class Op(StrEnum):
    """How a test compares a fact with its operand."""

    ONE_OF = "one_of"
    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"
    BEFORE = "before"
    ON_OR_AFTER = "on_or_after"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """A number that the vocabulary dates: `large-fine`."""

    code: str


@dataclass(frozen=True, slots=True)
class MomentRef:
    """A moment of the inquiry in place of a date: `prevailing`, `as_of`, `award` …"""

    name: str


Operand = tuple[str, ...] | int | date | Period | ParameterRef | MomentRef


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison. `opposed` turns a known answer round; an absent fact fails it either way."""

    fact: str
    op: Op
    operand: Operand
    opposed: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All parts must hold; without parts it always does."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part must hold."""

    parts: "tuple[Condition, ...]"


Condition = Test | Every | Some
ALWAYS = Every(())


def opposed(condition: Condition) -> Condition:
    """The condition under `not`: pushed down to the tests, so that an absent fact fails the opposite too."""
    if isinstance(condition, Test):
        return replace(condition, opposed=not condition.opposed)
    turned = tuple(opposed(part) for part in condition.parts)
    return Some(turned) if isinstance(condition, Every) else Every(turned)


def tests_of(condition: Condition) -> tuple[Test, ...]:
    """Every test in the condition, in the order written."""
    if isinstance(condition, Test):
        return (condition,)
    return tuple(test for part in condition.parts for test in tests_of(part))
