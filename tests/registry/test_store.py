"""A database that is away, full, locked, read-only or damaged: said so, in words, and nothing half written."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event, make_url, text

from engine.errors import MemorandaError, Missing, Unavailable
from engine.registry import importing
from engine.registry import store as store_module
from engine.registry.chain import unpublished
from engine.registry.importing import Row
from engine.registry.migrating import demand_current, upgrade
from engine.registry.store import Store
from tests.builders import A, B
from tests.postgres import Cluster
from tests.registry.arriving import bring, broken, happen, known, many, newest, only_entry, row, rows_kept
from tests.registry.disks import enlarge, fill, nobody_writes, small_disk


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting ends after a second."""
    monkeypatch.setattr(store_module, "PATIENCE", 1)


def unavailable(wanted: str, what: Callable[[], object]) -> Unavailable:
    """The error it ends with: in both languages, with a way out, and with no statement or value of ours."""
    with pytest.raises(Unavailable, match=wanted) as raised:
        what()
    said = raised.value
    assert all((said.zh, said.en, said.help_zh, said.help_en))
    assert not any(word in f"{said.zh}{said.en}" for word in ("INSERT", "SELECT", A, "sqlite3.", "psycopg"))
    return said


# -- addresses


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgres://u:p@h:5433/d", "postgresql+psycopg://u:p@h:5433/d"),
        ("postgresql+psycopg2:///d?host=/tmp", "postgresql+psycopg:///d?host=%2Ftmp"),
    ],
)
def test_an_address_is_read_with_the_driver_that_there_is(said: str, read: str) -> None:
    """Whichever it names, or none."""
    assert Store(said).url.render_as_string(hide_password=False) == read


@pytest.mark.parametrize("said", ["", "nonsense", "mysql://u@h/d", "sqlite://", "sqlite:///:memory:", "postgresql://h"])
def test_any_other_address_is_refused(said: str) -> None:
    """With an example; a registry in memory would forget everything."""
    with pytest.raises(Missing, match="cannot be read") as missing:
        Store(said)
    assert "sqlite:////" in missing.value.help_en


def test_a_password_is_not_shown(postgres: Cluster) -> None:
    """Not when the server is away, which is when addresses are looked at."""
    away = Store("postgresql://somebody:secret@/nowhere?host=/nonexistent")
    said = unavailable("not available", lambda: newest(away))
    assert "secret" not in f"{said!r}{said.zh}{said.en}{said.help_zh}{said.help_en}"


# -- away


@contextmanager
def gone(postgres: Cluster, store: Store) -> Iterator[None]:
    """The database lets nobody in, and whoever was in is out."""
    server = store.url.set(database="postgres", drivername="postgresql").render_as_string(hide_password=False)
    name = store.url.database
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false'.encode())
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true'.encode())


@pytest.fixture
def own(postgres: Cluster) -> Iterator[Store]:
    """A registry in a database of its own, on the server."""
    made = Store(postgres.database())
    upgrade(made)
    yield made
    made.close()


def test_a_database_that_went_away_and_came_back_is_used_again(postgres: Cluster, own: Store) -> None:
    """Meanwhile every question and every write says so."""
    bring(own, [row(A)])
    number = only_entry(own).number
    with gone(postgres, own):
        unavailable("not available", lambda: newest(own))
        unavailable("not available", lambda: happen(own, number, "annul"))
        unavailable("not available", lambda: bring(own, [row(B)]))
        unavailable("not available", lambda: demand_current(own))
    assert (newest(own), len(known(own).entries)) == (1, 1)
    assert bring(own, [row(A), row(B)]).version == 2


