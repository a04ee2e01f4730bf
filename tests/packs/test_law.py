"""What the law says against a measure: codes P301 to P308, each with its neighbours that are no fault."""

from datetime import date
from pathlib import Path

import pytest

from engine.packs.check import check
from tests.packs.conftest import measure
from tests.packs.desk import LOCAL, NEW, NEW_LOCAL, OLD, WIDER, library, said, told


def _old(**keys: str | None) -> str:
    return OLD + measure(**keys)


def _new(**keys: str | None) -> str:
    return NEW + measure(**keys)


def test_a_sound_measure_is_not_complained_of(tmp_path: Path) -> None:
    """A law in force, an article it has, a list with a term."""
    assert said(tmp_path, _old(), "P3") == []


def test_an_unregistered_instrument_is_named_with_the_nearest(tmp_path: Path) -> None:
    """P301, alone: what follows from ranks waits until the instrument is known."""
    (fault,) = said(tmp_path, _old(basis="[采购方法 22, 某备忘录 1]"), "P3")
    assert told([fault]) == [("P301", "error", "采购方法 22")]
    assert fault.help_en == "did you mean `采购法`?"
    assert (fault.clause, fault.title) == ("一", "关于某事的通知")


def test_an_unregistered_instrument_far_from_all_is_to_be_registered(tmp_path: Path) -> None:
    """Without a near name the help says what to do."""
    (fault,) = said(tmp_path, _old(basis="[XYZ 22]"), "P3")
    assert "instruments.yaml" in fault.help_en


@pytest.mark.parametrize(
    ("cited", "severity"),
    [
        ("采购法 88", None),
        ("采购法 89", "error"),
        ("会计法 51", None),
        ("会计法 52", "warning"),  # only in the text before 2024-07-01
        ("会计法 53", "error"),
        ("某规章 999", None),  # no text of it was read
        ("采购法", None),
    ],
)
def test_articles_are_held_against_the_texts_that_apply(tmp_path: Path, cited: str, severity: str | None) -> None:
    """Beyond every text of the measure's days is an error, beyond the present one a warning."""
    found = said(tmp_path, _old(basis=f"[{cited}, 采购法 22]"), "P302")
    assert told(found) == ([("P302", severity, cited)] if severity else [])


def test_a_text_that_came_after_the_measure_ended_does_not_count(tmp_path: Path) -> None:
    """A measure that ended in 2023 may cite article 52 of the text that applied then."""
    ended = OLD.replace("{from: 2016-08-01}", "{from: 2016-08-01, until: 2023-12-31}")
    assert said(tmp_path, ended + measure(basis="[会计法 52]"), "P302") == []


def test_an_instrument_never_in_force_together_is_an_error(tmp_path: Path) -> None:
    """P303: ended before the document began."""
    found = said(tmp_path, _old(basis="[古法 3, 采购法 22]"), "P303")
    assert told(found) == [("P303", "error", "古法 3")]


def test_a_later_instrument_alone_leaves_a_gap(tmp_path: Path) -> None:
    """P303: a warning where nothing else stands in between, a note where an older basis does."""
    alone = said(tmp_path / "a", _old(effect="inform", basis="[财库〔2022〕3号 一]"), "P303")
    beside = said(
        tmp_path / "b", _old(effect="inform", basis="[财库〔2022〕3号 一, 财库〔2022〕3号 二, 采购法 22]"), "P303"
    )
    assert told(alone) == [("P303", "warning", "财库〔2022〕3号 一")]
    assert told(beside) == [("P303", "note", "财库〔2022〕3号 一")]


def test_a_basis_that_has_ended_since_is_noted(tmp_path: Path) -> None:
    """P303: the day after the last instrument's last day."""
    (fault,) = said(tmp_path, _old(basis="[旧法 3]"), "P3")
    assert told([fault]) == [("P303", "note", "basis")]
    assert "2021-07-01" in fault.en


