"""Which column is what: the words of the forms, of the vocabulary and of a list's own file; and what is wrong."""

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import RefusedInput
from engine.inquiry import DATES
from engine.packs.source import read_tree
from engine.packs.tree import Tree
from engine.registry import headings as module
from engine.registry.headings import Column, Columns, columns_of, fields_of, plain_heading, read_mapping
from engine.vocabulary import Owner
from tests.registry.filing import LIST, taken, vocabulary

PENALTIES = "administrative-penalties"


def of(*headings: str, list_code: str = LIST, mapping: Path | None = None) -> Columns:
    """The columns under these headings."""
    words = vocabulary()
    return columns_of(headings, words, list_code, read_mapping(mapping, words, list_code) if mapping else None)


def fields(*headings: str, list_code: str = LIST, mapping: Path | None = None) -> list[str]:
    """Which field each column holds."""
    return [column.field for column in of(*headings, list_code=list_code, mapping=mapping).columns]


def refused(*headings: str, list_code: str = LIST) -> list[str]:
    """The codes for which these headings are refused."""
    with pytest.raises(RefusedInput) as found:
        of(*headings, list_code=list_code)
    assert all(fault.zh and fault.en for fault in found.value.faults)
    return [fault.code for fault in found.value.faults]


def shipped() -> Tree:
    """The shipped words of headings."""
    return read_tree(Path(module.__file__).with_name("headings.yaml"))


def mapping(tmp_path: Path, text: str) -> Path:
    """A mapping file."""
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mapping_faults(tmp_path: Path, text: str, list_code: str = LIST) -> list[tuple[str, int]]:
    """Codes and lines of what is wrong with a mapping file."""
    with pytest.raises(RefusedInput) as found:
        read_mapping(mapping(tmp_path, text), vocabulary(), list_code)
    return [(fault.code, fault.place.line) for fault in found.value.faults]


# -- the shipped words


def test_the_shipped_file_is_sound() -> None:
    """No fault of form, no word for two fields, no field, code or unit that nobody knows."""
    tree = shipped()
    assert tree.faults == ()
    words, value = vocabulary(), tree.value
    assert isinstance(value, dict)
    assert set(value) == {"headings", "units", "kinds", "values"}
    facts = {code for code, fact in words.facts.items() if fact.owner is Owner.ENTRY}
    assert set(value["headings"]) <= {*module.OWN, *DATES, *facts}
    plain = [plain_heading(word) for section in value["headings"].values() for word in section]
    assert len(plain) == len(set(plain))
    assert set(value["units"]) <= set(module.UNITS)
    assert set(value["kinds"]) == set(module.KINDS)
    for fact, codes in value["values"].items():
        assert set(codes) <= set(words.facts[fact].values)


@pytest.mark.parametrize("list_code", sorted(vocabulary().lists))
def test_every_list_reads_its_own_words(list_code: str) -> None:
    """By code, in Chinese and in English, every field a row of the list may have finds its column."""
    known = fields_of(vocabulary(), list_code)
    assert set(vocabulary().lists[list_code].required) <= set(known)
    for said in (list(known), [w.zh for w in known.values()], [w.en for w in known.values()]):
        assert fields(*said, list_code=list_code) == list(known)


def test_the_double_publicity_form_is_read() -> None:
    """The columns of the form by their names; those of the legal representative are nobody's here."""
    form = {
        "行政相对人名称": "name",
        "行政相对人类别": "kind",
        "行政相对人代码_1（统一社会信用代码）": "code",
        "行政相对人代码_2 (工商注册号)": "registration_number",
        "行政相对人代码_3(组织机构代码)": "organisation_code",
        "行政相对人代码_4(税务登记号)": "",
        "法定代表人": "",
        "法定代表人证件号码": "",
        "证件类型": "",
        "证件号码": "person_number",
        "行政处罚决定书文号": "document",
        "违法事实": "",
        "处罚类别": "penalty",
        "处罚内容": "",
        "罚款金额（万元）": "amount",
        "没收违法所得、没收非法财物的金额（万元）": "",
        "处罚决定日期": "decided",
        "处罚有效期": "",
        "公示截止期": "expires",
        "处罚机关": "body",
        "处罚机关统一社会信用代码": "",
        "因违法经营": "for_business",
    }
    found = of(*form, list_code=PENALTIES)
    assert [column.field for column in found.columns] == list(form.values())
    assert found.columns[list(form).index("罚款金额（万元）")].unit == 10_000
    (note,) = found.notes
    assert (note.code, note.severity) == ("R404", "note")
    assert "处罚有效期" in note.zh


