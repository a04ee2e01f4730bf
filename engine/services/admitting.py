"""Who may ask the service: keys made, listed and revoked, their limits checked against the vocabulary."""

import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.access.keys import Listed, Wanted, create, listed, revoke
from engine.access.roles import Role
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
    vocabulary = rulebook_of(layers).vocabulary
    for said, known, where in (
        (roles, set(Role), "--role"), (scenarios, vocabulary.scenarios, "--scenario"),
        (places, vocabulary.jurisdictions, "--in"),
    ):  # fmt: skip
        _demand(said, known, where)
    wanted = Wanted(name, tuple(map(Role, roles)), tuple(scenarios), tuple(places), _instant(expires))
    return create(open_access(), wanted, who, utc_now(), secrets.token_bytes)


def admitted() -> list[Listed]:
    """Every key, the oldest first."""
    with open_access().reading() as connection:
        return listed(connection)


def dismiss(key: str, who: str) -> None:
    """Revoke a key. Missing if there is none to revoke."""
    revoke(open_access(), key, who, utc_now())


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