def test_an_old_measure_lapses_on_the_gate_day(tmp_path: Path) -> None:
    """P304: a note that says from which day; the document is older than the gate."""
    (fault,) = said(tmp_path, _old(basis="[某备忘录 八]"), "P3")
    assert told([fault]) == [("P304", "note", "basis")]
    assert "2020-12-18" in fault.en
    assert "2020-12-18" in fault.zh


def test_a_law_that_ended_leaves_the_measure_lapsed_from_then(tmp_path: Path) -> None:
    """P304 names the day after the law's last, not the gate day."""
    (fault,) = said(tmp_path, _old(basis="[旧法 3, 某备忘录 八]"), "P3")
    assert fault.code == "P304"
    assert "2021-07-01" in fault.en


def test_a_later_document_may_not_claim_a_measure_without_basis(tmp_path: Path) -> None:
    """P304 as an error: issued on or after the gate day."""
    assert told(said(tmp_path, _new(basis="[某备忘录 八]"), "P3")) == [("P304", "error", "basis")]


@pytest.mark.parametrize(("issued", "severity"), [("2020-12-17", "note"), ("2020-12-18", "error")])
def test_the_day_of_issue_decides_between_note_and_error(tmp_path: Path, issued: str, severity: str) -> None:
    """Issued the day before the gate is history, on the day itself a claim."""
    head = OLD.replace("2016-08-01", issued)
    assert told(said(tmp_path, head + measure(basis="[某备忘录 八]"), "P304")) == [("P304", severity, "basis")]


def test_a_later_document_cannot_reach_back_behind_the_gate(tmp_path: Path) -> None:
    """Issued after the gate day, in force from before it: still a claim."""
    head = OLD.replace("issued: 2016-08-01", "issued: 2021-05-01")
    assert told(said(tmp_path, head + measure(basis="[某备忘录 八]"), "P304")) == [("P304", "error", "basis")]


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ({"effect": "inform"}, []),
        ({"effect": "green_channel"}, []),
        ({"effect": "scrutinise"}, ["P304"]),
        ({"effect": "weigh"}, ["P304"]),
        ({"list_item": "M1"}, ["P304"]),
        ({"list_item": "M2"}, ["P304"]),
        ({"list_item": "M2", "basis": "[某规章 2]"}, []),
        ({"list_item": "M1", "basis": "[某规章 2]"}, ["P304"]),
        ({"list_item": "M3"}, []),
    ],
)
def test_effects_and_classes(tmp_path: Path, keys: dict[str, str], codes: list[str]) -> None:
    """What restricts is gated by class; what informs or benefits is not."""
    text = _new(**{"basis": "[某备忘录 八]", **keys})
    assert [fault.code for fault in said(tmp_path, text, "P3")] == codes


def test_a_document_that_ended_before_the_gate_is_left_alone(tmp_path: Path) -> None:
    """It lapsed by itself."""
    ended = OLD.replace("{from: 2016-08-01}", "{from: 2016-08-01, until: 2020-12-17}")
    assert said(tmp_path, ended + measure(basis="[某备忘录 八]"), "P3") == []


def test_a_draft_is_not_told_that_it_lapses(tmp_path: Path) -> None:
    """A draft has no effect to lose; but a later document may not even draft a claim."""
    low = "{by: memory, on: 2026-11-21, confidence: low}"
    assert said(tmp_path / "a", _old(basis="[某备忘录 八]", checked=low), "P3") == []
    assert told(said(tmp_path / "b", _new(basis="[某备忘录 八]", checked=low), "P3")) == [("P304", "error", "basis")]


@pytest.mark.parametrize("effect", ["bar", "limit"])
def test_a_local_document_that_deprives(tmp_path: Path, effect: str) -> None:
    """P305: a note for the older document, an error for the later one, whatever it cites."""
    older = said(tmp_path / "a", LOCAL + measure(effect=effect), "P3")
    later = said(tmp_path / "b", NEW_LOCAL + measure(effect=effect), "P3")
    assert told(older) == [("P305", "note", effect)]
    assert told(later) == [("P305", "error", effect)]
    assert "2020-12-18" in older[0].en


