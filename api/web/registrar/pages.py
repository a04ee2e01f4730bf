"""The registrar's desk: lists in, events on entries, what is due."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.web.registrar import due, entries, events, importing, lists
from api.web.registrar.due import pending, place_of, steps_told
from api.web.registrar.lists import lists_told
from api.web.registrar.upload import spool_of
from api.web.registrar.words import WORDS
from api.web.render import page
from api.web.visits import Page, Visit
from engine.access.roles import Act
from engine.services.moments import utc_now

router = APIRouter()
# Only an import holds a file; every other form is small.
SMALL = 1 << 20
for _desk in (due, lists, entries, events):
    router.include_router(_desk.router, max_body_size=SMALL)
router.include_router(importing.router)

Imports = Annotated[Visit, Depends(Page(Act.IMPORT))]
# So much of each is shown at the start.
STEPS, LISTS = 5, 8


@router.get("/registrar")
def start(visit: Imports) -> Response:
    """What waits for the registrar today, and the ways on."""
    spool_of(visit).sweep(utc_now())
    found = pending(visit, place_of(visit))
    wrong = [one for one in lists_told(visit) if one.wrong]
    # Those that came once and are late or stale before those that never did: somebody waits for them.
    wrong.sort(key=lambda one: not one.age)
    return page(
        visit, "registrar/start.html", WORDS, found=found, steps=steps_told(visit, found.now[:STEPS], found.today),
        wrong=wrong[:LISTS], more=len(wrong) - len(wrong[:LISTS]), vocabulary=visit.desk.law.now.vocabulary,
    )  # fmt: skip
