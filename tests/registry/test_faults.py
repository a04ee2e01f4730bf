"""What is said of a file: every code is used, in both languages, bounded, and shows no person's number."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.registry import faults
from engine.registry.faults import LONGEST_QUOTE, SAID, WrongCell, quoted
from tests.registry.filing import citizens_number

FOLDER = Path(faults.__file__).parent
RAISED = re.compile(r'"(R[345]\d\d)"')
CHINESE = re.compile("[\u4e00-\u9fff]")
# Words that a Chinese list says in Chinese, also to an English reader.
ITSELF = re.compile("2024年1月10日|200万元")


def test_every_code_is_raised_and_none_is_unknown() -> None:
    """Searched in the source of the reading half."""
    sources = [path.read_text("utf-8") for path in FOLDER.glob("*.py") if path.name != "faults.py"]
    raised = {code for source in sources for code in RAISED.findall(source)}
    assert raised >= set(SAID)
    assert {code for code in raised if code[1] in "345"} == set(SAID)


@pytest.mark.parametrize("code", sorted(SAID))
def test_each_says_the_same_in_both_languages(code: str) -> None:
    """Chinese and English, the same places to fill, a way out in both or in neither."""
    zh, en, help_zh, help_en = SAID[code]
    assert CHINESE.search(zh) or zh == "{zh}"
    assert not CHINESE.search(ITSELF.sub("", en + help_en))
    assert bool(help_zh) == bool(help_en)
    places = [set(re.findall(r"{(\w+)}", text)) - {"zh", "en"} for text in (zh, en)]
    assert places[0] == places[1]


@given(st.text(max_size=300) | st.floats() | st.integers() | st.none() | st.booleans())
def test_a_quote_is_one_short_line(cell: object) -> None:
    """Whatever the cell holds: printable, no line end, no mark that would end the quote."""
    said = quoted(cell)
    assert len(said) <= LONGEST_QUOTE
    assert said.isprintable()
    assert "`" not in said


@given(st.integers(0, 10**9 - 1), st.integers(9, 400))
def test_a_cell_with_more_digits_than_a_day_has_is_not_quoted(seed: int, count: int) -> None:
    """Whole, misspelt, in pieces, in digits of any width: none of them is shown."""
    digits = str(seed).zfill(9)
    for text in (digits, " ".join(digits), "身份证" + digits, "".join(chr(ord(d) + 0xFEE0) for d in digits)):
        assert not re.search(r"\d", quoted("x" * (count - 9) + text))


def test_a_fault_stands_at_its_row_and_field() -> None:
    """With its own way out, or the code's."""
    number = citizens_number("11010519491231002")
    fault = WrongCell("R504", n=quoted(number)).at(7, "listed")
    assert (fault.row, fault.field, fault.code, fault.severity) == (7, "listed", "R504", "error")
    assert fault.help_zh
    assert number[:6] not in f"{fault} {WrongCell('R504', n=quoted(number))!r}"
    assert WrongCell("R511", ("甲", "a"), n="x").at(1, "penalty", "warning").help_en == "a"
