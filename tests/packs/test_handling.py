"""calendar.yaml and deadlines.yaml: read as meaning, and every slip in them is a fault at its place."""

from datetime import date

import pytest

from engine.errors import Fault
from engine.handling import Unit
from engine.packs.lexicon import read_vocabulary
from engine.packs.library import shipped
from engine.packs.source import read_tree
from engine.reading import Words
from engine.repair import Scope
from engine.vocabulary import Span, Vocabulary
from tests.packs.conftest import CHECKED, WORDS, codes, layer

PROCEDURES = """
procedures:
  repair: {zh: 修复, en: repair, steps: {accept: {zh: 受理, en: accept}, review: {zh: 审查, en: review}}}
starts: {received: {zh: 收到之日, en: on receipt}}
"""
RULE = "procedure: repair, step: accept, start: received, basis: [采购法 2], " + CHECKED


def told(calendar: str = "", deadlines: str = "", later: str = "") -> tuple[Vocabulary, list[Fault]]:
    """The small vocabulary with these files, and perhaps deadlines of a later layer."""
    first = {name: text for name, text in (("calendar", calendar), ("deadlines", deadlines)) if text}
    layers = [layer(**WORDS, **first)]
    return read_vocabulary([*layers, layer(deadlines=later)] if later else layers)


def year(keys: str, number: str = "2026") -> str:
    """A calendar of one year."""
    return f"'{number}': {{{keys}, {CHECKED}}}\n"


def rules(*rows: str) -> str:
    """Deadlines; each row adds its keys to the usual ones."""
    written = "".join(f"  d{number}: {{{RULE}, {row}}}\n" for number, row in enumerate(rows, 1))
    return f"{PROCEDURES}rules:\n{written}"


def test_a_year_as_meaning() -> None:
    """Spans become days, one day needs no `until`, the December before belongs to it."""
    off = "{zh: 元旦, en: New Year, from: 2025-12-31, until: 2026-01-02}, {zh: 清明节, en: Qingming, from: 2026-04-05}"
    found, faults = told(year(f"notices: [国办发明电〔2025〕7号], off: [{off}], worked: [2026-01-04, ２０２６-02-14]"))
    assert faults == []
    known = found.handling.years[2026]
    assert known.notices == ("国办发明电〔2025〕7号",)
    assert known.off == {date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), date(2026, 4, 5)}
    assert known.worked == {date(2026, 1, 4), date(2026, 2, 14)}
    assert known.checked.confidence == "high"


def test_a_deadline_as_meaning() -> None:
    """Its number and unit, its place and days, what is said with it."""
    row = (
        "workdays: 3, extension: 2, from: 2020-01-01, jurisdiction: '420881', colours: [black], doubt: {zh: 疑, en: d}"
    )
    found, faults = told(deadlines=rules(row, "days: 15, from: 2020-01-01", "same_day: yes, from: 2021-01-01"))
    assert codes(faults) == ["P234"]  # of the last two; a rule with a fault still stands
    rule, days, same = found.handling.rules
    assert (rule.code, rule.procedure, rule.step, rule.start) == ("d1", "repair", "accept", "received")
    assert (rule.unit, rule.count, rule.extension) == (Unit.WORKDAYS, 3, 2)
    assert rule.scope == Scope(Span(date(2020, 1, 1)), "420881", colours=frozenset({"black"}))
    assert (rule.basis, rule.doubt) == (("采购法 2",), Words("疑", "d"))
    assert [(one.unit, one.count) for one in (days, same)] == [(Unit.DAYS, 15), (Unit.SAME_DAY, 0)]
    procedure = found.handling.procedures["repair"]
    assert (procedure.name.zh, procedure.steps["review"].zh) == ("修复", "审查")
    assert found.handling.starts["received"].en == "on receipt"


