"""Names: ways of writing fall together, firms stay apart, and whatever is alike can be found by a key."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.registry.names import LIKE, blocks, core, likeness, normalised

FIRM = "钟祥市宏达建筑工程有限公司"
WRITTEN = [
    "钟祥市宏达建筑工程有限责任公司",
    "鍾祥市宏達建築工程有限責任公司",
    " 钟祥市 宏达建筑工程\u3000有限公司\n",
    "钟祥市宏达\u200b建筑工程有限公司\ufeff",
    "“钟祥市宏达”建筑工程有限公司",
    "钟祥市宏达(建筑工程)有限公司",
]
BRACKETS = ["()", "（）", "[]", "［］", "【】", "〔〕", "｛｝", "《》", "〈〉", "＜＞", "「」", "﹙﹚", "〖〗"]
# Invented firms of one city with one form: none of them is any other.
CITY = [
    FIRM,
    "钟祥市宏远建筑工程有限公司",
    "钟祥市宏达建材贸易有限公司",
    "钟祥市宏达建设工程有限公司",
    "钟祥市新宏达建筑工程有限公司",
    "钟祥市宏达建筑劳务有限公司",
    "钟祥市第一建筑工程有限公司",
    "钟祥市第二建筑工程有限公司",
    "钟祥市第十建筑工程有限公司",
    "钟祥市第十一建筑工程有限公司",
    "钟祥市城东粮油购销有限公司",
    "钟祥市城西粮油购销有限公司",
    "钟祥市莫愁湖旅游开发有限公司",
    "钟祥市莫愁湖旅游开发集团有限公司",
    "钟祥市柴湖镇鑫源农业机械服务有限公司",
    "钟祥市胡集镇鑫源农业机械服务有限公司",
    "钟祥市柴湖镇鑫源农业科技服务有限公司",
    "钟祥甲商贸有限公司",
    "钟祥乙商贸有限公司",
    "钟祥恒顺商贸有限公司",
    "钟祥恒源商贸有限公司",
]
HAN = st.text(
    st.sampled_from("宏达建筑工程钟祥湖北市县省鑫源恒顺商贸新第一二甲乙集团分公司有限责任股份"), min_size=0, max_size=24
)
NAMES = st.builds(
    "".join,
    st.lists(
        st.one_of(
            HAN, st.sampled_from(["（", "）", "(", ")", "湖北", "有限公司", "有限責任公司", "（有限合伙）", "　"])
        ),
        max_size=6,
    ),
)


@given(st.text(max_size=40))
@settings(max_examples=1000)
def test_normalising_again_changes_nothing(name: str) -> None:
    """Whatever the text."""
    assert normalised(normalised(name)) == normalised(name)


def test_every_letter_alone_and_between_others_is_stable() -> None:
    """All of Unicode, so that no phrase of OpenCC and no fold can hide."""
    for first in range(0, 0x32000, 64):
        letters = [chr(number) for number in range(first, first + 64) if not 0xD800 <= number < 0xE000]
        for name in (*letters, "".join(letters), "甲".join(letters)):
            assert normalised(normalised(name)) == normalised(name)


@pytest.mark.parametrize("written", WRITTEN)
def test_ways_of_writing_are_one_name(written: str) -> None:
    """Long form, traditional, blanks, zero width, quotes, brackets."""
    assert likeness(FIRM, written) == likeness(written, FIRM) == 100
    assert {*blocks(FIRM)} <= {*blocks(written)}


@pytest.mark.parametrize("pair", BRACKETS)
def test_all_brackets_are_one(pair: str) -> None:
    """Round in the normalised name; left out, still the same name."""
    assert normalised(f"甲乙{pair[0]}湖北{pair[1]}有限公司") == "甲乙(湖北)有限公司"
    assert likeness(f"甲乙{pair[0]}湖北{pair[1]}有限公司", "甲乙湖北有限责任公司") == 100


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ＡＢＣ科技股份有限責任公司", "abc科技股份有限公司"),
        ("臺灣乾隆後裏麵館", "台湾干隆后里面馆"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("甲－乙—丙", "甲-乙-丙"),
        ("有限责任有限责任公司", "有限责任有限公司"),
        ("\u2f00\u4e00\U000e0100", "一一"),
        ("", ""),
        ("\u3000\n", ""),
    ],
)
def test_normalised(written: str, plain: str) -> None:
    """Width, case, dots, dashes, radicals, variant selectors."""
    assert normalised(written) == plain


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (FIRM, "钟祥宏达建筑工程"),
        ("湖北省钟祥市宏达建筑工程有限公司", "钟祥宏达建筑工程"),
        ("内蒙古自治区甲乙丙丁有限公司", "甲乙丙丁"),
        ("宏达化工（钟祥）股份有限责任公司", "宏达化工"),
        ("宏达（集团）有限公司", "宏达集团"),
        ("钟祥会计师事务所（特殊普通合伙）", "钟祥会计师事务所"),
        ("湖北建筑公司", "湖北建筑"),
        ("有限公司", "有限公司"),
        ("（钟祥）有限公司", "钟祥"),
        ("张三", "张三"),
    ],
)
def test_the_core_of_a_name(name: str, told: str) -> None:
    """Without form, bracketed region, province and marks of rank; never empty for a name."""
    assert core(name) == told


def test_firms_of_one_city_stay_apart() -> None:
    """A wrong character, a numeral, a direction, a group: another firm."""
    alike = [(a, b) for n, a in enumerate(CITY) for b in CITY[n + 1 :] if likeness(a, b) >= LIKE]
    assert alike == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("钟祥市宏达建筑工程有限公司", "钟祥宏达建筑工程有限公司"),
        ("钟祥市宏达建筑工程有限公司", "钟祥市宏达建筑工程公司"),
        ("钟祥市宏达建筑工程有限公司", "钟祥市宏达建筑工程股份有限公司"),
        ("钟祥市宏达建筑工程有限公司", "湖北省钟祥市宏达建筑工程有限公司"),
        ("钟祥市宏达建筑工程有限公司", "钟祥市宏达建筑工有限公司"),
        ("钟祥市宏达建筑工程有限公司", "钟祥市宏达建筑工程处有限公司"),
        ("宏达化工（钟祥）有限公司", "宏达化工有限公司"),
    ],
)
def test_what_a_person_must_look_at(one: str, other: str) -> None:
    """Left out: a mark of rank, the form, the province, a bracketed region, one character. Alike, never the same."""
    assert LIKE <= likeness(one, other) == likeness(other, one) < 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("宏达化工（钟祥）有限公司", "宏达化工（京山）有限公司"),
        ("湖北宏达化工有限公司", "湖南宏达化工有限公司"),
        ("张三", "张三丰"),
        ("甲乙丙丁", "甲乙丙"),
        ("", ""),
        ("", "张三"),
        ("（）", "　"),
    ],
)
def test_no_candidates(one: str, other: str) -> None:
    """Another region or province, a short name that differs at all, no name."""
    assert likeness(one, other) == likeness(other, one) < LIKE


@given(NAMES, NAMES, st.integers(0, 30), st.sampled_from("宏一（东湖 市"))
@settings(max_examples=1500)
def test_alike_names_share_a_key(one: str, other: str, place: int, letter: str) -> None:
    """Otherwise the index would hide a candidate: for any two names, and for one with a character more or less."""
    for near in (
        other,
        one[:place] + letter + one[place:],
        one[:place] + one[place + 1 :],
        f"湖北{one}",
        f"{one}(钟祥)",
    ):
        score = likeness(one, near)
        assert 0 <= score <= 100
        assert score == likeness(near, one)
        if score >= LIKE:
            assert {*blocks(one)} & {*blocks(near)}


@given(NAMES)
def test_a_name_is_itself(name: str) -> None:
    """As written, normalised, and in traditional width; its keys are few, short, and those of the normalised name."""
    bare = normalised(name).replace("(", "").replace(")", "")
    assert likeness(name, name) == likeness(name, normalised(name)) == (100 if bare else 0)
    assert blocks(name) == blocks(normalised(name))
    assert len(blocks(name)) <= 6
    assert all(len(key) <= 16 for key in blocks(name))
    assert bool(blocks(name)) is bool(bare)


@given(st.text(string.ascii_letters + "宏达建筑", max_size=300))
def test_long_names_have_short_keys(name: str) -> None:
    """However long the cell of a spreadsheet."""
    assert all(len(key) <= 16 for key in blocks(name))
    assert likeness(name, name + "甲") <= 100
