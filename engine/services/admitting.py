"""Who may ask the service: keys and accounts made, listed and ended, their limits checked against the vocabulary."""

import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.access import accounts
from engine.access.accounts import Account
from engine.access.keys import Listed, Wanted, create, listed, revoke
from engine.access.roles import Role
from engine.access.sessions import end_all
from engine.calendar import read_when
from engine.errors import refused_input
from engine.services.books import open_access
from engine.services.moments import utc_now
from engine.services.rulebooks import rulebook_of


def admit(
    name: str,
    roles: Sequence[str],
    scenarios: Sequence[str],
    places: Sequence[str],
    expires: str,
    who: str,
    layers: Sequence[Path] = (),
) -> str:
    """Make a key; its text, shown this once. RefusedInput for a role, scenario or place that there is not."""
    _demand_known(roles, scenarios, places, layers)
    wanted = Wanted(name, tuple(map(Role, roles)), tuple(scenarios), tuple(places), _instant(expires))
    return create(open_access(), wanted, who, utc_now(), secrets.token_bytes)


def admitted() -> list[Listed]:
    """Every key, the oldest first."""
    with open_access().reading() as connection:
        return listed(connection)


def dismiss(key: str, who: str) -> None:
    """Revoke a key. Missing if there is none to revoke."""
    revoke(open_access(), key, who, utc_now())


def make_password() -> str:
    """One that nobody could guess, to be shown once."""
    return "-".join(secrets.token_hex(2) for _ in range(6))


def welcome(
    login: str,
    name: str,
    roles: Sequence[str],
    scenarios: Sequence[str],
    places: Sequence[str],
    password: str,
    who: str,
    layers: Sequence[Path] = (),
) -> None:
    """Make an account. RefusedInput for a role, scenario, place or password that will not do, Occupied for a login
    that is taken.
    """
    _demand_known(roles, scenarios, places, layers)
    wanted = accounts.Wanted(login, name, tuple(map(Role, roles)), tuple(scenarios), tuple(places))
    accounts.create(open_access(), wanted, password, who, utc_now(), secrets.token_bytes)


def welcomed() -> list[Account]:
    """Every account, the oldest first."""
    with open_access().reading() as connection:
        return accounts.accounts(connection)


def allow(
    login: str, roles: Sequence[str], scenarios: Sequence[str], places: Sequence[str], layers: Sequence[Path] = ()
) -> None:
    """Give an account other roles and limits. RefusedInput for one that there is not, Missing without the account."""
    _demand_known(roles, scenarios, places, layers)
    accounts.allow(open_access(), login, tuple(map(Role, roles)), scenarios, places)


def set_password(login: str, password: str) -> None:
    """Another password. RefusedInput for one that will not do, Missing if there is no such account."""
    accounts.set_password(open_access(), login, password)


def disable(login: str, who: str) -> None:
    """Nobody signs in by the account any more, and nobody stays. Missing if there is none."""
    accounts.disable(open_access(), login, who, utc_now())


def enable(login: str) -> None:
    """Somebody may sign in by it again. Missing if there is no such account."""
    accounts.enable(open_access(), login)


def sign_out(login: str, provider: bool = False) -> None:
    """End every session of the account, or of whom the provider calls so. Missing if there is no such account."""
    if provider:
        end_all(open_access(), login)
    else:
        accounts.sign_out(open_access(), login)


def _demand_known(
    roles: Sequence[str], scenarios: Sequence[str], places: Sequence[str], layers: Sequence[Path]
) -> None:
    vocabulary = rulebook_of(layers).vocabulary
    for said, known, where in (
        (roles, set(Role), "--role"), (scenarios, vocabulary.scenarios, "--scenario"),
        (places, vocabulary.jurisdictions, "--in"),
    ):  # fmt: skip
        _demand(said, known, where)


def _demand(said: Sequence[str], known: Iterable[str], where: str) -> None:
    words = sorted(map(str, known))
    for one in said:
        if one not in words:
            all_of = "、".join(words)
            raise refused_input(
                "A703",
                f"没有 `{one[:40]}`",
                f"there is no `{one[:40]}`",
                f"现有：{all_of}",
                f"there are: {all_of}",
                where,
            )


def _instant(said: str) -> str:
    """The instant in UTC, in the form that keys are compared in."""
    if not said:
        return ""
    try:
        from datetime import UTC, datetime

        last = read_when(said).last
        return datetime.fromtimestamp(last / 1_000_000, UTC).isoformat(timespec="seconds")
    except ValueError:
        raise refused_input(
            "A704", "到期时刻读不懂", "this is no day or instant", "写 2027-06-30 或 2027-06-30T18:00+08:00",
            "write 2027-06-30 or 2027-06-30T18:00+08:00", "--expires",
        ) from None  # fmt: skip
