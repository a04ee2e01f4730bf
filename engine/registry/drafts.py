"""Which drafts somebody is still writing: what nobody writes any more was left by a process that was killed.

Whoever writes a draft holds a lock that ends with the process, however that ends: on a file beside a SQLite database,
an advisory one on PostgreSQL.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from engine.errors import Unavailable
from engine.registry.chain import discard, unpublished
from engine.registry.store import Store

# The first half of an advisory lock's key on PostgreSQL, "memo"; the change is the other.
DRAFT_LOCK = 0x6D656D6F


def held(store: Store, connection: Connection, change: int) -> AbstractContextManager[None]:
    """The lock of a draft, for as long as it is written. Taken before the transaction that begins it is committed."""
    path = _lock_file(store, change)
    return _file_locked(path) if path else _session_locked(connection, change)


@contextmanager
def _file_locked(path: Path) -> Iterator[None]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError as wrong:
        raise Unavailable(
            f"无法写入 {path.parent}：{wrong.strerror}",
            f"{path.parent} cannot be written: {wrong.strerror}",
            "检查磁盘空间和文件夹权限",
            "check the room on the disk and the folder's permissions",
        ) from None
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


@contextmanager
def _session_locked(connection: Connection, change: int) -> Iterator[None]:
    connection.exec_driver_sql("SELECT pg_advisory_lock(%s, %s)", (DRAFT_LOCK, change))
    try:
        yield
    finally:
        with suppress(SQLAlchemyError), connection.begin():  # a session that is gone holds nothing
            connection.exec_driver_sql("SELECT pg_advisory_unlock(%s, %s)", (DRAFT_LOCK, change))


def sweep(store: Store, connection: Connection) -> None:
    """Take away the drafts that nobody writes any more, in a writing transaction; a live one is left alone."""
    for change in unpublished(connection):
        path = _lock_file(store, change)
        if path is None:
            asked = connection.exec_driver_sql("SELECT pg_try_advisory_xact_lock(%s, %s)", (DRAFT_LOCK, change))
            if asked.scalar_one():
                discard(connection, change)
        elif not _is_locked(path):
            discard(connection, change)
            path.unlink(missing_ok=True)


def _lock_file(store: Store, change: int) -> Path | None:
    return store.file.with_name(f"{store.file.name}-draft-{change}") if store.file else None


def _is_locked(path: Path) -> bool:
    """Whether a process holds the file; nobody can begin to while we are alone in a writing transaction."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
