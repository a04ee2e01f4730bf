"""Jobs: seen by their owner in every process, failed where their process is silent, begun once however often sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from engine.access import jobs
from engine.access.jobs import DONE, FAILED, KEPT, LOST, RUNNING, SILENT
from engine.errors import Missing
from engine.registry.store import Store

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_from_beginning_to_end(access: Store, address: str) -> None:
    """How far it is and what came of it is seen through any connection; what is done stays as it was done."""
    assert jobs.begin(access, "j", "who", "tender", 300, NOW)
    elsewhere = Store(address)
    found = jobs.find(elsewhere, "j", "who", NOW)
    assert (found.state, found.done, found.whole, found.result) == (RUNNING, 0, 300, {})
    jobs.beat(access, "j", NOW + SECOND, 200, "read")
    found = jobs.find(elsewhere, "j", "who", NOW + SECOND)
    assert (found.done, found.result) == (200, {"stage": "read"})
    jobs.beat(access, "j", NOW + 2 * SECOND)
    assert jobs.find(elsewhere, "j", "who", NOW).result == {"stage": "read"}
    jobs.finish(access, "j", {"decision": "d"}, NOW + 3 * SECOND)
    jobs.fail(access, "j", "fault", NOW + 4 * SECOND)
    jobs.beat(access, "j", NOW + 4 * SECOND, 1, "read")
    found = jobs.find(elsewhere, "j", "who", NOW + KEPT)
    assert (found.state, found.done, found.result) == (DONE, 300, {"decision": "d"})
    elsewhere.close()


def test_it_is_nobody_elses(access: Store) -> None:
    """Another may neither look at it nor forget it nor begin it again."""
    jobs.begin(access, "j", "who", "tender", 1, NOW)
    with pytest.raises(Missing):
        jobs.find(access, "j", "another", NOW)
    jobs.forget(access, "j", "another")
    jobs.fail(access, "j", "fault", NOW)
    assert not jobs.begin(access, "j", "another", "tender", 1, NOW)
    assert jobs.find(access, "j", "who", NOW).state == FAILED
    jobs.forget(access, "j", "who")
    with pytest.raises(Missing):
        jobs.find(access, "j", "who", NOW)


def test_silence_is_failure(access: Store) -> None:
    """A process that died says nothing: after a bounded time its job has failed, and may be begun again."""
    jobs.begin(access, "j", "who", "tender", 9, NOW)
    jobs.beat(access, "j", NOW + SECOND, 5, "read")
    assert jobs.find(access, "j", "who", NOW + SILENT).state == RUNNING
    assert not jobs.begin(access, "j", "who", "tender", 9, NOW + SILENT)
    late = NOW + SILENT + SECOND
    found = jobs.find(access, "j", "who", late)
    assert (found.state, found.result) == (FAILED, {"why": LOST})
    assert jobs.at_work(access, "who", late) == 0
    assert jobs.begin(access, "j", "who", "tender", 9, late)
    assert (jobs.find(access, "j", "who", late).state, jobs.find(access, "j", "who", late).done) == (RUNNING, 0)


def test_what_failed_may_come_again_and_what_is_done_not(access: Store) -> None:
    """A form that is sent again after a fault is tried again; after an answer it has its answer."""
    jobs.begin(access, "j", "who", "tender", 9, NOW)
    assert not jobs.begin(access, "j", "who", "tender", 9, NOW)
    jobs.fail(access, "j", "unavailable", NOW)
    assert jobs.find(access, "j", "who", NOW).result == {"why": "unavailable"}
    assert jobs.begin(access, "j", "who", "tender", 9, NOW)
    jobs.finish(access, "j", {"decision": "d"}, NOW)
    assert not jobs.begin(access, "j", "who", "tender", 9, NOW + timedelta(days=1))


def test_one_of_many_does_it(access: Store) -> None:
    """Eight at once, over connections of their own."""
    with ThreadPoolExecutor(8) as pool:
        for job in map(str, range(5)):
            said = pool.map(lambda _, job=job: jobs.begin(access, job, "who", "tender", 1, NOW), range(8))  # type: ignore[misc]
            assert sorted(said) == [False] * 7 + [True]
    assert jobs.at_work(access, "who", NOW) == 5
    assert jobs.at_work(access, "another", NOW) == 0


def test_the_recent_ones_are_the_owners_and_done(access: Store) -> None:
    """The newest first, bounded; what runs or failed is not among them."""
    for number in range(4):
        jobs.begin(access, str(number), "who", "tender", number, NOW + number * SECOND)
        jobs.finish(access, str(number), {"decision": f"d{number}"}, NOW + number * SECOND)
    jobs.begin(access, "running", "who", "tender", 1, NOW + 9 * SECOND)
    jobs.begin(access, "theirs", "another", "tender", 1, NOW)
    jobs.finish(access, "theirs", {}, NOW)
    found = jobs.recent(access, "who", "tender", 3, NOW)
    assert [job.result["decision"] for job in found] == ["d3", "d2", "d1"]
    assert jobs.recent(access, "who", "other", 3, NOW) == []


def test_old_ones_go(access: Store) -> None:
    """When something new begins, what is past its time is forgotten."""
    jobs.begin(access, "old", "who", "tender", 1, NOW)
    jobs.begin(access, "new", "who", "tender", 1, NOW + KEPT + SECOND)
    with access.reading() as connection:
        assert [row.id for row in connection.execute(text("SELECT id FROM job"))] == ["new"]
