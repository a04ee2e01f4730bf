"""Packs into memoranda: the defaults of the README, one fault for each wrong word, all of them in one run."""

from collections.abc import Callable
from datetime import date

import pytest

from engine.calendar import Period
from engine.citation import Citation
from engine.condition import ALWAYS, Op
from engine.condition import Test as Check
from engine.model import Checked, Duty, Form, Measure, Reach, Term, Window
from engine.packs.build import Built, build_pack
from engine.vocabulary import Span, Vocabulary, Words
from tests.packs.conftest import HEAD, codes, measure, tree

Build = Callable[..., Built]


def test_the_head(build: Build) -> None:
    """The document as it names itself."""
    found = build(measure()).memorandum
    assert found is not None
    assert (found.code, found.path, found.number, found.kind) == (
        "notice",
        "national/notice.yaml",
        "财库〔2022〕3号",
        "punishment",
    )
    assert found.title == Words("关于某事的通知", "Notice on something")
    assert (found.form, found.jurisdiction) == (Form.NORMATIVE_DOCUMENT, "national")
    assert (found.issued, found.span) == (date(2022, 1, 5), Span(date(2022, 2, 8)))
    assert (found.issuers, found.lists) == (("mof",), ("defaulters",))


def test_the_defaults_of_a_measure(build: Build) -> None:
    """What is not written is what the README says."""
    found = build(measure()).memorandum
    assert found is not None
    (one,) = found.measures
    assert one.id == "notice#一"
    assert (one.pack, one.span, one.form, one.jurisdiction) == ("notice", found.span, found.form, "national")
    assert (one.lists, one.on_inquiry, one.matters, one.roles) == (("defaulters",), False, (), ())
    assert (one.duty, one.reaches, one.window, one.ends) == (Duty.MUST, (Reach.SELF,), Window.LISTED, ())
    assert (one.at, one.when, one.unless, one.term) == ("prevailing", ALWAYS, None, None)
    assert (one.given, one.lifts, one.lifts_inquiry, one.withholds, one.route) == ((), (), False, (), "")
    assert (one.condition, one.contested, one.then, one.note) == (None, None, {}, None)
    assert one.checked == Checked("text", date(2026, 11, 21), "high")
    assert not one.draft
    assert one.basis == (Citation("采购法", (22, 1, 5)),)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("存疑", "存疑", "存疑"),
        ("{zh: 存疑, en: doubtful}", "存疑", "doubtful"),
        ("{zh: '第一 行 Order 36 号', en: 'a line'}", "第一行 Order 36 号", "a line"),
    ],
)
def test_a_note_in_one_language_stands_for_both(build: Build, written: str, zh: str, en: str) -> None:
    """In both, each has its own; where lines of Chinese were joined there is no blank."""
    found = only(build, note=written)
    assert isinstance(found, Measure)
    assert found.note == Words(zh, en)


def only(build: Build, **keys: str | None) -> object:
    """The one measure of a sound pack."""
    built = build(measure(**keys), measure(clause="二"))
    assert built.faults == ()
    assert built.memorandum is not None
    return built.memorandum.measures[0]


