"""Decisions counted where they stand, without being read out: by day, scenario, verdict and place; and what waits."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from engine.decision import Verdict
from engine.ledger.recording import DECISION, DETERMINATION
from engine.registry.store import ask

HOUR = 3_600 * 1_000_000
DAY = 24 * HOUR
# Shanghai is eight hours ahead, and has been without a change since before there were decisions.
AHEAD = 8 * HOUR

_WAITING = f"l.kind = '{DECISION}' AND l.verdict = '{Verdict.REVIEW.value}'"


def counted(connection: Connection, first: int, end: int) -> list[Any]:
    """How many decisions (`n`) of each `day` (Shanghai's, counted from 1970), `scenario`, `verdict` and `place`.

    Those from the moment `first` on and before `end`, in microseconds; the place is None where none was named.
    """
    query = (
        f"SELECT (l.ticks + {AHEAD}) / {DAY} AS day, l.scenario, l.verdict, {_place(connection)} AS place, "
        f"COUNT(*) AS n FROM leaf l WHERE l.kind = '{DECISION}' AND l.ticks >= ? AND l.ticks < ? GROUP BY 1, 2, 3, 4"
    )
    return ask(connection, query, (first, end))


def bounds(connection: Connection) -> tuple[int, int] | None:
    """The times of the oldest and of the newest leaf; None where there is none."""
    found = ask(connection, "SELECT (SELECT MIN(ticks) FROM leaf) AS oldest, (SELECT MAX(ticks) FROM leaf) AS newest")
    return (int(found[0].oldest), int(found[0].newest)) if found[0].oldest is not None else None


def undetermined(connection: Connection, most: int) -> list[Any]:
    """The oldest decisions left to a person on which nobody has determined anything: id, ticks, scenario, place."""
    query = (
        f"SELECT l.id, l.ticks, l.scenario, {_place(connection)} AS place FROM leaf l WHERE {_WAITING} AND NOT EXISTS "
        f"(SELECT 1 FROM leaf d WHERE d.of = l.id AND d.kind = '{DETERMINATION}') ORDER BY l.ticks, l.id LIMIT ?"
    )
    return ask(connection, query, (most,))


def left_since(connection: Connection, ticks: int) -> list[Any]:
    """Decisions left to a person since that time, determined or not: as `undetermined` gives them."""
    query = f"SELECT l.id, l.ticks, l.scenario, {_place(connection)} AS place FROM leaf l WHERE {_WAITING} "
    return ask(connection, query + "AND l.ticks >= ? ORDER BY l.ticks, l.id", (ticks,))


def determined_since(connection: Connection, ticks: int) -> Sequence[str]:
    """The decisions on which a person determined something since that time."""
    query = f"SELECT of FROM leaf WHERE kind = '{DETERMINATION}' AND ticks >= ?"
    return [row.of for row in ask(connection, query, (ticks,))]


def _place(connection: Connection) -> str:
    """Where a decision was asked for, out of its core."""
    if connection.dialect.name == "sqlite":  # a core that somebody spoiled is the audit's to report, not ours
        return "CASE WHEN json_valid(l.core) THEN json_extract(l.core, '$.question.jurisdiction') END"
    return "l.core::json #>> '{question,jurisdiction}'"
