"""On which days bodies work, and when so many of them are over; never guessed for a year without its notice."""

from dataclasses import dataclass
from datetime import date, timedelta

from engine.errors import Unpublished
from engine.vocabulary import Vocabulary

_DAY = timedelta(days=1)
# A notice may move these last days of the December before its year: 2018-12-29 and 31, 2022-12-31.
_MOVED_BY_THE_NEXT = timedelta(days=3)
_SATURDAY = 5
# Ten years of working days; no handling deadline comes near it.
MOST = 2_500


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and weekend days worked in these years; every other day is as in any week."""

    years: frozenset[int]
    off: frozenset[date]
    worked: frozenset[date]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Calendar":
        """The calendar of all layers."""
        years = vocabulary.handling.years.values()
        off = frozenset(day for year in years for day in year.off)
        worked = frozenset(day for year in years for day in year.worked)
        return cls(frozenset(year.year for year in years), off, worked)

    def is_workday(self, day: date) -> bool:
        """Whether bodies work on the day. Unpublished if its year has no notice, or if a next one may still move it."""
        for year in (day.year, (day + _MOVED_BY_THE_NEXT).year):
            if year not in self.years:
                raise self._unpublished(year)
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def add_workdays(self, day: date, count: int) -> date:
        """The last of `count` working days from a day that is itself not counted (行政处罚法 85, 行政许可法 82).

        None at all end on the day itself. Unpublished if they reach into a year without its notice.
        """
        if not 0 <= count <= MOST:
            raise ValueError(f"working days are counted from 0 to {MOST}")
        while count:
            day += _DAY
            count -= self.is_workday(day)
        return day

    def add_days(self, day: date, count: int) -> date:
        """The last of `count` days from a day that is itself not counted; where it is a day off, the next working day
        (民法典 201, 203). Unpublished if that day lies in a year without its notice."""
        if not 0 <= count <= MOST:
            raise ValueError(f"days are counted from 0 to {MOST}")
        day += timedelta(days=count)
        while not self.is_workday(day):
            day += _DAY
        return day

    def _unpublished(self, year: int) -> Unpublished:
        first = min(self.years, default=year)
        if year < first:
            return Unpublished(
                f"工作日历自 {first} 年起，没有 {year} 年", f"the calendar of working days begins with {first}"
            )
        return Unpublished(
            f"{year} 年的放假安排尚未公布，工作日无法计算",
            f"the calendar of {year} is not published, so its working days cannot be counted",
            "国务院办公厅公布后写入 vocabulary/calendar.yaml，或写在自己的规则文件夹里",
            "once the State Council has published it, add it to vocabulary/calendar.yaml, or to a layer of your own",
        )
