"""The whole checker: everything is said, once, in the order of the files; and what it says about cases."""

from pathlib import Path

import pytest

from engine.packs.check import check
from engine.packs.library import read_library, shipped
from tests.packs.conftest import measure
from tests.packs.desk import OLD, library, said, told

CASE = """\
- case: {name}
  cut_off: 2024-06-10T09:00+08:00
  entries: [{{list: {list}, {facts}}}]
  inquiry: {{scenario: procurement}}
  expect: ineligible
  because: [{because}]
"""


def _case(name: str = "it bites", list_: str = "defaulters", because: str = "一", facts: str = "") -> str:
    known = {"defaulters": "listed: 2024-01-01, ground: 3", "watched": "listed: 2024-01-01"}
    return CASE.format(name=name, list=list_, facts=facts or known[list_], because=because)


def _notice(*measures: str) -> str:
    return OLD + "".join(measures or (measure(),))


def test_the_shipped_library_has_no_error() -> None:
    """What is shipped can be judged."""
    assert [fault for fault in check(read_library([shipped()])) if fault.severity == "error"] == []


def test_faults_come_in_reading_order_and_once(tmp_path: Path) -> None:
    """By file, line and column, whoever found them; nothing twice."""
    packs = {
        "b": _notice(measure(basis="[采购方法 1]", lists="[endless]")),
        "a": _notice(measure(clause="二", lists="[endless]"), measure(basis="[采购法 99]")),
    }
    found = check(library(tmp_path, packs))
    places = [(fault.place.file, fault.place.line, fault.place.column) for fault in found]
    assert places == sorted(places)
    assert len(set(found)) == len(found)
    assert {fault.code for fault in found} == {"P301", "P302", "P307", "P503"}


def test_an_error_in_one_pack_hides_none_in_another(tmp_path: Path) -> None:
    """Form, words and law are all said in one run."""
    packs = {
        "a": "title: [",
        "b": _notice(measure(lists="[defaultors]")),
        "c": _notice(measure(basis="[采购方法 1]")),
    }
    assert {fault.code for fault in check(library(tmp_path, packs)) if fault.severity == "error"} >= {
        "P104",
        "P202",
        "P301",
    }


def test_a_pack_without_cases(tmp_path: Path) -> None:
    """P503, at its title, and nothing about the single measures."""
    (fault,) = said(tmp_path, _notice(), "P50")
    assert told([fault]) == [("P503", "warning", "title")]
    assert "notice.cases.yaml" in fault.help_en


@pytest.mark.parametrize(
    ("keys", "touched"),
    [
        ({}, True),
        ({"lists": "[watched, defaulters]"}, True),
        ({"lists": "[watched]"}, False),
        ({"scenarios": "[permit]", "matters": "[food]"}, False),
        ({"stands_on": "inquiry"}, True),
        ({"lists": "[watched]", "checked": "{by: memory, on: 2026-11-21, confidence: low}"}, True),  # a draft
    ],
)
def test_a_measure_that_no_case_touches(tmp_path: Path, keys: dict[str, str], touched: bool) -> None:
    """P501: no case of its pack has its scenario and an entry on one of its lists."""
    packs = {"notice": _notice(measure(), measure(clause="二", **keys)), "notice.cases": _case()}
    assert told(said(tmp_path, packs, "P50")) == ([] if touched else [("P501", "warning", "二")])


def test_a_case_names_a_clause_that_is_not_there(tmp_path: Path) -> None:
    """P502, with the nearest clause of the pack."""
    packs = {"notice": _notice(measure(clause="二（三）1")), "notice.cases": _case(because="二（三）2")}
    (fault,) = said(tmp_path, packs, "P502")
    assert fault.severity == "error"
    assert fault.help_en == "did you mean `二（三）1`?"
    assert fault.place.file.endswith("notice.cases.yaml")


def test_a_packs_own_case_names_its_own_clauses_only(tmp_path: Path) -> None:
    """`pack#clause` of another pack belongs into cases/."""
    packs = {"a": _notice(), "b": _notice(), "a.cases": _case(because="b#一"), "b.cases": _case(because="b#一")}
    (fault,) = said(tmp_path, packs, "P502")
    assert fault.place.file.endswith("a.cases.yaml")
    assert "cases/" in fault.help_en


@pytest.mark.parametrize(
    ("because", "help_"),
    [
        ("a#一", None),
        ("三", None),
        ("一", "say which: `a#一`, `b#一`"),
        ("a#三", "did you mean `b#三`?"),
    ],
)
def test_a_shared_case_names_one_clause(tmp_path: Path, because: str, help_: str | None) -> None:
    """In cases/: `pack#clause`, or a clause that only one pack has."""
    packs = {
        "a": _notice(),
        "b": _notice(measure(), measure(clause="三")),
        "cases/both.cases": _case(because=because),
    }
    found = [fault.help_en for fault in said(tmp_path, packs, "P502")]
    assert found == ([help_] if help_ else [])


def test_one_fault_hides_none_of_another_kind(tmp_path: Path) -> None:
    """A pack with a wrong word is still checked for law, graph and cases, its other measures at least."""
    pack = _notice(
        measure(lists="[defaultors]"),
        measure(clause="二", basis="[采购方法 1]", given="[一]"),
        measure(clause="三", effect="lift", lifts="[x#一]"),
    )
    codes = {fault.code for fault in said(tmp_path, pack)}
    assert codes == {"P202", "P301", "P503", "P510"}


def test_a_faulty_head_is_mended_first(tmp_path: Path) -> None:
    """Form, place and days of the document decide what the law says, so nothing is said about it yet."""
    pack = _notice(measure(basis="[采购方法 1]")).replace("form: normative-document", "form: norm")
    assert [fault.code for fault in said(tmp_path, pack)] == ["P123"]


@pytest.mark.parametrize(("tail", "missed"), [("", 3), ("  - [", 0)])
def test_the_clauses_of_a_torn_pack_are_not_known(tmp_path: Path, tail: str, missed: int) -> None:
    """A faulty clause is a clause; but after a syntax error there may be any."""
    packs = {
        "a": _notice(measure(lists="[defaultors]")) + tail,
        "a.cases": _case() + _case("another", because="七"),
        "cases/x.cases": _case(because="a#七") + _case("another", because="七"),
    }
    assert len(said(tmp_path, packs, "P502")) == missed