@pytest.mark.parametrize(
    ("keys", "attribute", "wanted"),
    [
        ({"lists": "[penalties]"}, "window", Window.DECIDED),
        ({"lists": "[penalties]", "while_": "listed"}, "window", Window.LISTED),
        ({"lists": "[penalties, defaulters]", "while_": "ban"}, "window", Window.BAN),
        ({"lists": "[penalties]", "ends": "[repaired]"}, "ends", ("repaired",)),
        ({"stands_on": "inquiry"}, "on_inquiry", True),
        ({"stands_on": "inquiry"}, "lists", ()),
        ({"stands_on": "inquiry"}, "window", None),
        ({"matters": "all", "scenarios": "[permit]"}, "matters", ("all",)),
        ({"matters": "[food]", "scenarios": "[permit]"}, "draft", False),
        ({"scenarios": "[permit]"}, "draft", True),
        ({"checked": "{by: memory, on: 2026-11-21, confidence: high}"}, "draft", True),
        ({"checked": "{by: text, on: 2026-11-21, confidence: low}"}, "draft", True),
        ({"effect": "lift", "lifts": "[二]"}, "lifts", ("notice#二",)),
        ({"effect": "lift", "lifts": "[notice#二, other#九]"}, "lifts", ("notice#二", "other#九")),
        ({"effect": "lift", "lifts": "[二]", "scope": "inquiry"}, "lifts_inquiry", True),
        ({"given": "[二]"}, "given", ("notice#二",)),
        ({"effect": "withhold", "withholds": "all"}, "withholds", ("all",)),
        ({"effect": "withhold", "withholds": "[green_channel, spare]"}, "withholds", ("green_channel", "spare")),
        (
            {"effect": "withhold", "scenarios": "[permit]", "matters": "all", "withholds": "[commitment]"},
            "withholds",
            ("commitment",),
        ),
        (
            {"effect": "route", "scenarios": "[permit]", "matters": "all", "route": "commitment"},
            "benefit",
            "commitment",
        ),
        ({"effect": "limit"}, "condition", Words("不得参加", "may not take part")),
        (
            {"effect": "limit", "condition": "{zh: 缴保证金, en: a deposit}"},
            "condition",
            Words("缴保证金", "a deposit"),
        ),
        ({"term": "{from: listed, years: 3}"}, "term", Term("listed", Period(years=3))),
        ({"then": "{zh: 报告, en: report}"}, "then", {"": Words("报告", "report")}),
        ({"then": "{awarded: {zh: 撤销, en: cancel}}"}, "then", {"awarded": Words("撤销", "cancel")}),
        ({"by": "all-issuers"}, "by", ("all-issuers",)),
        ({"at": "award"}, "at", "award"),
        ({"when": "{ground: [2, 3]}"}, "when", Check("ground", Op.ONE_OF, ("2", "3"))),
        ({"list_item": "M1"}, "list_item", "M1"),
        ({"roles": "[agency]"}, "roles", ("agency",)),
    ],
)
def test_what_keys_mean(build: Build, keys: dict[str, str], attribute: str, wanted: object) -> None:
    """Each key as meaning."""
    assert getattr(only(build, **keys), attribute) == wanted


def test_a_question_for_a_lawyer(build: Build) -> None:
    """`contested` keeps who, what and from when."""
    one = only(build, contested="{by: 法制办, question: {zh: 是否, en: whether}, from: 2020-12-18}")
    contested = one.contested  # type: ignore[attr-defined]
    assert (contested.by, contested.question.en, contested.since) == ("法制办", "whether", date(2020, 12, 18))


