"""A list into the registry: counted, whole or not at all, ended by absence with care, nobody refused by name."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.calendar import between, read_day, read_when
from engine.decide import decide
from engine.errors import MemorandaError, RefusedInput, refused_input
from engine.identity import synthetic_code
from engine.inquiry import UNKNOWN
from engine.registry import importing
from engine.registry.chain import BOOKS, CHANGES, table_of
from engine.registry.importing import Report, Row
from engine.registry.persons import PersonKeys
from engine.registry.rows import Incoming
from engine.registry.store import Store
from engine.registry.ties import Named, record_subjects
from engine.services.books import Books
from engine.services.registering import FileToImport, import_file
from tests.builders import VOCABULARY, A, B, C, inquiry, measure, rulebook
from tests.registry.arriving import (
    bring,
    broken,
    digested,
    faulty,
    happen,
    head,
    known,
    many,
    newest,
    only_entry,
    row,
    rows_kept,
)
from tests.registry.test_persons import NUMBER, fixed

NAME = "钟祥甲乙建设有限公司"
OLD = "420881000000013"
REGISTERED = ("registration-number", OLD)


def counts(report: Report) -> tuple[int, ...]:
    """New, changed, ended, unchanged, refused."""
    return report.new, report.changed, report.ended, report.unchanged, report.refused


# -- what came of it


def test_rows_are_new_changed_or_as_they_were(store: Store) -> None:
    """And the version keeps the figures."""
    assert counts(bring(store, [row(A), row(B), row(C)])) == (3, 0, 0, 0, 0)
    report = bring(store, [row(A), row(B, amount=5), row(synthetic_code(9))])
    assert counts(report) == (1, 1, 0, 1, 0)
    with store.reading() as connection:
        kept = connection.execute(text('SELECT counts FROM "change" WHERE version = 2')).scalar_one()
    assert json.loads(kept) == report.counts()
    assert only_entry(store, B, version=1).facts == {}
    assert only_entry(store, B, version=2).facts == {"amount": 5}


def test_the_same_file_again_changes_nothing_and_is_an_arrival(store: Store) -> None:
    """A quiet list is not a stale one."""
    bring(store, [row(A)], at="2024-06-03T08:00+08:00")
    before = rows_kept(store)
    assert counts(bring(store, [row(A)], at="2024-06-10T08:00+08:00")) == (0, 0, 0, 1, 0)
    assert rows_kept(store) == before | {"change": 2, "arrival": 2}
    assert known(store).arrivals == {"black": (read_when("2024-06-10T08:00+08:00"),)}
    assert known(store, version=1).arrivals == {"black": (read_when("2024-06-03T08:00+08:00"),)}


def test_what_nobody_knows_is_kept_as_such(store: Store) -> None:
    """Not as silence."""
    bring(store, [row(A, unknown=("ground",))])
    assert only_entry(store).facts == {"ground": UNKNOWN}


def test_an_earlier_file_of_additions_is_taken_and_the_list_stays_as_fresh(store: Store) -> None:
    """A backlog may come in any order."""
    bring(store, [row(A)], at="2024-06-10T08:00+08:00")
    bring(store, [row(B)], at="2024-03-01T08:00+08:00")
    assert known(store, B).arrivals == {"black": (read_when("2024-06-10T08:00+08:00"),)}


# -- whole or not at all


@pytest.mark.parametrize("chunk", [2, 10_000])
def test_a_wrong_row_and_no_row_is_left_behind(store: Store, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even in tables that nobody reads; every fault is told, and as many kept as a report can show."""
    monkeypatch.setattr(importing, "CHUNK", chunk)
    monkeypatch.setattr(importing, "EXAMPLES", 2)
    rows: list[Row] = [*many(5, name=NAME), row("", name=NAME), *[faulty(line) for line in range(8, 12)]]
    told: list[int] = []
    wanted = importing.Wanted("black", read_when("2024-06-10"))
    report = importing.import_rows(store, rows, wanted, head(), digested, lambda fault: told.append(fault.row))
    assert (report.refusal, report.version, report.refused) == ("rows", 0, 4)
    assert told == [8, 9, 10, 11]
    assert len(report.faults) == 2
    assert rows_kept(store) == {}


