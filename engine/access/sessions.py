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
from engine.access.tables import AccessTable, SessionRow
from engine.registry.store import Store, ask

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=10)
# That somebody is there is written at most so often.
SEEN = timedelta(minutes=1)
# So long what was chosen in a session is kept after its end.
REMEMBERED = timedelta(days=60)


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


def begin(book: Store, grant: Grant, now: datetime, chance: Callable[[int], bytes], proven: Any = None) -> str | None:
    """Sign somebody in; what their browser is to hold. What they chose in their last session is there again.

    `proven` is the row of the account whose password fitted, none for whom a provider vouches for. None where that
    account was disabled or got another password meanwhile.
    """
    held, account = chance(32).hex(), proven.id if proven else ""
    row = {
        "digest": _digest(held), "who": grant.id, "account": account, "name": grant.name, "roles": words(grant.roles),
        "scenarios": words(grant.scenarios), "jurisdictions": words(grant.jurisdictions), "proof": chance(16).hex(),
        "began_at": at(now), "seen_at": at(now), "ends_at": at(now + LONGEST),
    }  # fmt: skip
    chosen = "SELECT chosen FROM session WHERE who = ? AND account = ? ORDER BY began_at DESC LIMIT 1"
    with book.writing() as connection:
        if proven and not _still(book, connection, proven):
            return None
        _forget(connection, now)
        before = ask(connection, chosen, (grant.id, account))
        said = {**row, "chosen": before[0].chosen if before else "{}"}
        connection.execute(AccessTable.metadata.tables[str(SessionRow.__tablename__)].insert().values(**said))
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
    row = rows[0]
    if row.seen_at <= at(now - SEEN):
        with book.writing() as connection:
            said = text("UPDATE session SET seen_at = :at WHERE digest = :digest AND seen_at < :at")
            connection.execute(said, {"at": at(now), "digest": row.digest})
    return Session(row.digest, grant, row.proof, row.began_at, row.ends_at, json.loads(row.chosen), row.account)


def choose(book: Store, session: Session, chosen: Mapping[str, str]) -> None:
    """Keep what was chosen, beside what was chosen before, in another window too."""
    with book.writing() as connection:
        rows = ask(connection, "SELECT chosen FROM session WHERE digest = ?", (session.digest,))
        kept = json.dumps({**(json.loads(rows[0].chosen) if rows else {}), **chosen}, ensure_ascii=False)
        said = text("UPDATE session SET chosen = :chosen WHERE digest = :digest")
        connection.execute(said, {"chosen": kept, "digest": session.digest})


def end(book: Store, session: Session) -> None:
    """Sign out: what the browser holds is worth nothing from now on."""
    _end(book, "digest = :digest", {"digest": session.digest})


def end_all(book: Store, who: str, account: str = "") -> None:
    """Sign somebody out everywhere: the holder of an account, or without one whom a provider calls so."""
    _end(book, "who = :who AND account = :account", {"who": who, "account": account})


def _grant(connection: Connection, row: Any) -> Grant | None:
    if not row.account:
        return grant_of(row)
    found = ask(connection, "SELECT * FROM account WHERE id = ?", (row.account,))
    return grant_of(found[0]) if found and not found[0].disabled_at else None


def _still(book: Store, connection: Connection, proven: Any) -> bool:
    """Whether the account is as it was when its password fitted; nobody changes it before the session stands."""
    lock = "" if book.is_sqlite else " FOR SHARE"  # on SQLite a writing transaction is alone from its beginning
    now = ask(connection, f"SELECT password, disabled_at FROM account WHERE id = ?{lock}", (proven.id,))
    return bool(now) and now[0].password == proven.password and not now[0].disabled_at


def _end(book: Store, which: str, said: Mapping[str, str]) -> None:
    with book.writing() as connection:
        found = f"SELECT digest FROM session WHERE {which}"
        connection.execute(text(f"DELETE FROM handle WHERE session IN ({found})"), said)
        connection.execute(text(f"UPDATE session SET ends_at = '' WHERE {which}"), said)


def _forget(connection: Connection, now: datetime) -> None:
    """Whom sessions that have ended were about, and, after a while, what was chosen in them."""
    live = {"now": at(now), "idle": at(now - IDLE)}
    found = "SELECT digest FROM session WHERE ends_at > :now AND seen_at > :idle"
    connection.execute(text(f"DELETE FROM handle WHERE session NOT IN ({found})"), live)
    connection.execute(text("DELETE FROM session WHERE seen_at < :before"), {"before": at(now - REMEMBERED)})


def _digest(held: str) -> str:
    return sha256(held.encode("utf-8", "replace")).hexdigest()
