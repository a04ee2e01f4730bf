"""Until when an answer holds: the first later day on which the same question would get another answer.

The prevailing moment is what moves; other moments stay, and lists are held as they are. The days to try are those on
which anything the judges read may change: law, figures, relations, and every date of an entry with every period.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from engine.calendar import LAST_DAY, Period, moved, next_day
from engine.condition import Test, tests_of
from engine.decision import Answer
from engine.gate import law_days
from engine.inquiry import Entry, Inquiry, Register
from engine.matching.facts import reached
from engine.matching.standing import last_days
from engine.model import Measure, Rulebook
from engine.vocabulary import Vocabulary

Signature = tuple[object, ...]


def shifted(inquiry: Inquiry, day: date) -> Inquiry:
    """The same inquiry with its prevailing moment on another day, at the same hour."""
    moments = dict(inquiry.moments)
    moments[inquiry.prevails] = moved(inquiry.prevailing, day)
    return replace(inquiry, moments=moments)


def signature(answer: Answer) -> Signature:
    """What counts as the answer: verdicts, channel, conditions and benefits of every party."""
    return (
        answer.verdict,
        *(
            (o.verdict, o.channel, {f.measure.id for f in o.conditions}, {b.name for b in o.benefits if b.granted})
            for o in answer.outcomes
        ),
    )


def valid_until(
    answer: Answer, register: Register, rulebook: Rulebook, judge: Callable[[Inquiry], Answer]
) -> date | None:
    """The last day on which the prevailing moment could lie for the same answer; None if no change is known."""
    today = signature(answer)
    for day in flips(answer.inquiry, register, rulebook):
        if signature(judge(shifted(answer.inquiry, day))) != today:
            return day - timedelta(days=1)
    return None


def flips(inquiry: Inquiry, register: Register, rulebook: Rulebook) -> list[date]:
    """Every day after the prevailing moment's on which the answer may change, in order."""
    now = inquiry.prevailing.day
    days = {next_day(now), *_of_law(inquiry, register, rulebook), *_of_entries(inquiry, register, rulebook)}
    for relation in register.relations:
        days.update(_edges(relation.span.since, relation.span.until))
    return sorted(day for day in days if now < day <= LAST_DAY)


def _concerned(inquiry: Inquiry, register: Register) -> list[Entry]:
    subjects = {subject for party in inquiry.parties for _, subject in reached(party, register)}
    return [entry for entry in register.entries if entry.subject in subjects]


def _measures(inquiry: Inquiry, register: Register, rulebook: Rulebook) -> list[Measure]:
    lists = {entry.list for entry in _concerned(inquiry, register)}
    return [
        m
        for m in rulebook.measures
        if inquiry.scenario in m.scenarios and (m.on_inquiry or lists.intersection(m.lists))
    ]


def _of_law(inquiry: Inquiry, register: Register, rulebook: Rulebook) -> Iterator[date]:
    for measure in _measures(inquiry, register, rulebook):
        yield from _edges(measure.span.since, measure.span.until)
        yield from law_days(measure, rulebook.vocabulary)
        if measure.contested and measure.contested.since:
            yield measure.contested.since
    for parameter in rulebook.vocabulary.parameters.values():
        yield from (value.since for value in parameter.values)


def _of_entries(inquiry: Inquiry, register: Register, rulebook: Rulebook) -> Iterator[date]:
    periods = _periods(_measures(inquiry, register, rulebook))
    said = (inquiry.facts, *(party.facts for party in inquiry.parties))
    stated = {fact for facts in said for fact in facts.values() if isinstance(fact, date)}
    for entry in _concerned(inquiry, register):
        stated |= set(_days_of(entry, rulebook.vocabulary))
    for day in stated:
        yield day
        yield next_day(day)
        for period in periods:
            yield period.after(day)
            yield next_day(period.after(day))


def _days_of(entry: Entry, vocabulary: Vocabulary) -> Iterator[date]:
    for when in (*entry.dates.values(), *(event.when for event in entry.events)):
        yield when.day
        yield when.last_day
    yield from (value for value in entry.facts.values() if isinstance(value, date))
    yield from (last for last in last_days(entry, vocabulary.lists[entry.list]) if last)


def _periods(measures: Iterable[Measure]) -> set[Period]:
    """Every period some measure counts, and the year that complaints are counted over."""
    found = {Period(months=12)}
    for measure in measures:
        conditions = (measure.when, measure.unless) if measure.unless is not None else (measure.when,)
        tests: Iterable[Test] = (test for condition in conditions for test in tests_of(condition))
        found.update(test.operand for test in tests if isinstance(test.operand, Period))
        if measure.term:
            found.add(measure.term.period)
    return found


def _edges(since: date | None, until: date | None) -> Iterator[date]:
    if since:
        yield since
    if until:
        yield next_day(until)
