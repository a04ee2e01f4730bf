"""Whatever is done to the ledger's rows, the audit names it; what only a checkpoint can show, it shows."""

import shutil
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.canonical import canonical
from engine.errors import Unavailable
from engine.ledger import auditing
from engine.ledger.algorithms import SM2
from engine.ledger.auditing import audit
from engine.ledger.founding import found, hash_of
from engine.ledger.merkle import SHA256, SM3, appended
from engine.ledger.migrating import LEDGER
from engine.ledger.recording import record
from engine.ledger.sequencing import heads, newest, sequence
from engine.ledger.signing import LogKeys
from engine.registry.migrating import upgrade
from engine.registry.store import Store
from engine.services.auditing import audited, write_checkpoint
from engine.services.books import open_ledger
from engine.services.determining import erase
from tests.ledger.desk import NOON, asked, at_home, chance, made

LONG = 20_000


@contextmanager
def hand(home: Path, book: str = "ledger") -> Iterator[sqlite3.Connection]:
    """Somebody's hand in the database itself."""
    with closing(sqlite3.connect(home / f"{book}.db")) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        yield connection


def said(checkpoint: Path | None = None) -> str:
    """Everything the audit finds, a line each."""
    return "\n".join(f"{found.where}: {found.what.en}" for found in audited(checkpoint)[1])


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The table's columns."""
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def test_a_sound_ledger_is_sound(home: Path, tmp_path: Path) -> None:
    """With and without a checkpoint, also after it grew."""
    write_checkpoint(tmp_path / "head")
    assert said() == ""
    assert said(tmp_path / "head") == ""
    from engine.ledger.envelope import Caller
    from engine.services.deciding import record_decision

    record_decision(open_ledger(), asked(3), Caller("again"))
    assert said(tmp_path / "head") == ""


# table: the row that is changed, where that shows, columns that nothing rests on
_EDITED = {
    "leaf": ("number = 5", "", ()),
    "opening": ("rowid = 5", "opening", ()),
    "node": ("level = 0 AND place = 5", "nodes", ()),
    "head": ("size = (SELECT MIN(size) FROM head)", "head", ()),
    "rulebook": ("1 = 1", "rulebook", ("recorded_at",)),
}


@pytest.mark.parametrize("table", _EDITED)
def test_every_edited_column_is_named(furnished: tuple[Path, list[str]], tmp_path: Path, table: str) -> None:
    """One row, each column in turn, texts and numbers and nothing in place of what was there."""
    where, shown, idle = _EDITED[table]
    tried = 0
    for number, change in enumerate(("x", 123456, b"\x00", "[1]")):
        with hand(furnished[0]) as connection:
            names = [name for name in columns(connection, table) if name not in idle]
        for name in names:
            folder = tmp_path / f"{number}-{name}"
            shutil.copytree(furnished[0], folder)
            with hand(folder) as connection:
                before = connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
                try:
                    connection.execute(f"UPDATE {table} SET {name} = ? WHERE {where}", (change,))
                except sqlite3.IntegrityError:
                    continue  # the database itself refuses
                if connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() == before:
                    continue
            with at_home(folder):
                found = said()
            assert found, (name, change)
            assert shown in found, (name, change, found)
            tried += 1
    assert tried >= 2 * len(names)


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        ("DELETE FROM leaf WHERE number = 5", "leaf 5 is missing"),
        ("DELETE FROM leaf WHERE number = 0", "leaf 0 is missing"),
        ("DELETE FROM leaf WHERE number > 9", "the log was cut"),
        ("DELETE FROM leaf", "the log was cut"),
        ("UPDATE leaf SET number = number + 1000 WHERE number = 7", "leaf 7 is missing"),
        ("UPDATE leaf SET number = -1 WHERE number = 7", "leaf 0 is missing"),
        ("UPDATE leaf SET number = NULL WHERE number = 7", "leaf 7 is missing"),
        ("DELETE FROM node WHERE level = 0 AND place = 3", "first leaf 3"),
        ("DELETE FROM node WHERE level = 2 AND place = 1", "first node 2/1"),
        ("INSERT INTO node VALUES (9, 9, '00')", "first node 9/9"),
        ("DELETE FROM head WHERE size = (SELECT MAX(size) FROM head)", "newest head does not cover"),
        ("DELETE FROM head", "newest head does not cover"),
        ("UPDATE head SET size = -4 WHERE size = (SELECT MIN(size) FROM head)", "head -4"),
        ("INSERT INTO head SELECT 1000, root, signed_at, signature FROM head LIMIT 1", "the log was cut"),
        ("DELETE FROM rulebook", "rulebook"),
        ("DELETE FROM opening WHERE handle = 'p1'", "only 0 were erased"),
        ("INSERT INTO opening SELECT leaf, 'p9', salt, value, subject FROM opening WHERE handle = 'p1' LIMIT 1", "p9"),
    ],
)
def test_rows_taken_out_or_put_in_are_named(home: Path, deed: str, expected: str) -> None:
    """In any table."""
    with hand(home) as connection:
        connection.execute(deed)
    assert expected in said()


