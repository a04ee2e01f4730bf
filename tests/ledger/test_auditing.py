"""Whatever is done to the ledger's rows, the audit names it; what only a checkpoint can show, it shows."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.canonical import canonical
from engine.errors import Unavailable
from engine.ledger.merkle import appended
from engine.ledger.recording import record
from engine.ledger.sequencing import sequence
from engine.ledger.signing import LogKeys
from engine.services.auditing import audited, write_checkpoint
from engine.services.books import open_ledger
from engine.services.determining import erase
from tests.ledger.desk import asked, at_home, chance, made


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
    "head": ("size = 6", "head", ()),
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
        ("UPDATE head SET size = -4 WHERE size = 3", "head -4"),
        ("INSERT INTO head SELECT 1000, root, signed_at, signature FROM head WHERE size = 3", "the log was cut"),
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
    open_ledger().keys.rotated(chance("next"))
    assert said(tmp_path / "head") == ""


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
        stored = {(level, place): found for level, place, found in connection.execute("SELECT * FROM node")}
    for size, leaf in enumerate(leaves):
        for level, place, found in appended(size, bytes.fromhex(leaf), lambda *at: nodes[at]):
            nodes[level, place] = found
    assert {at: found.hex() for at, found in nodes.items()} == stored
