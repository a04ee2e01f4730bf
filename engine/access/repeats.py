"""Requests that may come twice: begun before anything is written, finished with the answer that is given again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

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
        row = ask(connection, "SELECT body, finished_at, status, answer FROM repeat WHERE key = ?", (key,))[0]
    return Before(row.body, bool(row.finished_at), row.status, row.answer)


def finish(book: Store, key: str, status: int, answer: str, now: datetime) -> None:
    """It is done, and this is its answer from now on."""
    with book.writing() as connection:
        done = _REPEATS.update().where(_REPEATS.c.key == key, _REPEATS.c.finished_at == "")
        connection.execute(done.values(finished_at=_at(now), status=status, answer=answer))


def forget(book: Store, key: str) -> None:
    """It was refused and nothing was written: it may be sent again, mended or not."""
    with book.writing() as connection:
        connection.execute(_REPEATS.delete().where(_REPEATS.c.key == key, _REPEATS.c.finished_at == ""))


def _at(now: datetime) -> str:
    return now.isoformat(timespec="microseconds")