def test_a_local_document_that_gives_or_informs(tmp_path: Path) -> None:
    """Benefits and notices stay."""
    for number, effect in enumerate(("inform", "prefer", "scrutinise")):
        assert said(tmp_path / str(number), NEW_LOCAL + measure(effect=effect), "P3") == []


def test_a_local_regulation_may_deprive_inside_its_place(tmp_path: Path) -> None:
    """A county pack of a provincial regulation stands on that regulation."""
    head = NEW_LOCAL.replace("form: local-plan", "form: local-regulation")
    assert said(tmp_path / "a", head + measure(basis="[湖北省条例 30]"), "P3") == []
    found = told(said(tmp_path / "b", head + measure(basis="[北京市条例 30]"), "P3"))
    assert found == [("P304", "error", "basis"), ("P308", "error", "北京市条例 30")]


def test_law_of_another_place_is_named_with_both_places(tmp_path: Path) -> None:
    """P308 says whose law it is and whose not."""
    (fault,) = said(tmp_path, LOCAL + measure(effect="inform", basis="[采购法 22, 北京市条例 3]"), "P3")
    assert told([fault]) == [("P308", "error", "北京市条例 3")]
    assert "Beijing" in fault.en
    assert "Zhongxiang" in fault.en


def test_a_national_document_on_local_law_alone(tmp_path: Path) -> None:
    """P308: beside national law a local instrument may be cited, alone it may not."""
    alone = said(tmp_path / "a", _old(effect="inform", basis="[湖北省条例 3, 钟祥市办法 2]"), "P3")
    beside = said(tmp_path / "b", _old(effect="inform", basis="[湖北省条例 3, 采购法 22]"), "P3")
    assert told(alone) == [("P308", "error", "basis")]
    assert beside == []


@pytest.mark.parametrize("key", ["when", "unless"])
def test_a_personal_score_restricts_nobody(tmp_path: Path, key: str) -> None:
    """P306, at the fact; a score that only informs is left alone."""
    tested = {"lists": "[persons]", "term": "{from: listed, years: 3}", key: "{personal_score: {below: 600}}"}
    (fault,) = said(tmp_path / "a", _old(**tested), "P3")
    assert (fault.code, fault.severity) == ("P306", "error")
    assert said(tmp_path / "b", _old(**{**tested, "effect": "inform"}), "P3") == []


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ({}, ["P307"]),
        ({"effect": "limit"}, ["P307"]),
        ({"term": "{from: listed, years: 3}"}, []),
        ({"while_": "ban"}, []),
        ({"when": "{listed: {within: {years: 3}}}"}, []),
        ({"effect": "scrutinise"}, []),
        ({"lists": "[watched]"}, []),
        ({"lists": "[defaulters]"}, []),
        ({"lists": "[defaulters, endless]"}, ["P307"]),
    ],
)
def test_a_deprivation_wants_an_end(tmp_path: Path, keys: dict[str, str], codes: list[str]) -> None:
    """P307: a bar or limit on a black list without a term rule, term, ban window or look-back."""
    found = said(tmp_path, _old(**{"lists": "[endless]", **keys}), "P3")
    assert [fault.code for fault in found] == codes
    assert all(fault.severity == "warning" for fault in found)


def test_a_term_looked_for_in_vain_is_worth_a_note(tmp_path: Path) -> None:
    """P307 stays, milder, once the list says why no term stands; beside a list nobody looked at it is a warning."""
    assert told(said(tmp_path / "a", _old(lists="[untimed]"), "P3"))[0][:2] == ("P307", "note")
    assert told(said(tmp_path / "b", _old(lists="[untimed, endless]"), "P3"))[0][:2] == ("P307", "warning")


def test_the_gate_day_is_the_vocabularys(tmp_path: Path) -> None:
    """No day is written into the checker: another gate, another answer."""
    words = {**WIDER, "basic_list": WIDER["basic_list"].replace("2020-12-18", "2019-05-01")}
    found = check(library(tmp_path, {"notice": _old(basis="[某备忘录 八]")}, words))
    assert any(str(date(2019, 5, 1)) in fault.en for fault in found if fault.code == "P304")
