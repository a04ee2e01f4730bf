"""Charts as plain geometry, which a template draws as SVG: bars in a few kinds, gridlines, and texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Of every drawing; the page scales it.
WIDTH = 640
# What a bar may be: each has a colour and a pattern of its own.
KINDS = ("eligible", "conditional", "ineligible", "review")
# The most gridlines, labels below, and numbers above columns that stand beside each other.
_LINES, _LABELS, _TOLD = 5, 10, 8
_LEFT, _RIGHT, _TOP, _BOTTOM, _HEIGHT = 56, 8, 20, 26, 190
_ROW, _BAR = 46, 18


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a stacked bar."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A gridline, or with `strong` one that means something."""

    x: float
    y: float
    to_x: float
    to_y: float
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A text on the drawing, at the start, middle or end of which (x, y) lies."""

    x: float
    y: float
    said: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing."""

    height: float
    bars: Sequence[Bar] = ()
    lines: Sequence[Line] = ()
    texts: Sequence[Text] = ()
    width: float = WIDTH


@dataclass(frozen=True, slots=True)
class Column:
    """A column or row: its label, how much of each kind, and what is said at its end."""

    label: str
    parts: Mapping[str, float] = field(default_factory=dict)
    end: str = ""

    @property
    def total(self) -> float:
        """Of all kinds together."""
        return sum(self.parts.values())


def scale(most: float) -> tuple[float, float]:
    """The end of an axis and the step of its gridlines, both plain numbers, for values up to `most`."""
    step = 1.0
    while most / step > _LINES:
        step *= 2.5 if str(step).startswith("2") else 2
    return max(step, -(-most // step) * step), step


def columns(found: Sequence[Column]) -> Chart:
    """Stacked columns beside each other, with gridlines from nothing to the greatest."""
    end, step = scale(max((one.total for one in found), default=0))
    floor, room = _TOP + _HEIGHT, WIDTH - _LEFT - _RIGHT
    pitch = room / max(1, len(found))
    every = -(-len(found) // _LABELS)
    bars, lines, texts = list[Bar](), list[Line](), list[Text]()
    for number in range(round(end / step) + 1):
        y = _round(floor - number * step / end * _HEIGHT)
        lines.append(Line(_LEFT, y, WIDTH - _RIGHT, y, strong=not number))
        texts.append(Text(_LEFT - 6, y + 4, f"{round(number * step):,}", "end"))
    for number, one in enumerate(found):
        x, y = _LEFT + number * pitch, float(floor)
        for kind in KINDS:
            height = one.parts.get(kind, 0) / end * _HEIGHT
            if height:
                bars.append(
                    Bar(kind, _round(x + pitch * 0.12), _round(y - height), _round(pitch * 0.76), _round(height))
                )
            y -= height
        middle = _round(x + pitch / 2)
        if (len(found) - 1 - number) % every == 0:
            texts.append(Text(middle, floor + 18, one.label, "middle"))
        if len(found) <= _TOLD and one.total:
            texts.append(Text(middle, _round(y - 5), f"{round(one.total):,}", "middle"))
    return Chart(floor + _BOTTOM, bars, lines, texts)


def rows(found: Sequence[Column], end: float = 0, mark: float = 0) -> Chart:
    """Stacked bars below each other, each under its label; `mark` is a value at which a line stands.

    `end` is the value at the right edge, the greatest if none is named; what is longer is cut there.
    """
    end = end or max((one.total for one in found), default=0) or 1
    room = WIDTH - 150
    bars, texts = list[Bar](), list[Text]()
    for number, one in enumerate(found):
        x, y = 0.0, number * _ROW + 22
        texts.append(Text(0, y - 6, one.label))
        for kind in KINDS:
            width = min(one.parts.get(kind, 0) / end * room, room - x)
            if width > 0:
                bars.append(Bar(kind, _round(x), y, _round(width), _BAR))
                x += width
        texts.append(Text(_round(x + 6), y + 14, one.end))
    height = len(found) * _ROW + 4
    at = _round(mark / end * room)
    lines = [
        Line(at, number * _ROW + 20, at, number * _ROW + 42, strong=True) for number in range(len(found) if mark else 0)
    ]
    return Chart(height, bars, lines, texts)


def _round(value: float) -> float:
    return round(value, 1)
