"""Accounts: one of each name, in by the right password alone, out at once when that is wanted."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from argon2 import PasswordHasher

from engine.access import passwords, sessions
from engine.access.accounts import (
    Wanted,
    accounts,
    allow,
    change_password,
    create,
    disable,
    enable,
    grant_of,
    login_of,
    set_password,
    sign_out,
    verify,
)
from engine.access.roles import Grant, Role
from engine.access.sessions import Session, begin, find
from engine.errors import MemorandaError, Missing, Occupied, RefusedInput, Unavailable
from engine.registry.store import Store

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PASSWORD, OTHER = "correct horse battery", "staple Haken Öse 钉书钉子一"


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Digests that cost little: what they cost is tried on its own."""
    passwords._nobodys.cache_clear()
    if "costly" not in request.node.name:
        monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    passwords._nobodys.cache_clear()


def made(access: Store, login: str = "li", *roles: Role, **how: Any) -> str:
    """A new account's id."""
    wanted = Wanted(login, "李工", roles or (Role.INQUIRER,), **how)
    return create(access, wanted, PASSWORD, "me", NOW, secrets.token_bytes)


def entered(access: Store, login: str = "li", password: str = PASSWORD) -> Session:
    """Somebody signed in."""
    row = verify(access, login, password)
    assert row is not None
    held = begin(access, grant_of(row), NOW, secrets.token_bytes, row)
    assert held is not None
    found = find(access, held, NOW)
    assert found is not None
    return found


def lives(access: Store, session: Session) -> bool:
    """Whether the session has not ended."""
    with access.reading() as connection:
        rows = connection.exec_driver_sql(f"SELECT ends_at FROM session WHERE digest = '{session.digest}'").all()
    return bool(rows) and bool(rows[0][0])


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each comes to when all begin at the same moment: its value, or the error it raised."""
    barrier = Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except MemorandaError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return [*pool.map(one, calls)]


def test_an_account_from_making_to_signing_in(access: Store) -> None:
    """With its roles and limits as they were given."""
    account = made(access, "li.gong-1", Role.REVIEWER, scenarios=("permit",), jurisdictions=("420881",))
    row = verify(access, "li.gong-1", PASSWORD)
    assert row is not None
    assert grant_of(row) == Grant(
        account, "李工", frozenset({Role.REVIEWER}), frozenset({"permit"}), frozenset({"420881"})
    )
    with access.reading() as connection:
        assert [(one.login, one.created_by, one.disabled_at) for one in accounts(connection)] == [
            ("li.gong-1", "me", "")
        ]
        assert (login_of(connection, account), login_of(connection, "nobody")) == ("li.gong-1", "")


def test_no_password_is_kept(access: Store) -> None:
    """In no column, and nowhere in the files; two alike are kept unlike."""
    made(access, "li")
    made(access, "wang")
    with access.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM account").all()
        kept = connection.exec_driver_sql("SELECT password FROM account").all()
    assert not any(PASSWORD in str(value) for row in rows for value in row)
    assert all(value.startswith("$argon2id$") for (value,) in kept)
    assert len(set(kept)) == 2
    if access.file:
        written = b"".join(path.read_bytes() for path in access.file.parent.glob(access.file.name + "*"))
        assert PASSWORD.encode() not in written


def test_a_digest_is_costly() -> None:
    """As much as RFC 9106 asks for where memory is scarce: 64 MiB, three times over."""
    assert "$m=65536,t=3,p=1$" in passwords.digest(PASSWORD)


WRONG = [
    ("li", PASSWORD[:-1]), ("li", PASSWORD + "x"), ("li", ""), ("li", PASSWORD.upper()), ("li", "x" * 100_000),
    ("wang", PASSWORD), ("", PASSWORD), ("LI", PASSWORD), ("li\x00", PASSWORD), ("l" * 100_000, PASSWORD),
    ("' OR '1'='1", "' OR '1'='1"), ("li", "\ud800"), ("\ud800", "x"),
]  # fmt: skip


def test_only_name_and_password_let_in(access: Store) -> None:
    """Nothing else does, and nothing else is an error."""
    made(access)
    for login, password in WRONG:
        assert verify(access, login, password) is None, (login[:20], password[:20])
    assert verify(access, "li", PASSWORD)


def test_a_long_name_is_not_its_beginning(access: Store) -> None:
    """A name is taken whole."""
    made(access, "l" * 40)
    assert verify(access, "l" * 40, PASSWORD)
    assert verify(access, "l" * 41, PASSWORD) is None


def test_the_same_work_for_nobody(access: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One digest is compared, of the same costs: there is no such name, the account is disabled, or all is well."""
    made(access, "li")
    made(access, "gone")
    disable(access, "gone", "me", NOW)
    hasher, compared = passwords._HASHER, list[str]()

    class Counting:
        """Compares as before, and remembers with what."""

        def verify(self, kept: str, said: str) -> bool:
            compared.append(kept.rpartition("$p=")[0].rpartition(",p=")[0])
            return hasher.verify(kept, said)

        def hash(self, said: str) -> str:
            return hasher.hash(said)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    for login, password in [("li", PASSWORD), ("gone", PASSWORD), ("li", "wrong"), ("nobody", "wrong"), ("", "")]:
        verify(access, login, password)
    assert len(compared) == 5
    assert len(set(compared)) == 1