@pytest.mark.parametrize(
    "names", ["number", "core", "core, envelope", "core, envelope, leaf", "recorded_at", "verdict"]
)
def test_swapped_decisions_are_named(home: Path, names: str) -> None:
    """Two leaves change places, wholly or in part."""
    with hand(home) as connection:
        rows = {n: connection.execute(f"SELECT {names} FROM leaf WHERE number = ?", (n,)).fetchone() for n in (1, 4)}
        verdicts = dict(connection.execute("SELECT verdict, MIN(number) FROM leaf WHERE kind = 'decision' GROUP BY 1"))
        if names == "verdict":
            rows = {n: connection.execute("SELECT verdict FROM leaf WHERE number = ?", (n,)).fetchone()
                    for n in list(verdicts.values())[:2]}  # fmt: skip
        ids = {n: connection.execute("SELECT id FROM leaf WHERE number = ?", (n,)).fetchone()[0] for n in rows}
        one, other = rows
        if names == "number":
            connection.execute("UPDATE leaf SET number = NULL WHERE id = ?", (ids[one],))
        for n, values in ((other, rows[one]), (one, rows[other])):
            change = ", ".join(f"{name.strip()} = ?" for name in names.split(","))
            connection.execute(f"UPDATE leaf SET {change} WHERE id = ?", (*values, ids[n]))
    found = said()
    assert found
    assert "nodes" in found if names == "number" else found.startswith(f"{min(rows)}: ")


@pytest.fixture(params=[SHA256, SM3])
def filled(request: pytest.FixtureRequest, ledger: Store, keys: LogKeys) -> Store:
    """A log of forty leaves under four heads, by either hash, on either database."""
    found(ledger, request.param)
    for first in range(0, 40, 10):
        record(ledger, [made(number, keys, hashing=request.param) for number in range(first, first + 10)])
        sequence(ledger, keys, NOON)
    with ledger.reading() as connection:
        assert list(audit(connection, keys.public, newest(connection))) == []
    return ledger


@pytest.mark.parametrize(
    ("deeds", "expected"),
    [
        (["UPDATE leaf SET core = 'x' || core WHERE number = 7"], "7: the row does not hold what it should"),
        (["UPDATE leaf SET core = core || ' ' WHERE number = 7"], "7: the decision's content was altered"),
        (["UPDATE leaf SET verdict = 'review' WHERE number = 7"], "7: the row does not say what its envelope says"),
        (["UPDATE leaf SET leaf = upper(leaf) WHERE number = 7"], "7: the envelope is not what the leaf was made of"),
        (["UPDATE leaf SET promise = (SELECT l.promise FROM leaf l WHERE l.number = 8) WHERE number = 7"],
         "7: the promise was not signed"),
        (["DELETE FROM leaf WHERE number = 7"], "7: leaf 7 is missing"),
        (["UPDATE leaf SET number = 99 WHERE number = 7", "UPDATE leaf SET number = 7 WHERE number = 8",
          "UPDATE leaf SET number = 8 WHERE number = 99"], "wrong nodes in the tree, first leaf 7"),
        (["DELETE FROM leaf WHERE number >= 30"], "head 40: the log was cut"),
        (["DELETE FROM leaf WHERE number >= 30", "DELETE FROM head WHERE size > 30"], "nodes: "),
        (["DELETE FROM leaf"], "head 10: the log was cut"),
        (["UPDATE node SET hash = upper(hash) WHERE level = 3 AND place = 2"],
         "1 wrong nodes in the tree, first node 3/2"),
        (["DELETE FROM node WHERE level = 5"], "1 wrong nodes in the tree, first node 5/0"),
        (["INSERT INTO node VALUES (5, 1, '00')"], "1 wrong nodes in the tree, first node 5/1"),
        (["INSERT INTO node VALUES (-1, 0, '00')"], "1 wrong nodes in the tree, first node -1/0"),
        (["UPDATE head SET root = (SELECT h.root FROM head h WHERE h.size = 40) WHERE size = 20"],
         "head 20: the head does not fit the leaves"),
        (["UPDATE head SET signed_at = '2020-01-01' WHERE size = 20"], "head 20: the head was not signed"),
        (["DELETE FROM head WHERE size = 40"], "heads: the newest head does not cover the log"),
        (["UPDATE opening SET salt = upper(salt) || '0' WHERE leaf = 'leaf-000007'"], "opening leaf-000007 p1"),
        (["DELETE FROM opening WHERE leaf = 'leaf-000007'"], "openings: 1 leaves lack what opens them"),
    ],
)  # fmt: skip
def test_what_is_done_to_rows_is_named(
    filled: Store, keys: LogKeys, monkeypatch: pytest.MonkeyPatch, deeds: list[str], expected: str
) -> None:
    """Edited, deleted, reordered, cut: by where it is, in parts of three rows as in one."""
    with filled.writing() as connection:
        for deed in deeds:
            connection.execute(text(deed))
    for chunk in (1_000, 3):
        monkeypatch.setattr(auditing, "CHUNK", chunk)
        with filled.reading() as connection:
            found = "\n".join(f"{one.where}: {one.what.en}" for one in audit(connection, keys.public))
        assert expected in found, found


