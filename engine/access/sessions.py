"""Sessions: short, revocable, and worthless outside: the book knows only the digest of what a browser holds."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, text

from engine.access.accounts import at, grant_of, words
from engine.access.roles import Grant
from engine.access.tables import AccessTable, HandleRow, SessionRow
from engine.errors import Missing
from engine.registry.store import Store, ask

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=10)
# That somebody is there is written at most so often.
SEEN = timedelta(minutes=1)
MOST_HANDLES = 2_000


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in: who they are, what their forms carry, and what they chose last."""

    digest: str
    grant: Grant
    proof: str
    began_at: str
    ends_at: str
    chosen: Mapping[str, str]
    account: str


def begin(book: Store, grant: Grant, account: str, now: datetime, chance: Callable[[int], bytes]) -> str:
    """Sign somebody in; what their browser is to hold. What they chose in their last session is there again."""
    held = chance(32).hex()
    row = {
        "digest": _digest(held), "who": grant.id, "account": account, "name": grant.name, "roles": words(grant.roles),
        "scenarios": words(grant.scenarios), "jurisdictions": words(grant.jurisdictions), "proof": chance(16).hex(),
        "began_at": at(now), "seen_at": at(now), "ends_at": at(now + LONGEST), "chosen": "{}",
    }  # fmt: skip
    with book.writing() as connection:
        before = ask(connection, "SELECT chosen FROM session WHERE who = ? ORDER BY began_at DESC LIMIT 1", (grant.id,))
        row["chosen"] = before[0].chosen if before else "{}"
        _forget(connection, now)
        connection.execute(AccessTable.metadata.tables[str(SessionRow.__tablename__)].insert().values(**row))
    return held


def find(book: Store, held: str, now: datetime) -> Session | None:
    """Whose session this is, with the roles their account has now; None if it has ended."""
    with book.reading() as connection:
        rows = ask(connection, "SELECT * FROM session WHERE digest = ?", (_digest(held),))
        if not rows or rows[0].ends_at <= at(now) or rows[0].seen_at <= at(now - IDLE):
            return None
        grant = _grant(connection, rows[0])
    if grant is None:
        return None
    if rows[0].seen_at <= at(now - SEEN):
        with book.writing() as connection:
            said = text("UPDATE session SET seen_at = :at WHERE digest = :digest")
            connection.execute(said, {"at": at(now), "digest": rows[0].digest})
    row = rows[0]
    return Session(row.digest, grant, row.proof, row.began_at, row.ends_at, json.loads(row.chosen), row.account)


def choose(book: Store, session: Session, chosen: Mapping[str, str]) -> None:
    """Keep what was chosen, beside what was chosen before."""
    kept = json.dumps({**session.chosen, **chosen}, ensure_ascii=False)
    with book.writing() as connection:
        said = text("UPDATE session SET chosen = :chosen WHERE digest = :digest")
        connection.execute(said, {"chosen": kept, "digest": session.digest})


def end(book: Store, session: Session) -> None:
    """Sign out: what the browser holds is worth nothing from now on."""
    _end(book, "digest", session.digest)


def end_all(book: Store, who: str) -> None:
    """Sign somebody out everywhere."""
    _end(book, "who", who)


def handle(book: Store, session: Session, value: str) -> str:
    """A name for the value that says nothing and works in this session only; the same each time."""
    token = sha256(f"{session.proof}\n{value}".encode()).hexdigest()[:24]
    table = AccessTable.metadata.tables[str(HandleRow.__tablename__)]
    with book.reading() as connection:
        known = ask(connection, "SELECT token FROM handle WHERE session = ?", (session.digest,))
    if any(row.token == token for row in known):
        return token
    with book.writing() as connection:
        if len(known) >= MOST_HANDLES:
            connection.execute(text("DELETE FROM handle WHERE session = :session"), {"session": session.digest})
        there = ask(connection, "SELECT token FROM handle WHERE session = ? AND token = ?", (session.digest, token))
        if not there:
            connection.execute(table.insert().values(session=session.digest, token=token, value=value))
    return token


def held_by(book: Store, session: Session, token: str) -> str:
    """The value of a handle. Missing if this session never made it."""
    with book.reading() as connection:
        rows = ask(connection, "SELECT value FROM handle WHERE session = ? AND token = ?", (session.digest, token[:64]))
    if not rows:
        raise Missing("此地址只在原来的登录中有效", "this address works only in the session it was made in",
                      "请重新查询", "look it up again")  # fmt: skip
    value: str = rows[0].value
    return value


def _grant(connection: Connection, row: Any) -> Grant | None:
    if not row.account:
        return grant_of(row)
    found = ask(connection, "SELECT * FROM account WHERE id = ?", (row.account,))
    return grant_of(found[0]) if found and not found[0].disabled_at else None


def _end(book: Store, column: str, value: str) -> None:
    with book.writing() as connection:
        found = f"SELECT digest FROM session WHERE {column} = :value"
        connection.execute(text(f"DELETE FROM handle WHERE session IN ({found})"), {"value": value})
        connection.execute(text(f"UPDATE session SET ends_at = '' WHERE {column} = :value"), {"value": value})


def _forget(connection: Connection, now: datetime) -> None:
    """What ended long ago; the last of each stays for a while, for what was chosen in it."""
    found = "SELECT digest FROM session WHERE seen_at < :before"
    before = {"before": at(now - timedelta(days=60))}
    connection.execute(text(f"DELETE FROM handle WHERE session IN ({found})"), before)
    connection.execute(text("DELETE FROM session WHERE seen_at < :before"), before)


def _digest(held: str) -> str:
    return sha256(held.encode("utf-8", "replace")).hexdigest()
