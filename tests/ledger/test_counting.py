"""Decisions counted and what waits, against a naive count of every leaf, whatever was asked before."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from engine.calendar import SHANGHAI
from engine.canonical import canonical
from engine.ledger.envelope import Caller, openings, read_json
from engine.ledger.recording import DECISION, DETERMINATION, Entered, enter, record
from engine.ledger.signing import LogKeys
from engine.registry.store import Store, ask
from engine.services import counting, waiting
from engine.services.counting import Counts, Tally
from engine.services.searching import open_reviews
from engine.services.waiting import Waiting
from tests.ledger.desk import NOON

VERDICTS = ("eligible", "conditional", "ineligible", "review")
SCENARIOS, PLACES = ("permit", "bidding"), (None, "420881", "310000")
YEAR = timedelta(days=370)


class Clock:
    """Stands before the services' clock."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        for module in (counting, waiting):
            patch.setattr(module, "utc_now", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until it is moved."""
    return Clock(monkeypatch)


class Desk:
    """Records leaves about nothing in particular."""

    def __init__(self, ledger: Store, keys: LogKeys, seed: int) -> None:
        self.ledger, self.keys, self.chance, self.count = ledger, keys, Random(seed), 0

    def decision(self, when: datetime, verdict: str = "") -> Entered:
        """A decision of some scenario, verdict and place."""
        self.count += 1
        scenario, place = self.chance.choice(SCENARIOS), self.chance.choice(PLACES)
        verdict = verdict or self.chance.choice(VERDICTS)
        question = {"scenario": scenario} | ({"jurisdiction": place} if place else {})
        core = canonical({"question": question, "verdict": verdict, "jurisdiction": "not this"})
        fields = {"scenario": scenario, "verdict": verdict}
        leaf, none = f"leaf-{self.count:06d}", openings({}, secrets.token_bytes)
        return enter(leaf, DECISION, core, when, none, Caller("tests"), {}, fields, self.keys)

    def determination(self, of: str, when: datetime) -> Entered:
        """What a person determined on it, the first."""
        self.count += 1
        core = canonical({"of": of, "answer": "eligible", "supersedes": ""})
        fields, none = {"of": of, "verdict": "eligible"}, openings({}, secrets.token_bytes)
        return enter(f"det-{self.count:06d}", DETERMINATION, core, when, none, Caller("tests"), {}, fields, self.keys)

    def record(self, count: int, first: datetime, last: datetime) -> None:
        """So many decisions at times in between."""
        span = (last - first) / timedelta(microseconds=1)
        times = sorted(first + timedelta(microseconds=self.chance.randrange(int(span) + 1)) for _ in range(count))
        record(self.ledger, [self.decision(when) for when in times])


@pytest.fixture
def desk(ledger: Store, keys: LogKeys) -> Desk:
    """At an empty ledger."""
    return Desk(ledger, keys, 1)


def here(scenario: str, place: str | None) -> bool:
    """Somebody who sees only part of it."""
    return scenario == "permit" and place == "420881"


def anywhere(scenario: str, place: str | None) -> bool:
    """Somebody who sees all."""
    return True


def naive(ledger: Store, since: date, monthly: bool, limited: bool) -> dict[tuple[date, str, str], int]:
    """Every leaf read and looked at."""
    found = Counter[tuple[date, str, str]]()
    with ledger.reading() as connection:
        for row in ask(connection, "SELECT * FROM leaf"):
            day = datetime.fromisoformat(row.recorded_at).astimezone(SHANGHAI).date()
            place = read_json(row.core).get("question", {}).get("jurisdiction")
            if row.kind == DECISION and day >= since and (not limited or here(row.scenario, place)):
                found[day.replace(day=1) if monthly else day, row.scenario, row.verdict] += 1
    return dict(found)


def same(tally: Tally, ledger: Store, since: date) -> Counts:
    """By day and by month, for who sees all and who sees part, as the naive count has it."""
    for monthly in (False, True):
        first = since.replace(day=1) if monthly else since
        for limited in (False, True):
            counts = tally.counts(ledger, first, monthly, here if limited else anywhere)
            assert counts.since == first
            assert dict(counts.found) == naive(ledger, first, monthly, limited)
    return counts


def test_counts_are_those_of_every_leaf(ledger: Store, desk: Desk, clock: Clock) -> None:
    """While more comes in, the clock goes on, and longer and shorter times are asked for in any order."""
    tally, since = Tally(), (NOON - YEAR).date()
    same(tally, ledger, since)  # nothing there yet
    desk.record(150, NOON - YEAR, NOON - timedelta(seconds=5))
    same(tally, ledger, (NOON - timedelta(days=3)).date())
    same(tally, ledger, since)
    for _ in range(8):
        before, clock.now = clock.now, clock.now + timedelta(minutes=desk.chance.choice((1, 30, 700)))
        desk.record(10, before - timedelta(seconds=2), clock.now - timedelta(seconds=2))
        same(tally, ledger, desk.chance.choice((since, clock.now.date())))
    clock.now += timedelta(days=40)  # nobody asked anything for a while
    same(tally, ledger, since)


def test_a_day_is_shanghais(ledger: Store, desk: Desk, clock: Clock) -> None:
    """A minute before and after midnight there, which is in the afternoon of Greenwich."""
    midnight = datetime(2026, 11, 18, 16, tzinfo=UTC)
    record(ledger, [desk.decision(midnight + timedelta(microseconds=by), "eligible") for by in (-1, 0)])
    counts = Tally().counts(ledger, date(2026, 11, 1), False, anywhere)
    assert sorted({day for day, _, _ in counts.found}) == [date(2026, 11, 18), date(2026, 11, 19)]
    assert Tally().counts(ledger, date(2026, 11, 19), False, anywhere).found.keys() == {
        key for key in counts.found if key[0] == date(2026, 11, 19)
    }


def test_older_days_are_counted_as_there_is_time(
    ledger: Store, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day each time here; what is told is whole, and says from which day on."""
    desk.record(60, NOON - timedelta(days=6), NOON)
    ticking = iter(range(10_000))
    monkeypatch.setattr(counting.time, "monotonic", lambda: next(ticking))
    monkeypatch.setattr(counting, "BUDGET", 1.5)
    tally, since, reached = Tally(), date(2026, 11, 14), list[date]()
    while not reached or reached[-1] > since:
        counts = tally.counts(ledger, since, False, anywhere)
        reached.append(counts.since)
        assert dict(counts.found) == naive(ledger, counts.since, False, False)
    assert len(reached) > 3
    assert reached == sorted(set(reached), reverse=True)


def test_a_clock_that_ran_ahead_spoils_nothing(ledger: Store, desk: Desk, clock: Clock) -> None:
    """What was counted for good by a wrong clock is counted again once it is right."""
    desk.record(20, NOON - timedelta(days=2), NOON - timedelta(hours=3))
    tally, since = Tally(), (NOON - timedelta(days=5)).date()
    clock.now = NOON + timedelta(days=300)
    same(tally, ledger, since)
    clock.now = NOON
    desk.record(20, NOON - timedelta(hours=2), NOON)
    same(tally, ledger, since)


def test_a_spoilt_core_is_no_reason_to_count_nothing(ledger: Store, desk: Desk, clock: Clock) -> None:
    """On SQLite it counts as of no place; that it was spoilt is the audit's to say."""
    if not ledger.is_sqlite:
        pytest.skip("there the server says that it is no JSON")
    record(ledger, [desk.decision(NOON, "eligible")])
    with ledger.writing() as connection:
        connection.exec_driver_sql("UPDATE leaf SET core = 'no JSON'")
    assert sum(Tally().counts(ledger, NOON.date(), False, anywhere).found.values()) == 1


def lines_of(held: Waiting, ledger: Store, limited: bool) -> Sequence[str]:
    """The ids that wait, as they are held; the same as a search over the whole ledger finds."""
    reaches = here if limited else anywhere
    queue, page = held.queue(ledger, reaches), open_reviews(ledger, reaches, 500, None)
    assert [one.id for one in queue.lines] == [one.id for one in page.lines]
    assert [(one.scenario, one.place) for one in queue.lines] == [
        (one.scenario, one.jurisdiction) for one in page.lines
    ]
    assert [one.recorded_at for one in queue.lines] == [one.recorded_at for one in page.lines]
    return [one.id for one in queue.lines]


def test_what_waits_is_what_a_search_finds(ledger: Store, desk: Desk, clock: Clock) -> None:
    """Decisions come in and are determined, sometimes at once and sometimes after days; asked now and then."""
    held, now = Waiting(), NOON - timedelta(days=30)
    clock.now = now
    assert lines_of(held, ledger, False) == []
    for _ in range(120):
        now += timedelta(seconds=desk.chance.choice((1, 60, 4_000, 90_000)))
        clock.now = now
        with ledger.reading() as connection:
            query = (
                "SELECT id FROM leaf l WHERE verdict = 'review' AND NOT EXISTS (SELECT 1 FROM leaf d WHERE d.of = l.id)"
            )
            waits = sorted(row.id for row in ask(connection, query))
        if waits and desk.chance.random() < 0.25:
            record(ledger, [desk.determination(desk.chance.choice(waits), now)])
        else:
            record(ledger, [desk.decision(now, desk.chance.choice(("review", "review", "eligible")))])
        if desk.chance.random() < 0.5:
            lines_of(held, ledger, desk.chance.random() < 0.5)
    assert len(lines_of(held, ledger, False)) > 3


def test_more_than_can_be_held(ledger: Store, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest are held and it is said that there are more; those gone, the next ones are found."""
    monkeypatch.setattr(waiting, "MOST", 6)
    every = [desk.decision(NOON - timedelta(days=2, minutes=-number), "review") for number in range(10)]
    record(ledger, every)
    held = Waiting()
    queue = held.queue(ledger, anywhere)
    assert ([one.id for one in queue.lines], queue.more) == ([one.id for one in every[:6]], True)
    for number, more in ((0, True), (1, True), (2, True), (3, False)):
        clock.now += timedelta(minutes=1)
        record(ledger, [desk.determination(every[number].id, clock.now), desk.decision(clock.now, "eligible")])
        queue = held.queue(ledger, anywhere)
        last = 6 if more else 10  # too few were left: the next ones were found, and there are no more
        assert ([one.id for one in queue.lines], queue.more) == ([one.id for one in every[number + 1 : last]], more)
    clock.now += timedelta(minutes=1)
    record(ledger, [desk.determination(every[4].id, clock.now)])
    queue = held.queue(ledger, anywhere)
    assert ([one.id for one in queue.lines], queue.lines[0].days(queue.at)) == ([one.id for one in every[5:]], 2)
