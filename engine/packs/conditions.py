"""`when` and `unless` as written, into tests on declared facts; every word and figure is checked against its fact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from engine.calendar import next_day
from engine.condition import ALWAYS, Condition, Every, MomentRef, Op, Operand, ParameterRef, Some, Test, opposed
from engine.model import MOMENTS, PREVAILING
from engine.packs.values import WrongValue, code, day, flag, number
from engine.packs.words import Node, advice, did_you_mean, plain_text, shown
from engine.vocabulary import FactRecord, FactType, Parameter

CURRENCY = "CNY"
COMPARISONS = (Op.AT_LEAST, Op.ABOVE, Op.AT_MOST, Op.BELOW)
_NUMBERS = frozenset({FactType.MONEY, FactType.COUNT})
_OPERATORS: Mapping[FactType, tuple[str, ...]] = {
    **dict.fromkeys(_NUMBERS, (*COMPARISONS, "between")),
    FactType.DATE: (Op.BEFORE, Op.ON_OR_AFTER, Op.WITHIN, "between"),
    FactType.CODE: (),
    FactType.FLAG: (),
}
_JOINERS = ("not", "any", "all")
_NEVER = Some(())
Value_ = TypeVar("Value_")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a condition may speak of."""

    facts: Mapping[str, FactRecord]
    parameters: Mapping[str, Parameter]


def read_condition(node: Node, declared: Declared) -> Condition:
    """A mapping of facts to tests, all of which must hold; `any`, `all` and `not` join such mappings."""
    if node.value is None:
        return ALWAYS
    return _joined(node, lambda inner: read_condition(inner, declared), lambda kid: _fact(kid, declared))


def _joined(node: Node, again: Callable[[Node], Condition], other: Callable[[Node], Condition]) -> Condition:
    """A mapping whose keys must all hold: `not`, `any`, `all` of the same kind again, or something `other`."""
    if not node.map:
        zh, en = "此处应为一组键值", "this should be a mapping of keys"
        node.fault("P230", zh, en, ("如 {amount: {at_least: 5000}}", "as in {amount: {at_least: 5000}}"))
        return _NEVER
    parts: list[Condition] = []
    for kid in node.kids():
        if kid.path in kid.tree.holes:
            continue
        if kid.name == "not":
            parts.append(opposed(again(kid)))
        elif kid.name in ("any", "all"):
            inner = tuple(again(part) for part in kid.kids()) if isinstance(kid.value, list) else ()
            if not inner:
                kid.fault("P230", f"`{kid.name}` 应为列表", f"`{kid.name}` takes a list")
            parts.append(Some(inner) if kid.name == "any" else Every(inner))
        else:
            parts.append(other(kid))
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def _fact(node: Node, declared: Declared) -> Condition:
    fact = declared.facts.get(node.name)
    if fact is None:
        word = shown(node.name)
        helps = advice(node.name, declared.facts)
        node.fault("P207", f"没有这个事实：`{word}`", f"there is no fact `{word}`", helps, key=True)
        return _NEVER
    return _test(node, fact, declared)


def _test(node: Node, fact: FactRecord, declared: Declared) -> Condition:
    try:
        if node.text:
            return _one_of((node,), fact)
        if isinstance(node.value, list):
            texts = tuple(kid for kid in node.kids() if kid.text)
            if not texts or len(texts) < len(node.value):
                node.fault("P230", "应为文本的列表", "this should be a list of texts")
                return _NEVER
            return _one_of(texts, fact)
    except WrongValue:
        return _NEVER
    return _joined(node, lambda inner: _test(inner, fact, declared), lambda kid: _operator(kid, fact, declared))


def _one_of(nodes: tuple[Node, ...], fact: FactRecord) -> Condition:
    if fact.type is FactType.CODE:
        return Test(fact.code, Op.ONE_OF, tuple(_value(node, lambda text: code(fact, text)) for node in nodes))
    if fact.type is FactType.FLAG:
        flags = [_value(node, flag) for node in nodes]
        return Test(fact.code, Op.ONE_OF, tuple("yes" if known else "no" for known in flags))
    equal = tuple(_equal(node, fact) for node in nodes)
    return equal[0] if len(equal) == 1 else Some(equal)


def _equal(node: Node, fact: FactRecord) -> Condition:
    """A figure or a day exactly: from it and up to it, so that only ordered tests remain."""
    if fact.type is FactType.DATE:
        on = _value(node, day)
        return Every((Test(fact.code, Op.ON_OR_AFTER, on), Test(fact.code, Op.BEFORE, next_day(on))))
    figure = _value(node, lambda text: number(fact, text))
    return Every((Test(fact.code, Op.AT_LEAST, figure), Test(fact.code, Op.AT_MOST, figure)))


