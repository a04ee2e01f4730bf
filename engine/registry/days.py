"""A day or an instant from a cell, in every form that lists use; what could mean two days is refused.

A time without an hour, or at midnight, is the whole day; an hour is Shanghai's unless it carries its offset.
"""

import math
import re
from datetime import date, datetime, time, timedelta

from engine.calendar import FIRST_DAY, LAST_DAY, SHANGHAI, instant
from engine.registry.cells import Read, reading, text_of
from engine.registry.faults import WrongCell, quoted
from engine.registry.lines import Cell

_AROUND = re.compile(r"\s*([-/.年月日时分:])\s*")
_DAY = r"(\d{4})(?:(?P<mark>[-/.])(\d{1,2})(?P=mark)(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)"
_CLOCK = r"(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d{1,6})?))?|时(?:(\d{1,2})分(?:(\d{1,2})秒)?)?)"
_WRITTEN = re.compile(rf"{_DAY}(?:[T ]?{_CLOCK}(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
# A spreadsheet counts days from here (the 1900 system); the numbers of the days that can be meant.
_DAY_ZERO = datetime(1899, 12, 30)
_SERIALS = range((FIRST_DAY - _DAY_ZERO.date()).days, (LAST_DAY - _DAY_ZERO.date()).days + 1)
_SECONDS = 86_400


def moment() -> Read:
    """A day (`2024-01-10`) or an instant (`2024-01-10T09:00:00+08:00`), as an entry keeps it."""
    return reading(lambda plain: _said(_written(plain)), lambda cell: _said(_valued(cell)))


def whole_day(last: bool) -> Read:
    """A day without an hour. The `last` day of something may be written as its last minute or its hour 24."""
    return reading(
        lambda plain: _said(_whole(_written(plain, last), last, plain)),
        lambda cell: _said(_whole(_valued(cell), last, cell)),
    )


def _written(plain: str, last: bool = False) -> datetime:
    """The time a text gives, with a zone only where it states one."""
    found = _WRITTEN.fullmatch(" ".join(_AROUND.sub(r"\1", plain).split()))
    if found:
        year, _, *either, hour, minute, second, minutes, seconds, zone = found.groups()
        month, day = either[:2] if either[0] else either[2:]
        return _time((year, month, day), (hour, minute or minutes, second or seconds), zone, last)
    if found := _DIGITS.fullmatch(plain):
        return _time(found.groups()[:3], found.groups()[3:], None, last)
    raise WrongCell("R506" if _SERIAL.fullmatch(plain) else "R504", n=quoted(plain))


def _time(days: tuple[str | None, ...], hours: tuple[str | None, ...], zone: str | None, last: bool) -> datetime:
    year, month, day = (int(part or 0) for part in days)
    hour, minute = (int(part or 0) for part in hours[:2])
    second, _, part = (hours[2] or "0").partition(".")
    if last and (hour, minute, int(second)) == (24, 0, 0):
        hour, minute = 23, 59
    try:
        found = datetime(year, month, day, hour, minute, int(second), int(part.ljust(6, "0")))
        return datetime.fromisoformat(f"{found.isoformat()}{zone}").astimezone(SHANGHAI) if zone else found
    except (ValueError, OverflowError):
        raise WrongCell("R505") from None


def _valued(cell: Cell) -> datetime:
    """The time a workbook's own value gives: a date, or the number of a day; a day typed as one number, 20240110."""
    if isinstance(cell, datetime):  # a time of day kept as a fraction: 8:59:59.999997 was typed as 9:00
        late = cell.microsecond >= 500_000 and cell.year <= LAST_DAY.year
        return cell.replace(microsecond=0) + timedelta(seconds=late)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        if int(cell) in _SERIALS:
            return _DAY_ZERO + timedelta(seconds=round(cell * _SECONDS))
        if _DIGITS.fullmatch(text_of(cell)):
            return _written(text_of(cell))
    raise WrongCell("R504", n=quoted(cell))


def _whole(found: datetime, last: bool, shown: Cell) -> datetime:
    """The day alone."""
    if found.time() != time() and not (last and (found.hour, found.minute) == (23, 59)):
        raise WrongCell("R507", n=quoted(shown))
    return datetime.combine(found.date(), time())


def _said(found: datetime) -> str:
    if not FIRST_DAY <= found.date() <= LAST_DAY:
        raise WrongCell("R505")
    if found.tzinfo is None and found.time() == time():
        return found.date().isoformat()
    return instant(found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).text
