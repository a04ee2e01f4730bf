"""What waits for a person, the oldest first: found once a process, and then kept by what was added since.

A decision that was determined never waits again, so what was found needs only the reviews and determinations since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from engine.ledger.counting import DAY, bounds, determined_since, left_since, undetermined
from engine.registry.store import Store
from engine.services.counting import LATE
from engine.services.moments import utc_now
from engine.services.searching import Reaches

# The most that are held; where more wait, the oldest are, and it is said that there are more.
MOST = 20_000


@dataclass(frozen=True, slots=True, order=True)
class Waits:
    """A decision that waits for a person, since `ticks`; in the order in which they are to be taken."""

    ticks: int
    id: str
    scenario: str
    place: str | None

    @property
    def recorded_at(self) -> str:
        """The time since when, as texts have it."""
        return (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=self.ticks)).isoformat(timespec="microseconds")

    def days(self, now: int) -> int:
        """For how many whole days it has waited; `now` in microseconds."""
        return max(0, now - self.ticks) // DAY


@dataclass(frozen=True, slots=True)
class Queue:
    """What of it whoever asks may see, at a moment; `more` if there were too many to hold them all."""

    at: int
    lines: Sequence[Waits]
    more: bool


class Waiting:
    """What waits in one ledger, kept by one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[str, Waits] = {}
        self._since = self._asked = 0
        self._more = False

    def queue(self, ledger: Store, reaches: Reaches) -> Queue:
        """All that waits now and that whoever asks may see, the oldest first."""
        now = int(utc_now().timestamp() * 1_000_000)
        with self._lock:
            with ledger.snapshot() as connection:
                ends = bounds(connection)
                if ends is None or not self._since or now < self._asked - LATE:
                    self._find(connection)
                else:
                    self._follow(connection)
                self._since = max(1, min(now, ends[1]) - LATE) if ends else 0
            self._asked = now
            held, more = sorted(self._held.values()), self._more
        return Queue(now, [one for one in held if reaches(one.scenario, one.place)], more)

    def _find(self, connection: Any) -> None:
        rows = undetermined(connection, MOST + 1)
        self._more = len(rows) > MOST
        self._held = {row.id: Waits(row.ticks, row.id, row.scenario, row.place) for row in rows[:MOST]}

    def _follow(self, connection: Any) -> None:
        """What came since the last time, late ones included: what is determined of it goes again at once."""
        for row in left_since(connection, self._since):
            if self._more and row.id not in self._held:
                continue  # there are older ones that are not held
            self._held[row.id] = Waits(row.ticks, row.id, row.scenario, row.place)
        for decision in determined_since(connection, self._since):
            self._held.pop(decision, None)
        if len(self._held) > MOST:
            self._more = True
            self._held = {one.id: one for one in sorted(self._held.values())[:MOST]}
        if self._more and len(self._held) < MOST // 2:  # so many are gone that the next ones are to be found
            self._find(connection)


_WAITING = WeakKeyDictionary[Store, Waiting]()
_MAKING = Lock()


def queue_of(ledger: Store, reaches: Reaches) -> Queue:
    """What waits in the open ledger and whoever asks may see, by what the process knows of it."""
    with _MAKING:
        waiting = _WAITING.setdefault(ledger, Waiting())
    return waiting.queue(ledger, reaches)
