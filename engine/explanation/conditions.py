"""A condition in words, short enough for a cell of a table: 罚款金额≥2,000,000元，且决定日期在3年内."""

from datetime import date

from engine.calendar import Period
from engine.condition import Condition, Every, MomentRef, Op, Operand, ParameterRef, Test
from engine.explanation.phrases import MOMENTS
from engine.model import PREVAILING
from engine.vocabulary import FactRecord, FactType, Vocabulary, Words

_SIGNS = {Op.AT_LEAST: ("≥", "<"), Op.ABOVE: (">", "≤"), Op.AT_MOST: ("≤", ">"), Op.BELOW: ("<", "≥")}
_BEFORE = Words("早于", "before")
_SINCE = Words("不早于", "on or after")
_DAYS = {Op.BEFORE: (_BEFORE, _SINCE), Op.ON_OR_AFTER: (_SINCE, _BEFORE)}
_WITHIN = (Words("在{}内", "within {}"), Words("超过{}", "more than {} ago"))
_ONE_OF = (Words("为", "is"), Words("不为", "is not"))
_OR = Words("或", " or ")
_AND_THEN = Words("，且", ", and ")
_OR_ELSE = Words("，或", ", or ")
_PREVAILS = Words("判断时点", "the moment judged at")
_LENGTHS = (("years", Words("年", "year")), ("months", Words("个月", "month")), ("days", Words("日", "day")))


def spoken_condition(condition: Condition, vocabulary: Vocabulary, lang: str) -> str:
    """The condition in `zh` or `en`; empty if it always holds."""
    if isinstance(condition, Test):
        return _test(condition, vocabulary, lang)
    join = (_AND_THEN if isinstance(condition, Every) else _OR_ELSE).say(lang)
    parts = [part for part in condition.parts if isinstance(part, Test) or part.parts]
    texts = [
        _inner(part, vocabulary, lang) if len(parts) > 1 else spoken_condition(part, vocabulary, lang) for part in parts
    ]
    return join.join(texts)


def spoken_period(period: Period, lang: str) -> str:
    """A length of time: 3年, 1 year."""
    texts = []
    for name, unit in _LENGTHS:
        if number := getattr(period, name):
            texts.append(f"{number}{unit.zh}" if lang == "zh" else f"{number} {unit.en}{'s' * (number != 1)}")
    return ("" if lang == "zh" else " ").join(texts)


def _inner(part: Condition, vocabulary: Vocabulary, lang: str) -> str:
    text = spoken_condition(part, vocabulary, lang)
    if isinstance(part, Test) or len(part.parts) < 2:
        return text
    return f"（{text}）" if lang == "zh" else f"({text})"


def _test(test: Test, vocabulary: Vocabulary, lang: str) -> str:
    fact = vocabulary.facts.get(test.fact)
    name = fact.name.say(lang) if fact else test.fact
    if test.op is Op.ONE_OF:
        return _one_of(test, name, fact, lang)
    if test.op is Op.WITHIN and isinstance(test.operand, Period):
        told = _WITHIN[test.opposed].say(lang).format(spoken_period(test.operand, lang))
        return f"{name}{told}" if lang == "zh" else f"{name} {told}"
    operand = _operand(test.operand, fact, vocabulary, lang)
    told = _SIGNS[test.op][test.opposed] if test.op in _SIGNS else _DAYS[test.op][test.opposed].say(lang)
    return f"{name}{told}{operand}" if lang == "zh" else f"{name} {told} {operand}"


def _one_of(test: Test, name: str, fact: FactRecord | None, lang: str) -> str:
    values = test.operand if isinstance(test.operand, tuple) else (str(test.operand),)
    if fact and fact.type is FactType.FLAG:
        holds = ("yes" in values) is not test.opposed
        return name if holds else {"zh": f"非“{name}”", "en": f"not: {name}"}[lang]
    known = fact.values if fact else {}
    words = [known[value].say(lang) if value in known else value for value in values]
    told = _ONE_OF[test.opposed].say(lang)
    if lang == "zh":
        return f"{name}{told}{'或'.join(words)}"
    return f"{name} {told} {' or '.join(words)}"


def _operand(operand: Operand, fact: FactRecord | None, vocabulary: Vocabulary, lang: str) -> str:
    match operand:
        case ParameterRef(code):
            known = vocabulary.parameters.get(code)
            return known.name.say(lang) if known else code
        case MomentRef(name):
            return (_PREVAILS if name == PREVAILING else MOMENTS.get(name, Words(name, name))).say(lang)
        case int() if fact and fact.type is FactType.MONEY:
            return _money(operand, lang)
        case date():
            return operand.isoformat()
        case _:
            return str(operand)


def _money(fen: int, lang: str) -> str:
    yuan = f"{fen // 100:,}" + (f".{fen % 100:02}" if fen % 100 else "")
    return f"{yuan}元" if lang == "zh" else f"CNY {yuan}"
