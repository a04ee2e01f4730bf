"""The chain of changes: each version's digest holds the one before it, its own head, and every row it wrote."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain, groupby, islice
from typing import Any

from sqlalchemy import Connection, Table, select, text, update

from engine.errors import refused_input
from engine.registry.store import Store, ask
from engine.registry.tables import (
    LINE_BITS,
    Arrival,
    Closing,
    EntryRow,
    EventRow,
    ListSource,
    NameBlock,
    RegistryTable,
    RelationRow,
    SubjectCode,
    SubjectName,
    SubjectRow,
    rows_of,
)

EMPTY = sha256(b"").hexdigest()
BATCH = 10_000
CHANGES: Table = RegistryTable.metadata.tables["change"]
# Every table whose rows belong to a change, in the order in which their digests are put together.
BOOKS: tuple[type[RegistryTable], ...] = (
    SubjectRow, SubjectName, SubjectCode, RelationRow, EntryRow, NameBlock, EventRow, Arrival, ListSource, Closing,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the registry and its digest; 0 is the empty registry."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain does not hold: the version, and what of it differs."""

    version: int
    zh: str
    en: str


def table_of(book: type[RegistryTable]) -> Table:
    """The table a row class is kept in."""
    return RegistryTable.metadata.tables[str(book.__tablename__)]


class Content:
    """The digest of a change's rows, taken as they are written."""

    def __init__(self) -> None:
        self._books = {str(book.__tablename__): sha256() for book in BOOKS}

    def add(self, book: str, rows: Sequence[Sequence[Any]]) -> None:
        """Rows of one table, each with all its columns in the table's order.

        Every value ends in NUL, which no value may hold, so the text says where each begins: a row cannot hide in
        another.
        """
        if not rows:
            return
        if (values := _joined(rows)) is None:
            raise refused_input("R631", "内容含有空字符", "a value holds the character NUL")
        self._books[book].update(values)

    def hexdigest(self) -> str:
        """One digest over all tables."""
        return _together({book: digest.digest() for book, digest in self._books.items()})


def _joined(rows: Sequence[Sequence[Any]]) -> bytes | None:
    """The values of rows of one table, each ended by NUL; None if one holds a NUL itself."""
    values = "\0".join(map(str, chain.from_iterable(rows))) + "\0"
    return values.encode() if values.count("\0") == len(rows) * len(rows[0]) else None


def _together(digests: Mapping[str, bytes]) -> str:
    """One digest of those of all tables; a table not named has no rows."""
    nothing = sha256().digest()
    return sha256(b"".join(digests.get(str(book.__tablename__), nothing) for book in BOOKS)).hexdigest()


def latest(connection: Connection) -> Version:
    """The newest version everybody sees."""
    query = 'SELECT version, digest FROM "change" WHERE version IS NOT NULL ORDER BY version DESC LIMIT 1'
    found = ask(connection, query)  # asked for every decision, so by the driver alone
    return Version(found[0].version, found[0].digest) if found else Version(0, EMPTY)


def publish(store: Store, connection: Connection, change: int, content: str, now: datetime) -> Version:
    """Give the change the next version: from the commit on everybody sees all of it. In a writing transaction."""
    store.lock_versions(connection)
    before = latest(connection)
    ticks = int(now.timestamp() * 1_000_000)
    last = connection.execute(select(CHANGES.c.latest).where(CHANGES.c.version == before.number)).scalar_one_or_none()
    said = {
        "version": before.number + 1,
        "recorded_at": now.isoformat(timespec="microseconds"),
        "latest": max(ticks, last or 0),
        "content": content,
    }
    connection.execute(update(CHANGES).where(CHANGES.c.id == change).values(**said))
    digest = head_digest(
        before.digest, connection.execute(select(CHANGES).where(CHANGES.c.id == change)).one()._asdict()
    )
    connection.execute(update(CHANGES).where(CHANGES.c.id == change).values(digest=digest))
    return Version(before.number + 1, digest)


