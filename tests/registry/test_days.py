"""Dates in every form that lists use; what could mean another day, or none, is refused."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import FIRST_DAY, LAST_DAY, SHANGHAI, read_day, read_when
from engine.inquiry import UNKNOWN
from engine.registry.cells import Read
from engine.registry.days import moment, whole_day
from engine.registry.faults import WrongCell

MOMENT, FIRST, LAST = moment(), whole_day(False), whole_day(True)
DAYS = st.dates(FIRST_DAY, LAST_DAY)
CLOCKS = (
    st.times().filter(lambda clock: bool(clock.hour or clock.minute)).map(lambda clock: clock.replace(microsecond=0))
)
FORMS = (
    "{0:%Y}-{0:%m}-{0:%d}",
    "{0.year}-{0.month}-{0.day}",
    "{0.year}/{0.month}/{0.day}",
    "{0:%Y}/{0:%m}/{0:%d}",
    "{0.year}.{0.month}.{0.day}",
    "{0:%Y}{0:%m}{0:%d}",
    "{0.year}年{0.month}月{0.day}日",
    "{0:%Y}年{0:%m}月{0:%d}日",
    "{0.year}年{0.month}月{0.day}",
    " {0.year} 年 {0.month} 月 {0.day} 日 ",
    "{0.year} / {0.month} / {0.day}",
    "{0:%Y}-{0:%m}-{0:%d} 00:00:00",
    "{0:%Y}-{0:%m}-{0:%d}T00:00:00",
    "{0.year}/{0.month}/{0.day} 0:00",
    "{0:%Y}-{0:%m}-{0:%d} 00:00:00.000",
    "{0:%Y}{0:%m}{0:%d}000000",
    "\u200b{0:%Y}-{0:%m}-{0:%d}\t",
)


def full_width(text: str) -> str:
    """As a Chinese input method writes it."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def wrong(read: Read, cell: object) -> str:
    """The code for which the cell is refused; nothing if it is read."""
    try:
        read(cell)  # type: ignore[arg-type]
    except WrongCell as error:
        return error.code
    return ""


@given(DAYS, st.sampled_from(FORMS), st.booleans())
def test_a_day_in_every_form_is_the_day(day: date, form: str, wide: bool) -> None:
    """Also in full-width characters, with blanks, and with the midnight a database adds."""
    written = form.format(day)
    for read in (MOMENT, FIRST, LAST):
        assert read(full_width(written) if wide else written) == day.isoformat()


@given(DAYS)
def test_a_workbooks_own_day_is_the_day(day: date) -> None:
    """A datetime, a date, the number of the day in the 1900 system, a day typed as one number."""
    noon = datetime(day.year, day.month, day.day)
    serial = (day - date(1899, 12, 30)).days
    for cell in (noon, day, serial, float(serial), int(f"{day:%Y%m%d}"), float(f"{day:%Y%m%d}")):
        for read in (MOMENT, FIRST, LAST):
            assert read(cell) == day.isoformat()


def test_days_by_which_the_number_of_a_day_is_known() -> None:
    """As every spreadsheet shows them."""
    assert MOMENT(36_526) == "2000-01-01"
    assert MOMENT(45_301) == "2024-01-10"
    assert MOMENT(45_351) == "2024-02-29"


@given(DAYS, CLOCKS)
def test_an_instant_is_shanghais_and_as_the_engine_writes_it(day: date, clock: object) -> None:
    """Whatever the form, what is kept is what `read_when` gives back; summer time of 1986 to 1991 included."""
    at = datetime.combine(day, clock)  # type: ignore[arg-type]
    # an hour that a change of clocks leaves out or repeats has no one meaning
    sure = at.replace(tzinfo=SHANGHAI, fold=0).utcoffset() == at.replace(tzinfo=SHANGHAI, fold=1).utcoffset()
    found = MOMENT(f"{at:%Y-%m-%d %H:%M:%S}")
    assert isinstance(found, str)
    assert read_when(found).text == found
    forms = [
        f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M:%S}",
        f"{at.year}年{at.month}月{at.day}日 {at.hour}时{at.minute}分{at.second}秒",
        f"{at:%Y%m%d%H%M%S}",
        f"{at:%Y-%m-%dT%H:%M:%S}.000",
        at,
        at + timedelta(microseconds=3),
        at - timedelta(microseconds=3),
    ]
    assert {MOMENT(form) for form in forms} == {found}
    serial = (at - datetime(1899, 12, 30)) / timedelta(days=1)
    assert MOMENT(serial) == found
    if sure:
        assert MOMENT(found) == found
        assert datetime.fromisoformat(found).replace(tzinfo=None) == at


