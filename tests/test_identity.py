"""Identifiers: no slip of one character passes, and a citizen's number is neither taken nor repeated."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_10

from engine.identity import (
    WrongCode,
    fits,
    is_code,
    organisation_fits,
    read_subject,
    registration_fits,
    synthetic_code,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODES = [
    synthetic_code(0),
    synthetic_code(12_345_678),
    "91110000600037341L",
    "91440300708461136T",
    "12100000400010275N",
]


def citizens_number(body: str) -> str:
    """The number of nobody in particular: 17 digits and their check character."""
    return body + str(ric.calc_check_digit(body + "?"))


REGIONS = st.sampled_from(["110101", "310101", "420881", "440305", "510104"])
CITIZENS = st.builds(
    lambda region, day, order: citizens_number(f"{region}{day:%Y%m%d}{order:03d}"),
    REGIONS,
    st.dates(date(1930, 1, 1), date(2020, 1, 1)),
    st.integers(1, 999),
)


@pytest.mark.parametrize("code", CODES)
def test_a_right_code_is_itself(code):
    """Synthetic ones, and published ones of well-known bodies."""
    assert read_subject(code) == code


@pytest.mark.parametrize("code", CODES)
def test_every_slip_of_one_character_is_caught(code):
    """All 18 places times all 30 other characters of the alphabet, and the five letters it leaves out."""
    for place, right in enumerate(code):
        for wrong in ALPHABET + "IOSVZ":
            if wrong != right:
                with pytest.raises(WrongCode):
                    read_subject(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("code", CODES)
def test_a_missing_or_doubled_character_is_caught(code):
    """17 or 19 characters are no code, and the message says how many there are."""
    for place in range(18):
        with pytest.raises(WrongCode, match="17"):
            read_subject(code[:place] + code[place + 1 :])
        with pytest.raises(WrongCode, match="19"):
            read_subject(code[:place] + code[place] + code[place:])


@given(st.integers(0, 99_999_999))
def test_synthetic_codes_are_valid_and_nobodys(number):
    """Right check characters, the inner one too, on a prefix that no registry has assigned; each number has its own."""
    code = synthetic_code(number)
    assert read_subject(code) == code
    assert uscc.is_valid(code)
    assert organisation_fits(code[8:17])
    assert int(code[8:16]) == number
    assert code.startswith("91990000")


def full_width(text: str) -> str:
    """As a Chinese input method writes it."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    "written",
    [
        str.lower,
        full_width,
        lambda code: full_width(code.lower()),
        lambda code: f"  {code}\n",
        lambda code: f"{code[:6]} {code[6:12]} {code[12:]}",
        lambda code: f"{code[:8]}-{code[8:17]}-{code[17]}",
        lambda code: f"{code[:9]}\u3000{code[9:]}",
    ],
)
def test_a_code_survives_how_people_write_it(code, written):
    """Lower case, full width, blanks and hyphens are read right."""
    assert read_subject(written(code)) == code


@pytest.mark.parametrize(("letter", "meant"), list(zip("IOSVZ", "105U2", strict=True)))
def test_a_lookalike_letter_is_named_with_what_was_meant(letter, meant):
    """The alphabet has no I, O, S, V, Z: the message says where one stands and what it probably is."""
    with pytest.raises(WrongCode) as refused:
        read_subject("91990000" + letter + "000000000")
    for text in (refused.value.zh, refused.value.en):
        assert "9" in text
        assert letter in text
        assert meant in text


@pytest.mark.parametrize(
    "text", ["", " ", "张三", "911100006000373*1L", "person-", "person-A", "person_1", "person-" + "a" * 49]
)
def test_what_is_no_identifier_is_refused(text):
    """Names, other signs, and handles in another shape."""
    with pytest.raises(WrongCode):
        read_subject(text)


@pytest.mark.parametrize("handle", ["person-1", "person-a-b-9", "person-" + "a" * 48])
def test_a_persons_handle_is_taken(handle):
    """A natural person is known by a synthetic handle alone."""
    assert read_subject(f" {handle} ") == handle


@pytest.mark.parametrize(
    "written", [str, str.lower, full_width, lambda number: f"{number[:6]} {number[6:14]} {number[14:]}"]
)
@pytest.mark.parametrize("body", ["11010119900307001", "42088120010912333", "31010120000229104"])
def test_a_citizens_number_is_refused_and_not_repeated(body, written):
    """However it is written, and the message holds no part of it that could name anyone."""
    number = citizens_number(body)
    with pytest.raises(WrongCode) as refused:
        read_subject(written(number))
    said = f"{refused.value} {refused.value.zh} {refused.value.en} {refused.value.args}"
    assert "公民身份号码" in said
    assert not any(number[at : at + 4] in said for at in range(15))


