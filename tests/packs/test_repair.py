"""Ways back: which regime of repair and which objection counts, by list, keeper, colour, place and day."""

from datetime import date
from pathlib import Path

import pytest

from engine.errors import Fault
from engine.packs.lexicon import read_vocabulary
from engine.packs.library import shipped
from engine.packs.source import read_tree
from engine.reading import Checked, Words
from engine.vocabulary import NATIONAL, Vocabulary
from tests.packs.conftest import CHECKED, WORDS, codes, layer

ZHONGXIANG, YICHANG, HENAN, ZHENGZHOU, SHENZHEN = "420881", "420500", "410000", "410100", "440300"


@pytest.fixture(scope="module")
def law() -> Vocabulary:
    """The shipped vocabulary."""
    trees = {path.stem: read_tree(path) for path in sorted((shipped() / "vocabulary").glob("*.yaml"))}
    found, faults = read_vocabulary([trees])
    assert faults == []
    return found


def regime(law: Vocabulary, code: str, day: str, place: str | None = NATIONAL) -> str:
    """The code of the regime that counts; `never: CODE` where there is no repair; nothing where nothing is known."""
    on = date.fromisoformat(day)
    found, none = law.repair_for(code, on, place), law.no_repair_for(code, on, place)
    assert found is None or none is None
    return found.code if found else f"never: {none.code}" if none else ""


def objection(law: Vocabulary, code: str, day: str, place: str | None = NATIONAL) -> str:
    """The code of the objection that counts."""
    found = law.objection_for(code, place, date.fromisoformat(day))
    return found.code if found else ""


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        # In general: the national regimes follow each other without a gap.
        ("administrative-penalties", "2019-06-30", ""),
        ("administrative-penalties", "2019-07-01", "r1"),
        ("administrative-penalties", "2023-04-30", "r1"),
        ("administrative-penalties", "2023-05-01", "r2"),
        ("administrative-penalties", "2026-03-31", "r2"),
        ("administrative-penalties", "2026-04-01", "r3"),
        ("environment-violators", "2017-10-29", ""),
        ("environment-violators", "2017-10-30", "black-lists-2017"),
        ("environment-violators", "2023-04-30", "black-lists-2017"),
        ("environment-violators", "2023-05-01", "r2"),
        ("environment-violators", "2026-03-31", "r2"),
        ("environment-violators", "2026-04-01", "r3-serious"),
        # A keeper's own regime goes before the general one, also where that is younger.
        ("serious-illegal-enterprises", "2021-08-31", "never: serious-illegal-before-2021"),
        ("serious-illegal-enterprises", "2021-09-01", "r2m"),
        ("serious-illegal-enterprises", "2023-05-01", "r2m"),
        ("serious-illegal-enterprises", "2025-12-24", "r2m"),
        ("serious-illegal-enterprises", "2025-12-25", "r3m"),
        ("serious-illegal-enterprises", "2026-04-01", "r3m"),
        ("food-drug-violators", "2025-12-24", "r2m"),
        ("food-drug-violators", "2025-12-25", "r3m"),
        ("tourism-violators", "2021-12-31", "black-lists-2017"),
        ("tourism-violators", "2022-01-01", "culture-2022"),
        # A list's own rule goes before both.
        ("abnormal-operation", "2025-12-24", "abnormal-operation-2021"),
        ("abnormal-operation", "2025-12-25", "abnormal-operation-2025"),
        ("judgment-defaulters", "2013-09-30", ""),
        ("judgment-defaulters", "2017-04-30", "court-2013"),
        ("judgment-defaulters", "2017-05-01", "court-2017"),
        ("judgment-defaulters", "2026-04-01", "court-2017"),
        ("tax-violators", "2022-01-31", "tax-2019"),
        ("tax-violators", "2022-02-01", "tax-2022"),
        ("wage-defaulters", "2021-12-31", "black-lists-2017"),
        ("wage-defaulters", "2022-01-01", "wages-2022"),
        ("safety-violators", "2023-09-30", "r2"),
        ("safety-violators", "2023-10-01", "safety-2023"),
        ("customs-untrustworthy", "2026-03-31", "customs-2021"),
        ("customs-untrustworthy", "2026-04-01", "customs-2026"),
        # No way back, nothing to come back from, nothing known.
        ("permit-frauds", "2026-04-01", "never: permit-frauds"),
        ("red-list", "2026-04-01", ""),
        ("criminal-convictions", "2026-04-01", ""),
        ("no-such-list", "2026-04-01", ""),
    ],
)
def test_the_regime_that_counts(law: Vocabulary, code: str, day: str, expected: str) -> None:
    """On the first and the last day of each."""
    assert regime(law, code, day) == expected


