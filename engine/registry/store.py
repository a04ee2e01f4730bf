"""The registry's database: SQLite in one file or PostgreSQL, the same statements on both."""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from engine.errors import Missing, Unavailable

# Seconds a write waits for another process's before it says so.
PATIENCE = 30
# The advisory lock under which versions are given out on PostgreSQL: "memo" and the registry's number.
VERSION_LOCK = 0x6D656D6F01


class Store:
    """A registry's database, opened once and shared by threads; `url` as SQLAlchemy writes it."""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
        except ArgumentError as wrong:
            raise Missing(
                "数据库地址读不懂", "the database address cannot be read",
                "例如 sqlite:////绝对/路径/registry.db 或 postgresql+psycopg://用户@主机/库",
                "for example sqlite:////absolute/path/registry.db or postgresql+psycopg://user@host/database",
            ) from wrong  # fmt: skip
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._engine()

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads."""
        with _as_unavailable(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that reads one state throughout, whatever is written meanwhile."""
        isolation = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with _as_unavailable(), self.engine.connect().execution_options(**isolation) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: committed whole at the end, or not at all."""
        options = {"memoranda_writes": True}
        with _as_unavailable(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing_long(self) -> Iterator[Connection]:
        """A connection for several writing transactions, each begun and ended by its user."""
        with _as_unavailable(), self.engine.connect().execution_options(memoranda_writes=True) as connection:
            yield connection

    def lock_versions(self, connection: Connection) -> None:
        """Until the transaction ends nobody else gives out a version; a version is seen only after all lower ones."""
        if not self.is_sqlite:  # on SQLite a writing transaction is alone from its beginning
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (VERSION_LOCK,))

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def _engine(self) -> Engine:
        if not self.is_sqlite:
            return create_engine(self.url, pool_pre_ping=True, pool_size=8, max_overflow=8, pool_timeout=PATIENCE)
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = create_engine(self.url, connect_args={"timeout": PATIENCE, "check_same_thread": False})
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        return engine


def _on_connect(connection: sqlite3.Connection, _: Any) -> None:
    """The driver leaves transactions to us; every commit reaches the disk before it is answered."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=FILE", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


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


@contextmanager
def _as_unavailable() -> Iterator[None]:
    """A database that is away, full, locked or read-only is said to be so; no statement or value is repeated."""
    try:
        yield
    except Exception as fault:
        original = getattr(fault, "orig", None) or fault
        # By name: the drivers' classes are not related, and one of the two may not be loaded at all.
        if not any(kind.__name__ == "OperationalError" for kind in type(original).__mro__):
            raise
        zh, en, help_zh, help_en = _what_is_wrong(str(original).lower())
        raise Unavailable(zh, en, help_zh, help_en) from None


def _what_is_wrong(said: str) -> tuple[str, str, str, str]:
    if "full" in said or "no space" in said:
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
    if "locked" in said or "busy" in said:
        return (
            "另一个进程正在写入，等候超时，没有写入任何内容",
            "another process is writing; the wait ended and nothing was written",
            "稍后重试",
            "try again later",
        )
    return (
        "数据库不可用",
        "the database is not available",
        "检查数据库服务和地址后重试",
        "check the database and its address, then try again",
    )
