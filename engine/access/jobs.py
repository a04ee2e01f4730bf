"""Something long that was asked for at a page: every serving process sees how far it is, and its owner alone is told.

A job holds numbers and words of ours: nothing of whom it is about is ever put into it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from engine.access.tables import AccessTable, JobRow
from engine.errors import Missing
from engine.registry.store import Store, ask

RUNNING, DONE, FAILED = "running", "done", "failed"
# Whoever is at work says so every few seconds; who has been silent for so long is dead, and the job with it.
SILENT = timedelta(seconds=30)
KEPT = timedelta(days=7)
LOST = "lost"
_JOBS = AccessTable.metadata.tables[str(JobRow.__tablename__)]


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands: `done` of `whole`; `result` says at which stage it is, what came of it or why it failed."""

    id: str
    begun_at: str
    done: int
    whole: int
    state: str
    result: Mapping[str, str]


def begin(book: Store, job: str, who: str, kind: str, whole: int, now: datetime) -> bool:
    """Whether this caller is the one to do it: not where it runs or is done already. One that failed is begun again.

    What is older than KEPT is forgotten.
    """
    row = {"id": job, "who": who, "kind": kind, "begun_at": _at(now), "beat_at": _at(now), "whole": whole}
    first = text(
        "INSERT INTO job (id, who, kind, begun_at, beat_at, done, whole, state, result) "
        f"VALUES (:id, :who, :kind, :begun_at, :beat_at, 0, :whole, '{RUNNING}', '{{}}') ON CONFLICT DO NOTHING"
    )
    again = text(
        f"UPDATE job SET begun_at = :begun_at, beat_at = :beat_at, done = 0, whole = :whole, state = '{RUNNING}', "
        f"result = '{{}}' WHERE id = :id AND who = :who AND kind = :kind "
        f"AND (state = '{FAILED}' OR (state = '{RUNNING}' AND beat_at <= :silent))"
    )
    with book.writing() as connection:
        connection.execute(_JOBS.delete().where(_JOBS.c.begun_at < _at(now - KEPT)))
        if connection.execute(first, row).rowcount == 1:
            return True
        return connection.execute(again, {**row, "silent": _at(now - SILENT)}).rowcount == 1


def beat(book: Store, job: str, now: datetime, done: int | None = None, stage: str = "") -> None:
    """Say that it is at work; with `stage`, how much is done and what comes now."""
    said: dict[str, Any] = {"beat_at": _at(now)}
    if stage:
        said |= {"done": done or 0, "result": json.dumps({"stage": stage})}
    _write(book, job, said)


def finish(book: Store, job: str, result: Mapping[str, str], now: datetime) -> None:
    """It is done, and this came of it."""
    _write(book, job, {"beat_at": _at(now), "state": DONE, "done": _JOBS.c.whole, "result": json.dumps(dict(result))})


def fail(book: Store, job: str, why: str, now: datetime) -> None:
    """Nothing came of it; `why` is a word of ours."""
    _write(book, job, {"beat_at": _at(now), "state": FAILED, "result": json.dumps({"why": why})})


def find(book: Store, job: str, who: str, now: datetime) -> Job:
    """A job of whoever asks, failed where its process is silent. Missing if they have none of that number."""
    with book.reading() as connection:
        rows = ask(connection, "SELECT * FROM job WHERE id = ? AND who = ?", (job, who))
    if not rows:
        raise Missing("没有这项办理，或不是您提交的", "there is no such job, or it is not yours")
    return _job(rows[0], now)


def at_work(book: Store, who: str, now: datetime) -> int:
    """How many jobs of somebody are running."""
    running = f"SELECT id FROM job WHERE who = ? AND state = '{RUNNING}' AND beat_at > ?"
    with book.reading() as connection:
        return len(ask(connection, running, (who, _at(now - SILENT))))


def recent(book: Store, who: str, kind: str, most: int, now: datetime) -> list[Job]:
    """The last jobs of somebody that were done, the newest first."""
    query = f"SELECT * FROM job WHERE who = ? AND kind = ? AND state = '{DONE}' ORDER BY begun_at DESC LIMIT ?"
    with book.reading() as connection:
        return [_job(row, now) for row in ask(connection, query, (who, kind, most))]


def forget(book: Store, job: str, who: str) -> None:
    """As though it had never been begun."""
    with book.writing() as connection:
        connection.execute(_JOBS.delete().where(_JOBS.c.id == job, _JOBS.c.who == who))


def _write(book: Store, job: str, said: Mapping[str, Any]) -> None:
    """Only while it runs: what is done stays as it was done."""
    with book.writing() as connection:
        connection.execute(_JOBS.update().where(_JOBS.c.id == job, _JOBS.c.state == RUNNING).values(**said))


def _job(row: Any, now: datetime) -> Job:
    if row.state == RUNNING and row.beat_at <= _at(now - SILENT):
        return Job(row.id, row.begun_at, row.done, row.whole, FAILED, {"why": LOST})
    return Job(row.id, row.begun_at, row.done, row.whole, row.state, json.loads(row.result or "{}"))


def _at(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="microseconds")
