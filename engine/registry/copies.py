"""A book copied whole into a SQLite file, as one consistent state, and from such a file into an empty book."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, MetaData, Table, select

from engine.errors import Missing, RefusedInput, refused_input
from engine.registry.changes import insert_many
from engine.registry.migrating import Schema, revision, upgrade
from engine.registry.store import Store, ask

BATCH = 10_000


@contextmanager
def new_file(target: Path, schema: Schema) -> Iterator[Store]:
    """An empty book that takes its place as `target` once it is written whole. RefusedInput if something is there."""
    if target.exists():
        raise refused_input("R621", f"{target} 已存在，不覆盖", f"{target} exists and is not overwritten")
    beside = target.with_name(target.name + ".part")
    beside.unlink(missing_ok=True)
    copy = Store(beside)
    try:
        upgrade(copy, schema)
        yield copy
        copy.close()
        with copy.reading() as connection:  # all into one file; unlike closing, this says so if the disk is full
            ask(connection, "PRAGMA journal_mode=DELETE")
        copy.close()
        beside.replace(target)
    finally:
        copy.close()
        for leftover in (beside, beside.with_name(beside.name + "-wal"), beside.with_name(beside.name + "-shm")):
            leftover.unlink(missing_ok=True)


@contextmanager
def kept_file(file: Path, schema: Schema) -> Iterator[Store]:
    """A backup to read, left as it is; one of an older schema is brought up to ours in a copy.

    Missing if there is none, RefusedInput if it is none of this book.
    """
    if not file.is_file():
        raise Missing(f"没有文件 {file}", f"there is no file {file}")
    with TemporaryDirectory(prefix="memoranda-backup-") as folder, ExitStack() as opened:
        kept = opened.enter_context(closing(Store(file, read_only=True)))
        at = revision(kept, schema)
        if not at.found:
            raise refused_input("R624", f"{file} 不是此账册的备份", f"{file} is no backup of this book")
        if not at.current:
            kept = opened.enter_context(closing(Store(Path(shutil.copy(file, folder)))))
            upgrade(kept, schema)
        yield kept


def copy_all(source: Store, target: Store, book: MetaData) -> None:
    """Every row of every table of the book. RefusedInput if the target holds anything else."""
    with source.snapshot() as reading, target.writing() as connection:
        for table in book.sorted_tables:
            rows = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
            if there := connection.execute(select(table).limit(2)).all():
                if there != reading.execute(select(table).limit(2)).all():
                    raise _not_empty()
                continue  # what a book is founded on is there from its first start
            with reading.execute(rows) as found:
                for part in found.partitions():
                    insert_many(connection, table, part)
            if not target.is_sqlite:
                _go_on_counting(connection, table)


def _not_empty() -> RefusedInput:
    return refused_input(
        "R622",
        "账册已有内容；此操作只用于空库", "the book is not empty, and this is for an empty one only",
        "用 MEMORANDA_HOME 或 MEMORANDA_DATABASE_URL 另指一个库",
        "name another one by MEMORANDA_HOME or MEMORANDA_DATABASE_URL",
    )  # fmt: skip


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Ids were copied: a counter of theirs must go on after the greatest."""
    column = table.autoincrement_column
    if column is not None and column.autoincrement is not False:
        said = f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', '{column.name}'), MAX(\"{column.name}\")) "
        connection.exec_driver_sql(said + f'FROM "{table.name}"')
