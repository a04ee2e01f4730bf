"""Measures with one thing changed, the way a typist or a hasty reader would: a pack's cases ought to notice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from engine.calendar import Period
from engine.condition import ALWAYS, Condition, Every, Op, Some, Test, tests_of
from engine.model import ALL, PREVAILING, Duty, Effect, Measure, Memorandum, Reach, Window
from engine.vocabulary import NATIONAL, Span

DAY = timedelta(days=1)
_MANY = 5
_WIDER = ("every ", "in the whole country", "while ", "when without ")
T = TypeVar("T")


@dataclass(frozen=True)
class Mutant:
    """A pack in which `measure` (or, if empty, the whole document) was changed as `change` says."""

    measure: str
    change: str
    memorandum: Memorandum


def mutants(memorandum: Memorandum, measure: Measure) -> Iterator[Mutant]:
    """Effect, duty, conditions, periods: what decides for whom and how long."""
    for change, changed in (*_effect(measure), *_conditions(measure), *_periods(measure)):
        yield Mutant(measure.id, change, _with(memorandum, changed))


def finer_mutants(memorandum: Memorandum, measure: Measure) -> Iterator[Mutant]:
    """Roles, reach, lists, matters, windows, moments and single words of a condition.

    What only informs is not widened: a case cannot say that a clause is absent.
    """
    for change, changed in (*_persons(measure), *_places(measure), *_window(measure), *_words(measure)):
        if measure.effect is not Effect.INFORM or not change.startswith(_WIDER):
            yield Mutant(measure.id, change, _with(memorandum, changed))


def late_and_early(memorandum: Memorandum) -> Iterator[Mutant]:
    """The whole document in force a day sooner or later."""
    for step in (-DAY, DAY):
        measures = tuple(
            replace(m, span=Span(m.span.since + step, m.span.until)) if m.span.since else m for m in memorandum.measures
        )
        yield Mutant("", f"in force {step.days:+} day", replace(memorandum, measures=measures))


def _with(memorandum: Memorandum, changed: Measure) -> Memorandum:
    measures = tuple(changed if m.id == changed.id else m for m in memorandum.measures)
    return replace(memorandum, measures=measures)


def always_contested(measure: Measure) -> bool:
    """Whether its findings count as review from its first day, so that a softer bar looks the same."""
    contested, since = measure.contested, measure.span.since
    return bool(contested and (contested.since is None or (since and contested.since <= since)))


def _effect(measure: Measure) -> Iterator[tuple[str, Measure]]:
    if measure.effect is Effect.INFORM:
        yield "inform becomes weigh", replace(measure, effect=Effect.WEIGH)
        return
    # An exception must not name clauses once it is none.
    yield f"{measure.effect} becomes inform", replace(measure, effect=Effect.INFORM, lifts=())
    if measure.effect in (Effect.BAR, Effect.LIMIT) and not always_contested(measure):
        other = Duty.MAY if measure.duty is Duty.MUST else Duty.MUST
        yield f"duty becomes {other}", replace(measure, duty=other)
    if measure.contested:
        yield "no longer contested", replace(measure, contested=None)


def _conditions(measure: Measure) -> Iterator[tuple[str, Measure]]:
    if measure.when != ALWAYS:
        yield "when dropped", replace(measure, when=ALWAYS)
    if measure.unless is not None:
        yield "unless dropped", replace(measure, unless=None)


def _periods(measure: Measure) -> Iterator[tuple[str, Measure]]:
    for number, test in enumerate(tests_of(measure.when)):
        if isinstance(test.operand, Period):
            for step in (-1, 1):
                period = replace(test.operand, days=test.operand.days + step)
                when = _rewritten(measure.when, number, replace(test, operand=period))
                yield f"{test.fact} within {step:+} day", replace(measure, when=when)
    if measure.term:
        for step in (-1, 1):
            period = replace(measure.term.period, days=measure.term.period.days + step)
            yield f"term {step:+} day", replace(measure, term=replace(measure.term, period=period))
    since = measure.contested.since if measure.contested else None
    if measure.contested and since and not always_contested(measure):
        for step in (-DAY, DAY):
            contested = replace(measure.contested, since=since + step)
            yield f"contested {step.days:+} day", replace(measure, contested=contested)


def _persons(measure: Measure) -> Iterator[tuple[str, Measure]]:
    if measure.roles:
        yield "every role", replace(measure, roles=())
    for role, roles in _each_left_out(measure.roles):
        yield f"not the role {role}", replace(measure, roles=roles)
    for reach, reaches in _each_left_out(measure.reaches):
        if reach is not Reach.SELF:
            yield f"not reaching {reach}", replace(measure, reaches=reaches)


def _places(measure: Measure) -> Iterator[tuple[str, Measure]]:
    for code, scenarios in _each_left_out(measure.scenarios):
        yield f"not in {code}", replace(measure, scenarios=scenarios)
    # A clause that enumerates is checked by its words, not list by list and matter by matter.
    for code, lists in _each_left_out(measure.lists) if len(measure.lists) < _MANY else ():
        yield f"not on {code}", replace(measure, lists=lists)
    if measure.matters and ALL not in measure.matters:
        yield "every matter", replace(measure, matters=(ALL,))
    for code, matters in _each_left_out(measure.matters) if len(measure.matters) < _MANY else ():
        yield f"not for {code}", replace(measure, matters=matters)
    if measure.jurisdiction != NATIONAL:
        yield "in the whole country", replace(measure, jurisdiction=NATIONAL)


def _window(measure: Measure) -> Iterator[tuple[str, Measure]]:
    for window in Window:
        if measure.window and window is not measure.window:
            yield f"while {window}", replace(measure, window=window)
    if measure.at != PREVAILING:
        yield "at the prevailing moment", replace(measure, at=PREVAILING)


def _words(measure: Measure) -> Iterator[tuple[str, Measure]]:
    """Parts left out of a condition of several, and single words left out of a list of them."""
    for number, part in enumerate(measure.when.parts if isinstance(measure.when, Every) else ()):
        rest = Every(tuple(other for place, other in enumerate(measure.when.parts) if place != number))
        if rest.parts:
            yield f"when without {_named(part)}", replace(measure, when=rest)
    for change, when in _shorter(measure.when):
        yield f"when {change}", replace(measure, when=when)
    if measure.unless is not None:
        for change, unless in _shorter(measure.unless):
            yield f"unless {change}", replace(measure, unless=unless)


def _shorter(condition: Condition) -> Iterator[tuple[str, Condition]]:
    for number, test in enumerate(tests_of(condition)):
        if test.op is Op.ONE_OF and isinstance(test.operand, tuple):
            for word, rest in _each_left_out(test.operand):
                yield f"{test.fact} not {word}", _rewritten(condition, number, replace(test, operand=rest))


def _named(condition: Condition) -> str:
    return ", ".join(dict.fromkeys(f"{test.fact} {test.op}" for test in tests_of(condition)))


def _each_left_out(words: tuple[T, ...]) -> Iterator[tuple[T, tuple[T, ...]]]:
    """Each of several words with what is left without it."""
    if len(words) > 1:
        for number, word in enumerate(words):
            yield word, words[:number] + words[number + 1 :]


def _rewritten(condition: Condition, number: int, test: Test) -> Condition:
    """The condition with its test of that number, in the order written, replaced."""
    left = iter(range(len(tests_of(condition))))
    return _walk(condition, lambda old: test if next(left) == number else old)


def _walk(condition: Condition, change: Callable[[Test], Test]) -> Condition:
    if isinstance(condition, Test):
        return change(condition)
    parts = tuple(_walk(part, change) for part in condition.parts)
    return Every(parts) if isinstance(condition, Every) else Some(parts)
