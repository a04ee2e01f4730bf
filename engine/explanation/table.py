"""A pack as the table its document ends in: clause, measure, basis, who acts, whom it reaches and when, how read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.citation import Citation, spoken_en, spoken_zh
from engine.explanation.conditions import spoken_condition, spoken_period
from engine.explanation.phrases import CHECKS, DATES, DUTIES, EFFECTS, REACHES, SURE
from engine.model import ALL, ALL_ISSUERS, Measure, Memorandum, Reach, Window
from engine.reading import Checked
from engine.vocabulary import Vocabulary, Words


@dataclass(frozen=True, slots=True)
class Row:
    """One measure in one language; `applies` are short lines."""

    clause: str
    measure: str
    effect: str
    basis: tuple[str, ...]
    by: tuple[str, ...]
    applies: tuple[str, ...]
    checked: tuple[str, ...]
    draft: bool


HEADS = (
    Words("条款", "Clause"),
    Words("措施", "Measure"),
    Words("法律及政策依据", "Basis"),
    Words("实施单位", "By whom"),
    Words("适用对象和条件", "Whom and when"),
    Words("核对", "Checked"),
)
DRAFT = Words("草稿，不生效", "draft, no effect")

_WINDOWS = {
    Window.LISTED: Words("在列期间", "while listed"),
    Window.BAN: Words("禁止期内", "within the ban"),
    Window.DECIDED: Words("以决定日期回溯", "looking back to the decision"),
    Window.AFTER_END: Words("终止之后", "after the entry has ended"),
}
_ALL = Words("全部", "all")
_ISSUERS = Words("发文单位", "all issuers")
_ON_INQUIRY = Words("依本次查询的事实，不依名单", "on the facts of the inquiry, no list")
_LINES = {
    "matters": Words("事项：{}", "matters: {}"),
    "reaches": Words("及于：{}", "entries counted too: {}"),
    "when": Words("条件：{}", "if: {}"),
    "unless": Words("除外：{}", "unless: {}"),
    "term": Words("期限：自{}起{}", "for: {1} from being {0}"),
    "lifts": Words("解除：{}", "lifts: {}"),
    "given": Words("前提：{}", "given: {}"),
    "withholds": Words("取消：{}", "withholds: {}"),
    "condition": Words("所附条件：{}", "condition: {}"),
    "contested": Words("存疑：{}", "contested: {}"),
}


def annex(memorandum: Memorandum, vocabulary: Vocabulary, lang: str) -> tuple[Row, ...]:
    """The document's measures as rows, in its own order, in `zh` or `en`."""
    return tuple(_row(measure, memorandum, vocabulary, lang) for measure in memorandum.measures)


def _row(measure: Measure, memorandum: Memorandum, vocabulary: Vocabulary, lang: str) -> Row:
    return Row(
        clause=measure.clause,
        measure=measure.says.say(lang),
        effect=f"{EFFECTS[measure.effect].say(lang)} · {DUTIES[measure.duty].say(lang)}",
        basis=tuple(_cited(citation, vocabulary, lang) for citation in measure.basis),
        by=tuple(_bodies(measure, memorandum, vocabulary, lang)),
        applies=tuple(_applies(measure, vocabulary, lang)),
        checked=_checked(measure.checked, lang),
        draft=measure.draft,
    )


def _cited(citation: Citation, vocabulary: Vocabulary, lang: str) -> str:
    if lang == "zh":
        return spoken_zh(citation)
    known = vocabulary.instruments.get(citation.instrument)
    return spoken_en(citation, known.name.en if known else citation.instrument)


def _bodies(measure: Measure, memorandum: Memorandum, vocabulary: Vocabulary, lang: str) -> Iterator[str]:
    for code in measure.by:
        if code == ALL_ISSUERS:
            yield _ISSUERS.say(lang)
            continue
        yield vocabulary.issuers[code].name.say(lang) if code in vocabulary.issuers else code


def _applies(measure: Measure, vocabulary: Vocabulary, lang: str) -> Iterator[str]:
    for code in measure.scenarios:
        scenario = vocabulary.scenarios[code]
        roles = [scenario.roles[role].say(lang) for role in measure.roles if role in scenario.roles]
        yield scenario.name.say(lang) + (_colon(lang) + _listed(roles, lang) if roles else "")
    if measure.matters:
        names = [_ALL.say(lang) if code == ALL else vocabulary.matters[code].name.say(lang) for code in measure.matters]
        yield _line("matters", _listed(names, lang), lang)
    yield _standing(measure, vocabulary, lang)
    others = [REACHES[reach].say(lang) for reach in measure.reaches if reach is not Reach.SELF]
    if others:
        yield _line("reaches", _listed(others, lang), lang)
    yield from _conditions(measure, vocabulary, lang)
    yield from _ties(measure, vocabulary, lang)


def _standing(measure: Measure, vocabulary: Vocabulary, lang: str) -> str:
    if measure.on_inquiry:
        return _ON_INQUIRY.say(lang)
    names = _listed([vocabulary.lists[code].name.say(lang) for code in measure.lists], lang)
    return f"{names}{_colon(lang)}{_WINDOWS[measure.window].say(lang)}" if measure.window else names


def _conditions(measure: Measure, vocabulary: Vocabulary, lang: str) -> Iterator[str]:
    for key, condition in (("when", measure.when), ("unless", measure.unless)):
        if condition and (text := spoken_condition(condition, vocabulary, lang)):
            yield _line(key, text, lang)
    if measure.term:
        start, length = DATES[measure.term.start].say(lang), spoken_period(measure.term.period, lang)
        yield _LINES["term"].say(lang).format(start, length)


def _ties(measure: Measure, vocabulary: Vocabulary, lang: str) -> Iterator[str]:
    for key, names in (("lifts", measure.lifts), ("given", measure.given)):
        if names:
            own = f"{measure.pack}#"
            yield _line(key, _listed([name.removeprefix(own) for name in names], lang), lang)
    if measure.withholds:
        yield _line(
            "withholds", _listed([_benefit(code, measure, vocabulary, lang) for code in measure.withholds], lang), lang
        )
    if measure.condition and measure.condition != measure.says:
        yield _line("condition", measure.condition.say(lang), lang)
    if measure.contested:
        yield _line("contested", measure.contested.question.say(lang), lang)


def _benefit(code: str, measure: Measure, vocabulary: Vocabulary, lang: str) -> str:
    if code == ALL:
        return _ALL.say(lang)
    if code in EFFECTS:
        return EFFECTS[code].say(lang)
    for scenario in measure.scenarios:
        if code in vocabulary.scenarios[scenario].routes:
            return vocabulary.scenarios[scenario].routes[code].say(lang)
    return code


def _checked(checked: Checked, lang: str) -> tuple[str, ...]:
    return CHECKS[checked.by].say(lang), checked.on.isoformat(), SURE[checked.confidence].say(lang)


def _line(key: str, text: str, lang: str) -> str:
    return _LINES[key].say(lang).format(text)


def _listed(words: Iterable[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(words)


def _colon(lang: str) -> str:
    return "：" if lang == "zh" else ": "
