"""What the registry knows of some subjects at a version: the part of a `Register` a decision needs, and no more."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from engine.calendar import When, between, read_day, read_when
from engine.inquiry import HAPPENINGS, RELATION_KINDS, UNKNOWN, Candidate, Entry, Event, Known, Register, Relation
from engine.registry.names import LIKE, blocks, likeness
from engine.registry.states import BY_NAME
from engine.registry.store import ask
from engine.vocabulary import FactType, Span, Vocabulary

# A database takes so many values in a query, and not many more.
MOST_KEYS = 5_000
# What ends an entry by somebody's decision.
ENDS = frozenset({"repaired", "removed", "annulled"})
# A row counts at a version if its change has one up to it and no closing of it has.
_SEEN = (
    'JOIN "change" c ON c.id = t.change AND c.version <= ? '
    'WHERE NOT EXISTS (SELECT 1 FROM closing x JOIN "change" y ON y.id = x.change '
    "WHERE x.book = '{book}' AND x.row_id = t.id AND y.version <= ?)"
)


def rows_seen(
    connection: Connection,
    book: str,
    columns: str,
    version: int,
    where: str,
    values: Sequence[Any] = (),
    order: str = "t.id",
    most: int = 0,
) -> list[Any]:
    """Rows of a table that count at the version, in the order they were written; `where` names its columns as `t.…`."""
    text = f'SELECT {columns} FROM "{book}" t {_SEEN.format(book=book)} AND {where}'
    text += f" ORDER BY {order}" * bool(order) + f" LIMIT {most}" * bool(most)
    return ask(connection, text, (version, version, *values))


def rows_about(
    connection: Connection, book: str, columns: str, version: int, among: Sequence[str], keys: Sequence[str]
) -> list[Any]:
    """Rows that count at the version and hold one of the keys in one of the columns `among`; none for no keys."""
    found = []
    for first in range(0, len(keys), MOST_KEYS):
        part = keys[first : first + MOST_KEYS]
        where = " OR ".join(f"t.{column} IN ({marks(part)})" for column in among)
        found += rows_seen(connection, book, columns, version, f"({where})", [*part] * len(among))
    return found


def marks(values: Sequence[Any]) -> str:
    """As many `?` as there are values."""
    return ", ".join("?" * len(values))


def register_of(connection: Connection, subjects: Iterable[str], version: int, vocabulary: Vocabulary) -> Register:
    """Everything known at the version of these subjects and of those they are tied to.

    A row seen at a version is seen at it for ever, so the reads need no common snapshot. Few queries, however many
    subjects are asked about.
    """
    asked = tuple(dict.fromkeys(subjects))
    keys = keys_of(connection, asked, version)
    relations = _relations(connection, keys, version)
    others = sorted({end for tie in relations for end in (tie.near, tie.far)} - set(asked))
    keys |= keys_of(connection, others, version)
    rows = entry_rows(connection, keys, version)
    entries = entries_of(connection, rows, version, vocabulary)
    names = names_of(connection, {subject: keys[subject] for subject in asked}, rows, version)
    arrivals = arrivals_at(connection, version)
    lists = {code: (when_of(said),) for code, said in arrivals.items() if code in vocabulary.lists}
    known = frozenset(kind for kind in RELATION_KINDS if f"relation:{kind}" in arrivals)
    return Register(tuple(entries), relations, lists, known, candidates_of(connection, names, version))


def keys_of(connection: Connection, subjects: Sequence[str], version: int) -> dict[str, tuple[str, ...]]:
    """Every key each subject's entries may stand under: its own, its other codes, and the one an old code leads to."""
    owners, codes = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for row in rows_about(connection, "subject_code", "t.subject, t.code", version, ("code", "subject"), subjects):
        owners[row.code].append(row.subject)
        codes[row.subject].append(row.code)
    found = {subject: [subject, *owners[subject]] for subject in subjects}
    others = sorted({owner for own in found.values() for owner in own}.difference(subjects))
    for row in rows_about(connection, "subject_code", "t.subject, t.code", version, ("subject",), others):
        codes[row.subject].append(row.code)
    return {
        subject: tuple(dict.fromkeys(key for owner in own for key in (owner, *codes[owner], *_inner(owner))))
        for subject, own in found.items()
    }


def _inner(code: str) -> tuple[str, ...]:
    """The organisation code that stands inside a unified one: older entries carry only that."""
    return (code[8:17],) if len(code) == 18 and code.isalnum() else ()


