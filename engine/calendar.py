"""Days, instants and periods as the law counts them; the date is always an argument, never the clock's."""

import calendar as _months
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.truth import MAYBE, NO, YES, Truth

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(1949, 10, 1)
LAST_DAY = date(2199, 12, 31)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class When:
    """A time known as exactly as its source gave it: somewhere in `[first, last]`, microseconds since 1970 UTC.

    An instant has `first == last`; a day alone spans its whole Shanghai day; an absence between two
    snapshots spans both days. `text` is how it was written and how it is shown.
    """

    first: int
    last: int
    text: str

    @property
    def day(self) -> date:
        """The Shanghai day on which the span begins."""
        return _day_of(self.first)

    @property
    def last_day(self) -> date:
        """The Shanghai day on which the span ends."""
        return _day_of(self.last)

    @property
    def exact(self) -> bool:
        """Whether this is one instant rather than a span."""
        return self.first == self.last


@lru_cache(maxsize=65536)
def _day_of(ticks: int) -> date:
    return (_EPOCH + ticks * _TICK).astimezone(SHANGHAI).date()


def _ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


@lru_cache(maxsize=65536)
def whole_day(day: date) -> When:
    """Some moment of that day in Asia/Shanghai, the hour unknown."""
    start = datetime.combine(day, time(), SHANGHAI)
    end = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    return When(_ticks(start), _ticks(end) - 1, day.isoformat())


def instant(moment: datetime) -> When:
    """One exact instant; `moment` carries its offset."""
    ticks = _ticks(moment)
    return When(ticks, ticks, moment.isoformat(timespec="auto"))


def between(after: date, before: date) -> When:
    """Somewhere from the day `after` to the day `before`, both whole: an ending seen only by absence."""
    return When(whole_day(after).first, whole_day(before).last, f"{after.isoformat()}/{before.isoformat()}")


def moved(moment: When, day: date) -> When:
    """The same time of day on another day; a whole day stays a whole day."""
    if not moment.exact:
        return whole_day(day)
    return _moved(moment.first, day)


@lru_cache(maxsize=4096)
def _moved(ticks: int, day: date) -> When:
    local = (_EPOCH + ticks * _TICK).astimezone(SHANGHAI)
    return instant(datetime.combine(day, local.time(), SHANGHAI))


def later(moment: When, days: int) -> When:
    """The instant at which the span begins, that many times 24 hours later."""
    return _instant_later(moment.first, days)


@lru_cache(maxsize=4096)
def _instant_later(ticks: int, days: int) -> When:
    return instant((_EPOCH + ticks * _TICK + timedelta(days=days)).astimezone(SHANGHAI))


def happened(event: When, moment: When) -> Truth:
    """Whether `event` lies at or before `moment`: unknown where their spans leave both open."""
    if event.last <= moment.first:
        return YES
    if event.first > moment.last:
        return NO
    return MAYBE


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in calendar years, months and days, each 0 or more."""

    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, start: date) -> date:
        """The last day of the period that starts on `start`, which itself is not counted.

        The corresponding day ends it, or the month's last day where there is none (Civil Code 201-202);
        holidays do not prolong it (our reading of 203 for adverse terms).
        """
        month = start.month - 1 + self.months
        year = start.year + self.years + month // 12
        month = month % 12 + 1
        if year > LAST_DAY.year:
            return LAST_DAY
        day = min(start.day, _months.monthrange(year, month)[1])
        return min(date(year, month, day) + timedelta(days=self.days), LAST_DAY)


def next_day(day: date) -> date:
    """The day after `day`."""
    return day + timedelta(days=1)


def read_day(text: str) -> date:
    """An ISO calendar day between 1949-10-01 and 2199-12-31; ValueError says what is wrong otherwise."""
    if not _DAY.fullmatch(text):  # fromisoformat would read week dates too
        raise ValueError("a day is written YYYY-MM-DD")
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"the day must lie between {FIRST_DAY} and {LAST_DAY}")
    return day


def read_when(text: str) -> When:
    """A day (`2024-06-10`) or an instant with its offset (`2024-06-10T09:00+08:00`); ValueError otherwise."""
    if "T" not in text:
        return whole_day(read_day(text))
    read_day(text.partition("T")[0])
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant carries its offset, as in 2024-06-10T09:00+08:00")
    local = moment.astimezone(SHANGHAI)
    if not FIRST_DAY <= local.date() <= LAST_DAY:
        raise ValueError(f"the day must lie between {FIRST_DAY} and {LAST_DAY}")
    return instant(local)