def test_an_earlier_head_shows_every_cut_and_rewriting(filled: Store, keys: LogKeys) -> None:
    """Whoever holds the key and makes all anew: unseen without a checkpoint, named with any that it does not hold."""
    with filled.reading() as connection:
        checkpoints, hashing = list(heads(connection)), hash_of(connection)
        assert list(audit(connection, keys.public, checkpoints[1])) == []
    with filled.writing() as connection:
        for table in ("node", "head", "opening", "leaf"):
            connection.execute(text(f"DELETE FROM {table}"))
    record(filled, [made(number, keys, hashing=hashing) for number in (*range(25), *range(50, 60))])
    sequence(filled, keys, NOON)
    with filled.reading() as connection:
        assert list(audit(connection, keys.public)) == []
        said = [[one.what.en for one in audit(connection, keys.public, checkpoint)] for checkpoint in checkpoints]
    assert [len(one) for one in said] == [0, 0, 1, 1], "the first twenty leaves are the same"
    assert "it was rewritten" in said[2][0]
    assert "it was cut" in said[3][0]


@pytest.mark.slow
def test_a_long_log_is_audited_in_little_memory(tmp_path: Path, keys: LogKeys) -> None:
    """Twenty thousand leaves: what is held at once is one part of the rows and the tree's edge, not the log."""
    store = Store(tmp_path / "long.db")
    upgrade(store, LEDGER)
    for first in range(0, LONG, 1_000):
        record(store, [made(number, keys) for number in range(first, first + 1_000)])
        sequence(store, keys, NOON)
    with store.reading() as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(auditing, "CHUNK", 200)
        patch.setattr(auditing, "_leaf", lambda *given: iter(()))  # each row for itself, and slow under this watch
        list(islice(audit(connection, keys.public), 1))  # what is loaded once is loaded
        rows, real = list[int](), auditing.ask

        def counting(*given: Any) -> list[Any]:
            found = real(*given)
            rows.append(len(found))
            return found

        patch.setattr(auditing, "ask", counting)
        tracemalloc.start()
        assert list(audit(connection, keys.public, newest(connection))) == []
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    store.close()
    assert sum(rows) > 2 * LONG, "leaves, nodes and openings were all read"
    assert max(rows) <= 200
    assert peak < 3 << 20, "bytes; the nodes of this log alone would be five times as many"


def rewritten(home: Path, keys: LogKeys, leaves: int) -> None:
    """The log of the first leaves, its tree and head made anew and signed: what the holder of a key can do."""
    with hand(home) as connection:
        connection.execute("DELETE FROM node")
        connection.execute("DELETE FROM head")
        connection.execute("DELETE FROM opening WHERE leaf IN (SELECT id FROM leaf WHERE number >= ?)", (leaves,))
        connection.execute("DELETE FROM leaf WHERE number >= ?", (leaves,))
        connection.execute("UPDATE leaf SET number = NULL")
        for row in connection.execute("SELECT id, leaf, recorded_at FROM leaf").fetchall():
            statement = {"leaf": row[1], "recorded_at": row[2]}
            promise = canonical(statement | keys.sign(statement).data()).decode()
            connection.execute("UPDATE leaf SET promise = ? WHERE id = ?", (promise, row[0]))
    sequence(open_ledger().store, keys, datetime.now(UTC))


def test_a_cut_log_with_its_tree_made_anew_shows_by_the_checkpoint(home: Path, tmp_path: Path) -> None:
    """Everything in it fits; only the earlier head knows that there was more."""
    write_checkpoint(tmp_path / "head")
    rewritten(home, open_ledger().keys, 10)
    assert said() == "", "without a checkpoint this cannot be seen"
    assert "shorter than the checkpoint: it was cut" in said(tmp_path / "head")