def test_instants_by_example() -> None:
    """Minutes alone, an hour alone, an offset, Universal Time, a part of a second, a summer in 1988."""
    nine = "2024-01-10T09:00:00+08:00"
    for text in ("2024-01-10 09:00", "2024-1-10 9:00", "2024年1月10日9时", "2024年1月10日 9时0分", "2024-01-10T01:00Z"):
        assert MOMENT(text) == nine
    assert MOMENT("2024-01-10T09:00+0800") == nine
    assert MOMENT("2024-01-10 09:00:00.5") == "2024-01-10T09:00:00.500000+08:00"
    assert MOMENT("2024-01-10T00:00+08:00") == "2024-01-10T00:00:00+08:00"  # who writes an offset means the instant
    assert MOMENT("1988-07-01 09:00") == "1988-07-01T09:00:00+09:00"


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "—", "/", "无", "NULL", "n/a", "\u3000"])
def test_a_mark_for_nothing_is_nothing(cell: str | None) -> None:
    """Silence, which is not the same as not knowing."""
    assert MOMENT(cell) is LAST(cell) is None


@pytest.mark.parametrize("cell", ["不详", "未知", "unknown", " Unknown "])
def test_a_mark_for_not_known_is_not_known(cell: str) -> None:
    """Said, and said to be unknown."""
    assert MOMENT(cell) is FIRST(cell) is UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "20240231", "2024年2月30日",
        "1949-09-30", "2200-01-01", "0000-00-00", "9999-12-31", "2024-01-10 24:00", "2024-01-10 09:60",
        "2024-01-10 25:00:00", "2199-12-31T23:00-08:00", "2024-01-10T09:00+99:00",
    ],
)  # fmt: skip
def test_a_day_that_is_none_is_refused(text: str) -> None:
    """No such day in the calendar, or outside the years the law can mean."""
    assert wrong(MOMENT, text) == "R505"


@pytest.mark.parametrize("day", ["1949-10-01", "2199-12-31", "2024-02-29", "2000-02-29"])
def test_days_at_the_edge_are_taken(day: str) -> None:
    """The first and the last, and leap days."""
    assert MOMENT(day) == LAST(day) == day
    assert MOMENT(datetime.fromisoformat(day)) == day


@pytest.mark.parametrize(
    "text",
    [
        "2024-01", "2024年1月", "2024", "24-01-10", "10/1/2024", "1/10/24", "2024-01/10", "2024/01-10", "2024-W02-3",
        "2024-010", "长期", "二〇二四年一月十日", "2024-01-10至2025-01-09", "2024-01-10 09", "2024-01-10 9点", "x",
        "1e5",
        "2024-01-10 09:00 GMT", "+2024-01-10", "2024--01-10", "2024101", "202401100", "4530", "٢٠٢٤-٠١-١٠", "#VALUE!",
        "20240110" * 3, "2024-01-10\n2024-01-11",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    """A month, two days, an order nobody can tell, numerals of another script."""
    assert wrong(MOMENT, text) == "R504"


@pytest.mark.parametrize("text", ["45301", "18172", "45301.375", "109574", "12345"])
def test_a_number_of_a_day_that_is_text_is_refused(text: str) -> None:
    """Where a workbook's format is lost, 45301 may count from 1900 or from 1904."""
    assert wrong(MOMENT, text) == ("R506" if len(text.partition(".")[0]) == 5 else "R504")


@pytest.mark.parametrize(
    "cell", [True, False, 1, 0, -1, 4530, 1e9, 1e300, float("nan"), float("inf"), timedelta(days=1)]
)
def test_a_number_that_is_no_day_is_refused(cell: object) -> None:
    """Flags, lengths of time, and numbers outside the calendar."""
    assert wrong(MOMENT, cell) == "R504"


def test_a_workbooks_day_outside_the_years_is_refused() -> None:
    """Without an overflow at the calendar's end."""
    for cell in (datetime(1900, 1, 1), datetime.max, datetime.min, date.max):
        assert wrong(MOMENT, cell) == wrong(LAST, cell) == "R505"


@pytest.mark.parametrize(
    "text", ["2024-12-31 23:59:59", "2024-12-31 23:59", "2024年12月31日24时", "2024-12-31 24:00:00"]
)
def test_the_last_minute_of_a_day_is_the_day_where_something_ends(text: str) -> None:
    """And nowhere else: what begins in that minute does not begin that morning."""
    assert LAST(text) == "2024-12-31"
    assert wrong(FIRST, text) in ("R505", "R507")


def test_an_hour_in_a_whole_day_is_refused() -> None:
    """A day that a decision sets has none."""
    for cell in ("2024-12-31 09:00", datetime(2024, 12, 31, 9), 45_301.5):
        assert wrong(FIRST, cell) == wrong(LAST, cell) == "R507"


@given(st.text(max_size=30) | st.text("0123456789-/.:年月日时 T", max_size=25))
def test_any_text_is_read_or_refused(text: str) -> None:
    """And what is read is a day or an instant the engine takes."""
    for read in (MOMENT, FIRST, LAST):
        try:
            found = read(text)
        except WrongCell:
            continue
        if found is not None and found is not UNKNOWN:
            assert isinstance(found, str)
            assert (read_when if read is MOMENT else read_day)(found)
