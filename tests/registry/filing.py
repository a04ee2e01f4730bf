"""Files of lists made by hand: the same table as CSV, XLSX and JSON Lines, and what a file's reading comes to."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from stdnum.cn import ric, uscc

from engine.inquiry import DATES
from engine.packs.lexicon import read_vocabulary
from engine.packs.library import shipped
from engine.packs.source import read_tree
from engine.registry.faults import RowFault
from engine.registry.headings import Meanings, columns_of, plain_heading, shipped_meanings
from engine.registry.rows import Incoming, reader_of
from engine.registry.sheets import open_sheet
from engine.vocabulary import Vocabulary

Table = Sequence[Sequence[Any]]
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml"
LIST = "procurement-violators"


@cache
def vocabulary() -> Vocabulary:
    """The shipped words."""
    paths = sorted((shipped() / "vocabulary").glob("*.yaml"))
    found, faults = read_vocabulary([{path.stem: read_tree(path) for path in paths}])
    assert not faults
    return found


def unified(number: int) -> str:
    """A code that nobody has, with a right check character, and a right organisation code inside."""
    body = f"{number:08d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    code = "91990000" + body + "0X987654321"[total % 11]
    return code + str(uscc.calc_check_digit(code))


def citizens_number(body: str) -> str:
    """The number of nobody in particular: 17 digits and their check character."""
    return body + str(ric.calc_check_digit(body + "?"))


def csv_bytes(table: Table, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A table as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["" if cell is None else cell for cell in row] for row in table])
    return text.getvalue().encode(encoding)


def write_csv(path: Path, table: Table, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A table as a CSV file."""
    path.write_bytes(csv_bytes(table, encoding, delimiter))
    return path


def write_json_lines(path: Path, table: Table, encoding: str = "utf-8") -> Path:
    """A table as JSON Lines, its first row the keys."""
    lines = [json.dumps(dict(zip(table[0], row, strict=True)), ensure_ascii=False) for row in table[1:]]
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def write_workbook(path: Path, *tables: Table, hidden: Sequence[int] = (), **properties: Any) -> Path:
    """Tables as the sheets of a workbook."""
    book = Workbook()
    book.remove(book.active)
    for number, table in enumerate(tables):
        sheet = book.create_sheet(f"表{number + 1}")
        for row in table:
            sheet.append(list(row))
        if number in hidden:
            sheet.sheet_state = "hidden"
    for name, value in properties.items():
        setattr(book, name, value)
    book.save(path)
    book.close()
    return path


def shared_texts(path: Path) -> Path:
    """The workbook with its texts in a table of their own, as Excel keeps them."""
    texts: list[str] = []

    def moved(found: re.Match[str]) -> str:
        texts.append(found[1])
        return f't="s"><v>{len(texts) - 1}</v>'

    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info).decode() for info in archive.infolist()}
    for name in [name for name in parts if "worksheets/" in name]:
        parts[name] = re.sub(r't="inlineStr"><is><t[^>]*>([^<]*)</t></is>', moved, parts[name])
    rows = "".join(f"<si><t>{text}</t></si>" for text in texts)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_SPREADSHEET}/2006/main">{rows}</sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", part)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def table_of(path: Path) -> list[list[Any]]:
    """What a file's reading gives: headings, then rows."""
    with open_sheet(path) as sheet:
        return [list(sheet.headings), *(list(cells) for _, cells in sheet)]


def read_rows(
    headings: Sequence[str], *rows: Sequence[Any], list_code: str = LIST, mapping: Meanings | None = None
) -> list[Incoming | tuple[RowFault, ...]]:
    """Rows read under these headings, numbered from 2 as below a heading row."""
    columns = columns_of(headings, vocabulary(), list_code, mapping)
    read = reader_of(columns, vocabulary(), list_code)
    return [read(number, list(cells)) for number, cells in enumerate(rows, 2)]


def read_row(cells: Mapping[str, Any], list_code: str = LIST) -> Incoming | tuple[RowFault, ...]:
    """One row, by heading; what the list requires and the row does not say is filled in, so that one thing is tried."""
    said = {shipped_meanings(vocabulary(), list_code).headings.get(plain_heading(heading)) for heading in cells}
    needed = {"name": "某公司"} | {
        date: "2024-01-10" for date in DATES if date in vocabulary().lists[list_code].required
    }
    full = {field: cell for field, cell in needed.items() if field not in said} | dict(cells)
    return read_rows(list(full), list(full.values()), list_code=list_code)[0]


def taken(cells: Mapping[str, Any], list_code: str = LIST) -> Incoming:
    """One row that is taken."""
    found = read_row(cells, list_code)
    assert isinstance(found, Incoming), found
    return found


def refused(cells: Mapping[str, Any], list_code: str = LIST) -> list[str]:
    """The codes for which one row is refused; none if it is taken."""
    found = read_row(cells, list_code)
    return [] if isinstance(found, Incoming) else [fault.code for fault in found]
