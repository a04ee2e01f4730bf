"""Objections and repairs against their deadlines, counted by hand from the same days; nothing is claimed unknown."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from engine.identity import synthetic_code
from engine.registry.chain import latest
from engine.registry.reading import rows_seen
from engine.registry.store import Store
from engine.registry.timeliness import Outcome, Timely, last_days, timeliness
from engine.registry.workdays import Calendar
from engine.services.rulebooks import rulebook_of
from engine.vocabulary import Vocabulary
from tests.registry.arriving import NOW, bring, happen, row

LATER = NOW + timedelta(days=700)
SHANGHAI, TODAY, SINCE = "310000", date(2025, 9, 1), date(2024, 9, 1)
FIRST = date(2025, 7, 1)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """The library's words, with its deadlines."""
    return rulebook_of().vocabulary


def entries_of(store: Store, count: int, list_code: str = "judgment-defaulters") -> list[str]:
    """So many entries on a list."""
    bring(store, [row(synthetic_code(n), f"{n}号", line=n + 2) for n in range(count)], list_code)
    with store.reading() as connection:
        return [one.number for one in rows_seen(connection, "entry", "t.number", 1, "1 = 1")]


def told(store: Store, vocabulary: Vocabulary, place: str | None = SHANGHAI, since: date = SINCE) -> dict[str, Timely]:
    """As it stands in the newest version."""
    with store.reading() as connection:
        version = latest(connection).number
        return timeliness(connection, version, last_days(vocabulary, place), since, TODAY)


def workdays(vocabulary: Vocabulary, day: date, count: int) -> date:
    """So many days on which somebody works later, one by one."""
    calendar = Calendar.of(vocabulary)
    while count:
        day += timedelta(days=1)
        count -= calendar.is_workday(day)
    return day


def test_each_comes_to_the_outcome_that_its_days_give(store: Store, vocabulary: Vocabulary) -> None:
    """Five working days for an objection in Shanghai; for a repair two to accept it and fifteen to decide."""
    chance, expected = Random(2), {"objection": Counter[Outcome](), "repair": Counter[Outcome]()}
    ways = (("objection", "object", ("settle",), (5,)), ("repair", "apply", ("repair", "refuse"), (2, 15)))
    for entry in entries_of(store, 14, "abnormal-operation"):
        procedure, begin, ends, counts = chance.choice(ways)
        received = FIRST + timedelta(days=chance.randrange(60))
        last = received
        for count in counts:
            last = workdays(vocabulary, last, count)
        happen(store, entry, begin, received.isoformat(), LATER)
        if chance.random() < 0.6:
            ended = last + timedelta(days=chance.choice((-1, 0, 0, 1)))
            happen(store, entry, chance.choice(ends), ended.isoformat(), LATER)
            expected[procedure][Outcome.MET if ended <= last else Outcome.MISSED] += 1
        else:
            expected[procedure][Outcome.PENDING if last >= TODAY else Outcome.OVERDUE] += 1
    found = told(store, vocabulary)
    assert {procedure: one.outcomes for procedure, one in found.items()} == {
        procedure: dict(one) for procedure, one in expected.items()
    }
    assert len({outcome for one in expected.values() for outcome in one}) >= 3
    assert found["objection"].unsure == found["repair"].unsure == 0


def test_what_was_remembered_and_not_read_is_told_apart(store: Store, vocabulary: Vocabulary) -> None:
    """The seven working days of the national plan were not legible in the copies read."""
    (entry,) = entries_of(store, 1)
    happen(store, entry, "apply", "2025-07-01", LATER)
    assert told(store, vocabulary)["repair"] == Timely({Outcome.OVERDUE: 1}, 1)


def test_what_cannot_be_known_is_not_claimed(store: Store, vocabulary: Vocabulary) -> None:
    """Without a place's rule, or in a year whose working days nobody published."""
    first, second = entries_of(store, 2)
    happen(store, first, "object", "2025-07-01", LATER)
    assert told(store, vocabulary)["objection"].outcomes == {Outcome.OVERDUE: 1}
    tianjin = told(store, vocabulary, "120000")
    with store.reading() as connection:
        nowhere = timeliness(connection, 2, lambda kind, list_code, received: None, SINCE, TODAY)
    assert nowhere["objection"].outcomes == {Outcome.UNKNOWN: 1}
    assert tianjin["objection"].outcomes == {Outcome.OVERDUE: 1}, "the courts' own fifteen days hold everywhere"
    happen(store, second, "object", "1999-07-01", LATER)
    assert told(store, vocabulary)["objection"].outcomes == {Outcome.OVERDUE: 1, Outcome.UNKNOWN: 1}


def test_one_ends_what_was_begun_last_and_old_endings_are_left_out(store: Store, vocabulary: Vocabulary) -> None:
    """Begun, settled, begun again: two; begun twice before it was settled: one, from the second."""
    first, second = entries_of(store, 2)
    for verb, day in (("object", "2025-07-01"), ("settle", "2025-07-02"), ("object", "2025-08-29")):
        happen(store, first, verb, day, LATER)
    for verb, day in (("object", "2025-07-01"), ("object", "2025-07-20"), ("settle", "2025-07-22")):
        happen(store, second, verb, day, LATER)
    assert told(store, vocabulary)["objection"].outcomes == {Outcome.MET: 2, Outcome.PENDING: 1}
    later = told(store, vocabulary, since=date(2025, 7, 3))
    assert later["objection"].outcomes == {Outcome.MET: 1, Outcome.PENDING: 1}
