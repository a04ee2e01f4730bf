"""Record first, answer second: a leaf is written whole, promised, and seen by nobody before its commit."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import event

from engine.canonical import canonical
from engine.errors import Unavailable
from engine.ledger.envelope import leaf_of, read_json
from engine.ledger.receipt import openings_of
from engine.ledger.recording import answered, forget_requests, keep_rulebook, kept_rulebook, record
from engine.ledger.signing import LogKeys, genuine
from engine.registry.store import Store, ask
from tests.ledger.desk import NOON, made


def test_what_is_recorded_is_there_whole(ledger: Store, keys: LogKeys) -> None:
    """The leaf is the hash of the envelope, the envelope holds the core's, and each opening fits its commitment."""
    leaves = [made(number, keys) for number in range(5)]
    record(ledger, leaves)
    with ledger.reading() as connection:
        rows = ask(connection, "SELECT * FROM leaf ORDER BY id")
        shown = [openings_of(connection, row.id) for row in rows]
    assert [row.id for row in rows] == [leaf.id for leaf in leaves]
    for row, opened in zip(rows, shown, strict=True):
        envelope = read_json(row.envelope)
        assert canonical(envelope).decode() == row.envelope
        assert leaf_of(envelope).hex() == row.leaf
        assert envelope["core"] == sha256(row.core.encode()).hexdigest()
        assert envelope["commitments"] == {one.handle: one.commitment() for one in opened}
        assert row.number is None


def test_the_promise_verifies_and_binds(ledger: Store, keys: LogKeys) -> None:
    """Signed over the leaf and the time; kept as it was given."""
    leaf = made(1, keys)
    record(ledger, [leaf])
    with ledger.reading() as connection:
        row = ask(connection, "SELECT leaf, recorded_at, promise FROM leaf")[0]
    assert read_json(row.promise) == leaf.promise
    statement = {"leaf": row.leaf, "recorded_at": row.recorded_at}
    signed = {name: value for name, value in leaf.promise.items() if name not in statement}
    assert genuine(statement, signed, keys.public)
    assert not genuine(statement | {"recorded_at": NOON.isoformat()}, signed, keys.public)


def test_no_subject_stands_in_what_is_hashed(keys: LogKeys) -> None:
    """Core and envelope name nobody; two decisions on one subject have different commitments."""
    leaf, other = made(1, keys), made(2, keys)
    subject = leaf.openings[0][4]
    assert subject
    assert not any(subject in str(part) for part in leaf.row)
    assert leaf.row[6] != other.row[6]


def test_leaves_of_one_commit_are_written_together_or_not_at_all(ledger: Store, keys: LogKeys) -> None:
    """The second of three was recorded before: none of the three is."""
    record(ledger, [made(1, keys)])
    with pytest.raises(Exception, match=r"(?i)unique"):
        record(ledger, [made(0, keys), made(1, keys), made(2, keys)])
    assert _ids(ledger) == ["leaf-000001"]
    with ledger.reading() as connection:
        assert len(ask(connection, "SELECT * FROM opening")) == 1


def test_nothing_is_seen_before_its_commit(ledger: Store, keys: LogKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader looks while the rows are written and their transaction is open."""
    from engine.ledger import recording

    seen, insert_many = list[list[str]](), recording.insert_many

    def looking(*given: object) -> None:
        insert_many(*given)  # type: ignore[arg-type]
        seen.append(_ids(ledger))

    monkeypatch.setattr(recording, "insert_many", looking)
    record(ledger, [made(1, keys)])
    assert seen == [[], [], []], "leaf, opening and request were written, and nobody saw them"
    assert _ids(ledger) == ["leaf-000001"]


def test_a_full_disk_refuses_and_records_nothing(ledger: Store, keys: LogKeys) -> None:
    """No answer without a record; with room again it goes on."""
    if not ledger.is_sqlite:
        pytest.skip("the limit is SQLite's")
    with ledger.reading() as connection:
        pages = ask(connection, "PRAGMA page_count")[0].page_count

    def no_room(connection: object, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    ledger.close()
    event.listen(ledger.engine, "connect", no_room)
    with pytest.raises(Unavailable, match="disk is full"):
        record(ledger, [made(number, keys) for number in range(200)])
    assert _ids(ledger) == []
    event.remove(ledger.engine, "connect", no_room)
    ledger.close()
    record(ledger, [made(1, keys)])
    assert _ids(ledger) == ["leaf-000001"]


def test_a_database_that_only_reads_refuses(ledger: Store, keys: LogKeys) -> None:
    """Said in words, nothing recorded."""
    read_only = "PRAGMA query_only = 1" if ledger.is_sqlite else "SET default_transaction_read_only = on"

    def refuse(connection: object, _: object) -> None:
        with_commit = connection.cursor()  # type: ignore[attr-defined]
        with_commit.execute(read_only)
        if not ledger.is_sqlite:
            connection.commit()  # type: ignore[attr-defined]

    ledger.close()
    event.listen(ledger.engine, "connect", refuse)
    with pytest.raises(Unavailable, match="read-only"):
        record(ledger, [made(1, keys)])
    assert _ids(ledger) == []


def test_a_rulebook_is_kept_once_and_whole(ledger: Store) -> None:
    """By its revision; the second time changes nothing; another revision is not there."""
    files = {"0/memoranda/a.yaml": "名单: 一\n".encode(), "1/b.yaml": b""}
    keep_rulebook(ledger, "r1", files, NOON)
    keep_rulebook(ledger, "r1", {"0/x": b"other"}, NOON)
    with ledger.reading() as connection:
        assert kept_rulebook(connection, "r1") == files
        assert kept_rulebook(connection, "r2") is None


def _ids(ledger: Store) -> list[str]:
    with ledger.reading() as connection:
        return [row.id for row in ask(connection, "SELECT id FROM leaf ORDER BY id")]


def test_a_request_is_found_again_until_it_is_forgotten(ledger: Store, keys: LogKeys) -> None:
    """By its key, with the digest of what was sent; a key that is taken refuses the leaf that comes with it."""
    record(ledger, [made(1, keys).answering("key", "body")])
    with ledger.reading() as connection:
        assert answered(connection, "key") == ("leaf-000001", "body")
        assert answered(connection, "other") is None
    with pytest.raises(Exception, match=r"(?i)unique"):
        record(ledger, [made(2, keys).answering("key", "body")])
    assert _ids(ledger) == ["leaf-000001"]
    forget_requests(ledger, NOON)
    with ledger.reading() as connection:
        assert answered(connection, "key") is not None
    forget_requests(ledger, NOON + timedelta(seconds=1))
    with ledger.reading() as connection:
        assert answered(connection, "key") is None