def test_the_forms_column_codes_are_read_with_their_unit() -> None:
    """CF_NR_FK is in 万元 by the standard, though its heading does not say so."""
    found = of("CF_XDR_MC", "cf_xdr_shxym", "CF_JDRQ", "CF_WSH", "CF_NR_FK", list_code=PENALTIES)
    assert [column.field for column in found.columns] == ["name", "code", "decided", "document", "amount"]
    assert found.columns[-1].unit == 10_000


@pytest.mark.parametrize(
    ("heading", "field", "unit"),
    [
        ("罚款金额", "amount", 1),
        ("罚款金额（元）", "amount", 1),
        ("罚款金额(万元)", "amount", 10_000),
        ("罚款金额（单位：万元）", "amount", 10_000),
        ("罚款金额（人民币亿元）", "amount", 100_000_000),
        ("罚款金额（美元）", "", 1),
        ("列入日期（万元）", "", 1),
    ],
)
def test_the_unit_of_money_may_stand_in_the_heading(heading: str, field: str, unit: int) -> None:
    """In brackets of any width; another currency is not taken for yuan, and no date is counted in money."""
    assert of("名称", "listed", heading).columns[2] == Column(heading, field, unit)


@given(
    st.sampled_from(["统一社会信用代码", "列入日期", "ban_from", "Day of listing"]), st.randoms(use_true_random=False)
)
def test_the_way_a_heading_is_written_does_not_matter(heading: str, chance: Random) -> None:
    """Width, case, blanks, line ends, the asterisk of a form's required field, a colon, a byte order mark."""
    wide = "".join(
        chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" and chance.random() < 0.5 else letter for letter in heading
    )
    spaced = "".join(letter + chance.choice(["", "", " ", "\n", "\u3000"]) for letter in wide)
    written = chance.choice(["", "*", "＊", "\ufeff"]) + spaced.swapcase() + chance.choice(["", ":", "：", "*"])
    assert plain_heading(written) == plain_heading(heading)


def test_what_differs_in_more_is_another_heading() -> None:
    """The code of the body that decided is not the subject's."""
    assert fields("名称", "列入日期", "处罚机关统一社会信用代码") == ["name", "listed", ""]
    assert fields("名称", "列入日期", "法定代表人身份证号") == ["name", "listed", ""]


# -- what is wrong


def test_one_field_in_two_columns_is_refused() -> None:
    """Both are named; so are all other faults at once."""
    assert refused("列入日期", "列入时间", "文书号", "案号") == ["R401", "R401", "R402"]
    with pytest.raises(RefusedInput) as found:
        of("名称", "列入日期", "列入时间")
    assert "列入时间" in found.value.faults[0].zh
    assert "day of listing" in found.value.faults[0].en


@pytest.mark.parametrize("heading", ["名称", "统一社会信用代码", "组织机构代码", "工商注册号", "身份证号码"])
def test_any_column_that_names_the_subject_will_do(heading: str) -> None:
    """A list of persons may have no codes, an old one no unified codes."""
    assert fields(heading, "列入日期")[1] == "listed"
    assert refused("列入日期", "文书号") == ["R402"]


def test_a_required_date_needs_its_column() -> None:
    """A fact that is required and has no column is unknown, and is said beside."""
    assert refused("名称", "罚款金额", list_code=PENALTIES) == ["R403"]
    assert refused("名称", "文书号", list_code="bidding-disqualifications") == ["R403", "R403", "R403"]
    notes = of("名称", "决定日期", list_code=PENALTIES).notes
    assert [note.code for note in notes] == ["R405"] * 3
    assert all(note.severity == "note" for note in notes)


def test_a_fact_the_list_does_not_carry_is_not_used() -> None:
    """Dates of an entry always are."""
    assert fields("名称", "列入日期", "罚款金额", "决定日期", "禁止期届满日", list_code="red-list") == [
        "name", "listed", "", "decided", "ban_until",
    ]  # fmt: skip


