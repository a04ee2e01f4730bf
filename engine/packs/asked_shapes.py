"""The shapes of what is asked and known: an inquiry, an entries file, and the cases beside a pack."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel

from engine.inquiry import HAPPENINGS
from engine.packs.fields import (
    Code,
    Day,
    Instant,
    Line,
    PlaceCode,
    Shape,
    Target,
    Text,
    among,
    as_list,
    as_text,
    by_kind,
    enum_schema,
    may,
    need,
)
from engine.packs.vocabulary_shapes import Kind, Moment

LEGAL_PERSON = "legal-person"
KINDS = (LEGAL_PERSON, "individual-business", "public-institution", "social-organisation", "natural-person")
PartyKind = Annotated[str, among(KINDS), enum_schema(KINDS)]
Happening = Annotated[str, among(HAPPENINGS), enum_schema(HAPPENINGS)]
Subject = Annotated[str, Field(min_length=1, max_length=96)]
Facts = dict[Code, Line]
Verdict = Literal["ineligible", "review", "conditional", "eligible"]


class PartyShape(Shape):
    """A subject in a role."""

    subject: Subject = need("统一社会信用代码，或自然人代称 person-…")
    role: Code = may("角色；默认为场景的第一个")
    consortium: Line = may("联合体名称")
    kind: PartyKind = may("主体种类；默认 legal-person")
    facts: Facts = may("当事方事实")


class InquiryShape(Shape):
    """One question."""

    scenario: Code = need("应用场景")
    as_of: Instant = may("查询时点")
    jurisdiction: PlaceCode = may("项目所在地；不写则只适用全国性措施")
    matter: Code = may("办理事项")
    authority: Code = may("办理机关")
    prevails: Moment = may("以哪一时点为准")
    moments: dict[Moment, Instant] = may("项目的各时点")
    facts: Facts = may("本次查询的事实")
    parties: Annotated[list[PartyShape], Field(min_length=1, max_length=1000)] = need("当事方")


class AbsentShape(Shape):
    """Seen on one day, no longer seen on another."""

    after: Day = need("最后见到之日")
    before: Day = need("不再见到之日")


class EventShape(Shape):
    """Something that happened to an entry."""

    kind: Happening = need("事件种类")
    on: Instant = may("何日或何时")
    after: Day = may("absent：最后见到之日")
    before: Day = may("absent：不再见到之日")


class EntryBody(Shape):
    """What an entry says; its facts stand inline beside these keys."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Line] = Field(init=False)
    list: Code = need("名单")
    listed: Instant = may("列入日期")
    decided: Instant = may("决定日期")
    published: Instant = may("公布日期")
    expires: Line = may("届满日期（含）")
    ban_from: Line = may("禁止期起始日（含）")
    ban_until: Line = may("禁止期届满日（含）")
    disputed: Instant = may("提出异议")
    settled: Instant = may("异议办结")
    suspended: Instant = may("暂停执行")
    resumed: Instant = may("恢复执行")
    repaired: Instant = may("信用修复")
    removed: Instant = may("移出名单")
    annulled: Instant = may("撤销")
    lifted: Instant = may("暂时解除")
    restored: Instant = may("恢复限制")
    absent: AbsentShape = may("两次到数之间不再出现")
    events: Annotated[Sequence[EventShape], Field(max_length=1000)] = may("重复发生的事件")
    document: Line = may("文书号")
    body: Line = may("作出单位")


class EntryShape(EntryBody):
    """One subject on one list."""

    subject: Subject = need("统一社会信用代码，或自然人代称 person-…")


class RelationShape(Shape):
    """A dated tie between two subjects."""

    kind: Kind = need("关系种类")
    from_: Subject = need("一方，如分支机构", alias="from")
    to: Subject = need("另一方，如总公司")
    since: Day = may("起")
    until: Day = may("止（含）")


Arrival = Annotated[
    Annotated[Instant, as_text] | Annotated[Annotated[list[Instant], Field(min_length=1, max_length=1000)], as_list],
    by_kind,
]


class EntriesShape(Shape):
    """The register as known."""

    arrivals: dict[Code, Arrival] = may("各名单的到数时刻")
    relations_known: list[Kind] = may("已到数的关系种类；默认全部")
    entries: Annotated[list[EntryShape], Field(max_length=200_000)] = may("列入记录")
    relations: Annotated[list[RelationShape], Field(max_length=200_000)] = may("关系")


class CaseEntry(EntryBody):
    """An entry of a case."""

    of: Line = may("属于谁；默认第一个当事方")


class CaseParty(Shape):
    """A party of a case."""

    name: Line = need("代称，如 A")
    role: Code = may("角色")
    consortium: Line = may("联合体名称")
    kind: PartyKind = may("主体种类")
    facts: Facts = may("当事方事实")


class CaseRelation(RelationShape):
    """A tie between two names of a case."""


class CaseInquiry(Shape):
    """The question of a case."""

    scenario: Code = need("应用场景")
    role: Code = may("角色；默认为场景的第一个")
    jurisdiction: PlaceCode = may("项目所在地；默认 national")
    matter: Code = may("办理事项")
    authority: Code = may("办理机关")
    prevails: Moment = may("以哪一时点为准")
    facts: Facts = may("本次查询的事实")


class CaseShape(Shape):
    """A situation and the verdict it must have."""

    case: Text = need("一句话说明")
    as_of: Instant = may("查询时点；默认为所写时点中最晚者")
    cut_off: Instant = may("查询截止时点")
    deadline: Instant = may("投标截止时间")
    evaluation: Instant = may("评审时间")
    award: Instant = may("定标时间")
    contract: Instant = may("签约时间")
    entries: list[CaseEntry] = may("列入记录")
    inquiry: CaseInquiry = need("查询")
    parties: Annotated[list[CaseParty], Field(min_length=1, max_length=1000)] = may("当事方；默认一个 A")
    relations: list[CaseRelation] = may("关系")
    stale: list[Code] = may("到数过久的名单")
    no_relations: list[Kind] = may("从未到数的关系种类")
    expect: Verdict = need("应得的结论")
    because: list[Target] = may("决定结论的条款")
    benefits: list[Code] = may("恰好给予的优惠或通道")
    withheld: list[Code] = may("恰好取消的优惠或通道")
    missing: list[Code] = may("恰好须补充的事实")
    flags: list[Line] = may("必须出现的提示")
    note: Text = may("备注")


CasesShape = RootModel[Annotated[list[CaseShape], Field(max_length=5000)]]
