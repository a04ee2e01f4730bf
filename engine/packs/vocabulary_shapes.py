"""The shapes of the vocabulary files, each a mapping of codes to records."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, RootModel

from engine.inquiry import RELATION_KINDS
from engine.model import MOMENTS
from engine.packs.fields import (
    Both,
    CheckedShape,
    Cited,
    Code,
    Count,
    Day,
    ItemCode,
    Line,
    Note,
    PlaceCode,
    Shape,
    SpanShape,
    Text,
    Yes,
    among,
    as_list,
    as_text,
    by_kind,
    enum_schema,
    may,
    need,
    text_schema,
)
from engine.packs.pack_shape import Conditions, EventDate
from engine.vocabulary import Colour, Derivation, FactType, Owner, Rank, Silence

Key = Annotated[str, Field(min_length=1, max_length=64)]
CodeList = Annotated[list[Code], Field(max_length=200)]
Named = Annotated[list[Code], Field(min_length=1, max_length=200)]
Basis = Annotated[list[Cited], Field(min_length=1, max_length=20)]
BasisOrOne = Annotated[Annotated[Cited, as_text] | Annotated[Basis, as_list], by_kind]
Moment = Annotated[str, among(MOMENTS), enum_schema(MOMENTS)]
Kind = Annotated[str, among(RELATION_KINDS), enum_schema(RELATION_KINDS)]
Figure = Annotated[str, Field(max_length=16), text_schema(r"^\d{1,13}(\.\d{1,2})?$")]


class CarriedFacts(Shape):
    """The facts that entries of a list state."""

    required: CodeList = may("必有的事实；缺失即为未知")
    optional: CodeList = may("可有的事实；缺失则检验为否")


class TermRuleShape(Shape):
    """A dated rule for how long an entry stands."""

    from_: Day = need("规则施行日", alias="from")
    until: Day = may("规则最后施行日（含）")
    start: EventDate = need("起算的事件日期")
    years: Count = may("年")
    months: Count = may("月")
    days: Count = may("日")
    open: Yes = may("yes：无固定期限")
    when: Conditions = may("条件")
    basis: Basis = need("依据")
    checked: CheckedShape = may("核对情况")
    note: Note = may("疑点")


class ListShape(Both):
    """A published register."""

    colour: Colour = need("black 黑名单、red 红名单、watch 重点关注名单、record 记录")
    keeper: Code = need("发布单位")
    fresh: Count = need("一次到数后可证明多少天")
    facts: CarriedFacts = need("所载事实")
    terms: list[TermRuleShape] = may("期限规则")
    untimed: Both = may("没有期限规则的原因")
    successor_of: list[Line] = may("同一名单的旧称")
    checked: CheckedShape = may("核对情况")
    note: Note = may("疑点")


class FactShape(Both):
    """A declared fact."""

    of: Owner = need("属于 entry 记录、inquiry 查询或 party 当事方")
    type: FactType = need("money 金额、count 数目、date 日期、code 代码、flag 是否")
    unit: Line = may("单位")
    silent: Silence = may("无人陈述时：no 视为否，unknown 视为未知")
    derived: Derivation = may("由引擎推算的规则名")
    values: dict[Key, Both] = may("封闭的取值")
    note: Note = may("疑点")


class ScenarioShape(Both):
    """A business in which lists are consulted."""

    moment: Moment = need("默认适用的时点")
    roles: Annotated[dict[Code, Both], Field(min_length=1)] = need("角色；第一个为默认")
    consults: CodeList = need("必须查询的名单；未知即转人工审查")
    benefits_consult: CodeList = may("给予优惠前须查询的名单")
    consortium: Literal["taints", "apart"] = need("联合体：一员不良即全体（taints）或各自判断（apart）")
    relations_required: list[Kind] = may("必须已知的关系种类")
    matters: Yes = need("措施是否须写明办理事项")
    routes: dict[Code, Both] = may("可给予的通道")
    note: Note = may("疑点")


class IssuerShape(Both):
    """A body that signs or acts."""

    from_: Day = may("设立日", alias="from")
    until: Day = may("撤并前最后一日（含）")
    successors: CodeList = may("承继单位")
    note: Note = may("疑点")


class VersionShape(Shape):
    """An amended text."""

    from_: Day = need("施行日", alias="from")
    articles: Count = need("最后一条的条号")
    note: Note = may("疑点")


class InstrumentShape(Shape):
    """A citable instrument."""

    zh: Text = may("名称；默认为所引之名")
    en: Text = need("英文名称")
    rank: Rank = need("效力层级")
    issuers: CodeList = need("发文单位")
    in_force: SpanShape = need("有效期")
    versions: list[VersionShape] = may("历次文本")
    jurisdiction: PlaceCode = may("地方文件的适用地区")
    checked: CheckedShape = may("核对情况")
    note: Note = may("疑点")


class GateShape(Shape):
    """From when a restriction needs a lawful basis."""

    from_: Day = need("起始日", alias="from")
    basis: Basis = need("依据")


class EditionShape(Shape):
    """An edition of the basic list."""

    from_: Day = need("施行日", alias="from")
    instrument: Line = need("文件")
    read: Literal["yes", "partly", "no"] = need("是否读过原文")
    note: Note = may("疑点")


class ItemShape(Both):
    """A row of the basic list."""

    model_config = ConfigDict(extra="forbid")
    class_: Annotated[Literal["1", "2", "3"], enum_schema(["1", "2", "3", 1, 2, 3])] = need("类别", alias="class")
    editions: Annotated[list[Key], Field(min_length=1)] = need("所载版本")
    basis: Basis = may("依据")
    checked: CheckedShape = may("核对情况")
    note: Note = may("疑点")


class BasicListShape(Shape):
    """The legality gate and the national basic list of measures."""

    gate: GateShape = may("合法性关口")
    editions: dict[Key, EditionShape] = may("版本")
    items: dict[ItemCode, ItemShape] = may("各项")


class DatedFigure(Shape):
    """A figure from a day on."""

    from_: Day = need("施行日", alias="from")
    value: Figure = need("数值；金额以元计")
    jurisdiction: PlaceCode = may("适用地区")
    basis: BasisOrOne = need("依据")
    note: Note = may("疑点")


class ParameterShape(Shape):
    """A figure the law dates; a later layer may write `values` and `by_field` alone."""

    zh: Text = may("中文")
    en: Text = may("英文")
    unit: Line = may("单位；CNY 为人民币元")
    values: list[DatedFigure] = may("各日数值")
    unknown_before: Yes = may("最早一日之前未知")
    read_on: Code = may("取哪一日的数值：prevailing 或某个日期事实")
    by_field: dict[Code, dict[Key, Figure]] = may("按事实取值另定的数值；取高者")
    checked: CheckedShape = may("核对情况")
    note: Note = may("疑点")


class JurisdictionShape(Both):
    """A place."""

    parent: PlaceCode = need("上级地区")
    from_: Day = may("设立日", alias="from")
    until: Day = may("撤销前最后一日（含）")
    note: Note = may("疑点")


class MatterShape(Both):
    """What is applied for."""

    scenarios: Annotated[list[Code], Field(min_length=1)] = need("所属场景")
    note: Note = may("疑点")


class ScopedShape(Shape):
    """A dated rule, and which entries it is for."""

    from_: Day = may("施行日", alias="from")
    until: Day = may("最后适用日（含）")
    jurisdiction: PlaceCode = may("适用地区；默认全国")
    lists: Named = may("只适用于这些名单；最优先")
    keepers: Named = may("只适用于这些单位认定的记录；次优先")
    colours: Annotated[list[Colour], Field(min_length=1)] = may("只适用于这些颜色的名单；再次")
    spared: Named = may("不适用的名单")
    basis: Basis = need("依据")
    checked: CheckedShape = need("核对情况；memory 或 low 的不作定论，须连同把握程度一起显示")
    doubt: Both = may("须随同说明的疑点")
    note: Note = may("给审计人员看的疑点")


class WayShape(Both, ScopedShape):
    """A rule on the way back of an entry."""


class RegimeShape(WayShape):
    """A regime of repair."""

    apply_to: Both = need("向谁申请")
    conditions: Both = need("修复条件")
    minimum: Both = may("最短公示期或最早可申请的时间")
    maximum: Both = may("最长公示期；届满自动停止")
    deadline: Both = may("办理期限")


class ObjectionShape(WayShape):
    """How an entry is challenged."""

    apply_to: Both = need("向谁提出")
    mark: Both = may("处理期间如何标注")
    deadline: Both = may("办理期限")
    after: Both = may("不服处理结果的")


class RepairShape(Shape):
    """How entries are repaired and challenged."""

    regimes: dict[Code, RegimeShape] = may("信用修复制度")
    objections: dict[Code, ObjectionShape] = may("异议")
    not_repairable: dict[Code, WayShape] = may("没有修复途径的；zh、en 写明缘由")


SHAPES: dict[str, Any] = {
    "facts": RootModel[dict[Code, FactShape]],
    "parameters": RootModel[dict[Code, ParameterShape]],
    "issuers": RootModel[dict[Code, IssuerShape]],
    "instruments": RootModel[dict[Key, InstrumentShape]],
    "lists": RootModel[dict[Code, ListShape]],
    "scenarios": RootModel[dict[Code, ScenarioShape]],
    "jurisdictions": RootModel[dict[PlaceCode, JurisdictionShape]],
    "matters": RootModel[dict[Code, MatterShape]],
    "basic_list": BasicListShape,
    "repair": RepairShape,
}
