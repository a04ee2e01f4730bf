"""One table out of a list's file, row by row in flat memory: CSV, XLSX or JSON Lines, from whoever sent it.

What the file is goes by its content, not by its name alone. The heading row is the first of the ten first rows with two
cells or more, so that a title above it is no heading; rows without content are passed over.
"""

import hashlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from engine.errors import Fault, MemorandaError, Place, Refused
from engine.registry.faults import file_note, quoted, refusal
from engine.registry.lines import (
    FIRST_ROWS,
    Cell,
    Row,
    Source,
    check_file,
    csv_rows,
    delimiter_of,
    encoding_of,
    heading_at,
    json_objects,
    open_bytes,
)

MOST_COLUMNS = 200
# Of a workbook: unpacked in all, its table of texts and any other part that is read whole, and how far a part unpacks.
MOST_UNPACKED = 1 << 30
MOST_TEXTS = 256 << 20
_MOST_PART = 32 << 20
_MOST_RATIO = 200
_MOST_PARTS = 10_000
# A spreadsheet has no more; a row that says it stands further down is no spreadsheet's.
_LAST_ROW = 1_048_576
_JSON_ENDINGS = (".jsonl", ".ndjson")


class Sheet:
    """A file's table, read once: its headings, then its rows as (number, cells), numbered as a spreadsheet does.

    Rows of a CSV may be shorter or longer than the headings. Numbers come only from a workbook: elsewhere they are
    texts, as they are written. `notes` are said beside; `position` tells how many bytes of how many are read.
    """

    def __init__(
        self,
        headings: Sequence[str],
        rows: Iterator[Row],
        position: Callable[[], tuple[int, int]],
        close: Callable[[], None],
        notes: Sequence[Fault] = (),
    ) -> None:
        self.headings, self.notes = tuple(headings), tuple(notes)
        self.position, self.close = position, close
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def __enter__(self) -> "Sheet":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_sheet(path: Path) -> Sheet:
    """The table of a file. Missing if it cannot be read; RefusedInput, now or at a row, says what is wrong with it."""
    check_file(path)
    with open_bytes(path) as stream:
        start = stream.read(512)
    ending = path.suffix.lower()
    if start.startswith(b"PK\x03\x04"):
        return _workbook(path)
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"\xd0\xcf\x11\xe0") or plain.startswith(b"<"):
        raise refusal("R310", str(path))
    if ending in (".xlsx", ".xlsm"):
        raise refusal("R311", str(path))
    json_lines = ending in _JSON_ENDINGS or (plain.startswith(b"{") and ending not in (".csv", ".tsv"))
    encoding, head = encoding_of(path)
    source = Source(path)
    try:
        if json_lines:
            return _json_lines(str(path), source, encoding)
        headings, rows = _headed(str(path), csv_rows(str(path), source, encoding, delimiter_of(head)))
        return Sheet(headings, rows, lambda: (source.done, source.total), source.close)
    except BaseException:
        source.close()
        raise


