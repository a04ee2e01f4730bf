"""Whom a row's numbers name: every scheme in every column and way of writing; persons' numbers go one way only."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from engine.registry.codes import Named, named
from engine.registry.faults import RowFault
from tests.registry.filing import citizens_number, unified

CODE = unified(1)
ORGANISATION = CODE[8:17]
REGISTRATION = "42088100000123" + str(mod_11_10.calc_check_digit("42088100000123"))
PERSON = citizens_number("11010519491231002")
OLD = PERSON[:6] + PERSON[8:17]
COLUMNS = ("code", "organisation_code", "registration_number", "person_number")


def read(kind: str = "", **cells: Any) -> tuple[Named, list[str]]:
    """Whom the cells name, and the codes for which the row is refused."""
    wrong: list[RowFault] = []
    found = named(1, cells, kind, wrong)
    assert not any(number in repr((found[3], wrong)) for number in (PERSON, OLD))
    return found, [fault.code for fault in wrong]


def who(kind: str = "", **cells: Any) -> Named:
    """Whom the cells name; nothing is wrong with them."""
    found, wrong = read(kind, **cells)
    assert not wrong
    return found


def warned(found: Named) -> list[str]:
    """The codes of the warnings."""
    assert all(fault.severity == "warning" for fault in found[3])
    return [fault.code for fault in found[3]]


def full_width(text: str) -> str:
    """As a Chinese input method writes it."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


WRITTEN = st.sampled_from(
    [
        str, str.lower, full_width, lambda text: f"  {text}\t", lambda text: f"{text[:6]} {text[6:]}",
        lambda text: f"{text[:8]}-{text[8:]}", lambda text: f"'{text}", lambda text: f'="{text}"',
        lambda text: f"\u200b{text}\u3000",
    ]
)  # fmt: skip


@given(st.integers(0, 10**8 - 1), st.sampled_from(COLUMNS[:3]), WRITTEN)
def test_a_unified_code_is_known_in_every_column(number: int, column: str, written: Any) -> None:
    """However it is written, also as a spreadsheet's text guard writes it."""
    code = unified(number)
    assert who(**{column: written(code)}) == (code, (), "", ())


@given(WRITTEN, st.sampled_from(["code", "organisation_code"]))
def test_an_organisation_code_is_known_by_its_check_character(written: Any, column: str) -> None:
    """Nine characters, with or without the hyphen."""
    assert who(**{column: written(ORGANISATION)}) == ("", (("organisation-code", ORGANISATION),), "", ())
    last = "0" if ORGANISATION[8] != "0" else "1"
    assert read(**{column: ORGANISATION[:8] + last})[1] == ["R517"]


@pytest.mark.parametrize("column", ["code", "registration_number"])
@pytest.mark.parametrize("cell", [REGISTRATION, int(REGISTRATION), float(REGISTRATION), full_width(REGISTRATION)])
def test_a_registration_number_is_known_by_its_check_digit(cell: Any, column: str) -> None:
    """Fifteen digits; a workbook still holds them exactly."""
    assert who(**{column: cell}) == ("", (("registration-number", REGISTRATION),), "", ())
    wrong = REGISTRATION[:14] + str((int(REGISTRATION[14]) + 1) % 10)
    assert read(**{column: wrong})[1] == ["R517"]


@given(
    st.sampled_from(["110101", "420881", "810000", "350100"]), st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    st.integers(0, 999), st.sampled_from(COLUMNS), WRITTEN,
)  # fmt: skip
def test_a_citizens_number_is_a_persons_in_every_column(
    place: str, born: date, order: int, column: str, written: Any
) -> None:
    """Never a code, never an older one, in whatever column it stands."""
    number = citizens_number(f"{place}{born:%Y%m%d}{order:03d}")
    for kind in ("", "natural-person"):
        assert who(kind, **{column: written(number)}) == ("", (), number, ())


def test_a_citizens_number_that_fits_as_a_code_too_is_a_persons() -> None:
    """About one in three hundred does."""
    numbers = (citizens_number(f"11010119900307{order:03d}") for order in range(1000))
    both = [number for number in numbers if uscc.is_valid(number)]
    assert both
    assert all(who(code=number)[2] == number for number in both)


def test_a_number_of_the_old_fifteen_digits_becomes_one_of_eighteen() -> None:
    """In the column of persons' numbers."""
    assert who(person_number=OLD)[2] == PERSON
    assert read(person_number=PERSON[:17] + ("1" if PERSON[17] == "X" else "X"))[1] == ["R517"]
    assert read(person_number=OLD[:8] + "99" + OLD[10:])[1] == ["R517"]


