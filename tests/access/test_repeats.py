"""Requests that come twice: of many that begin at once one is the first, and its answer is everybody's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from engine.access.reloads import Reloaded, announce, newest
from engine.access.repeats import KEPT, Before, begin, finish, forget
from engine.registry.store import Store

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_begun_then_finished(access: Store) -> None:
    """First it is mine to do, then it is at work, then it has its answer; a later answer changes nothing."""
    assert begin(access, "k", "body", "who", NOW) is None
    assert begin(access, "k", "body", "who", NOW) == Before("body", False, 0, "")
    assert begin(access, "k", "other", "who", NOW) == Before("body", False, 0, "")
    finish(access, "k", 201, '{"entry": "某"}', NOW)
    finish(access, "k", 500, "{}", NOW)
    forget(access, "k")
    assert begin(access, "k", "body", "who", NOW) == Before("body", True, 201, '{"entry": "某"}')
    assert begin(access, "another", "body", "who", NOW) is None


def test_what_was_refused_may_come_again(access: Store) -> None:
    """Forgotten, it is mine to do."""
    assert begin(access, "k", "body", "who", NOW) is None
    forget(access, "k")
    assert begin(access, "k", "mended", "who", NOW) is None


def test_one_of_many_is_first(access: Store) -> None:
    """Eight at once, over connections of their own."""
    with ThreadPoolExecutor(8) as pool:
        for key in map(str, range(10)):
            said = list(pool.map(lambda _, key=key: begin(access, key, "body", "who", NOW), range(8)))  # type: ignore[misc]
            assert said.count(None) == 1
            assert set(said) == {None, Before("body", False, 0, "")}


def test_it_is_kept_for_two_weeks(access: Store) -> None:
    """At least the seven days that are promised; what is older goes when something new begins."""
    assert timedelta(days=7) <= KEPT
    begin(access, "k", "body", "who", NOW)
    finish(access, "k", 201, "{}", NOW)
    begin(access, "later", "body", "who", NOW + KEPT)
    assert begin(access, "k", "body", "who", NOW + KEPT) is not None
    assert begin(access, "k", "body", "who", NOW + KEPT + timedelta(seconds=1)) is None


def test_the_last_reload_is_the_one(access: Store) -> None:
    """Whoever asks is told the newest, whatever the clock says."""
    with access.reading() as connection:
        assert newest(connection) is None
    announce(access, "b" * 64, "who", NOW)
    announce(access, "a" * 64, "who", NOW - timedelta(days=1))
    with access.reading() as connection:
        assert newest(connection) == Reloaded(2, "a" * 64)
