"""Tables to take away, as CSV and as a workbook, in which no cell is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]

# What a spreadsheet takes for the beginning of a formula or a command.
_DANGER = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# UTF-8 with this at its beginning is what spreadsheets know as such.
MARK = "\ufeff"


def csv_of(lines: Iterable[Sequence[str]]) -> str:
    """The lines as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_harmless(cell) for cell in line] for line in lines)
    return text.getvalue()


def workbook_of(lines: Iterable[Sequence[str]], widths: Sequence[int]) -> bytes:
    """A workbook whose cells are all texts, so that no code loses its last digits; the first line is its heading."""
    book = Workbook()
    sheet = book.active
    for number, line in enumerate(lines, 1):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(number, column, _harmless(text))
            cell.data_type, cell.number_format = "s", "@"
    for column, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + column)].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_DANGER) else text