def test_fifteen_digits_that_may_be_a_persons_are_refused_unless_the_row_says_which() -> None:
    """A registration number whose digits may also be a place and a birthday."""
    both = next(
        number
        for order in range(1000)
        if mod_11_10.is_valid(number := f"420881500101{order:03d}")
    )  # fmt: skip
    assert read(code=both)[1] == ["R517"]
    assert read("natural-person", registration_number=both)[1] == ["R517"]
    wanted = (("registration-number", both),)
    assert who("legal-person", code=both)[1] == wanted
    assert who(registration_number=both)[1] == wanted


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize(
    "cell", ["1101051949****002X", "９１４２＊＊＊＊", "9142XXXXXXXX1234", "4208●●●●1234", "*", "110105××××××××002X"]
)
def test_a_masked_number_names_nobody(column: str, cell: str) -> None:
    """As public lists print persons: the row is known by its name alone."""
    assert who(**{column: cell}) == ("", (), "", ())


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("cell", [None, "", " ", "-", "无", "/", "NULL", "'", '=""'])
def test_a_blank_names_nobody(column: str, cell: str | None) -> None:
    """And is no fault of itself."""
    assert who(**{column: cell}) == ("", (), "", ())


@pytest.mark.parametrize("cell", [9.11000001000013e17, 110105194912310021, "9.11E+17", "1.10105E+17", 1e15])
def test_a_rounded_number_is_refused(cell: Any) -> None:
    """A spreadsheet keeps fifteen digits; the last three of a code are gone."""
    assert read(code=cell)[1] == ["R516"]


@pytest.mark.parametrize(
    "cell",
    [
        CODE[:17],
        CODE + "0",
        CODE[:17] + ("0" if CODE[17] != "0" else "1"),
        CODE[:8] + "O" + CODE[9:],
        "甲公司",
        "12345678",
        True,
        0.5,
        "y" * 9000,
    ],
)
def test_a_wrong_code_is_refused(cell: Any) -> None:
    """Too short, too long, misspelt, no code at all; the reason does not repeat it."""
    wrong: list[RowFault] = []
    named(3, {"code": cell}, "", wrong)
    (fault,) = wrong
    assert (fault.row, fault.field, fault.code) == (3, "code", "R517")
    assert str(cell)[:17] not in fault.zh + fault.en
    assert len(fault.zh + fault.en) < 300


def test_a_better_number_makes_a_wrong_older_one_a_warning() -> None:
    """The subject is known; what could not be read is said and not kept."""
    found = who(code=CODE, registration_number="企独鄂总字第1号", organisation_code="123456789")
    assert found[:3] == (CODE, (), "")
    assert warned(found) == ["R517", "R517"]
    assert read(registration_number="企独鄂总字第1号")[1] == ["R517"]


def test_older_codes_stand_beside_the_unified_one() -> None:
    """All of them lead to the subject."""
    found = who(code=CODE, organisation_code=ORGANISATION, registration_number=REGISTRATION)
    assert found == (CODE, (("organisation-code", ORGANISATION), ("registration-number", REGISTRATION)), "", ())


def test_an_organisation_code_of_somebody_else_is_not_kept() -> None:
    """It would lead to two subjects."""
    found = who(code=CODE, organisation_code=unified(2)[8:17])
    assert found[:3] == (CODE, (), "")
    assert warned(found) == ["R521"]


def test_two_unified_codes_in_a_row_are_two_subjects() -> None:
    """The one in its own column stays, the other is not kept."""
    found = who(code=CODE, organisation_code=unified(2))
    assert found[:3] == (CODE, (), "")
    assert warned(found) == ["R521"]


def test_the_inner_check_only_warns() -> None:
    """Real codes have such a misfit; the code is taken."""
    body = CODE[:16] + ("0" if CODE[16] != "0" else "1")
    code = body + str(uscc.calc_check_digit(body))
    found = who(code=code)
    assert found[:3] == (code, (), "")
    assert warned(found) == ["R520"]


def test_a_person_and_a_code_in_one_row() -> None:
    """The code is the subject's; the number is somebody's behind it, and goes no further."""
    for kind in ("", "individual-business", "legal-person"):
        found = who(kind, code=CODE, person_number=PERSON)
        assert found[:3] == (CODE, (), "")
        assert warned(found) == ["R521"]
    found = who("individual-business", person_number=PERSON)
    assert found[:3] == ("", (), "")
    assert warned(found) == ["R521"]


def test_the_kind_and_the_number_must_agree() -> None:
    """A natural person has no unified code, an organisation no citizen's number."""
    assert read("natural-person", code=CODE)[1] == ["R518"]
    assert read("natural-person", organisation_code=ORGANISATION)[1] == ["R518"]
    assert read("natural-person", code=CODE, person_number=PERSON)[1] == ["R518"]
    assert read("legal-person", code=PERSON)[1] == ["R518"]
    assert read("social-organisation", person_number=PERSON)[1] == ["R518"]


def test_a_persons_other_papers_are_not_taken() -> None:
    """A passport: the row is known by its name alone, and no part of the number is kept."""
    assert who("natural-person", person_number="E12345678") == ("", (), "", ())


@given(
    st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=30) | st.integers() | st.floats(), min_size=1),
    st.sampled_from(["", "natural-person", "legal-person"]),
)
def test_any_cells_name_somebody_or_nobody(cells: dict[str, Any], kind: str) -> None:
    """Never an accident."""
    found, wrong = read(kind, **cells)
    assert wrong or len(found) == 4
