"""A backup is the whole registry and nothing else, whichever database it came from and whichever it goes to."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import Missing, RefusedInput, Unavailable
from engine.registry import keeping
from engine.registry.chain import latest, version_at
from engine.registry.changes import Draft, long_change
from engine.registry.keeping import backup, restore
from engine.registry.migrating import upgrade
from engine.registry.store import Store, ask
from engine.registry.tables import EntryRow
from tests.builders import A, B, C
from tests.postgres import Cluster
from tests.registry.arriving import bring, broken, happen, head, known, newest, row, rows_kept


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Another empty registry."""
    server: Cluster = request.getfixturevalue("postgres")
    made = Store(tmp_path / "target.db" if request.param == "sqlite" else server.database())
    upgrade(made)
    yield made
    made.close()


def digests(store: Store) -> list[str]:
    """The digest of every version."""
    with store.reading() as connection:
        return [version_at(connection, number).digest for number in range(latest(connection).number + 1)]


def abandoned(store: Store) -> None:
    """A draft as a killed process leaves it: its head and rows are there, and nobody holds its lock."""
    with store.writing() as connection:
        draft = Draft(store, connection, head(list="black"))
        states = [("n1", A, "black", "", "{}", "{}", "", "", "c")]
        draft.add(connection, EntryRow, states)


def test_what_is_restored_answers_as_before(filled: Store, target: Store, tmp_path: Path) -> None:
    """Every question at every version, with the same digests; drafts stay behind; and it goes on from there."""
    abandoned(filled)
    file = tmp_path / "backup.db"
    assert backup(filled, file).number == 8
    assert restore(file, target).number == 8
    assert digests(target) == digests(filled)
    assert broken(target) == []
    for version in range(9):
        assert known(target, A, B, C, version=version) == known(filled, A, B, C, version=version)
    assert rows_kept(target) == rows_kept(filled) | {"change": 8, "entry": rows_kept(filled)["entry"] - 1}
    assert bring(target, [row(A), row(B), row(C)], now=head().now).version == 9
    happen(target, known(target, B).by_subject[B][0].number, "annul")
    assert (newest(target), broken(target)) == (10, [])


def test_a_backup_is_one_file_that_nothing_needs_to_write_to(filled: Store, target: Store, tmp_path: Path) -> None:
    """Whatever its name; it can be read where nobody may write, and restoring from it leaves it as it is."""
    file = tmp_path / "备份 no.1?&#%20.db"
    backup(filled, file)
    assert [path.name for path in tmp_path.iterdir() if "备份" in path.name] == [file.name]
    before = file.read_bytes()
    kept = Store(file, read_only=True)
    with kept.reading() as connection:
        assert ask(connection, "PRAGMA journal_mode") == [("delete",)]
        assert ask(connection, "PRAGMA integrity_check") == [("ok",)]
    assert broken(kept) == []
    with pytest.raises(Unavailable, match="read-only"):
        happen(kept, known(kept, C).by_subject[C][0].number, "annul")
    kept.close()
    assert restore(file, target).number == 8
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "备份" in path.name] == [file.name]


def test_a_backup_takes_one_state_while_others_write(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is published while tables are copied is not in it, not even in part."""
    copied = keeping.insert_many

    def meanwhile(*given: object) -> None:
        if newest(filled) == 8:
            bring(filled, [row(A, amount=99), row(B, amount=99)])
        copied(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping, "insert_many", meanwhile)
    file = tmp_path / "backup.db"
    assert backup(filled, file).number == 8
    kept = Store(file)
    assert (newest(kept), broken(kept)) == (8, [])
    assert known(kept, A, B) == known(filled, A, B, version=8)
    kept.close()


def test_a_file_that_is_there_is_left_alone(store: Store, tmp_path: Path) -> None:
    """It may be the only backup there is."""
    file = tmp_path / "backup.db"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(RefusedInput, match="exists"):
        backup(store, file)
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_backup_that_breaks_off_leaves_no_file(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither under its name nor beside it."""

    def full(*given: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(keeping, "insert_many", full)
    (tmp_path / "kept").mkdir()
    with pytest.raises(OSError, match="no space"):
        backup(filled, tmp_path / "kept" / "backup.db")
    assert [*(tmp_path / "kept").iterdir()] == []


def test_a_restore_that_breaks_off_leaves_an_empty_registry(
    filled: Store, target: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can be tried again."""
    file, real = tmp_path / "backup.db", keeping.insert_many
    backup(filled, file)

    def breaking(connection: object, table: object, rows: object) -> None:
        if getattr(table, "name", "") == "event":
            raise OSError("gone")
        real(connection, table, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping, "insert_many", breaking)
    with pytest.raises(OSError, match="gone"):
        restore(file, target)
    assert rows_kept(target) == {}
    monkeypatch.undo()
    assert restore(file, target).number == 8


def test_only_an_empty_registry_is_restored_into(filled: Store, target: Store, tmp_path: Path) -> None:
    """What a killed import left is no content; what is being imported is."""
    file = tmp_path / "backup.db"
    backup(filled, file)
    with long_change(target, head(list="black")), pytest.raises(RefusedInput, match="not empty"):
        restore(file, target)
    abandoned(target)
    assert restore(file, target).number == 8
    with pytest.raises(RefusedInput, match="not empty"):
        restore(file, target)
    assert digests(target) == digests(filled)


def test_a_backup_that_was_altered_is_refused(filled: Store, store: Store, target: Store, tmp_path: Path) -> None:
    """With every version at which it was."""
    file = tmp_path / "backup.db"
    backup(filled, file)
    with sqlite3.connect(file) as plain:
        plain.execute("UPDATE entry SET facts = '{}' WHERE id IN (SELECT MAX(id) FROM entry)")
        plain.execute("UPDATE event SET at = '2001-01-01' WHERE kind = 'settled'")
    plain.close()
    with pytest.raises(RefusedInput) as refused:
        restore(file, target)
    assert [fault.en.partition(":")[0] for fault in refused.value.faults] == ["version 6", "version 8"]
    assert rows_kept(target) == {}


def test_what_is_no_backup_is_not_restored(store: Store, tmp_path: Path) -> None:
    """Nothing at all, a text, an empty file, another program's database; none of them is touched."""
    with pytest.raises(Missing, match=r"nowhere\.db"):
        restore(tmp_path / "nowhere.db", store)
    text, empty, other = (tmp_path / name for name in ("text.db", "empty.db", "other.db"))
    text.write_text("not a database at all " * 100, encoding="utf-8")
    empty.touch()
    with sqlite3.connect(other) as plain:
        plain.execute("CREATE TABLE change (id INTEGER)")
    plain.close()
    with pytest.raises(Unavailable, match="no database"):
        restore(text, store)
    for file in (empty, other):
        with pytest.raises(RefusedInput, match="no backup"):
            restore(file, store)
    assert text.read_text(encoding="utf-8").startswith("not a database")
    assert rows_kept(store) == {}
