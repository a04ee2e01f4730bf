"""Nine situations made by hand, with words a lawyer would read: their reasons are kept as golden texts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from engine.calendar import Period
from engine.citation import parse_citation
from engine.condition import Every, Op, ParameterRef
from engine.condition import Test as Ask
from engine.inquiry import RELATION_KINDS, Party, Relation
from engine.model import Checked, Contested, Duty, Effect, Form, Measure, Memorandum, Reach, Rulebook, Window
from engine.vocabulary import Span, Vocabulary, Words
from tests.builders import A, B, C, D, entry, inquiry, measure, register, rulebook
from tests.strategies import WORDS, Situation

_NAMES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "lists": {
        "black": ("失信被执行人名单", "judgment defaulters"),
        "endless": ("严重违法失信名单", "serious violators"),
        "red": ("纳税信用A级名单", "A-grade taxpayers"),
        "watch": ("重点关注名单", "watch list"),
        "record": ("政府采购行政处罚", "procurement penalties"),
        "graded": ("分级失信名单", "graded violators"),
    },
    "facts": {
        "alleged": ("有人举报提供虚假材料", "somebody alleges false documents"),
        "mandatory": ("依法必须招标", "tendering is mandatory by law"),
        "field": ("行业", "field"),
        "amount": ("罚款金额", "fine"),
        "penalty": ("处罚种类", "penalty"),
        "territory": ("地域范围", "territory"),
        "ground": ("列入事由", "ground"),
    },
    "scenarios": {
        "procurement": ("政府采购", "government procurement"),
        "permit": ("行政许可", "administrative permit"),
    },
    "issuers": {"keeper": ("最高人民法院", "Supreme People's Court"), "new": ("新机关", "the new body")},
    "instruments": {
        "某法": ("某法", "Some Law"),
        "某规": ("某规", "Some Rule"),
        "某备忘录": ("某备忘录", "Some Memorandum"),
    },
    "parameters": {"large-fine": ("较大数额罚款", "large fine")},
    "jurisdictions": {
        "420000": ("湖北省", "Hubei"),
        "420881": ("钟祥市", "Zhongxiang"),
        "110000": ("北京市", "Beijing"),
    },
    "matters": {"food": ("食品生产许可", "food production permit"), "works": ("施工许可", "construction permit")},
}
_ROLES = {
    "supplier": Words("供应商", "supplier"),
    "consortium-member": Words("联合体成员", "consortium member"),
    "agency": Words("代理机构", "agency"),
    "applicant": Words("申请人", "applicant"),
}


def _spoken() -> Vocabulary:
    """The small vocabulary of the tests under names that people use."""
    named: dict[str, Any] = {}
    for table, names in _NAMES.items():
        records = dict(getattr(WORDS, table))
        for code, (zh, en) in names.items():
            records[code] = replace(records[code], name=Words(zh, en))
        named[table] = records
    for code, scenario in named["scenarios"].items():
        routes = {route: Words("告知承诺", "commitment in place of papers") for route in scenario.routes}
        named["scenarios"][code] = replace(scenario, roles={r: _ROLES[r] for r in scenario.roles}, routes=routes)
    return replace(WORDS, **named)


SPOKEN = _spoken()
_TITLES = {
    "law": ("某领域法", "Law on Something", "主席令第1号"),
    "memo": ("关于对某类主体实施联合惩戒的合作备忘录", "Memorandum on joint punishment", "发改财金〔2016〕1号"),
    "plan": ("钟祥市实施方案", "Zhongxiang plan", "钟政发〔2021〕1号"),
}


def says(clause: str, zh: str, en: str, effect: Effect = Effect.BAR, pack: str = "law", **changes: Any) -> Measure:
    """A measure with its one-line reading in both languages."""
    return measure(clause, effect, says=Words(zh, en), pack=pack, **changes)


def _book(*measures: Measure) -> Rulebook:
    book = rulebook(*measures, vocabulary=SPOKEN)
    return Rulebook(SPOKEN, {code: _titled(pack) for code, pack in book.memoranda.items()}, book.revision)


def _titled(pack: Memorandum) -> Memorandum:
    zh, en, number = _TITLES[pack.code]
    return replace(pack, title=Words(zh, en), number=number)


BAR = says(
    "八",
    "失信被执行人不得参加政府采购",
    "judgment defaulters may not take part in government procurement",
    reaches=(Reach.SELF, Reach.BRANCH),
    then={"": Words("不接受其投标文件", "do not take its bid")},
    basis=(parse_citation("某法 22.1.5"), parse_citation("某规 二（三）1")),
)
ALLEGED = says(
    "九",
    "提供虚假材料的，中标无效",
    "who hands in false documents loses the award",
    on_inquiry=True,
    lists=(),
    window=None,
    when=Ask("alleged", Op.ONE_OF, ("yes",)),
)


def clean() -> Situation:
    """A supplier of whom nothing is known, and an allegation nobody made."""
    return Situation(inquiry(), register(), _book(BAR, ALLEGED))


def barred() -> Situation:
    """A judgment defaulter at the cut-off, who objects."""
    one = replace(
        entry(listed="2023-06-10T09:30+08:00", ground="grave", disputed="2024-06-01"),
        document="（2023）鄂0881执1号",
        body="钟祥市人民法院",
    )
    return Situation(inquiry(), register(one), _book(BAR, ALLEGED))


def consortium() -> Situation:
    """Two members, one tainted by its branch, so that the other loses its benefit too; a third party stands apart."""
    asked = inquiry(
        Party(A, "supplier", "east"), Party(B, "supplier", "east"), Party(C, "agency"), facts={"alleged": False}
    )
    branch = replace(
        register(entry(listed="2024-01-01", subject=D), entry("red", A, listed="2024-04-01")),
        relations=(Relation("branch-of", D, B),),
    )
    first = says("三", "同等条件下优先", "preferred if otherwise equal", Effect.PREFER, "memo", lists=("red",))
    return Situation(asked, branch, _book(BAR, ALLEGED, first))


def served_ban() -> Situation:
    """The ban is over, so its exception lifts the bar; whether the fine was large hangs on a field nobody stated."""
    ban = says(
        "十九.1",
        "三年内被禁止参加政府采购的，不得参加",
        "who was banned within three years may not take part",
        lists=("record",),
        window=Window.DECIDED,
        when=Ask("decided", Op.WITHIN, Period(years=3)),
    )
    served = says(
        "十九.2",
        "禁止期限届满的，可以参加",
        "who has served the ban may take part again",
        Effect.LIFT,
        lists=("record",),
        window=Window.DECIDED,
        lifts=("law#十九.1",),
        when=Ask("ban_until", Op.BEFORE, date(2024, 6, 10)),
    )
    fined = says(
        "十九.3",
        "三年内受较大数额罚款的，不得参加",
        "who was fined a large sum within three years may not take part",
        lists=("record",),
        window=Window.DECIDED,
        when=Every(
            (
                Ask("decided", Op.WITHIN, Period(years=3)),
                Ask("amount", Op.AT_LEAST, ParameterRef("large-fine")),
            )
        ),
    )
    one = entry(
        "record",
        decided="2023-01-10",
        ban_from="2023-01-10",
        ban_until="2024-01-09",
        amount=300_000_000,
        penalty="ban",
    )
    return Situation(inquiry(), register(one), _book(ban, served, fined))


def lapsed() -> Situation:
    """What only a memorandum, a local plan or somebody's memory supports, years after the gate of 2020-12-18."""
    memo = says(
        "三",
        "限制参加政府采购活动",
        "restricted from government procurement",
        pack="memo",
        basis=(parse_citation("某备忘录 三"),),
        form=Form.MEMORANDUM,
        list_item="M1",
    )
    local = says(
        "五",
        "取消其投标资格",
        "its right to bid is cancelled",
        pack="plan",
        jurisdiction="420881",
        form=Form.LOCAL_PLAN,
    )
    draft = says(
        "六",
        "暂停其资格",
        "its qualification is suspended",
        pack="plan",
        jurisdiction="420881",
        form=Form.LOCAL_PLAN,
        checked=Checked("memory", date(2026, 11, 21), "low"),
        draft=True,
        note=Words("凭记忆所写，未见原文", "written from memory, the text was not seen"),
    )
    return Situation(inquiry(jurisdiction="420881"), register(entry(listed="2024-01-01")), _book(memo, local, draft))


