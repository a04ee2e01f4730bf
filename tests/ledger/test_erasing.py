"""Erasure: nothing that leads to the subject is left, not in the files either; all else stands, and it is said."""

import json
from pathlib import Path

import pytest

from engine.errors import Missing, Unavailable
from engine.ledger.envelope import Caller
from engine.ledger.receipt import determinations_of, leaf_row, openings_of
from engine.registry.store import Store
from engine.registry.store import ask as rows_of
from engine.services.auditing import audited
from engine.services.books import open_ledger
from engine.services.deciding import record_decision
from engine.services.determining import Determined, determine, erase
from engine.services.replaying import replays
from tests.ledger.desk import asked

NAMED = "王某某的同名误伤"
REASON = "依申请抹除"


def in_files(home: Path, text: str) -> bool:
    """Whether the ledger's files hold the text somewhere."""
    return any(text.encode() in file.read_bytes() for file in home.glob("ledger.db*"))


def reviewed(ids: list[str]) -> tuple[str, str]:
    """The determined decision and the subject it is about."""
    with open_ledger().store.reading() as connection:
        decision = next(one for one in ids if determinations_of(connection, one))
        subject = next(one.value["subject"] for one in openings_of(connection, decision) if one.handle == "p1")
    return decision, subject


def test_nothing_that_leads_to_the_subject_is_left(home: Path, ids: list[str]) -> None:
    """Its handle, its entries, and the grounds of what was determined; who determined it stays."""
    decision, subject = reviewed(ids)
    with open_ledger().store.reading() as connection:
        last = determinations_of(connection, decision)[-1].id
    made = determine(Determined(decision, "conditional", "测试员", NAMED, "测认9号", last))
    assert in_files(home, subject)
    assert in_files(home, NAMED)
    erase(subject, REASON, "测试员")
    assert not in_files(home, subject)
    assert not in_files(home, NAMED)
    with open_ledger().store.reading() as connection:
        assert [one.handle for one in openings_of(connection, decision) if one.handle != "case"] == []
        assert [one.handle for one in openings_of(connection, made)] == ["officer"]
        assert len(determinations_of(connection, decision)) == 3


def test_other_subjects_are_untouched(home: Path, ids: list[str]) -> None:
    """Their openings are what they were, and their decisions replay."""
    _, subject = reviewed(ids)
    with open_ledger().store.reading() as connection:
        theirs = {row.leaf for row in rows_of(connection, "SELECT leaf FROM opening WHERE subject = ?", (subject,))}
        before = {one: openings_of(connection, one) for one in ids if one not in theirs}
    erase(subject, REASON, "测试员")
    with open_ledger().store.reading() as connection:
        assert {one: openings_of(connection, one) for one in before} == before
    assert {one.replayed.id for one in replays() if one.replayed.outcome.value == "same"} >= before.keys()


def test_the_log_says_when_and_how_many_and_hides_why(home: Path, ids: list[str]) -> None:
    """A leaf like any other: numbered, committed to, and sound."""
    _, subject = reviewed(ids)
    assert erase(subject, REASON, "测试员") == 1
    with open_ledger().store.reading() as connection:
        (row,) = rows_of(connection, "SELECT * FROM leaf WHERE kind = 'erasure'")
        assert row.number is not None
        assert json.loads(row.core) == {"leaves": 3}  # the decision, and two determinations on it
        assert REASON not in row.core + row.envelope
        assert {one.handle: one.value for one in openings_of(connection, row.id)} == {
            "officer": {"name": "测试员"},
            "grounds": {"reasons": REASON},
        }
    assert audited()[1] == []


def test_the_case_goes_with_a_party(home: Path) -> None:
    """The asking authority's number of the matter leads to whom it was about."""
    ledger, number = open_ledger(), "钟财采〔2026〕第七号"
    made = record_decision(ledger, asked(2), Caller("tests"), number)
    assert in_files(home, number)
    with ledger.store.reading() as connection:
        subject = next(one.value["subject"] for one in openings_of(connection, made.id) if one.handle == "p1")
        assert leaf_row(connection, made.id).id == made.id
    erase(subject, REASON, "测试员")
    assert not in_files(home, number)


def test_a_subject_that_is_not_there(home: Path) -> None:
    """Nothing is written."""
    with pytest.raises(Missing):
        erase("919999999999999999", REASON, "测试员")
    with open_ledger().store.reading() as connection:
        assert rows_of(connection, "SELECT * FROM leaf WHERE kind = 'erasure'") == []


def test_a_reader_of_an_older_state_is_waited_for_and_then_named(
    home: Path, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The erasure stands; the same command again leaves no trace once nobody reads."""
    _, subject = reviewed(ids)
    monkeypatch.setattr("engine.registry.store.PATIENCE", 0.05)
    reader = Store(home / "ledger.db")
    with reader.snapshot() as connection:
        rows_of(connection, "SELECT * FROM leaf LIMIT 1")
        with pytest.raises(Unavailable):
            erase(subject, REASON, "测试员")
    reader.close()
    with pytest.raises(Missing):
        erase(subject, REASON, "测试员")
    assert not in_files(home, subject)
