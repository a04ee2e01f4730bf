"""The registry's database as an operator meets it: schemas, backups, altered rows, faults and killed writers."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import event, text

from engine.errors import RefusedInput, Unavailable
from engine.registry.chain import BOOKS, CHANGES, Broken, latest, table_of, unpublished, verify
from engine.registry.keeping import backup, restore
from engine.registry.migrating import demand_current, revision, upgrade
from engine.registry.store import Store
from engine.registry.tables import RegistryTable
from tests.postgres import Cluster
from tests.registry.arriving import bring, happen, known, newest, only_entry, row

ROOT = Path(__file__).resolve().parents[2]


def rows(count: int, first: int = 0):  # type: ignore[no-untyped-def]
    """So many different entries of the usual subject."""
    return [row(document=f"{first + n}号", line=n + 2) for n in range(count)]


# -- the schema


def test_the_schema_is_what_the_tables_say(store: Store) -> None:
    """No migration is missing: autogenerate finds nothing to do."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with store.reading() as connection:
        options = {"compare_type": True, "version_table": "registry_schema"}
        context = MigrationContext.configure(connection, opts=options)
        found = [one for one in compare_metadata(context, RegistryTable.metadata) if "schema" not in str(one[1])]
    assert found == []
    assert revision(store).current


def test_a_database_of_another_schema_is_not_touched(address: str) -> None:
    """It is said which revision stands there and which is wanted."""
    store = Store(address)
    upgrade(store)
    with store.writing() as connection:
        connection.execute(text("UPDATE registry_schema SET version_num = 'r9999'"))
    with pytest.raises(Unavailable, match="r9999"):
        demand_current(store)
    with pytest.raises(Unavailable, match="r9999"):
        upgrade(store)
    store.close()


# -- the chain


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_altered_is_named_with_its_version(store: Store, seed: int) -> None:
    """A value of any kept row, a row taken away, or a word in a version's head."""
    bring(store, rows(3))
    number = known(store).entries[0].number
    happen(store, number, "object")
    bring(store, [*rows(2), row(document="2号", amount=500)])
    chance = Random(seed)
    with store.writing() as connection:
        tables = [table_of(book) for book in BOOKS]
        table = chance.choice([t for t in tables if connection.execute(t.select()).first()])
        victim = chance.choice(connection.execute(table.select()).all())
        if seed % 3 == 0:
            connection.execute(table.delete().where(table.c.id == victim.id))
        else:
            texts = [c.name for c in table.columns if isinstance(getattr(victim, c.name), str)]
            column = chance.choice(texts)
            connection.execute(table.update().where(table.c.id == victim.id).values({column: "x"}))
        version = connection.execute(CHANGES.select().where(CHANGES.c.id == victim.change)).one().version
    with store.snapshot() as connection:
        assert next(f.version for f in verify(connection) if isinstance(f, Broken)) == version


def test_an_altered_head_breaks_the_chain(store: Store) -> None:
    """Who wrote it, and when, are part of what is chained."""
    bring(store, rows(1))
    bring(store, rows(2))
    with store.writing() as connection:
        connection.execute(CHANGES.update().where(CHANGES.c.version == 1).values(who="somebody else"))
    with store.snapshot() as connection:
        assert {f.version for f in verify(connection) if isinstance(f, Broken)} >= {1}


# -- backup and restore


def test_a_backup_is_restored_anywhere(store: Store, postgres: Cluster, tmp_path: Path) -> None:
    """From either database into either, the same at every version; an altered backup is refused."""
    bring(store, rows(3))
    happen(store, known(store).entries[0].number, "repair")
    file = tmp_path / "backup.db"
    assert backup(store, file).number == 2
    for number, address in enumerate((f"sqlite:///{tmp_path / 'other.db'}", postgres.database())):
        other = Store(address)
        upgrade(other)
        assert restore(file, other).number == 2
        assert [known(other, version=v) for v in (0, 1, 2)] == [known(store, version=v) for v in (0, 1, 2)]
        bring(other, rows(1, first=10 + number))
        assert newest(other) == 3
        other.close()
    broken = Store(f"sqlite:///{file}")
    with broken.writing() as connection:
        connection.execute(text("UPDATE entry SET document = '改'"))
    broken.close()
    third = Store(f"sqlite:///{tmp_path / 'third.db'}")
    with pytest.raises(RefusedInput):
        restore(file, third)
    third.close()


