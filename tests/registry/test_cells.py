"""Names, money, counts, flags and codes as people type them; each is read right, or refused with a reason."""

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inquiry import UNKNOWN
from engine.registry import cells
from engine.registry.cells import LONGEST_LINE, Read, holds_a_person, line, name
from engine.registry.faults import WrongCell
from engine.vocabulary import Words
from tests.registry.filing import citizens_number, unified

YUAN, WAN = cells.money(1), cells.money(10_000)
COUNT, FLAG = cells.count(), cells.flag()
CODES = {
    "fine": Words("罚款", "fine"),
    "other": Words("其他行政处罚", "another penalty"),
    "1": Words("警告", "warning"),
}
CLOSED, OPEN = cells.code({"罚金": "fine", "见决定": "unknown"}, CODES), cells.code({"甲": "a"}, None)
PERSON = citizens_number("11010519491231002")  # ends in X


def wrong(read: Any, cell: object) -> str:
    """The code for which the cell is refused; nothing if it is read."""
    try:
        read(cell)
    except WrongCell as error:
        return error.code
    return ""


# -- lines of text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("甲公司", "甲公司"),
        ("  甲\u3000 公司\t\n", "甲 公司"),
        ("甲（钟祥）有限公司", "甲（钟祥）有限公司"),
        ("ＡＢＣ１２３", "ＡＢＣ１２３"),
        ("𠮷田\u200b公司\ufeff", "𠮷田公司"),
        ("\ue000公司", "\ue000公司"),
        (12.0, "12"),
        (True, "True"),
        (None, ""),
        ("-", ""),
        (" 无 ", ""),
        ("NULL", ""),
        ("无锡公司", "无锡公司"),
    ],
)
def test_a_name_stays_as_it_is_written(written: Any, kept: str) -> None:
    """But for blanks and what nobody sees; a rare character in a private place is a character."""
    assert name(written) == line(written) == kept


@pytest.mark.parametrize("text", ["a\x00b", "甲\x07公司", "\x7f甲", "\ud800甲", "甲\ufffe"])
def test_control_characters_are_refused(text: str) -> None:
    """They would break a terminal, a notice or a database."""
    assert wrong(line, text) == "R513"


def test_a_line_has_a_longest_length() -> None:
    """300 characters, as everywhere in the engine."""
    assert line("名" * LONGEST_LINE) == "名" * LONGEST_LINE
    assert wrong(line, "名" * (LONGEST_LINE + 1)) == "R512"


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!"])
def test_an_error_of_the_spreadsheet_is_nobodys_name(text: str) -> None:
    """It stands where a formula failed."""
    assert wrong(name, text) == "R515"
    assert line(text + "号") == text + "号"


@pytest.mark.parametrize(
    "written",
    [
        PERSON, PERSON.lower(), f"张三{PERSON}", f"张三（{PERSON}）", f"张三 {PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}",
        f"{PERSON[:6]}-{PERSON[6:14]}-{PERSON[14:]}号", " ".join(PERSON), "".join(chr(ord(c) + 0xFEE0) for c in PERSON),
        f"{PERSON[:6]}　{PERSON[6:]}", f"（2024）1号，身份证{PERSON}", f"{PERSON[:-1]}Ｘ",
    ],
)  # fmt: skip
def test_a_citizens_number_in_a_text_is_refused(written: str) -> None:
    """In any width, with blanks or hyphens, alone or among words."""
    assert holds_a_person(written)
    assert wrong(name, written) == wrong(line, written) == wrong(OPEN, written) == "R514"


@pytest.mark.parametrize(
    "text", ["鄂财罚〔2024〕420881202401100001号", unified(7), "京0101执1234号", "3101152024010500123456"]
)
def test_a_document_number_is_no_citizens(text: str) -> None:
    """Long numbers whose check character does not fit, a unified code, a number of more digits."""
    assert line(text) == text


@pytest.mark.parametrize("text", ["张三110105491231002", "张三11010519491231002", "1101051949123100211", unified(3)])
def test_no_long_number_stands_in_a_name(text: str) -> None:
    """One of the old fifteen digits, a misspelt one, a code in the wrong column."""
    assert wrong(name, text) == ("R514" if sum(map(str.isdigit, text)) >= 15 else "")


# -- figures


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("1", 100),
        ("2000000", 200_000_000),
        ("2,000,000.00", 200_000_000),
        ("２，０００，０００．００元", 200_000_000),
        ("200万元", 200_000_000),
        ("200 万", 200_000_000),
        ("0.2万元", 200_000),
        ("12.345678万元", 12_345_678),
        ("1.5亿元", 15_000_000_000),
        ("5千元", 500_000),
        ("¥2000", 200_000),
        ("￥2,000.5", 200_050),
        ("人民币2000元整", 200_000),
        ("RMB 2000", 200_000),
        ("2000圆", 200_000),
        ("12.50", 1250),
        ("12.5000", 1250),
        ("9999999999999", 999_999_999_999_900),
    ],
)
def test_money_in_yuan_is_read_in_fen(text: str, fen: int) -> None:
    """With separators, units and signs of money."""
    assert YUAN(text) == fen


@given(st.decimals(0, 10**9, places=6))
def test_money_is_exact(amount: Decimal) -> None:
    """To the fen, in both units; what is finer is refused and never rounded."""
    for read, unit in ((YUAN, 1), (WAN, 10_000)):
        fen = amount * unit * 100
        if fen == fen.to_integral_value():
            assert read(f"{amount:f}") == read(f"{amount:,f}") == int(fen)
            assert read(f"{amount:f}万元") == int(amount * 1_000_000)
        else:
            assert wrong(read, f"{amount:f}") == "R508"


