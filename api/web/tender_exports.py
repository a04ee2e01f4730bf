"""The table of a tender as a file for spreadsheets: CSV and XLSX, in which no cell is ever a formula."""

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]

from api.web.tender_table import Row, Table
from engine.vocabulary import Words

# What a spreadsheet takes for the beginning of a formula or a command.
_DANGER = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WIDTHS = (10, 24, 32, 14, 14, 20, 12, 20, 60, 60, 16, 40, 24)
HEADINGS = (
    Words("代号", "Party"),
    Words("统一社会信用代码", "Unified social credit code"),
    Words("登记名称", "Registered name"),
    Words("角色", "Role"),
    Words("联合体", "Consortium"),
    Words("结论", "Verdict"),
    Words("结论代码", "Verdict code"),
    Words("通道", "Channel"),
    Words("决定性理由", "Deciding reason"),
    Words("文件条款", "Document and clause"),
    Words("期限", "Until"),
    Words("决定编号", "Decision number"),
    Words("案号", "Case number"),
)
FORM = (HEADINGS[1], HEADINGS[4], Words("名称", "Name"), HEADINGS[3])


def csv_of(table: Table, rows: Sequence[Row], lang: str) -> bytes:
    """UTF-8 with a mark at its beginning, by which spreadsheets know it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(_lines(table, rows, lang))
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(table: Table, rows: Sequence[Row], lang: str) -> bytes:
    """A workbook whose cells are all texts, so that no code loses its last digits."""
    return _workbook(_lines(table, rows, lang), _WIDTHS)


def form_of(lang: str) -> bytes:
    """An empty workbook with the headings that an upload may have."""
    return _workbook([[one.say(lang) for one in FORM]], (24, 14, 32, 16))


def harmless(text: str) -> str:
    """The text as a cell that nobody's spreadsheet executes."""
    return f"'{text}" if text.startswith(_DANGER) else text


def _lines(table: Table, rows: Sequence[Row], lang: str) -> list[list[str]]:
    case, decision = table.case, str(table.row.id)
    told = [
        (row.handle, row.subject or row.who, row.name, row.role, row.consortium.strip("*"), row.word, row.verdict,
         row.channel, row.reason, row.clause, row.until, decision, case)
        for row in rows
    ]  # fmt: skip
    return [[one.say(lang) for one in HEADINGS], *([harmless(cell) for cell in line] for line in told)]


def _workbook(lines: Sequence[Sequence[str]], widths: Sequence[int]) -> bytes:
    book = Workbook()
    sheet = book.active
    for number, line in enumerate(lines, 1):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(number, column, text)
            cell.data_type, cell.number_format = "s", "@"
    for column, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + column)].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
