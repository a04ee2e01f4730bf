"""Leaves get their numbers from 0, nodes are stored and the new head is signed: by one sequencer at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from engine.canonical import canonical
from engine.ledger.envelope import read_json
from engine.ledger.founding import hash_of
from engine.ledger.proving import frontier
from engine.ledger.signing import LogKeys
from engine.ledger.tables import HeadRow, LedgerTable, NodeRow
from engine.registry.changes import insert_many
from engine.registry.store import Store, ask

# The most leaves numbered in one transaction.
BATCH = 2_000
# The advisory lock of the sequencer on PostgreSQL: "memo" and the ledger's number.
LEASE = 0x6D656D6F02


@dataclass(frozen=True, slots=True)
class Head:
    """A signed tree head: so many leaves, this root, at that time."""

    size: int
    root: str
    signed_at: str
    signature: dict[str, Any]

    @property
    def statement(self) -> dict[str, Any]:
        """What is signed."""
        return {"root": self.root, "signed_at": self.signed_at, "size": self.size}

    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return self.statement | {"signature": self.signature}


def sequence(ledger: Store, keys: LogKeys, now: datetime, patient: bool = True) -> Head | None:
    """Number what waits, in the order it was recorded, and sign the head; None if the log is empty.

    Whoever numbers holds a lease that ends with the transaction, so that no death can keep it. With another at work,
    the impatient leave it to them: None.
    """
    with ledger.writing() as connection:
        if not _leased(ledger, connection, patient):
            return None
        waiting = ask(connection, f"SELECT id, leaf FROM leaf WHERE number IS NULL ORDER BY ticks, id LIMIT {BATCH}")
        size = size_of(connection)
        if not waiting:
            return newest(connection)
        tree = frontier(connection, size, hash_of(connection))
        nodes = [node for row in waiting for node in tree.append(bytes.fromhex(row.leaf))]
        numbers = [{"number": number, "id": row.id} for number, row in enumerate(waiting, size)]
        connection.execute(text("UPDATE leaf SET number = :number WHERE id = :id AND number IS NULL"), numbers)
        rows = [(level, place, found.hex()) for level, place, found in nodes]
        insert_many(connection, LedgerTable.metadata.tables[str(NodeRow.__tablename__)], rows)
        head = _signed(tree.size, tree.root.hex(), keys, now)
        row = (head.size, head.root, head.signed_at, canonical(head.signature).decode())
        insert_many(connection, LedgerTable.metadata.tables[str(HeadRow.__tablename__)], [row])
    return head


def waits(ledger: Store) -> bool:
    """Whether a leaf is recorded that has no number yet."""
    with ledger.reading() as connection:
        return bool(ask(connection, "SELECT id FROM leaf WHERE number IS NULL LIMIT 1"))


def _leased(ledger: Store, connection: Connection, patient: bool) -> bool:
    """On SQLite a writing transaction is alone from its beginning."""
    if ledger.is_sqlite:
        return True
    if patient:
        ask(connection, "SELECT pg_advisory_xact_lock(?)", (LEASE,))
        return True
    return bool(ask(connection, "SELECT pg_try_advisory_xact_lock(?) AS mine", (LEASE,))[0].mine)


def size_of(connection: Connection) -> int:
    """How many leaves have their number: they are the nodes of the lowest level, which has no gap."""
    return int(ask(connection, "SELECT COALESCE(MAX(place), -1) + 1 AS n FROM node WHERE level = 0")[0].n)


def newest(connection: Connection) -> Head | None:
    """The newest signed head."""
    found = ask(connection, "SELECT size, root, signed_at, signature FROM head ORDER BY size DESC LIMIT 1")
    return Head(found[0].size, found[0].root, found[0].signed_at, read_json(found[0].signature)) if found else None


def heads(connection: Connection) -> Iterator[Head]:
    """Every signed head, the smallest first."""
    for row in ask(connection, "SELECT size, root, signed_at, signature FROM head ORDER BY size"):
        yield Head(row.size, row.root, row.signed_at, read_json(row.signature))


def _signed(size: int, top: str, keys: LogKeys, now: datetime) -> Head:
    head = Head(size, top, now.isoformat(timespec="microseconds"), {})
    return Head(head.size, head.root, head.signed_at, keys.sign(head.statement).data())
