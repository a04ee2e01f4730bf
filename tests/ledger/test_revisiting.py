"""After corrections: every decision whose answer turned and no other, and each time what turned it."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import read_when, whole_day
from engine.decide import decide
from engine.errors import RefusedInput
from engine.identity import synthetic_code
from engine.ledger.envelope import Caller
from engine.registry.chain import latest
from engine.registry.changes import Head
from engine.registry.events import VERBS
from engine.registry.importing import Wanted, import_rows
from engine.registry.reading import register_of, rows_seen
from engine.registry.rows import Incoming
from engine.registry.ties import Named, Tie, record_relations, record_subjects
from engine.services import replaying
from engine.services.books import Books, open_books, open_ledger
from engine.services.deciding import record_decision
from engine.services.determining import erase
from engine.services.registering import happened
from engine.services.registering import record as record_event
from engine.services.revisiting import answer_of, revisits
from engine.services.sampling import TODAY
from tests.ledger.desk import asked, at_home, law
from tests.ledger.generated import Written, write_ledger

FIRMS, DECISIONS = 30, 80
DAY = TODAY.isoformat()
TIES = ("branch-of", "controller-of", "legal-representative-of", "shareholder-of", "director-of")
DAYS = ("2026-06-01", "2026-10-10", DAY)
Home = tuple[Path, list[Written]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Decisions on a small sample, so that most corrections concern some."""
    folder = tmp_path_factory.mktemp("revisited")
    return folder, write_ledger(folder, DECISIONS, FIRMS, spread=40)


@pytest.fixture
def home(made: Home, tmp_path: Path) -> Home:
    """A copy of it."""
    return shutil.copytree(made[0], tmp_path / "home"), made[1]


def head(kind: str) -> Head:
    """Of a test's change."""
    return Head(kind, "tests", datetime.now(UTC))


def an_event(books: Books, draw: Random) -> None:
    """Something happens to an entry; what cannot follow what happened is refused, and nothing is learned."""
    with books.registry.reading() as connection:
        entries = rows_seen(connection, "entry", "t.number", latest(connection).number, "1 = 1")
    verb = draw.choice(sorted(VERBS))
    try:
        record_event(books, happened(draw.choice(entries).number, verb, draw.choice(DAYS), "测1号", "更正"), "tests")
    except RefusedInput:
        an_event(books, draw)


def an_entry(books: Books, draw: Random, by_name: bool = False) -> None:
    """A list comes late with one more firm, or with the name of one and no code."""
    number, record = draw.randrange(FIRMS), draw.choice([*law().vocabulary.lists.values()])
    name = f"合成样本{number:06d}号（测试）有限公司"
    dates = {"listed": "2026-10-01", "decided": "2026-09-30"}
    row = Incoming(2, name, "" if by_name else synthetic_code(number), (), "", "", dates, {}, "测迟1号", "合成单位")
    wanted = Wanted(record.code, read_when(f"{DAY}T07:00+08:00"))
    import_rows(books.registry, [row], wanted, head("import"), books.persons.digest)


def a_relation(books: Books, draw: Random) -> None:
    """Two firms, one of them asked about perhaps."""
    near, far = (synthetic_code(number) for number in draw.sample(range(FIRMS), 2))
    tie = Tie(draw.choice(TIES), near, far, "2018-01-01")
    record_relations(books.registry, [tie], whole_day(TODAY), head("relation"))


def a_code(books: Books, draw: Random) -> None:
    """One firm was another."""
    one, other = (synthetic_code(number) for number in draw.sample(range(FIRMS), 2))
    record_subjects(books.registry, [Named(one, code=other, scheme="former")], head("subject"))


CORRECTIONS: tuple[Callable[[Books, Random], None], ...] = (
    an_event, an_event, an_event, an_entry, partial(an_entry, by_name=True), a_relation, a_code,
)  # fmt: skip


def answers(one: Written, books: Books) -> list[dict[str, object]]:
    """The answer at every version from the decision's to the newest, by deciding again each time."""
    book, found = law().rulebook(), []
    with books.registry.reading() as known:
        for version in range(one.version, latest(known).number + 1):
            register = register_of(known, [party.subject for party in one.inquiry.parties], version, book.vocabulary)
            found.append(answer_of(dict(decide(one.inquiry, register, book).data)))
    return found


def wanted(written: list[Written], books: Books, since: int) -> dict[str, tuple[object, object, list[int]]]:
    """By looking at every version: the answers then and now where they differ, and the versions at which they turned.

    Of decisions that no version after `since` turned nothing is wanted, whatever happened before it.
    """
    found = {}
    for one in written:
        told = answers(one, books)
        turned = [one.version + step for step in range(1, len(told)) if told[step] != told[step - 1]]
        if told[0] != told[-1] and any(version > since for version in turned):
            found[one.id] = told[0], told[-1], turned
    return found


@given(seed=st.integers(0, 10**6), count=st.integers(1, 5), later=st.booleans())
@settings(max_examples=2)
def test_it_finds_what_looking_at_everything_finds(
    made: Home, tmp_path_factory: pytest.TempPathFactory, seed: int, count: int, later: bool
) -> None:
    """Random corrections: the same decisions, the same answers, and the same versions that turned them."""
    finds_all(made, tmp_path_factory.mktemp("corrected") / "home", seed, count, later)


