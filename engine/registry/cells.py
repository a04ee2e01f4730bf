"""What a cell says: lines of text, money, counts, flags and codes; or, by a mark for nothing or for not known, that."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import lru_cache

from engine.identity import is_citizens
from engine.inquiry import UNKNOWN, Known, Value
from engine.packs.words import advice
from engine.registry.faults import WrongCell, quoted
from engine.registry.headings import NOT_KNOWN, plain_word
from engine.registry.lines import Cell
from engine.vocabulary import Words

# None where a cell says nothing, UNKNOWN where it says that nobody knows; WrongCell where it cannot be read.
Read = Callable[[Cell], Known | None]

LONGEST_LINE = 300
LONGEST_CODE = 64
_CACHED = 65_536
_BLANKS = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "空", "null", "none", "n/a", "\\n"})
_UNKNOWNS = frozenset({NOT_KNOWN, "不详", "未知", "不明"})
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNSEEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_APART = r"[\s\-－–—_.·]*"
# Every eighteen characters in a row, those within a longer number too: one digit more hides nobody.
_EIGHTEEN = re.compile(rf"(?=(\d(?:{_APART}\d){{16}}{_APART}[\dXxＸｘ]))")
_LONG_NUMBER = re.compile(rf"\d(?:{_APART}\d){{14}}")

_MONEY = re.compile(r"(?:人民币|¥|rmb|cny)?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(亿|万|千)?(元|圆)?整?", re.ASCII)
_SCALES = {"亿": 100_000_000, "万": 10_000, "千": 1_000}
# As much as the engine takes from any other door: thirteen digits of yuan.
_MOST_FEN = 10**15
_HAIR = 0.001
_SEPARATORS = re.compile("[;,、。/和及]")
_COUNT = re.compile(r"(\d{1,9})(?:\.0+)?(?:年度?|次|个|件|起)?", re.ASCII)
_FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("是", "yes", "y", "true", "1", "1.0"), True),
    **dict.fromkeys(("否", "no", "n", "false", "0", "0.0"), False),
}


def text_of(cell: Cell) -> str:
    """A cell of any kind as text: a whole number without decimals, a day as ISO."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


def plain_text(text: str) -> str:
    """A text with wide characters narrowed, unseen ones gone and no blanks at its ends; empty for a blank mark."""
    plain = (text if text.isascii() else _UNSEEN.sub("", unicodedata.normalize("NFKC", text))).strip()
    return "" if len(plain) < 5 and plain.casefold() in _BLANKS else plain


def reading(of_text: Callable[[str], Known], of_cell: Callable[[Cell], Value] | None = None) -> Read:
    """A reading of cells from one of plain texts, each text read once; `of_cell` reads a workbook's own values."""

    @lru_cache(maxsize=_CACHED)
    def of_str(text: str) -> Known | None:
        plain = plain_text(text)
        if not plain:
            return None
        if plain.casefold() in _UNKNOWNS:
            return UNKNOWN
        if len(plain) > LONGEST_CODE:
            raise WrongCell("R512", n=LONGEST_CODE)
        return of_text(plain)

    def read(cell: Cell) -> Known | None:
        if cell.__class__ is str:
            return of_str(cell)
        if cell is None:
            return None
        return of_cell(cell) if of_cell else of_str(text_of(cell))

    return read


# -- lines of text


def line(cell: Cell) -> str:
    """A text in one line, as written but for blanks at its ends and doubled ones inside; empty for a blank mark."""
    line = " ".join((cell if isinstance(cell, str) else text_of(cell)).split())
    if not line.isprintable():
        line = _UNSEEN.sub("", line)
        if _CONTROL.search(line):
            raise WrongCell("R513")
    if len(line) < 18:
        if line in _ERRORS:
            raise WrongCell("R515")
        return "" if len(line) < 5 and line.casefold() in _BLANKS else line
    if len(line) > LONGEST_LINE:
        raise WrongCell("R512", n=LONGEST_LINE)
    if _many_digits(line) and holds_a_person(line):
        raise WrongCell("R514")
    return line