_PERMIT = {"scenarios": ("permit",), "lists": ("red",)}


def green() -> Situation:
    """An A-grade taxpayer at a Zhongxiang permit counter: one benefit granted, one offered, one route closed."""
    must = says("二", "开通绿色通道", "a green channel is opened", Effect.GREEN_CHANNEL, "memo", **_PERMIT)
    may = says("三", "可以优先办理", "may be served first", Effect.PREFER, "memo", duty=Duty.MAY, **_PERMIT)
    route = says("四", "可以告知承诺", "may commit instead", Effect.ROUTE, "memo", route="commitment", **_PERMIT)
    close = says(
        "十",
        "食品生产许可不适用告知承诺",
        "no commitment for food production permits",
        Effect.WITHHOLD,
        matters=("food",),
        withholds=("commitment",),
        **_PERMIT,
    )
    foreign = says("五", "减少抽查", "fewer inspections", Effect.SPARE, "memo", by=("new",), **_PERMIT)
    told = says("六", "办理时提示其信用等级", "its grade is shown at the counter", Effect.INFORM, "memo", **_PERMIT)
    asked = inquiry(scenario="permit", matter="food", jurisdiction="420881", authority="keeper")
    return Situation(asked, register(entry("red", listed="2024-04-01")), _book(must, may, route, close, foreign, told))


