"""What the search looks through: a file of rows that a page loads as a script, because `file://` knows no requests."""

import json
from collections.abc import Iterator

from api.site.sheets import Sheets

NAME = "memorandaIndex"
# One row: kind, address from the language's own folder, title, second line, further words to search in.
Row = tuple[str, str, str, str, str]


def index_file(sheets: Sheets) -> str:
    """The script that sets the index; `<` is written as an escape, so that no text can close a tag anywhere."""
    rows = json.dumps(list(rows_of(sheets)), ensure_ascii=False, separators=(",", ":"))
    return f"window.{NAME}={rows.replace('<', chr(92) + 'u003c')};\n"


def rows_of(sheets: Sheets) -> Iterator[Row]:
    """Scenarios, lists, documents and clauses; each is found by its words in both languages."""
    atlas = sheets.atlas
    for code, scenario in atlas.vocabulary.scenarios.items():
        yield _row(sheets, "scenario", f"scenarios/{code}.html", scenario.name.zh, scenario.name.en, "", code)
    for code, record in atlas.vocabulary.lists.items():
        keeper = sheets.speaker.issuer(record.keeper)
        yield _row(sheets, "list", f"lists/{code}.html", record.name.zh, record.name.en, keeper, code)
    for code, sheet in atlas.sheets.items():
        memorandum = sheet.memorandum
        issued = f"{memorandum.number} · {memorandum.issued}"
        title = memorandum.title
        yield _row(sheets, "document", f"memoranda/{code}.html", title.zh, title.en, issued, code)
        for one, line in zip(sheet.bites, sheets.lines.of(sheet.bites), strict=True):
            told = line.state if line.rests else line.effect_word
            says, place = one.measure.says, f"{memorandum.number} {line.row.clause} · {told}"
            address = f"memoranda/{code}.html#{line.fragment}"
            names = (sheets.speaker.list_name(name) for name in one.measure.lists)
            yield _row(sheets, "clause", address, says.zh, says.en, place, sheets.speaker.join(names))


def _row(sheets: Sheets, kind: str, address: str, zh: str, en: str, second: str, more: str) -> Row:
    """The page's language is shown, the other is only searched in."""
    shown, other = (zh, en) if sheets.lang == "zh" else (en, zh)
    return kind, address, shown, second, f"{other} {more}".strip()
