"""The vocabulary: records as meaning, layers that only add, and no word that leads nowhere."""

from collections.abc import Mapping
from datetime import date

import pytest

from engine.calendar import Period
from engine.condition import Op
from engine.condition import Test as Check
from engine.errors import Fault
from engine.packs.lexicon import read_vocabulary
from engine.packs.library import shipped
from engine.packs.source import read_tree
from engine.vocabulary import Colour, DatedValue, FactType, Owner, Rank, Silence, Span, Vocabulary, Words
from tests.packs.conftest import CHECKED, WORDS, codes, layer


def test_lists(vocabulary: Vocabulary) -> None:
    """Colour, keeper, facts and term rules."""
    record = vocabulary.lists["defaulters"]
    assert (record.colour, record.keeper, record.fresh) == (Colour.BLACK, "spc", 1)
    assert (record.required, record.optional) == ({"listed", "ground"}, {"decided"})
    (rule,) = record.terms
    assert (rule.span, rule.start, rule.period) == (Span(date(2017, 5, 1)), "listed", Period(years=2))
    assert rule.when == Check("ground", Op.ONE_OF, ("2", "3"))
    assert rule.basis == ("采购法 2",)


def test_an_open_term_has_no_end() -> None:
    """`open: yes` is a rule without a period."""
    found, faults = changed("lists", "years: 2", "open: yes")
    assert faults == []
    assert found.lists["defaulters"].terms[0].period is None


def test_facts_scenarios_and_parameters(vocabulary: Vocabulary) -> None:
    """Types, silence, closed values; roles in order; money in fen."""
    assert vocabulary.facts["mandatory"].silent is Silence.UNKNOWN
    assert (vocabulary.facts["amount"].type, vocabulary.facts["amount"].owner) == (FactType.MONEY, Owner.ENTRY)
    assert vocabulary.facts["penalty"].values["fine"] == Words("罚款", "fine")
    scenario = vocabulary.scenarios["procurement"]
    assert (tuple(scenario.roles), scenario.consortium_taints, scenario.matters) == (
        ("supplier", "agency"),
        True,
        False,
    )
    assert vocabulary.parameters["large-fine"].values == (DatedValue(date(2022, 2, 8), 200_000_050),)
    assert vocabulary.parameters["few"].values == (DatedValue(date(2020, 1, 1), 3),)
    assert vocabulary.parameters["few"].read_on == "decided"


def test_instruments_places_and_the_basic_list(vocabulary: Vocabulary) -> None:
    """Versions in order of days, names by default the one cited, places by parent."""
    law = vocabulary.instruments["采购法"]
    assert (law.rank, law.name) == (Rank.LAW, Words("采购法", "Procurement Law"))
    assert (law.articles_on(date(2010, 1, 1)), law.articles_on(date(2020, 1, 1))) == (87, 88)
    assert vocabulary.inside("420881", "420000")
    assert vocabulary.basic_list.gate == date(2020, 12, 18)
    assert vocabulary.basic_list.items["M1"].level == 1
    assert vocabulary.heirs("saic") == {"saic", "samr"}


def changed(name: str, old: str, new: str) -> tuple[Vocabulary, list[Fault]]:
    """The small vocabulary with one text changed."""
    assert old in WORDS[name]
    return read_vocabulary([layer(**{**WORDS, name: WORDS[name].replace(old, new, 1)})])


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("lists", "keeper: spc", "keeper: spcc", "P222"),
        ("lists", "required: [listed, ground]", "required: [listed, grond]", "P222"),
        ("lists", "required: [listed, ground]", "required: [listed, ground, mandatory]", "P222"),
        ("lists", "optional: [decided]", "optional: [decided, ground]", "P229"),
        ("lists", "start: listed", "start: published", "P222"),
        ("lists", "ground: [2, 3]", "serious: yes", "P222"),
        ("lists", "basis: [采购法 2]", "basis: [招标法 2]", "P222"),
        ("lists", "years: 2, ", "", "P231"),
        ("lists", "years: 2", "years: 2, open: yes", "P231"),
        ("lists", "colour: black", "colour: blak", "P123"),
        ("scenarios", "consults: [defaulters]", "consults: [defaulter]", "P222"),
        ("scenarios", "moment: cut_off", "moment: cutoff", "P123"),
        ("scenarios", "commitment:", "spare:", "P221"),
        ("issuers", "successors: [samr]", "successors: [sam]", "P222"),
        ("instruments", "issuers: [mof]", "issuers: [moff]", "P222"),
        ("instruments", "rank: law", "rank: local-regulation", "P122"),
        ("instruments", "rank: law", "rank: law, jurisdiction: '420881'", "P231"),
        ("instruments", "from: 2003-01-01}", "from: 2003-02-30}", "P201"),
        ("jurisdictions", "parent: '420000'", "parent: '420001'", "P222"),
        ("jurisdictions", "parent: '420000'", "parent: '420881'", "P222"),
        ("jurisdictions", "'420881'", "national", "P221"),
        ("matters", "[permit]", "[procurement]", "P222"),
        ("matters", "food:", "all:", "P221"),
        ("facts", "ground:", "document:", "P221"),
        ("facts", "of: inquiry, type: flag", "of: entry, type: flag", "P231"),
        ("facts", "{of: entry, type: code, zh: 种类", "{of: entry, type: money, zh: 种类", "P231"),
        ("parameters", "read_on: decided", "read_on: decide", "P222"),
        ("parameters", "value: 2000000.50", "value: 2000000.505", "P215"),
        ("parameters", "value: 3", "value: 3.5", "P215"),
        ("parameters", "basis: 采购法 2", "basis: 招标法 2", "P222"),
        ("parameters", "unit: times, ", "", "P122"),
        ("parameters", "read_on: prevailing", "by_field: {grund: {a: 3}}\n  read_on: prevailing", "P222"),
        ("basic_list", "editions: ['2021'], basis", "editions: ['2022'], basis", "P222"),
        ("basic_list", "instrument: 财库〔2022〕3号", "instrument: 财库〔2022〕4号", "P222"),
        ("basic_list", "class: 1", "class: 4", "P123"),
        ("basic_list", "gate:", "gates:", "P121"),
    ],
)
def test_each_wrong_word(name: str, old: str, new: str, code: str) -> None:
    """A word that leads nowhere, a reserved one, a rule that says nothing: one fault, at its line."""
    _, faults = changed(name, old, new)
    assert code in codes(faults)
    fault = faults[codes(faults).index(code)]
    assert fault.place.file == f"{name}.yaml"
    assert fault.place.line >= 1
    assert fault.zh


