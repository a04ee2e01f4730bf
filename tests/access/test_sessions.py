"""Sessions: short, revocable, worth nothing outside; handles that mean something in one of them only."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine.access import handles as handles_of
from engine.access import sessions
from engine.access.accounts import Wanted, create, disable
from engine.access.handles import handle, handles, held_by
from engine.access.roles import Grant, Role
from engine.access.sessions import IDLE, LONGEST, REMEMBERED, SEEN, Session, begin, choose, end, end_all, find
from engine.errors import Missing
from engine.registry.store import Store, ask

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CODE = "91990000000000465H"
TOKEN = Grant("sub-1", "李工", frozenset({Role.INQUIRER}), frozenset({"permit"}), frozenset({"420881"}))


def held(access: Store, grant: Grant = TOKEN, now: datetime = NOW) -> str:
    """What the browser of somebody holds for whom a provider vouches."""
    said = begin(access, grant, now, secrets.token_bytes)
    assert said is not None
    return said


def entered(access: Store, grant: Grant = TOKEN, now: datetime = NOW) -> Session:
    """Their session."""
    found = find(access, held(access, grant, now), now)
    assert found is not None
    return found


def rows(access: Store, table: str) -> int:
    """How many there are."""
    with access.reading() as connection:
        count: int = ask(connection, f"SELECT COUNT(*) AS n FROM {table}")[0].n
    return count


def test_a_session_knows_its_holder(access: Store) -> None:
    """With the roles and limits the provider gave; each has its own proof, and nothing the browser holds is kept."""
    first, second = held(access), held(access)
    one, two = find(access, first, NOW), find(access, second, NOW)
    assert one is not None
    assert two is not None
    assert one.grant == two.grant == TOKEN
    assert one.proof != two.proof
    assert len(first) == 64
    with access.reading() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM session").all()
    assert not any(first in str(value) or second in str(value) for row in kept for value in row)


@pytest.mark.parametrize("said", ["", "x", "0" * 64, "\ud800", "\x00", "' OR '1'='1", "é" * 10_000])
def test_what_is_no_session(access: Store, said: str) -> None:
    """Is nobody's; nor is the digest that stands in the book."""
    session = entered(access)
    assert find(access, said, NOW) is None
    assert find(access, session.digest, NOW) is None


def test_a_session_ends_when_nobody_is_there(access: Store) -> None:
    """Half an hour after the last page; that somebody is there is written now and then, and lengthens it."""
    said = held(access)
    assert find(access, said, NOW + IDLE - timedelta(seconds=1))
    assert find(access, said, NOW + IDLE * 2 - timedelta(seconds=2))
    assert find(access, said, NOW + IDLE * 3 - timedelta(seconds=2)) is None
    other = held(access)
    assert find(access, other, NOW + IDLE) is None
    assert find(access, other, NOW) is not None  # a clock that is set back revives none that was not ended by it


def test_being_there_is_written_now_and_then(access: Store) -> None:
    """Not at every page: pages are looked at more often than books can be written."""
    said = held(access)
    for seconds, seen in ((1, 0), (59, 0), (60, 60), (90, 60), (120, 120), (100, 120)):
        assert find(access, said, NOW + timedelta(seconds=seconds))
        with access.reading() as connection:
            at = ask(connection, "SELECT seen_at FROM session")[0].seen_at
        assert datetime.fromisoformat(at) == NOW + timedelta(seconds=seen)
    assert timedelta(minutes=1) == SEEN


def test_a_session_ends_in_any_case(access: Store) -> None:
    """After a working day, however busy."""
    said, now = held(access), NOW
    while now < NOW + LONGEST - timedelta(minutes=20):
        now += timedelta(minutes=20)
        if now < NOW + LONGEST:
            assert find(access, said, now), now
    assert find(access, said, NOW + LONGEST) is None


def test_clocks_of_other_zones_agree(access: Store) -> None:
    """The same instant, wherever the server stands."""
    shanghai = timezone(timedelta(hours=8))
    said = held(access, now=NOW.astimezone(shanghai))
    assert find(access, said, NOW + IDLE - timedelta(seconds=1))
    assert find(access, held(access), (NOW + IDLE).astimezone(shanghai)) is None


def test_signing_out(access: Store) -> None:
    """Here, or everywhere; never others. It ends for good."""
    mine, other = [held(access) for _ in range(3)], held(access, Grant("sub-2", "x", frozenset(Role)))
    account = create(
        access, Wanted("li", "x", (Role.AUDITOR,)), "correct horse battery", "me", NOW, secrets.token_bytes
    )
    same = held(access, Grant(account, "who calls themselves by an account's number", frozenset(Role)))
    found = find(access, mine[0], NOW)
    assert found
    end(access, found)
    end(access, found)
    assert [find(access, one, NOW) is not None for one in (*mine, other, same)] == [False, True, True, True, True]
    end_all(access, "sub-1")
    end_all(access, account, account)
    assert [find(access, one, NOW) is not None for one in (*mine, other, same)] == [False, False, False, True, True]