def _owners(keys: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Whose each key is: two subjects may give the same old code, and then its entries may be either's."""
    found = defaultdict[str, list[str]](list)
    for subject, own in keys.items():
        for key in own:
            found[key].append(subject)
    return found


def names_of(
    connection: Connection, keys: Mapping[str, Sequence[str]], rows: Mapping[str, Sequence[Any]], version: int
) -> dict[str, tuple[str, ...]]:
    """The names each subject is known by: registered ones first, then those printed with its entries."""
    owners = _owners(keys)
    found: dict[str, dict[str, None]] = {subject: {} for subject in keys}
    for row in rows_about(connection, "subject_name", "t.subject, t.name", version, ("subject",), [*owners]):
        for subject in owners[row.subject]:
            found[subject][row.name] = None
    for subject in keys:
        found[subject] |= {row.name: None for row in rows.get(subject, ()) if row.name}
    return {subject: tuple(names) for subject, names in found.items()}


def entries_of(
    connection: Connection, rows: Mapping[str, Sequence[Any]], version: int, vocabulary: Vocabulary
) -> list[Entry]:
    """The entries of the rows, with their events, as the engine reads them."""
    wanted = [(subject, row) for subject, own in rows.items() for row in own if row.list in vocabulary.lists]
    events: dict[str, list[Event]] = defaultdict(list)
    numbers = [*dict.fromkeys(row.number for _, row in wanted)]
    for event in rows_about(connection, "event", "t.entry, t.kind, t.at", version, ("entry",), numbers):
        # Steps of a procedure (an application made or refused) change nothing the law looks at.
        if event.kind in HAPPENINGS:
            events[event.entry].append(Event(event.kind, when_of(event.at)))
    return [_entry(subject, row, events[row.number], vocabulary) for subject, row in wanted]


def arrivals_at(connection: Connection, version: int) -> dict[str, str]:
    """The data time of the newest arrival of each list, as known at the version."""
    newest: dict[str, tuple[int, str]] = {}
    for row in rows_seen(connection, "arrival", "t.list, t.data_time, t.ticks", version, "1 = 1"):
        newest[row.list] = max(newest.get(row.list, (0, "")), (row.ticks, row.data_time))
    return {code: said for code, (_, said) in sorted(newest.items())}


def candidates_of(connection: Connection, names: Mapping[str, Sequence[str]], version: int) -> tuple[Candidate, ...]:
    """Entries known by a name only that may be one of these subjects': a person must look."""
    sought = {subject: {block for name in own for block in blocks(name)} for subject, own in names.items()}
    every = sorted(set().union(*sought.values()))
    near = defaultdict[str, set[str]](set)
    found_by = f"SELECT block, subject FROM name_block WHERE block IN ({marks(every)})"
    for row in ask(connection, found_by, every) if every else ():  # its entries are asked for at the version
        near[row.subject].add(row.block)
    like = {
        key: [s for s, own in names.items() if found & sought[s] and any(_alike(name, key) for name in own)]
        for key, found in near.items()
    }
    keys = [key for key, subjects in like.items() if subjects]
    rows = rows_about(connection, "entry", "t.subject, t.list, t.number", version, ("subject",), keys)
    return tuple(Candidate(subject, row.list, row.number) for row in rows for subject in like[row.subject])


def _alike(name: str, key: str) -> bool:
    return likeness(name, key.removeprefix(BY_NAME)) >= LIKE


def entry_rows(connection: Connection, keys: Mapping[str, Sequence[str]], version: int) -> dict[str, list[Any]]:
    """The rows of each subject's entries that count at the version."""
    owners, found = _owners(keys), defaultdict[str, list[Any]](list)
    for row in rows_about(connection, "entry", "t.*", version, ("subject",), [*owners]):
        for subject in owners[row.subject]:
            found[subject].append(row)
    return found


def _entry(subject: str, row: Any, events: Sequence[Event], vocabulary: Vocabulary) -> Entry:
    facts = {name: _value(name, value, vocabulary) for name, value in json.loads(row.facts).items()}
    dates = {name: when_of(text) for name, text in json.loads(row.dates).items()}
    return Entry(subject, row.list, dates, facts, tuple(events), row.document, row.body, row.number)


def _relations(connection: Connection, keys: Mapping[str, Sequence[str]], version: int) -> tuple[Relation, ...]:
    """The subjects' ties, their own ends named as they were asked about."""
    owners = _owners(keys)
    ties = (
        Relation(row.kind, near, far, _span(row.since, row.until))
        for row in rows_about(connection, "relation", "t.*", version, ("near", "far"), [*owners])
        for near in owners.get(row.near, (row.near,))
        for far in owners.get(row.far, (row.far,))
    )
    return tuple(dict.fromkeys(ties))


@lru_cache(maxsize=65536)
def when_of(text: str) -> When:
    """The time an event or a date is kept as: a day, an instant, or `day/day` for somewhere between."""
    first, slash, last = text.partition("/")
    return between(read_day(first), read_day(last)) if slash else read_when(text)


def _span(since: str, until: str) -> Span:
    return Span(read_day(since) if since else None, read_day(until) if until else None)


def _value(name: str, value: int | str | bool | None, vocabulary: Vocabulary) -> Known:
    if value is None:
        return UNKNOWN
    record = vocabulary.facts.get(name)
    if record and record.type is FactType.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value