def _value(node: Node, read: Callable[[str], Value_]) -> Value_:
    """What the text means; a fault, and WrongValue again, if it means nothing."""
    try:
        return read(node.text)
    except WrongValue as wrong:
        node.fault("P215", wrong.zh, wrong.en, wrong.help)
        raise


def _operator(node: Node, fact: FactRecord, declared: Declared) -> Condition:
    allowed = _OPERATORS[fact.type]
    name = node.name
    if name not in allowed:
        zh, en = (
            f"{fact.type} 类事实 `{fact.code}` 不能用 `{shown(name)}`",
            f"`{shown(name)}` does not fit a {fact.type}",
        )
        near = did_you_mean(name, (*allowed, *_JOINERS))
        usable = ", ".join((*allowed, *_JOINERS))
        helps = (f"是否指 `{near}`？", f"did you mean `{near}`?") if near else (f"可用：{usable}", f"usable: {usable}")
        node.fault("P214", zh, f"{en}, such as `{fact.code}`", helps, key=True)
        return _NEVER
    try:
        if name == "between":
            return _between(node, fact, declared)
        return Test(fact.code, Op(name), _operand(node, fact, declared, Op(name)))
    except WrongValue:
        return _NEVER


def _between(node: Node, fact: FactRecord, declared: Declared) -> Condition:
    ends = tuple(node.kids()) if isinstance(node.value, list) else ()
    if len(ends) != 2 or not all(end.text for end in ends):
        node.fault("P230", "`between` 应为两个值 [起, 止]", "`between` takes two values, [from, to]")
        return _NEVER
    if fact.type is FactType.DATE:
        first, last = (_value(end, day) for end in ends)
        parts = (Test(fact.code, Op.ON_OR_AFTER, first), Test(fact.code, Op.BEFORE, next_day(last)))
        wrong = first > last
    else:
        low, high = (_operand(end, fact, declared, Op.AT_LEAST) for end in ends)
        parts = (Test(fact.code, Op.AT_LEAST, low), Test(fact.code, Op.AT_MOST, high))
        wrong = isinstance(low, int) and isinstance(high, int) and low > high
    if wrong:
        node.fault("P216", "`between` 的起止颠倒", "`between` runs backwards", ("先小后大", "put the smaller first"))
    return Every(parts)


def _operand(node: Node, fact: FactRecord, declared: Declared, op: Op) -> Operand:
    if op is Op.WITHIN:
        return _within(node)
    if fact.type is FactType.DATE:
        if node.text in (PREVAILING, *MOMENTS):
            return MomentRef(node.text)
        if plain_text(node.text)[:1].isalpha():
            word = shown(node.text)
            helps = advice(node.text, (PREVAILING, *MOMENTS))
            node.fault("P209", f"没有这个时点：`{word}`", f"there is no moment `{word}`", helps)
            raise WrongValue("", "")
        return _value(_texted(node), day)
    if node.text in declared.parameters:
        return _parameter(node, fact, declared.parameters[node.text])
    if plain_text(node.text)[:1].isalpha():
        node.known("P208", declared.parameters, "参数", "parameter")
        raise WrongValue("", "")
    return _value(_texted(node), lambda text: number(fact, text))


def _texted(node: Node) -> Node:
    if node.path in node.tree.holes:
        raise WrongValue("", "")
    if not node.text:
        node.fault("P230", "此处应为一个值", "this should be a single value")
        raise WrongValue("", "")
    return node


def _within(node: Node) -> Operand:
    period = node.period()
    if period is None or set(node.map) - {"years", "months", "days"}:
        helps = ("如 {years: 3}；可用 years、months、days", "as in {years: 3}; usable: years, months, days")
        node.fault("P230", "`within` 应为一段时间", "`within` takes a length of time", helps)
        raise WrongValue("", "")
    return period


def _parameter(node: Node, fact: FactRecord, parameter: Parameter) -> Operand:
    if (parameter.unit == CURRENCY) is not (fact.type is FactType.MONEY):
        zh = f"参数 `{parameter.code}` 的单位是 {parameter.unit}，不能与 `{fact.code}` 比较"
        en = f"the parameter `{parameter.code}` is in {parameter.unit} and cannot be compared with `{fact.code}`"
        node.fault("P214", zh, en)
    return ParameterRef(parameter.code)
