"""Names for subjects that say nothing and work in one session only: what stands in addresses in their place."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, text

from engine.access.sessions import Session
from engine.errors import Missing
from engine.registry.shelf import marks
from engine.registry.store import Store, ask

# Of one session; more and those of pages left long ago become void.
MOST = 20_000
_TOKEN = re.compile("[0-9a-f]{24}")


def handle(book: Store, session: Session, value: str) -> str:
    """A name for the value that says nothing and works in this session only; the same each time."""
    return handles(book, session, [value])[0]


def handles(book: Store, session: Session, values: Sequence[str]) -> list[str]:
    """A handle for each of the values, as above, at the cost of one."""
    named = {sha256(f"{session.proof}\n{value}".encode()).hexdigest()[:24]: value for value in values}
    with book.reading() as connection:
        known = _known(connection, session, list(named))
    if missing := [token for token in named if token not in known]:
        with book.writing() as connection:
            count = ask(connection, "SELECT COUNT(*) AS n FROM handle WHERE session = ?", (session.digest,))[0].n
            if count + len(missing) > MOST:  # only what other pages hold becomes void
                connection.execute(text("DELETE FROM handle WHERE session = :session"), {"session": session.digest})
                missing = list(named)
            # Two pages at once make theirs in one order, so that neither waits for the other for ever.
            made = text("INSERT INTO handle (session, token, value) VALUES (:s, :t, :v) ON CONFLICT DO NOTHING")
            connection.execute(made, [{"s": session.digest, "t": one, "v": named[one]} for one in sorted(missing)])
    tokens = {value: token for token, value in named.items()}
    return [tokens[value] for value in values]


def held_by(book: Store, session: Session, token: str) -> str:
    """The value of a handle. Missing if this session never made it."""
    rows = list[Any]()
    if _TOKEN.fullmatch(token):
        with book.reading() as connection:
            rows = ask(connection, "SELECT value FROM handle WHERE session = ? AND token = ?", (session.digest, token))
    if not rows:
        raise Missing("此地址只在原来的登录中有效", "this address works only in the session it was made in",
                      "请重新查询", "look it up again")  # fmt: skip
    value: str = rows[0].value
    return value


def _known(connection: Connection, session: Session, tokens: Sequence[str]) -> set[str]:
    known = set[str]()
    for start in range(0, len(tokens), 500):
        some = tokens[start : start + 500]
        said = f"SELECT token FROM handle WHERE session = ? AND token IN ({marks(some)})"
        known.update(row.token for row in ask(connection, said, (session.digest, *some)))
    return known