def test_the_cells_own_unit_goes_before_the_columns() -> None:
    """In a column of 万元: a bare figure is 万元, 2000元 is not."""
    assert WAN("200") == WAN("200万元") == WAN("2,000,000元") == 200_000_000
    assert WAN("0.2") == 200_000
    assert WAN(0.2) == 200_000


@given(st.integers(0, 10**13))
def test_a_workbooks_number_is_money_to_the_fen(fen: int) -> None:
    """A float holds it exactly enough; what a formula leaves over is not a fraction of a fen."""
    assert YUAN(fen / 100) == fen
    assert YUAN(fen) == fen * 100 if fen < 10**13 else wrong(YUAN, fen)


def test_a_formulas_rest_is_no_fraction() -> None:
    """0.1 + 0.2."""
    assert YUAN(0.1 + 0.2) == 30
    assert YUAN(1.1 * 3) == 330
    assert wrong(YUAN, 0.125) == "R508"


@pytest.mark.parametrize(
    "cell",
    [
        "-1", "1,23", "1,2345", "12.345", "1.2.3", "贰佰万元整", "200万美元", "$5", "1e6", "约200万", "200-300", "万元",
        ".5", "5.", "1 000 000万亿", "10000000000000", "999999999999999999", "0.001万亿元", "９" * 70, True,
        -1, -0.01, 1e13, 1e300, math.inf, math.nan,
    ],
)  # fmt: skip
def test_what_is_no_money_is_refused(cell: object) -> None:
    """Negative, wrongly parted, finer than a fen, another currency, past every fine, words."""
    assert wrong(YUAN, cell) in ("R508", "R512")


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("3", 3),
        ("３次", 3),
        ("2024年", 2024),
        ("2024年度", 2024),
        (2024, 2024),
        (2024.0, 2024),
        ("2024.0", 2024),
        ("0", 0),
    ],
)
def test_counts_are_read(cell: Any, wanted: int) -> None:
    """A year may carry its unit."""
    assert COUNT(cell) == wanted


@pytest.mark.parametrize("cell", ["-1", "1.5", 1.5, "1,000", "三", "1234567890", True, "x", -3, math.nan])
def test_what_is_no_count_is_refused(cell: object) -> None:
    """Nothing is rounded and nothing guessed."""
    assert wrong(COUNT, cell) == "R509"


# -- flags and codes


@pytest.mark.parametrize("cell", ["是", "yes", "YES", "Y", "y", "１", "1", "true", "TRUE", True, 1, 1.0, " 是 "])
def test_yes_is_yes(cell: Any) -> None:
    """In every way of saying it."""
    assert FLAG(cell) is True


@pytest.mark.parametrize("cell", ["否", "no", "NO", "N", "n", "０", "0", "false", "FALSE", False, 0, 0.0])
def test_no_is_no(cell: Any) -> None:
    """Zero is no blank."""
    assert FLAG(cell) is False


@pytest.mark.parametrize("cell", ["有", "√", "2", "不", "ja", 2, 0.5])
def test_what_is_neither_is_refused(cell: object) -> None:
    """Nobody guesses what a tick means."""
    assert wrong(FLAG, cell) == "R510"


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("fine", "fine"),
        ("FINE", "fine"),
        (" 罚 款 ", "fine"),
        ("罚金", "fine"),
        ("another penalty", "other"),
        (1, "1"),
        (1.0, "1"),
        ("警告", "1"),
    ],
)
def test_a_closed_code_is_found_by_its_words(cell: Any, wanted: str) -> None:
    """The code, its words in both languages, a mapping file's words; a workbook's number."""
    assert CLOSED(cell) == wanted


def test_a_closed_code_takes_nothing_else() -> None:
    """The reason names what is near, or all there is; several in one cell are told apart."""
    with pytest.raises(WrongCell) as caught:
        CLOSED("罚")
    assert caught.value.code == "R511"
    assert "罚款" in caught.value.help[0]
    for text in ("罚款;警告", "罚款、其他行政处罚", "fine，警告", "罚款和警告"):
        assert wrong(CLOSED, text) == "R522"
    assert wrong(CLOSED, "罚款;没收") == "R511"


def test_an_open_code_is_any_short_text() -> None:
    """Narrowed, and a number without decimals."""
    assert OPEN("甲") == "a"
    assert OPEN(" Ｂ－１ ") == "B-1"
    assert OPEN(3) == OPEN(3.0) == OPEN("3") == "3"
    assert wrong(OPEN, "x" * 65) == "R512"
    assert wrong(OPEN, "a\x07") == "R513"


@pytest.mark.parametrize("read", [YUAN, COUNT, FLAG, CLOSED, OPEN])
def test_nothing_and_not_known_are_told_apart(read: Read) -> None:
    """A blank is silence; a word for not known is said; a mapping file may have words for it too."""
    for blank in ("", None, " ", "-", "无", "/", "null"):
        assert read(blank) is None
    for word in ("不详", "未知", "unknown"):
        assert read(word) is UNKNOWN
    assert CLOSED("见决定") is UNKNOWN


@given(st.text(max_size=80) | st.integers() | st.floats() | st.booleans())
def test_any_cell_is_read_or_refused(cell: Any) -> None:
    """Never an accident."""
    for read in (YUAN, WAN, COUNT, FLAG, CLOSED, OPEN, line, name):
        wrong(read, cell)
