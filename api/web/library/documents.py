"""One document: its table as we read it, where each measure still bites, and the cases that try it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.site.lines import Line, Text
from api.site.sheets import Fact
from api.web.library.biting import Groups, Names, groups_of, list_names, lists_of, meetings
from api.web.library.shelf import no_such
from api.web.library.walking import Walk
from api.web.library.words import WORDS
from api.web.links import LIBRARY, SHORT, in_query
from api.web.render import page
from api.web.visits import Page, Visit
from engine.access.roles import Act
from engine.analysis.atlas import Sheet
from engine.explanation.table import HEADS
from engine.packs.cases import Case

router = APIRouter()

Reads = Annotated[Visit, Depends(Page(Act.READ_LAW))]
# Lists at the head; all of them stand in the table.
MOST_LISTS = 12
# More meetings of scenarios and lists stand on a page of their own.
MOST_MEETINGS = 16
FIRST_CASES, CASES = 8, 50  # beside the document, and on one page of their own
_REVISION = re.compile(f"[0-9a-f]{{{SHORT}}}")


@dataclass(frozen=True, slots=True)
class Row:
    """A measure in the table: its lists, the days on which it stands as it does, what is said beside.

    `tried` is where the `cases` are that it decides.
    """

    line: Line
    lists: Names
    holds: str
    asides: tuple[str, ...]
    tried: str
    cases: int


@router.get("/library/{pack}")
def document(visit: Reads, pack: str) -> Response:
    """A document with its table; every row has the address that reasons lead to."""
    walk = Walk(visit, ("made_by",))
    sheet = _sheet(walk, pack)
    cases, groups = _cases(walk, sheet), groups_of(sheet)
    met = meetings(sheet, walk, groups)
    rulebook, made_by = walk.shelf.law.rulebook, visit.form.raw("made_by")
    return page(
        visit, "library/document.html", WORDS, walk=walk, sheet=sheet, facts=[*_facts(walk, sheet)],
        title=sheet.memorandum.title.say(visit.lang), heads=[head.say(visit.lang) for head in HEADS],
        rows=[*_rows(walk, sheet, cases, groups)],
        tally=walk.sheets.say("tally", day=walk.day, biting=sheet.biting, n=len(sheet.bites)),
        meetings=met, cases=walk.sheets.cases(cases[:FIRST_CASES]), cases_count=len(cases),
        made_by=made_by if _REVISION.fullmatch(made_by) and not rulebook.revision.startswith(made_by) else "",
        revision=rulebook.revision[:SHORT],
        groups=[(number, list_names(codes, walk)) for codes, number in groups.items()],
        long=len(met) > MOST_MEETINGS, where=walk.there(f"{LIBRARY}/{pack}/where"),
    )  # fmt: skip


@router.get("/library/{pack}/where")
def where(visit: Reads, pack: str) -> Response:
    """Where the document's measures still bite, by scenario, lists and place."""
    walk = Walk(visit, ())
    sheet = _sheet(walk, pack)
    there = walk.address(f"memoranda/{pack}.html")
    return page(
        visit, "library/where.html", WORDS, walk=walk, title=sheet.memorandum.title.say(visit.lang), there=there,
        meetings=meetings(sheet, walk), back=there,
    )  # fmt: skip


@router.get("/library/{pack}/cases")
def cases(visit: Reads, pack: str) -> Response:
    """The document's cases, or those that one of its clauses decides."""
    walk = Walk(visit, ("clause",))
    sheet = _sheet(walk, pack)
    found, clause = _cases(walk, sheet), visit.form.raw("clause").strip()
    if clause:
        if all(one.measure.clause != clause for one in sheet.bites):
            raise no_such("条款", "clause")
        found = _of_clause(found, f"{pack}#{clause}")
    part = walk.part(found, CASES)
    return page(
        visit, "library/cases.html", WORDS, walk=walk, sheet=sheet, clause=clause, part=part,
        title=sheet.memorandum.title.say(visit.lang), cases=walk.sheets.cases(part.rows),
        back=walk.address(f"memoranda/{pack}.html"),
    )  # fmt: skip


def _sheet(walk: Walk, pack: str) -> Sheet:
    sheet = walk.shelf.atlas(walk.day).sheets.get(pack)
    if sheet is None:
        raise no_such("文件", "document")
    return sheet


def _facts(walk: Walk, sheet: Sheet) -> Iterator[Fact]:
    """The head as on the site in a folder, and besides it the lists and the rulebook."""
    yield from walk.sheets.memorandum_facts(sheet)
    codes, lang = sheet.memorandum.lists, walk.visit.lang
    names = list_names(codes[:MOST_LISTS], walk)
    if len(codes) > MOST_LISTS:
        more = len(codes) - MOST_LISTS if lang == "en" else len(codes)
        names = (*names, Text(walk.sheets.say("and_more", n=more)))
    yield Fact(WORDS["lists_named"].say(lang), names or (Text(WORDS["lists_none"].say(lang)),))
    yield Fact(WORDS["revision"].say(lang), (Text(walk.shelf.law.rulebook.revision[:SHORT]),))


def _rows(walk: Walk, sheet: Sheet, cases: tuple[Case, ...], groups: Groups) -> Iterator[Row]:
    for one, line in zip(sheet.bites, walk.sheets.lines.of(sheet.bites), strict=True):
        # Until when it bites is said with since when.
        asides = line.asides[1:] if one.holds.until and not one.lack else line.asides
        tried = f"{sheet.memorandum.code}/cases?clause={in_query(one.measure.clause)}"
        own = len(_of_clause(cases, one.measure.id))
        lists = lists_of(one.measure, walk, groups)
        yield Row(line, lists, walk.sheets.speaker.days(one.holds), asides, tried, own)


def _cases(walk: Walk, sheet: Sheet) -> tuple[Case, ...]:
    """Its own cases, then those of several documents that name it."""
    return (*(walk.shelf.cases(sheet.memorandum.code) or ()), *sheet.shared)


def _of_clause(cases: tuple[Case, ...], measure: str) -> tuple[Case, ...]:
    """The cases a measure decides; those of several documents may name its clause alone."""
    names = {measure, measure.partition("#")[2]}
    return tuple(case for case in cases if not names.isdisjoint(case.because or ()))