@given(CITIZENS)
def test_no_citizens_number_is_taken_for_a_firms(number):
    """The promise is never, also where its last character happens to fit GB 32100 too."""
    with pytest.raises(WrongCode):
        read_subject(number)


def refusal(text: str) -> str:
    """All that is said when the text is refused; nothing if it is taken."""
    try:
        read_subject(text)
    except WrongCode as refused:
        return f"{refused} {refused.zh} {refused.en}"
    return ""


@given(CITIZENS, st.integers(6, 17), st.sampled_from("0123456789X"))
def test_a_misspelt_citizens_number_is_not_repeated_either(number, place, slip):
    """Refused for another reason, but no refusal shows it. Misspelt places of birth have a test of their own below."""
    wrong = number[:place] + slip + number[place + 1 :]
    assert not any(wrong[at : at + 4] in refusal(wrong) for at in range(15))


def test_a_number_from_an_unknown_county_is_refused_without_a_traceback():
    """Seventeen digits that begin with 81 and a right check character: an answer, not an accident."""
    with pytest.raises(WrongCode):
        read_subject(citizens_number("81010420030804693"))


@pytest.mark.parametrize("body", ["81000019700307001", "82000019550307002", "42088119850912333"])
def test_a_holder_born_before_the_place_was_named_is_known_for_a_person(body):
    """Residence permits of Hong Kong (1997) and Macao (1999), a city of 1996: the holders may well be older."""
    with pytest.raises(WrongCode) as refused:
        read_subject(citizens_number(body))
    assert "公民身份号码" in refused.value.zh


# -- the quick checks against another's


ANY_CODES = st.text(ALPHABET, min_size=17, max_size=17).map(lambda body: body + str(uscc.calc_check_digit(body)))
CHANGES = st.tuples(st.integers(0, 17), st.sampled_from(ALPHABET + "IOSVZabc_+- １一é\x00"))


@given(ANY_CODES, st.lists(CHANGES, max_size=3))
def test_the_quick_check_of_a_code_is_stdnums(code, slips):
    """Right codes, and codes with up to three characters changed to any other: the same answer."""
    for place, letter in slips:
        code = code[:place] + letter + code[place + 1 :]
    letters = len(code) == 18 and all(letter in ALPHABET for letter in code)
    assert fits(code) == (letters and uscc.calc_check_digit(code[:17]) == code[17])


@given(st.text(max_size=20) | st.text(ALPHABET + " _+-", min_size=16, max_size=20))
def test_the_quick_checks_take_any_text(text):
    """Never an accident, and never true for what is no code."""
    assert fits(text) == (
        len(text) == 18 and all(letter in ALPHABET for letter in text) and uscc.calc_check_digit(text[:17]) == text[17]
    )
    assert is_code(text) <= fits(text)
    assert organisation_fits(text) <= (len(text) == 9)
    assert registration_fits(text) <= (len(text) == 15)


@given(ANY_CODES | CITIZENS)
def test_a_code_as_it_is_kept_is_what_reading_gives(code):
    """The quick check says yes exactly where the long one takes the code."""
    assert is_code(code) == (refusal(code) == "")


ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8), st.sampled_from("0123456789XAZ"))
def test_an_organisation_code_fits_by_the_standards_sum(body, last):
    """GB 11714 written out: eleven less the weighed sum modulo eleven; ten is X, eleven is 0."""
    total = sum(int(letter, 36) * weight for letter, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    right = {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))
    assert organisation_fits(body + last) == (last == right)
    assert not organisation_fits((body + last).lower()) or (body + last).isdigit()


@pytest.mark.parametrize(
    "code", ["12100000400000624D", "914403001922038216", "91100000100003962T", "9144030071526726XG"]
)
def test_published_codes_fit_inside_too(code):
    """Codes of well-known bodies, by both check characters."""
    assert fits(code)
    assert organisation_fits(code[8:17])


@given(st.integers(0, 10**14 - 1))
def test_a_registration_number_fits_with_one_last_digit_of_ten(number):
    """ISO 7064 MOD 11,10."""
    body = f"{number:014d}"
    right = [digit for digit in "0123456789" if registration_fits(body + digit)]
    assert right == [mod_11_10.calc_check_digit(body)]
