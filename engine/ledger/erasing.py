"""Erasure: the salts and plain values that name a subject go, and that they went stays; hashes and proofs stand."""

from sqlalchemy import Connection, text

from engine.errors import Missing
from engine.ledger.envelope import read_json
from engine.registry.store import Store, ask


def erase_subject(ledger: Store, subject: str, reason: str, who: str, at: str) -> int:
    """Remove every opening that names the subject; in how many leaves it was. Missing if it is in none."""
    with ledger.writing() as connection:
        rows = ask(connection, "SELECT leaf, handle FROM opening WHERE subject = ?", (subject,))
        if not rows:
            raise Missing("台账中没有该主体", "the ledger does not name this subject")
        leaves = len({row.leaf for row in rows})
        for row in rows:
            for handle in _concerning(connection, row.leaf, row.handle):
                erase = text("DELETE FROM opening WHERE leaf = :leaf AND handle = :handle")
                connection.execute(erase, {"leaf": row.leaf, "handle": handle})
        insert = "INSERT INTO erasure (erased_at, reason, who, leaves) VALUES (:at, :reason, :who, :leaves)"
        connection.execute(text(insert), {"at": at, "reason": reason, "who": who, "leaves": leaves})
    return leaves


def _concerning(connection: Connection, leaf: str, handle: str) -> list[str]:
    """The handle itself and those of its entries, whose document numbers and bodies lead to the subject too."""
    core = read_json(ask(connection, "SELECT core FROM leaf WHERE id = ?", (leaf,))[0].core)
    return [handle, *(entry["entry"] for entry in core.get("entries", ()) if entry["of"] == handle)]