def test_a_page_on_its_way_revives_no_session(access: Store) -> None:
    """One that was ended while it was served."""
    said = held(access)
    found = find(access, said, NOW)
    assert found
    end(access, found)
    choose(access, found, {"purpose": "x"})
    handle(access, found, CODE)
    assert find(access, said, NOW + timedelta(minutes=2)) is None


def test_what_was_chosen_is_there_again(access: Store) -> None:
    """In the same session and in the next; another's is not, also not where a provider calls somebody the same."""
    session = entered(access)
    choose(access, session, {"purpose": "招标", "counter.scenario": "permit"})
    choose(access, session, {"purpose": "许可"})  # what another window chose with its older view is kept
    assert entered(access).chosen == {"purpose": "许可", "counter.scenario": "permit"}
    assert entered(access, Grant("sub-2", "x", frozenset(Role))).chosen == {}


def test_what_is_over_is_forgotten(access: Store) -> None:
    """Whom a session was about as soon as it has ended; what was chosen in it after a while."""
    session = entered(access)
    handle(access, session, CODE)
    choose(access, session, {"purpose": "x"})
    live = entered(access, Grant("sub-2", "x", frozenset(Role)))
    kept = handle(access, live, CODE)
    held(access)
    assert rows(access, "handle") == 2
    held(access, now=NOW + IDLE - timedelta(seconds=1))
    assert held_by(access, live, kept) == CODE
    assert entered(access, now=NOW + IDLE).chosen == {"purpose": "x"}
    assert rows(access, "handle") == 0
    assert entered(access, now=NOW + IDLE + REMEMBERED + timedelta(minutes=1)).chosen == {}
    assert rows(access, "session") == 1


def test_a_handle_says_nothing_elsewhere(access: Store) -> None:
    """The same each time in one session, another in another; no code is in it."""
    one, two = entered(access), entered(access)
    token = handle(access, one, CODE)
    assert token == handle(access, one, CODE) != handle(access, two, CODE)
    assert held_by(access, one, token) == CODE
    assert CODE not in token
    for session, said in ((two, token), (one, token.upper()), (one, token[:-1]), (one, CODE), (one, ""),
                          (one, f"{token}\n"), (one, "\x00"), (one, "\ud800"), (one, "%" * 10_000)):  # fmt: skip
        with pytest.raises(Missing) as missing:
            held_by(access, session, said)
        assert CODE not in missing.value.zh


def test_many_handles_at_the_cost_of_one(access: Store) -> None:
    """In the order of the values, whichever are known or come twice."""
    session = entered(access)
    values = [f"code-{number}" for number in range(1_200)]
    first = handle(access, session, values[7])
    tokens = handles(access, session, [*values, values[3]])
    assert tokens[7] == first
    assert tokens[3] == tokens[-1]
    assert len(set(tokens)) == 1_200
    assert [held_by(access, session, tokens[number]) for number in (0, 7, 1_199)] == ["code-0", "code-7", "code-1199"]
    assert handles(access, session, []) == []
    assert rows(access, "handle") == 1_200


def test_handles_made_at_once(access: Store) -> None:
    """By two pages of one session: neither is an error, both get the same."""
    session = entered(access)
    values = [f"code-{number}" for number in range(60)]

    def page(number: int) -> dict[str, str]:
        order = values if number % 2 else values[::-1]
        return dict(zip(order, handles(access, session, order), strict=True))

    with ThreadPoolExecutor(6) as pool:
        pages = [*pool.map(page, range(12))]
    assert all(one == pages[0] for one in pages)
    assert rows(access, "handle") == 60


def test_the_handles_of_a_session_are_bounded(access: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page just made works whole; those before it are void."""
    monkeypatch.setattr(handles_of, "MOST", 10)
    session, other = entered(access), entered(access)
    kept = handle(access, other, CODE)
    first = handles(access, session, [f"a{number}" for number in range(6)])
    second = handles(access, session, ["a0", *(f"b{number}" for number in range(6))])
    assert [held_by(access, session, token) for token in second][:2] == ["a0", "b0"]
    with pytest.raises(Missing):
        held_by(access, session, first[1])
    assert held_by(access, other, kept) == CODE


def test_a_disabled_account_has_no_session_left(access: Store) -> None:
    """Nor one that begins where it was asked for meanwhile."""
    wanted = Wanted("li", "x", (Role.AUDITOR,))
    account = create(access, wanted, "correct horse battery", "me", NOW, secrets.token_bytes)
    with access.reading() as connection:
        (row,) = ask(connection, "SELECT * FROM account")
    said = begin(access, Grant(account, "x", frozenset()), NOW, secrets.token_bytes, row)
    assert said
    found = find(access, said, NOW)
    assert found is not None
    assert found.grant.roles == {Role.AUDITOR}
    assert found.account == account
    with access.writing() as connection:
        connection.exec_driver_sql("UPDATE account SET disabled_at = 'x'")
    assert find(access, said, NOW) is None
    disable(access, "li", "me", NOW)
    assert sessions.begin(access, found.grant, NOW, secrets.token_bytes, row) is None
