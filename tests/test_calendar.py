"""Days, instants and periods: every boundary at its first and last microsecond."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import (
    FIRST_DAY,
    LAST_DAY,
    Period,
    between,
    happened,
    later,
    moved,
    next_day,
    read_day,
    read_when,
    whole_day,
)
from engine.truth import MAYBE, NO, YES
from tests import strategies

DAYS = st.dates(FIRST_DAY, LAST_DAY)
LAST_TICK = "T23:59:59.999999+08:00"


# -- reading


@pytest.mark.parametrize("text", ["2024-06-10", "1949-10-01", "2199-12-31", "2024-02-29"])
def test_a_day_is_read_as_written(text):
    """`2024-06-10`, the first and the last day taken, and a leap day."""
    assert read_day(text).isoformat() == text
    assert read_when(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-6-10",
        "20240610",
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "2024/06/10",
        "10-06-2024",
        "２０２４-06-10",
    ],
)
def test_what_is_no_iso_day_is_refused(text):
    """No other order, no other sign, no day that does not exist, no full-width digit."""
    with pytest.raises(ValueError, match=r"YYYY-MM-DD|Invalid isoformat|out of range|must be in"):
        read_day(text)


def test_a_week_date_is_refused():
    """`2024-W24-1` also has ten characters, and is not YYYY-MM-DD."""
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        read_day("2024-W24-1")


@pytest.mark.parametrize("text", ["1949-09-30", "2200-01-01", "0001-01-01", "9999-12-31"])
def test_days_outside_the_republics_calendar_are_refused(text):
    """One day before the first and one after the last are out, as days and as instants."""
    with pytest.raises(ValueError, match="between"):
        read_day(text)
    with pytest.raises(ValueError, match="between"):
        read_when(f"{text}T12:00+08:00")


def test_an_instant_needs_its_offset():
    """A clock time without a zone could be anywhere."""
    with pytest.raises(ValueError, match="offset"):
        read_when("2024-06-10T09:00")


def test_an_instant_belongs_to_its_day_in_shanghai():
    """16:00 UTC is midnight in Shanghai: the next day begins; a microsecond earlier it has not."""
    assert read_when("2024-06-10T16:00+00:00").day == date(2024, 6, 11)
    assert read_when("2024-06-10T15:59:59.999999+00:00").day == date(2024, 6, 10)


def test_one_instant_written_in_two_zones_is_one_instant():
    """The offset is how it was written, not what it means; it is shown in Shanghai's."""
    here, there = read_when("2024-06-10T09:00+08:00"), read_when("2024-06-10T01:00+00:00")
    assert here == there
    assert here.text == "2024-06-10T09:00:00+08:00"


# -- spans


@given(DAYS)
def test_whole_days_follow_one_another_without_gap_or_overlap(day):
    """Every day from 1949 to 2199, the summer times of 1986 to 1991 included."""
    here, after = whole_day(day), whole_day(next_day(day))
    assert here.last + 1 == after.first
    assert here.day == here.last_day == day
    assert not here.exact


def test_summer_time_days_are_23_and_25_hours_long():
    """Shanghai put its clocks forward on 1986-05-04 and back on 1986-09-14."""
    hours = [(whole_day(d).last + 1 - whole_day(d).first) / 3.6e9 for d in (date(1986, 5, 4), date(1986, 9, 14))]
    assert hours == [23, 25]


def test_an_absence_spans_both_days_whole():
    """Last seen on the 8th, gone on the 10th: from the first microsecond of the one to the last of the other."""
    gap = between(date(2024, 6, 8), date(2024, 6, 10))
    assert (gap.day, gap.last_day) == (date(2024, 6, 8), date(2024, 6, 10))
    assert gap.last == read_when(f"2024-06-10{LAST_TICK}").first
    assert gap.text == "2024-06-08/2024-06-10"


