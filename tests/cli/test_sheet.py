"""CSV for spreadsheets: it reads back as it was written, and nothing in it is a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cli.sheet import BOM, FORMULA, as_csv, inert

# Neither half characters, which UTF-8 has no bytes for, nor NUL, which no text of ours may hold.
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
DANGEROUS = st.builds(str.__add__, st.sampled_from(FORMULA), CELLS)
ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS | DANGEROUS, min_size=width, max_size=width), min_size=1, max_size=5)
)


def read(data: bytes) -> list[list[str]]:
    """What a spreadsheet reads."""
    text = data.decode("utf-8")
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


@given(ROWS)
def test_what_is_read_back_is_what_was_written(rows: list[list[str]]) -> None:
    """Cell by cell, but for the apostrophe that disarms a formula."""
    back = read(as_csv(rows[0], rows[1:]))
    assert back == [[inert(cell) for cell in row] for row in rows]
    assert all(inert(cell) in (cell, f"'{cell}") for row in rows for cell in row)


@given(ROWS)
def test_no_cell_is_a_formula(rows: list[list[str]]) -> None:
    """None begins with a sign that a spreadsheet runs, the byte order mark apart."""
    assert not [cell for row in read(as_csv(rows[0], rows[1:])) for cell in row if cell.startswith(FORMULA)]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_each_sign_is_disarmed(sign: str) -> None:
    """With an apostrophe before it, wherever the cell stands; an innocent cell stays as it is."""
    assert inert(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"
    assert read(as_csv([f"{sign}1"], [["甲-乙"]])) == [[f"'{sign}1"], ["甲-乙"]]


def test_lines_end_as_rfc_4180_says() -> None:
    """CR LF between records; quotes, commas and breaks inside a cell are quoted."""
    assert as_csv(["a", "b"], [["1,2", '说"好"\n再说']]).decode() == f'{BOM}a,b\r\n"1,2","说""好""\n再说"\r\n'