OFF = "off: [{zh: 元旦, en: New Year, from: 2026-01-01}]"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (year(OFF), ""),
        (year(f"{OFF}, worked: [2026-01-04]"), ""),
        (year(OFF.replace("2026-01-01", "2025-12-31")), ""),
        (year(OFF.replace("2026-01-01", "2025-11-30")), "P233"),
        (year(OFF.replace("2026-01-01", "2027-01-01")), "P233"),
        (year(OFF.replace("2026-01-01", "2026-02-30")), "P201"),
        (year(OFF.replace("2026-01-01", "2026-01-03, until: 2026-01-01")), "P228"),
        (year(OFF.replace("2026-01-01", "2026-01-01, until: 2026-02-01")), "P233"),
        (year(OFF.replace("2026-01-01", "2026-01-01, until: 2199-12-31")), "P233"),
        (year(f"{OFF}, worked: [2026-01-05]"), "P233"),
        (year(f"{OFF}, worked: [2027-01-03]"), "P233"),
        (year(f"{OFF}, worked: [2026-01-04, 4 January]"), "P125"),
        (year(f"{OFF.replace('2026-01-01', '2026-01-03')}, worked: [2026-01-03]"), "P233"),
        (
            year("off: [{zh: 甲, en: a, from: 2026-01-01, until: 2026-01-03}, {zh: 乙, en: b, from: 2026-01-03}]"),
            "P233",
        ),
        (year("off: []"), "P126"),
        (year("worked: [2026-01-04]"), "P122"),
        (year(OFF, "26"), "P125"),
        (year(OFF, "2300"), "P125"),
        (f"'2026': {{{OFF}}}\n", "P122"),
        (year(f"{OFF}, holidays: 3"), "P121"),
        (year(OFF) + year(OFF).replace("'2026'", "2026"), "P107"),
    ],
)
def test_each_wrong_year(text: str, code: str) -> None:
    """Days no notice can move, forms that are none; a plain year has no fault."""
    _, faults = told(text)
    assert (code in codes(faults)) if code else faults == []
    assert all(fault.place.file == "calendar.yaml" for fault in faults)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (rules("workdays: 3, from: 2020-01-01"), ""),
        (rules("workdays: 3, from: 2020-01-01, until: 2020-12-31", "workdays: 4, from: 2021-01-01"), ""),
        (rules("workdays: 3, from: 2020-01-01", "days: 3, from: 2020-01-01, jurisdiction: '420881'"), ""),
        (rules("workdays: 3, from: 2020-01-01", "days: 3, from: 2020-01-01, lists: [defaulters]"), ""),
        (rules("workdays: 3, from: 2020-01-01", "days: 3, from: 2020-06-01"), "P234"),
        (rules("workdays: 3, from: 2020-01-01, until: 2020-06-01", "days: 3, from: 2020-06-01"), "P234"),
        (rules("days: 3, from: 2020-01-01").replace("step: accept", "step: acept"), "P222"),
        (rules("days: 3, from: 2020-01-01").replace("procedure: repair", "procedure: objection"), "P222"),
        (rules("days: 3, from: 2020-01-01").replace("start: received", "start: accepted"), "P222"),
        (rules("days: 3, from: 2020-01-01, jurisdiction: '420822'"), "P222"),
        (rules("days: 3, from: 2020-01-01, lists: [defaulter]"), "P222"),
        (rules("days: 3, from: 2020-01-01, keepers: [spcc]"), "P222"),
        (rules("days: 3, from: 2020-01-01, lists: [defaulters], keepers: [spc]"), "P231"),
        (rules("days: 3, from: 2020-01-01").replace("采购法", "招标法"), "P222"),
        (rules("days: 3, from: 2020-01-01").replace("basis: [采购法 2], ", ""), "P122"),
        (rules("days: 3, from: 2020-01-01").replace("[采购法 2]", "[]"), "P126"),
        (rules("days: 3, from: 2002-12-31"), "P235"),
        (rules("days: 3, from: 2010-01-01").replace("采购法 2", "采购法 88"), "P235"),
        (rules("days: 3, from: 2015-01-01").replace("采购法 2", "采购法 88"), ""),
        (rules("days: 3"), "P122"),
        (rules("from: 2020-01-01"), "P231"),
        (rules("days: 3, workdays: 3, from: 2020-01-01"), "P231"),
        (rules("days: 0, from: 2020-01-01"), "P231"),
        (rules("days: three, from: 2020-01-01"), "P125"),
        (rules("days: -3, from: 2020-01-01"), "P125"),
        (rules("same_day: no, from: 2020-01-01"), "P231"),
        (rules("same_day: yes, extension: 1, from: 2020-01-01"), "P231"),
        (rules("days: 3, from: 2020-01-01, until: 2019-12-31"), "P228"),
        (rules("days: 3, from: 2020-01-01").replace("rules", "rule"), "P121"),
        (rules("months: 3, from: 2020-01-01"), "P121"),
    ],
)
def test_each_wrong_deadline(text: str, code: str) -> None:
    """A word that leads nowhere, no one unit, no basis, two rules for one step; what goes together has no fault."""
    _, faults = told(deadlines=text)
    assert (code in codes(faults)) if code else faults == []
    assert all(fault.place.file == "deadlines.yaml" for fault in faults)


