"""Erasure: the salts and plain values that name a subject go, and that they went is a leaf; hashes and proofs stand."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, text

from engine.errors import Missing, Unavailable
from engine.ledger.envelope import read_json
from engine.ledger.recording import DETERMINATION, Entered, write
from engine.registry.store import Store, ask

ERASURE = "erasure"
# What a person gave as grounds of a determination may name whom the decision is about; who determined it stays.
GROUNDS = "grounds"
# The asking authority's number of the matter leads to the party.
CASE = "case"


def erase_subject(ledger: Store, subject: str, reason: str, who: str, at: str, leaf: Callable[[int], Entered]) -> int:
    """Remove every opening that names the subject or leads to it; from how many decisions. Missing if it is in none.

    `leaf` makes the leaf that says in how many leaves something was erased. All of it happens, or nothing.
    """
    with ledger.writing() as connection:
        if ledger.is_sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        found = sorted(set(_leading(connection, subject)))
        decisions = {row.leaf for row in ask(connection, "SELECT leaf FROM opening WHERE subject = ?", (subject,))}
        if not decisions:
            raise Missing("台账中没有该主体", "the ledger does not name this subject")
        erase = text("DELETE FROM opening WHERE leaf = :leaf AND handle = :handle")
        connection.execute(erase, [{"leaf": one, "handle": handle} for one, handle in found])
        if ledger.is_sqlite:
            connection.exec_driver_sql("REINDEX opening")  # pages that were split may hold a copy beside the rows
        touched = len({one for one, _ in found})
        insert = "INSERT INTO erasure (erased_at, reason, who, leaves) VALUES (:at, :reason, :who, :leaves)"
        connection.execute(text(insert), {"at": at, "reason": reason, "who": who, "leaves": touched})
        write(connection, [leaf(touched)])
    return len(decisions)


def leave_no_trace(ledger: Store) -> None:
    """On SQLite, bring what was overwritten into the file, and empty the one beside it, which holds older pages.

    Unavailable while somebody reads an older state: the erasure stands, and this is to be done again.
    """
    if not ledger.is_sqlite:
        return  # a server's administrator vacuums, as its documents say
    connection = ledger.engine.raw_connection()  # outside of any transaction
    try:
        busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.close()
    if busy:
        raise Unavailable(
            "已抹除，但有人正在读旧的状态，文件中可能尚有残留",
            "erased, but somebody reads an older state: traces may be left in the files",
            "稍后再运行同一命令",
            "run the same command again later",
        )


def _leading(connection: Connection, subject: str) -> Iterator[tuple[str, str]]:
    """Leaves and handles of what leads to the subject: itself, its entries, its case, and grounds given about it."""
    for row in ask(connection, "SELECT leaf, handle FROM opening WHERE subject = ?", (subject,)):
        core = read_json(ask(connection, "SELECT core FROM leaf WHERE id = ?", (row.leaf,))[0].core)
        yield row.leaf, row.handle
        # Their document numbers and the bodies that made them.
        yield from ((row.leaf, entry["entry"]) for entry in core["entries"] if entry["of"] == row.handle)
        yield from _there(connection, row.leaf, CASE)
        query = f"SELECT id FROM leaf WHERE of = ? AND kind = '{DETERMINATION}'"
        for one in ask(connection, query, (row.leaf,)):
            yield from _there(connection, one.id, GROUNDS)


def _there(connection: Connection, leaf: str, handle: str) -> Iterator[tuple[str, str]]:
    """The opening, if the leaf still has it."""
    query = "SELECT leaf, handle FROM opening WHERE leaf = ? AND handle = ?"
    yield from ((row.leaf, row.handle) for row in ask(connection, query, (leaf, handle)))
