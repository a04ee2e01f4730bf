"""How long a body has for each step of a procedure, and the days on which it works: by place, by list and by day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from engine.reading import Checked, Words
from engine.repair import Scope, Sought, narrowest


class Unit(StrEnum):
    """In what a deadline counts: working days, plain days, or not at all because it ends with the day it starts."""

    WORKDAYS = "workdays"
    DAYS = "days"
    SAME_DAY = "same_day"


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """What the State Council's notices for a year change: days off, and weekend days that are worked.

    Both may lie in the December before. All other days are as in any week.
    """

    year: int
    notices: tuple[str, ...]
    off: frozenset[date]
    worked: frozenset[date]
    checked: Checked


@dataclass(frozen=True, slots=True)
class Procedure:
    """What is handled, and the steps in which it is."""

    code: str
    name: Words
    steps: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """So many days for a step, counted from `start`, and `extension` more with approval; `doubt` is said with it."""

    code: str
    procedure: str
    step: str
    scope: Scope
    start: str
    unit: Unit
    count: int
    extension: int
    basis: tuple[str, ...]
    checked: Checked
    doubt: Words | None = None
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """The calendar and the deadlines of all layers; `starts` says from which days deadlines count."""

    years: Mapping[int, CalendarYear] = field(default_factory=dict)
    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    starts: Mapping[str, Words] = field(default_factory=dict)
    rules: tuple[DeadlineRule, ...] = ()

    def rule(self, procedure: str, step: str, sought: Sought) -> DeadlineRule | None:
        """The rule that counts for the step, by the narrowest scope, then by the nearest place; None without one."""
        return narrowest((rule for rule in self.rules if (rule.procedure, rule.step) == (procedure, step)), sought)
