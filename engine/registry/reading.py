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
from engine.registry.shelf import Shelf, in_parts, marks, named_blocks, newest_of
from engine.registry.states import BY_NAME
from engine.registry.store import ask
from engine.vocabulary import FactType, Span, Vocabulary

# The registry itself, or what was taken out of it beforehand.
Source = Connection | Shelf
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
    source: Source, book: str, columns: str, version: int, among: Sequence[str], keys: Sequence[str]
) -> list[Any]:
    """Rows that count at the version and hold one of the keys in one of the columns `among`; none for no keys."""
    if isinstance(source, Shelf):
        return source.rows_about(book, version, among, keys)
    found = []
    for part in in_parts(keys):
        where = " OR ".join(f"t.{column} IN ({marks(part)})" for column in among)
        found += rows_seen(source, book, columns, version, f"({where})", [*part] * len(among))
    return found


def register_of(
    source: Source,
    subjects: Iterable[str],
    version: int,
    vocabulary: Vocabulary,
    arrived: Mapping[str, str] | None = None,
) -> Register:
    """Everything known at the version of these subjects and of those they are tied to.

    `arrived` is what `arrivals_at` says of the version, where that is at hand: it is the same for all subjects.

    A row seen at a version is seen at it for ever, so the reads need no common snapshot. Few queries, however many
    subjects are asked about.
    """
    asked = tuple(dict.fromkeys(subjects))
    keys = keys_of(source, asked, version)
    relations = _relations(source, keys, version)
    others = sorted({end for tie in relations for end in (tie.near, tie.far)} - set(asked))
    keys |= keys_of(source, others, version)
    rows = entry_rows(source, keys, version)
    entries = entries_of(source, rows, version, vocabulary)
    names = names_of(source, {subject: keys[subject] for subject in asked}, rows, version)
    arrivals = arrivals_at(source, version) if arrived is None else arrived
    lists = {code: (when_of(said),) for code, said in arrivals.items() if code in vocabulary.lists}
    known = frozenset(kind for kind in RELATION_KINDS if f"relation:{kind}" in arrivals)
    return Register(tuple(entries), relations, lists, known, candidates_of(source, names, version))


def take_out(shelf: Shelf, subjects: Sequence[str], version: int) -> None:
    """Put on the shelf what the registers of these subjects are made of, at the version and before, read at once."""
    keys = keys_of(shelf, subjects, version)
    ties = _relations(shelf, keys, version)
    keys |= keys_of(shelf, sorted({end for tie in ties for end in (tie.near, tie.far)}.difference(keys)), version)
    rows = entry_rows(shelf, keys, version)
    numbers = [*{row.number: None for own in rows.values() for row in own}]
    rows_about(shelf, "event", "t.*", version, ("entry",), numbers)
    candidates_of(shelf, names_of(shelf, {subject: keys[subject] for subject in subjects}, rows, version), version)


def keys_of(source: Source, subjects: Sequence[str], version: int) -> dict[str, tuple[str, ...]]:
    """Every key each subject's entries may stand under: its own, its other codes, and the one an old code leads to."""
    owners, codes = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for row in rows_about(source, "subject_code", "t.subject, t.code", version, ("code", "subject"), subjects):
        owners[row.code].append(row.subject)
        codes[row.subject].append(row.code)
    found = {subject: [subject, *owners[subject]] for subject in subjects}
    others = sorted({owner for own in found.values() for owner in own}.difference(subjects))
    for row in rows_about(source, "subject_code", "t.subject, t.code", version, ("subject",), others):
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
    source: Source, keys: Mapping[str, Sequence[str]], rows: Mapping[str, Sequence[Any]], version: int
) -> dict[str, tuple[str, ...]]:
    """The names each subject is known by: registered ones first, then those printed with its entries."""
    owners = _owners(keys)
    found: dict[str, dict[str, None]] = {subject: {} for subject in keys}
    for row in rows_about(source, "subject_name", "t.subject, t.name", version, ("subject",), [*owners]):
        for subject in owners[row.subject]:
            found[subject][row.name] = None
    for subject in keys:
        found[subject] |= {row.name: None for row in rows.get(subject, ()) if row.name}
    return {subject: tuple(names) for subject, names in found.items()}


def entries_of(source: Source, rows: Mapping[str, Sequence[Any]], version: int, vocabulary: Vocabulary) -> list[Entry]:
    """The entries of the rows, with their events, as the engine reads them."""
    wanted = [(subject, row) for subject, own in rows.items() for row in own if row.list in vocabulary.lists]
    events: dict[str, list[Event]] = defaultdict(list)
    numbers = [*dict.fromkeys(row.number for _, row in wanted)]
    for event in rows_about(source, "event", "t.entry, t.kind, t.at", version, ("entry",), numbers):
        # Steps of a procedure (an application made or refused) change nothing the law looks at.
        if event.kind in HAPPENINGS:
            events[event.entry].append(Event(event.kind, when_of(event.at)))
    return [_entry(subject, row, events[row.number], vocabulary) for subject, row in wanted]


def arrivals_at(source: Source, version: int) -> dict[str, str]:
    """The data time of the newest arrival of each list, as known at the version."""
    if isinstance(source, Shelf):
        return source.arrivals(version)
    return newest_of(rows_seen(source, "arrival", "t.list, t.data_time, t.ticks", version, "1 = 1"))


def candidates_of(source: Source, names: Mapping[str, Sequence[str]], version: int) -> tuple[Candidate, ...]:
    """Entries known by a name only that may be one of these subjects': a person must look."""
    sought = defaultdict[str, dict[str, None]](dict)
    for subject, own in names.items():
        for block in (block for name in own for block in blocks(name)):
            sought[block][subject] = None
    every, near = sorted(sought), defaultdict[str, dict[str, None]](dict)
    found_by = source.by_block(every) if isinstance(source, Shelf) else named_blocks(source, every)
    for row in found_by:  # its entries are asked for at the version
        near[row.subject] |= sought[row.block]
    like = {key: [s for s in found if any(_alike(name, key) for name in names[s])] for key, found in near.items()}
    keys = [key for key, subjects in like.items() if subjects]
    rows = rows_about(source, "entry", "t.subject, t.list, t.number", version, ("subject",), keys)
    return tuple(Candidate(subject, row.list, row.number) for row in rows for subject in like[row.subject])


def _alike(name: str, key: str) -> bool:
    return likeness(name, key.removeprefix(BY_NAME)) >= LIKE


def entry_rows(source: Source, keys: Mapping[str, Sequence[str]], version: int) -> dict[str, list[Any]]:
    """The rows of each subject's entries that count at the version."""
    owners, found = _owners(keys), defaultdict[str, list[Any]](list)
    for row in rows_about(source, "entry", "t.*", version, ("subject",), [*owners]):
        for subject in owners[row.subject]:
            found[subject].append(row)
    return found


def _entry(subject: str, row: Any, events: Sequence[Event], vocabulary: Vocabulary) -> Entry:
    facts = {name: _value(name, value, vocabulary) for name, value in json.loads(row.facts).items()}
    dates = {name: when_of(text) for name, text in json.loads(row.dates).items()}
    return Entry(subject, row.list, dates, facts, tuple(events), row.document, row.body, row.number)


def _relations(source: Source, keys: Mapping[str, Sequence[str]], version: int) -> tuple[Relation, ...]:
    """The subjects' ties, their own ends named as they were asked about."""
    owners = _owners(keys)
    ties = (
        Relation(row.kind, near, far, _span(row.since, row.until))
        for row in rows_about(source, "relation", "t.*", version, ("near", "far"), [*owners])
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
