"""A change in the making: its head, the rows it adds line by line, and in the end a version or nothing at all."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert

from engine.registry.chain import CHANGES, Content, Version, discard, publish, table_of
from engine.registry.drafts import held, sweep
from engine.registry.store import Store
from engine.registry.tables import RegistryTable, row_id


@dataclass(frozen=True, slots=True)
class Head:
    """Who writes, what kind of write it is and why; `list`, `file` and `data_time` of an import."""

    kind: str
    who: str
    now: datetime
    reason: str = ""
    list: str = ""
    file: str = ""
    file_digest: str = ""
    data_time: str = ""


class Draft:
    """A change that nobody sees yet. Rows may be added in several transactions before it is published.

    `version` is what publishing gave it; it holds once the transaction is committed.
    """

    def __init__(self, store: Store, connection: Connection, head: Head) -> None:
        self._store, self._head = store, head
        self._content, self._line = Content(), 0
        said = {
            "kind": head.kind, "who": head.who, "reason": head.reason, "list": head.list, "file": head.file,
            "file_digest": head.file_digest, "data_time": head.data_time,
            "opened_at": head.now.isoformat(timespec="microseconds"),
            "recorded_at": "", "counts": "", "content": "", "digest": "",
        }  # fmt: skip
        key = connection.execute(insert(CHANGES).values(**said)).inserted_primary_key
        assert key is not None
        self.id: int = key[0]
        self.version: Version | None = None

    def add(self, connection: Connection, book: type[RegistryTable], rows: Sequence[Sequence[Any]]) -> list[int]:
        """Rows of one table, each with its columns after `id` and `change`; their ids."""
        table = table_of(book)
        ids = [row_id(self.id, self._line + number) for number in range(len(rows))]
        self._line += len(rows)
        full = [(number, self.id, *row) for number, row in zip(ids, rows, strict=True)]
        self._content.add(table.name, full)
        insert_many(connection, table, full)
        return ids

    def publish(self, connection: Connection, counts: Mapping[str, int]) -> Version:
        """Give it the next version, in a writing transaction: from its commit on everybody sees all of it."""
        said = json.dumps(counts, sort_keys=True, separators=(",", ":"))
        connection.execute(CHANGES.update().where(CHANGES.c.id == self.id).values(counts=said))
        self.version = publish(self._store, connection, self.id, self._content.hexdigest(), self._head.now)
        return self.version

    def discard(self) -> None:
        """Take every row of it away again."""
        with self._store.writing() as connection:
            discard(connection, self.id)


@contextmanager
def change(store: Store, head: Head) -> Iterator[tuple[Draft, Connection]]:
    """A small change in one transaction: written and published together at the end, or not at all.

    Nobody else publishes meanwhile: what it reads of the newest version still holds when it becomes the next.
    """
    with store.writing() as connection:
        store.lock_versions(connection)
        draft = Draft(store, connection, head)
        yield draft, connection
        draft.publish(connection, {})


@contextmanager
def long_change(store: Store, head: Head) -> Iterator[tuple[Draft, Connection]]:
    """A change in several transactions, each begun and ended by its user: published by one of them, or taken away.

    If the process is killed, the next long change takes its rows away; nobody has seen them.
    """
    with store.writing_long() as connection, ExitStack() as lock:
        with connection.begin():
            sweep(store, connection)
            draft = Draft(store, connection, head)
            lock.enter_context(held(store, connection, draft.id))
        published = False
        try:
            yield draft, connection
            published = draft.version is not None
        finally:
            if not published:
                draft.discard()


def insert_many(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Whole rows by the driver's own batch: a million of them must not pass through an object each."""
    if not rows:
        return
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', [*map(tuple, rows)])
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor().copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
