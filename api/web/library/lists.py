"""Lists and scenarios: who keeps a list and how fresh it is, and which measures follow from it in which business."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.notice.words import age, day_or_instant
from api.site.lines import Text
from api.site.sheets import Fact
from api.site.words import COLOURS
from api.web.library.biting import biting, bound, once, scenarios_of
from api.web.library.shelf import no_such
from api.web.library.walking import Walk
from api.web.library.words import WORDS
from api.web.render import page
from api.web.visits import Page, Visit
from engine.access.roles import Act
from engine.analysis.atlas import NO_LIST, STRONGEST_FIRST, Cell
from engine.analysis.bite import Bite
from engine.calendar import When
from engine.explanation.phrases import EFFECTS, MOMENTS
from engine.registry.overview import ListLine
from engine.services.looking import lists_now
from engine.vocabulary import Colour

router = APIRouter()

Reads = Annotated[Visit, Depends(Page(Act.READ_LAW))]
MEASURES = 30  # on one page
# Stands for NO_LIST in an address.
NONE = "none"
_TICKS = 1_000_000  # in a second


@dataclass(frozen=True, slots=True)
class Fresh:
    """A list's data: of when, how old, until when they count, and how many entries stand; in words."""

    data_time: str
    age: str
    until: str
    known: bool
    late: bool
    entries: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A list or a scenario in a table of them; `more` is its keeper, or its moment."""

    href: str
    name: str
    more: str
    biting: int
    fresh: Fresh | None = None


@router.get("/library/lists")
def lists(visit: Reads) -> Response:
    """Every list, by colour: who keeps it, how fresh it is, how many measures follow from it."""
    walk = Walk(visit, ())
    version, now, lines = lists_now(visit.desk.books, walk.shelf.law.vocabulary)
    groups = [
        (COLOURS[colour].say(visit.lang), [_entry(one, now, walk) for one in lines if one.record.colour is colour])
        for colour in (Colour.BLACK, Colour.WATCH, Colour.RECORD, Colour.RED)
    ]
    return page(visit, "library/lists.html", WORDS, walk=walk, groups=groups, version=version.number, now=now.text)


@router.get("/library/lists/{code}")
def one_list(visit: Reads, code: str) -> Response:
    """A list: its keeper, terms and ways back, how fresh it is now, and the measures that follow from it."""
    walk = Walk(visit, ("scenario", "rest"))
    sheet = walk.shelf.atlas(walk.day).lists.get(code)
    if sheet is None:
        raise no_such("名单", "list")
    version, now, lines = lists_now(visit.desk.books, walk.shelf.law.vocabulary)
    line = next(one for one in lines if one.record.code == code)
    scenarios = [cell.scenario for cell in sheet.cells]
    scenario = visit.form.choice("scenario", scenarios, needed=False)
    cells = [cell for cell in sheet.cells if not scenario or cell.scenario == scenario]
    part = walk.part(once(cells, bool(visit.form.raw("rest"))), MEASURES)
    names = walk.shelf.law.vocabulary.scenarios
    return page(
        visit, "library/list.html", WORDS, walk=walk, name=walk.sheets.list_name(code), part=part,
        facts=[*walk.sheets.list_facts(sheet), *_freshness(line, now, walk)],
        ways=walk.sheets.ways_back(sheet.record), rows=[*bound(part.rows, walk)], counts=_counts(cells, walk),
        scenarios=[(one, names[one].name.say(visit.lang)) for one in scenarios], version=version.number, now=now.text,
    )  # fmt: skip


@router.get("/library/scenarios")
def scenarios(visit: Reads) -> Response:
    """Every scenario with the moment that counts in it and how many measures bite there."""
    walk = Walk(visit, ())
    found = [
        Entry(
            walk.address(f"scenarios/{code}.html"), sheet.scenario.name.say(visit.lang),
            MOMENTS[sheet.scenario.moment].say(visit.lang), biting(sheet.cells),
        )
        for code, sheet in walk.shelf.atlas(walk.day).scenarios.items()
    ]  # fmt: skip
    return page(visit, "library/scenarios.html", WORDS, walk=walk, entries=found)


@router.get("/library/scenarios/{code}")
def scenario(visit: Reads, code: str) -> Response:
    """A scenario: roles, moment, the lists it consults, and its measures by effect."""
    walk = Walk(visit, ("effect", "list", "rest"))
    sheet = walk.shelf.atlas(walk.day).scenarios.get(code)
    if sheet is None:
        raise no_such("场景", "scenario")
    there = {cell.list or NONE: walk.sheets.list_name(cell.list) for cell in sheet.cells}
    chosen = visit.form.choice("list", there, needed=False)
    effect = visit.form.choice("effect", [str(one) for one in STRONGEST_FIRST], needed=False)
    cells = [cell for cell in sheet.cells if not chosen or cell.list == (NO_LIST if chosen == NONE else chosen)]
    bites = once(cells, bool(visit.form.raw("rest")))
    part = walk.part([one for one in bites if not effect or one.measure.effect == effect], MEASURES)
    return page(
        visit, "library/scenario.html", WORDS, walk=walk, name=sheet.scenario.name.say(visit.lang),
        facts=walk.sheets.scenario_facts(sheet), effects=_effects(bites, walk), part=part,
        rows=[*bound(part.rows, walk)], counts=_counts(cells, walk), lists=[*there.items()],
    )  # fmt: skip


def _entry(line: ListLine, now: When, walk: Walk) -> Entry:
    record, lang = line.record, walk.visit.lang
    sheet = walk.shelf.atlas(walk.day).lists[record.code]
    keeper = walk.sheets.speaker.issuer(record.keeper)
    href, fresh = walk.address(f"lists/{record.code}.html"), _fresh(line, now, lang)
    return Entry(href, record.name.say(lang), keeper, biting(sheet.cells), fresh)


def _fresh(line: ListLine, now: When, lang: str) -> Fresh:
    if line.data_time is None or line.relied_until is None:
        return Fresh("", "", "", known=False, late=False, entries=line.entries)
    seconds = (now.first - line.data_time.first) // _TICKS
    old = age(seconds, lang) if seconds >= 0 else WORDS["later"].say(lang)
    data_time, until = (day_or_instant(one.text, lang) for one in (line.data_time, line.relied_until))
    return Fresh(data_time, old, until, line.known(now), line.late(now), line.entries)


def _freshness(line: ListLine, now: When, walk: Walk) -> Iterator[Fact]:
    lang = walk.visit.lang
    said = {key: words.say(lang) for key, words in WORDS.items()}
    fresh = _fresh(line, now, lang)
    if fresh.data_time:
        late = f"{fresh.age}（{said['late']}）" if fresh.late else fresh.age
        yield Fact(said["data_time"], (Text(fresh.data_time),))
        yield Fact(said["age_now"], (Text(late),))
        yield Fact(said["relied_until"], (Text(fresh.until), Text(said["known" if fresh.known else "unknown"])))
    else:
        yield Fact(said["data_time"], (Text(said["never"]), Text(said["unknown"])))
    if line.cadence_days:
        yield Fact(said["cadence"], (Text(said["cadence_days"].format(n=line.cadence_days)),))
    yield Fact(said["entries"], (Text(f"{fresh.entries:,}"),))
    if line.wanted_by:
        yield Fact(said["wanted_by"], scenarios_of(line.wanted_by, walk).shown)


def _counts(cells: Sequence[Cell], walk: Walk) -> str:
    said, n = WORDS["follows_count"].say(walk.visit.lang), biting(cells)
    return said.format(n=n, rest=len({one.measure.id for cell in cells for one in cell.resting}))


def _effects(bites: Iterable[Bite], walk: Walk) -> list[tuple[str, str, int]]:
    """Each effect there is, in words, and how many measures have it."""
    found = [one.measure.effect for one in bites]
    return [(str(one), EFFECTS[one].say(walk.visit.lang), found.count(one)) for one in STRONGEST_FIRST if one in found]
