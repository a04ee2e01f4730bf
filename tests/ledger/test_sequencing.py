"""Numbers from 0 without a gap, whoever sequences; every head and every proof of it holds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import combinations

import pytest

from engine.ledger import sequencing
from engine.ledger.auditing import audit
from engine.ledger.merkle import consistent, included
from engine.ledger.proving import prove_consistency, prove_inclusion, root_of
from engine.ledger.recording import record
from engine.ledger.sequencing import heads, newest, sequence, size_of
from engine.ledger.signing import LogKeys, genuine
from engine.registry.store import Store, ask
from tests.ledger.desk import NOON, made
from tests.ledger.test_merkle import defined_over


def test_an_empty_log_has_no_head(ledger: Store, keys: LogKeys) -> None:
    """Nothing waits, nothing is signed."""
    assert sequence(ledger, keys, NOON) is None
    with ledger.reading() as connection:
        assert (size_of(connection), newest(connection)) == (0, None)


def test_numbers_heads_and_proofs(ledger: Store, keys: LogKeys) -> None:
    """Batches of different sizes: numbers in order of recording, each head's root the defined one, all proofs hold."""
    first = 0
    for size in (1, 2, 1, 5, 8, 3):
        record(ledger, [made(number, keys) for number in range(first, first + size)])
        first += size
        head = sequence(ledger, keys, NOON)
        assert head
        assert head.size == first
    with ledger.reading() as connection:
        rows = ask(connection, "SELECT id, number, leaf FROM leaf ORDER BY number")
        assert [(row.number, row.id) for row in rows] == [(n, f"leaf-{n:06d}") for n in range(first)]
        leaves = [bytes.fromhex(row.leaf) for row in rows]
        signed = list(heads(connection))
        assert [head.size for head in signed] == [1, 3, 4, 9, 17, 20]
        for head in signed:
            assert head.root == defined_over(leaves[: head.size]).hex() == root_of(connection, head.size)
            assert genuine(head.statement, head.signature, keys.public)
            for number in range(head.size):
                proof = [bytes.fromhex(part) for part in prove_inclusion(connection, number, head.size)]
                assert included(number, head.size, leaves[number], proof, bytes.fromhex(head.root))
        for old, new in combinations(signed, 2):
            proof = [bytes.fromhex(part) for part in prove_consistency(connection, old.size, new.size)]
            assert consistent(old.size, new.size, bytes.fromhex(old.root), bytes.fromhex(new.root), proof)
        assert [*audit(connection, keys.public)] == []


def test_nothing_waiting_signs_nothing(ledger: Store, keys: LogKeys) -> None:
    """The newest head is given again."""
    record(ledger, [made(1, keys)])
    head = sequence(ledger, keys, NOON)
    assert sequence(ledger, keys, NOON + timedelta(hours=1)) == head


def test_more_than_a_batch_is_numbered_in_turns(ledger: Store, keys: LogKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each turn its batch, the log sound after each."""
    monkeypatch.setattr(sequencing, "BATCH", 3)
    record(ledger, [made(number, keys) for number in range(7)])
    sizes = [head.size for _ in range(4) if (head := sequence(ledger, keys, NOON))]
    assert sizes == [3, 6, 7, 7]
    with ledger.reading() as connection:
        assert [*audit(connection, keys.public)] == []


def test_a_clock_that_lags_gives_no_number_twice(ledger: Store, keys: LogKeys) -> None:
    """A later decision with an earlier time comes after those that have their numbers."""
    record(ledger, [made(1, keys)])
    sequence(ledger, keys, NOON)
    record(ledger, [made(2, keys, NOON - timedelta(seconds=1)), made(3, keys, NOON - timedelta(seconds=1.9))])
    sequence(ledger, keys, NOON - timedelta(seconds=1))
    with ledger.reading() as connection:
        rows = ask(connection, "SELECT id FROM leaf ORDER BY number")
        assert [row.id for row in rows] == ["leaf-000001", "leaf-000003", "leaf-000002"]
        assert [*audit(connection, keys.public)] == []


def test_sequencers_and_recorders_at_once(ledger: Store, address: str, keys: LogKeys) -> None:
    """Four clients that record and sequence, each through a connection of its own: no gap, none twice, none lost."""
    clients, each = 4, 15

    def work(client: int) -> None:
        store = Store(address)
        for number in range(client * each, client * each + each):
            record(store, [made(number, keys)])
            sequence(store, keys, NOON)
        store.close()

    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(work, range(clients)))
    with ledger.reading() as connection:
        rows = ask(connection, "SELECT number FROM leaf ORDER BY number")
        assert [row.number for row in rows] == list(range(clients * each))
        assert [*audit(connection, keys.public)] == []


def test_a_sequencer_that_fails_half_way_leaves_nothing(
    ledger: Store, keys: LogKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head could not be signed: no number, no node, no head; the next turn does it all."""
    record(ledger, [made(1, keys), made(2, keys)])

    def broken(*given: object) -> None:
        raise RuntimeError("the key is away")

    with monkeypatch.context() as patch:
        patch.setattr(sequencing, "_signed", broken)
        with pytest.raises(RuntimeError, match="away"):
            sequence(ledger, keys, NOON)
    with ledger.reading() as connection:
        assert ask(connection, "SELECT COUNT(*) AS n FROM leaf WHERE number IS NOT NULL")[0].n == 0
        assert size_of(connection) == 0
    head = sequence(ledger, keys, NOON)
    assert head
    assert head.size == 2
