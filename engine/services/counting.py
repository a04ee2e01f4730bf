"""How many decisions there were, by day or month, scenario, verdict and place: what is over is counted once a process.

Decisions are only ever added, so a past hour is counted for good a little after it ended; the hours since are counted
each time. Older days are counted when they are first asked for, as many as can be within a bounded time.
"""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from engine.ledger.counting import AHEAD, DAY, HOUR, bounds, counted
from engine.registry.store import Store
from engine.services.moments import utc_now
from engine.services.searching import Reaches

# What a leaf may need from its time to its commit, the clocks of all machines included, in microseconds.
LATE = HOUR // 6
# Seconds in which older days are counted, for one who asks.
BUDGET = 0.5

# By the first day of each span: scenario, verdict and place.
Spans = dict[date, Counter[tuple[str, str, str | None]]]
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Counts:
    """Decisions by the first day of their day or month, scenario and verdict.

    `since` is the first day that was counted whole: later than asked, if there was no time for more yet.
    """

    since: date
    found: Mapping[tuple[date, str, str], int]


@dataclass(slots=True)
class _Sums:
    """The same decisions by day and by month, so that a year can be told without its days."""

    days: Spans = field(default_factory=dict)
    months: Spans = field(default_factory=dict)

    def add(self, connection: Any, first: int, end: int) -> None:
        """Those of a time that was not counted yet."""
        for row in counted(connection, first, end):
            day, key = _EPOCH + timedelta(days=row.day), (row.scenario, row.verdict, row.place)
            self.days.setdefault(day, Counter())[key] += row.n
            self.months.setdefault(day.replace(day=1), Counter())[key] += row.n


class Tally:
    """The counts of one ledger, kept by one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._low = self._high = self._asked = 0  # all between is in `_kept`
        self._kept = _Sums()

    def counts(self, ledger: Store, since: date, monthly: bool, reaches: Reaches) -> Counts:
        """Decisions from that day on that whoever asks may see, by day or by month."""
        with self._lock, ledger.reading() as connection:
            ends = bounds(connection)
            if ends is None:
                return Counts(since, {})
            first = max(_start(since), ends[0])
            fresh = self._advance(connection, ends[1])
            self._go_back(connection, first)
            reached = since if self._low <= first else _day_of(self._low + DAY - 1)  # the first that is whole
            found, may_see = Counter[tuple[date, str, str]](), cache(reaches)
            begin = reached.replace(day=1) if monthly else reached
            for sums in (self._kept, fresh):
                for day, counter in (sums.months if monthly else sums.days).items():
                    for (scenario, verdict, place), n in counter.items() if day >= begin else ():
                        if may_see(scenario, place):
                            found[day, scenario, verdict] += n
        return Counts(reached, found)

    def _advance(self, connection: Any, newest: int) -> _Sums:
        """Count for good what has been over for a while; what is left is counted now, and forgotten."""
        now = int(utc_now().timestamp() * 1_000_000)
        over = (min(now, newest) - LATE) // HOUR * HOUR
        if now < self._asked - LATE or not self._high:  # a clock was set back, or this is the first time
            self._low, self._high, self._kept = over, over, _Sums()
        self._asked = now
        if over > self._high:
            self._kept.add(connection, self._high, over)
            self._high = over
        fresh = _Sums()
        fresh.add(connection, self._high, 1 << 62)
        return fresh

    def _go_back(self, connection: Any, wanted: int) -> None:
        """Older days, one by one, as long as there is time."""
        began = time.monotonic()
        while self._low > wanted and time.monotonic() - began < BUDGET:
            first = (self._low - 1 + AHEAD) // DAY * DAY - AHEAD  # of the day that ends here, or in which this lies
            self._kept.add(connection, first, self._low)
            self._low = first


_TALLIES = WeakKeyDictionary[Store, Tally]()
_MAKING = Lock()


def counts_since(ledger: Store, since: date, monthly: bool, reaches: Reaches) -> Counts:
    """Decisions from that day on that whoever asks may see, by the process's one tally of the open ledger."""
    with _MAKING:
        tally = _TALLIES.setdefault(ledger, Tally())
    return tally.counts(ledger, since, monthly, reaches)


def _start(day: date) -> int:
    return (day - _EPOCH).days * DAY - AHEAD


def _day_of(ticks: int) -> date:
    return _EPOCH + timedelta(days=(ticks + AHEAD) // DAY)