@pytest.mark.parametrize(
    ("code", "day", "place", "expected"),
    [
        ("environment-violators", "2018-05-07", ZHONGXIANG, "black-lists-2017"),
        ("environment-violators", "2018-05-08", ZHONGXIANG, "zhongxiang-2018"),
        ("environment-violators", "2023-04-30", ZHONGXIANG, "zhongxiang-2018"),
        ("environment-violators", "2023-05-01", ZHONGXIANG, "r2"),
        ("environment-violators", "2018-05-08", "420800", "black-lists-2017"),
        ("environment-violators", "2020-05-01", ZHENGZHOU, "henan-2020"),
        ("environment-violators", "2026-04-01", SHENZHEN, "shenzhen-2023"),
        ("judgment-defaulters", "2020-05-01", HENAN, "court-2017"),
        ("administrative-penalties", "2020-05-01", HENAN, "r1"),
        ("environment-violators", "2020-05-01", "999999", "black-lists-2017"),
        ("environment-violators", "2020-05-01", None, "black-lists-2017"),
    ],
)
def test_the_nearest_place_counts(law: Vocabulary, code: str, day: str, place: str | None, expected: str) -> None:
    """A local rule reaches what lies inside; a narrower national one goes before it."""
    assert regime(law, code, day, place) == expected


@pytest.mark.parametrize(
    ("code", "day", "place", "expected"),
    [
        ("environment-violators", "2017-10-29", NATIONAL, ""),
        ("environment-violators", "2017-10-30", NATIONAL, "national-2017"),
        ("environment-violators", "2025-06-21", None, "national-2017"),
        ("environment-violators", "2025-06-22", NATIONAL, "national-2025"),
        ("environment-violators", "2020-04-30", ZHENGZHOU, "national-2017"),
        ("environment-violators", "2020-05-01", ZHENGZHOU, "henan"),
        ("red-list", "2024-01-01", SHENZHEN, "shenzhen"),
        ("judgment-defaulters", "2017-04-30", HENAN, "court-2013"),
        ("judgment-defaulters", "2017-05-01", HENAN, "court-2017"),
        ("no-such-list", "2024-01-01", HENAN, ""),
    ],
)
def test_the_objection_that_counts(law: Vocabulary, code: str, day: str, place: str | None, expected: str) -> None:
    """The courts' own before the local ones, those before the national."""
    assert objection(law, code, day, place) == expected


def test_what_a_regime_says(law: Vocabulary) -> None:
    """To whom, on what conditions, after how long, in how many days; and how sure we are."""
    found = law.repair_for("serious-illegal-enterprises", date(2026, 1, 1))
    assert found
    assert "1 年" in (found.minimum or Words("", "")).zh
    assert (found.deadline or Words("", "")).en.startswith("7 working days")
    assert found.basis == ("国家市场监督管理总局令第107号",)
    assert found.checked == Checked("press", date(2026, 11, 21), "medium")
    court = law.repair_for("judgment-defaulters", date(2026, 1, 1))
    assert court
    assert "执行法院" in court.apply_to.zh
    assert (court.deadline or Words("", "")).en == "deleted within 3 working days"


def test_what_is_remembered_is_not_told_as_fact(law: Vocabulary) -> None:
    """A row from memory, or of low confidence, is a draft."""
    sure = {rule.code: not rule.checked.draft for rule in law.repair.regimes}
    assert [code for code, known in sure.items() if not known] == [
        "tax-2016",
        "tax-2019",
        "tax-2022",
        "culture-2022",
        "customs-2021",
        "customs-2026",
    ]


def test_a_sector_exit_shorter_than_the_general_minimum_is_doubted(law: Vocabulary) -> None:
    """Six months against a year: the sector rule for now, and a person decides."""
    for code in ("tax-violators", "wage-defaulters", "tourism-violators"):
        found = law.repair_for(code, date(2026, 4, 1))
        assert found
        assert found.doubt
        assert "由人判断" in found.doubt.zh


def test_each_row_cites_what_was_in_force(law: Vocabulary) -> None:
    """From its first day to its last, every instrument a row stands on."""
    rules = law.repair
    for rule in (*rules.regimes, *rules.objections, *rules.not_repairable):
        span = rule.scope.span
        assert span.since
        # A row may run on where a later document adds to it, but it begins with the first it cites.
        spans = [law.instruments[text.partition(" ")[0]].span for text in rule.basis]
        assert any(one.holds(span.since) for one in spans), rule.code
        assert any(one.until is None or (span.until and one.holds(span.until)) for one in spans), rule.code


# -- what is written wrongly

ROW = "zh: 修复, en: repair, basis: [采购法 2], " + CHECKED
TO = "apply_to: {zh: 认定单位, en: the finding body}, conditions: {zh: 已纠正, en: corrected}"


def told(text: str, later: str = "") -> tuple[Vocabulary, list[Fault]]:
    """The small vocabulary with this `repair.yaml`, and perhaps one of a later layer."""
    layers = [layer(**WORDS, repair=text)]
    return read_vocabulary([*layers, layer(repair=later)] if later else layers)


