"""Until when an answer holds: the first later day on which the same question would get another answer.

The prevailing moment is what moves; other moments stay, and lists are held as they are. The days to try are those on
which anything the judges read may change: law, figures, relations, and every date of an entry with every period.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from heapq import merge
from itertools import groupby

from engine.calendar import LAST_DAY, Period, moved, next_day
from engine.decision import Answer
from engine.inquiry import Entry, Inquiry, Party, Register
from engine.matching.facts import COMPLAINTS, reached
from engine.matching.standing import last_days
from engine.model import Rulebook
from engine.resolution.outlook import Outlook
from engine.resolution.plan import Clock, plan_of
from engine.vocabulary import Span, Vocabulary

Signature = tuple[object, ...]


def shifted(inquiry: Inquiry, day: date) -> Inquiry:
    """The same inquiry with its prevailing moment on another day, at the same hour."""
    return inquiry.at({**inquiry.moments, inquiry.prevails: moved(inquiry.prevailing, day)})


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
    inquiry, today = answer.inquiry, signature(answer)
    turns = [_turns_for(party, inquiry, register, rulebook) for party in inquiry.parties]
    for day, _ in groupby(merge(*turns)):
        if signature(judge(shifted(inquiry, day))) != today:
            return day - timedelta(days=1)
    return None


def _turns_for(party: Party, inquiry: Inquiry, register: Register, rulebook: Rulebook) -> Iterator[date]:
    """Days on which something turns that the party's answer is made of, in order: most days turn nothing."""
    outlook = Outlook(party, register, rulebook)
    before = outlook.at(inquiry)
    # Of law only the days of measures that were met: no other measure's footing is part of the answer.
    days, day = flips(inquiry, register, rulebook, law=False, parties=(party,)), inquiry.prevailing.day
    while later_days := [later for later in (*days, *outlook.law_days) if later > day]:
        day = min(later_days)
        now = outlook.at(shifted(inquiry, day))
        if now != before:
            yield day
        before = now


def flips(
    inquiry: Inquiry, register: Register, rulebook: Rulebook, law: bool = True, parties: Sequence[Party] = ()
) -> list[date]:
    """Every day after the prevailing moment's on which the answer may change, in order; on `parties` if some are named.

    Without `law` those are left out on which only the footing of measures changes.
    """
    now, asked = inquiry.prevailing.day, parties or inquiry.parties
    # A rival of the same inquiry may be related through whoever the party is tied to, so those ties turn days too.
    subjects = dict.fromkeys(subject for party in asked for _, subject in reached(party, register))
    entries = [entry for subject in subjects for entry in register.by_subject.get(subject, ())]
    clocks = {code: plan_of(rulebook).clock(code, inquiry.scenario) for code in (None, *(e.list for e in entries))}
    facts = [fact for stated in (inquiry.facts, *(party.facts for party in asked)) for fact in stated.items()]
    days: set[date] = set()
    for clock in clocks.values():
        days.update(clock.days)
        days.update(clock.law if law else ())
        days.update(_turns(facts, clock))
    for entry in entries:
        days.update(_of_entry(entry, clocks[entry.list], rulebook.vocabulary))
    for relation in (tie for subject in subjects for tie in register.ties_of.get(subject, ())):
        days.update(_edges(relation.span))
    return sorted(day for day in days if now < day <= LAST_DAY)


def _of_entry(entry: Entry, clock: Clock, vocabulary: Vocabulary) -> Iterator[date]:
    """Days on which something happens to the entry, its windows close, or a period counted from its facts is over."""
    for when in (*entry.dates.values(), *(event.when for event in entry.events)):
        yield from (when.day, next_day(when.day), next_day(when.last_day))
    ends = [last for last in last_days(entry, vocabulary.lists[entry.list]) if last]
    yield from (next_day(last) for last in ends)
    known = {name: when.day for name, when in entry.dates.items()}
    yield from _turns([*known.items(), *entry.facts.items()], clock)
    for fact, period in clock.periods:
        if fact == "ended":  # derived from whatever ended the entry
            yield from (next_day(period.after(day)) for day in [*ends, *(event.when.day for event in entry.events)])
    if entry.list == COMPLAINTS and "decided" in known:  # counted over a year wherever they are counted
        yield next_day(Period(months=12).after(known["decided"]))


def _turns(facts: Iterable[tuple[str, object]], clock: Clock) -> Iterator[date]:
    """The day of each dated fact, the day after, and the days after periods that some measure counts from it."""
    for name, value in facts:
        if isinstance(value, date):
            yield value
            yield next_day(value)
            yield from (next_day(period.after(value)) for fact, period in clock.periods if fact == name)


def _edges(span: Span) -> Iterator[date]:
    if span.since:
        yield span.since
    if span.until:
        yield next_day(span.until)
