"""What persons determine on a decision stands in one line, whichever process writes, on either database."""

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from engine.canonical import canonical
from engine.errors import RefusedInput
from engine.ledger.envelope import Caller, naming, openings, read_json
from engine.ledger.merkle import SHA256
from engine.ledger.receipt import determinations_of
from engine.ledger.recorder import Recorder
from engine.ledger.recording import DETERMINATION, Entered, enter, record, write
from engine.ledger.signing import LogKeys
from engine.registry.store import Store
from engine.services.books import open_ledger
from engine.services.determining import Determined, determine
from tests.ledger.desk import NOON, made

OFFICERS = 6


def determined(name: str, keys: LogKeys, of: str, supersedes: str = "", late: float = 60.0) -> Entered:
    """A determination as some process has it ready, so many seconds after noon."""
    core = canonical({"of": of, "answer": "eligible", "supersedes": supersedes})
    named = {"officer": {"name": name}, "grounds": {"reasons": "why", "document": "1"}}
    about, fields = {"of": of, **naming(SHA256)}, {"of": of, "verdict": "eligible"}
    opened, now = openings(named, secrets.token_bytes), NOON + timedelta(seconds=late)
    return enter(name, DETERMINATION, core, now, opened, Caller("tests"), about, fields, keys)


def line(store: Store, decision: str) -> list[tuple[str, str]]:
    """The determinations on the decision, each with what it takes the place of."""
    with store.reading() as connection:
        rows: Sequence[Any] = determinations_of(connection, decision)
    return [(row.id, read_json(row.core)["supersedes"]) for row in rows]


def refused(one: RefusedInput) -> str:
    """The fault's code."""
    return one.faults[0].code


def test_two_processes_cannot_both_be_first(ledger: Store, address: str, keys: LogKeys) -> None:
    """Both looked before either wrote; whoever writes second is told of the first, and nothing of theirs is kept."""
    record(ledger, [made(1, keys)])
    one, other = Store(address), Store(address)
    record(one, [determined("d1", keys, "leaf-000001")])
    with pytest.raises(RefusedInput, match="there is a determination already: d1") as told:
        record(other, [determined("d2", keys, "leaf-000001", late=61)])
    assert refused(told.value) == "R712"
    record(other, [determined("d3", keys, "leaf-000001", "d1", late=62)])
    assert line(ledger, "leaf-000001") == [("d1", ""), ("d3", "d1")]
    for store in (one, other):
        store.close()


def test_whoever_comes_while_another_writes_waits_and_is_told(ledger: Store, address: str, keys: LogKeys) -> None:
    """The first is written and not committed yet: nobody can look past it."""
    record(ledger, [made(1, keys)])
    other = Store(address)
    with ThreadPoolExecutor(1) as threads:
        with ledger.writing() as connection:
            write(connection, [determined("d1", keys, "leaf-000001")])
            coming = threads.submit(record, other, [determined("d2", keys, "leaf-000001", late=61)])
            with pytest.raises(TimeoutError):
                coming.result(0.3)
        with pytest.raises(RefusedInput, match="already: d1"):
            coming.result(30)
    assert line(ledger, "leaf-000001") == [("d1", "")]
    other.close()


def test_of_many_at_once_one_is_first(ledger: Store, address: str, keys: LogKeys) -> None:
    """Each by a recorder of its own, as serving processes have them, again and again."""
    record(ledger, [made(number, keys) for number in range(5)])
    stores = [Store(address) for _ in range(OFFICERS)]
    hands, together = [Recorder(store) for store in stores], Barrier(OFFICERS)

    def officer(number: int) -> list[str]:
        won = []
        for decision in range(5):
            leaf = determined(f"d{decision}-{number}", keys, f"leaf-{decision:06d}", late=60 + number / 1_000)
            together.wait()
            fault = hands[number].submit(leaf).exception()
            if fault is None:
                won.append(leaf.id)
            else:
                assert isinstance(fault, RefusedInput)
                assert refused(fault) == "R712"
        return won

    with ThreadPoolExecutor(OFFICERS) as threads:
        won = [one for some in threads.map(officer, range(OFFICERS)) for one in some]
    for decision in range(5):
        kept = line(ledger, f"leaf-{decision:06d}")
        assert [one for one, _ in kept] == [one for one in won if one.startswith(f"d{decision}-")]
        assert len(kept) == 1
    for hand, store in zip(hands, stores, strict=True):
        hand.close()
        store.close()


def test_two_in_one_commit_are_told_apart(ledger: Store, keys: LogKeys) -> None:
    """Of one process, too: the second of a batch fails alone, and takes no decision with it."""
    record(ledger, [made(1, keys)])
    hand = Recorder(ledger)
    between = made(2, keys, NOON + timedelta(seconds=60))
    leaves = [determined("d1", keys, "leaf-000001"), between, determined("d2", keys, "leaf-000001", late=61)]
    waiting = [hand.submit(leaf) for leaf in leaves]
    hand.close()
    faults = [one.exception(0) for one in waiting]
    assert [type(fault) for fault in faults] == [type(None), type(None), RefusedInput]
    assert line(ledger, "leaf-000001") == [("d1", "")]


def test_none_claims_to_be_older_than_what_it_speaks_of(ledger: Store, keys: LogKeys) -> None:
    """Clocks of two machines differ a little: what holds now must also be the latest by its time."""
    record(ledger, [made(1, keys)])
    record(ledger, [determined("d1", keys, "leaf-000001", late=1.5)])
    with pytest.raises(RefusedInput) as told:
        record(ledger, [determined("d2", keys, "leaf-000001", "d1", late=0.5)])
    assert refused(told.value) == "R716"
    with pytest.raises(RefusedInput, match="not the newest"):
        record(ledger, [determined("d3", keys, "leaf-000002", "d1", late=2)])
    assert line(ledger, "leaf-000001") == [("d1", "")]


def test_no_citizens_number_comes_in(home: Path, ids: list[str]) -> None:
    """Neither in the reasons nor in the document's number, whichever door it came by."""
    with open_ledger().store.reading() as connection:
        before = {one: len(determinations_of(connection, one)) for one in ids}
    for reasons, document in (("核对过 11010519491231002X", "1"), ("理由", "11010519491231002X 号")):
        for one in ids:
            with pytest.raises(RefusedInput, match="citizen's number") as told:
                determine(Determined(one, "eligible", "测试员", reasons, document))
            assert "1949" not in str(told.value)
    with open_ledger().store.reading() as connection:
        assert before == {one: len(determinations_of(connection, one)) for one in ids}
