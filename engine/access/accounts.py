"""Accounts of people who sign in at the pages: what they may do, and the one way in, by name and password."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from engine.access.keys import LONGEST_NAME
from engine.access.passwords import digest, fits, plain
from engine.access.roles import Grant, Role
from engine.errors import Missing, Occupied, refused_input
from engine.registry.store import Store, ask

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


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
    _demand_roles(wanted.roles)
    row = {
        "id": f"u{chance(6).hex()}", "login": wanted.login, "name": wanted.name.strip(),
        "password": digest(password, wanted.login), "roles": words(wanted.roles),
        "scenarios": words(wanted.scenarios), "jurisdictions": words(wanted.jurisdictions),
        "created_at": at(now), "created_by": who, "disabled_at": "", "disabled_by": "",
    }  # fmt: skip
    columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    with book.writing() as connection:  # of two that make it at once the second is told
        made = text(f"INSERT INTO account ({columns}) VALUES ({values}) ON CONFLICT (login) DO NOTHING")
        if connection.execute(made, row).rowcount != 1:
            raise Occupied(f"登录名 {wanted.login} 已有人用", f"the login {wanted.login} is taken")
    return row["id"]


def verify(book: Store, login: str, password: str) -> Any | None:
    """The row of whoever this is; None for a wrong name or password or a disabled account, in the same time.

    Unavailable where more wait to be let in than can be.
    """
    with book.reading() as connection:  # let go before the long work: others need it meanwhile
        rows = ask(connection, "SELECT * FROM account WHERE login = ?", (login if _LOGIN.fullmatch(login) else "",))
    right = fits(password, rows[0].password if rows else None)
    return rows[0] if right and rows and not rows[0].disabled_at else None


def change_password(book: Store, account: str, old: str, new: str, session: str) -> bool:
    """Another password for whoever knows the old one, and stays signed in by `session` alone; False if they do not.

    RefusedInput for a new one that will not do. Missing if the account is gone or disabled.
    """
    with book.reading() as connection:
        rows = ask(connection, "SELECT * FROM account WHERE id = ? AND disabled_at = ''", (account,))
    if not rows:
        raise Missing("此账户已停用", "this account is no more")
    if not fits(old, rows[0].password):
        return False
    if plain(old) == plain(new):
        raise refused_input("A745", "新密码与原密码相同", "that is the password you have", where="password")
    made = digest(new, rows[0].login)
    with book.writing() as connection:
        # Where somebody else set one meanwhile, the old one is no longer the old one.
        said = text("UPDATE account SET password = :p WHERE id = :id AND password = :before AND disabled_at = ''")
        if connection.execute(said, {"p": made, "id": account, "before": rows[0].password}).rowcount != 1:
            return False
        _sign_out(connection, account, but=session)
    return True


def set_password(book: Store, login: str, password: str) -> None:
    """Another password; whoever is signed in by the account is signed out. Missing if there is no such account."""
    made = digest(password, login)
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


def enable(book: Store, login: str) -> None:
    """Somebody may sign in by it again, with the password it had. Missing if there is no such account."""
    with book.writing() as connection:
        said = text("UPDATE account SET disabled_at = '', disabled_by = '' WHERE id = :id")
        connection.execute(said, {"id": _account(connection, login).id})


def allow(
    book: Store, login: str, roles: Sequence[Role], scenarios: Sequence[str], jurisdictions: Sequence[str]
) -> None:
    """Other roles and limits, from the next page on. Missing without such an account, RefusedInput without a role."""
    _demand_roles(roles)
    said = text("UPDATE account SET roles = :roles, scenarios = :scenarios, jurisdictions = :places WHERE id = :id")
    new = {"roles": words(roles), "scenarios": words(scenarios), "places": words(jurisdictions)}
    with book.writing() as connection:
        connection.execute(said, {**new, "id": _account(connection, login).id})


def sign_out(book: Store, login: str) -> None:
    """Sign somebody out everywhere. Missing if there is no such account."""
    with book.writing() as connection:
        _sign_out(connection, _account(connection, login).id)


def login_of(connection: Connection, account: str) -> str:
    """The login of an account; nothing for one that there is not."""
    rows = ask(connection, "SELECT login FROM account WHERE id = ?", (account,))
    return rows[0].login if rows else ""


def any_account(connection: Connection) -> bool:
    """Whether anybody can sign in by an account."""
    return bool(ask(connection, "SELECT id FROM account WHERE disabled_at = '' LIMIT 1"))


def accounts(connection: Connection) -> list[Account]:
    """Every account, the oldest first."""
    rows = ask(connection, "SELECT * FROM account ORDER BY created_at, id")
    return [Account(row.login, grant_of(row), row.created_at, row.created_by, row.disabled_at) for row in rows]


def grant_of(row: Any) -> Grant:
    """What the row of an account or a session may do."""
    who = getattr(row, "who", None) or row.id
    return Grant(
        who, row.name, frozenset(map(Role, row.roles.split())), frozenset(row.scenarios.split()),
        frozenset(row.jurisdictions.split()),
    )  # fmt: skip


def words(said: Iterable[str]) -> str:
    """Several words as they are kept in one cell."""
    return " ".join(sorted(set(said)))


def at(now: datetime) -> str:
    """An instant as the access book keeps it."""
    return now.astimezone(UTC).isoformat(timespec="seconds")


def _account(connection: Connection, login: str) -> Any:
    rows = ask(connection, "SELECT * FROM account WHERE login = ?", (login,))
    if not rows:
        raise Missing(f"没有账户 {login[:40]}", f"there is no account {login[:40]}")
    return rows[0]


def _demand_roles(roles: Sequence[Role]) -> None:
    if not roles:
        raise refused_input("A743", "账户至少要有一个角色", "an account needs a role at least", where="roles")


def _sign_out(connection: Connection, account: str, but: str = "") -> None:
    """End the account's sessions, `but` that of this digest."""
    said, which = {"id": account, "but": but}, "account = :id AND digest <> :but"
    handles = f"DELETE FROM handle WHERE session IN (SELECT digest FROM session WHERE {which})"
    connection.execute(text(handles), said)
    connection.execute(text(f"UPDATE session SET ends_at = '' WHERE {which}"), said)
