"""What somebody must still do: objections not settled and applications for repair not decided, with their last days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
# What is decided by an event, and from which day the steps after it count.
DECIDED = {
    "settled": ("objection", "decided"),
    "repaired": ("repair", "decided"),
    "annulled": ("annulment", "annulled"),
}


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


# What follows from an event of a kind on a day for an entry of a list, in one place by one vocabulary.
Worked = dict[tuple[str, str, date], list[Due]]


def due_steps(
    connection: Connection, version: int, vocabulary: Vocabulary, place: str | None, worked: Worked | None = None
) -> list[Due]:
    """Every pending step that has a deadline in the place, the earliest first; those without a computable day last.

    `worked` keeps what was worked out for the place and vocabulary, from one version to the next.
    """
    deadlines, worked, found = Deadlines.of(vocabulary), {} if worked is None else worked, list[Due]()
    for row, event in _pending(connection, version):
        key = row.list, event.kind, read_when(event.at).day
        if key not in worked:
            worked[key] = steps_of("", *key, deadlines, place)
        found += [replace(due, entry=row.number) for due in worked[key]]
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


def steps_of(
    entry: str, list_code: str, kind: str, received: date, deadlines: Deadlines, place: str | None,
    only: Sequence[str] = (),
) -> list[Due]:  # fmt: skip
    """The steps that count from receipt, and those from acceptance, taken to come on the last day there is for it.

    `kind` is what came in, one of PROCEDURES, on the day `received`; `only` names the steps wanted, if not all are.
    """
    procedure = PROCEDURES[kind]
    accepted = deadlines.deadline(procedure, ACCEPT, place, received, list_code) if procedure == "repair" else None
    starts = {FROM_RECEIPT: received, FROM_ACCEPTANCE: (accepted and accepted.due) or received}
    found = []
    for step in only or deadlines.vocabulary.handling.procedures[procedure].steps:
        rule = deadlines.deadline(procedure, step, place, received, list_code)
        if rule and rule.rule.start in starts:
            deadline = deadlines.deadline(procedure, step, place, starts[rule.rule.start], list_code)
            found += [Due(entry, list_code, procedure, step, deadline)] if deadline else []
    return found


def steps_after(entry: str, list_code: str, kind: str, day: date, deadlines: Deadlines, place: str | None) -> list[Due]:
    """The steps with a deadline in the place that an event of this kind on this day brings about, the earliest first.

    An application's or an objection's own; and those that count from the decision or annulment which the event is.
    """
    if kind in PROCEDURES:
        found = steps_of(entry, list_code, kind, day, deadlines, place)
    else:
        procedure, start = DECIDED.get(kind, ("", ""))
        steps = deadlines.vocabulary.handling.procedures[procedure].steps if procedure else ()
        counted = ((step, deadlines.deadline(procedure, step, place, day, list_code)) for step in steps)
        found = [
            Due(entry, list_code, procedure, step, one) for step, one in counted if one and one.rule.start == start
        ]
    return sorted(found, key=lambda due: (due.deadline.due or date.max, due.step))
