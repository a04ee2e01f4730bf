"""Documents and lists: what each says, and where it still bites."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.site.finder import Row
from api.site.matrix import Picture, key_of
from api.web.library import documents, lists
from api.web.library.shelf import plain
from api.web.library.walking import Walk
from api.web.library.words import WORDS
from api.web.render import page
from api.web.visits import Page, Visit
from engine.access.roles import Act
from engine.explanation.documents import FORMS
from engine.model import Form, Memorandum
from engine.vocabulary import NATIONAL

router = APIRouter()

Reads = Annotated[Visit, Depends(Page(Act.READ_LAW))]
DOCUMENTS, RESULTS = 40, 30  # on one page


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in the table; `span` is when it is in force."""

    href: str
    title: str
    number: str
    form: str
    place: str
    issued: str
    span: str
    biting: int
    measures: int


@router.get("/library")
def library(visit: Reads) -> Response:
    """The documents, by kind and by place, the newest first; or what was searched for."""
    walk = Walk(visit, ("q", "form", "place"))
    found = list(walk.shelf.law.rulebook.memoranda.values())
    places = _places(found)
    form = visit.form.choice("form", [one.value for one in Form], needed=False)
    place = visit.form.choice("place", places, needed=False)
    q = visit.form.text("q", needed=False)
    kept = [one for one in found if form in ("", one.form.value) and place in ("", one.jurisdiction)]
    kept.sort(key=lambda one: (-one.issued.toordinal(), one.code))
    hits = _hits(walk, q, {one.code for one in kept} if form or place else None) if q else ()
    part = walk.part(kept, DOCUMENTS)
    return page(
        visit, "library/documents.html", WORDS, walk=walk, q=q, forms=_forms(visit, found), count=_count(walk),
        places=[(code, walk.sheets.speaker.place(code)) for code in places], hits=walk.part(hits, RESULTS),
        part=part, entries=[_entry(one, walk) for one in part.rows],
    )  # fmt: skip


@router.get("/library/matrix")
def matrix(visit: Reads) -> Response:
    """Lists by scenarios: the strongest measure of the day where they meet, one group of lists at a time."""
    walk = Walk(visit, ("part",))
    drawn = walk.shelf.picture(walk.day, visit.lang)
    names = _groups(drawn, visit)
    options = [(str(number), name) for number, name in enumerate(names)]
    said = visit.form.choice("part", [value for value, _ in options], needed=False) or "0"
    visit.form.values["part"] = said
    return page(
        visit, "library/matrix.html", WORDS, walk=walk, drawn=drawn, options=options, band=drawn.bands[int(said)],
        name=names[int(said)], key=tuple(key_of(walk.sheets)),
    )  # fmt: skip


# After the addresses above, which would be documents' otherwise.
router.include_router(lists.router)
router.include_router(documents.router)


def _groups(drawn: Picture, visit: Visit) -> list[str]:
    """The names of the picture's groups; of several with the same name, which rows each has."""
    titles, names, counted = [band.title for band in drawn.bands], list[str](), dict[str, int]()
    for band in drawn.bands:
        first = counted.get(band.title, 0) + 1
        counted[band.title] = last = first + len(band.rows) - 1
        said = WORDS["rows_of"].say(visit.lang).format(title=band.title, first=first, last=last)
        names.append(said if titles.count(band.title) > 1 else band.title)
    return names


def _hits(walk: Walk, q: str, packs: set[str] | None) -> Sequence[Row]:
    """What holds all the words; of documents and clauses only those of these packs, and nothing else then."""
    words = plain(q).split()
    return [
        one.row
        for one in walk.shelf.index(walk.day, walk.visit.lang)
        if all(word in one.words for word in words) and (packs is None or _pack(one.row) in packs)
    ]


def _pack(row: Row) -> str:
    return row[1].removeprefix("memoranda/").partition(".html")[0]


def _entry(one: Memorandum, walk: Walk) -> Entry:
    sheet, sheets = walk.shelf.atlas(walk.day).sheets[one.code], walk.sheets
    return Entry(
        href=walk.address(f"memoranda/{one.code}.html"),
        title=one.title.say(walk.visit.lang),
        number=one.number if one.number != one.title.zh else "",
        form=FORMS[one.form].say(walk.visit.lang),
        place=sheets.speaker.place(one.jurisdiction),
        issued=one.issued.isoformat(),
        span=sheets.speaker.days(one.span) or sheets.say("always"),
        biting=sheet.biting,
        measures=len(sheet.bites),
    )


def _count(walk: Walk) -> str:
    sheets = walk.shelf.atlas(walk.day).sheets.values()
    measures, biting = sum(len(one.bites) for one in sheets), sum(one.biting for one in sheets)
    return walk.sheets.say("count", day=walk.day, documents=len(sheets), measures=measures, biting=biting)


def _forms(visit: Visit, found: Sequence[Memorandum]) -> list[tuple[str, str]]:
    used = {one.form for one in found}
    return [(one.value, FORMS[one].say(visit.lang)) for one in Form if one in used]


def _places(found: Sequence[Memorandum]) -> list[str]:
    """The places documents are of, the nation first."""
    return sorted({one.jurisdiction for one in found}, key=lambda code: (code != NATIONAL, code))