def test_good_rows_are_taken_where_that_is_wanted(store: Store) -> None:
    """Unless there is none."""
    assert counts(bring(store, [row(A), faulty(), row(B)], partial=True)) == (2, 0, 0, 0, 1)
    assert bring(store, [faulty()], "red", partial=True).refusal == "empty"
    assert bring(store, [], "red").refusal == "empty"
    assert newest(store) == 1


def test_a_trial_tells_what_would_come_of_it_and_leaves_nothing(store: Store) -> None:
    """The same figures as the import itself."""
    bring(store, many(20))
    before = rows_kept(store)
    rows = [*many(19, amount=1), row(A, "another"), row("", name=NAME)]
    trial = bring(store, rows, snapshot=True, dry_run=True)
    assert (trial.version, rows_kept(store)) == (0, before)
    real = bring(store, rows, snapshot=True)
    assert (counts(trial), trial.by_name) == (counts(real), real.by_name) == ((2, 19, 1, 0, 0), 1)


@pytest.mark.parametrize("why", [RefusedInput, KeyboardInterrupt, OSError])
def test_a_file_that_breaks_off_leaves_nothing(
    store: Store, why: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stops it, after chunks were written."""
    monkeypatch.setattr(importing, "CHUNK", 2)

    def broken_off() -> Iterator[Row]:
        yield from many(5)
        raise refused_input("R307", "一", "one") if why is RefusedInput else why()

    with pytest.raises(why):
        bring(store, broken_off())
    assert rows_kept(store) == {}
    assert counts(bring(store, many(5))) == (5, 0, 0, 0, 0)


def test_an_entry_stands_once_in_a_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the first of the two is as it was, and the second lies in another chunk: the first is taken."""
    monkeypatch.setattr(importing, "CHUNK", 2)
    bring(store, many(3))
    rows = [*many(3), row(synthetic_code(0), "0号", line=5, amount=7)]
    report = bring(store, rows)
    assert (report.refusal, [(fault.row, fault.code) for fault in report.faults]) == ("rows", [(5, "R601")])
    assert counts(bring(store, rows, partial=True)) == (0, 0, 0, 3, 1)
    assert only_entry(store, synthetic_code(0)).facts == {}


def test_another_import_of_the_list_meanwhile_is_noticed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read of the list before may be wrong then: nothing is taken, and nothing left behind."""
    monkeypatch.setattr(importing, "CHUNK", 2)
    bring(store, many(4))
    before = rows_kept(store)

    def meanwhile() -> Iterator[Row]:
        yield from many(2, amount=1)
        yield from many(4, amount=1)[2:]
        if newest(store) == 1:
            bring(store, many(4, amount=2))

    assert bring(store, meanwhile()).refusal == "changed-meanwhile"
    assert rows_kept(store) == before | {"change": 2, "arrival": 2, "entry": 8, "closing": 4}
    assert broken(store) == []
    assert counts(bring(store, meanwhile())) == (0, 4, 0, 0, 0)


def test_other_writes_meanwhile_do_no_harm(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another list's import, an event, a source: this import is published after them."""
    monkeypatch.setattr(importing, "CHUNK", 2)
    bring(store, many(2))
    number = only_entry(store, synthetic_code(0)).number

    def meanwhile() -> Iterator[Row]:
        yield from many(3)
        bring(store, [row(A)], "red")
        happen(store, number, "object")

    assert bring(store, meanwhile()).version == 4
    assert [event.kind for entry in known(store, A).entries for event in entry.events] == ["disputed"]


# -- snapshots


def test_what_a_snapshot_no_longer_has_ended_between_two_days(store: Store) -> None:
    """Somewhere from the day of the last data to that of these; before this version nobody knew."""
    bring(store, many(20), at="2024-06-03T08:00+08:00")
    assert counts(bring(store, many(19), at="2024-06-10", snapshot=True)) == (0, 0, 1, 19, 0)
    (event,) = only_entry(store, synthetic_code(19)).events
    assert (event.kind, event.when) == ("absent", between(read_day("2024-06-03"), read_day("2024-06-10")))
    assert only_entry(store, synthetic_code(19), version=1).events == ()
    assert counts(bring(store, many(19), at="2024-06-17", snapshot=True)) == (0, 0, 0, 19, 0)


def test_a_snapshot_in_which_more_than_one_in_twenty_is_gone_is_refused(store: Store) -> None:
    """Five of a hundred pass; six are refused, unless so many are accepted."""
    bring(store, many(100))
    before = rows_kept(store)
    for accepted in (0, 5):
        report = bring(store, many(94), snapshot=True, accept_endings=accepted)
        assert (report.refusal, report.current, report.would_end, report.version) == ("endings", 100, 6, 0)
        assert rows_kept(store) == before
    assert bring(store, many(94), snapshot=True, accept_endings=6, dry_run=True).ended == 6
    assert bring(store, many(95), snapshot=True).ended == 5


def test_what_a_decision_ended_does_not_end_again(store: Store) -> None:
    """Repaired, removed and annulled entries leave the list as they should; nobody has to accept that."""
    bring(store, many(4))
    for firm, verb in enumerate(("repair", "remove", "annul")):
        happen(store, only_entry(store, synthetic_code(firm)).number, verb)
    report = bring(store, many(4)[3:], snapshot=True)
    assert (report.refusal, report.current, report.ended) == ("", 1, 0)
    assert [event.kind for event in only_entry(store, synthetic_code(0)).events] == ["repaired"]


@pytest.mark.parametrize("amount", [None, 7])
def test_an_entry_that_is_back_never_was_absent(store: Store, amount: int | None) -> None:
    """Whether it is back as it was or changed, it counts as changed once."""
    bring(store, many(20), at="2024-06-03")
    bring(store, many(19), at="2024-06-10", snapshot=True)
    last = row(synthetic_code(19), "19号") if amount is None else row(synthetic_code(19), "19号", amount=amount)
    report = bring(store, [*many(19), last], at="2024-06-17", snapshot=True)
    assert (counts(report), report.current, report.would_end) == ((0, 1, 0, 19, 0), 20, 0)
    assert only_entry(store, synthetic_code(19)).events == ()
    assert [event.kind for event in only_entry(store, synthetic_code(19), version=2).events] == ["absent"]
    assert bring(store, many(19), at="2024-06-24", snapshot=True).ended == 1


def test_a_snapshot_older_than_the_list_ends_nothing(store: Store) -> None:
    """It cannot have what was listed since, and is refused; one of the same day is not older."""
    bring(store, many(100), at="2024-06-10T08:00+08:00")
    report = bring(store, many(99), at="2024-06-09", snapshot=True)
    assert (report.refusal, report.version) == ("older", 0)
    assert bring(store, many(99), at="2024-06-10", snapshot=True).ended == 1


def test_a_list_that_another_process_is_bringing_is_not_ended_twice(store: Store) -> None:
    """What an unpublished import closes still counts for everybody else."""
    bring(store, many(20), at="2024-06-03")
    bring(store, many(19), at="2024-06-10", snapshot=True)

    def meanwhile() -> Iterator[Row]:
        yield from many(20)
        assert bring(store, many(19), at="2024-06-17", snapshot=True).ended == 0

    assert bring(store, meanwhile(), at="2024-06-17", snapshot=True).refusal == "changed-meanwhile"
    assert [event.kind for event in only_entry(store, synthetic_code(19)).events] == ["absent"]


# -- who is meant


@pytest.mark.parametrize(
    ("listed", "verdict"),
    [
        (row(A, name=NAME), "ineligible"),
        (row("", name=NAME), "review"),
        (row("", name="鍾祥（甲乙）建設有限責任公司"), "review"),
        (row("", name="戊己运输有限公司"), "eligible"),
    ],
    ids=["code", "name", "written otherwise", "another"],
)
def test_a_name_alone_refuses_nobody(store: Store, listed: Incoming, verdict: str) -> None:
    """By its code the firm may not take part; by a name like its own a person must look, whichever list is asked."""
    record_subjects(store, [Named(A, NAME)], head("subject"))
    report = bring(store, [listed])
    assert report.by_name == (not listed.code)
    assert decide(inquiry(), known(store), rulebook(measure("一"))).data["verdict"] == verdict
    assert len(known(store).candidates) == (verdict == "review")
    assert known(store, B).candidates == known(store, version=1).candidates == ()


def test_an_entry_by_name_does_not_end_with_another_import(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The short keys by which it is found are its own version's: an import taken back takes its own with it."""
    record_subjects(store, [Named(A, NAME)], head("subject"))

    def refused() -> Iterator[Row]:
        yield row("", name=NAME)
        yield row(B)
        bring(store, [row("", name=NAME)])
        yield faulty()

    monkeypatch.setattr(importing, "CHUNK", 2)
    assert bring(store, refused(), "red").refusal == "rows"
    assert [candidate.list for candidate in known(store).candidates] == ["black"]


def test_another_code_of_a_row_is_kept_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries under the old code are the firm's then; also where only a later file says so of an entry as it was."""
    monkeypatch.setattr(importing, "CHUNK", 1)
    bring(store, [row("", "old", other_codes=(REGISTERED,))], "red")
    assert known(store, A).entries == ()
    bring(store, [row(A), row(A, "2号")])
    both = [row(A, other_codes=(REGISTERED,)), row(A, "2号", other_codes=(REGISTERED,))]
    assert counts(bring(store, both)) == (0, 0, 0, 2, 0)
    assert counts(bring(store, both)) == (0, 0, 0, 2, 0)
    assert rows_kept(store)["subject_code"] == 1
    assert {entry.list for entry in known(store, A).entries} == {"black", "red"}
    assert len(known(store, A, version=2).entries) == 2


def test_the_kind_of_a_subject_is_kept_where_its_code_does_not_tell_it(store: Store) -> None:
    """A code that begins with 91 is a legal person's anyway."""
    bring(store, [row(A, kind="legal-person"), row(B, kind="public-institution")])
    with store.reading() as connection:
        kept = connection.execute(text("SELECT key, kind FROM subject")).all()
    assert [tuple(one) for one in kept] == [(B, "public-institution")]


# -- natural persons

HEADINGS = "姓名,身份证号码,文号,列入机关,listed\n"


@pytest.fixture
def books(store: Store, tmp_path: Path) -> Books:
    """The registry with a key for persons."""
    return Books(store, PersonKeys.open(tmp_path / "keys" / "identity.key", fixed("k")))


def brought(books: Books, folder: Path, content: str, name: str = "list.csv", **how: object) -> Report:
    """A file with this content imported as the list `black`."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return import_file(books, VOCABULARY, FileToImport(path, "black", "tester", **how))  # type: ignore[arg-type]


def everything_kept(store: Store, folder: Path, server: bool = False) -> bytes:
    """All rows of the database and all files in the folder; its own files and log of writes too, if it has a server."""
    with store.reading() as connection:
        tables = [CHANGES, *map(table_of, BOOKS)]
        found = repr([connection.execute(table.select()).all() for table in tables]).encode()
        if server and not store.is_sqlite:
            found += _server_files(store)
    return found + b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def _server_files(store: Store) -> bytes:
    """The files of the server's database and its write-ahead log, where the server is ours."""
    data = Path(str(store.url.query["host"])) / "data"
    if not data.is_dir():
        return b""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        own = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
    paths = [*(data / "base" / str(own)).iterdir(), *(data / "pg_wal").iterdir()]
    return b"".join(path.read_bytes() for path in paths if path.is_file())


def test_a_persons_number_is_nowhere(
    books: Books, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither in the database nor in what is logged or printed; and the person is found again by it."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy").setLevel(logging.DEBUG)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in NUMBER)
    people = f"{HEADINGS}张三丰,{NUMBER},1号,某局,2024-01-10\n"
    (tmp_path / "in").mkdir()
    report = brought(books, tmp_path / "in", people)
    again = brought(books, tmp_path / "in", people.replace(NUMBER, f" {wide[:6]} {wide[6:].lower()}"))
    assert (counts(report), counts(again)) == ((1, 0, 0, 0, 0), (0, 0, 0, 1, 0))
    (tmp_path / "in" / "list.csv").unlink()
    assert len(known(books.registry, books.persons.digest(NUMBER)).entries) == 1
    logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)
    said = (
        everything_kept(books.registry, tmp_path, server=True)
        + caplog.text.encode()
        + "".join(capfd.readouterr()).encode()
    )
    assert books.persons.digest(NUMBER).encode() in said
    for secret in (NUMBER, NUMBER[:17], NUMBER[6:14], wide, "张三丰", "三丰"):
        assert secret.encode() not in said


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADINGS}{NUMBER},,1号,某局,2024-01-10\n",
        f"{HEADINGS}张三,,处罚{NUMBER}号,某局,2024-01-10\n",
        f"{HEADINGS}张三,{NUMBER[:17]}{'1' if NUMBER[17] != '1' else '2'},1号,某局,2024-01-10\n",
        f"{HEADINGS}张三,{NUMBER},1号,某局,{NUMBER}\n",
        f"{HEADINGS}张三,{NUMBER},1号,某局,2024-01-10,{NUMBER}\n",
    ],
    ids=["name", "document", "misspelt", "date", "behind"],
)
def test_a_number_where_none_belongs_is_refused_and_not_repeated(
    books: Books, tmp_path: Path, content: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """In a name, a document, a date, behind the last heading, or misspelt."""
    (tmp_path / "in").mkdir()
    report = brought(books, tmp_path / "in", content)
    assert report.refusal == "rows"
    (tmp_path / "in" / "list.csv").unlink()
    said = everything_kept(books.registry, tmp_path) + repr(report).encode() + "".join(capfd.readouterr()).encode()
    assert NUMBER[:17].encode() not in said


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"reason": f"身份证 {NUMBER} 申请"}, "R647"),
        ({"name": f"{NUMBER}.csv"}, "R647"),
        ({"reason": "长" * 2_001}, "R644"),
        ({"reason": "\ud800"}, "R646"),
        ({"data_time": read_when("2199-01-01")}, "R613"),
    ],
    ids=["number in reason", "number in name", "long", "unreadable", "future"],
)
def test_what_goes_with_a_file_is_kept_only_if_it_may_be(
    books: Books, tmp_path: Path, how: dict[str, str], code: str
) -> None:
    """No number in a reason or a file's name, nothing endless or unreadable, and no data from the future."""
    with pytest.raises(RefusedInput) as refused:
        brought(books, tmp_path, f"{HEADINGS}张三,{NUMBER},1号,某局,2024-01-10\n", **how)
    assert refused.value.faults[0].code == code
    assert NUMBER not in f"{refused.value}{refused.value.zh}{refused.value.faults}"
    assert rows_kept(books.registry) == {}


