"""Tables for spreadsheets: CSV that Excel opens as UTF-8 and in which no cell is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

# What makes a spreadsheet read a cell as a formula, the full-width signs too (OWASP, CSV Injection).
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
BOM = "\ufeff"


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The table as CSV (RFC 4180) in UTF-8 with a byte order mark, every dangerous cell made plain text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in (heads, *rows):
        writer.writerow([inert(cell) for cell in row])
    return (BOM + text.getvalue()).encode()


def inert(cell: str) -> str:
    """The cell as a text: an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