@pytest.mark.parametrize(
    ("keys", "code", "help_en"),
    [
        ({"lists": "[defaultars]"}, "P202", "did you mean `defaulters`?"),
        ({"scenarios": "[procurment]"}, "P203", "did you mean `procurement`?"),
        ({"roles": "[supplyer]"}, "P204", "did you mean `supplier`?"),
        ({"roles": "[applicant]"}, "P204", "known: supplier, agency"),
        ({"by": "[moff]"}, "P205", "did you mean `mof`?"),
        ({"scenarios": "[permit]", "matters": "[foods]"}, "P206", "did you mean `food`?"),
        ({"matters": "[food]"}, "P206", ""),
        ({"when": "{grund: 3}"}, "P207", "did you mean `ground`?"),
        ({"lists": "[penalties]", "when": "{amount: {above: large_fine}}"}, "P208", "did you mean `large-fine`?"),
        ({"at": "awarded"}, "P209", "did you mean `award`?"),
        ({"then": "{award: {zh: 撤销, en: cancel}}"}, "P209", "did you mean `awarded`?"),
        ({"list_item": "M2"}, "P210", "known: M1"),
        ({"effect": "withhold", "withholds": "[green-channel]"}, "P211", "did you mean `green_channel`?"),
        ({"effect": "route", "route": "commitment"}, "P211", ""),
        ({"effect": "withhold", "withholds": "[commitment]"}, "P211", None),
        ({"lifts": "[二]"}, "P217", ""),
        ({"effect": "lift"}, "P217", ""),
        ({"effect": "withhold"}, "P217", ""),
        ({"scope": "inquiry"}, "P217", ""),
        ({"condition": "{zh: 甲, en: a}"}, "P217", ""),
        ({"stands_on": "inquiry", "lists": "[defaulters]"}, "P217", ""),
        ({"ends": "[repaired]"}, "P217", ""),
        ({"clause": "二"}, "P218", "add a word to tell them apart"),
        ({"given": "[三十]"}, "P219", None),
        ({"effect": "lift", "lifts": "[notice#三]"}, "P219", None),
        ({"lists": "[defaulters, penalties]"}, "P225", ""),
        ({"when": "{amount: {above: 1}}"}, "P226", ""),
        ({"term": "{from: published, years: 3}"}, "P226", ""),
        ({"stands_on": "inquiry", "when": "{ground: 3}"}, "P227", ""),
        ({"roles": "[agency, agency]"}, "P229", ""),
        ({"term": "{from: listed}"}, "P230", "as in {from: listed, years: 3}"),
        ({"checked": "{by: text, on: 2026-02-30, confidence: high}"}, "P201", None),
    ],
)
def test_each_wrong_word(build: Build, keys: dict[str, str], code: str, help_en: str | None) -> None:
    """One fault, with the clause and the document it stands in, and no memorandum."""
    built = build(measure(**keys), measure(clause="二"))
    assert codes(built.faults) == [code]
    assert built.memorandum is None
    (fault,) = built.faults
    assert fault.title == "关于某事的通知"
    assert fault.clause in ("一", "二")
    assert help_en is None or fault.help_en == help_en


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("issuers: [mof]", "issuers: [moff]", "P205"),
        ("lists: [defaulters]", "lists: [defaulter]", "P202"),
        ("jurisdiction: national", "jurisdiction: '420882'", "P212"),
        ("issued: 2022-01-05", "issued: 2022-02-30", "P201"),
        ("{from: 2022-02-08}", "{from: 2022-02-08, until: 2022-02-07}", "P228"),
        ("lists: [defaulters]\n", "", "P224"),
        ("checked: {by: text, on: 2026-11-21, confidence: high}\n", "", "P122"),
        ("form: normative-document", "form: memo", "P123"),
    ],
)
def test_each_wrong_word_of_the_head(build: Build, old: str, new: str, code: str) -> None:
    """The head is checked like a measure."""
    built = build(measure(), head=HEAD.replace(old, new))
    assert codes(built.faults) == [code]
    assert built.memorandum is None


def test_every_fault_in_one_run(build: Build) -> None:
    """Form and words of several measures, in the order of the file, each with its clause."""
    built = build(measure(efect="x", lists="[nope]"), measure(clause="二", effect="barr", by="[nope]"))
    assert [(fault.code, fault.clause) for fault in built.faults] == [
        ("P121", "一"),
        ("P202", "一"),
        ("P123", "二"),
        ("P205", "二"),
    ]


def test_a_fault_of_the_head_has_no_clause(build: Build) -> None:
    """Only what stands among the measures is of a clause."""
    (fault,) = build(measure(), head=HEAD.replace("[mof]", "[moff]")).faults
    assert fault.clause == ""


def test_what_stands_before_a_syntax_error_is_checked(vocabulary: Vocabulary) -> None:
    """A cut file tells its earlier faults, and nothing about the part that was not read."""
    text = HEAD + measure(lists="[nope]") + measure(clause="二", effect="bar: x")
    assert codes(build_pack(tree(text), "notice", "notice.yaml", vocabulary).faults) == ["P202", "P104"]


@pytest.mark.parametrize(
    "text", ["", "a", "[]", "measures: x", "measures: [x]", "title: [a]\nmeasures: [{clause: {a: b}}]"]
)
def test_no_file_makes_it_raise(text: str, vocabulary: Vocabulary) -> None:
    """A file that is no pack is faults."""
    built = build_pack(tree(text), "notice", "notice.yaml", vocabulary)
    assert built.memorandum is None
    assert built.faults