@pytest.mark.slow
def test_it_finds_them_after_many_corrections(made: Home, tmp_path: Path) -> None:
    """The same, twenty times, with up to twenty corrections each."""
    for seed in range(20):
        finds_all(made, tmp_path / str(seed), seed, seed + 1, bool(seed % 2))


def finds_all(made: Home, folder: Path, seed: int, count: int, later: bool) -> None:
    """Corrects a copy of the ledger so many times and looks at everything."""
    draw = Random(seed)
    shutil.copytree(made[0], folder)
    with at_home(folder):
        books = open_books()
        with books.registry.reading() as connection:
            since = latest(connection).number if later else 0
        for _ in range(count):
            draw.choice(CORRECTIONS)(books, draw)
        looked = []
        found = {one.id: one for one in revisits(since, lambda: looked.append(1))}
        expected = wanted(made[1], books, since)
        everything = wanted(made[1], books, 0)
    assert len(looked) == len(made[1])
    assert expected.keys() <= found.keys() <= everything.keys()
    for one in found.values():
        then, now, turned = everything[one.id]
        assert (one.then, one.now) == (then, now)
        assert one.differs
        assert sorted({cause.version for cause in one.causes}) == turned
        assert all(cause.recorded_at and cause.what for cause in one.causes)


def test_each_kind_of_cause_is_named(home: Home) -> None:
    """An event, a late entry, a relation and a code: each with its day and document, as far as it has them."""
    folder, _ = home
    named = set()
    with at_home(folder):
        books, draw = open_books(), Random(3)
        for _ in range(40):
            draw.choice(CORRECTIONS)(books, draw)
        for one in revisits(0):
            for cause in one.causes:
                named.add(cause.what)
                assert cause.change
                if cause.what == "event":
                    assert (cause.kind in {*VERBS.values(), "absent"}, bool(cause.entry), bool(cause.of)) == (True,) * 3
                    assert cause.day
                if cause.what == "entry":
                    assert cause.list in law().vocabulary.lists
                    assert cause.entry
                    assert cause.document
                if cause.what == "relation":
                    assert len(cause.of.split()) == 2
    assert {"event", "entry", "code"} <= named


def test_a_tie_and_the_entry_of_a_related_firm_are_named(tmp_path: Path) -> None:
    """A clean firm is asked about, then tied to a listed one, which is named; then the other's entries are annulled."""
    clean, listed = synthetic_code(7), synthetic_code(8)
    with at_home(tmp_path / "home"):
        books = open_books()
        name, dates = "合成甲（测试）有限公司", {"listed": "2026-10-01"}
        for record in law().vocabulary.lists.values():
            row = Incoming(2, name, listed, (), "", "", dates, {}, "测1号", "合成单位")
            wanted = Wanted(record.code, read_when(f"{DAY}T07:00+08:00"))
            import_rows(books.registry, [row], wanted, head("import"), books.persons.digest)
        ids = [
            record_decision(open_ledger(), asked(7, scenario), Caller("tests")).id
            for scenario in ("procurement", "bidding", "subsidy", "permit")
        ]
        with books.registry.reading() as connection:
            asked_at = latest(connection).number
        ties = [Tie(kind, near, far, "2018-01-01") for near, far in ((clean, listed), (listed, clean)) for kind in TIES]
        record_relations(books.registry, ties, whole_day(TODAY), head("relation"))
        tied = {one.id: one for one in revisits(asked_at)}
        assert tied.keys() & {*ids}
        assert {cause.what for one in tied.values() for cause in one.causes} >= {"relation"}
        assert all({clean, listed} >= {*cause.of.split()} for one in tied.values() for cause in one.causes)
        with books.registry.reading() as connection:
            tied_at = latest(connection).number
            numbers = [row.number for row in rows_seen(connection, "entry", "t.number", tied_at, "1 = 1")]
        for number in numbers:
            record_event(books, happened(number, "annul", "2026-10-10", "测撤1号", "撤销"), "tests")
        assert not {one.id for one in revisits(asked_at)} & {*ids}, "the ties lead to nothing any more"


def test_an_erased_party_is_passed_over(home: Home) -> None:
    """It cannot be asked about any more."""
    folder, _ = home
    with at_home(folder):
        books, draw = open_books(), Random(5)
        for _ in range(25):
            an_event(books, draw)
        found = {one.id for one in revisits(0)}
        assert found
        with replaying.open_ledger().store.reading() as connection:
            rows = replaying.openings_among(connection, sorted(found))
        subject = next(one.value["subject"] for opened in rows.values() for one in opened)
        erase(subject, "依申请", "tests")
        assert {one.id for one in revisits(0)} < found


def test_an_engine_that_judges_otherwise_is_said_to(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the answer differs on the very version it was given on, nothing that was learned is to blame for that."""
    from engine.decision import Verdict
    from engine.resolution import resolve

    folder, _ = home
    monkeypatch.setattr(resolve, "weight", lambda finding: Verdict.ELIGIBLE)
    with at_home(folder):
        books, draw = open_books(), Random(7)
        for _ in range(25):
            an_event(books, draw)
        assert "engine" in {cause.what for one in revisits(0) for cause in one.causes}
