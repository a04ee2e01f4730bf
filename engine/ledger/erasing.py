"""Erasure: the salts and plain values that name a subject go, and that they went stays; hashes and proofs stand."""

from sqlalchemy import text

from engine.errors import Missing
from engine.registry.store import Store, ask


def erase_subject(ledger: Store, subject: str, reason: str, who: str, at: str) -> int:
    """Remove every opening that names the subject; in how many leaves it was. Missing if it is in none."""
    with ledger.writing() as connection:
        rows = ask(connection, "SELECT leaf FROM opening WHERE subject = ?", (subject,))
        if not rows:
            raise Missing("台账中没有该主体", "the ledger does not name this subject")
        leaves = len({row.leaf for row in rows})
        connection.execute(text("DELETE FROM opening WHERE subject = :subject"), {"subject": subject})
        insert = "INSERT INTO erasure (erased_at, reason, who, leaves) VALUES (:at, :reason, :who, :leaves)"
        connection.execute(text(insert), {"at": at, "reason": reason, "who": who, "leaves": leaves})
    return leaves
