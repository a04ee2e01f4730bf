"""Looks: written before anything is shown, found again by every key of a subject, the latest first."""

import secrets
from datetime import UTC, datetime

from engine.access import accounts
from engine.access.keys import Wanted, create
from engine.access.reads import MOST, Look, note, noted
from engine.access.roles import Act, Role
from engine.registry.store import Store

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_looks_are_found_by_their_subject(access: Store) -> None:
    """By any of its keys; each with whom its key was made for, page by page."""
    key = create(access, Wanted("采购中心", (Role.INQUIRER,)), "me", NOW, secrets.token_bytes)[5:17]
    for number in range(7):
        who = key if number % 2 else "token"
        note(access, [Look(who, Act.READ_SUBJECT, f"why {number}", "采1号", f"s{number % 3}")], NOW)
    with access.reading() as connection:
        rows = noted(connection, ["s0", "s1"])
        assert [row.purpose for row in rows] == ["why 6", "why 4", "why 3", "why 1", "why 0"]
        assert [row.name for row in rows] == [None, None, "采购中心", "采购中心", None]
        assert {row.act for row in rows} == {"read-subject"}
        first = noted(connection, ["s0", "s1"], most=2)
        assert [*first, *noted(connection, ["s0", "s1"], first[-1].id)] == rows
        assert noted(connection, ["nobody"]) == []
        assert len(noted(connection, ["s0"], most=MOST * 2)) == 3


def test_who_signs_in_by_an_account_is_named(access: Store) -> None:
    """As whoever holds a key; whom a provider vouches for is not, for their name may have changed since."""
    wanted = accounts.Wanted("li", "李工", (Role.INQUIRER,))
    account = accounts.create(access, wanted, "correct horse battery", "me", NOW, secrets.token_bytes)
    note(access, [Look(who, Act.READ_SUBJECT, "why", subject="s") for who in (account, "token")], NOW)
    with access.reading() as connection:
        assert [row.name for row in noted(connection, ["s"])] == [None, "李工"]
