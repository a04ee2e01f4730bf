"""What a party's entries come to over the years: for one scenario, periods in which the same measures decide.

Asked of the engine on every day on which anything it reads may turn, by what the registry knows; nothing is recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from engine.calendar import SHANGHAI, When, instant
from engine.decision import Channel, Finding, ListState, Outcome, Verdict
from engine.inquiry import Inquiry, Register
from engine.matching.match import match
from engine.model import Rulebook
from engine.resolution.horizon import flips
from engine.resolution.outlook import Outlook
from engine.resolution.precedence import findings
from engine.resolution.resolve import resolve

# What happens on a day, its hour unknown, has happened by then.
_END = time(23, 59, 59, 999_999, tzinfo=SHANGHAI)
# So many days are looked at and so many of them judged; fewer the more entries there are, for nobody waits long.
MOST_DAYS, MOST_JUDGED = 400, 60
LEAST_DAYS, LEAST_JUDGED = 24, 8
# Up to so many entries count as one.
FEW = 6


@dataclass(frozen=True, slots=True)
class Period:
    """Days of one verdict and channel, decided by the same findings; `until` is None for the last one."""

    since: date
    until: date | None
    verdict: Verdict
    channel: Channel
    deciding: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """The periods from a first day on; `reached` is the last day looked at where that was not all of them."""

    periods: tuple[Period, ...]
    reached: date | None = None


def course(inquiry: Inquiry, register: Register, rulebook: Rulebook, first: date) -> Course:
    """What the entries of the inquiry's only party come to at the end of each day from `first` on.

    Every moment that the inquiry states lies on that day.
    Entries alone count: lists are taken as known, whatever their age, and entries known by name only as another's. An
    answer of the day speaks of those.
    """
    register = replace(register, candidates=())
    times = max(1, len(register.entries) / FEW)
    most, most_judged = max(LEAST_DAYS, MOST_DAYS / times), max(LEAST_JUDGED, MOST_JUDGED / times)
    periods = list[Period]()
    judged, reached = 0, None
    for number, (day, turned) in enumerate(_days(inquiry, register, rulebook, first)):
        if number >= most or judged >= most_judged:
            reached = day - timedelta(days=1)
            break
        if turned:
            judged += 1
            _add(periods, day, _outcome(_on(inquiry, day), register, rulebook))
    if reached and periods:
        periods[-1] = replace(periods[-1], until=reached)
    return Course(tuple(periods), reached)


def _days(inquiry: Inquiry, register: Register, rulebook: Rulebook, first: date) -> Iterator[tuple[date, bool]]:
    """Every day that may turn something, the first among them, and whether it does."""
    outlook = Outlook(inquiry.parties[0], register, rulebook)
    before: object = None
    # Of law only the days of measures that were met: no other measure's footing is part of the answer.
    days, day = flips(_on(inquiry, first), register, rulebook, law=False), first
    while True:
        now = outlook.at(_on(inquiry, day))
        yield day, now != before
        before = now
        later = [other for other in (*days, *outlook.law_days) if other > day]
        if not later:
            return
        day = min(later)


def _on(inquiry: Inquiry, day: date) -> Inquiry:
    return inquiry.at(dict.fromkeys(inquiry.moments, _end_of(day)))


def _end_of(day: date) -> When:
    return instant(datetime.combine(day, _END))


def _outcome(inquiry: Inquiry, register: Register, rulebook: Rulebook) -> Outcome:
    scenario = rulebook.vocabulary.scenarios[inquiry.scenario]
    consulted = scenario.consults + scenario.benefits_consult
    lists = {code: ListState(code, True, None, None) for code in consulted}
    found = findings(match(inquiry, register, rulebook).found, inquiry, rulebook)
    return resolve(inquiry, register, rulebook, found, lists)[0]


def _add(periods: list[Period], day: date, outcome: Outcome) -> None:
    """Begin another period, unless the outcome is that of the one before."""
    period = Period(day, None, outcome.verdict, outcome.channel, outcome.deciding)
    if periods and _kept(periods[-1]) == _kept(period):
        return
    if periods:
        periods[-1] = replace(periods[-1], until=day - timedelta(days=1))
    periods.append(period)


def _kept(period: Period) -> object:
    return period.verdict, period.channel, {(f.measure.id, id(f.entry), f.state) for f in period.deciding}