def digest(path: Path) -> str:
    """The SHA-256 of the file's bytes, in hexadecimal. Missing if it cannot be read."""
    check_file(path)
    with open_bytes(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# -- JSON Lines


def _json_lines(file: str, source: Source, encoding: str) -> Sheet:
    records = json_objects(file, source, encoding)
    first = next(records, None)
    if first is None:
        raise refusal("R313", file)
    headings = tuple(first[1])
    _few_enough(file, len(headings))
    places = {heading: place for place, heading in enumerate(headings)}

    def rows() -> Iterator[Row]:
        for number, record in chain((first,), records):
            cells: list[Cell] = [None] * len(headings)
            for key, value in record.items():
                if key not in places:
                    raise refusal("R315", file, number, n=number, key=quoted(key))
                cells[places[key]] = value
            yield number, cells

    return Sheet(headings, rows(), lambda: (source.done, source.total), source.close)


# -- XLSX


def _workbook(path: Path) -> Sheet:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    file = str(path)
    parts = _checked_parts(path)
    # What openpyxl will not keep of a workbook (validations, styles, odd dates) is nothing to us.
    warnings.filterwarnings("ignore", module="openpyxl")
    stream = path.open("rb")
    try:
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        found = _with_content(book)
        if not found:
            raise refusal("R313", file)
        title, rows = found[0]
        if book.epoch.year != 1899:  # days counted from 1904: a bare number would be read four years wrong
            rows = (
                (number, [str(cell) if type(cell) in (int, float) else cell for cell in row]) for number, row in rows
            )
        headings, rest = _headed(file, _sound_rows(file, rows, stream))
        notes = [_unread(file, title, [other for other, _ in found[1:]])] if len(found) > 1 else []
        return Sheet(headings, _cut(rest, len(headings)), lambda: _read_of(stream, parts), stream.close, notes)
    except MemorandaError:
        stream.close()
        raise
    except Exception:  # a broken workbook breaks openpyxl wherever it happens to be broken
        stream.close()
        raise refusal("R311", file) from None


def _checked_parts(path: Path) -> list[ZipInfo]:
    """The parts of a workbook, none of which has been unpacked. Refused where they would unpack to too much."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise refusal("R311", str(path)) from None
    whole = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or whole > MOST_UNPACKED:
        raise refusal("R312", str(path), n=f"{whole:,} > {MOST_UNPACKED:,}")
    for part in parts:
        name, size = part.filename, part.file_size
        most = MOST_UNPACKED if "worksheets/" in name else MOST_TEXTS if "sharedStrings" in name else _MOST_PART
        squeezed = size > 1 << 20 and size > _MOST_RATIO * max(part.compress_size, 1)
        if squeezed or (size > most and name.endswith((".xml", ".rels"))):
            raise refusal("R312", str(path), n=f"{quoted(name)}: {size:,}")
    return parts


def _with_content(book: Any) -> list[tuple[str, Iterator[Row]]]:
    """The visible sheets with anything in them, by title; the first with its rows, the others only looked into."""
    found: list[tuple[str, Iterator[Row]]] = []
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            # One column and one row more than may be, so that what is too much is seen.
            rows = _filled(sheet.iter_rows(max_row=_LAST_ROW + 1, max_col=MOST_COLUMNS + 1, values_only=True))
            if first := next(rows, None):
                found.append((sheet.title, chain((first,), rows) if not found else iter(())))
    return found


def _filled(grid: Iterator[Sequence[Cell]]) -> Iterator[Row]:
    """The rows with any content; a million empty ones, where a file skips to its last row, pass quickly."""
    empty = (None,) * (MOST_COLUMNS + 1)
    for number, row in enumerate(grid, 1):
        if row != empty and row.count(None) + row.count("") < len(row):
            yield number, row


def _sound_rows(file: str, rows: Iterator[Row], stream: BinaryIO) -> Iterator[Row]:
    try:
        for number, row in rows:
            if number > _LAST_ROW or (len(row) > MOST_COLUMNS and row[MOST_COLUMNS] is not None):
                raise refusal("R309" if number <= _LAST_ROW else "R311", file, number, n=MOST_COLUMNS)
            yield number, row
    except Refused:
        raise
    except Exception:  # as above, further down
        raise refusal("R311", file) from None
    finally:
        stream.close()


def _cut(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """Without the empty cells behind the last heading."""
    blank: dict[int, tuple[None, ...]] = {}
    for number, row in rows:
        behind = len(row) - width
        empty = blank.setdefault(behind, (None,) * behind)
        yield number, row[:width] if tuple(row[width:]) == empty else row


def _unread(file: str, title: str, others: Sequence[str]) -> Fault:
    names = "、".join(map(quoted, others[:5]))
    return file_note("R316", Place(file), n=quoted(title), others=names)


def _read_of(stream: BinaryIO, parts: Sequence[ZipInfo]) -> tuple[int, int]:
    """How much of the part being read is read: the file is not read from one end to the other."""
    at = 0 if stream.closed else stream.tell()
    for part in parts:
        begins = part.header_offset
        if begins < at <= begins + part.compress_size + 1024:
            return min(at - begins, part.compress_size), part.compress_size
    return 1, 1


# -- headings


def _headed(file: str, rows: Iterator[Row]) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The headings, and the rows below them."""
    first = list(islice(rows, FIRST_ROWS))
    if not first:
        raise refusal("R313", file)
    at = heading_at(first)
    headings = ["" if cell is None else str(cell) for cell in first[at][1]]
    while headings and not headings[-1].strip():
        headings.pop()
    _few_enough(file, len(headings))
    return tuple(headings), chain(first[at + 1 :], rows)


def _few_enough(file: str, count: int) -> None:
    if count > MOST_COLUMNS:
        raise refusal("R309", file, n=MOST_COLUMNS)