# -- faults of the machine


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    """The database may not grow: said so, and nothing of the file is seen or kept."""
    store = Store(f"sqlite:///{tmp_path / 'registry.db'}")
    upgrade(store)
    bring(store, rows(1))

    @event.listens_for(store.engine, "connect")
    def _(connection, _record):  # type: ignore[no-untyped-def]
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 2}")

    store.engine.dispose()
    with pytest.raises(Unavailable, match="full"):
        bring(store, rows(5_000, first=10))
    store.close()
    again = Store(f"sqlite:///{tmp_path / 'registry.db'}")
    assert newest(again) == 1
    assert len(known(again).entries) == 1
    again.close()


def test_a_read_only_database_is_said_to_be_so(tmp_path: Path) -> None:
    """Nothing is written, and what is there can still be read."""
    store = Store(f"sqlite:///{tmp_path / 'registry.db'}")
    upgrade(store)
    bring(store, rows(1))
    store.close()
    readonly = Store(f"sqlite:///file:{tmp_path / 'registry.db'}?mode=ro&uri=true")
    with pytest.raises(Unavailable, match="read-only"):
        bring(readonly, rows(2))
    assert only_entry(readonly).document == "0号"
    readonly.close()


def test_a_database_that_went_away_comes_back(postgres: Cluster) -> None:
    """Its sessions are ended under us: said so, and the next question is answered."""
    store = Store(postgres.database())
    upgrade(store)
    bring(store, rows(1))
    with pytest.raises(Unavailable):
        _cut_off(store)
    assert len(known(store).entries) == 1
    store.close()


def _cut_off(store: Store) -> None:
    """A question whose session the server ends before it is asked."""
    other = Store(store.url)
    with store.reading() as connection:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with other.reading() as second:
            second.execute(text(f"SELECT pg_terminate_backend({own})"))
        other.close()
        connection.execute(text("SELECT 1"))


# -- writers and readers at once


def test_no_reader_sees_half_a_batch_or_a_gap(store: Store) -> None:
    """Eight writers and four readers: versions are contiguous, and a version shows all of its batch for ever."""
    wrong, done = list[str](), threading.Event()

    def read() -> None:
        while not done.is_set():
            version = newest(store)
            seen = len(known(store, version=version).entries)
            if seen != version * 5:
                wrong.append(f"{seen} entries at version {version}")

    readers = [threading.Thread(target=read) for _ in range(4)]
    writers = [threading.Thread(target=lambda n=n: _insist(store, n, wrong)) for n in range(8)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert wrong == []
    assert newest(store) == 16
    with store.snapshot() as connection:
        assert [f for f in verify(connection) if isinstance(f, Broken)] == []


def _insist(store: Store, number: int, wrong: list[str]) -> None:
    """Bring two batches; an import that another one overtook says so, and is made again."""
    for batch in range(2):
        for _ in range(200):
            report = bring(store, rows(5, first=1_000 * number + 10 * batch))
            if report.version:
                break
            if report.refusal != "changed-meanwhile":
                wrong.append(report.refusal)
        else:
            wrong.append("never accepted")


# -- killed


KILLED = """
import sys
from engine.registry.store import Store
from tests.registry.arriving import bring
from tests.registry.test_books import rows
bring(Store(sys.argv[1]), rows(60_000, first=100))
"""


@pytest.mark.parametrize("delay", [0.4, 0.9])
def test_a_killed_import_was_never_there(address: str, delay: float) -> None:
    """kill -9 in the middle: nothing of it is seen, and the next import takes its leavings away."""
    store = Store(address)
    upgrade(store)
    bring(store, rows(1))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", KILLED, address], env=environment, cwd=ROOT)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:  # until it has begun to write
        with store.reading() as connection:
            if unpublished(connection):
                break
        time.sleep(0.02)
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    child.wait()
    seen = newest(store)
    assert seen in (1, 2)  # it may have been quicker
    assert len(known(store).entries) == (1 if seen == 1 else 60_001)
    bring(store, rows(2))
    with store.reading() as connection:
        assert unpublished(connection) == []
        assert latest(connection).number == seen + 1
    store.close()
