"""Keys: shown once, kept as digests, found by their public part and compared in constant time."""

import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, text

from engine.access.roles import Grant, Role
from engine.access.tables import AccessTable, KeyRow
from engine.errors import Missing, refused_input
from engine.registry.store import Store, ask

ID_BYTES, SECRET_BYTES = 6, 24
_KEY = re.compile(r"memo_([0-9a-f]{12})_([0-9a-f]{48})")
_NOBODY = sha256(b"nobody").hexdigest()
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key to be made: for whom, what it may do and until when (an instant in ISO form; empty: without end)."""

    name: str
    roles: tuple[Role, ...]
    scenarios: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    expires_at: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A key as it is shown to whoever keeps them; never its secret."""

    grant: Grant
    created_at: str
    created_by: str
    expires_at: str
    revoked_at: str


def create(book: Store, wanted: Wanted, who: str, now: datetime, chance: Callable[[int], bytes]) -> str:
    """Make a key; its text, which is shown this once. RefusedInput for a key that is for nobody or nothing."""
    if not wanted.name.strip() or len(wanted.name) > LONGEST_NAME or not wanted.name.isprintable():
        zh, en = (
            f"须写明密钥给谁用，最多 {LONGEST_NAME} 字",
            f"say whom the key is for, in at most {LONGEST_NAME} characters",
        )
        raise refused_input("A701", zh, en, where="name")
    if not wanted.roles:
        raise refused_input("A702", "密钥至少要有一个角色", "a key needs a role at least", where="roles")
    key, secret = chance(ID_BYTES).hex(), chance(SECRET_BYTES).hex()
    row = {
        "id": key, "name": wanted.name.strip(), "digest": _digest(secret), "roles": _words(wanted.roles),
        "scenarios": _words(wanted.scenarios), "jurisdictions": _words(wanted.jurisdictions),
        "created_at": _at(now), "created_by": who, "expires_at": wanted.expires_at, "revoked_at": "", "revoked_by": "",
    }  # fmt: skip
    with book.writing() as connection:
        connection.execute(AccessTable.metadata.tables[str(KeyRow.__tablename__)].insert().values(**row))
    return f"memo_{key}_{secret}"


def find(connection: Connection, said: str, now: datetime) -> Grant | None:
    """Who holds this key; None if nobody does, or no longer. It takes the same time whatever is wrong with it."""
    parts = _KEY.fullmatch(said)
    rows = ask(connection, "SELECT * FROM api_key WHERE id = ?", (parts[1] if parts else "",))
    known = rows[0].digest if rows else _NOBODY
    same = hmac.compare_digest(_digest(parts[2] if parts else ""), known)
    if not same or not rows or rows[0].revoked_at or (rows[0].expires_at and rows[0].expires_at <= _at(now)):
        return None
    return _grant(rows[0])


def listed(connection: Connection) -> list[Listed]:
    """Every key, the oldest first."""
    rows = ask(connection, "SELECT * FROM api_key ORDER BY created_at, id")
    return [Listed(_grant(row), row.created_at, row.created_by, row.expires_at, row.revoked_at) for row in rows]


def revoke(book: Store, key: str, who: str, now: datetime) -> None:
    """From now on nobody gets in with it. Missing if there is no such key, or it was revoked before."""
    said = text("UPDATE api_key SET revoked_at = :at, revoked_by = :who WHERE id = :id AND revoked_at = ''")
    with book.writing() as connection:
        if connection.execute(said, {"at": _at(now), "who": who, "id": key}).rowcount != 1:
            raise Missing(f"没有可以吊销的密钥 {key[:40]}", f"there is no key {key[:40]} to revoke")


def _grant(row: Any) -> Grant:
    roles, scenarios, places = (frozenset(said.split()) for said in (row.roles, row.scenarios, row.jurisdictions))
    return Grant(row.id, row.name, frozenset(map(Role, roles)), scenarios, places)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _words(said: Iterable[str]) -> str:
    return " ".join(sorted(set(said)))


def _at(now: datetime) -> str:
    return now.isoformat(timespec="seconds")
