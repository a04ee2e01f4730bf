"""A recorded decision for whoever may see it, and the moment until it has its number in the log."""

import asyncio
from time import monotonic
from typing import Any

from starlette.concurrency import run_in_threadpool

from api.web.visits import Visit
from engine.access.roles import Act
from engine.ledger.envelope import read_json
from engine.ledger.receipt import openings_of
from engine.ledger.sequencing import size_of
from engine.registry.store import ask
from engine.services.telling import row_of

# Seconds that an answer is held back for a number, as a rule given within a quarter of one; and between two looks.
PATIENCE, BETWEEN = 3.0, 0.1


def reached(visit: Visit, decision: str) -> Any:
    """The row of a decision the visitor may see, of which nothing is shown yet. Missing, or Problem 403, if not."""
    row = row_of(visit.desk.ledger.store, decision)
    visit.within(row.scenario, read_json(row.core)["question"].get("jurisdiction"))
    return row


def seen(visit: Visit, decision: str) -> Any:
    """The same, the look written down."""
    row = reached(visit, decision)
    with visit.desk.ledger.store.reading() as connection:
        subjects = sorted({one.value["subject"] for one in openings_of(connection, row.id) if "subject" in one.value})
    visit.look(Act.READ_DECISION, subjects, row.id)
    return row


async def numbered(visit: Visit, decision: str) -> bool:
    """Whether the decision is under a head of the log; waits for it a little, and holds up nobody else meanwhile."""
    until = monotonic() + PATIENCE
    while not await run_in_threadpool(_numbered, visit, decision):
        if monotonic() > until:
            return False
        await asyncio.sleep(BETWEEN)
    return True


def _numbered(visit: Visit, decision: str) -> bool:
    with visit.desk.ledger.store.reading() as connection:
        rows = ask(connection, "SELECT number FROM leaf WHERE id = ?", (decision,))
        return bool(rows) and rows[0].number is not None and rows[0].number < size_of(connection)
