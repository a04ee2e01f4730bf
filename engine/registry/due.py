"""What somebody must still do: objections not settled and applications for repair not decided, with their last days."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.calendar import read_when
from engine.registry.deadlines import Deadline, Deadlines
from engine.registry.events import is_open
from engine.registry.reading import rows_seen
from engine.registry.shelf import marks
from engine.vocabulary import Vocabulary

# What is pending after an event, and the steps that count from the day it came in.
PROCEDURES = {"disputed": "objection", "applied": "repair"}
FROM_RECEIPT, FROM_ACCEPTANCE, ACCEPT = "received", "accepted", "accept"


@dataclass(frozen=True, slots=True)
class Due:
    """One step of one pending procedure."""

    entry: str
    list: str
    procedure: str
    step: str
    deadline: Deadline

    def overdue(self, today: date) -> bool:
        """Whether its last day is over; of a day that cannot be computed nobody says so."""
        return bool(self.deadline.overdue(today))


def due_steps(connection: Connection, version: int, vocabulary: Vocabulary, place: str | None) -> list[Due]:
    """Every pending step that has a deadline in the place, the earliest first; those without a computable day last."""
    deadlines = Deadlines.of(vocabulary)
    found = [due for row, event in _pending(connection, version) for due in _steps(row, event, deadlines, place)]
    return sorted(found, key=lambda due: (due.deadline.due or date.max, due.entry, due.procedure, due.step))


def _pending(connection: Connection, version: int) -> list[tuple[Any, Any]]:
    """Entries with the newest event of a kind that is not closed yet."""
    begun = rows_seen(connection, "event", "DISTINCT t.entry", version, "t.kind IN ('disputed', 'applied')", order="")
    numbers = [row.entry for row in begun]
    pending = []
    for first in range(0, len(numbers), 5_000):
        part = numbers[first : first + 5_000]
        events: dict[str, list[Any]] = {number: [] for number in part}
        for event in rows_seen(
            connection, "event", "t.entry, t.kind, t.at", version, f"t.entry IN ({marks(part)})", part
        ):
            events[event.entry].append(event)
        rows = rows_seen(connection, "entry", "t.number, t.list", version, f"t.number IN ({marks(part)})", part)
        pending += [
            (row, [event for event in events[row.number] if event.kind == kind][-1])
            for row in rows
            for kind in PROCEDURES
            if is_open(kind, events[row.number])
        ]
    return pending


def _steps(row: Any, event: Any, deadlines: Deadlines, place: str | None) -> list[Due]:
    """The steps that count from receipt, and those from acceptance, taken to come on the last day there is for it."""
    procedure, received = PROCEDURES[event.kind], read_when(event.at).day
    accepted = deadlines.deadline(procedure, ACCEPT, place, received, row.list) if procedure == "repair" else None
    starts = {FROM_RECEIPT: received, FROM_ACCEPTANCE: (accepted and accepted.due) or received}
    found = []
    for step in deadlines.vocabulary.handling.procedures[procedure].steps:
        rule = deadlines.deadline(procedure, step, place, received, row.list)
        if rule and rule.rule.start in starts:
            deadline = deadlines.deadline(procedure, step, place, starts[rule.rule.start], row.list)
            found += [Due(row.number, row.list, procedure, step, deadline)] if deadline else []
    return found
