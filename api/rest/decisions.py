"""Questions and recorded decisions."""

from asyncio import shield, wrap_future
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api.rest.auth import Allowed, purpose_of, within
from api.rest.bodies import raw_body
from api.rest.desk import desk_of
from api.rest.docket import docket_of
from api.rest.documented import JSON, ONCE, PURPOSE, answers, problems, ref, takes
from api.rest.posed import INCLUDES
from api.rest.problems import Problem
from api.rest.recalling import repeated
from api.rest.repeating import idempotency_key
from api.rest.sheaf import Asker, Line
from api.rest.worked import ANSWER, QUESTIONS
from engine.access.reads import Look, note
from engine.access.roles import Act, Grant
from engine.ledger.envelope import read_json
from engine.ledger.receipt import leaf_row, openings_of
from engine.ledger.recording import DECISION
from engine.services.moments import utc_now
from engine.vocabulary import Words

router = APIRouter(prefix="/v1", tags=["decisions"])

May = Annotated[Grant, Depends(Allowed(Act.DECIDE))]
Reads = Annotated[Grant, Depends(Allowed(Act.READ_DECISION))]
Body = Annotated[bytes, Depends(raw_body)]

RECORDED = answers(201, "已判断并记录。Judged and recorded.", ref("Answer"), ANSWER)
RECORDED[201]["headers"] = {"Location": {"schema": {"type": "string"}}}


@router.post(
    "/decisions",
    status_code=201,
    summary="可否参与 · May these parties take part?",
    responses=RECORDED | problems(404, 410, 413, 415, 422),
    openapi_extra=takes(ref("Question"), QUESTIONS) | ONCE,
)
async def decide(request: Request, grant: May, data: Body) -> Response:
    """Judge, record, answer: in this order. A clean no is a 201 too, with the verdict `ineligible`."""
    line = Line(0, data, Asker(request, grant, idempotency_key(request, grant, "decisions")), ("remedies",))
    await shield(wrap_future(docket_of(request).submit(line)))  # judged with others: who gives up waits no longer
    if line.problem is not None:
        raise line.problem
    return Response(line.body, 201, {"Location": f"/v1/decisions/{line.decision}"}, JSON)


@router.get(
    "/decisions/{decision}",
    summary="一个决定 · One decision",
    responses=answers(200, "如所记录。As it was recorded.", ref("Answer"), ANSWER) | problems(404, 410, 422),
    openapi_extra=PURPOSE,
)
def decision(
    request: Request,
    grant: Reads,
    decision: str,
    include: Annotated[list[str] | None, Query(description="remedies, words")] = None,
) -> Response:
    """As it was recorded; `include` adds what follows from it, made again and compared with the record."""
    row = readable(request, grant, decision)
    wanted = [one for one in include or () if one in INCLUDES]
    return Response(repeated(desk_of(request), row.id, wanted), media_type=JSON)


def readable(request: Request, grant: Grant, decision: str) -> Any:
    """The row of a decision that the grant may see; the look is noted before anything is shown."""
    desk = desk_of(request)
    purpose = purpose_of(request)
    with desk.ledger.store.reading() as connection:
        row = leaf_row(connection, decision)
    if row.kind != DECISION:
        raise Problem(404, Words("这是人工认定，不是决定", "this is a person's determination, no decision"))
    within(request, grant, row.scenario, read_json(row.core)["question"].get("jurisdiction"))
    with desk.ledger.store.reading() as connection:
        parties = sorted({one.value["subject"] for one in openings_of(connection, row.id) if "subject" in one.value})
    looks = [Look(grant.id, Act.READ_DECISION, purpose, subject=one, decision=row.id) for one in parties or [""]]
    note(desk.access, looks, utc_now())
    return row
