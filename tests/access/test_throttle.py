"""The throttle: so many mistakes and no more, for a name and for an address, however they come."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from engine.access.throttle import A_NAME, AN_ADDRESS, HERE, WINDOW, Try, attempt, succeeded
from engine.registry.store import Store

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
HOME, AWAY = "192.0.2.1", "198.51.100.7"


def tried(access: Store, login: str, address: str = HOME, times: int = 1, now: datetime = NOW) -> list[bool]:
    """Whether each of so many was tried."""
    return [attempt(access, login, address, now) is not None for _ in range(times)]


def test_a_few_mistakes_and_no_more(access: Store) -> None:
    """Under a name from an address; others are let try, and so is the owner from elsewhere."""
    assert tried(access, "li", times=HERE + 2) == [True] * HERE + [False] * 2
    assert tried(access, "wang") == [True]
    assert tried(access, "li", AWAY) == [True]


def test_a_name_is_not_guessed_from_everywhere(access: Store) -> None:
    """Not more often than a bound, from however many addresses."""
    came = [one for number in range(20) for one in tried(access, "li", f"203.0.113.{number}", 2)]
    assert sum(came) == A_NAME
    assert came[:A_NAME] == [True] * A_NAME


def test_an_address_does_not_try_every_name(access: Store) -> None:
    """One password for many names is guessing too."""
    came = [one for number in range(AN_ADDRESS + 5) for one in tried(access, f"name{number}")]
    assert came == [True] * AN_ADDRESS + [False] * 5
    assert tried(access, "name1", AWAY) == [True]


def test_a_whole_network_is_one_address(access: Store) -> None:
    """Of the newer kind, where each holder has as many as they like; the older kind written in the newer is itself."""
    came = [one for number in range(HERE + 1) for one in tried(access, "li", f"2001:db8:1:2::{number:x}")]
    assert came == [True] * HERE + [False]
    assert tried(access, "li", "2001:db8:1:3::1") == [True]
    assert tried(access, "zhao", HOME, HERE) == [True] * HERE
    assert tried(access, "zhao", f"::ffff:{HOME}") == [False]
    assert (
        tried(access, "zhao", "fe80::1%eth0") == tried(access, "zhao", "testclient") == tried(access, "q", "") == [True]
    )


def test_mistakes_are_forgotten_in_time(access: Store) -> None:
    """A window after the first of them; what was refused meanwhile does not count."""
    assert tried(access, "li", times=HERE) == [True] * HERE
    assert tried(access, "li", times=20, now=NOW + WINDOW - timedelta(seconds=1)) == [False] * 20
    assert tried(access, "li", times=HERE + 1, now=NOW + WINDOW) == [True] * HERE + [False]
    with access.reading() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM attempt").scalar_one() == HERE * 3


def test_whoever_is_right_begins_anew(access: Store) -> None:
    """Under the name; of the address only this try is taken back: a guesser's own account helps them nothing."""
    for _ in range(AN_ADDRESS - 1):
        first = attempt(access, "guesser", HOME, NOW)
        assert first
        succeeded(access, first)
    came = list[bool]()
    for number in range(AN_ADDRESS + 3):
        came += tried(access, f"victim{number}")
        if own := attempt(access, "guesser", HOME, NOW):
            succeeded(access, own)
    assert came == [True] * AN_ADDRESS + [False] * 3
    assert tried(access, "li", AWAY, HERE - 1) == [True] * (HERE - 1)
    last = attempt(access, "li", AWAY, NOW)
    assert last == Try("li", AWAY)
    succeeded(access, last)
    assert tried(access, "li", AWAY, HERE) == [True] * HERE


def test_success_elsewhere_frees_no_guesser(access: Store) -> None:
    """The owner signs in; who was stopped at another address stays so."""
    assert tried(access, "li", AWAY, HERE + 1)[-1] is False
    own = attempt(access, "li", HOME, NOW)
    assert own
    succeeded(access, own)
    assert tried(access, "li", AWAY) == [False]


def test_many_at_once_are_as_many_as_they_are(access: Store) -> None:
    """No process looks away while another counts."""
    with ThreadPoolExecutor(10) as pool:
        came = [*pool.map(lambda _: attempt(access, "li", HOME, NOW) is not None, range(30))]
    assert sum(came) == HERE


@pytest.mark.parametrize("said", ["", "\x00", "\ud800", "' OR 1=1 --", "x" * 100_000])
def test_whatever_is_called_a_name(access: Store, said: str) -> None:
    """Is counted like any other, and cannot be read from the book."""
    assert tried(access, said, times=HERE + 1) == [True] * HERE + [False]
    with access.reading() as connection:
        keys = {row[0] for row in connection.exec_driver_sql("SELECT key FROM attempt")}
    assert all(len(key) == 64 for key in keys)
