"""Decided again from what was recorded: the same bytes, or exactly what differs."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Missing
from engine.ledger.envelope import Caller
from engine.ledger.receipt import leaf_row, openings_of
from engine.ledger.recording import kept_rulebook
from engine.ledger.replaying import Outcome, differences, replay
from engine.packs.library import read_library, shipped
from engine.registry.reading import register_of
from engine.registry.store import ask as rows_of
from engine.services.books import open_books, open_ledger
from engine.services.deciding import record_decision
from engine.services.determining import erase
from engine.services.registering import happened
from engine.services.registering import record as record_event
from engine.services.replaying import replays
from engine.services.revisiting import revisits
from tests.ledger.desk import SUBJECTS, asked, at_home, law

ROOT = Path(__file__).resolve().parents[2]


def test_every_decision_replays_to_the_same_bytes(home: Path, ids: list[str]) -> None:
    """By the rulebook kept in the ledger; determinations are not decisions."""
    swept = list(replays())
    assert [one.replayed.id for one in swept] == ids
    assert {one.replayed.outcome for one in swept} == {Outcome.SAME}
    assert len({one.replayed.then for one in swept}) > 1, "the sample has several verdicts"


@given(
    number=st.integers(0, SUBJECTS + 3),
    scenario=st.sampled_from(sorted(law().vocabulary.scenarios)),
    day=st.dates(date(2019, 1, 1), date(2026, 11, 20)),
    place=st.sampled_from(["420881", "310000", "440300", "110000"]),
)
def test_any_question_replays(
    furnished: tuple[Path, list[str]], number: int, scenario: str, day: date, place: str
) -> None:
    """Recorded and decided again by the same rulebook: the same bytes, the question read back from the core."""
    with at_home(furnished[0].with_name(furnished[0].name + "-any")):
        folder = furnished[0].with_name(furnished[0].name + "-any")
        if not folder.exists():
            shutil.copytree(furnished[0], folder)
        found = asked(number, scenario, f"{day.isoformat()}T09:00+08:00", place)
        ledger = open_ledger()
        made = record_decision(ledger, found, Caller("tests"))
        with ledger.store.reading() as connection, open_books().registry.reading() as known:
            row = leaf_row(connection, made.id)
            again = replay(
                row, openings_of(connection, made.id),
                lambda subjects, version: register_of(known, subjects, version, law().vocabulary),
                law().rulebook(),
            )  # fmt: skip
        assert (again.outcome, again.differs, again.why) == (Outcome.SAME, (), None)


def test_the_kept_rulebook_is_the_one_that_judged(home: Path, tmp_path: Path) -> None:
    """Written out and read again it has the revision it is kept by."""
    with open_ledger().store.reading() as connection:
        (row,) = rows_of(connection, "SELECT DISTINCT rulebook FROM leaf WHERE kind = 'decision'")
        files = kept_rulebook(connection, row.rulebook)
    assert files == dict(law().files)
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert read_library([tmp_path / "0"], with_cases=False).revision == row.rulebook == law().revision


def test_a_changed_engine_is_reported(home: Path, ids: list[str]) -> None:
    """One constant of the engine changed in a process of its own: every decision it touches is reported, and where."""
    program = (
        "from engine.explanation import reason\n"
        "assert reason.SEMANTICS == 1\n"
        "reason.SEMANTICS = 2\n"
        "from engine.services.replaying import replays\n"
        "for one in replays():\n"
        "    print(one.replayed.id, one.replayed.outcome.value, *one.replayed.differs)\n"
    )
    said = _apart(program, home)
    assert said.splitlines() == [f"{one} different /semantics" for one in ids]


def _apart(program: str, home: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={"MEMORANDA_HOME": str(home), "PYTHONUTF8": "1", "PATH": ""},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_another_rulebook_shows_what_would_have_changed(home: Path, tmp_path: Path) -> None:
    """The same folder: nothing. A measure that no longer bars: verdict to verdict."""
    assert {one.replayed.outcome for one in replays(against=shipped())} == {Outcome.SAME}
    folder = tmp_path / "memoranda"
    shutil.copytree(shipped(), folder)
    changed = 0
    for path in folder.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if "effect: bar" in text and "cases" not in path.parts:
            path.write_text(text.replace("effect: bar", "effect: inform"), encoding="utf-8")
            changed += 1
    assert changed
    milder = [one.replayed for one in replays(against=folder) if one.replayed.then == "ineligible"]
    assert milder
    assert all(one.now != "ineligible" and one.outcome is Outcome.DIFFERENT for one in milder)


def test_a_rulebook_that_is_gone_is_said_of_its_decisions(home: Path, ids: list[str]) -> None:
    """The sweep goes on."""
    with open_ledger().store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM rulebook")
    swept = list(replays())
    assert len(swept) == len(ids)
    assert {one.replayed.outcome for one in swept} == {Outcome.IMPOSSIBLE}
    whys = [one.replayed.why for one in swept]
    assert all(why and "台账里没有规则库" in why.zh and "no rulebook" in why.en for why in whys)


def test_an_erased_subject_is_erased_input(home: Path, ids: list[str]) -> None:
    """Its decisions say so, all others replay."""
    with open_ledger().store.reading() as connection:
        subject = next(one.value["subject"] for one in openings_of(connection, ids[0]) if one.handle == "p1")
        rows = rows_of(connection, "SELECT leaf FROM opening WHERE subject = ? AND handle = 'p1'", (subject,))
        theirs = {row.leaf for row in rows}
    erase(subject, "依申请", "测试员")
    for one in replays():
        wanted = Outcome.ERASED if one.replayed.id in theirs else Outcome.SAME
        assert one.replayed.outcome is wanted
        assert one.replayed.then


def test_one_decision_or_those_since(home: Path, ids: list[str]) -> None:
    """By id, by its beginning, by the day; a determination is no decision."""
    assert [one.replayed.id for one in replays(one=ids[3])] == [ids[3]]
    with open_ledger().store.reading() as connection:
        moment = leaf_row(connection, ids[20]).recorded_at
        (other, *_) = rows_of(connection, "SELECT id FROM leaf WHERE kind = 'determination'")
    assert [one.replayed.id for one in replays(since=moment)] == ids[20:]
    assert list(replays(since="2199-01-01")) == []
    with pytest.raises(Missing):
        list(replays(one=other.id))
    with pytest.raises(Missing):
        list(replays(one="0" * 36))


def test_a_correction_shows_who_was_wrongly_refused(home: Path, ids: list[str]) -> None:
    """An entry that barred is annulled: its decision is named with both answers, and still replays as it was."""
    books = open_books()
    with books.registry.reading() as connection:
        before = rows_of(connection, 'SELECT MAX(version) AS n FROM "change"')[0].n
    assert list(revisits(before)) == []
    with open_ledger().store.reading() as connection:
        refused = [one for one in ids if leaf_row(connection, one).verdict == "ineligible"]
        chosen, entries = "", list[str]()
        for one in refused:
            core = json.loads(leaf_row(connection, one).core)
            deciding = {f.get("entry") for party in core["parties"] for f in party["findings"] if f["decides"]}
            numbers = {o.handle: o.value.get("number") for o in openings_of(connection, one)}
            if deciding and None not in deciding:
                chosen, entries = one, [str(numbers[handle]) for handle in sorted(deciding)]
                break
    assert chosen, "the sample has one that is refused for an entry"
    for entry in entries:
        record_event(books, happened(entry, "annul", "2026-11-19", "测撤1号", "撤销"), "测试员")
    found = {one.id: one for one in revisits(before)}
    assert chosen in found
    assert found[chosen].then["verdict"] == "ineligible" != found[chosen].now["verdict"]
    assert {(cause.what, cause.kind, cause.entry, cause.document) for cause in found[chosen].causes} <= {
        ("event", "annulled", entry, "测撤1号") for entry in entries
    }
    assert {one.replayed.outcome for one in replays()} == {Outcome.SAME}
    with books.registry.reading() as connection:
        assert list(revisits(rows_of(connection, 'SELECT MAX(version) AS n FROM "change"')[0].n)) == []


def test_differences_point_at_the_smallest_part() -> None:
    """JSON pointers; a list of another length differs as a whole."""
    then = {"a": {"b": [1, {"c": "x"}]}, "d": [1], "e": 1, "f": True}
    now = {"a": {"b": [1, {"c": "y"}]}, "d": [1, 2], "g": 1, "f": 1}
    assert list(differences(then, now)) == ["/a/b/1/c", "/d", "/e", "/f", "/g"]
    assert list(differences(1, 2)) == ["/"]
    assert list(differences(then, then)) == []
