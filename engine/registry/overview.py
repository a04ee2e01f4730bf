"""What the registry holds, for people: lists with their age, a subject's timeline, and changes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.calendar import When, later, read_when
from engine.inquiry import Entry, Relation
from engine.registry.reading import arrivals_at, entry_rows, keys_of, names_of, register_of, rows_seen, when_of
from engine.registry.sources import cadences_at
from engine.registry.store import Store, ask
from engine.vocabulary import ListRecord, Vocabulary


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list: its newest data, how many entries stand, and until when a scenario may rely on it."""

    record: ListRecord
    data_time: When | None
    entries: int
    relied_until: When | None
    wanted_by: tuple[str, ...]
    cadence_days: int = 0  # 0: nothing was agreed

    def late(self, moment: When) -> bool:
        """Whether it should have come again by the moment."""
        if not self.cadence_days or self.data_time is None:
            return False
        return later(self.data_time, self.cadence_days).last < moment.first

    def known(self, moment: When) -> bool:
        """Whether a scenario may rely on the list at the moment."""
        return self.relied_until is not None and moment.last <= self.relied_until.last


@dataclass(frozen=True, slots=True)
class Dated:
    """One line of a timeline: what happened to which entry, and since which version the registry knows it."""

    at: When
    what: str
    entry: Entry
    version: int
    document: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything known of a subject at a version, in the order of its days."""

    subject: str
    names: tuple[str, ...]
    entries: tuple[Entry, ...]
    relations: tuple[Relation, ...]
    lines: tuple[Dated, ...]
    version: int


def lists_at(connection: Connection, version: int, vocabulary: Vocabulary) -> list[ListLine]:
    """Every list of the vocabulary, arrived or not, in its order."""
    arrivals, cadences = arrivals_at(connection, version), cadences_at(connection, version)
    counted = rows_seen(connection, "entry", "t.list, COUNT(*) AS n", version, "1 = 1 GROUP BY t.list", order="t.list")
    counts = {row.list: row.n for row in counted}
    return [
        _line(record, arrivals.get(code), counts.get(code, 0), cadences.get(code, 0), vocabulary)
        for code, record in vocabulary.lists.items()
    ]


def timeline_of(connection: Connection, subject: str, version: int, vocabulary: Vocabulary) -> Timeline:
    """The subject's own entries and what happened to them, as known at the version."""
    register = register_of(connection, [subject], version, vocabulary)
    own = [entry for entry in register.entries if entry.subject == subject]
    lines = [line for entry in own for line in _dated(connection, entry, version)]
    lines.sort(key=lambda line: (line.at.first, line.version, line.what))
    keys = keys_of(connection, [subject], version)
    names = names_of(connection, keys, entry_rows(connection, keys, version), version)[subject]
    return Timeline(subject, names, tuple(own), register.relations, tuple(lines), version)


def knows_persons(store: Store) -> bool:
    """Whether any entry is a natural person's: then the key they were digested with is needed."""
    with store.reading() as connection:
        return bool(ask(connection, "SELECT subject FROM entry WHERE subject LIKE ? LIMIT 1", ("person:%",)))


def _line(record: ListRecord, said: str | None, entries: int, cadence: int, vocabulary: Vocabulary) -> ListLine:
    data_time = read_when(said) if said else None
    wanted = tuple(code for code, s in vocabulary.scenarios.items() if record.code in s.consults + s.benefits_consult)
    relied = later(data_time, record.fresh) if data_time else None
    return ListLine(record, data_time, entries, relied, wanted, cadence)


def _dated(connection: Connection, entry: Entry, version: int) -> list[Dated]:
    learned = rows_seen(connection, "entry", "c.version", version, "t.number = ?", (entry.number,))
    since = learned[0].version if learned else 0
    lines = [Dated(when, name, entry, since, entry.document) for name, when in entry.dates.items()]
    events = rows_seen(
        connection, "event", "t.kind, t.at, t.document, t.reason, c.version", version, "t.entry = ?", (entry.number,)
    )
    return lines + [_event(entry, event) for event in events]


def _event(entry: Entry, row: Any) -> Dated:
    return Dated(when_of(row.at), row.kind, entry, row.version, row.document, row.reason)
