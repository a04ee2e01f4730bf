"""Decisions in lists: what was asked, what waits for a person, what would now be answered otherwise."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from api.rest.auth import Allowed, purpose_of
from api.rest.desk import desk_of
from api.rest.documented import PURPOSE, answers, problems
from api.rest.paging import PAGE, Cursor, Limit, cursor_of, read_cursor
from api.rest.shapes import NUMBER, OBJECT, OBJECTS, TEXT, TEXTS, Shape, having, many, or_null
from engine.access.reads import Look, note
from engine.access.roles import Act, Grant
from engine.decision import Verdict
from engine.errors import refused_input
from engine.services.moments import utc_now
from engine.services.revisiting import Revisited
from engine.services.searching import Line, Mark, Reaches, Search, age, open_reviews, revisit_page, search

router = APIRouter(prefix="/v1", tags=["decisions"])
LARGEST_VERSION = (1 << 31) - 1
_LINE: Mapping[str, Shape] = {
    "id": TEXT, "recorded_at": TEXT, "scenario": TEXT, "jurisdiction": or_null(TEXT), "verdict": TEXT,
    "determined": or_null(TEXT), "number": or_null(NUMBER), "rulebook": TEXT, "registry": NUMBER,
}  # fmt: skip
FOUND = having(decisions=many(having(**_LINE)), next=or_null(TEXT))
WAITING = having(reviews=many(having(**_LINE, days=NUMBER)), next=or_null(TEXT))
_TURNED = having(id=TEXT, registry=NUMBER, rulebook=TEXT, then=OBJECT, now=OBJECT, differs=TEXTS, causes=OBJECTS)
TURNED = having(revisits=many(_TURNED), next=or_null(TEXT))

Reads = Annotated[Grant, Depends(Allowed(Act.READ_DECISION))]
Revisits = Annotated[Grant, Depends(Allowed(Act.REVISIT))]
Scenario = Annotated[str | None, Query(max_length=100, description="应用场景。The scenario.")]
Said = Annotated[Verdict | None, Query(description="结论。The machine's verdict.")]
Time = Annotated[
    str | None, Query(max_length=40, description="日或时刻，含当日。A day or an instant, itself included.")
]
Version = Annotated[
    int, Query(ge=0, le=LARGEST_VERSION, description="名录库版本：其后所知才算。What was learned after it counts.")
]


@router.get(
    "/decisions",
    summary="查找决定 · Decisions",
    responses=problems(422) | answers(200, "一页决定。A page of decisions.", FOUND),
)
def decisions(
    request: Request,
    grant: Reads,
    scenario: Scenario = None,
    verdict: Said = None,
    since: Time = None,
    until: Time = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The newest first, within the key's scenarios and places, and without a word on whom they concern.

    A page may be short and still have a `next`: so many rows are looked at for one, and no more.
    """
    wanted = Search(scenario, verdict.value if verdict else None, since, until)
    page = search(desk_of(request).ledger.store, wanted, _reaches(request, grant), limit, mark_of(cursor))
    return {"decisions": [_line(one) for one in page.lines], "next": next_of(page.following)}


@router.get(
    "/reviews",
    summary="待人工审查 · What waits for a person",
    responses=problems(422) | answers(200, "一页待审查的决定。A page of what waits.", WAITING),
)
def reviews(request: Request, grant: Reads, limit: Limit = PAGE, cursor: Cursor = None) -> dict[str, Any]:
    """Decisions left to a person that nobody has determined yet, the oldest first, with the whole days they waited."""
    page = open_reviews(desk_of(request).ledger.store, _reaches(request, grant), limit, mark_of(cursor))
    return {"reviews": [_line(one) | {"days": age(one)} for one in page.lines], "next": next_of(page.following)}


@router.get(
    "/ledger/revisits",
    tags=["ledger"],
    summary="应重新看的决定 · What to revisit",
    responses=problems(422) | answers(200, "一页应重新看的决定。A page of what to revisit.", TURNED),
    openapi_extra=PURPOSE,
)
def revisits(request: Request, grant: Revisits, since: Version, cursor: Cursor = None) -> dict[str, Any]:
    """Decisions that something learned after version `since` concerns, and whose answer would now differ; with why.

    Each page asks a bounded number of decisions again, the oldest first: it may be empty and still have a `next`.
    What was learned names subjects, so the look is noted with its purpose.
    """
    desk, purpose = desk_of(request), purpose_of(request)
    stores = desk.ledger.store, desk.books.registry
    found, following = revisit_page(*stores, since, _reaches(request, grant), mark_of(cursor), desk.law.now.rulebook)
    if found:
        looks = [Look(grant.id, Act.REVISIT, purpose, decision=one.id) for one in found]
        note(desk.access, looks, utc_now())
    return {"revisits": [_revisited(one) for one in found], "next": next_of(following)}


def _reaches(request: Request, grant: Grant) -> Reaches:
    """Whether a decision of a scenario and place is within the grant."""
    vocabulary = desk_of(request).law.now.vocabulary
    return lambda scenario, place: grant.covers_scenario(scenario) and grant.covers_place(place, vocabulary)


def mark_of(cursor: str | None) -> Mark | None:
    """Where in the ledger a cursor goes on. RefusedInput for what is no cursor of ours."""
    said = read_cursor(cursor)
    try:
        return None if said is None else Mark.read(said)
    except ValueError:
        raise refused_input("A731", "不是本接口给出的 cursor", "this is no cursor of ours", where="cursor") from None


def next_of(mark: Mark | None) -> str | None:
    """The cursor of the next page, if there is one."""
    return cursor_of(str(mark)) if mark else None


def _line(one: Line) -> dict[str, Any]:
    return {
        "id": one.id,
        "recorded_at": one.recorded_at,
        "scenario": one.scenario,
        "jurisdiction": one.jurisdiction,
        "verdict": one.verdict,
        "determined": one.determined or None,
        "number": one.number,
        "rulebook": one.rulebook,
        "registry": one.version,
    }


def _revisited(one: Revisited) -> dict[str, Any]:
    causes = [{name: value for name, value in asdict(cause).items() if value != ""} for cause in one.causes]
    return {
        "id": one.id,
        "registry": one.version,
        "rulebook": one.rulebook,
        "then": one.then,
        "now": one.now,
        "differs": one.differs,
        "causes": causes,
    }
