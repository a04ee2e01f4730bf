"""The ledger's schema: from nothing on both databases, as the tables say, and beside the registry's in one database."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from engine.errors import Unavailable
from engine.ledger.migrating import LEDGER
from engine.ledger.tables import LedgerTable
from engine.registry.migrating import REGISTRY, demand_current, revision, upgrade
from engine.registry.store import Store
from engine.registry.tables import RegistryTable


def differences(store: Store, metadata: object, table: str, names: set[str]) -> list[object]:
    """What the database has otherwise than the tables of one book say."""
    with store.reading() as connection:
        options = {
            "version_table": table, "compare_type": True,
            "include_name": lambda name, kind, parents: kind != "table" or name in names,
        }  # fmt: skip
        found: list[object] = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)  # type: ignore[arg-type]
    return found


def test_the_schema_is_what_the_tables_say(address: str) -> None:
    """Up from nothing, nothing is left to generate; a second time changes nothing."""
    store = Store(address)
    assert revision(store, LEDGER).found == ""
    made = upgrade(store, LEDGER)
    assert made.current
    assert upgrade(store, LEDGER) == made
    assert differences(store, LedgerTable.metadata, LEDGER.table, {*LedgerTable.metadata.tables}) == []
    store.close()


def test_both_books_in_one_database(address: str) -> None:
    """Each with its own table of revisions, neither seeing the other's as a difference, in either order."""
    store = Store(address)
    upgrade(store, LEDGER)
    assert not revision(store, REGISTRY).found
    upgrade(store, REGISTRY)
    demand_current(store, LEDGER)
    demand_current(store, REGISTRY)
    assert not {*LedgerTable.metadata.tables} & {*RegistryTable.metadata.tables}
    assert differences(store, LedgerTable.metadata, LEDGER.table, {*LedgerTable.metadata.tables}) == []
    assert differences(store, RegistryTable.metadata, REGISTRY.table, {*RegistryTable.metadata.tables}) == []
    store.close()


def test_a_later_programs_schema_is_refused(address: str) -> None:
    """It is never taken back."""
    store = Store(address)
    upgrade(store, LEDGER)
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {LEDGER.table} SET version_num = 'l9999'")
    with pytest.raises(Unavailable, match="l9999"):
        upgrade(store, LEDGER)
    store.close()


def test_on_postgresql_nothing_is_made_by_itself(address: str) -> None:
    """An empty SQLite file is made ready; a server's database waits for `db upgrade`."""
    store = Store(address)
    if store.is_sqlite:
        demand_current(store, LEDGER)
        assert revision(store, LEDGER).current
    else:
        with pytest.raises(Unavailable, match="empty"):
            demand_current(store, LEDGER)
    store.close()