@pytest.mark.parametrize(
    ("event", "moment", "expected"),
    [
        ("2024-06-09", "2024-06-10", YES),
        ("2024-06-10", "2024-06-10", MAYBE),
        ("2024-06-11", "2024-06-10", NO),
        ("2024-06-10", "2024-06-10T00:00+08:00", MAYBE),
        ("2024-06-10", f"2024-06-10{LAST_TICK}", YES),
        ("2024-06-10", f"2024-06-09{LAST_TICK}", NO),
        ("2024-06-10T12:00+08:00", "2024-06-10T12:00+08:00", YES),
        ("2024-06-10T12:00:00.000001+08:00", "2024-06-10T12:00+08:00", NO),
        ("2024-06-10T12:00+08:00", "2024-06-10", MAYBE),
        ("2024-06-10T00:00+08:00", "2024-06-10", YES),
    ],
)
def test_what_has_happened_by_a_moment(event, moment, expected):
    """At or before the moment: yes; after: no; where the spans leave both open nobody can say."""
    assert happened(read_when(event), read_when(moment)) == expected


@given(strategies.whens(), strategies.whens(), strategies.whens())
def test_what_has_happened_stays_happened(event, moment, then):
    """A later moment never takes an event back, and its first microsecond is never surer than its last."""
    if moment.last <= then.first:
        assert happened(event, then) >= happened(event, moment)


# -- moving


@given(strategies.whens(), DAYS.filter(lambda day: day.year > 1992))
def test_moving_keeps_the_hour(when, day):
    """A whole day stays whole, an instant keeps its clock time; and back again is where it was."""
    there = moved(when, day)
    assert there.day == day
    assert there.exact == when.exact
    assert moved(there, when.day) == when


def test_later_counts_whole_days_from_the_beginning():
    """A day's data prove a list from that day's midnight, the safe side."""
    assert later(read_when("2024-06-10T12:00+08:00"), 1) == read_when("2024-06-11T12:00+08:00")
    assert later(whole_day(date(2024, 6, 10)), 1) == read_when("2024-06-11T00:00+08:00")


# -- periods


@pytest.mark.parametrize(
    ("start", "period", "last"),
    [
        ("2021-06-10", Period(years=3), "2024-06-10"),
        ("2024-02-29", Period(years=1), "2025-02-28"),
        ("2024-02-29", Period(years=4), "2028-02-29"),
        ("2024-01-31", Period(months=1), "2024-02-29"),
        ("2023-01-31", Period(months=1), "2023-02-28"),
        ("2024-08-31", Period(months=6), "2025-02-28"),
        ("2024-12-15", Period(months=1), "2025-01-15"),
        ("2024-11-30", Period(months=13), "2025-12-30"),
        ("2024-06-10", Period(days=7), "2024-06-17"),
        ("2024-01-31", Period(months=1, days=1), "2024-03-01"),
        ("2024-06-10", Period(), "2024-06-10"),
        ("2190-01-01", Period(years=50), "2199-12-31"),
        ("2199-12-01", Period(days=60), "2199-12-31"),
    ],
)
def test_a_period_ends_on_the_corresponding_day(start, period, last):
    """Civil Code 201 and 202: the start is not counted; without a corresponding day the month's last day ends it."""
    assert period.after(date.fromisoformat(start)) == date.fromisoformat(last)


@given(DAYS, DAYS, st.sampled_from(strategies.PERIODS))
def test_a_later_start_never_ends_earlier(one, other, period):
    """Monotone also over month ends and leap days."""
    first, second = sorted((one, other))
    assert period.after(first) <= period.after(second)


@given(DAYS, st.integers(0, 40), st.integers(0, 11))
def test_years_are_twelve_months_each(day, years, months):
    """A term written in years or in months is the same term."""
    assert Period(years=years, months=months).after(day) == Period(months=12 * years + months).after(day)


@given(DAYS.filter(lambda day: day < LAST_DAY))
def test_next_day_is_one_day_on(day):
    """No day is skipped."""
    assert next_day(day) - day == timedelta(days=1)
