"""Working days: ours are another table's on every day, and a year without its notice is never guessed."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Missing, Unpublished
from engine.packs.lexicon import read_vocabulary
from engine.packs.library import shipped
from engine.packs.source import read_tree
from engine.registry.workdays import MOST, Calendar
from engine.vocabulary import Vocabulary
from tests.packs.conftest import CHECKED, layer

DAY = timedelta(days=1)
# Until the notice for 2027 is out, the last three days of 2026 may still be moved by it.
FIRST, LAST = date(2014, 1, 1), date(2026, 12, 28)


def words() -> Vocabulary:
    """The shipped vocabulary."""
    trees = {path.stem: read_tree(path) for path in sorted((shipped() / "vocabulary").glob("*.yaml"))}
    return read_vocabulary([trees])[0]


CALENDAR = Calendar.of(words())
DAYS = st.dates(FIRST, LAST)


def day(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)


def test_every_day_is_as_in_the_other_table() -> None:
    """chinesecalendar was made from the same notices by other people: 4745 days, none different."""
    days = [FIRST + DAY * number for number in range((LAST - FIRST).days + 1)]
    assert [one for one in days if CALENDAR.is_workday(one) is not chinese_calendar.is_workday(one)] == []
    assert len(days) == 4745


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("2026-11-23", True),
        ("2026-11-22", False),
        ("2026-10-10", True),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2018-12-29", True),
        ("2018-12-31", False),
        ("2022-12-31", False),
        ("2020-01-31", False),
        ("2020-02-01", False),
        ("2015-09-04", False),
        ("2015-09-06", True),
        ("2024-02-09", True),
        ("2019-05-02", False),
    ],
)
def test_known_days(text: str, works: bool) -> None:
    """A worked Saturday, a moved December, a prolonged Spring Festival, a second notice, an eve only recommended."""
    assert CALENDAR.is_workday(day(text)) is works


@pytest.mark.parametrize("text", ["2026-12-29", "2026-12-31", "2027-01-01", "2027-03-02", "2199-12-31"])
def test_an_unpublished_year_is_not_guessed(text: str) -> None:
    """Not even its plainest Tuesday; the year is named, and what to do."""
    with pytest.raises(Unpublished) as caught:
        CALENDAR.is_workday(day(text))
    year = "2027" if text < "2028" else text[:4]
    assert f"calendar of {year} is not published" in caught.value.en
    assert f"{year} 年" in caught.value.zh
    assert "calendar.yaml" in caught.value.help_en
    assert isinstance(caught.value, Missing)


def test_before_the_first_year_nothing_is_guessed_either() -> None:
    """But it is not called unpublished."""
    with pytest.raises(Unpublished, match="begins with 2014"):
        CALENDAR.is_workday(day("2013-12-31"))
    with pytest.raises(Unpublished):
        Calendar(frozenset(), frozenset(), frozenset()).is_workday(FIRST)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2018-06-15", 3, "2018-06-21"),  # Friday before the Dragon Boat Monday
        ("2026-09-30", 1, "2026-10-08"),  # over National Day
        ("2026-09-30", 3, "2026-10-10"),  # the Saturday counts
        ("2026-11-22", 1, "2026-11-23"),  # from a Sunday
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-22", 0, "2026-11-22"),
        ("2018-12-28", 2, "2019-01-02"),  # over a year's end that was moved
        ("2026-12-25", 1, "2026-12-28"),
    ],
)
def test_working_days_after(start: str, count: int, end: str) -> None:
    """The day itself is not counted."""
    assert CALENDAR.add_workdays(day(start), count) == day(end)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-06", 15, "2026-11-23"),  # a Saturday, so the Monday
        ("2026-11-07", 15, "2026-11-23"),
        ("2026-11-05", 15, "2026-11-20"),
        ("2026-09-20", 15, "2026-10-08"),
        ("2026-09-25", 15, "2026-10-10"),  # a Saturday that is worked
        ("2026-11-22", 0, "2026-11-23"),
    ],
)
def test_days_after(start: str, count: int, end: str) -> None:
    """Plain days; a last day off moves to the next working day (Civil Code 203)."""
    assert CALENDAR.add_days(day(start), count) == day(end)


@pytest.mark.parametrize(("start", "count"), [("2026-12-25", 2), ("2026-11-22", 27), ("2027-06-01", 1)])
def test_a_period_into_an_unpublished_year_has_no_end_yet(start: str, count: int) -> None:
    """Rather than one that is wrong when the notice comes."""
    with pytest.raises(Unpublished, match="2027"):
        CALENDAR.add_workdays(day(start), count)


def test_a_count_that_nobody_means_is_refused() -> None:
    """Backwards, or longer than any body has."""
    for count in (-1, MOST + 1):
        with pytest.raises(ValueError, match="counted from 0"):
            CALENDAR.add_workdays(FIRST, count)
        with pytest.raises(ValueError, match="counted from 0"):
            CALENDAR.add_days(FIRST, count)


@given(st.dates(FIRST, date(2026, 6, 30)), st.integers(1, 60), st.integers(1, 40))
def test_working_days_add_up(start: date, first: int, second: int) -> None:
    """Their last is a working day, as many lie between, and two periods in turn are one."""
    end = CALENDAR.add_workdays(start, first)
    assert CALENDAR.is_workday(end)
    between = [start + DAY * number for number in range(1, (end - start).days + 1)]
    assert sum(map(CALENDAR.is_workday, between)) == first
    assert CALENDAR.add_workdays(end, second) == CALENDAR.add_workdays(start, first + second)


@given(st.dates(FIRST, date(2026, 9, 30)), st.integers(0, 60))
def test_plain_days_end_on_a_working_day(start: date, count: int) -> None:
    """The first one that is not too early."""
    end = CALENDAR.add_days(start, count)
    assert CALENDAR.is_workday(end)
    assert not any(CALENDAR.is_workday(start + DAY * n) for n in range(count, (end - start).days))


def test_a_layer_adds_the_next_year() -> None:
    """Whoever has read the notice need not wait for a release."""
    year = (
        f"{{off: [{{zh: 元旦, en: New Year, from: 2026-12-31, until: 2027-01-02}}], worked: [2027-01-03], {CHECKED}}}"
    )
    trees = {path.stem: read_tree(path) for path in sorted((shipped() / "vocabulary").glob("*.yaml"))}
    found, faults = read_vocabulary([trees, layer(calendar=f"'2027': {year}\n")])
    assert faults == []
    calendar = Calendar.of(found)
    assert [calendar.is_workday(day(f"2026-12-{number}")) for number in (30, 31)] == [True, False]
    assert calendar.add_workdays(day("2026-12-30"), 1) == day("2027-01-03")
    with pytest.raises(Unpublished, match="2028"):
        calendar.is_workday(day("2027-12-31"))
