"""Accounts of people who sign in at the pages: passwords as argon2id digests, compared in the same time for nobody."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import BoundedSemaphore
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Connection, text

from engine.access.keys import LONGEST_NAME
from engine.access.roles import Grant, Role
from engine.access.tables import AccessTable, AccountRow
from engine.errors import Missing, Occupied, refused_input
from engine.registry.store import Store, ask

SHORTEST, LONGEST = 12, 256  # characters of a password
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
# RFC 9106's second choice: 64 MiB and three passes. Two at a time, so that signing in cannot exhaust the memory.
_HASHER = PasswordHasher(time_cost=3, memory_cost=1 << 16, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account to be made; without scenarios or jurisdictions it is not limited to any."""

    login: str
    name: str
    roles: tuple[Role, ...]
    scenarios: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is shown to whoever keeps them."""

    login: str
    grant: Grant
    created_at: str
    created_by: str
    disabled_at: str


def create(book: Store, wanted: Wanted, password: str, who: str, now: datetime, chance: Callable[[int], bytes]) -> str:
    """Make an account; its id. RefusedInput for a name or password that will not do, Occupied if the login is taken."""
    if not _LOGIN.fullmatch(wanted.login):
        zh, en = "登录名为 2 至 40 位小写字母、数字、点、横线", "a login is 2 to 40 of a-z, 0-9, dot, dash, underscore"
        raise refused_input("A741", zh, en, where="login")
    if not wanted.name.strip() or len(wanted.name) > LONGEST_NAME or not wanted.name.isprintable():
        zh, en = f"姓名须为 1 至 {LONGEST_NAME} 字", f"a name of 1 to {LONGEST_NAME} characters is wanted"
        raise refused_input("A742", zh, en, where="name")
    if not wanted.roles:
        raise refused_input("A743", "账户至少要有一个角色", "an account needs a role at least", where="roles")
    row = {
        "id": f"u{chance(6).hex()}", "login": wanted.login, "name": wanted.name.strip(), "password": digest(password),
        "roles": words(wanted.roles), "scenarios": words(wanted.scenarios),
        "jurisdictions": words(wanted.jurisdictions), "created_at": at(now), "created_by": who, "disabled_at": "",
        "disabled_by": "",
    }  # fmt: skip
    with book.writing() as connection:
        if ask(connection, "SELECT id FROM account WHERE login = ?", (wanted.login,)):
            raise Occupied(f"登录名 {wanted.login} 已有人用", f"the login {wanted.login} is taken")
        connection.execute(AccessTable.metadata.tables[str(AccountRow.__tablename__)].insert().values(**row))
    return str(row["id"])


def verify(connection: Connection, login: str, password: str) -> Any | None:
    """The row of whoever this is; None for a wrong name or password or a disabled account, in the same time."""
    rows = ask(connection, "SELECT * FROM account WHERE login = ?", (login[:40],))
    known = rows[0].password if rows else _nobody()
    with _AT_ONCE:
        try:
            _HASHER.verify(known, password[: LONGEST + 1])
        except (Argon2Error, InvalidHashError):
            return None
    return rows[0] if rows and not rows[0].disabled_at else None


def set_password(book: Store, login: str, password: str) -> None:
    """Another password; whoever is signed in by the account is signed out. Missing if there is no such account."""
    made = digest(password)
    with book.writing() as connection:
        found = _account(connection, login)
        connection.execute(text("UPDATE account SET password = :p WHERE id = :id"), {"p": made, "id": found.id})
        _sign_out(connection, found.id)


def disable(book: Store, login: str, who: str, now: datetime) -> None:
    """From now on nobody signs in by it, and nobody stays. Missing if there is no such account."""
    with book.writing() as connection:
        found = _account(connection, login)
        said = text("UPDATE account SET disabled_at = :at, disabled_by = :who WHERE id = :id AND disabled_at = ''")
        connection.execute(said, {"at": at(now), "who": who, "id": found.id})
        _sign_out(connection, found.id)


def accounts(connection: Connection) -> list[Account]:
    """Every account, the oldest first."""
    rows = ask(connection, "SELECT * FROM account ORDER BY created_at, id")
    return [Account(row.login, grant_of(row), row.created_at, row.created_by, row.disabled_at) for row in rows]


def digest(password: str) -> str:
    """A password as it is kept. RefusedInput for one too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        zh, en = f"密码须为 {SHORTEST} 至 {LONGEST} 位", f"a password has {SHORTEST} to {LONGEST} characters"
        raise refused_input("A744", zh, en, where="password")
    with _AT_ONCE:
        return _HASHER.hash(password)


def grant_of(row: Any) -> Grant:
    """What the row of an account or a session may do."""
    who = getattr(row, "who", None) or row.id
    return Grant(
        who, row.name, frozenset(map(Role, row.roles.split())), frozenset(row.scenarios.split()),
        frozenset(row.jurisdictions.split()),
    )  # fmt: skip


def words(said: Any) -> str:
    """Several words as they are kept in one cell."""
    return " ".join(sorted(set(said)))


def at(now: datetime) -> str:
    """An instant as the access book keeps it."""
    return now.isoformat(timespec="seconds")


def _account(connection: Connection, login: str) -> Any:
    rows = ask(connection, "SELECT * FROM account WHERE login = ?", (login,))
    if not rows:
        raise Missing(f"没有账户 {login[:40]}", f"there is no account {login[:40]}")
    return rows[0]


def _sign_out(connection: Connection, account: str) -> None:
    found = "SELECT digest FROM session WHERE account = :id"
    connection.execute(text(f"DELETE FROM handle WHERE session IN ({found})"), {"id": account})
    connection.execute(text("DELETE FROM session WHERE account = :id"), {"id": account})


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
