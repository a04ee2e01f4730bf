"""What the library rests on, as counts: for a terminal, a spreadsheet, a browser and a program."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.legality_words import DRAFTS
from api.cli.page import rendered
from api.cli.sheet import as_csv
from engine.analysis.drafts import draft_for
from engine.analysis.provenance import Group, Provenance
from engine.explanation.documents import FORMS, KINDS, RANKS
from engine.explanation.phrases import CHECKS, SURE
from engine.explanation.speaker import Speaker
from engine.services.provenance import Weighed
from engine.vocabulary import Words

NARROWEST = 60
TITLE = Words("规则库的来源与把握", "What the library rests on")
UNSAID = Words("未说明", "not said")

MEASURES, EFFECTIVE, DRAFT = Words("措施", "measures"), Words("有效", "effective"), Words("草稿", "drafts")
PACKS, CASES, NUMBER = Words("文件", "documents"), Words("用例", "cases"), Words("数量", "number")
_GROUP = (PACKS, MEASURES, EFFECTIVE, DRAFT)
SECTIONS: Mapping[str, Words] = {
    "confidence": Words("按把握", "By confidence"),
    "source": Words("按来源", "By source"),
    "scenario": Words("按应用场景（一条可属几个）", "By scenario (a measure may be in several)"),
    "kind": Words("按性质", "By kind"),
    "form": Words("按文件种类", "By form of document"),
    "pack": Words("各文件", "Each document"),
    "shared": Words("跨文件用例", "Cases of several documents together"),
    "term": Words("名单期限", "Terms of lists"),
    "no_term": Words("没有期限规则也没有说明原因的名单", "Lists without a term rule or a word of why"),
    "instrument": Words("依据，按效力层级和核对方式", "Instruments by rank and how checked"),
    "weak_instrument": Words(
        "只凭记忆、把握低或未说明如何核对的依据", "Instruments from memory, of low confidence or unchecked"
    ),
    "weak_pack": Words(
        "全部措施只凭记忆或把握低的文件", "Documents all of whose measures are from memory or uncertain"
    ),
    "weak": Words("只凭记忆或把握低的措施", "Measures from memory or of low confidence"),
}
_TERMS = {
    "ruled": Words("有期限规则", "with a term rule"),
    "untimed": Words("无期限规则，已说明原因", "without one, and it is said why"),
    "silent": Words("无期限规则，未说明原因", "without one, and not said why"),
}


@dataclass(frozen=True, slots=True)
class Count:
    """One thing counted: its code, its name, and its figures by what they count; a thing only named has none."""

    code: str
    name: str
    figures: Mapping[Words, int]


Sections = list[tuple[str, list[Count]]]


def as_text(weighed: Weighed, lang: str, width: int | None = None) -> str:
    """The summary and a table for each section."""
    console = Console(width=max(width or shutil.get_terminal_size((120, 24)).columns, NARROWEST), color_system=None)
    with console.capture() as captured:
        console.print(Text(summary(weighed.found, lang)))
        for section, counts in sections(weighed, lang):
            console.print(Text(f"\n{SECTIONS[section].say(lang)}"))
            console.print(_table(counts, lang) if counts else Text("  —"))
    return captured.get()


def as_sheet(weighed: Weighed, lang: str) -> bytes:
    """One flat CSV: a row for each thing counted, its figures in columns of their own."""
    columns = (*_GROUP, CASES, NUMBER)
    heads = [Words("部分", "section").say(lang), Words("代码", "code").say(lang), Words("名称", "name").say(lang)]
    rows = (
        [SECTIONS[section].say(lang), count.code, count.name, *(str(count.figures.get(c, "")) for c in columns)]
        for section, counts in sections(weighed, lang)
        for count in counts
    )
    return as_csv([*heads, *(column.say(lang) for column in columns)], rows)


def as_html(weighed: Weighed, lang: str) -> bytes:
    """One page to read or print, with nothing to load."""
    return rendered(
        "provenance",
        lang,
        title=TITLE.say(lang),
        summary=summary(weighed.found, lang),
        sections=[
            {"title": SECTIONS[section].say(lang), "counts": counts, "columns": _columns(counts)}
            for section, counts in sections(weighed, lang)
        ],
        revision=weighed.rulebook.revision,
    )


def as_json(weighed: Weighed) -> str:
    """The same for a program: figures by section and code, in English names."""
    data: dict[str, object] = {"revision": weighed.rulebook.revision, "all": _figures(_group(weighed.found.whole))}
    for section, counts in sections(weighed, "en"):
        named = not any(count.figures for count in counts)
        data[section] = [c.code for c in counts] if named else {c.code: _figures(c.figures) for c in counts}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def summary(found: Provenance, lang: str) -> str:
    """The whole library in a line."""
    whole, cases = found.whole, sum(pack.cases for pack in found.packs) + found.shared_cases
    return Words(
        f"{whole.packs} 份文件，{whole.measures} 条措施：有效 {whole.effective} 条，草稿 {whole.drafts} 条，"
        f"其中只凭记忆或把握低的 {len(found.weak)} 条；用例 {cases} 个。",
        f"Documents {whole.packs}, measures {whole.measures}: effective {whole.effective}, drafts {whole.drafts}, "
        f"of these from memory or of low confidence {len(found.weak)}; cases {cases}.",
    ).say(lang)


def sections(weighed: Weighed, lang: str) -> Sections:
    """Everything counted or named, section by section, in one language."""
    return list(_sections(weighed, Speaker(weighed.rulebook, lang)))


def _sections(weighed: Weighed, speaker: Speaker) -> Iterator[tuple[str, list[Count]]]:
    found, words = weighed.found, weighed.rulebook.vocabulary
    scenarios = {code: record.name for code, record in words.scenarios.items()}
    yield "confidence", list(_groups(found.by_confidence, SURE, speaker))
    yield "source", list(_groups(found.by_source, CHECKS, speaker))
    yield "scenario", list(_groups(found.by_scenario, scenarios, speaker))
    yield "kind", list(_groups(found.by_kind, KINDS, speaker))
    yield "form", list(_groups(found.by_form, FORMS, speaker))
    yield "pack", list(_packs(found, speaker))
    yield "shared", [Count("cases", speaker.word(SECTIONS["shared"]), {CASES: found.shared_cases})]
    yield (
        "term",
        [Count(key, speaker.word(name), {NUMBER: len(getattr(found.lists, key))}) for key, name in _TERMS.items()],
    )
    yield "no_term", [Count(code, speaker.list_name(code), {}) for code in found.lists.silent]
    yield "instrument", list(_instruments(found, speaker))
    yield "weak_instrument", [Count(c, speaker.word(words.instruments[c].name), {}) for c in found.weak_instruments]
    yield "weak_pack", [Count(c, speaker.word(weighed.rulebook.memoranda[c].title), {}) for c in found.weak_packs]
    yield "weak", list(_weak(weighed, speaker))


def _groups(groups: Mapping[str, Group], names: Mapping[str, Words], speaker: Speaker) -> Iterator[Count]:
    for code, group in groups.items():
        yield Count(code, speaker.word(names.get(code, UNSAID)), _group(group))


def _group(group: Group) -> dict[Words, int]:
    return {PACKS: group.packs, MEASURES: group.measures, EFFECTIVE: group.effective, DRAFT: group.drafts}


def _packs(found: Provenance, speaker: Speaker) -> Iterator[Count]:
    for pack in found.packs:
        title = f"{speaker.word(pack.memorandum.title)} ({pack.memorandum.number})"
        measures = {MEASURES: pack.effective + pack.drafts, EFFECTIVE: pack.effective, DRAFT: pack.drafts}
        yield Count(pack.memorandum.code, title, {**measures, CASES: pack.cases})


def _instruments(found: Provenance, speaker: Speaker) -> Iterator[Count]:
    for one in found.instruments:
        how = (speaker.word(table.get(code, UNSAID)) for table, code in ((CHECKS, one.by), (SURE, one.confidence)))
        name = speaker.join((speaker.word(RANKS[one.rank]), *dict.fromkeys(how)))
        code = "/".join(filter(None, (one.rank.value, one.by, one.confidence)))
        yield Count(code, name, {NUMBER: one.number})


def _weak(weighed: Weighed, speaker: Speaker) -> Iterator[Count]:
    for measure in weighed.found.weak:
        why = speaker.join(speaker.word(DRAFTS[one]) for one in draft_for(measure, weighed.rulebook.vocabulary))
        yield Count(measure.id, f"{speaker.word(measure.says)} [{why}]", {})


def _columns(counts: Sequence[Count]) -> list[Words]:
    return list(counts[0].figures) if counts else []


def _figures(figures: Mapping[Words, int]) -> dict[str, int]:
    return {words.en: number for words, number in figures.items()}


def _table(counts: Sequence[Count], lang: str) -> Table:
    table = Table(box=box.SIMPLE, show_header=bool(_columns(counts)), pad_edge=False)
    table.add_column("", overflow="fold")
    table.add_column("", overflow="fold")
    for column in _columns(counts):
        table.add_column(column.say(lang), justify="right")
    for count in counts:
        figures = (Text(str(number)) for number in count.figures.values())
        table.add_row(Text(count.code), Text(count.name), *figures)
    return table