def head_digest(before: str, change: dict[str, Any]) -> str:
    """The digest of a version: of the one before, and of everything its head says but the digest itself."""
    head = {name: value for name, value in change.items() if name != "digest"}
    said = json.dumps(head, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(f"{before}\n{said}".encode()).hexdigest()


def version_at(connection: Connection, number: int) -> Version:
    """The version of this number; 0 is the empty registry."""
    query = select(CHANGES.c.digest).where(CHANGES.c.version == number)
    return Version(number, connection.execute(query).scalar_one()) if number else Version(0, EMPTY)


def known_at(connection: Connection, moment: datetime) -> Version:
    """The version the registry had at a time: the greatest whose latest recording is not after it."""
    ticks = int(moment.timestamp() * 1_000_000)
    query = select(CHANGES.c.version, CHANGES.c.digest).where(CHANGES.c.version.is_not(None), CHANGES.c.latest <= ticks)
    row = connection.execute(query.order_by(CHANGES.c.version.desc()).limit(1)).first()
    return Version(row.version, row.digest) if row else Version(0, EMPTY)


def verify(connection: Connection) -> Iterator[Broken | int]:
    """Walk the chain from the first version: each version's number when it holds, or what is wrong with it."""
    before, expected = EMPTY, 1
    claimed, contents = _claimed(connection), _contents(connection)
    changes = connection.execute(
        select(CHANGES).where(CHANGES.c.version.is_not(None)).order_by(CHANGES.c.version)
    ).all()
    for change in changes:
        if change.version != expected:
            yield Broken(expected, f"缺少版本 {expected}", f"version {expected} is missing")
            expected = change.version
        if change.id in claimed or contents.get(change.id, _together({})) != change.content:
            yield Broken(change.version, "记录与登记时不同", "its rows are not those that were recorded")
        elif head_digest(before, change._asdict()) != change.digest:
            yield Broken(
                change.version,
                "摘要链断开：版本头或前一版本被改动",
                "the chain is broken: its head or the version before was altered",
            )
        else:
            yield change.version
        before, expected = change.digest, expected + 1
    if None in claimed:
        yield Broken(expected, "版本头已不在，记录还在", "its head is gone, but not its rows")


def _claimed(connection: Connection) -> set[int | None]:
    """Changes with rows that are theirs by `change`, by which rows are read, but not by id, by which they are digested.

    None among them: rows without a head, or a head that was published and has no version now.
    """
    room = rows_of(0)[1]
    not_theirs = f"c.id IS NULL OR t.id < t.change * {room} OR t.id >= (t.change + 1) * {room}"
    found = set[int | None]()
    for book in BOOKS:
        rows = f'"{table_of(book).name}" t LEFT JOIN "change" c ON c.id = t.change'
        found |= {row.id for row in connection.execute(text(f"SELECT DISTINCT c.id FROM {rows} WHERE {not_theirs}"))}
    unpublished_again = select(CHANGES.c.id).where(CHANGES.c.version.is_(None), CHANGES.c.digest != "")
    return found | ({None} if connection.execute(unpublished_again).first() else set())


def _contents(connection: Connection) -> dict[int, str]:
    """The digest of the rows that now stand under each change, every table read once from end to end."""
    found = defaultdict[int, dict[str, bytes]](dict)
    for book in BOOKS:
        table = table_of(book)
        every = select(table).order_by(table.c.id).execution_options(yield_per=BATCH)
        with connection.execute(every) as rows:
            for change, own in groupby(rows, lambda row: row.id >> LINE_BITS):
                found[change][table.name] = _digest_of(own)
    return {change: _together(digests) for change, digests in found.items()}


def _digest_of(rows: Iterator[Any]) -> bytes:
    """The digest of rows of one table, in parts; that of none for rows that were never written like this."""
    digest, readable = sha256(), True
    while part := list(islice(rows, BATCH)):
        values = _joined(part)
        digest.update(values or b"")
        readable &= values is not None
    return digest.digest() if readable else b""


def unpublished(connection: Connection) -> list[int]:
    """Changes that were begun and never got a version."""
    never = select(CHANGES.c.id).where(CHANGES.c.version.is_(None), CHANGES.c.digest == "")
    return list(connection.execute(never).scalars())


def discard(connection: Connection, change: int) -> None:
    """Take away every row of a change that never got a version: it was never seen. One that has a version stays."""
    # The head first: on PostgreSQL this waits for a commit under way, and then finds the version that it gave.
    head = CHANGES.delete().where(CHANGES.c.id == change, CHANGES.c.version.is_(None))
    if connection.execute(head).rowcount:
        first, end = rows_of(change)
        for book in BOOKS:
            table = table_of(book)
            connection.execute(table.delete().where(table.c.id >= first, table.c.id < end))
