"""What an entry amounts to at a moment: current, not yet, ended, suspended, lifted, annulled; and whether disputed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.calendar import When, happened
from engine.condition import tests_of
from engine.inquiry import ABSENT, UNKNOWN, Entry, Known
from engine.matching.answer import answer_all
from engine.model import Window
from engine.truth import MAYBE, NO, YES, Truth, every, negate, some, truth
from engine.vocabulary import ListRecord

# Which event ends a window for good, besides the window's own last day.
_ENDS_LISTED = ("repaired", "removed", "absent")


class Standing(StrEnum):
    """Why a window holds, does not, or may (效力状态)."""

    CURRENT = "current"
    NOT_YET = "not-yet"
    ENDED = "ended"
    SUSPENDED = "suspended"
    LIFTED = "lifted"
    ANNULLED = "annulled"
    AMBIGUOUS = "ambiguous-day"
    NO_WINDOW = "no-window"


@dataclass(frozen=True, slots=True)
class Assessed:
    """The three-valued hold of a window at a moment, and the word for it; `until` is its last whole day, if known."""

    holds: Truth
    standing: Standing
    until: date | None = None


def stated(entry: Entry, record: ListRecord, fact: str) -> Known:
    """A fact as the entry states it; a required one left out is unknown, any other is absent."""
    if fact in entry.dates:
        return entry.dates[fact].day
    if fact in entry.facts:
        return entry.facts[fact]
    return UNKNOWN if fact in record.required else ABSENT


def assess(
    entry: Entry,
    record: ListRecord,
    window: Window,
    ends: tuple[str, ...],
    moment: When,
    lasts: tuple[date | None, ...] | None = None,
) -> Assessed:
    """Whether the window is open at the moment, and in which standing the entry is.

    `lasts` are its `last_days`, from an asker who asks of many moments.
    """
    voided = suspended = lifted = NO
    if entry.events:
        voided = annulled(entry, moment)
        suspended = _in_pause(entry, "suspended", "resumed", moment)
        lifted = _in_pause(entry, "lifted", "restored", moment)
    opened, closed, until = _span(entry, record, window, ends, moment, lasts)
    holds = every((opened, negate(closed), negate(voided), negate(suspended)))
    if holds is not NO and lifted is not NO:  # lifted for a time: no effect, but a person rechecks
        return Assessed(MAYBE, Standing.LIFTED, until)
    if holds is YES:
        return Assessed(YES, Standing.CURRENT, until)
    if holds is MAYBE:
        return Assessed(MAYBE, Standing.AMBIGUOUS, until)
    return Assessed(NO, _why_not(opened, voided, suspended, window, entry), until)


def disputed(entry: Entry, moment: When) -> bool:
    """Whether an objection to the entry has been raised by the moment and not settled; it keeps its effect."""
    return _in_pause(entry, "disputed", "settled", moment) is not NO


def annulled(entry: Entry, moment: When) -> Truth:
    """Whether the entry has been annulled by the moment: then it never should have been."""
    return _happened(entry, ("annulled",), moment)


def last_days(entry: Entry, record: ListRecord) -> tuple[date | None, ...]:
    """Every day that may be the entry's last: its own word, else the list's rule in force on the start event.

    None stands for no fixed end. One is certain; several where a rule asks about a fact that is not known;
    nothing at all where the end, or the event it is counted from, is not known.
    """
    said = stated(entry, record, "expires")
    if said is not ABSENT:
        return (said,) if isinstance(said, date) else ()
    found: list[date | None] = []
    for rule in record.terms:
        start = stated(entry, record, rule.start)
        if start is UNKNOWN:
            return ()
        if not isinstance(start, date) or not rule.span.holds(start):
            continue
        fits = answer_all(rule.when, lambda fact: stated(entry, record, fact))
        if fits is not NO:
            found.append(rule.period.after(start) if rule.period else None)
        if fits is YES:
            return tuple(found)
    return (*found, None)


def unsettled(entry: Entry, record: ListRecord, window: Window) -> tuple[str, ...]:
    """The facts not known on which the window turns: what to supply so that its days can be told."""
    if window is Window.BAN:
        wanted = ["ban_from", "ban_until"]
    elif window is Window.DECIDED:
        wanted = ["decided"]
    else:
        wanted = ["listed"]
        if len(last_days(entry, record)) != 1:
            wanted += ["expires", *(rule.start for rule in record.terms)]
            wanted += [test.fact for rule in record.terms for test in tests_of(rule.when)]
    return tuple(dict.fromkeys(fact for fact in wanted if stated(entry, record, fact) is UNKNOWN))


def ended_day(entry: Entry, record: ListRecord) -> Known:
    """The last day the entry was effective or the day it was ended, whichever came first; annulment is no end."""
    days = [event.when.day for event in entry.events if event.kind in _ENDS_LISTED]
    possible = {min([*days, last] if last else days, default=None) for last in last_days(entry, record)}
    if len(possible) != 1:
        return UNKNOWN
    (ended,) = possible
    return ended or ABSENT


def _span(
    entry: Entry,
    record: ListRecord,
    window: Window,
    ends: tuple[str, ...],
    moment: When,
    lasts: tuple[date | None, ...] | None,
) -> tuple[Truth, Truth, date | None]:
    """Whether the window has opened, whether it has closed, and its last day."""
    if window is Window.BAN:
        return _ban(entry, record, moment)
    if window is Window.DECIDED:
        return _begun(entry, "decided", moment), _happened(entry, ends, moment), None
    start = "decided" if stated(entry, record, "listed") is ABSENT and "decided" in entry.dates else "listed"
    opened = _begun(entry, start, moment)
    possible = last_days(entry, record) if lasts is None else lasts
    expired = {truth(last is not None and moment.day > last) for last in possible}
    closed = some((expired.pop() if len(expired) == 1 else MAYBE, _happened(entry, _ENDS_LISTED, moment)))
    if window is Window.AFTER_END:
        return every((opened, closed)), NO, None
    return opened, closed, possible[0] if len(possible) == 1 else None


def _ban(entry: Entry, record: ListRecord, moment: When) -> tuple[Truth, Truth, date | None]:
    first, last = stated(entry, record, "ban_from"), stated(entry, record, "ban_until")
    if first is ABSENT and last is ABSENT:
        return NO, NO, None
    opened = truth(first <= moment.day) if isinstance(first, date) else MAYBE
    if not isinstance(last, date):  # a ban without a stated end: open, and whether it has closed nobody can say
        return opened, MAYBE, None
    return opened, truth(moment.day > last), last


def _begun(entry: Entry, date_name: str, moment: When) -> Truth:
    start = entry.dates.get(date_name)
    return happened(start, moment) if start else MAYBE


def _happened(entry: Entry, kinds: tuple[str, ...], moment: When) -> Truth:
    return some(happened(event.when, moment) for event in entry.events if event.kind in kinds)


def _in_pause(entry: Entry, begins: str, ends: str, moment: When) -> Truth:
    """Whether a pause that `begins` has begun and no later event `ends` it by the moment."""
    stops = [event.when for event in entry.events if event.kind == ends]
    return some(
        every((happened(begun, moment), negate(some(every((happened(s, moment), _follows(s, begun))) for s in stops))))
        for begun in (event.when for event in entry.events if event.kind == begins)
    )


def _follows(stop: When, begun: When) -> Truth:
    """Whether the stop came after the beginning; two days alone that are the same are taken in that order."""
    return YES if stop.first >= begun.first else MAYBE if stop.last >= begun.first else NO


def _why_not(opened: Truth, voided: Truth, suspended: Truth, window: Window, entry: Entry) -> Standing:
    if voided is YES:
        return Standing.ANNULLED
    if window is Window.BAN and not entry.dates.keys() & {"ban_from", "ban_until"}:
        return Standing.NO_WINDOW
    if opened is NO:
        return Standing.NOT_YET
    return Standing.SUSPENDED if suspended is YES else Standing.ENDED
