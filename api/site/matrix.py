"""The picture of lists by scenarios: where every word, cell and mark stands, in the picture's own pixels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from api.site.sheets import Chip, Sheets
from api.site.words import AT_REST, COLOURS, LEFT_OPEN, LETTERS
from engine.analysis.atlas import NO_LIST, STRONGEST_FIRST, Atlas, Cell, grants
from engine.explanation.phrases import EFFECTS
from engine.vocabulary import Colour

LABEL = 250  # width of the lists' names
WIDE = 40  # one column
TALL = 32  # one row
EDGE = 2
# A heading of scenarios comes again after so many rows, so that a long picture can be read without scrolling back.
MOST_ROWS = 20
# How many Latin letters fit on a line of a list's name, and of a scenario's; a Chinese character counts two.
LABEL_UNITS, HEAD_UNITS = {"zh": 34, "en": 38}, 31
_LETTER = 6.4  # width of a Latin letter
_ABOVE = 30  # between a group and the one before
_STEP = 13  # from one line of a name to the next, which is smaller where there are two
_STACK = 15  # from one stacked Chinese character to the next


@dataclass(frozen=True, slots=True)
class Word:
    """A line of text with its place: of its middle where it is stacked or turned, else of its left end."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A linked name in one or more lines; `told` is the whole of it."""

    href: str
    told: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of the picture: its corner, what it says, and where it leads."""

    x: int
    y: int
    href: str
    told: str
    chip: Chip


@dataclass(frozen=True, slots=True)
class RowLine:
    """One list: its name and its cells by column, None where nothing is known of the two."""

    code: str
    name: Name
    squares: tuple[Square | None, ...]
    y: int


@dataclass(frozen=True, slots=True)
class Band:
    """Rows under one heading: the group's name and the scenarios' names over the columns."""

    title: str
    y: int
    heads: tuple[Name, ...]
    rows: tuple[RowLine, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture; `idle_lists` and `idle_scenarios` are names of those without any measure, left out of it."""

    width: int
    height: int
    bands: tuple[Band, ...]
    columns: tuple[tuple[str, str], ...]
    idle_lists: tuple[str, ...]
    idle_scenarios: tuple[str, ...]
    cells: int
    biting: int

    @property
    def rows(self) -> tuple[RowLine, ...]:
        """Every row, from top to bottom."""
        return tuple(row for band in self.bands for row in band.rows)


def picture(atlas: Atlas, sheets: Sheets) -> Picture:
    """The atlas's cells laid out: lists grouped by colour from top to bottom, scenarios from left to right."""
    words = atlas.vocabulary
    columns = tuple(code for code in words.scenarios if any(to == code for _, to in atlas.cells))
    rows = {code for code, _ in atlas.cells}
    head = _head_height(columns, sheets)
    bands, y = [], EDGE
    for title, codes in _groups(atlas, rows, sheets):
        y += head
        bands.append(_band(title, codes, columns, y, sheets))
        y += TALL * len(codes)
    return Picture(
        width=LABEL + WIDE * len(columns) + 2 * EDGE,
        height=y + EDGE,
        bands=tuple(bands),
        columns=tuple((code, words.scenarios[code].name.say(sheets.lang)) for code in columns),
        idle_lists=tuple(one.name.say(sheets.lang) for code, one in words.lists.items() if code not in rows),
        idle_scenarios=tuple(s.name.say(sheets.lang) for code, s in words.scenarios.items() if code not in columns),
        cells=len(atlas.cells),
        biting=sum(bool(cell.effective) for cell in atlas.cells.values()),
    )


def key_of(sheets: Sheets) -> Iterator[Chip]:
    """What the marks of the cells mean."""
    for effect in STRONGEST_FIRST:
        yield Chip(str(effect), LETTERS[effect].say(sheets.lang), EFFECTS[effect].say(sheets.lang))
    yield Chip("", LEFT_OPEN.say(sheets.lang), sheets.say("key_open"))
    yield Chip("", "", sheets.say("key_local"), local=True)
    yield Chip("", AT_REST.say(sheets.lang), sheets.say("key_rest"))


def _groups(atlas: Atlas, rows: set[str], sheets: Sheets) -> Iterator[tuple[str, Sequence[str]]]:
    """The lists of each colour in the vocabulary's order, in groups no longer than a screen; then those on no list."""
    for colour in (Colour.BLACK, Colour.WATCH, Colour.RECORD, Colour.RED):
        codes = [code for code, one in atlas.vocabulary.lists.items() if one.colour is colour and code in rows]
        for start in range(0, len(codes), MOST_ROWS):
            yield COLOURS[colour].say(sheets.lang), codes[start : start + MOST_ROWS]
    if NO_LIST in rows:
        yield sheets.list_name(NO_LIST), [NO_LIST]


