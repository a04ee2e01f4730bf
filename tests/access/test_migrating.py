"""The access book's schema: from nothing and from each earlier revision, as the tables say, beside the other books."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData

from engine.access.migrating import ACCESS
from engine.access.tables import AccessTable
from engine.errors import Unavailable
from engine.ledger.migrating import LEDGER
from engine.ledger.tables import LedgerTable
from engine.registry.migrating import REGISTRY, demand_current, revision, upgrade
from engine.registry.store import Store
from engine.registry.tables import RegistryTable


def differences(store: Store, metadata: MetaData, table: str) -> list[object]:
    """What the database has otherwise than the tables of one book say."""
    names = {*metadata.tables}
    with store.reading() as connection:
        options = {
            "version_table": table, "compare_type": True,
            "include_name": lambda name, kind, parents: kind != "table" or name in names,
        }  # fmt: skip
        found: list[object] = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return found


def move(store: Store, to: str, up: bool = True) -> None:
    """To a revision, as Alembic does it."""
    with store.writing() as connection:
        config = Config()
        config.set_main_option("script_location", str(ACCESS.scripts))
        config.attributes.update(version_table=ACCESS.table, connection=connection)
        (command.upgrade if up else command.downgrade)(config, to)


def test_the_schema_is_what_the_tables_say(address: str) -> None:
    """Up from nothing, nothing is left to generate; a second time changes nothing."""
    store = Store(address)
    assert revision(store, ACCESS).found == ""
    made = upgrade(store, ACCESS)
    assert made.current
    assert made.found == "a0003"
    assert upgrade(store, ACCESS) == made
    assert differences(store, AccessTable.metadata, ACCESS.table) == []
    store.close()


def test_the_first_revision_keeps_what_it_holds(address: str) -> None:
    """Keys and looks of the first program are there after the second; down and up again too."""
    store = Store(address)
    move(store, "a0001")
    with store.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO api_key VALUES ('a', 'n', 'd', 'operator', '', '', '2026', 'me', '', '', '')"
        )
        connection.exec_driver_sql("INSERT INTO read VALUES (1, '2026', 'a', 'read-subject', 'why', '', 's', '')")
    for _ in range(2):
        upgrade(store, ACCESS)
        with store.reading() as connection:
            assert connection.exec_driver_sql("SELECT id FROM api_key").scalars().all() == ["a"]
            assert connection.exec_driver_sql("SELECT subject FROM read").scalars().all() == ["s"]
        move(store, "a0001", up=False)
        assert not revision(store, ACCESS).current
    store.close()


def test_three_books_in_one_database(address: str) -> None:
    """Each with its own table of revisions and none of the others' tables."""
    store = Store(address)
    books = ((ACCESS, AccessTable), (LEDGER, LedgerTable), (REGISTRY, RegistryTable))
    for schema, _ in books:
        upgrade(store, schema)
    for schema, table in books:
        demand_current(store, schema)
        assert differences(store, table.metadata, schema.table) == []
    assert sum(len(table.metadata.tables) for _, table in books) == len(
        {name for _, table in books for name in table.metadata.tables}
    )
    store.close()


def test_on_postgresql_nothing_is_made_by_itself(address: str) -> None:
    """An empty SQLite file is made ready; a server's database waits for `db upgrade`."""
    store = Store(address)
    if store.is_sqlite:
        demand_current(store, ACCESS)
        assert revision(store, ACCESS).current
    else:
        with pytest.raises(Unavailable, match="empty"):
            demand_current(store, ACCESS)
    store.close()


def test_every_revision_follows_the_one_before() -> None:
    """The file names are the revisions, without a gap."""
    files = sorted(path.stem for path in Path(ACCESS.scripts, "versions").glob("a*.py"))
    assert [name[:5] for name in files] == [f"a{number:04}" for number in range(1, len(files) + 1)]
