"""Lists on their way into a registry, made by hand in the words of `builders.VOCABULARY`, and questions about it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import text

from engine.calendar import read_when
from engine.identity import synthetic_code
from engine.inquiry import Entry, Register
from engine.registry.chain import BOOKS, CHANGES, Broken, latest, table_of, verify
from engine.registry.changes import Head
from engine.registry.events import Happened, Recorded, record_event
from engine.registry.faults import RowFault
from engine.registry.importing import Report, Row, Wanted, import_rows
from engine.registry.reading import register_of
from engine.registry.rows import Incoming
from engine.registry.store import Store
from engine.vocabulary import Vocabulary
from tests.builders import VOCABULARY, A

# Noon in Shanghai of the tests' usual day.
NOW = datetime(2024, 6, 10, 4, tzinfo=UTC)
MORNING = "2024-06-10T08:00+08:00"


def digested(number: str) -> str:
    """A stand-in for the keyed digest of a person's number."""
    return f"person:test:{sha256(number.encode()).hexdigest()}"


def head(kind: str = "import", now: datetime = NOW, **said: str) -> Head:
    """The head of a write by nobody in particular."""
    return Head(kind, "tester", now, **said)


def row(code: str = A, document: str = "1号", line: int = 2, **said: Any) -> Incoming:
    """A row of the list `black`; `dates` and `facts` as they are, or `listed` and `amount` alone."""
    dates: Mapping[str, str] = said.pop("dates", {"listed": said.pop("listed", "2024-01-10")})
    facts: Mapping[str, Any] = said.pop("facts", {"amount": said.pop("amount")} if "amount" in said else {})
    given: dict[str, Any] = {"name": "", "other_codes": (), "person": "", "kind": "", "body": ""}
    return Incoming(line, code=code, document=document, dates=dates, facts=facts, **(given | said))


def many(count: int, **said: object) -> list[Incoming]:
    """Rows of so many firms."""
    return [row(synthetic_code(number), f"{number}号", **said) for number in range(count)]


def faulty(line: int = 2) -> Sequence[RowFault]:
    """A row that cannot be read."""
    return (RowFault(line, "listed", "R503", "没有填写", "left empty"),)


def bring(
    store: Store, rows: Iterable[Row], list_code: str = "black", at: str = MORNING, now: datetime = NOW, **how: Any
) -> Report:
    """The rows imported as that list; `how` as in `Wanted`."""
    given = head(now=now, list=list_code, data_time=at)
    return import_rows(store, rows, Wanted(list_code, read_when(at), **how), given, digested)


def happen(store: Store, entry: str, verb: str, at: str = "2024-06-01", now: datetime = NOW) -> Recorded:
    """An event recorded."""
    return record_event(store, Happened(entry, verb, at, "处1号", "why"), head("event", now))


def newest(store: Store) -> int:
    """The newest version."""
    with store.reading() as connection:
        return latest(connection).number


def known(store: Store, *subjects: str, version: int | None = None, vocabulary: Vocabulary = VOCABULARY) -> Register:
    """What is known of the subjects at a version, now if none is given."""
    with store.reading() as connection:
        at = latest(connection).number if version is None else version
        return register_of(connection, subjects or (A,), at, vocabulary)


def only_entry(store: Store, subject: str = A, version: int | None = None) -> Entry:
    """The one entry that is known of the subject."""
    (entry,) = known(store, subject, version=version).by_subject[subject]
    return entry


def broken(store: Store) -> list[int]:
    """The versions at which the chain does not hold."""
    with store.snapshot() as connection:
        return [found.version for found in verify(connection) if isinstance(found, Broken)]


def rows_kept(store: Store) -> dict[str, int]:
    """How many rows each table holds, seen or not; empty tables are left out."""
    with store.reading() as connection:
        counted = {
            table.name: connection.execute(text(f'SELECT COUNT(*) FROM "{table.name}"')).scalar_one()
            for table in (CHANGES, *map(table_of, BOOKS))
        }
    return {name: count for name, count in counted.items() if count}


def emptied(store: Store) -> Store:
    """The same database without any row."""
    with store.writing() as connection:
        for table in (CHANGES, *map(table_of, BOOKS)):
            connection.execute(table.delete())
    return store