def test_a_record_with_faults_still_stands() -> None:
    """So that a pack which uses it is not blamed."""
    found, faults = changed("lists", "keeper: spc", "keper: spc")
    assert faults
    assert "defaulters" in found.lists


LATER: Mapping[str, str] = {
    "jurisdictions": "'420822': {zh: 沙洋县, en: Shayang, parent: '420000'}\n",
    "parameters": "large-fine: {values: [{from: 2023-01-01, jurisdiction: '420822', value: 50000, basis: [采购法 2]}],"
    " by_field: {penalty: {fine: 90000}}}\n",
}


def test_a_layer_adds(vocabulary: Vocabulary) -> None:
    """Words, places and dated values; what was there stays."""
    found, faults = read_vocabulary([layer(**WORDS), layer(**LATER)])
    assert faults == []
    assert set(found.jurisdictions) == {*vocabulary.jurisdictions, "420822"}
    fine = found.parameters["large-fine"]
    assert fine.values == (
        *vocabulary.parameters["large-fine"].values,
        DatedValue(date(2023, 1, 1), 5_000_000, "420822"),
    )
    assert (fine.field_fact, fine.by_field) == ("penalty", {"fine": 9_000_000})
    assert fine.name == vocabulary.parameters["large-fine"].name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("issuers", "mof: {zh: 别的, en: other}\n"),
        ("lists", f"defaulters: {{zh: 甲, en: a, colour: red, keeper: mof, fresh: 1, facts: {{}}, {CHECKED}}}\n"),
        ("parameters", "large-fine: {zh: 甲, values: [{from: 2023-01-01, value: 1, basis: [采购法 2]}]}\n"),
        ("parameters", "large-fine: {values: [{from: 2022-02-08, value: 1, basis: [采购法 2]}]}\n"),
        ("basic_list", "gate: {from: 2021-01-01, basis: [采购法 2]}\n"),
        ("basic_list", "items: {M1: {class: 2, zh: 甲, en: a, editions: ['2021']}}\n"),
    ],
)
def test_a_layer_changes_nothing(name: str, text: str, vocabulary: Vocabulary) -> None:
    """A repeated code is a fault that says where the first one stands."""
    found, faults = read_vocabulary([layer(**WORDS), layer(**{name: text})])
    assert "P221" in codes(faults)
    assert found == vocabulary


def test_a_stray_file_is_named() -> None:
    """`scenario.yaml` would otherwise be ignored in silence."""
    _, faults = read_vocabulary([layer(**WORDS, scenario="a: b\n")])
    assert codes(faults) == ["P220"]
    assert faults[0].help_en == "did you mean `scenarios`?"


@pytest.mark.parametrize(
    "text", ["", "a", "[a]", "a: b", "a: [b]", "a: {b: {c: d}}", "a: {values: x, facts: [y], terms: {z: z}}"]
)
@pytest.mark.parametrize("name", sorted(WORDS))
def test_no_file_makes_it_raise(name: str, text: str) -> None:
    """A wrong file is faults."""
    _, faults = read_vocabulary([layer(**{**WORDS, name: text})])
    assert faults


def test_the_shipped_vocabulary_is_sound() -> None:
    """Every word of it leads somewhere."""
    trees = {path.stem: read_tree(path) for path in sorted((shipped() / "vocabulary").glob("*.yaml"))}
    assert read_vocabulary([trees])[1] == []
