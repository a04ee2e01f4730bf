"""A subject: what happened to it, and what it means today."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.rest.paging import PAGE
from api.web.forms import Form
from api.web.naming import NOBODY, candidates_of, subject_meant
from api.web.render import page
from api.web.subjects.known import MOST_RELATIONS, facts_of, tie_lines
from api.web.subjects.layout import drawn
from api.web.subjects.view import MOST_ENTRIES, View
from api.web.subjects.words import WORDS
from api.web.visits import Elsewhere, Page, Visit, see_other
from engine.access.reads import noted
from engine.access.roles import Act
from engine.services.looking import all_keys
from engine.services.registering import moment_of

router = APIRouter()

Reads = Annotated[Visit, Depends(Page(Act.READ_SUBJECT, purpose=True))]
ReadsLooks = Annotated[Visit, Depends(Page(Act.READ_LOOKS, purpose=True))]
# What may be asked of a subject's page in its address: none of it identifies anybody.
QUERY, LONGEST = ("day", "place", "known", "part"), 40


@router.get("/subjects")
def box(visit: Reads) -> Response:
    """The empty box."""
    return page(visit, "subjects/find.html", WORDS, candidates=NOBODY)


@router.post("/subjects")
def look_up(visit: Reads) -> Response:
    """On to the subject's page under an address that says nothing; a name leads to candidates first."""
    if not visit.purpose:  # also candidates are looked at for a purpose
        raise Elsewhere("/purpose?next=/subjects")
    subject = subject_meant(visit)
    if subject and visit.form.sound:
        return see_other(f"/subjects/{visit.handle(subject)}")
    found = candidates_of(visit, visit.form.raw("who"))
    return page(visit, "subjects/find.html", WORDS, candidates=found)


@router.get("/subjects/{handle}")
def subject(visit: Reads, handle: str) -> Response:
    """All of a subject; the look is written down before anything is read of it."""
    key = visit.held(handle)
    place, at, known, part = _wanted(visit)
    visit.look(Act.READ_SUBJECT, [key])
    view = View(visit, key, place, part)
    timeline = view.timeline()
    then = view.then_and_now(known, at) if known and "known" not in visit.form.faults else None
    context: dict[str, Any] = {
        "view": view, "handle": handle, "place": place, "at": at, "then": then, "timeline": timeline,
        "drawing": drawn(timeline, view.now.day) if timeline.items else None,
        "facts": [*facts_of(view.known, view.voice)], "ties": tie_lines(visit, view.known, view.voice),
        "answers": view.previews(), "answers_day": view.previews(at) if at else [],
        "vocabulary": visit.desk.law.now.vocabulary, "most": MOST_ENTRIES, "most_ties": MOST_RELATIONS,
    }  # fmt: skip
    return page(visit, "subjects/subject.html", WORDS, **context)


@router.get("/subjects/{handle}/looks")
def looks(visit: ReadsLooks, handle: str, before: str = "") -> Response:
    """Who looked at the subject by any of its keys, the latest first; this look too."""
    key = visit.held(handle)
    visit.look(Act.READ_LOOKS, [key])
    last = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 0
    with visit.desk.access.reading() as connection:
        rows = noted(connection, all_keys(visit.desk.books, key), last, PAGE + 1)
    more = rows[PAGE - 1].id if rows[PAGE:] else 0
    return page(visit, "subjects/looks.html", WORDS, handle=handle, rows=rows[:PAGE], more=more, first=not last)


def _wanted(visit: Visit) -> tuple[str, str, str, int]:
    """Place, time to judge, what is known as of when, and the first entry to show; faults stand beside their fields."""
    query = visit.request.query_params
    form = visit.form = Form(defaults={name: query.get(name, "") for name in QUERY})
    if "place" not in query:
        remembered = visit.chosen("counter.place")
        form.values["place"] = remembered if remembered in visit.places else ""
    needed = bool(visit.grant.jurisdictions)
    if needed and not form.raw("place") and visit.places:
        form.values["place"] = visit.places[0]
    place = form.choice("place", visit.places, needed=needed) or (visit.places[0] if needed and visit.places else "")
    visit.within(None, place or None)
    at, known = form.text("day", needed=False, most=LONGEST), form.text("known", needed=False, most=LONGEST)
    when = form.read("day", moment_of)
    part = form.raw("part")
    first = int(part) if part.isascii() and part.isdigit() and len(part) < len(date.min.isoformat()) else 0
    return place, at if when else "", known, first // MOST_ENTRIES * MOST_ENTRIES