def test_a_file_without_headings_shows_no_persons_number() -> None:
    """Its first row is taken for headings, and the message about it names none of the digits."""
    number = "11010519491231002X"
    row = ["张三", number, "2024-01-10", f"身份证：{number}", " ".join(number), "x" * 9000]
    with pytest.raises(RefusedInput) as found:
        of(*row)
    notes = of("名称", "列入日期", *row).notes
    said = "".join(f"{fault}" for fault in (*found.value.faults, *notes))
    assert "张三" in said
    assert not any(number[at : at + 5] in re.sub(r"\s", "", said) for at in range(14))
    assert len(said) < 2000


def test_many_unknown_columns_are_not_all_listed() -> None:
    """Bounded, however many there are."""
    (note,) = of("名称", "列入日期", *(f"不认识的列{n:03d}" * 20 for n in range(190))).notes
    assert len(note.zh) < 1200
    assert note.zh.endswith("…")


# -- a list's own file


def test_a_lists_own_file_goes_before_the_shipped_words(tmp_path: Path) -> None:
    """A heading that meant another field; one nobody knew; one not to be used."""
    own = mapping(
        tmp_path, "headings: {listed: [发布时间, 上榜日], name: 老赖}\nignore: [列入日期]\nunits: {万元: 罚款金额}\n"
    )
    found = of("老赖", "发布时间", "列入日期", "罚款金额", mapping=own)
    assert [(column.field, column.unit) for column in found.columns] == [
        ("name", 1), ("listed", 1), ("", 1), ("amount", 10_000),
    ]  # fmt: skip
    assert fields("名称", "发布时间", "列入日期") == ["name", "published", "listed"]  # elsewhere as before


def test_a_lists_own_words_for_values_and_kinds(tmp_path: Path) -> None:
    """Beside the shipped ones; `unknown` is a value too."""
    own = mapping(
        tmp_path,
        "values: {penalty: {fine: [罚金], unknown: 见决定书}, ground: {complaint-fabricated: 捏造事实}}\n"
        "kinds: {individual-business: [摊贩]}\n",
    )
    meanings = read_mapping(own, vocabulary(), LIST)
    assert meanings.values["penalty"]["罚金"] == "fine"
    assert meanings.values["penalty"]["没收违法所得"] == "confiscation"
    assert meanings.values["penalty"]["见决定书"] == "unknown"
    assert meanings.values["ground"] == {"捏造事实": "complaint-fabricated"}
    assert meanings.kinds["摊贩"] == "individual-business"
    assert meanings.kinds["个体户"] == "individual-business"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("headings: {lisded: [上榜日]}", ("R406", 1)),
        ("headings: {amount: [金额]}", ("R406", 1)),
        ("headings:\n  name: [甲]\n  code: [甲]", ("R407", 3)),
        ("headings:\n  name: [名 称]\n  code: [名称]", ("R407", 3)),
        ("values: {severitie: {light: [轻]}}", ("R406", 1)),
        ("values: {listed: {a: [b]}}", ("R406", 1)),
        ("values:\n  level:\n    A: [甲]\n    B: [甲]", ("R407", 4)),
        ("kinds: {firm: [商号]}", ("R406", 1)),
        ("units: {美元: [金额]}", ("R406", 1)),
        ("columns: {name: [甲]}", ("R408", 1)),
        ("headings: [甲]", ("R408", 1)),
        ("- a", ("R408", 1)),
        ("headings: {name: [甲", ("P104", 1)),
        ("headings: {name: ~}", ("P112", 1)),
    ],
)
def test_what_is_wrong_with_a_mapping_file_is_said_at_its_line(
    text: str, wanted: tuple[str, int], tmp_path: Path
) -> None:
    """Unknown fields, facts, codes and units; a word for two of them; another shape; no YAML."""
    assert wanted in mapping_faults(tmp_path, text, "red-list")


def test_every_fault_of_a_mapping_file_is_said_at_once(tmp_path: Path) -> None:
    """Not one for each try."""
    text = "headings: {nome: [a], kod: [b]}\nunits: {元元: [c]}\nvalues: {penalty: {fein: [d]}}"
    assert mapping_faults(tmp_path, text) == [("R406", 1), ("R406", 1), ("R406", 2), ("R406", 3)]


def test_words_of_values_are_compared_plainly() -> None:
    """Width, case and blanks do not matter in cells either."""
    for word in ("罚款", " 罚 款 ", "FINE", "ｆｉｎｅ", "Fine"):
        assert taken({"处罚种类": word}).facts == {"penalty": "fine"}
