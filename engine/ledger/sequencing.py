"""Leaves get their numbers from 0, nodes are stored and the new head is signed: by one sequencer at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from engine.canonical import canonical
from engine.ledger.envelope import read_json
from engine.ledger.merkle import Node, appended, consistency, inclusion, root
from engine.ledger.signing import LogKeys
from engine.ledger.tables import HeadRow, LedgerTable, NodeRow
from engine.registry.changes import insert_many
from engine.registry.store import Store, ask

# The most leaves numbered in one transaction.
BATCH = 2_000


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


def sequence(ledger: Store, keys: LogKeys, now: datetime) -> Head | None:
    """Number what waits, in the order it was recorded, and sign the head; None if the log is empty."""
    with ledger.writing() as connection:
        ledger.lock_versions(connection)
        waiting = ask(connection, f"SELECT id, leaf FROM leaf WHERE number IS NULL ORDER BY ticks, id LIMIT {BATCH}")
        size = size_of(connection)
        if not waiting:
            return newest(connection)
        nodes: dict[tuple[int, int], bytes] = {}
        node = _reader(connection, nodes)
        for number, row in enumerate(waiting, size):
            for level, place, found in appended(number, bytes.fromhex(row.leaf), node):
                nodes[level, place] = found
        numbers = [{"number": number, "id": row.id} for number, row in enumerate(waiting, size)]
        connection.execute(text("UPDATE leaf SET number = :number WHERE id = :id AND number IS NULL"), numbers)
        rows = [(level, place, found.hex()) for (level, place), found in nodes.items()]
        insert_many(connection, LedgerTable.metadata.tables[str(NodeRow.__tablename__)], rows)
        head = _signed(size + len(waiting), root(size + len(waiting), node).hex(), keys, now)
        row = (head.size, head.root, head.signed_at, canonical(head.signature).decode())
        insert_many(connection, LedgerTable.metadata.tables[str(HeadRow.__tablename__)], [row])
    return head


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


def prove_inclusion(connection: Connection, index: int, size: int) -> list[str]:
    """The proof that leaf `index` is in the tree of `size` leaves, in hex."""
    return [part.hex() for part in inclusion(index, size, _reader(connection, {}))]


def prove_consistency(connection: Connection, old: int, new: int) -> list[str]:
    """The proof that the log of `old` leaves is the beginning of that of `new`, in hex."""
    return [part.hex() for part in consistency(old, new, _reader(connection, {}))]


def root_of(connection: Connection, size: int) -> str:
    """The root over the first `size` leaves, from the stored nodes."""
    return root(size, _reader(connection, {})).hex()


def _reader(connection: Connection, fresh: dict[tuple[int, int], bytes]) -> Node:
    def node(level: int, place: int) -> bytes:
        found = fresh.get((level, place))
        if found is None:
            row = ask(connection, "SELECT hash FROM node WHERE level = ? AND place = ?", (level, place))
            found = bytes.fromhex(row[0].hash)
        return found

    return node


def _signed(size: int, top: str, keys: LogKeys, now: datetime) -> Head:
    head = Head(size, top, now.isoformat(timespec="microseconds"), {})
    return Head(head.size, head.root, head.signed_at, keys.sign(head.statement).data())