def regimes(*rows: str) -> str:
    """A file of regimes; each row adds its keys to the usual ones."""
    return "regimes:\n" + "".join(f"  r{number}: {{{ROW}, {TO}, {row}}}\n" for number, row in enumerate(rows, 1))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (regimes("lists: [defaulter]"), "P222"),
        (regimes("keepers: [spcc]"), "P222"),
        (regimes("colours: [blak]"), "P123"),
        (regimes("spared: [defaulter]"), "P222"),
        (regimes("lists: []"), "P126"),
        (regimes("lists: [defaulters, defaulters]"), "P229"),
        (regimes("jurisdiction: '420822'"), "P222"),
        (regimes("lists: [defaulters], colours: [black]"), "P231"),
        (regimes("from: 2020-02-30"), "P201"),
        (regimes("from: 2020-01-02, until: 2020-01-01"), "P228"),
        (regimes("colours: [black]").replace("采购法", "招标法"), "P222"),
        (regimes("colours: [black]").replace(f", {TO}", ""), "P122"),
        (regimes("colours: [black]").replace(", " + CHECKED, ""), "P122"),
        (regimes("colours: [black]").replace("regimes", "regime"), "P121"),
        (regimes("mark: {zh: 标注, en: marked}"), "P121"),
        # until the last day, inclusive
        (regimes("until: 2020-01-01", "from: 2020-01-01"), "P232"),
        (regimes("lists: [defaulters]", "lists: [penalties, defaulters], from: 2020-01-01"), "P232"),
        (regimes("lists: [defaulters]") + f"not_repairable: {{no: {{{ROW}, lists: [defaulters]}}}}\n", "P232"),
        (f"objections: {{a: {{{ROW}, {TO}}}}}", "P121"),
        (regimes(""), ""),
        (regimes("until: 2019-12-31", "from: 2020-01-01"), ""),
        (regimes("colours: [black]", "colours: [record]", "keepers: [spc]", "lists: [defaulters]", ""), ""),
        (regimes("", "jurisdiction: '420000'", "jurisdiction: '420881'"), ""),
    ],
)
def test_each_wrong_row(text: str, code: str) -> None:
    """A word that leads nowhere, two scopes in one row, two rows for one entry: a fault; what goes together: none."""
    _, faults = told(text)
    assert (code in codes(faults)) if code else faults == []
    assert all(fault.place.file == "repair.yaml" for fault in faults)


def test_an_overlap_is_told_once_at_the_later_row() -> None:
    """However many lists the two rows share."""
    both = "lists: [defaulters, penalties]"
    _, (fault,) = told(regimes(f"{both}, from: 2020-01-01", f"{both}, until: 2020-06-30"))
    assert (fault.code, fault.place.line) == ("P232", 2)
    assert "`r2`" in fault.en


def test_a_later_layer_adds_and_never_changes() -> None:
    """A local row stands beside the national one; the same code, or the same entries and days, is a fault."""
    first = regimes("colours: [black], from: 2020-01-01")
    local = regimes("colours: [black], jurisdiction: '420881'").replace("r1", "local")
    found, faults = told(first, local)
    assert faults == []
    assert regime(found, "defaulters", "2021-01-01") == "r1"
    assert regime(found, "defaulters", "2021-01-01", ZHONGXIANG) == "local"
    assert codes(told(first, first)[1]) == ["P221"]
    assert codes(told(first, first.replace("r1", "other"))[1]) == ["P232"]


def test_an_entry_is_found_through_the_bodies_that_took_over() -> None:
    """What the old body kept is repaired by the rule of the new one."""
    words = {**WORDS, "lists": WORDS["lists"].replace("keeper: mof", "keeper: saic")}
    found, faults = read_vocabulary([layer(**words, repair=regimes("keepers: [samr]"))])
    assert faults == []
    assert regime(found, "penalties", "2021-01-01") == "r1"
    assert regime(found, "defaulters", "2021-01-01") == ""


def test_a_row_without_its_checking_is_the_least_sure() -> None:
    """It still stands under its code, but as a draft."""
    found, faults = told(regimes("colours: [black]").replace(", " + CHECKED, ""))
    assert codes(faults) == ["P122"]
    assert found.repair.regimes[0].checked.draft


@pytest.mark.parametrize(
    "text", ["a", "[a]", "regimes: a", "regimes: [a]", "regimes: {a: b}", "regimes: {a: {lists: b, checked: c}}"]
)
def test_no_file_makes_it_raise(text: str) -> None:
    """A wrong file is faults."""
    assert told(text)[1]


def test_a_vocabulary_without_the_file_knows_no_way_back(vocabulary: Vocabulary) -> None:
    """None, which is not the same as none."""
    assert regime(vocabulary, "defaulters", "2021-01-01") == ""
    assert objection(vocabulary, "defaulters", "2021-01-01") == ""


def test_every_list_of_the_library_has_an_answer_today(law: Vocabulary) -> None:
    """Black lists above all: repair or the reason why not, and someone to object to."""
    for code, record in law.lists.items():
        assert objection(law, code, "2026-11-21")
        if record.colour == "black":
            assert regime(law, code, "2026-11-21"), code


def test_the_file_is_where_the_readme_says() -> None:
    """Policy staff find it beside the other words."""
    assert "# repair.yaml" in (Path(shipped()) / "README.md").read_text(encoding="utf-8")
