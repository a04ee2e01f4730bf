"""The annex table of a pack: for a terminal of any width, and as one self-contained page to print on A4 landscape."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.explanation.table import DRAFT, HEADS, Row, annex
from engine.model import Memorandum
from engine.vocabulary import Span, Vocabulary, Words

NARROWEST = 60

_STYLE = """
@page { size: A4 landscape; margin: 12mm 10mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 290mm; padding: 4mm; color: #111; background: #fff; font-size: 9.5pt;
  line-height: 1.45;
  font-family: "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, "WenQuanYi Micro Hei", serif; }
h1 { font-size: 15pt; margin: 0; text-align: center; }
h2 { font-size: 10pt; margin: 1mm 0 3mm; text-align: center; font-weight: normal; }
dl { display: flex; flex-wrap: wrap; gap: 1mm 8mm; justify-content: center; margin: 0 0 4mm; }
dl div { display: flex; gap: 2mm; }
dt { color: #555; } dt::after { content: "："; } dd { margin: 0; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: .25mm solid #333; padding: 1.2mm 1.6mm; vertical-align: top; text-align: left;
  overflow-wrap: anywhere; }
th { background: #eee; }
td p { margin: 0 0 .8mm; } .en, th small { color: #333; font-size: 8.5pt; font-family: "Noto Serif", Georgia, serif; }
.en p { margin: 0 0 .6mm; } .effect { font-weight: bold; }
.draft td { background: #f6f6f6; color: #555; } .mark { border: .25mm solid #555; padding: 0 1mm; }
footer { margin-top: 3mm; color: #555; font-size: 8.5pt; }
""".strip()
# Widths of the seven columns of the page, in percent.
_WIDTHS = (7, 14, 15, 18, 14, 23, 9)
_FIELDS = {
    "number": Words("文号", "Number"),
    "issuers": Words("发文单位", "Issuers"),
    "issued": Words("发文日期", "Issued"),
    "span": Words("有效期", "In force"),
    "place": Words("适用地区", "Place"),
}
_NATIONAL = Words("全国", "national")
_NOTE = Words("疑点：", "doubts: ")
_FOOT = Words(
    "共 {} 条，其中草稿 {} 条。“措施”一栏是我们自己的一句话读法，不是原文。",
    "Measures: {}, drafts among them: {}. The measure is our own one-line reading, not the text.",
)


def as_text(memorandum: Memorandum, vocabulary: Vocabulary, lang: str, width: int | None = None) -> str:
    """The pack as a table for a terminal; `width` in cells, by default that of the terminal."""
    console = Console(width=max(width or shutil.get_terminal_size((120, 24)).columns, NARROWEST), color_system=None)
    table = Table(box=box.SQUARE, show_lines=True, expand=True)
    rows = annex(memorandum, vocabulary, lang)
    for head, ratio in zip(HEADS[:-1], (3, 7, 7, 5, 8), strict=True):
        table.add_column(head.say(lang), ratio=ratio, overflow="fold")
    table.add_column(HEADS[-1].say(lang), width=cell_len(DRAFT.zh), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in _cells(row, lang)))
    with console.capture() as captured:
        console.print(Text(memorandum.title.say(lang)))
        for name, value in _head(memorandum, vocabulary, lang):
            console.print(Text(f"  {name}{'：' if lang == 'zh' else ': '}{value}"))
        console.print(table)
        console.print(Text(_foot(rows, memorandum, lang)))
    return captured.get()


def as_page(memorandum: Memorandum, vocabulary: Vocabulary) -> str:
    """The pack as a page to print: both languages side by side, no outside resource, every text escaped."""
    chinese, english = annex(memorandum, vocabulary, "zh"), annex(memorandum, vocabulary, "en")
    head = "".join(
        f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in _head(memorandum, vocabulary, "zh")
    )
    body = "\n".join(_tr(zh, en) for zh, en in zip(chinese, english, strict=True))
    foot = "".join(
        f"<p>{escape(_foot(rows, memorandum, lang))}</p>" for rows, lang in ((chinese, "zh"), (english, "en"))
    )
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(memorandum.title.zh)}</title>
<style>
{_STYLE}
</style>
</head>
<body>
<h1>{escape(memorandum.title.zh)}</h1>
<h2 lang="en">{escape(memorandum.title.en)}</h2>
<dl>{head}</dl>
<table>
{_columns()}
<tbody>
{body}
</tbody>
</table>
<footer>{foot}</footer>
</body>
</html>
"""


def _head(memorandum: Memorandum, vocabulary: Vocabulary, lang: str) -> Iterator[tuple[str, str]]:
    issuers = (vocabulary.issuers[code].name.say(lang) for code in memorandum.issuers)
    place = vocabulary.jurisdictions.get(memorandum.jurisdiction)
    values = {
        "number": memorandum.number,
        "issuers": ("、" if lang == "zh" else ", ").join(issuers),
        "issued": memorandum.issued.isoformat(),
        "span": " ".join(filter(None, (_span(memorandum.span), memorandum.ending))),
        "place": (place.name if place else _NATIONAL).say(lang),
    }
    for key, value in values.items():
        yield _FIELDS[key].say(lang), value


def _span(span: Span) -> str:
    return f"{span.since or ''} – {span.until or ''}".strip()


def _foot(rows: Sequence[Row], memorandum: Memorandum, lang: str) -> str:
    count = _FOOT.say(lang).format(len(rows), sum(row.draft for row in rows))
    return f"{count} {_NOTE.say(lang)}{memorandum.note.say(lang)}" if memorandum.note else count


def _cells(row: Row, lang: str) -> Iterator[str]:
    yield row.clause
    yield f"{row.measure}\n[{row.effect}]"
    yield "\n".join(row.basis)
    yield "\n".join(row.by)
    yield "\n".join(row.applies)
    yield "\n".join((*row.checked, DRAFT.say(lang)) if row.draft else row.checked)


def _columns() -> str:
    clause, measure, *others = HEADS
    cells = [clause.zh, measure.zh, measure.en, *(head.zh for head in others)]
    widths = "".join(f'<col style="width:{width}%">' for width in _WIDTHS)
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in cells)
    return f"<colgroup>{widths}</colgroup>\n<thead><tr>{heads}</tr></thead>"


def _tr(zh: Row, en: Row) -> str:
    """One measure: the two readings in columns of their own, the rest with the English below the Chinese."""
    mark = f'<p class="mark">{escape(DRAFT.zh)}<br>{escape(DRAFT.en)}</p>' if zh.draft else ""
    cells = (
        escape(zh.clause),
        _paragraphs((zh.measure,)) + f'<p class="effect">{escape(zh.effect)}</p>',
        f'<div class="en" lang="en">{_paragraphs((en.measure,))}<p class="effect">{escape(en.effect)}</p></div>',
        _both(zh.basis, en.basis),
        _both(zh.by, en.by),
        _both(zh.applies, en.applies),
        _both(zh.checked, en.checked) + mark,
    )
    kind = ' class="draft"' if zh.draft else ""
    return f"<tr{kind}>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _both(zh: Iterable[str], en: Iterable[str]) -> str:
    return f'{_paragraphs(zh)}<div class="en" lang="en">{_paragraphs(en)}</div>'


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