def test_a_person_is_shown_by_the_first_character_of_the_name(books: Books, tmp_path: Path) -> None:
    """And found on another list by the same digest."""
    brought(books, tmp_path, f"{HEADINGS}张三丰,{NUMBER},1号,某局,2024-01-10\n")
    with books.registry.reading() as connection:
        kept = connection.execute(text("SELECT subject, name FROM entry")).one()
    assert tuple(kept) == (books.persons.digest(NUMBER), "张＊")


def test_an_import_names_its_list_in_every_refusal(books: Books, tmp_path: Path) -> None:
    """A list that there is not is missing, with those that there are."""
    path = tmp_path / "list.csv"
    path.write_text(HEADINGS, encoding="utf-8")
    with pytest.raises(MemorandaError, match="nolist"):
        import_file(books, VOCABULARY, FileToImport(path, "nolist", "tester"))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(store: Store) -> None:
    """Ten times the rows, and no more memory at its fullest than a chunk may take either way."""
    import tracemalloc

    peaks = []
    for count, list_code in ((20_000, "black"), (200_000, "red")):
        tracemalloc.start()
        bring(store, (row(synthetic_code(number), str(number)) for number in range(count)), list_code)
        bring(store, (row(synthetic_code(number), str(number), amount=1) for number in range(count)), list_code)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3
