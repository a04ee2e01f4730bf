"""The rows of a text file that anybody may have sent: CSV or JSON Lines, in UTF-8 or GB18030, counted and bounded."""

import codecs
import csv
import io
import json
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from engine.errors import Missing
from engine.registry.faults import refusal

MOST_BYTES = 2 << 30
# What one row may take, so that a quote nobody closed does not gather the file in memory.
MOST_ROW = 16 << 20
# Among how many of the first rows the heading is looked for.
FIRST_ROWS = 10
Cell = str | int | float | datetime | date | time | timedelta | None
Row = tuple[int, Sequence[Cell]]
_DELIMITERS = ",\t;"
_HEAD = 1 << 20
_BUFFER = 1 << 18
_NAMES = {"utf-8-sig": "UTF-8", "gb18030": "GB18030"}
# GB18030 may by chance look like UTF-8 for a character or two, never for this many Chinese ones.
_CHINESE = re.compile("[\u4e00-\u9fff]")
_FEW = 4


def check_file(path: Path) -> int:
    """The size of an ordinary file in bytes. Missing if it is not there; refused if it is none, empty or too large."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if not stat.S_ISREG(found.st_mode):  # a pipe would never answer, a folder has no rows
        raise refusal("R301", str(path), n=path)
    if found.st_size > MOST_BYTES:
        raise refusal("R302", str(path), n=f"{MOST_BYTES:,}")
    if not found.st_size:
        raise refusal("R303", str(path))
    return found.st_size


def open_bytes(path: Path) -> io.BufferedReader:
    """The file's bytes. Missing if they cannot be read."""
    try:
        return path.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> Missing:
    if isinstance(error, FileNotFoundError):
        return Missing(f"没有文件 `{path}`", f"there is no file `{path}`", "请检查路径", "check the path")
    reason = getattr(error, "strerror", None) or "not a usable path"
    return Missing(f"无法读取 `{path}`：{reason}", f"cannot read `{path}`: {reason}")


class Source(io.RawIOBase):
    """A file's bytes on their way into a text. `done` of `total` are read; whoever reads rows counts in `row`."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.total = check_file(path)
        self.done = 0
        self.row = 0
        self._last, self._since = 0, 0
        self._file, self._bytes = str(path), open_bytes(path)

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """The next bytes. Refused: NUL bytes, a file that has grown past every bound, a row without an end."""
        count = self._bytes.readinto(buffer)
        if bytes(buffer[:count]).find(b"\0") >= 0:
            raise refusal("R304", self._file)
        self.done += count
        if self.row != self._last:
            self._last, self._since = self.row, self.done
        if self.done - self._since > MOST_ROW:
            raise refusal("R308", self._file, self.row + 1, n=self.row + 1)
        if self.done > MOST_BYTES:
            raise refusal("R302", self._file, n=f"{MOST_BYTES:,}")
        return count

    def close(self) -> None:
        """Let the file go."""
        self._bytes.close()
        super().close()


def encoding_of(path: Path) -> tuple[str, str]:
    """The encoding (`utf-8-sig` or `gb18030`) and the text of the file's beginning, at most 1 MiB.

    UTF-8 where the beginning is strictly that, cut where a character may be; GB18030 otherwise, unless Chinese in UTF-8
    stands before the byte that is not: such a file has two encodings, and one half of it would be read as nonsense.
    """
    with open_bytes(path) as stream:
        head = stream.read(_HEAD)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise refusal("R305", str(path))
    if b"\0" in head:
        raise refusal("R304", str(path))
    whole = len(head) < _HEAD
    try:
        return "utf-8-sig", _decoded(head, "utf-8-sig", whole)
    except UnicodeDecodeError as error:
        before = head[: error.start].decode("utf-8-sig", "ignore")
        if len(_CHINESE.findall(before)) >= _FEW:
            raise undecodable(str(path), "utf-8-sig", 0, error) from None
    try:
        return "gb18030", _decoded(head, "gb18030", whole)
    except UnicodeDecodeError as error:
        raise undecodable(str(path), "", 0, error) from None


def _decoded(head: bytes, encoding: str, whole: bool) -> str:
    return codecs.getincrementaldecoder(encoding)("strict").decode(head, whole)


def text_of(source: Source, encoding: str) -> io.TextIOWrapper:
    """The source as text; line ends stay as they are."""
    return io.TextIOWrapper(io.BufferedReader(source, _BUFFER), encoding=encoding, newline="")


def undecodable(file: str, encoding: str, lines: int, error: UnicodeDecodeError) -> Exception:
    """The refusal of a file whose encoding changes after so many whole lines."""
    broken = error.object[: error.start]
    at = lines + 1 + max(broken.count(b"\n"), broken.count(b"\r"))
    return refusal("R306", file, at, n=at, how=_NAMES.get(encoding, "UTF-8/GB18030"))


# -- CSV


def heading_at(rows: Sequence[Row]) -> int:
    """Which of the first rows is the heading: the first with two cells or more; the first of all if none has."""
    return next((at for at, (_, row) in enumerate(rows) if sum(not _blank(cell) for cell in row) > 1), 0)


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def delimiter_of(head: str) -> str:
    """Comma, tab or semicolon: the one that parts the heading row into most cells, the comma where none does."""
    cells = {mark: len(_headings(head, mark)) for mark in _DELIMITERS}
    most = max(_DELIMITERS, key=cells.__getitem__)
    return most if cells[most] > 1 else ","


def _headings(head: str, delimiter: str) -> Sequence[Cell]:
    records = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, strict=True)
    first: list[Row] = []
    try:
        first += [(number, row) for number, row in enumerate(islice(records, FIRST_ROWS), 1) if any(row)]
    except csv.Error:
        return ()
    return first[heading_at(first)][1] if first else ()


def csv_rows(file: str, source: Source, encoding: str, delimiter: str) -> Iterator[Row]:
    """The rows with any content. Refused: quotes that do not pair, a cell past csv's own bound, another encoding."""
    text = text_of(source, encoding)
    records = csv.reader(text, delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in records:
            number += 1
            source.row = number
            if any(cells):
                yield number, cells
    except csv.Error:
        raise refusal("R307", file, number + 1, n=number + 1) from None
    except UnicodeDecodeError as error:
        raise undecodable(file, encoding, records.line_num, error) from None
    finally:
        text.close()


# -- JSON Lines


def json_objects(file: str, source: Source, encoding: str) -> Iterator[tuple[int, dict[str, Cell]]]:
    """The objects, one a line, by line number. A number stays the text it is: no float holds the digits of a code."""
    text = text_of(source, encoding)
    decode: Callable[[str], Any] = json.JSONDecoder(
        object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_no_json
    ).decode
    number = 0
    try:
        for line in text:
            number += 1
            source.row = number
            if line := line.removeprefix("\ufeff").strip():
                yield number, _flat(decode(line))
    except UnicodeDecodeError as error:
        raise undecodable(file, encoding, number, error) from None
    except (ValueError, RecursionError):
        raise refusal("R314", file, number, n=number) from None
    finally:
        text.close()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _no_json("a key stands twice")


def _no_json(why: str) -> NoReturn:
    raise ValueError(why)


def _flat(found: Any) -> dict[str, Cell]:
    if not isinstance(found, dict) or any(isinstance(value, dict | list) for value in found.values()):
        raise ValueError("no object of plain values")
    return found
