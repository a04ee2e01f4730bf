"""Faults as a reader wants them: a compiler's text with the source line, JSON, or SARIF 2.1.0 for code hosts."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.cells import cell_len

from engine.errors import Fault, Place
from engine.packs.explain import explained, explanation
from engine.vocabulary import Words

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
WIDEST = 100  # cells of a source line that are shown
LEAD = 30  # of them at most this many before the fault

_SEVERITY = {"error": Words("错误", "error"), "warning": Words("警告", "warning"), "note": Words("提示", "note")}
_COLOURS = {"error": "31", "warning": "33", "note": "36"}
_CLAUSE = Words("条款 {}", "clause {}")
_HELP = Words("帮助：", "help: ")
_ENGLISH = {"pack": "packs", "measure": "measures", "error": "errors", "warning": "warnings", "note": "notes"}


def render_text(faults: Sequence[Fault], lang: str = "zh", colour: bool = False) -> str:
    """Every fault with its place, its document, the source line underlined, and how to mend it."""
    return "\n\n".join("\n".join(_block(fault, lang, colour)) for fault in faults)


def summary(faults: Sequence[Fault], packs: int, measures: int, lang: str = "zh") -> str:
    """One line: how much was checked and what was found."""
    found = Counter(fault.severity for fault in faults)
    if lang == "zh":
        counts = "，".join(f"{found[severity]} 个{words.zh}" for severity, words in _SEVERITY.items())
        return f"检查 {packs} 份文件、{measures} 条措施：{counts}"
    counts = ", ".join(_many(found[severity], severity) for severity in _SEVERITY)
    return f"checked {_many(packs, 'pack')}, {_many(measures, 'measure')}: {counts}"


def render_json(faults: Sequence[Fault]) -> str:
    """The faults with both languages, and the counts."""
    found = Counter(fault.severity for fault in faults)
    counts = {f"{name}s": found[name] for name in _SEVERITY}
    return json.dumps({"faults": [_plain(fault) for fault in faults], "summary": counts}, ensure_ascii=False, indent=2)


def render_sarif(faults: Sequence[Fault], lang: str = "zh") -> str:
    """One run in SARIF 2.1.0: a rule with its help text for each code, a result with its region for each fault."""
    codes = sorted({fault.code for fault in faults})
    driver = {"name": "memoranda", "rules": [_rule(code, lang) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(fault, codes.index(fault.code), lang) for fault in faults],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _many(number: int, word: str) -> str:
    return f"{number} {word if number == 1 else _ENGLISH[word]}"


def _block(fault: Fault, lang: str, colour: bool) -> Iterator[str]:
    place, paint = fault.place, _COLOURS[fault.severity] if colour else ""
    file = _near(place.file).as_posix()
    where = f"{file}:{place.line}:{place.column}" if place.line else file
    clause = f"{_CLAUSE.say(lang).format(_clean(fault.clause))}  " if fault.clause else ""
    head = f"{fault.code} {_SEVERITY[fault.severity].say(lang)}"
    yield f"{_painted(where, '1' if colour else '')}  {clause}{_painted(head, paint)}  {_clean(_said(fault, lang))}"
    if fault.title:
        yield f"  {_quoted(fault.title, lang)}"
    if place.line and place.source:
        yield from _excerpt(place, paint)
    mend = fault.help_zh if lang == "zh" else fault.help_en
    if mend:
        yield f"  {_HELP.say(lang)}{_clean(mend)}"


def _said(fault: Fault, lang: str) -> str:
    return fault.zh if lang == "zh" else fault.en


def _quoted(title: str, lang: str) -> str:
    return f"《{_clean(title)}》" if lang == "zh" else _clean(title)


def _painted(text: str, paint: str) -> str:
    return f"\x1b[{paint}m{text}\x1b[0m" if paint else text


def _excerpt(place: Place, paint: str) -> Iterator[str]:
    """The source line and its underline, by the cells a terminal gives each character: a Chinese one takes two."""
    source = _clean(place.source)
    start = min(place.column - 1, len(source))
    before, marked = source[:start], source[start : start + place.length]
    before = _tail(before, LEAD if cell_len(source) > WIDEST else WIDEST)
    line = _head(before + source[start:], WIDEST)
    width = max(1, min(cell_len(marked), WIDEST - cell_len(before)))
    margin = f"{place.line} | "
    yield f"  {margin}{line}"
    yield f"  {' ' * (len(margin) - 2)}| {' ' * cell_len(before)}{_painted('^' * width, paint)}"


def _clean(text: str) -> str:
    """No control or direction mark of a faulty file reaches the terminal; a tab counts as one blank."""
    text = text.replace("\t", " ")
    return "".join(
        "\ufffd" if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else letter for letter in text
    )


def _tail(text: str, cells: int) -> str:
    if cell_len(text) <= cells:
        return text
    while cell_len(text) > cells - 1:
        text = text[1:]
    return "…" + text


def _head(text: str, cells: int) -> str:
    if cell_len(text) <= cells:
        return text
    text = text[:cells]
    while cell_len(text) > cells - 1:
        text = text[:-1]
    return text + "…"


def _plain(fault: Fault) -> dict[str, Any]:
    place = fault.place
    return {
        "code": fault.code,
        "severity": fault.severity,
        "file": _near(place.file).as_posix(),
        "line": place.line,
        "column": place.column,
        "length": place.length,
        "clause": fault.clause,
        "title": fault.title,
        "zh": fault.zh,
        "en": fault.en,
        "help": {"zh": fault.help_zh, "en": fault.help_en},
    }


def _rule(code: str, lang: str) -> dict[str, Any]:
    return {
        "id": code,
        "shortDescription": {"text": explanation(code).title.say(lang)},
        "help": {"text": explained(code, lang)},
    }


def _result(fault: Fault, rule: int, lang: str) -> dict[str, Any]:
    mend = fault.help_zh if lang == "zh" else fault.help_en
    stop = "。" if lang == "zh" else ". "
    return {
        "ruleId": fault.code,
        "ruleIndex": rule,
        "level": fault.severity,
        "message": {"text": stop.join(filter(None, (_said(fault, lang), mend)))},
        "locations": [_location(fault)],
    }


def _location(fault: Fault) -> dict[str, Any]:
    place = fault.place
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line:
        end = place.column + max(place.length, 1)
        region = {"startLine": place.line, "startColumn": place.column, "endLine": place.line, "endColumn": end}
        physical["region"] = region | {"snippet": {"text": place.source}}
    location: dict[str, Any] = {"physicalLocation": physical}
    if fault.clause:
        location["logicalLocations"] = [{"name": fault.clause, "kind": "clause"}]
    return location


def _near(file: str) -> Path:
    """The file as seen from where the user stands, if it lies below."""
    path = Path(file)
    return path.relative_to(Path.cwd()) if path.is_absolute() and path.is_relative_to(Path.cwd()) else path


def _uri(file: str) -> str:
    path = _near(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
