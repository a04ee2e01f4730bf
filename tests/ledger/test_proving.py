"""Proofs from stored nodes: the tree's own, with one query each, on both databases and by both hashes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from engine.errors import Unavailable
from engine.ledger import proving
from engine.ledger.merkle import SHA256, SM3, Frontier, consistency, inclusion, leaf_hash, root
from engine.ledger.proving import frontier, prove_consistency, prove_inclusion, root_of
from engine.ledger.tables import LedgerTable
from engine.registry.changes import insert_many
from engine.registry.store import Store

LARGEST = 70
Nodes = dict[tuple[int, int], bytes]


def stored(ledger: Store, hashing: str) -> Nodes:
    """A tree in the database, and the same nodes at hand."""
    tree, nodes = Frontier(hashing=hashing), Nodes()
    for number in range(LARGEST):
        nodes |= {(level, place): found for level, place, found in tree.append(leaf_hash(b"%d" % number, hashing))}
    with ledger.writing() as connection:
        rows = [(level, place, found.hex()) for (level, place), found in nodes.items()]
        insert_many(connection, LedgerTable.metadata.tables["node"], rows)
    return nodes


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The queries that proofs ask meanwhile."""
    asked, ask = list[str](), proving.ask

    def counting(connection: Connection, query: str, values: object = ()) -> list[object]:
        asked.append(query)
        return ask(connection, query, values)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(proving, "ask", counting)
        yield asked


@pytest.mark.parametrize("hashing", [SHA256, SM3])
def test_proofs_and_roots_are_the_trees(ledger: Store, hashing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every leaf under some sizes, every pair of some sizes, every root; each by one query at most."""
    nodes = stored(ledger, hashing)
    with ledger.reading() as connection, counted(monkeypatch) as asked:
        tried = 0
        for size in (1, 2, 3, 7, 8, 33, 64, LARGEST):
            assert root_of(connection, size, hashing) == root(size, lambda *at: nodes[at], hashing).hex()
            tree = frontier(connection, size, hashing)
            assert (tree.size, tree.root.hex()) == (size, root_of(connection, size, hashing))
            for index in range(size):
                expected = [part.hex() for part in inclusion(index, size, lambda *at: nodes[at], hashing)]
                assert prove_inclusion(connection, index, size, hashing) == expected
            for old in range(1, size + 1):
                expected = [part.hex() for part in consistency(old, size, lambda *at: nodes[at], hashing)]
                assert prove_consistency(connection, old, size, hashing) == expected
            tried += 3 + 2 * size
        assert len(asked) <= tried
    assert frontier_of_nothing(ledger, hashing)


def frontier_of_nothing(ledger: Store, hashing: str) -> bool:
    """The empty tree needs no node."""
    with ledger.reading() as connection:
        return frontier(connection, 0, hashing).root == root(0, lambda *at: b"", hashing)


def test_a_proof_looks_its_nodes_up(ledger: Store) -> None:
    """By the primary key, never by reading the whole table, whose size the log's length is."""
    nodes = stored(ledger, SHA256)
    if not ledger.is_sqlite:
        pytest.skip("how SQLite plans")
    wanted = [part for at in list(nodes)[:20] for part in at]
    with ledger.reading() as connection:
        plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + proving.query_for(20), tuple(wanted)).fetchall()
    said = " ".join(str(row[-1]) for row in plan)
    assert "SEARCH node USING PRIMARY KEY (level=? AND place=?)" in said
    assert "SCAN node" not in said


def test_a_missing_node_is_said_to_be_missing(ledger: Store) -> None:
    """In words, with what to do: no proof is made up."""
    stored(ledger, SHA256)
    with ledger.writing() as connection:
        connection.execute(text("DELETE FROM node WHERE level = 1 AND place = 0"))
    with ledger.reading() as connection:
        for deed in (
            lambda: prove_inclusion(connection, 2, 4), lambda: prove_consistency(connection, 3, 4),
            lambda: root_of(connection, 3), lambda: frontier(connection, 3),
        ):  # fmt: skip
            with pytest.raises(Unavailable, match="nodes of the log's tree are missing"):
                deed()
        with pytest.raises(ValueError, match="not in the tree"):
            prove_inclusion(connection, 4, 4)
