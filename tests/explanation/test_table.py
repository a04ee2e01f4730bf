"""A measure as a row and a condition in words, golden in both languages."""

from datetime import date

import pytest

from engine.calendar import Period
from engine.citation import parse_citation
from engine.condition import ALWAYS, Condition, Every, MomentRef, Op, ParameterRef, Some
from engine.condition import Test as Compare  # pytest would collect a class called Test
from engine.explanation.conditions import spoken_condition, spoken_period
from engine.explanation.table import HEADS, annex
from engine.model import ALL, ALL_ISSUERS, Contested, Duty, Effect, Reach, Term, Window
from engine.packs.library import read_library, shipped
from engine.vocabulary import Words
from tests import builders

WORDS = read_library([shipped()]).vocabulary
FINE = Compare("amount", Op.AT_LEAST, 200_000_050)
RECENT = Compare("decided", Op.WITHIN, Period(years=3))


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (ALWAYS, "", ""),
        (FINE, "罚款金额≥2,000,000.50元", "amount of the fine ≥ CNY 2,000,000.50"),
        (Compare("amount", Op.AT_LEAST, 5000, True), "罚款金额<50元", "amount of the fine < CNY 50"),
        (
            Compare("amount", Op.BELOW, ParameterRef("large-fine")),
            "罚款金额<较大数额罚款（政府采购法实施条例第十九条）",
            "amount of the fine < large fine (Government Procurement Regulation, article 19)",
        ),
        (RECENT, "决定日期在3年内", "day of the decision within 3 years"),
        (
            Compare("decided", Op.WITHIN, Period(1, 6), True),
            "决定日期超过1年6个月",
            "day of the decision more than 1 year 6 months ago",
        ),
        (
            Compare("penalty", Op.ONE_OF, ("fine", "warning")),
            "处罚种类为罚款或警告",
            "kind of penalty is fine or warning",
        ),
        (Compare("penalty", Op.ONE_OF, ("fine",), True), "处罚种类不为罚款", "kind of penalty is not fine"),
        (Compare("single_source", Op.ONE_OF, ("yes",)), "单一来源采购项目", "single-source procurement"),
        (Compare("single_source", Op.ONE_OF, ("no",)), "非“单一来源采购项目”", "not: single-source procurement"),
        (
            Compare("ban_until", Op.BEFORE, MomentRef("prevailing")),
            "禁止期届满日早于判断时点",
            "last day of the ban before the moment judged at",
        ),
        (
            Compare("listed", Op.BEFORE, MomentRef("award"), True),
            "列入日期不早于定标时间",
            "day of listing on or after award",
        ),
        (
            Compare("listed", Op.ON_OR_AFTER, date(2017, 5, 1)),
            "列入日期不早于2017-05-01",
            "day of listing on or after 2017-05-01",
        ),
        (
            Every((RECENT, Some((Compare("penalty", Op.ONE_OF, ("closure",)), FINE)))),
            "决定日期在3年内，且（处罚种类为责令关闭，或罚款金额≥2,000,000.50元）",
            "day of the decision within 3 years, "
            "and (kind of penalty is ordered to close, or amount of the fine ≥ CNY 2,000,000.50)",
        ),
        (Compare("unheard_of", Op.AT_MOST, 3), "unheard_of≤3", "unheard_of ≤ 3"),
    ],
)
def test_conditions_in_words(condition: Condition, zh: str, en: str) -> None:
    """Names from the vocabulary, figures as people write them, groups in brackets."""
    assert spoken_condition(condition, WORDS, "zh") == zh
    assert spoken_condition(condition, WORDS, "en") == en


def test_periods_in_words() -> None:
    """Singular and plural."""
    assert spoken_period(Period(1, 1, 1), "en") == "1 year 1 month 1 day"
    assert spoken_period(Period(2, 0, 10), "zh") == "2年10日"


def test_a_full_row_in_chinese() -> None:
    """Everything a measure may carry, once."""
    one = builders.measure(
        "八",
        Effect.LIMIT,
        says=Words("限额参加", "take part within limits"),
        duty=Duty.MAY,
        scenarios=("procurement", "permit"),
        matters=("food-production",),
        roles=("supplier",),
        lists=("judgment-defaulters",),
        by=("mof", ALL_ISSUERS),
        basis=(parse_citation("政府采购法 22.1.5"), parse_citation("财库〔2016〕125号 二（三）1")),
        reaches=(Reach.SELF, Reach.BRANCH),
        window=Window.BAN,
        when=Compare("ground", Op.ONE_OF, ("3",)),
        unless=Compare("large_personal_debt", Op.ONE_OF, ("yes",)),
        term=Term("listed", Period(years=3)),
        given=("pack#七", "other#一"),
        condition=Words("不超过一百万元", "at most one million"),
        contested=Contested("律师", Words("是否仍有效", "is it still in force"), None),
    )
    (row,) = annex(builders.rulebook(one).memoranda["pack"], WORDS, "zh")
    assert (row.clause, row.measure, row.effect) == ("八", "限额参加", "限制 · 可以")
    assert row.basis == ("《政府采购法》第二十二条第一款第（五）项", "财库〔2016〕125号二（三）1")
    assert row.by == ("财政部", "发文单位")
    assert row.applies == (
        "政府采购：供应商",
        "行政许可",
        "事项：食品生产许可",
        "失信被执行人名单：禁止期内",
        "及于：分支机构",
        "条件：列入情形（项号）为3",
        "除外：" + WORDS.facts["large_personal_debt"].name.zh,
        "期限：自列入起3年",
        "前提：七、other#一",
        "所附条件：不超过一百万元",
        "存疑：是否仍有效",
    )
    assert row.checked == ("法条原文", "2026-11-21", "把握高")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"effect": Effect.LIFT, "lifts": ("pack#一",)}, "lifts: 一"),
        ({"effect": Effect.WITHHOLD, "withholds": (ALL,)}, "withholds: all"),
        ({"effect": Effect.WITHHOLD, "withholds": ("green_channel",)}, "withholds: green channel"),
        (
            {"effect": Effect.WITHHOLD, "withholds": ("commitment",), "scenarios": ("permit",)},
            f"withholds: {WORDS.scenarios['permit'].routes['commitment'].en}",
        ),
        ({"matters": (ALL,)}, "matters: all"),
        ({"on_inquiry": True, "lists": (), "window": None}, "on the facts of the inquiry, no list"),
    ],
)
def test_single_lines_in_english(changes: dict[str, object], line: str) -> None:
    """What only some effects have."""
    one = builders.measure("八", **{"lists": ("judgment-defaulters",), "by": ("mof",), **changes})  # type: ignore[arg-type]
    (row,) = annex(builders.rulebook(one).memoranda["pack"], WORDS, "en")
    assert line in row.applies


def test_the_heads_are_those_of_an_annex() -> None:
    """Measure, basis, executing unit, as memoranda print them, and what we add."""
    assert [head.zh for head in HEADS] == ["条款", "措施", "法律及政策依据", "实施单位", "适用对象和条件", "核对"]
