"""Backup and restore: every published row into a SQLite file of its own, and from one into an empty registry."""

from pathlib import Path

from sqlalchemy import Connection, select

from engine.errors import RefusedInput, refused_input
from engine.registry.chain import BOOKS, CHANGES, Broken, Version, latest, table_of, verify
from engine.registry.changes import insert_many
from engine.registry.copies import kept_file, new_file
from engine.registry.drafts import sweep
from engine.registry.migrating import REGISTRY, demand_current
from engine.registry.store import Store

BATCH = 10_000


def backup(store: Store, target: Path) -> Version:
    """Everything published, as one consistent state, into a new file; written beside it and moved there whole."""
    with new_file(target, REGISTRY) as copy, store.snapshot() as source:
        return _copy(source, copy)


def restore(file: Path, store: Store) -> Version:
    """A backup into a registry that holds nothing yet; its chain is walked first."""
    demand_current(store)
    with kept_file(file, REGISTRY) as kept, kept.reading() as source:
        must_hold(source)
        return _copy(source, store)


def must_hold(connection: Connection) -> None:
    """RefusedInput with every version at which the chain does not hold."""
    broken = [found for found in verify(connection) if isinstance(found, Broken)]
    if broken:
        faults = [
            refused_input("R623", f"版本 {b.version}：{b.zh}", f"version {b.version}: {b.en}").faults[0] for b in broken
        ]
        raise RefusedInput(faults)


def must_be_empty(connection: Connection) -> None:
    """RefusedInput if anything was ever published, or is on its way in."""
    if connection.execute(select(CHANGES.c.id).limit(1)).first():
        raise refused_input(
            "R622",
            "名录库已有内容；此操作只用于空库",
            "the registry is not empty, and this is for an empty one only",
            "用 MEMORANDA_HOME 或 MEMORANDA_DATABASE_URL 另指一个库",
            "name another one by MEMORANDA_HOME or MEMORANDA_DATABASE_URL",
        )


def _copy(source: Connection, target: Store) -> Version:
    version = latest(source)
    published = select(CHANGES.c.id).where(CHANGES.c.version <= version.number)
    with target.writing() as connection:
        target.lock_versions(connection)
        sweep(target, connection)
        must_be_empty(connection)
        for table in (CHANGES, *map(table_of, BOOKS)):
            mine = table.c.id if table is CHANGES else table.c.change
            rows = select(table).where(mine.in_(published)).order_by(table.c.id)
            with source.execute(rows.execution_options(yield_per=BATCH)) as found:
                for part in found.partitions():
                    insert_many(connection, table, part)
        if not target.is_sqlite:  # ids were copied, the counter must go on after them
            connection.exec_driver_sql("SELECT setval(pg_get_serial_sequence('change', 'id'), MAX(id)) FROM \"change\"")
    return version
