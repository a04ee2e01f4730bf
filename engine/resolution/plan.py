"""What a rulebook fixes for every decision, worked out once: the order of lifts, each measure's footing by day, and
for a list and scenario the days of law and the periods on which an answer may turn.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from engine.calendar import Period, next_day
from engine.condition import ParameterRef, Test, tests_of
from engine.gate import Footing, law_days, sufficient
from engine.model import Effect, Measure, Rulebook
from engine.packs.graph import lift_order
from engine.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Clock:
    """What may turn an answer about a list in a scenario: when measures begin and end, when their footings change,
    and periods counted from facts."""

    days: tuple[date, ...]
    law: tuple[date, ...]
    periods: tuple[tuple[str, Period], ...]


class Plan:
    """The order in which measures are weighed, who lifts whom, and lawful footings as they are first asked for."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._vocabulary = rulebook.vocabulary
        self._footings: dict[tuple[str, int], Footing] = {}
        self._law: dict[str, tuple[date, ...]] = {}
        self._measures = measures = tuple(rulebook.measures)
        self._reach = {
            (code, scenario) for m in measures if not m.draft for code in m.lists for scenario in m.scenarios
        }
        self._clocks: dict[tuple[str | None, str], Clock] = {}
        self.rank: Mapping[str, int] = {name: place for place, name in enumerate(lift_order(measures))}
        lifts: dict[str, list[str]] = defaultdict(list)
        for measure in measures:
            if measure.effect is Effect.LIFT:
                for target in measure.lifts:
                    lifts[target].append(measure.id)
        self.lifts_of: Mapping[str, tuple[str, ...]] = {target: tuple(names) for target, names in lifts.items()}

    def footing(self, measure: Measure, day: date) -> Footing:
        """Whether the measure's basis carries it on the day."""
        # Between two of its law days nothing changes.
        key = measure.id, bisect_right(self.law_days(measure), day)
        found = self._footings.get(key)
        if found is None:
            found = self._footings[key] = sufficient(measure, self._vocabulary, day)
        return found

    def law_days(self, measure: Measure) -> tuple[date, ...]:
        """The days on which the measure's footing may change."""
        found = self._law.get(measure.id)
        if found is None:
            found = self._law[measure.id] = law_days(measure, self._vocabulary)
        return found

    def matters(self, list_code: str, scenario: str) -> bool:
        """Whether any measure that is no draft could be triggered by the list in the scenario."""
        return (list_code, scenario) in self._reach

    def clock(self, list_code: str | None, scenario: str) -> Clock:
        """The clock of a list, or of what stands on the inquiry alone, in a scenario."""
        found = self._clocks.get((list_code, scenario))
        if found is None:
            met = [m for m in self._measures if scenario in m.scenarios and _on(m, list_code)]
            days = {day for measure in met for day in _days(measure, self._vocabulary)}
            periods = {pair for measure in met for pair in _periods(measure)}
            law = {day for measure in met for day in self.law_days(measure)}
            found = Clock(tuple(sorted(days)), tuple(sorted(law)), tuple(sorted(periods, key=str)))
            self._clocks[list_code, scenario] = found
        return found


def _on(measure: Measure, list_code: str | None) -> bool:
    return measure.on_inquiry if list_code is None else list_code in measure.lists


def _days(measure: Measure, vocabulary: Vocabulary) -> Iterator[date]:
    """The days on which the measure begins and ends, a figure it reads changes, or it is contested."""
    yield from (day for day in (measure.span.since, measure.contested and measure.contested.since) if day)
    if measure.span.until:
        yield next_day(measure.span.until)
    for test in _tests(measure):
        if isinstance(test.operand, ParameterRef):
            yield from (value.since for value in vocabulary.parameters[test.operand.code].values)


def _periods(measure: Measure) -> Iterator[tuple[str, Period]]:
    if measure.term:
        yield measure.term.start, measure.term.period
    for test in _tests(measure):
        if isinstance(test.operand, Period):
            yield test.fact, test.operand


def _tests(measure: Measure) -> Iterator[Test]:
    yield from tests_of(measure.when)
    if measure.unless is not None:
        yield from tests_of(measure.unless)


def plan_of(rulebook: Rulebook) -> Plan:
    """The rulebook's plan, made once and kept as long as the rulebook."""
    plan = _plans.get(rulebook)
    if plan is None:
        plan = _plans[rulebook] = Plan(rulebook)
    return plan


_plans: "WeakKeyDictionary[Rulebook, Plan]" = WeakKeyDictionary()