def withheld() -> Situation:
    """The same taxpayer, newly listed: black beats red; and the list consulted for benefits is stale."""
    must = says("二", "开通绿色通道", "a green channel is opened", Effect.GREEN_CHANNEL, "memo", **_PERMIT)
    strict = says("七", "从严审核", "examined strictly", Effect.SCRUTINISE, scenarios=("permit",))
    known = register(
        entry("red", listed="2024-04-01"), entry(listed="2024-06-01T10:00+08:00"), arrived="2024-06-01T12:00+08:00"
    )
    return Situation(inquiry(scenario="permit", matter="works"), known, _book(must, strict))


def unknown() -> Situation:
    """Nearly everything is in doubt: the day, the territory, the reading, the list, the place, a relation."""
    contested = Contested(
        "keeper", Words("本条是否及于分包单位？", "does the clause reach subcontractors?"), date(2020, 1, 1)
    )
    asks = says(
        "十", "承担法定项目的，不得参加", "not in mandatory projects", when=Ask("mandatory", Op.ONE_OF, ("yes",))
    )
    open_ = says("十一", "不得分包", "no subcontracting", lists=("endless",), contested=contested)
    weigh = says("十二", "作为审慎性参考", "to be weighed", Effect.WEIGH, lists=("watch",))
    known = register(
        entry(listed="2024-06-10"),
        entry("endless", listed="2024-01-01"),
        entry("endless", listed="2024-01-02", territory="110000"),
        entry("watch", listed="2024-01-01", lifted="2024-03-01"),
        arrived=None,
    )
    known = replace(known, relations_known=frozenset(RELATION_KINDS) - {"branch-of"})
    return Situation(inquiry(jurisdiction=None), known, _book(BAR, asks, open_, weigh))


def conditional() -> Situation:
    """A limit with its condition, for as long as the law that makes it is in force."""
    limit = says(
        "二十",
        "限制其承接规模",
        "limited in the size of what it takes on",
        Effect.LIMIT,
        condition=Words("单项合同不超过五百万元", "no single contract above five million yuan"),
        span=Span(date(2010, 1, 1), date(2024, 12, 31)),
    )
    return Situation(inquiry(), register(entry(listed="2023-06-10")), _book(limit))


SITUATIONS = {
    made.__name__.replace("_", "-"): made
    for made in (clean, barred, consortium, served_ban, lapsed, green, withheld, unknown, conditional)
}