def _band(title: str, codes: Sequence[str], columns: Sequence[str], y: int, sheets: Sheets) -> Band:
    """The rows from `y` downwards, and over them the heading."""
    heads = tuple(_head(code, number, y, sheets) for number, code in enumerate(columns))
    return Band(title, y - 12, heads, tuple(_row(c, columns, y + n * TALL, sheets) for n, c in enumerate(codes)))


def _head_height(columns: Sequence[str], sheets: Sheets) -> int:
    """Room for the longest of the scenarios' names."""
    names = [sheets.atlas.vocabulary.scenarios[code].name.say(sheets.lang) for code in columns]
    if sheets.lang == "zh":
        return _ABOVE + max(map(len, names), default=0) * _STACK
    longest = max((units(line) for name in names for line in wrapped(name, HEAD_UNITS)), default=0)
    return _ABOVE + round(longest * _LETTER)


def _head(code: str, number: int, foot: int, sheets: Sheets) -> Name:
    """A scenario's name over its column: Chinese characters stacked, English turned to read upwards."""
    told = sheets.atlas.vocabulary.scenarios[code].name.say(sheets.lang)
    middle = EDGE + LABEL + number * WIDE + WIDE // 2
    if sheets.lang == "zh":
        top = foot - 12 - (len(told) - 1) * _STACK
        words = tuple(Word(middle, top + n * _STACK, letter) for n, letter in enumerate(told))
    else:
        lines = wrapped(told, HEAD_UNITS)
        first = middle + 4 - (len(lines) - 1) * _STEP // 2
        words = tuple(Word(first + n * _STEP, foot - 8, line) for n, line in enumerate(lines))
    return Name(f"scenarios/{code}.html", told, words)


def _row(code: str, columns: Sequence[str], y: int, sheets: Sheets) -> RowLine:
    told = sheets.list_name(code)
    lines = wrapped(told, LABEL_UNITS[sheets.lang])
    first = y + TALL // 2 + 5 - (len(lines) - 1) * _STEP // 2
    words = tuple(Word(EDGE + 4, first + n * _STEP, line) for n, line in enumerate(lines))
    squares = tuple(
        _square(cell, EDGE + LABEL + number * WIDE, y, sheets) if cell else None
        for number, cell in enumerate(sheets.atlas.cells.get((code, to)) for to in columns)
    )
    return RowLine(code, Name(f"lists/{code}.html" if code else "", told, words), squares, y)


def _square(cell: Cell, x: int, y: int, sheets: Sheets) -> Square:
    scenario = sheets.atlas.vocabulary.scenarios[cell.scenario].name.say(sheets.lang)
    chip = sheets.chip(cell)
    told = sheets.say("cell", list=sheets.list_name(cell.list), scenario=scenario, effect=chip.word)
    if cell.effective:
        told += ("，" if sheets.lang == "zh" else ", ") + sheets.say("cell_more", n=len(cell.effective))
    return Square(x, y, cell_href(cell), told, chip)


def cell_href(cell: Cell) -> str:
    """Where a cell leads: the list's page at the scenario; without a list, the scenario's page at its own heading."""
    if cell.list != NO_LIST:
        return f"lists/{cell.list}.html#in-{cell.scenario}"
    kind = "past" if cell.strongest is None else "gain" if grants(cell.strongest) else "list"
    return f"scenarios/{cell.scenario}.html#no-{kind}"


def units(text: str) -> int:
    """The text's width in Latin letters; a Chinese character counts two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def wrapped(text: str, most: int) -> tuple[str, ...]:
    """The text on at most two lines of `most` units, broken at a blank where there is one, cut with … if too long."""
    if units(text) <= most:
        return (text,)
    first = _fitting(text, most)
    blank = first.rfind(" ")
    if blank > 0 and text[len(first)] != " ":
        first = first[:blank]
    rest = text[len(first) :].strip()
    return first, rest if units(rest) <= most else _fitting(rest, most - 2) + "…"


def _fitting(text: str, most: int) -> str:
    """As much of the text's beginning as fits."""
    end, width = 0, 0
    while end < len(text) and width + units(text[end]) <= most:
        width += units(text[end])
        end += 1
    return text[:end]
