"""Whether objections and applications for repair were decided in time, as far as what was recorded can tell.

Recorded is the day one came in, and the day it was settled, refused or granted; the steps between are not. An extension
is not recorded either, so none is counted; acceptance is taken to come on the last day there is for it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Connection

from engine.calendar import When
from engine.registry.deadlines import Deadline, Deadlines
from engine.registry.due import PROCEDURES, steps_of
from engine.registry.events import CLOSES, is_open
from engine.registry.reading import rows_seen, when_of
from engine.registry.shelf import marks
from engine.vocabulary import Vocabulary

# The step by which whoever began it has their answer; the second where there is no time for the first.
DECIDES = {"objection": ("decide",), "repair": ("review", "answer")}
_KINDS = (*PROCEDURES, *(kind for kind, begun in CLOSES.items() if begun in PROCEDURES), "repaired")
_AT_ONCE = 5_000


class Outcome(StrEnum):
    """What became of one by its last day; UNKNOWN where no source gives a day, or the day it ended is not known."""

    MET = "met"
    MISSED = "missed"
    PENDING = "pending"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Timely:
    """How many came to which outcome; `unsure` of them by a rule that was remembered, not read."""

    outcomes: Mapping[Outcome, int]
    unsure: int


@dataclass(frozen=True, slots=True)
class _Case:
    entry: str
    kind: str
    received: date
    ended: When | None


# Of what came in (one of PROCEDURES) on an entry of a list that day, by when it must be decided; None without a rule.
LastDay = Callable[[str, str, date], Deadline | None]


def last_days(vocabulary: Vocabulary, place: str | None) -> LastDay:
    """By the law of the place; what was counted once is kept, for much comes in on the same days."""
    deadlines = Deadlines.of(vocabulary)

    @cache
    def found(kind: str, list_code: str, received: date) -> Deadline | None:
        if list_code not in vocabulary.lists:
            return None
        steps = steps_of("", list_code, kind, received, deadlines, place, DECIDES[PROCEDURES[kind]])
        return next((one.deadline for one in steps if one.deadline.due), steps[0].deadline if steps else None)

    return found


def timeliness(connection: Connection, version: int, last_day: LastDay, since: date, today: date) -> dict[str, Timely]:
    """For each procedure, what is open and what ended since that day."""
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS)
    events = defaultdict[str, list[Any]](list)
    for event in rows_seen(connection, "event", "t.entry, t.kind, t.at", version, f"t.kind IN ({kinds})"):
        events[event.entry].append(event)
    every = (case for entry, own in events.items() for case in _cases(entry, own))
    cases = [case for case in every if case.ended is None or case.ended.last_day >= since]
    lists = _lists_of(connection, version, sorted({case.entry for case in cases}))
    found, unsure = defaultdict[str, Counter[Outcome]](Counter), Counter[str]()
    for case in cases:
        last = last_day(case.kind, lists[case.entry], case.received) if case.entry in lists else None
        outcome = _outcome(case, last, today)
        found[PROCEDURES[case.kind]][outcome] += 1
        unsure[PROCEDURES[case.kind]] += outcome is not Outcome.UNKNOWN and last is not None and not last.sure
    return {procedure: Timely(dict(found[procedure]), unsure[procedure]) for procedure in PROCEDURES.values()}


def _cases(entry: str, events: Sequence[Any]) -> Iterator[_Case]:
    """Each procedure from the newest event that began it to the first that closed it, as `is_open` reads them."""
    for kind in PROCEDURES:
        begun: Any = None
        for number, event in enumerate(events):
            if event.kind == kind:
                begun = event
            elif begun is not None and not is_open(kind, events[: number + 1]):
                yield _Case(entry, kind, when_of(begun.at).day, when_of(event.at))
                begun = None
        if begun is not None:
            yield _Case(entry, kind, when_of(begun.at).day, None)


def _outcome(case: _Case, last: Deadline | None, today: date) -> Outcome:
    if last is None or last.due is None:
        return Outcome.UNKNOWN
    if case.ended is None:
        return Outcome.OVERDUE if last.overdue(today) else Outcome.PENDING
    if case.ended.last_day <= last.due:
        return Outcome.MET
    return Outcome.MISSED if case.ended.day > last.due else Outcome.UNKNOWN


def _lists_of(connection: Connection, version: int, entries: Sequence[str]) -> dict[str, str]:
    found = dict[str, str]()
    for first in range(0, len(entries), _AT_ONCE):
        part = entries[first : first + _AT_ONCE]
        rows = rows_seen(connection, "entry", "t.number, t.list", version, f"t.number IN ({marks(part)})", part)
        found |= {row.number: row.list for row in rows}
    return found
