"""Which rulebook the serving processes are to serve: the revision that whoever reloaded last has read and checked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.access.tables import AccessTable, ReloadRow
from engine.registry.store import Store, ask


@dataclass(frozen=True, slots=True)
class Reloaded:
    """A reload: its number, and the revision that was read."""

    number: int
    revision: str


def announce(book: Store, revision: str, who: str, now: datetime) -> None:
    """Tell every process that shares the book to serve this revision."""
    row = {"revision": revision, "at": now.isoformat(timespec="microseconds"), "who": who}
    with book.writing() as connection:
        connection.execute(AccessTable.metadata.tables[str(ReloadRow.__tablename__)].insert().values(**row))


def newest(connection: Connection) -> Reloaded | None:
    """The last reload; None if there never was one."""
    rows = ask(connection, "SELECT id, revision FROM reload ORDER BY id DESC LIMIT 1")
    return Reloaded(rows[0].id, rows[0].revision) if rows else None
