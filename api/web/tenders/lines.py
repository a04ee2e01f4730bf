"""The lines of a tender's parties, pasted or out of a file: each with its number and its cells by what they say."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

from starlette.datastructures import UploadFile

from engine.errors import MemorandaError, RefusedInput, refused_input
from engine.identity import is_citizens
from engine.registry.cells import text_of
from engine.registry.headings import plain_heading, shipped_meanings
from engine.registry.lines import Cell
from engine.registry.sheets import open_sheet
from engine.vocabulary import Scenario, Vocabulary

CODE, PERSON, NAME, CONSORTIUM, ROLE = "code", "person_number", "name", "consortium", "role"
MOST_FILE = 8 << 20
# A file has rows without parties too; past so many nobody reads on.
MOST_ROWS = 20_000
_OWN = {
    CONSORTIUM: ("联合体", "联合体标记", "联合体名称", "联合体编号", "所属联合体", "joint venture", "group"),
    ROLE: ("角色", "参与角色", "身份", "role"),
    CODE: ("代码", "供应商代码", "投标人代码"),
}  # fmt: skip
_MARKS = re.compile(r"\s*[,;、|]\s*")
_APART = re.compile(r"[\s\-]+")
_LENGTH = 18
# What is shown in place of a citizen's number.
STARS = "*" * _LENGTH
_EIGHTEEN = re.compile(r"(?<!\d)\d(?:[ \-]?\d){16}[ \-]?[\dXx](?!\d)")
# From here on a workbook's number is no longer exact.
ROUNDED = 10**15


@dataclass(frozen=True, slots=True)
class Line:
    """One party as it was written: by field, a text each. `rounded`: the workbook holds its code as a number."""

    number: int
    cells: Mapping[str, str]
    rounded: bool = False


def pasted(text: str, scenario: Scenario | None, vocabulary: Vocabulary) -> list[Line]:
    """A line each, blank ones left out. A first line of headings says which column is what; without one the first is
    the code and the next a consortium's mark, as far as it stands on two lines or more: then alone it means anything.
    """
    rows = [(number, _cells(line)) for number, line in enumerate(plain(text).split("\n"), 1) if line.strip(" ,;\t")]
    if rows and (columns := _columns(rows[0][1], vocabulary)):
        return [Line(number, _by_column(cells, columns)) for number, cells in rows[1:]]
    return [*_unheaded(rows, scenario)]


def in_file(sent: UploadFile, vocabulary: Vocabulary) -> list[Line]:
    """The rows of a CSV or XLSX with headings. RefusedInput where it cannot be read, whatever it is."""
    if (sent.size or 0) > MOST_FILE:
        megabytes = MOST_FILE >> 20
        raise refused_input("R302", f"文件超过 {megabytes} MB", f"the file is larger than {megabytes} MB")
    with TemporaryDirectory(prefix="memoranda-tender-") as folder:
        path = Path(folder) / "upload"
        with path.open("xb") as target:
            copyfileobj(sent.file, target)
        try:
            return _rows_of(path, vocabulary)
        except RefusedInput as refused:  # where it lay with us is nobody's business
            fault = refused.faults[0]
            raise refused_input(fault.code, fault.zh, fault.en, fault.help_zh, fault.help_en) from None
        except MemorandaError:
            raise refused_input("R311", "文件读不出来", "the file cannot be read") from None


def plain(text: str) -> str:
    """The text with wide characters narrowed, one kind of line end, and nothing unseen."""
    narrow = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(one for one in narrow if one in "\n\t" or one.isprintable())


def without_citizens(text: str) -> str:
    """The text as it may be shown again: citizens' numbers starred out."""
    return _EIGHTEEN.sub(
        lambda found: STARS if is_citizens(_APART.sub("", found[0]).upper()) else found[0], plain(text)
    )


def _cells(line: str) -> list[str]:
    """Parted by tabs, else by commas and the like, else by blanks, where a code may be written in groups."""
    if "\t" in line:
        return [part.strip() for part in line.split("\t")]
    if _MARKS.search(line):
        return [part.strip() for part in _MARKS.split(line)]
    words, code = line.split(), ""
    for count, word in enumerate(words, 1):
        code += word.replace("-", "")
        if len(code) >= _LENGTH:
            return [code, *words[count:]] if len(code) == _LENGTH else words
    return [code] if len(code) > len(words[0]) and code.isascii() and code.isalnum() else words


def _columns(cells: Sequence[str], vocabulary: Vocabulary) -> dict[int, str]:
    """Which column is what; empty where these are no headings: one for the code at least."""
    known = _headings(vocabulary)
    found: dict[int, str] = {}
    for at, cell in enumerate(cells):
        field = known.get(plain_heading(cell), "")
        if field and field not in found.values():
            found[at] = field
    return found if {CODE, PERSON} & {*found.values()} else {}


def _by_column(cells: Sequence[str], columns: Mapping[int, str]) -> dict[str, str]:
    return {field: cells[at].lstrip("'") for at, field in columns.items() if at < len(cells)}


def _unheaded(rows: Sequence[tuple[int, list[str]]], scenario: Scenario | None) -> Iterator[Line]:
    roles = roles_of(scenario)
    parted = [
        (number, cells[0].lstrip("'"), [cell for cell in cells[1:] if cell.casefold() in roles],
         [cell for cell in cells[1:] if cell.casefold() not in roles])
        for number, cells in rows
    ]  # fmt: skip
    named = Counter(mark for mark, _ in {(rest[0].casefold(), code) for _, code, _, rest in parted if rest and rest[0]})
    marked = any(count > 1 for count in named.values())
    for number, code, said, rest in parted:
        mark, name = (rest[0], "".join(rest[1:2])) if rest and marked else ("", "".join(rest[:1]))
        yield Line(number, {CODE: code, CONSORTIUM: mark, NAME: name, ROLE: "".join(said[:1])})


def roles_of(scenario: Scenario | None) -> dict[str, str]:
    """The roles of the scenario by every word for them."""
    roles = scenario.roles.items() if scenario else ()
    return {word.casefold(): code for code, name in roles for word in (code, name.zh, name.en)}


def _rows_of(path: Path, vocabulary: Vocabulary) -> list[Line]:
    with open_sheet(path) as sheet:
        columns = _columns(sheet.headings, vocabulary)
        if not columns:
            raise refused_input(
                "R402", "没有“统一社会信用代码”一列", "there is no column 'unified social credit code'",
                "列名写在第一行；可先下载样表", "put the headings in the first row; there is a form to download",
            )  # fmt: skip
        found = list[Line]()
        for count, (number, cells) in enumerate(sheet):
            if count >= MOST_ROWS:
                raise refused_input("R302", f"超过 {MOST_ROWS:,} 行", f"there are more than {MOST_ROWS:,} rows")
            said = _by_column([plain(text_of(cell)).strip() for cell in cells], columns)
            if any(said.values()):
                code = next((cells[at] for at, field in columns.items() if field == CODE and at < len(cells)), None)
                found.append(Line(number, said, _rounded(code)))
    return found


def _rounded(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= ROUNDED


@cache
def _own_headings() -> dict[str, str]:
    return {plain_heading(word): field for field, words in _OWN.items() for word in (field, *words)}


def _headings(vocabulary: Vocabulary) -> Mapping[str, str]:
    shipped = shipped_meanings(vocabulary, next(iter(vocabulary.lists))).headings
    return {
        **{heading: field for heading, field in shipped.items() if field in (CODE, PERSON, NAME)},
        **_own_headings(),
    }
