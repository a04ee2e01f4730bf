"""The library as a reader walks it on one day: documents, lists, scenarios, and which measures bite where they meet.

Pure and without words: the pages put it in Chinese and English. `engine.analysis.bite` says whether a measure bites.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.analysis.bite import Bite, bites_of
from engine.model import BENEFITS, Duty, Effect, Measure, Memorandum, Rulebook
from engine.packs.cases import Case
from engine.reading import Checked
from engine.vocabulary import NATIONAL, ListRecord, Scenario, Vocabulary

# The stand-in for a list where a measure stands on the facts of the inquiry and on no list.
NO_LIST = ""
# What closes most comes first, then what opens most; an exception alone says least.
STRONGEST_FIRST = (
    Effect.BAR,
    Effect.LIMIT,
    Effect.SCRUTINISE,
    Effect.WEIGH,
    Effect.WITHHOLD,
    Effect.INFORM,
    Effect.GREEN_CHANNEL,
    Effect.ROUTE,
    Effect.PREFER,
    Effect.SIMPLIFY,
    Effect.SPARE,
    Effect.LIFT,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a list (or NO_LIST) meets a scenario: measures that bite, the strongest first, and those at rest."""

    list: str
    scenario: str
    effective: tuple[Bite, ...]
    resting: tuple[Bite, ...]

    @property
    def strongest(self) -> Bite | None:
        """The strongest measure that bites; None if all rest."""
        return self.effective[0] if self.effective else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document: its measures in its own order, how they were read, its cases and the shared ones that name it."""

    memorandum: Memorandum
    bites: tuple[Bite, ...]
    readings: tuple[tuple[Checked, int], ...]
    cases: tuple[Case, ...]
    shared: tuple[Case, ...]

    @property
    def biting(self) -> int:
        """How many of its measures bite on the day."""
        return sum(one.lack is None for one in self.bites)


@dataclass(frozen=True, slots=True)
class ListSheet:
    """One list: the cells of its scenarios in the vocabulary's order, and the documents that speak of it."""

    record: ListRecord
    cells: tuple[Cell, ...]
    memoranda: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScenarioSheet:
    """One scenario: the cells of its lists, the strongest first; NO_LIST last."""

    scenario: Scenario
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Atlas:
    """The whole library on `day`. `cells` is keyed by (list, scenario) and holds only meetings that have a measure."""

    day: date
    rulebook: Rulebook
    sheets: Mapping[str, Sheet]
    lists: Mapping[str, ListSheet]
    scenarios: Mapping[str, ScenarioSheet]
    cells: Mapping[tuple[str, str], Cell]

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the library."""
        return self.rulebook.vocabulary


def draw(rulebook: Rulebook, day: date, cases: Mapping[str, Sequence[Case]], shared: Sequence[Case] = ()) -> Atlas:
    """The atlas of a rulebook on a day; `cases` by pack, `shared` those judged by several packs together."""
    bites = {one.measure.id: one for one in bites_of(rulebook, day)}
    cells = _cells(bites.values(), rulebook.vocabulary)
    named = _shared_by_pack(shared, rulebook)
    sheets = {
        code: _sheet(rulebook.memoranda[code], bites, tuple(cases.get(code, ())), named.get(code, ()))
        for code in sorted(rulebook.memoranda)
    }
    lists = {code: _list_sheet(record, cells, rulebook) for code, record in rulebook.vocabulary.lists.items()}
    scenarios = {code: _scenario_sheet(one, cells) for code, one in rulebook.vocabulary.scenarios.items()}
    return Atlas(day, rulebook, sheets, lists, scenarios, cells)


def left_open(one: Bite) -> bool:
    """Whether a person decides on the measure: the law leaves it to the authority, or a lawyer must answer first."""
    return one.measure.duty is Duty.MAY or one.contested is not None


def grants(one: Bite) -> bool:
    """Whether the measure gives something rather than takes it."""
    return one.measure.effect in BENEFITS


def strength(one: Bite) -> tuple[int, bool, bool, str, str]:
    """The order of measures, strongest first: by effect, what is ordered before what is left open, national before
    local, then by document and clause."""
    measure = one.measure
    local = measure.jurisdiction != NATIONAL
    return STRONGEST_FIRST.index(measure.effect), left_open(one), local, measure.pack, measure.clause


def _cells(bites: Iterable[Bite], vocabulary: Vocabulary) -> dict[tuple[str, str], Cell]:
    """Every meeting of a list and a scenario that has a measure, in the vocabulary's order."""
    met: dict[tuple[str, str], list[Bite]] = {}
    for one in bites:
        for code in _stands_on(one.measure):
            for scenario in one.measure.scenarios:
                met.setdefault((code, scenario), []).append(one)
    lists = (*vocabulary.lists, NO_LIST)
    return {
        (code, to): _cell(code, to, met[code, to]) for code in lists for to in vocabulary.scenarios if (code, to) in met
    }


def _stands_on(measure: Measure) -> tuple[str, ...]:
    return (NO_LIST,) if measure.on_inquiry else measure.lists


def _cell(code: str, scenario: str, bites: list[Bite]) -> Cell:
    ordered = sorted(bites, key=strength)
    return Cell(
        code, scenario, tuple(one for one in ordered if not one.lack), tuple(one for one in ordered if one.lack)
    )


def _sheet(
    memorandum: Memorandum, bites: Mapping[str, Bite], cases: tuple[Case, ...], shared: tuple[Case, ...]
) -> Sheet:
    readings = Counter(measure.checked for measure in memorandum.measures)
    own = tuple(bites[measure.id] for measure in memorandum.measures)
    return Sheet(memorandum, own, tuple(readings.most_common()), cases, shared)


def _list_sheet(record: ListRecord, cells: Mapping[tuple[str, str], Cell], rulebook: Rulebook) -> ListSheet:
    own = tuple(cell for (code, _), cell in cells.items() if code == record.code)
    packs = {one.measure.pack for cell in own for one in (*cell.effective, *cell.resting)}
    return ListSheet(record, own, tuple(code for code in sorted(rulebook.memoranda) if code in packs))


def _scenario_sheet(scenario: Scenario, cells: Mapping[tuple[str, str], Cell]) -> ScenarioSheet:
    own = [cell for (_, code), cell in cells.items() if code == scenario.code]
    own.sort(key=lambda cell: (cell.list == NO_LIST, *_cell_strength(cell)))  # stable: else the vocabulary's order
    return ScenarioSheet(scenario, tuple(own))


def _cell_strength(cell: Cell) -> tuple[int, bool, bool]:
    return strength(cell.strongest)[:3] if cell.strongest else (len(STRONGEST_FIRST), False, False)


def _shared_by_pack(shared: Sequence[Case], rulebook: Rulebook) -> dict[str, tuple[Case, ...]]:
    """Which shared cases name a clause of which pack; a clause without its pack belongs to the only one that has it."""
    owners: dict[str, set[str]] = {}
    for measure in rulebook.measures:
        owners.setdefault(measure.clause, set()).add(measure.pack)
    found: dict[str, dict[str, Case]] = {}
    for case in shared:
        for name in case.because or ():
            pack, mark, _ = name.partition("#")
            for owner in {pack} if mark else owners.get(name, set()):
                found.setdefault(owner, {})[case.name] = case
    return {pack: tuple(cases.values()) for pack, cases in found.items()}
