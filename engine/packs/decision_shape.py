"""The shape of a decision's core, as `memoranda decide --json` prints it, for programs that read it."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.decision import Channel, State, Verdict, Why
from engine.model import Duty, Effect, Reach


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CauseShape(_Part):
    """Why a finding or a benefit is not effective."""

    why: Why = Field(description="原因")
    of: str | None = Field(None, description="所指的条款、事实、名单或状态")


class FlagShape(_Part):
    """What is said beside a verdict."""

    flag: str = Field(description="提示代码")
    of: str | None = Field(None, description="所指的条款、名单或关系")


class AskedPartyShape(_Part):
    """A party as it was asked about."""

    party: str = Field(description="当事方代号，p1、p2……")
    role: str = Field(description="角色")
    kind: str = Field(description="主体类型")
    consortium: str | None = Field(None, description="联合体名")
    facts: dict[str, str] = Field(description="已说明的当事方事实")


class QuestionShape(_Part):
    """The question as it was understood."""

    scenario: str = Field(description="应用场景")
    jurisdiction: str | None = Field(None, description="适用地区；没有即未说明")
    matter: str | None = Field(None, description="办理事项")
    authority: str | None = Field(None, description="询问机关")
    moments: dict[str, str] = Field(description="各时点")
    prevails: str = Field(description="起决定作用的时点")
    facts: dict[str, str] = Field(description="已说明的项目事实")
    parties: list[AskedPartyShape] = Field(description="当事方")


class FindingShape(_Part):
    """One entry, or the inquiry itself, met one measure."""

    measure: str = Field(description="措施：规则包#条款")
    effect: Effect = Field(description="措施类型")
    duty: Duty = Field(description="应当还是可以")
    state: State = Field(description="有效、待定或不生效")
    decides: bool = Field(description="是否由它决定结论")
    basis: list[str] = Field(description="依据")
    causes: list[CauseShape] = Field(description="待定或不生效的原因")
    entry: str | None = Field(None, description="记录代号，e1、e2……")
    reach: Reach | None = Field(None, description="谁的记录")
    standing: str | None = Field(None, description="记录的效力状态")
    until: str | None = Field(None, description="记录效力的最后一日")
    missing: list[str] | None = Field(None, description="缺少的事实")


class BenefitShape(_Part):
    """A benefit some measure names, and what became of it."""

    benefit: str = Field(description="便利或办理方式")
    measure: str = Field(description="措施：规则包#条款")
    state: Literal["granted", "offered", "withheld", "open", "void"] = Field(
        description="应予、可予、不予、暂不予、不适用"
    )
    causes: list[CauseShape] = Field(description="未给予的原因")


class PartyShape(_Part):
    """What one party gets."""

    party: str = Field(description="当事方代号")
    verdict: Verdict = Field(description="结论")
    channel: Channel = Field(description="通道")
    conditions: list[str] = Field(description="所附条件的措施")
    benefits: list[BenefitShape] = Field(description="激励与便利")
    flags: list[FlagShape] = Field(description="提示")
    findings: list[FindingShape] = Field(description="命中，决定结论的在前")
    tainted_by: list[str] | None = Field(None, description="因联合体的哪一方")


class EventShape(_Part):
    """Something that happened to an entry."""

    kind: str = Field(description="事件")
    on: str = Field(description="日期、时刻或两日之间")


class EntryShape(_Part):
    """An entry that concerned a party."""

    entry: str = Field(description="记录代号")
    of: str = Field(description="谁的：当事方或关联主体代号")
    list: str = Field(description="名单")
    dates: dict[str, str] = Field(description="事件日期")
    events: Sequence[EventShape] = Field(description="其后的事件")
    facts: dict[str, str] = Field(description="属性；金额以元计")


class ListShape(_Part):
    """Whether a consulted list was known at the moment."""

    list: str = Field(description="名单")
    known: bool = Field(description="在该时点是否已知")
    needed: bool = Field(description="结论是否需要它；否则只影响便利")
    data_time: str | None = Field(None, description="最近一次数据的时间")


class DecisionShape(_Part):
    """A decision's core: the pure result as canonical JSON (RFC 8785); handles stand for names."""

    semantics: int = Field(description="语义版本，只在答案改变时增加")
    question: QuestionShape = Field(description="查询")
    verdict: Verdict = Field(description="总结论：各方中最重的")
    parties: list[PartyShape] = Field(description="各当事方的结果")
    entries: list[EntryShape] = Field(description="涉及的列入记录")
    lists: list[ListShape] = Field(description="应查名单的状态")
    relations_missing: list[str] = Field(description="必须查询而从未到达的关联关系")
    flags: list[FlagShape] = Field(description="提示")
    assumed: list[str] = Field(description="未说明而按否处理的事实")
    missing: list[str] = Field(description="须补充的事实")
    valid_until: str | None = Field(None, description="同样的问题，结论保持到哪一天；没有即无已知变化")
    fresh_until: str | None = Field(None, description="名单数据可用到何时")
