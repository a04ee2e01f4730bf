"""A registry of invented subjects, the same for the same seed and time: for the demo, tests, benches and training."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from engine.calendar import SHANGHAI, instant, whole_day
from engine.identity import synthetic_code
from engine.registry.chain import latest
from engine.registry.changes import Draft, Head
from engine.registry.importing import Wanted, import_rows
from engine.registry.keeping import must_be_empty
from engine.registry.reading import rows_seen
from engine.registry.rows import Incoming
from engine.registry.tables import EventRow
from engine.registry.ties import Named, Tie, record_relations, record_subjects
from engine.services.books import Books
from engine.vocabulary import Colour, FactRecord, FactType, ListRecord, Vocabulary

# The sample's own present, if no other is wanted: entries lie in the years before it, and all lists have just arrived.
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 6, tzinfo=SHANGHAI)
WHO = "sample"
_KINDS = ("branch-of", "legal-representative-of", "controller-of", "shareholder-of")
# Of a hundred entries so many have the event.
_EVENTS = (("repaired", 8), ("disputed", 4), ("suspended", 2), ("annulled", 2), ("removed", 4))


@dataclass(frozen=True, slots=True)
class Sampled:
    """What was written."""

    subjects: int
    entries: int
    events: int
    relations: int
    version: int


def sample(books: Books, vocabulary: Vocabulary, size: int, seed: int = 1, now: datetime = NOW) -> Sampled:
    """Fill the registry with `size` subjects over all lists as they are `now`, with names, relations and events.

    RefusedInput if it holds anything: invented subjects never stand beside real ones.
    """
    with books.registry.reading() as connection:
        must_be_empty(connection)
    chance, now = Random(seed), now.astimezone(SHANGHAI)
    subjects = [synthetic_code(number) for number in range(size)]
    named = [Named(code, f"合成样本{n:06d}号（测试）有限公司", since="2015-01-01") for n, code in enumerate(subjects)]
    record_subjects(books.registry, named, _head("subject"))
    entries = sum(_import(books, vocabulary, record, subjects, now, chance) for record in vocabulary.lists.values())
    relations = _relations(books, subjects, now.date(), chance)
    events, version = _events(books, now.date(), chance)
    return Sampled(size, entries, events, relations, version)


def _head(kind: str, list_code: str = "") -> Head:
    return Head(kind, WHO, datetime.now(UTC), "synthetic sample", list_code)


def _import(
    books: Books, vocabulary: Vocabulary, record: ListRecord, subjects: list[str], now: datetime, chance: Random
) -> int:
    """One list: between one subject in a hundred and one in twenty stands on it."""
    share = 0.05 if record.colour is Colour.RECORD else 0.03 if record.colour is Colour.RED else 0.012
    listed = chance.sample(subjects, max(1, int(len(subjects) * share)))
    rows = [_row(number, code, record, vocabulary, now.date(), chance) for number, code in enumerate(listed, 2)]
    report = import_rows(
        books.registry, rows, Wanted(record.code, instant(now), snapshot=True), _head("import", record.code),
        books.persons.digest,
    )  # fmt: skip
    return report.new


def _row(number: int, code: str, record: ListRecord, vocabulary: Vocabulary, today: date, chance: Random) -> Incoming:
    listed = today - timedelta(days=chance.randrange(1, 4 * 365))
    facts, dates = dict[str, int | str | bool](), {"listed": listed.isoformat()}
    for name in sorted(record.required | record.optional):
        fact = vocabulary.facts[name]
        if name in ("listed", "ended") or fact.derived or (name in record.optional and chance.random() < 0.5):
            continue
        if name in ("decided", "published", "expires", "ban_from", "ban_until"):
            dates[name] = _day(name, listed, chance).isoformat()
        else:
            facts[name] = _value(fact, listed, chance)
    return Incoming(
        number, f"合成样本{int(code[8:16]):06d}号（测试）有限公司", code, (), "", "", dates, facts,
        f"测{listed.year}第{number}号", "合成单位",
    )  # fmt: skip


def _day(name: str, listed: date, chance: Random) -> date:
    after = {"decided": -30, "published": 3, "expires": 730, "ban_from": 0, "ban_until": 365 * chance.randint(1, 3)}
    return listed + timedelta(days=after[name])


def _value(fact: FactRecord, listed: date, chance: Random) -> int | str | bool:
    if fact.type is FactType.MONEY:
        return chance.choice((5_000_00, 300_000_00, 2_000_000_00, 8_000_000_00))
    if fact.type is FactType.COUNT:
        return chance.randrange(1, 6)
    if fact.type is FactType.FLAG:
        return chance.random() < 0.3
    if fact.type is FactType.DATE:
        return listed.isoformat()
    return chance.choice(sorted(fact.values)) if fact.values else chance.choice(("1", "2", "3"))


def _relations(books: Books, subjects: list[str], today: date, chance: Random) -> int:
    pairs = [chance.sample(subjects, 2) for _ in range(len(subjects) // 10)] if len(subjects) > 1 else []
    ties = [Tie(chance.choice(_KINDS), near, far, "2018-01-01") for near, far in pairs]
    if ties:
        record_relations(books.registry, ties, whole_day(today), _head("relation"))
    return len(ties)


def _events(books: Books, today: date, chance: Random) -> tuple[int, int]:
    """What happened to some entries, in one change."""
    with books.registry.writing() as connection:
        version = latest(connection).number
        entries = rows_seen(connection, "entry", "t.number, t.dates", version, "1 = 1", order="t.number")
        rows = [row for entry in entries for row in _of(entry.number, json.loads(entry.dates)["listed"], today, chance)]
        draft = Draft(books.registry, connection, _head("event"))
        draft.add(connection, EventRow, rows)
        return len(rows), draft.publish(connection, {"new": len(rows)}).number


def _of(number: str, listed: str, today: date, chance: Random) -> Iterator[tuple[str, str, str, str, str]]:
    drawn, most = chance.randrange(100), 0
    for kind, share in _EVENTS:
        most += share
        if drawn < most:
            age = max(1, (today - date.fromisoformat(listed)).days)
            day = date.fromisoformat(listed) + timedelta(days=chance.randrange(1, age + 1))
            yield number, kind, min(day, today).isoformat(), f"测处{drawn}号", "synthetic"
            return
