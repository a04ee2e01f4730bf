"""The log of looks: written before anything is shown, so that no look goes unsaid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.access.roles import Act
from engine.access.tables import AccessTable, ReadRow
from engine.registry.shelf import marks
from engine.registry.store import Store, ask

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looks at a subject or a decision, for a purpose they state."""

    who: str
    act: Act
    purpose: str
    matter: str = ""
    subject: str = ""
    decision: str = ""


def note(book: Store, looks: Sequence[Look], now: datetime) -> None:
    """Write the looks down. Unavailable if that cannot be: then nothing may be shown."""
    at = now.isoformat(timespec="microseconds")
    rows = [
        {
            "at": at, "who": one.who, "act": one.act.value, "purpose": one.purpose,
            "matter": one.matter, "subject": one.subject, "decision": one.decision,
        }
        for one in looks
    ]  # fmt: skip
    with book.writing() as connection:
        connection.execute(AccessTable.metadata.tables[str(ReadRow.__tablename__)].insert(), rows)


def noted(connection: Connection, subjects: Sequence[str], before: int = 0, most: int = MOST) -> list[Any]:
    """Who looked at a subject, under whichever of its keys, the latest first; `before` the look of that id, if given.

    With each the name of the account, or for whom the key was made; None for a token or a person of the command line.
    """
    return ask(
        connection,
        'SELECT r.*, COALESCE(k.name, a.name) AS name FROM "read" r '
        "LEFT JOIN api_key k ON k.id = r.who LEFT JOIN account a ON a.id = r.who "
        f"WHERE r.subject IN ({marks(subjects)}) AND (? = 0 OR r.id < ?) ORDER BY r.id DESC LIMIT ?",
        (*subjects, before, before, min(most, MOST)),
    )
