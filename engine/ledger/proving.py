"""Proofs from the stored nodes: each names the nodes it needs first, and one query fetches them all."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Connection

from engine.errors import Unavailable
from engine.ledger.merkle import SHA256, Frontier, Node, consistency, edge_of, inclusion, root
from engine.registry.store import ask

_Made = TypeVar("_Made")
_Nodes = dict[tuple[int, int], bytes]


def prove_inclusion(connection: Connection, index: int, size: int, hashing: str = SHA256) -> list[str]:
    """The proof that leaf `index` is in the tree of `size` leaves, in hex. ValueError if it is not in it."""
    return [part.hex() for part in _made(connection, lambda node: inclusion(index, size, node, hashing))]


def prove_consistency(connection: Connection, old: int, new: int, hashing: str = SHA256) -> list[str]:
    """The proof that the log of `old` leaves is the beginning of that of `new`, in hex. ValueError if it cannot be."""
    return [part.hex() for part in _made(connection, lambda node: consistency(old, new, node, hashing))]


def root_of(connection: Connection, size: int, hashing: str = SHA256) -> str:
    """The root over the first `size` leaves, in hex."""
    return _made(connection, lambda node: root(size, node, hashing)).hex()


def frontier(connection: Connection, size: int, hashing: str = SHA256) -> Frontier:
    """The tree of the first `size` leaves, ready to grow."""
    nodes = _stored(connection, edge_of(size))
    return Frontier(size, {level: found for (level, _), found in nodes.items()}, hashing)


def _made(connection: Connection, make: Callable[[Node], _Made]) -> _Made:
    """What is made of stored nodes: once of nothing, to see which it takes, then of those."""
    needed: _Nodes = {}
    make(lambda level, place: needed.setdefault((level, place), b""))
    nodes = _stored(connection, needed)
    return make(lambda level, place: nodes[level, place])


def _stored(connection: Connection, needed: Iterable[tuple[int, int]]) -> _Nodes:
    """Nodes by level and place. Unavailable if one is not there: the log is damaged."""
    wanted = list(needed)
    if not wanted:
        return {}
    rows = ask(connection, query_for(len(wanted)), [part for at in wanted for part in at])
    if len(rows) != len(wanted):
        raise Unavailable(
            "台账的树缺少节点", "nodes of the log's tree are missing",
            "运行 memoranda log verify，从备份恢复", "run memoranda log verify, and restore it from a backup",
        )  # fmt: skip
    return {(row.level, row.place): bytes.fromhex(row.hash) for row in rows}


def query_for(count: int) -> str:
    """The query for so many nodes, each by level and place.

    A cross join: SQLite keeps its order, and looks each wanted node up instead of reading them all.
    """
    listed = ", ".join(["(?, ?)"] * count)
    wanted = f"WITH wanted (l, p) AS (VALUES {listed}) "
    return wanted + "SELECT level, place, hash FROM wanted CROSS JOIN node WHERE level = l AND place = p"