def test_a_password_is_the_same_from_every_keyboard(access: Store) -> None:
    """Letters that are composed, or typed in full width."""
    create(access, Wanted("li", "李工", (Role.INQUIRER,)), OTHER, "me", NOW, secrets.token_bytes)
    assert verify(access, "li", OTHER.replace("Ö", "O\u0308"))
    assert verify(access, "li", OTHER.replace("s", "ｓ"))
    assert verify(access, "li", OTHER.lower()) is None


@pytest.mark.parametrize(
    "said",
    ["", "short", "elevenchars", "x" * 257, "aaaaaaaaaaaa", "abababababab", "123456789012", "987654321098",
     "abcdefghijkl", "lkjihgfedcba", "I-am-gong.li", "x4GONG.LI4x!"],
)  # fmt: skip
def test_a_password_that_anybody_would_try(access: Store, said: str) -> None:
    """Is refused, whoever sets it, and what was there stays."""
    made(access, "gong.li")
    for change in (
        lambda: create(access, Wanted("gong.li", "x", (Role.AUDITOR,)), said, "me", NOW, secrets.token_bytes),
        lambda: set_password(access, "gong.li", said),
    ):
        with pytest.raises(RefusedInput) as refused:
            change()
        assert refused.value.faults[0].code in ("A744", "A745")
        assert said not in refused.value.en or not said
    assert verify(access, "gong.li", PASSWORD)


@pytest.mark.parametrize(
    ("login", "name", "roles", "code"),
    [
        ("", "x", (Role.AUDITOR,), "A741"), ("x", "x", (Role.AUDITOR,), "A741"), ("Li", "x", (Role.AUDITOR,), "A741"),
        ("l" * 41, "x", (Role.AUDITOR,), "A741"), ("li gong", "x", (Role.AUDITOR,), "A741"),
        ("李工", "x", (Role.AUDITOR,), "A741"), ("-li", "x", (Role.AUDITOR,), "A741"),
        ("li\n", "x", (Role.AUDITOR,), "A741"), ("li", "", (Role.AUDITOR,), "A742"),
        ("li", "  ", (Role.AUDITOR,), "A742"),
        ("li", "x" * 101, (Role.AUDITOR,), "A742"), ("li", "a\nb", (Role.AUDITOR,), "A742"), ("li", "x", (), "A743"),
    ],
)  # fmt: skip
def test_what_is_no_account(access: Store, login: str, name: str, roles: tuple[Role, ...], code: str) -> None:
    """Is refused, and none is made."""
    with pytest.raises(RefusedInput) as refused:
        create(access, Wanted(login, name, roles), PASSWORD, "me", NOW, secrets.token_bytes)
    assert refused.value.faults[0].code == code
    with access.reading() as connection:
        assert accounts(connection) == []


def test_a_name_is_given_once(access: Store) -> None:
    """Also where several processes give it at the same moment: the others are told, and nothing breaks."""
    came = at_once(*[lambda: made(access)] * 6)
    assert sorted(type(one).__name__ for one in came) == ["Occupied"] * 5 + ["str"]
    with pytest.raises(Occupied):
        made(access)
    with access.reading() as connection:
        assert len(accounts(connection)) == 1


def test_another_password_ends_all_sessions(access: Store) -> None:
    """Of this account; the old one is worth nothing."""
    made(access, "li")
    made(access, "wang")
    mine, others = entered(access, "li"), entered(access, "wang")
    set_password(access, "li", OTHER)
    assert [lives(access, one) for one in (mine, others)] == [False, True]
    assert verify(access, "li", PASSWORD) is None
    assert verify(access, "li", OTHER)


def test_whoever_changes_their_password_stays(access: Store) -> None:
    """In the one session they do it in; every other is ended."""
    account = made(access)
    here, elsewhere = entered(access), entered(access)
    assert change_password(access, account, PASSWORD, OTHER, here.digest)
    assert [lives(access, one) for one in (here, elsewhere)] == [True, False]
    assert verify(access, "li", OTHER)


def test_only_who_knows_the_old_one_sets_a_new_one(access: Store) -> None:
    """And not the same again, and none that anybody would try."""
    account = made(access)
    here = entered(access)
    assert not change_password(access, account, "wrong", OTHER, here.digest)
    for new in (PASSWORD, "short"):
        with pytest.raises(RefusedInput):
            change_password(access, account, PASSWORD, new, here.digest)
    assert verify(access, "li", PASSWORD)
    disable(access, "li", "me", NOW)
    with pytest.raises(Missing):
        change_password(access, account, PASSWORD, OTHER, here.digest)


