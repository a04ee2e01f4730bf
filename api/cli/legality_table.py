"""The table of which measures bite on a day: for a terminal of any width, for a spreadsheet, and as one page."""

import shutil
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.legality_words import LACKS, Line, Teller
from api.cli.page import rendered
from api.cli.sheet import as_csv
from engine.decision import State
from engine.explanation.phrases import STATES
from engine.model import Memorandum
from engine.services.legality import Legality
from engine.vocabulary import Words

NARROWEST = 60
# Beside the word, so that no state is told by colour alone.
SIGNS = {State.EFFECTIVE: "●", State.UNDETERMINED: "?", State.WITHOUT_EFFECT: "○"}
TITLE = Words("{day} 当日各措施的效力", "Which measures bite on {day}")
NOTE = Words(
    "按法律判断，不论当事方、地点、事项和机关：有效的措施只及于其条件所指的人，不生效的对谁都不生效。",
    "Judged by law alone, whoever the party, the place, the matter and the authority: "
    "what has effect reaches those its conditions name, what has none reaches nobody.",
)
HEADS = (
    Words("条款", "Clause"),
    Words("措施", "Measure"),
    Words("应用场景", "Scenarios"),
    Words("效力", "Effect on the day"),
    Words("当日承载的依据", "Carried by"),
    Words("清单项", "Basic list"),
)
IDLE = Words("所引而不足的依据：", "cited, but not enough: ")
COLUMNS = (
    Words("规则包", "pack"),
    Words("文件", "document"),
    Words("文号", "number"),
    Words("适用地区", "place"),
    Words("条款", "clause"),
    Words("措施", "measure"),
    Words("应用场景", "scenarios"),
    Words("措施类型", "effect"),
    Words("应当或可以", "duty"),
    Words("状态", "state"),
    Words("不生效的原因", "lack"),
    Words("说明", "why"),
    Words("如此自", "so since"),
    Words("如此至", "so until"),
    Words("当日承载的依据", "carried by"),
    Words("所引而不足的依据", "cited, but not enough"),
    Words("清单项", "item of the basic list"),
    Words("当日清单版本", "edition in force"),
    Words("争议自", "contested from"),
    Words("由谁回答", "for whom to answer"),
    Words("争议", "question"),
)

Grouped = list[tuple[Memorandum, list[Line]]]


def as_text(found: Legality, lang: str, width: int | None = None) -> str:
    """A table for each document, then the summary; `width` in cells, by default that of the terminal."""
    teller = Teller(found.rulebook, lang)
    console = Console(width=max(width or shutil.get_terminal_size((120, 24)).columns, NARROWEST), color_system=None)
    with console.capture() as captured:
        console.print(Text(TITLE.say(lang).format(day=found.day)))
        for memorandum, lines in _grouped(found, teller):
            console.print(Text(f"\n{teller.head(memorandum)}"))
            console.print(Text("  ".join(f"{SIGNS[state]} {share}" for state, share in _shares(lines, lang))))
            console.print(_table(lines, lang))
        console.print(Text(f"\n{NOTE.say(lang)}"))
        for line in teller.sums(found.rows, found.day):
            console.print(Text(line))
    return captured.get()


def as_sheet(found: Legality, lang: str) -> bytes:
    """A row for each measure, as CSV; the words of states and lacks are those of the other forms."""
    teller = Teller(found.rulebook, lang)
    heads = [head.say(lang) for head in COLUMNS]
    return as_csv(heads, (_cells(teller.line(row), teller) for row in found.rows))


def as_html(found: Legality, lang: str) -> bytes:
    """One page to read or print, with nothing to load."""
    teller = Teller(found.rulebook, lang)
    return rendered(
        "legality",
        lang,
        title=TITLE.say(lang).format(day=found.day),
        note=NOTE.say(lang),
        sums=teller.sums(found.rows, found.day),
        heads=[head.say(lang) for head in HEADS],
        idle=IDLE.say(lang),
        signs=SIGNS,
        groups=[
            {
                "code": memorandum.code,
                "title": memorandum.title.say(lang),
                "head": teller.head(memorandum),
                "lines": lines,
                "shares": _shares(lines, lang),
            }
            for memorandum, lines in _grouped(found, teller)
        ],
        revision=found.rulebook.revision,
    )


def _grouped(found: Legality, teller: Teller) -> Grouped:
    """The lines by document, both in the order of the rows."""
    groups = groupby(found.rows, key=lambda row: row.memorandum.code)
    return [
        (rows[0].memorandum, [teller.line(row) for row in rows]) for rows in (list(members) for _, members in groups)
    ]


def _shares(lines: Sequence[Line], lang: str) -> list[tuple[State, str]]:
    """How many of a document's measures are in each state that occurs."""
    counts = [(state, sum(line.bite.state is state for line in lines)) for state in State]
    return [(state, f"{STATES[state].say(lang)} {number}") for state, number in counts if number]


def _table(lines: Sequence[Line], lang: str) -> Table:
    table = Table(box=box.SQUARE, show_lines=True, expand=True)
    for head, ratio in zip(HEADS, (4, 8, 6, 9, 9, 5), strict=True):
        table.add_column(head.say(lang), ratio=ratio, overflow="fold")
    for line in lines:
        table.add_row(*(Text("\n".join(filter(None, cell))) for cell in _columns(line)))
    return table


def _columns(line: Line) -> Iterator[Sequence[str]]:
    yield (line.clause,)
    yield line.measure, f"[{line.effect} · {line.duty}]"
    yield line.scenarios
    yield f"{SIGNS[line.bite.state]} {line.state} {line.days}".rstrip(), *line.why
    yield line.carried or ("—",)
    yield line.item, line.edition


def _cells(line: Line, teller: Teller) -> list[str]:
    row, contested = line.bite, line.bite.contested
    return [
        row.memorandum.code,
        teller.word(row.memorandum.title),
        row.memorandum.number,
        teller.place(row.memorandum.jurisdiction),
        line.clause,
        line.measure,
        "\n".join(line.scenarios),
        line.effect,
        line.duty,
        line.state,
        teller.word(LACKS[row.lack]) if row.lack else "",
        "\n".join(line.why),
        str(row.holds.since or ""),
        str(row.holds.until or ""),
        "\n".join(line.carried),
        "\n".join(line.idle),
        line.item,
        line.edition,
        str(contested.since or "") if contested else "",
        contested.by if contested else "",
        teller.word(contested.question) if contested else "",
    ]