def test_an_import_during_which_the_database_went_away_is_none(
    postgres: Cluster, own: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody ever sees its rows, and the next import takes them away."""
    monkeypatch.setattr(importing, "CHUNK", 2)
    bring(own, many(3))
    with ExitStack() as away:

        def going() -> Iterator[Row]:
            yield from many(4, amount=1)
            away.enter_context(gone(postgres, own))
            yield from many(8, amount=1)[4:]

        unavailable("not available", lambda: bring(own, going()))
    assert newest(own) == 1
    assert rows_kept(own)["change"] == 2
    assert known(own, A).entries == known(own, A, version=1).entries
    assert bring(own, many(4, amount=1)).version == 2
    assert rows_kept(own)["change"] == 2
    assert broken(own) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "file").touch()
    unavailable("the folder .*file.*cannot be made", lambda: Store(tmp_path / "file" / "registry.db"))


def test_a_folder_in_the_files_place_is_no_database(tmp_path: Path) -> None:
    """Nor is a file of another kind, or one with a page overwritten; neither is written to."""
    (tmp_path / "folder.db").mkdir()
    unavailable("not available", lambda: demand_current(Store(tmp_path / "folder.db")))
    (tmp_path / "text.db").write_text("名录 " * 1000, encoding="utf-8")
    unavailable("no database, or is damaged", lambda: demand_current(Store(tmp_path / "text.db")))
    assert (tmp_path / "text.db").read_text(encoding="utf-8") == "名录 " * 1000


def test_a_damaged_file_is_said_to_be(tmp_path: Path) -> None:
    """Whatever is asked of the pages that are gone."""
    made = Store(tmp_path / "registry.db")
    upgrade(made)
    bring(made, many(200))
    made.close()
    whole = (tmp_path / "registry.db").read_bytes()
    (tmp_path / "registry.db").write_bytes(whole[: len(whole) // 3] + b"\x5a" * (len(whole) - len(whole) // 3))
    unavailable("damaged", lambda: broken(Store(tmp_path / "registry.db")))


# -- read-only


def test_a_disk_that_nobody_may_write_to() -> None:
    """Says so to whoever writes, and writes again once it may."""
    with small_disk(8_000) as disk:
        if disk is None:
            pytest.skip("nothing may be mounted here; the next test holds the same")
        made = Store(disk / "registry.db")
        upgrade(made)
        bring(made, [row(A)])
        number = only_entry(made).number
        made.close()
        with nobody_writes(disk):
            unavailable("read-only|not available", lambda: happen(Store(disk / "registry.db"), number, "annul"))
            unavailable("read-only|not available", lambda: bring(Store(disk / "registry.db"), [row(B)]))
        assert newest(made) == 1
        assert bring(made, [row(B)]).version == 2
        made.close()


def test_a_database_that_only_reads(store: Store) -> None:
    """Answers as ever, and refuses every write in words."""
    bring(store, [row(A)])
    number, before = only_entry(store).number, rows_kept(store)

    def only_read(connection: object, *_: object) -> None:
        setting = "PRAGMA query_only = ON" if store.is_sqlite else "SET default_transaction_read_only = on"
        connection.execute(setting)  # type: ignore[attr-defined]
        if not store.is_sqlite:
            connection.commit()  # type: ignore[attr-defined]

    reading = Store(store.url.render_as_string(hide_password=False))
    event.listen(reading.engine, "connect", only_read)
    for write in (lambda: happen(reading, number, "annul"), lambda: bring(reading, [row(B)])):
        unavailable("read-only, nothing was written", write)
    assert known(reading) == known(store)
    assert rows_kept(reading) == before
    reading.close()


def test_a_connection_from_when_the_file_could_only_be_read_is_not_kept(tmp_path: Path) -> None:
    """SQLite opens such a file all the same, and that connection would never write again."""
    made, only = Store(tmp_path / "registry.db"), ["ON"]
    upgrade(made)
    made.close()
    event.listen(made.engine, "connect", lambda new, _: new.execute(f"PRAGMA query_only = {only[0]}"))
    unavailable("read-only, nothing was written", lambda: bring(made, [row(A)]))
    only[0] = "OFF"
    assert bring(made, [row(A)]).version == 1
    made.close()


# -- full


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    """An import, an event and a backup each say so; with room again the next import is as though nothing had been."""
    with small_disk(3_000) as disk:
        made = Store((disk or tmp_path) / "registry.db")
        upgrade(made)
        bring(made, many(20))
        number = only_entry(made, A).number
        room = _take_the_room(made, disk)
        said = unavailable("is full", lambda: bring(made, many(30_000, name="名" * 40)))
        assert "nothing was written" in said.en
        assert (newest(made), known(made, A)) == (1, known(made, A, version=1))
        room()
        assert bring(made, many(20, amount=3)).version == 2
        assert rows_kept(made)["change"] == 2
        assert rows_kept(made)["entry"] == 40
        happen(made, number, "annul")
        assert broken(made) == []
        with made.reading() as connection:
            assert unpublished(connection) == []
        made.close()


def _take_the_room(store: Store, disk: Path | None) -> Callable[[], None]:
    """Leave no room; what is returned gives it back. Without a disk of its own the file itself may not grow."""
    if disk:
        filler = fill(disk)
        return filler.unlink
    pages = [60]
    event.listen(store.engine, "connect", lambda new, _: new.execute(f"PRAGMA max_page_count={pages[0]}"))
    store.close()

    def more() -> None:
        pages[0] = 2**30
        store.close()

    return more


@contextmanager
def database_on(postgres: Cluster, disk: Path) -> Iterator[Store]:
    """A registry on the server, which keeps it on that disk."""
    shutil.chown(disk, "nobody", "nogroup")  # the server's user, where we are root
    server = postgres.database()
    name = f"small_{make_url(server).database}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{disk}'".encode())
        connection.execute(f'CREATE DATABASE "{name}" TABLESPACE {name}'.encode())
        small = Store(make_url(server).set(database=name).render_as_string(hide_password=False))
        try:
            upgrade(small)
            yield small
        finally:
            small.close()
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
            connection.execute(f"DROP TABLESPACE {name}".encode())


@pytest.mark.skipif("TEST_PG_URL" in os.environ, reason="the disks of another's server are not ours to fill")
def test_a_server_whose_disk_is_full(postgres: Cluster) -> None:
    """The same, on PostgreSQL, which needs room to clear away as well: what is left is seen by nobody, and the next
    arrival clears it."""
    with small_disk(12_000) as disk:
        if disk is None:
            pytest.skip("nothing may be mounted here")
        with database_on(postgres, disk) as small:
            bring(small, many(5))
            unavailable("is full", lambda: bring(small, many(30_000, name="名" * 60)))
            assert (newest(small), known(small, A)) == (1, known(small, A, version=1))
            enlarge(disk, 40_000)
            assert bring(small, many(5, amount=1)).version == 2
            assert rows_kept(small)["entry"] == 10
            assert broken(small) == []


# -- locked


@pytest.mark.usefixtures("impatient")
def test_another_process_that_writes_is_waited_for_and_not_for_ever(store: Store) -> None:
    """Readers do not notice; whoever writes is told to try again, and then may."""
    bring(store, [row(A)])
    number = only_entry(store).number
    hasty = Store(store.url.render_as_string(hide_password=False))
    with _another_writes(store):
        unavailable("another process is writing", lambda: happen(hasty, number, "annul"))
        assert (newest(hasty), len(known(hasty).entries)) == (1, 1)
    assert happen(hasty, number, "annul").version == 2
    assert broken(store) == []
    hasty.close()


OTHER = """
import sys
from engine.registry.store import Store
store = Store(sys.argv[1])
with store.writing() as connection:
    store.lock_versions(connection)
    print("writing", flush=True)
    sys.stdin.read()
"""


@contextmanager
def _another_writes(store: Store) -> Iterator[None]:
    """A process of its own in the middle of a write."""
    url = store.url.render_as_string(hide_password=False)
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    try:
        assert other.stdout
        assert other.stdout.readline() == b"writing\n"
        yield
    finally:
        other.communicate(timeout=30)


@pytest.mark.usefixtures("impatient")
def test_more_readers_than_connections_are_told_so(postgres: Cluster, own: Store) -> None:
    """And are served when another is done."""
    hasty = Store(own.url.render_as_string(hide_password=False))
    with ExitStack() as readers:
        for _ in range(16):
            readers.enter_context(hasty.reading()).execute(text("SELECT 1"))
        unavailable("not available", lambda: newest(hasty))
    assert newest(hasty) == 0
    hasty.close()


def test_a_fault_of_ours_is_not_called_the_databases(store: Store) -> None:
    """A wrong statement is raised as what it is."""

    def wrong() -> None:
        with store.reading() as connection:
            connection.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(Exception, match="nowhere") as raised:
        wrong()
    assert not isinstance(raised.value, MemorandaError)


def test_a_connection_that_was_lost_is_lost_for_every_statement(postgres: Cluster) -> None:
    """Also for one after the first that failed: the database is away, and no statement was wrong."""
    address = postgres.database()
    store, other = Store(address), Store(address)

    def lose(connection: Connection) -> None:
        number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with other.writing() as killer:
            killer.exec_driver_sql(f"SELECT pg_terminate_backend({number})")
        with suppress(Exception):
            connection.exec_driver_sql("SELECT 1")
        connection.exec_driver_sql("SELECT 1")

    for opened in (store.reading, store.snapshot, store.writing):
        with pytest.raises(Unavailable), opened() as connection:
            lose(connection)
    store.close()
    other.close()
