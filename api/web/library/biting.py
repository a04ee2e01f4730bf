"""Where measures bite, as the library's tables show it: a document's by scenario and list, a list's, a scenario's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from api.site.lines import Line, Text
from api.web.library.walking import Walk
from api.web.library.words import WORDS
from engine.analysis.atlas import Cell, Sheet, strength
from engine.analysis.bite import Bite
from engine.model import Measure

# Names of lists beside one measure; some name nearly all there are.
MOST_NAMES = 6
# Lists that stand together, by number.
Groups = Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Names:
    """A few linked names, and how many more there are."""

    shown: tuple[Text, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Bound:
    """A measure with the scenarios and lists it meets."""

    line: Line
    href: str
    scenarios: Names
    lists: Names


@dataclass(frozen=True, slots=True)
class Meeting:
    """Measures of a document that bite in one scenario for the same lists in the same place, by what they do."""

    scenario: Text
    lists: Names
    place: str
    effects: tuple[tuple[str, str, tuple[Line, ...]], ...]


def bound(bites: Iterable[Bite], walk: Walk) -> Iterator[Bound]:
    """The measures in words, in their order."""
    found = tuple(bites)
    for one, line in zip(found, walk.sheets.lines.of(found), strict=True):
        href = walk.address(f"memoranda/{line.pack}.html#{line.fragment}")
        yield Bound(line, href, scenarios_of(one.measure.scenarios, walk), lists_of(one.measure, walk))


def once(cells: Iterable[Cell], resting: bool) -> list[Bite]:
    """Every measure of the cells once, the strongest first; with those at rest behind them if asked."""
    own = tuple(cells)
    found = {one.measure.id: one for cell in own for one in cell.effective}
    idle = {one.measure.id: one for cell in own for one in cell.resting} if resting else {}
    return [*sorted(found.values(), key=strength), *sorted(idle.values(), key=strength)]


def biting(cells: Iterable[Cell]) -> int:
    """How many measures of the cells have effect."""
    return len({one.measure.id for cell in cells for one in cell.effective})


def meetings(sheet: Sheet, walk: Walk, groups: Groups | None = None) -> list[Meeting]:
    """Where the document's measures bite, scenarios in the vocabulary's order, the strongest measures first."""
    met: dict[tuple[str, tuple[str, ...], str], list[Bite]] = {}
    for one in sheet.bites:
        for scenario in () if one.lack else one.measure.scenarios:
            met.setdefault((scenario, one.measure.lists, one.measure.jurisdiction), []).append(one)
    order = list(walk.shelf.law.vocabulary.scenarios)
    return [
        Meeting(
            scenarios_of((scenario,), walk).shown[0],
            lists_of(bites[0].measure, walk, groups),
            walk.sheets.speaker.place(place),
            tuple(_by_effect(walk.sheets.lines.of(sorted(bites, key=strength)))),
        )
        for (scenario, _, place), bites in sorted(met.items(), key=lambda item: order.index(item[0][0]))
    ]


def scenarios_of(codes: Iterable[str], walk: Walk) -> Names:
    """Scenarios by their names, each leading to its page."""
    known = walk.shelf.law.vocabulary.scenarios
    return Names(tuple(Text(known[c].name.say(walk.visit.lang), walk.address(f"scenarios/{c}.html")) for c in codes))


def groups_of(sheet: Sheet) -> Groups:
    """The lists that measures of the document name together where they are too many for a cell: a number for each."""
    many = (one.measure.lists for one in sheet.bites if len(one.measure.lists) > MOST_NAMES + 1)
    return {lists: number for number, lists in enumerate(dict.fromkeys(many), start=1)}


def lists_of(measure: Measure, walk: Walk, groups: Groups | None = None) -> Names:
    """The lists a measure stands on, or the group of them; without any, the words for the facts of the inquiry."""
    if measure.on_inquiry or not measure.lists:
        return Names((Text(walk.sheets.say("no_list")),))
    if len(measure.lists) <= MOST_NAMES + 1:
        return Names(list_names(measure.lists, walk))
    if groups:
        said = WORDS["lists_group"].say(walk.visit.lang)
        number, n = groups[measure.lists], len(measure.lists)
        return Names((Text(said.format(number=number, n=n), f"#lists-{number}"),))
    return Names(list_names(measure.lists[:MOST_NAMES], walk), len(measure.lists) - MOST_NAMES)


def list_names(codes: Iterable[str], walk: Walk) -> tuple[Text, ...]:
    """Lists by their names, each leading to its page."""
    speaker = walk.sheets.speaker
    return tuple(Text(speaker.list_name(code), walk.address(f"lists/{code}.html")) for code in codes)


def _by_effect(lines: Iterable[Line]) -> Iterator[tuple[str, str, tuple[Line, ...]]]:
    for (effect, word), same in groupby(lines, key=lambda line: (line.effect, line.effect_word)):
        yield effect, word, tuple(same)
