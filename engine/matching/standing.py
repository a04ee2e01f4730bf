"""What an entry amounts to at a moment: current, not yet, ended, suspended, lifted, annulled; and whether disputed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.calendar import When, happened
from engine.inquiry import ABSENT, UNKNOWN, Entry, Known
from engine.matching.answer import answer_all
from engine.model import Window
from engine.truth import MAYBE, NO, YES, Truth, every, negate, some, truth
from engine.vocabulary import ListRecord, TermRule

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


def assess(entry: Entry, record: ListRecord, window: Window, ends: tuple[str, ...], moment: When) -> Assessed:
    """Whether the window is open at the moment, and in which standing the entry is."""
    annulled = _happened(entry, ("annulled",), moment)
    suspended = _in_pause(entry, "suspended", "resumed", moment)
    lifted = _in_pause(entry, "lifted", "restored", moment)
    opened, closed, until = _span(entry, record, window, ends, moment)
    holds = every((opened, negate(closed), negate(annulled), negate(suspended)))
    if holds is not NO and lifted is not NO:  # lifted for a time: no effect, but a person rechecks
        return Assessed(MAYBE, Standing.LIFTED, until)
    if holds is YES:
        return Assessed(YES, Standing.CURRENT, until)
    if holds is MAYBE:
        return Assessed(MAYBE, Standing.AMBIGUOUS, until)
    return Assessed(NO, _why_not(opened, annulled, suspended, window, entry), until)


def disputed(entry: Entry, moment: When) -> bool:
    """Whether an objection to the entry has been raised by the moment; it keeps its effect."""
    return _happened(entry, ("disputed",), moment) is not NO


def expiry(entry: Entry, record: ListRecord) -> date | None:
    """The entry's last day: its own word first, else the list's rule in force on the start event; None if open."""
    if "expires" in entry.dates:
        return entry.dates["expires"].day
    rule = _rule(entry, record)
    start = entry.dates.get(rule.start) if rule else None
    return rule.period.after(start.day) if rule and rule.period and start else None


def ended_day(entry: Entry, record: ListRecord) -> date | None:
    """The last day the entry was effective or the day it was ended, whichever came first; annulment is no end."""
    days = [event.when.day for event in entry.events if event.kind in _ENDS_LISTED]
    last = expiry(entry, record)
    return min([*days, last] if last else days, default=None)


def _rule(entry: Entry, record: ListRecord) -> TermRule | None:
    for rule in record.terms:
        start = entry.dates.get(rule.start)
        if start and rule.span.holds(start.day) and answer_all(rule.when, lambda f: stated(entry, record, f)) is YES:
            return rule
    return None


def _span(
    entry: Entry, record: ListRecord, window: Window, ends: tuple[str, ...], moment: When
) -> tuple[Truth, Truth, date | None]:
    """Whether the window has opened, whether it has closed, and its last day."""
    if window is Window.BAN:
        return _ban(entry, record, moment)
    if window is Window.DECIDED:
        return _begun(entry, "decided", record, moment), _happened(entry, ends, moment), None
    start = "listed" if "listed" in entry.dates or "decided" not in entry.dates else "decided"
    opened = _begun(entry, start, record, moment)
    last = expiry(entry, record)
    expired = truth(last is not None and moment.day > last)
    closed = some((expired, _happened(entry, _ENDS_LISTED, moment)))
    if window is Window.AFTER_END:
        return every((opened, closed)), NO, None
    return opened, closed, last


def _ban(entry: Entry, record: ListRecord, moment: When) -> tuple[Truth, Truth, date | None]:
    first, last = stated(entry, record, "ban_from"), stated(entry, record, "ban_until")
    if first is ABSENT:
        return NO, NO, None
    opened = truth(first <= moment.day) if isinstance(first, date) else MAYBE
    if not isinstance(last, date):  # a ban without a stated end: open, and whether it has closed nobody can say
        return opened, MAYBE, None
    return opened, truth(moment.day > last), last


def _begun(entry: Entry, date_name: str, record: ListRecord, moment: When) -> Truth:
    start = entry.dates.get(date_name)
    return happened(start, moment) if start else MAYBE


def _happened(entry: Entry, kinds: tuple[str, ...], moment: When) -> Truth:
    return some(happened(event.when, moment) for event in entry.events if event.kind in kinds)


def _in_pause(entry: Entry, begins: str, ends: str, moment: When) -> Truth:
    """Whether a pause that `begins` has begun and no later event `ends` it by the moment."""
    stops = [event.when for event in entry.events if event.kind == ends]
    return some(
        every((happened(e.when, moment), negate(some(happened(s, moment) for s in stops if s.first >= e.when.first))))
        for e in entry.events
        if e.kind == begins
    )


def _why_not(opened: Truth, annulled: Truth, suspended: Truth, window: Window, entry: Entry) -> Standing:
    if annulled is YES:
        return Standing.ANNULLED
    if window is Window.BAN and "ban_from" not in entry.dates:
        return Standing.NO_WINDOW
    if opened is NO:
        return Standing.NOT_YET
    return Standing.SUSPENDED if suspended is YES else Standing.ENDED