def test_a_rewritten_log_shows_by_the_checkpoint(home: Path, tmp_path: Path) -> None:
    """Cut and grown again beyond the checkpoint, by whoever holds the key."""
    write_checkpoint(tmp_path / "head")
    keys = open_ledger().keys
    rewritten(home, keys, 10)
    record(open_ledger().store, [made(number, keys, datetime.now(UTC)) for number in range(40)])
    sequence(open_ledger().store, keys, datetime.now(UTC))
    assert "checkpoint 26: the log is not the checkpoint's, grown: it was rewritten" in said(tmp_path / "head")


def test_a_replaced_signing_key_shows(home: Path, tmp_path: Path) -> None:
    """Alone by every promise and head; with everything signed anew by the checkpoint."""
    write_checkpoint(tmp_path / "head")
    (home / "keys" / "ledger.key").unlink()
    other = LogKeys.open(home / "keys" / "ledger.key", chance("thief"))
    found = said()
    assert "the promise was not signed by a pinned key" in found
    assert "the head was not signed by a pinned key" in found
    rewritten(home, other, 1000)
    assert said() == ""
    assert "the checkpoint was not signed by a pinned key" in said(tmp_path / "head")


def test_a_rotated_key_is_no_fault(home: Path, tmp_path: Path) -> None:
    """What the older key signed still verifies."""
    write_checkpoint(tmp_path / "head")
    open_ledger().keys.rotated(chance("next"), SM2)
    assert said(tmp_path / "head") == ""
    from engine.ledger.envelope import Caller
    from engine.services.deciding import record_decision

    record_decision(open_ledger(), asked(3), Caller("again"))
    assert said(tmp_path / "head") == "", "what the new key signs, of another algorithm, verifies as well"


def test_a_lost_signing_key_is_not_made_anew(home: Path) -> None:
    """With decisions in the ledger: bring it back from its backup."""
    (home / "keys" / "ledger.key").unlink()
    with pytest.raises(Unavailable, match="signing key"):
        open_ledger()
    assert not (home / "keys" / "ledger.key").exists()


def test_a_forged_checkpoint_is_no_checkpoint(home: Path, tmp_path: Path) -> None:
    """Another size, root or signature is not ours."""
    head = write_checkpoint(tmp_path / "head").data()
    for change in ({"size": 3}, {"root": "0" * 64}, {"signed_at": "2020"}, {"signature": {}}):
        (tmp_path / "head").write_bytes(canonical(head | change))
        assert "the checkpoint was not signed by a pinned key" in said(tmp_path / "head")


def test_erasure_is_no_fault(home: Path) -> None:
    """Openings that were erased are not missed; one more that was taken is."""
    with hand(home) as connection:
        query = "SELECT subject FROM opening WHERE handle = 'p1' GROUP BY subject HAVING COUNT(*) = 1 LIMIT 2"
        (subject,), (other,) = connection.execute(query).fetchall()
    erase(subject, "依申请", "测试员")
    assert said() == ""
    with hand(home) as connection:
        connection.execute("DELETE FROM opening WHERE subject = ?", (other,))
        connection.execute("DELETE FROM erasure")
    assert "lack what opens them" in said()


def test_a_registry_older_than_the_ledger_is_named(home: Path) -> None:
    """Its newest version is gone, or has another digest."""
    with hand(home, "registry") as connection:
        (newest,) = connection.execute('SELECT MAX(version) FROM "change"').fetchone()
        connection.execute('UPDATE "change" SET digest = ? WHERE version = ?', ("0" * 64, newest))
    assert f"registry {newest}" in said()
    with hand(home, "registry") as connection:
        connection.execute('DELETE FROM "change" WHERE version = ?', (newest,))
    assert f"registry {newest}: the registry has not the version" in said()


def test_an_extra_leaf_without_a_number_must_be_ours(home: Path) -> None:
    """One put in by hand has no promise of ours."""
    with hand(home) as connection:
        names = columns(connection, "leaf")
        picked = ", ".join({"id": "'zz'", "number": "NULL"}.get(name, name) for name in names)
        connection.execute(f"INSERT INTO leaf SELECT {picked} FROM leaf WHERE number = 5")
    assert "the row does not say what its envelope says" in said()


def test_the_nodes_of_the_tests_are_the_tree(home: Path) -> None:
    """The stored nodes are those of the tree over the leaves, no more."""
    nodes: dict[tuple[int, int], bytes] = {}
    with hand(home) as connection:
        leaves = [row[0] for row in connection.execute("SELECT leaf FROM leaf ORDER BY number")]
        stored = {(level, place): node for level, place, node in connection.execute("SELECT * FROM node")}
    for size, leaf in enumerate(leaves):
        for level, place, node in appended(size, bytes.fromhex(leaf), lambda *at: nodes[at]):
            nodes[level, place] = node
    assert {at: node.hex() for at, node in nodes.items()} == stored