def test_local_law_carries_no_deadline_elsewhere() -> None:
    """Neither in the nation nor in another place."""
    words = dict(WORDS)
    span = "in_force: {from: 2019-01-01}"
    local = f"rank: local-regulation, jurisdiction: '420000', issuers: [mof], {span}, {CHECKED}"
    words["instruments"] += f"鄂条例: {{en: Hubei Regulation, {local}}}\n"
    words["jurisdictions"] += "'430000': {zh: 湖南省, en: Hunan, parent: national}\n"
    for place, said in (("'420881'", []), ("'420000'", []), ("'430000'", ["P235"]), ("national", ["P235"])):
        text = rules(f"days: 3, from: 2020-01-01, jurisdiction: {place}").replace("采购法", "鄂条例")
        _, faults = read_vocabulary([layer(**words, deadlines=text)])
        assert codes(faults) == said, place


def test_a_later_layer_adds_and_never_changes() -> None:
    """A local office adds its own deadlines, steps included in a procedure of its own."""
    first = rules("days: 3, from: 2020-01-01")
    local = first.replace("d1", "local").replace("from:", "jurisdiction: '420881', from:").replace(PROCEDURES, "")
    found, faults = told(deadlines=first, later=local)
    assert faults == []
    assert [rule.code for rule in found.handling.rules] == ["d1", "local"]
    assert set(codes(told(deadlines=first, later=first)[1])) == {"P221"}
    assert codes(told(deadlines=first, later=local.replace("jurisdiction: '420881', ", ""))[1]) == ["P234"]


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "[a]",
        "rules: a",
        "rules: [a]",
        "rules: {a: b}",
        "rules: {a: {procedure: [b], workdays: {c: d}}}",
        "procedures: {a: {steps: b}}",
    ],
)
def test_no_file_makes_it_raise(text: str) -> None:
    """A wrong file is faults, also where a calendar should be."""
    assert told(deadlines=text)[1]
    assert told(calendar=text)[1]


def test_the_shipped_files_are_sound() -> None:
    """Years without a gap, each with its notices; rules in every section; nothing left that nobody uses."""
    trees = {path.stem: read_tree(path) for path in sorted((shipped() / "vocabulary").glob("*.yaml"))}
    found, faults = read_vocabulary([trees])
    assert faults == []
    handling = found.handling
    assert sorted(handling.years) == list(range(2014, 2027))
    assert all(year.notices for year in handling.years.values())
    used = {(rule.procedure, rule.step) for rule in handling.rules}
    assert used == {(procedure.code, step) for procedure in handling.procedures.values() for step in procedure.steps}
    assert {rule.start for rule in handling.rules} == set(handling.starts)


def test_the_figures_are_those_that_repair_yaml_says_in_words() -> None:
    """Where both speak of a body's days, they agree: each figure of ours stands in the sentence of the same basis."""
    trees = {path.stem: read_tree(path) for path in sorted((shipped() / "vocabulary").glob("*.yaml"))}
    found, _ = read_vocabulary([trees])
    said: dict[str, str] = {}
    for way in (*found.repair.regimes, *found.repair.objections):
        for words in (way.deadline, getattr(way, "mark", None), way.doubt):
            for basis in way.basis:
                said[basis.split()[0]] = said.get(basis.split()[0], "") + (words.zh if words else "")
    for rule in found.handling.rules:
        sentence = said.get(rule.basis[0].split()[0], "")
        if rule.procedure in ("objection", "repair") and sentence and rule.count and rule.step != "reconsider":
            assert f"{rule.count} 个工作日" in sentence or f"{rule.count} 日" in sentence, rule.code


def test_the_files_are_where_the_readme_says() -> None:
    """Policy staff find them beside the other words."""
    guide = (shipped() / "README.md").read_text(encoding="utf-8")
    assert "# calendar.yaml" in guide
    assert "# deadlines.yaml" in guide
