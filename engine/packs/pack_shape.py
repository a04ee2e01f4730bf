"""The shape of a pack file, with the hover texts an editor shows; its closed words are the enumerations of `model`."""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from engine.inquiry import DATES
from engine.model import Duty, Effect, Form, Reach, Window
from engine.packs.fields import (
    Both,
    CheckedShape,
    Cited,
    Code,
    Day,
    ItemCode,
    Label,
    Line,
    Note,
    PeriodShape,
    PlaceCode,
    Shape,
    SpanShape,
    Target,
    Text,
    among,
    as_list,
    as_map,
    as_text,
    as_words,
    by_kind,
    enum_schema,
    may,
    need,
)

Codes = Annotated[list[Code], Field(min_length=1, max_length=200)]
CodesOrAll = Annotated[
    Annotated[Literal["all"], as_text] | Annotated[Codes, as_list],
    by_kind,
]
IssuersOrAll = Annotated[
    Annotated[Literal["all-issuers"], as_text] | Annotated[Codes, as_list],
    by_kind,
]
CONDITION = "‹condition›"  # pydantic knows no $ref but its own; schema.py puts ours in its place
# What conditions.py reads; it speaks of wrong ones itself, with the fact's type in hand.
Conditions = Annotated[Any, WithJsonSchema({"$comment": CONDITION})]
EventDate = Annotated[str, among(DATES), enum_schema(DATES)]


class TermShape(PeriodShape):
    """The document's own limit in time."""

    from_: EventDate = need("起算的事件日期", alias="from")


class ContestedShape(Shape):
    """A question that a lawyer must answer."""

    by: Line = need("由谁回答")
    question: Both = need("问题")
    from_: Day = may("自何日起存疑", alias="from")


Then = Annotated[
    Annotated[Both, as_words] | Annotated[dict[Code, Both], as_map],
    by_kind,
]


class MeasureShape(Shape):
    """One clause's consequence in named scenarios."""

    clause: Label = need("条款标签，照文件原样，全文件唯一")
    says: Both = need("一句话读法，用自己的话，不粘贴原文")
    stands_on: Literal["entry", "inquiry"] = may("依据：entry 列入记录（默认）；inquiry 不依名单，依本次查询的事实")
    lists: Codes = may("所涉名单；默认为文件头所列")
    scenarios: Codes = need("应用场景")
    matters: CodesOrAll = may("办理事项，或 all；行政许可、财政资金措施不写即为草稿")
    effect: Effect = need("措施类型")
    duty: Duty = may("must 应当（默认），may 可以")
    roles: Codes = may("约束的角色；默认全部")
    reaches: Annotated[list[Reach], Field(min_length=1)] = may("谁的记录算在当事方名下，只到一层关系；默认 self")
    while_: Window = may(
        "何者持续则措施有效：listed 在列、ban 禁止期内、decided 以决定日回溯、after-end 终止之后", alias="while"
    )
    ends: Annotated[list[Literal["repaired", "removed"]], Field(min_length=1)] = may(
        "while: decided 时，信用修复或移出是否也终止效力"
    )
    at: Code = may("判断的时点；默认 prevailing")
    by: IssuersOrAll = need("实施单位代码，或 all-issuers")
    basis: Annotated[list[Cited], Field(min_length=1, max_length=50)] = need("法律及政策依据，如 政府采购法 22.1.5")
    list_item: ItemCode = may("全国失信惩戒措施基础清单中的项")
    when: Conditions = may("条件")
    unless: Conditions = may("除外条件")
    given: Annotated[list[Target], Field(min_length=1)] = may("须与这些条款的有效命中同时成立")
    lifts: Annotated[list[Target], Field(min_length=1)] = may("effect: lift 时所解除的条款（同一记录）")
    scope: Literal["entry", "inquiry"] = may("effect: lift 的范围；默认 entry")
    withholds: CodesOrAll = may("effect: withhold 时取消的优惠或通道，或 all")
    route: Code = may("effect: route 时给予的通道")
    condition: Both = may("effect: limit 时所附条件；默认为 says")
    contested: ContestedShape = may("有待法律专业人员回答的问题；命中按人工审查处理")
    term: TermShape = may("文件自身规定的措施期限")
    then: Then = may("实施单位下一步的动作，或按阶段分写")
    checked: CheckedShape = may("核对情况；默认为文件头所列")
    note: Note = may("读法的疑点，供审计人员看")


class PackShape(Shape):
    """One issued document, its annex clause by clause."""

    title: Text = need("文件名称")
    english: Text = need("英文名称")
    number: Line = need("文号")
    kind: Literal["punishment", "incentive", "mixed"] = need("惩戒、激励或兼有")
    form: Form = need("文件种类")
    jurisdiction: PlaceCode = need("适用地区：national 或地区代码")
    issued: Day = need("发文日期")
    in_force: SpanShape = need("有效期")
    issuers: Codes = need("发文单位")
    lists: Codes = may("所涉名单")
    checked: CheckedShape = may("核对情况（各条默认）")
    note: Note = may("对整份文件的疑点")
    measures: Annotated[list[MeasureShape], Field(min_length=1, max_length=2000)] = need("措施，按文件顺序")