def name(cell: Cell) -> str:
    """A line that is somebody's name: no long number stands in it."""
    found = line(cell)
    if len(found) >= 15 and _many_digits(found) and _LONG_NUMBER.search(found):
        raise WrongCell("R514")
    return found


def _many_digits(text: str) -> bool:
    """Whether a number of fifteen digits could stand in the text; quicker than a search for one."""
    plain = text.encode("utf-8", "replace")
    return len(plain) - len(plain.translate(None, b"0123456789")) >= 15 or not unicodedata.is_normalized("NFKC", text)


def holds_a_person(text: str) -> bool:
    """Whether a citizen's number stands in the text, in digits of any width, with or without marks between them."""
    found = (unicodedata.normalize("NFKC", re.sub(_APART, "", one)) for one in _EIGHTEEN.findall(text))
    return any(is_citizens(number.upper()) for number in found)


# -- figures


def money(unit: int) -> Read:
    """Money in fen, written in so many yuan: `2,000,000.00`, `200万元`; a unit in the cell goes before the column's."""

    def of_text(plain: str) -> int:
        if len(plain) < 14 and plain.isascii() and plain.isdigit():
            return int(plain) * unit * 100
        found = _MONEY.fullmatch("".join(plain.casefold().split()))
        if not found:
            raise WrongCell("R508", n=quoted(plain))
        whole, part, scale, yuan = found[1].replace(",", ""), found[2] or "", found[3], found[4]
        yuans = _SCALES.get(scale, 1) if scale or yuan else unit
        fen, left = divmod(int(whole + part) * yuans * 100, int("1".ljust(len(part) + 1, "0")))
        if left or fen >= _MOST_FEN:
            raise WrongCell("R508", n=quoted(plain))
        return fen

    def of_cell(cell: Cell) -> int:
        if isinstance(cell, bool) or not isinstance(cell, int | float) or not math.isfinite(cell):
            raise WrongCell("R508", n=quoted(cell))
        exact = cell * unit * 100  # a formula's 0.1 + 0.2 is meant as 0.3
        fen = round(exact)
        if not 0 <= fen < _MOST_FEN or abs(exact - fen) > _HAIR:
            raise WrongCell("R508", n=quoted(cell))
        return fen

    return reading(of_text, of_cell)


def count() -> Read:
    """A whole number, 0 or more; a year may be written 2024年."""

    def of_text(plain: str) -> int:
        found = _COUNT.fullmatch(plain)
        if not found:
            raise WrongCell("R509", n=quoted(plain))
        return int(found[1])

    return reading(of_text)


def flag() -> Read:
    """Yes or no, in either language, as Y and N or as 1 and 0."""

    def of_text(plain: str) -> bool:
        found = _FLAGS.get(plain.casefold())
        if found is None:
            raise WrongCell("R510", n=quoted(plain))
        return found

    return reading(of_text)


# -- codes


def code(words: Mapping[str, str], codes: Mapping[str, Words] | None) -> Read:
    """A code by itself, by a mapping file's words, or by its own words; any text where the codes are open."""
    known = {plain_word(word): code for code, said in (codes or {}).items() for word in (code, said.zh, said.en)}
    known.update(words)

    def of_text(plain: str) -> Known:
        word = plain_word(plain)
        found = known.get(word)
        if found is None and codes is not None:
            if len(parts := _SEPARATORS.split(word)) > 1 and all(part in known for part in parts if part):
                raise WrongCell("R522", n=quoted(plain))
            raise WrongCell("R511", advice(plain, [said.zh for said in codes.values()], most=20), n=quoted(plain))
        if found is None and _LONG_NUMBER.search(plain):
            raise WrongCell("R514")
        if found is None and _CONTROL.search(plain):
            raise WrongCell("R513")
        return UNKNOWN if found == NOT_KNOWN else found or plain

    return reading(of_text)
