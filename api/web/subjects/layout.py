"""Where the bars and marks of a timeline stand: days become places on a line, rows follow one another downwards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from api.web.subjects.timeline import Item, Lane, Timeline

WIDTH, LEFT, RIGHT, TOP = 760, 10, 750, 26
ENTRY_ROW, SCENARIO_ROW = 58, 46
# No bar goes further from today: what lies beyond runs to the edge with an arrow.
MOST_BACK, MOST_AHEAD = 30 * 366, 12 * 366
# Marks stand at least so far from one another.
APART = 19
MOST_TICKS = 9
# What stands for a verdict where its word finds no room.
SIGNS: Mapping[str, str] = {"eligible": "+", "ineligible": "×", "conditional": "±", "review": "?"}
# A letter's width in the picture: Chinese ones and others.
WIDE, NARROW = 13, 7


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar from `x` on, or a mark at `x` whose day is at `true`; arrows where it goes on beyond what is drawn."""

    item: Item
    x: float
    width: float
    y: float
    height: float
    true: float = 0
    before: bool = False
    after: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: where it begins, what it is called."""

    y: int
    key: str
    label: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line through the picture, with a year or a month."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of a picture."""

    height: int
    first: date
    last: date
    ticks: tuple[Tick, ...]
    today: float
    rows: tuple[Row, ...]


class Scale:
    """Days to places, from the first day that is drawn to the last."""

    def __init__(self, items: Sequence[Item], today: date) -> None:
        days = [day for item in items for day in (item.since, item.until) if day] + [today]
        first = max(min(days), today - timedelta(days=MOST_BACK))
        last = min(max(days), today + timedelta(days=MOST_AHEAD))
        room = timedelta(days=max(20, (last - first).days // 25))
        self.first, self.last = first - room, last + room

    def x(self, day: date) -> float:
        """Where a day stands; beyond the edges at the edge."""
        part = (day - self.first).days / (self.last - self.first).days
        return round(LEFT + (RIGHT - LEFT) * min(max(part, 0), 1), 1)

    def ticks(self) -> Iterator[Tick]:
        """Years, or months where there are few years; never more than can be read."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        steps = (1, 3, 6, 12, 24, 60, 120, 240)
        step = next((step for step in steps if months / step <= MOST_TICKS), steps[-1])
        at = -(-(self.first.year * 12 + self.first.month) // step) * step
        while (day := date(at // 12, at % 12 + 1, 1)) <= self.last:
            yield Tick(self.x(day), f"{day.year}" if step >= 12 else f"{day:%Y-%m}")
            at += step


def drawn(timeline: Timeline, today: date) -> Drawing:
    """The picture of a timeline that has at least one item."""
    scale, rows, y = Scale(timeline.items, today), list[Row](), TOP
    for lane in timeline.entries:
        rows.append(Row(y, lane.key, lane.label, tuple(_of_entry(lane, scale, y))))
        y += ENTRY_ROW
    for lane in timeline.scenarios:
        rows.append(Row(y, "", lane.label, tuple(_worded([_bar(item, scale, y + 19, 18) for item in lane.items]))))
        y += SCENARIO_ROW
    ticks = tuple(tick for tick in scale.ticks() if LEFT < tick.x < RIGHT - 30)
    return Drawing(y + 22, scale.first, scale.last, ticks, scale.x(today), tuple(rows))


def _of_entry(lane: Lane, scale: Scale, y: int) -> Iterator[Shape]:
    free = 0.0
    for item in sorted(lane.items, key=lambda item: (item.shape == "mark", item.since or date.min)):
        if item.shape == "listed":
            yield _bar(item, scale, y + 21, 14)
        elif item.shape == "ban":
            yield _bar(item, scale, y + 39, 8)
        elif item.since:
            true = scale.x(item.since)
            x = min(max(true, free), RIGHT - 8.0)
            free = x + APART
            yield Shape(item, x, 0, y + 28, 0, true)


def _bar(item: Item, scale: Scale, y: int, height: int) -> Shape:
    """A bar through the last day; without a known end it runs to the edge."""
    start = scale.x(item.since) if item.since else LEFT
    end = scale.x(item.until + timedelta(days=1)) if item.until else float(RIGHT)
    width = max(round(end - start, 1), 3)
    before = item.since is None or item.since < scale.first
    after = item.until is None or item.until > scale.last
    return Shape(item, start, width, y, height, start, before, after)


def _worded(bars: Sequence[Shape]) -> Iterator[Shape]:
    """Bars of a scenario, the first of those that say the same with their word, or its sign where there is no room."""
    for same, run in groupby(bars, key=lambda bar: bar.item.what):
        first, *others = run
        room = sum(bar.width for bar in (first, *others))
        text = same if _width(same) + 12 <= room else SIGNS[first.item.tone] if room >= NARROW + 3 else ""
        yield replace(first, text=text)
        yield from others


def _width(text: str) -> int:
    return sum(WIDE if ord(letter) > 0x2E7F else NARROW for letter in text)
