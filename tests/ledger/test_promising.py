"""A promise is held against the log: kept, not due yet, overdue, or none of ours."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.canonical import canonical
from engine.errors import Missing, Refused
from engine.ledger.promising import Promise, broken, number_of
from engine.ledger.recording import record
from engine.ledger.sequencer import MAXIMUM_DELAY
from engine.ledger.sequencing import sequence
from engine.ledger.signing import LogKeys
from engine.registry.store import Store
from engine.services.books import open_ledger
from engine.services.promising import hold, write_promise
from tests.ledger.desk import NOON, chance, made

DUE = timedelta(seconds=MAXIMUM_DELAY)


def said(ledger: Store, keys: LogKeys, promise: Promise, after: timedelta) -> list[str]:
    """What is wrong with the promise, so long after noon."""
    with ledger.reading() as connection:
        return [one.en for one in broken(promise, number_of(connection, promise), keys.public, NOON + after)]


def test_a_promise_is_overdue_from_the_published_delay_on(ledger: Store, keys: LogKeys) -> None:
    """Recorded or not, what has no number by then is missing; with its number it is kept for ever."""
    leaf = made(0, keys)
    promise = Promise.read(leaf.promise)
    for recorded in (False, True):
        if recorded:
            record(ledger, [leaf])
        assert said(ledger, keys, promise, DUE) == []
        assert "overdue" in said(ledger, keys, promise, DUE + timedelta(microseconds=1))[0]
    sequence(ledger, keys, NOON)
    assert said(ledger, keys, promise, timedelta(days=4000)) == []
    with ledger.writing() as connection:
        connection.execute(text("DELETE FROM leaf"))
    assert "overdue" in said(ledger, keys, promise, timedelta(days=1))[0]


def test_a_promise_names_its_own_leaf(ledger: Store, keys: LogKeys) -> None:
    """Another decision of the same moment does not keep it."""
    one, other = made(0, keys), made(1, keys, NOON)
    record(ledger, [one])
    sequence(ledger, keys, NOON)
    assert said(ledger, keys, Promise.read(one.promise), timedelta(days=1)) == []
    assert "overdue" in said(ledger, keys, Promise.read(other.promise), timedelta(days=1))[0]


def test_what_we_did_not_sign_is_no_promise_of_ours(ledger: Store, keys: LogKeys, tmp_path: Path) -> None:
    """Another leaf, time, signature or key."""
    promise = made(0, keys).promise
    other = LogKeys.open(tmp_path / "other", chance("other"))
    changes = [{"leaf": "0" * 64}, {"recorded_at": "2026-11-20T04:00:01+00:00"}, {"algorithm": "SM2"}, {"more": 1}]
    for changed in [promise | change for change in changes] + [made(0, other).promise]:
        assert said(ledger, keys, Promise.read(changed), timedelta()) == ["the promise was not signed by a pinned key"]


def test_a_promise_in_a_file(home: Path, tmp_path: Path) -> None:
    """Written as it was given; held against the log as it stands, which is not numbered for the occasion."""
    ledger, path = open_ledger(), tmp_path / "promise.json"
    leaf = made(0, ledger.keys)
    write_promise(path, leaf.promise)
    assert path.read_bytes() == canonical(leaf.promise) + b"\n"
    with ledger.store.writing() as connection:
        connection.execute(text("UPDATE leaf SET ticks = 0"))  # as if our clock had never run ahead of noon
    record(ledger.store, [leaf])
    overdue = hold(path)
    assert overdue.number is None
    assert [one.en for one in overdue.broken] == ["the promise is overdue: the log has not the decision"]
    sequence(ledger.store, ledger.keys, NOON)
    kept = hold(path)
    assert kept.broken == ()
    assert kept.number == 26
    assert kept.due == NOON + DUE


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]", b"null", b"1", b"\xff", b"[" * 100_000, b'{"leaf": "x"}',
        b'{"leaf": "x", "recorded_at": "noon"}', b'{"leaf": "x", "recorded_at": "2026-11-20T04:00:00"}',
        b'{"leaf": "x", "recorded_at": "9999-12-31T23:59:59+00:00"}', b'{"leaf": "x", "recorded_at": 1}',
    ],
)  # fmt: skip
def test_what_is_no_promise_is_refused(home: Path, tmp_path: Path, content: bytes) -> None:
    """In words."""
    (tmp_path / "promise.json").write_bytes(content)
    with pytest.raises(Refused, match="this is no promise"):
        hold(tmp_path / "promise.json")
    with pytest.raises(Missing):
        hold(tmp_path / "none.json")


def test_a_promise_of_another_kind_is_not_signed(keys: LogKeys) -> None:
    """What is signed for a head is never taken for a promise."""
    head = {"root": "0" * 64, "signed_at": NOON.isoformat(), "size": 1}
    signed = keys.sign(head).data()
    with pytest.raises(KeyError):
        Promise.read(json.loads(canonical(head | signed)))