def test_of_two_changes_at_once_one_holds(access: Store) -> None:
    """The other is told that the old password is not that any more."""
    account = made(access)
    new = [f"{OTHER} {number}" for number in range(4)]
    came = at_once(*[lambda said=said: change_password(access, account, PASSWORD, said, "") for said in new])  # type: ignore[misc]
    assert sorted(came) == [False, False, False, True]
    assert [bool(verify(access, "li", said)) for said in new] == came


def test_no_session_begins_by_a_password_that_was_changed_meanwhile(access: Store) -> None:
    """Between the look at the password and the beginning; nor by an account that was disabled there."""
    made(access)
    for change in (lambda: set_password(access, "li", OTHER), lambda: disable(access, "li", "me", NOW)):
        row = verify(access, "li", PASSWORD) or verify(access, "li", OTHER)
        assert row is not None
        change()
        assert begin(access, grant_of(row), NOW, secrets.token_bytes, row) is None


def test_who_signs_in_while_the_password_changes_is_out(access: Store) -> None:
    """Whichever of the two comes first."""
    made(access)
    for number in range(8):
        old, new = (PASSWORD, OTHER)[number % 2], (PASSWORD, OTHER)[(number + 1) % 2]
        row = verify(access, "li", old)
        held, _ = at_once(
            lambda row=row: begin(access, grant_of(row), NOW, secrets.token_bytes, row),  # type: ignore[misc]
            lambda new=new: set_password(access, "li", new),  # type: ignore[misc]
        )
        assert held is None or find(access, held, NOW) is None


def test_a_disabled_account_is_nobodys(access: Store) -> None:
    """From the moment on, in every session; until it is enabled, and then those sessions stay ended."""
    made(access)
    session = entered(access)
    disable(access, "li", "wang", NOW)
    assert not lives(access, session)
    assert verify(access, "li", PASSWORD) is None
    disable(access, "li", "zhao", NOW)
    with access.reading() as connection:
        (one,) = accounts(connection)
    assert one.disabled_at == "2026-11-22T04:00:00+00:00"
    enable(access, "li")
    assert not lives(access, session)
    assert verify(access, "li", PASSWORD)


def test_roles_change_at_once(access: Store) -> None:
    """In sessions that have begun, too."""
    made(access, "li", Role.INQUIRER, Role.AUDITOR)
    row = verify(access, "li", PASSWORD)
    held = begin(access, grant_of(row), NOW, secrets.token_bytes, row)
    assert held
    allow(access, "li", (Role.AUDITOR,), ("permit",), ("420881",))
    session = find(access, held, NOW)
    assert session is not None
    assert session.grant.roles == {Role.AUDITOR}
    assert (session.grant.scenarios, session.grant.jurisdictions) == ({"permit"}, {"420881"})
    with pytest.raises(RefusedInput):
        allow(access, "li", (), (), ())


def test_signing_out_by_name(access: Store) -> None:
    """Every session of that account, and of nobody else."""
    made(access, "li")
    made(access, "wang")
    mine, others = [entered(access, "li") for _ in range(3)], entered(access, "wang")
    sign_out(access, "li")
    assert [lives(access, one) for one in (*mine, others)] == [False, False, False, True]


@pytest.mark.parametrize("login", ["nobody", "", "' OR '1'='1", "l" * 10_000])
def test_whoever_there_is_not(access: Store, login: str) -> None:
    """Is said to be missing, in few words."""
    made(access)
    for change in (
        lambda: set_password(access, login, OTHER),
        lambda: disable(access, login, "me", NOW),
        lambda: enable(access, login),
        lambda: allow(access, login, (Role.AUDITOR,), (), ()),
        lambda: sign_out(access, login),
    ):
        with pytest.raises(Missing) as missing:
            change()
        assert len(missing.value.en) < 100


def test_a_crowd_at_the_entrance_is_turned_away(access: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once many wait; those who are in are not kept waiting by them."""
    made(access)
    with monkeypatch.context() as patch:
        patch.setattr(passwords._IN_LINE, "acquire", lambda blocking=True: False)
        with pytest.raises(Unavailable, match="too many"):
            verify(access, "li", PASSWORD)
    assert verify(access, "li", PASSWORD)
    assert sessions.LONGEST.total_seconds() <= 12 * 3_600


def test_a_long_password_in_parts_is_taken_whole(access: Store) -> None:
    """Letters with their marks apart are more characters when they are typed than when they are kept."""
    long = "o\u0308a\u0308u\u0308xyz" * 40
    create(access, Wanted("li", "李工", (Role.INQUIRER,)), long, "me", NOW, secrets.token_bytes)
    assert verify(access, "li", long)
    assert verify(access, "li", long[:-1]) is None
