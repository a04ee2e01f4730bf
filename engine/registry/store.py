"""The registry's database: SQLite in one file or PostgreSQL, the same statements on both."""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

from engine.errors import Missing, Unavailable

# Seconds a write waits for another process's before it says so.
PATIENCE = 30
# The advisory lock under which versions are given out on PostgreSQL: "memo" and the registry's number.
VERSION_LOCK = 0x6D656D6F01


class Store:
    """A registry's database, opened once and shared by threads.

    `where` is a SQLite file, or an address as SQLAlchemy writes it. Missing for an address of anything else.
    `read_only` opens a file that is there and leaves it as it is, on a disk that nobody may write to as well.
    """

    def __init__(self, where: str | Path, read_only: bool = False) -> None:
        self.url = URL.create("sqlite", database=str(where)) if isinstance(where, Path) else _address(where)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._engine(read_only)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads."""
        with self._held(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that reads one state throughout, whatever is written meanwhile."""
        isolation = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._held(), self.engine.connect().execution_options(**isolation) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: committed whole at the end, or not at all."""
        options = {"memoranda_writes": True}
        with self._held(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing_long(self) -> Iterator[Connection]:
        """A connection for several writing transactions, each begun and ended by its user."""
        with self._held(), self.engine.connect().execution_options(memoranda_writes=True) as connection:
            yield connection

    def lock_versions(self, connection: Connection) -> None:
        """Until the transaction ends nobody else gives out a version; a version is seen only after all lower ones."""
        if not self.is_sqlite:  # on SQLite a writing transaction is alone from its beginning
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (VERSION_LOCK,))

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """What is wrong is said, and later connections are new: one that SQLite opened while the file could only be
        read stays so for ever, also when it may be written again.
        """
        try:
            with _as_unavailable():
                yield
        except Unavailable:
            if self.is_sqlite:
                self.engine.dispose()
            raise

    def _engine(self, read_only: bool) -> Engine:
        if self.file is None:
            pool: dict[str, Any] = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8, "pool_timeout": PATIENCE}
            engine = create_engine(self.url, hide_parameters=True, connect_args={"connect_timeout": PATIENCE}, **pool)
            event.listen(engine, "connect", _on_connect_to_server)
            return engine
        if not read_only:
            _make_folder(self.file.parent)
        name = f"file:{quote(str(self.file.absolute()))}?mode={'ro' if read_only else 'rwc'}"
        connect = partial(sqlite3.connect, name, uri=True, timeout=PATIENCE, check_same_thread=False)
        engine = create_engine(self.url, creator=connect, hide_parameters=True)
        event.listen(engine, "connect", _on_connect_to_copy if read_only else _on_connect)
        event.listen(engine, "begin", _on_begin)
        return engine


def _address(said: str) -> URL:
    """The address with the driver that is used, whichever it names."""
    drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
    try:
        url = make_url(said)
    except ArgumentError:
        url = URL.create("unknown")
    driver = drivers.get(url.get_backend_name())
    if not driver or not url.database or url.database == ":memory:":
        raise Missing(
            "数据库地址读不懂",
            "the database address cannot be read",
            "例如 sqlite:////绝对/路径/registry.db 或 postgresql://用户@主机/库",
            "for example sqlite:////absolute/path/registry.db or postgresql://user@host/database",
        )
    return url.set(drivername=driver)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as wrong:
        raise Unavailable(
            f"无法建立文件夹 {folder}：{wrong.strerror}",
            f"the folder {folder} cannot be made: {wrong.strerror}",
            "检查路径和权限",
            "check the path and its permissions",
        ) from None


def _on_connect(connection: sqlite3.Connection, _: Any) -> None:
    """The driver leaves transactions to us; every commit reaches the disk before it is answered."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=FILE", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _on_connect_to_copy(connection: sqlite3.Connection, _: Any) -> None:
    """As for a book that is written, without changing how the file is kept."""
    connection.isolation_level = None


def _on_connect_to_server(connection: Any, _: Any) -> None:
    """Nobody waits for another's lock longer than on SQLite."""
    connection.execute(f"SET lock_timeout = '{PATIENCE}s'")
    connection.commit()


def _on_begin(connection: Connection) -> None:
    """Whoever writes takes the write lock at once: a lock taken later could fail half-way."""
    writes = connection.get_execution_options().get("memoranda_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def ask(connection: Connection, text: str, values: Sequence[Any] = ()) -> list[Any]:
    """The rows of a query with `?` for values, by the driver alone: a look-up is a few of them and must be quick."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text if connection.dialect.name == "sqlite" else text.replace("?", "%s"), tuple(values))
        row = _row_type(tuple(column[0] for column in cursor.description))
        return [row(*found) for found in cursor.fetchall()]
    finally:
        cursor.close()


@cache
def _row_type(names: tuple[str, ...]) -> Callable[..., Any]:
    return namedtuple("Row", names)


# By name: the drivers' classes are not related, and one of the two may not be loaded at all. A plain DatabaseError is
# SQLite's for a file that is damaged or no database.
# PendingRollbackError is what a second statement gets on a connection that was lost at the first.
_AWAY = {"OperationalError", "ReadOnlySqlTransaction", "PendingRollbackError"}
_DAMAGED = "DatabaseError"


@contextmanager
def _as_unavailable() -> Iterator[None]:
    """A database that is away, full, locked, read-only or damaged is said to be so; no statement is repeated."""
    try:
        yield
    except Exception as fault:
        original = getattr(fault, "orig", None) or fault
        kinds = {kind.__name__ for kind in type(original).__mro__}
        away = kinds & _AWAY or isinstance(original, NoConnectionInTime) or type(original).__name__ == _DAMAGED
        if not away or getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:  # that is a wrong statement
            raise
        zh, en, help_zh, help_en = _what_is_wrong(str(original).lower())
        raise Unavailable(zh, en, help_zh, help_en) from None


def _what_is_wrong(said: str) -> tuple[str, str, str, str]:
    if "is full" in said or "no space" in said:
        return (
            "磁盘已满，没有写入任何内容",
            "the disk is full, nothing was written",
            "腾出空间后重试",
            "free some space and try again",
        )
    if "readonly" in said or "read-only" in said:
        return (
            "数据库只读，没有写入任何内容",
            "the database is read-only, nothing was written",
            "检查文件权限",
            "check the file's permissions",
        )
    if "is locked" in said or "is busy" in said or "lock timeout" in said:
        return (
            "另一个进程正在写入，等候超时，没有写入任何内容",
            "another process is writing; the wait ended and nothing was written",
            "稍后重试",
            "try again later",
        )
    if "not a database" in said or "malformed" in said:
        return (
            "文件不是数据库，或已损坏",
            "the file is no database, or is damaged",
            "从备份恢复",
            "restore it from a backup",
        )
    # Where the connection went while a transaction was being committed nobody here knows how that ended.
    return (
        "数据库不可用",
        "the database is not available",
        "检查数据库服务和地址后重试；正在写入时断开的，先查是否已经写入",
        "check the database and its address, then try again; if it went during a write, look whether that is there",
    )
