"""Requests that may come twice: begun before anything is written, finished with the answer that is given again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from engine.access.tables import AccessTable, RepeatRow
from engine.registry.store import Store, ask

KEPT = timedelta(days=14)
_REPEATS = AccessTable.metadata.tables[str(RepeatRow.__tablename__)]


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a request that came before: its body's digest, and its answer where it is finished."""

    body: str
    finished: bool
    status: int
    answer: str


def begin(book: Store, key: str, body: str, who: str, now: datetime) -> Before | None:
    """None for who is to do it now, and what came before for everybody else. Unavailable: then nothing may be done.

    Of two that begin at once one is the first. What is older than KEPT is forgotten.
    """
    first = text(
        "INSERT INTO repeat (key, body, who, begun_at, finished_at, status, answer) "
        "VALUES (:key, :body, :who, :at, '', 0, '') ON CONFLICT DO NOTHING"
    )
    with book.writing() as connection:
        connection.execute(_REPEATS.delete().where(_REPEATS.c.begun_at < _at(now - KEPT)))
        if connection.execute(first, {"key": key, "body": body, "who": who, "at": _at(now)}).rowcount == 1:
            return None
        return _before(connection, key)


def find(book: Store, key: str) -> Before | None:
    """What came before under this key; None if nothing did."""
    with book.reading() as connection:
        return _before(connection, key)


def finish(book: Store, key: str, status: int, answer: str, now: datetime) -> None:
    """It is done, and this is its answer from now on."""
    with book.writing() as connection:
        done = _REPEATS.update().where(_REPEATS.c.key == key, _REPEATS.c.finished_at == "")
        connection.execute(done.values(finished_at=_at(now), status=status, answer=answer))


def forget(book: Store, key: str) -> None:
    """It was refused and nothing was written: it may be sent again, mended or not."""
    with book.writing() as connection:
        connection.execute(_REPEATS.delete().where(_REPEATS.c.key == key, _REPEATS.c.finished_at == ""))


def _before(connection: Connection, key: str) -> Before | None:
    rows = ask(connection, "SELECT body, finished_at, status, answer FROM repeat WHERE key = ?", (key,))
    return Before(rows[0].body, bool(rows[0].finished_at), rows[0].status, rows[0].answer) if rows else None


def _at(now: datetime) -> str:
    return now.isoformat(timespec="microseconds")
