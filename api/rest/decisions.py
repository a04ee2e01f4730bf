"""Questions and recorded decisions."""

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api.rest import metrics
from api.rest.auth import Allowed, purpose_of, within
from api.rest.bodies import raw_body
from api.rest.desk import Desk, desk_of
from api.rest.documented import JSON, ONCE, PURPOSE, answers, problems, ref, takes
from api.rest.posed import INCLUDES, Posed, posed
from api.rest.problems import Problem
from api.rest.repeating import idempotency_key
from api.rest.shown import Leaf, Names, extras, shown
from api.rest.worked import ANSWER, QUESTIONS
from engine.access.reads import Look, note
from engine.access.roles import Act, Grant
from engine.ledger.envelope import Caller, read_json
from engine.ledger.receipt import leaf_row, openings_of
from engine.ledger.recording import DECISION, Entered, answered
from engine.services.again import Erased, decided_again, rulebook_for
from engine.services.ask import Asked, ask_registry
from engine.services.deciding import leaf_for
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
def decide(request: Request, grant: May, data: Body) -> Response:
    """Judge, record, answer: in this order. A clean no is a 201 too, with the verdict `ineligible`."""
    desk = desk_of(request)
    asked = posed(data, desk)
    within(request, grant, asked.inquiry.scenario, asked.inquiry.jurisdiction)
    key = idempotency_key(request, grant, "decisions")
    digest = sha256(data).hexdigest()
    if key and (again := answered_before(desk, key, digest)):
        return _answer(repeated(desk, again, asked.include), again)
    found = answer(desk, asked)
    leaf = leaf_for(desk.ledger, found, Caller(grant.id, asked.purpose), asked.case)
    if key:
        leaf = leaf.answering(key, digest)
    try:
        desk.ledger.recorder.record(leaf)
    except Exception:
        # The same request came twice at once, and the other was first: its answer is the answer.
        if key and (again := answered_before(desk, key, digest)):
            return _answer(repeated(desk, again, asked.include), again)
        raise
    metrics.DECISIONS.labels(asked.inquiry.scenario, found.decision.data["verdict"]).inc()
    return _answer(fresh(leaf, asked, found), leaf.id)


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


def answer(desk: Desk, asked: Posed) -> Asked:
    """The decision on a question by the registry and the law in force at this desk."""
    law = desk.law.now
    return ask_registry(asked.inquiry, law.library, law.rulebook, desk.books.registry, asked.known_at)


def fresh(leaf: Entered, asked: Posed, found: Asked) -> bytes:
    """The body of a decision that was just recorded."""
    extra = extras(found.decision, found.rulebook, asked.include)
    names: Names = {**found.decision.names, **({"case": {"number": asked.case}} if asked.case else {})}
    return _body(Leaf.fresh(leaf), found.decision.data, names, extra)


def _body(leaf: Leaf, core: Any, names: Names, extra: dict[str, Any]) -> bytes:
    return shown(leaf, names, core["verdict"], core.get("valid_until"), extra)


def readable(request: Request, grant: Grant, decision: str) -> Any:
    """The row of a decision that the grant may see; the look is noted before anything is shown."""
    desk = desk_of(request)
    purpose = purpose_of(request)
    with desk.ledger.store.reading() as connection:
        row = leaf_row(connection, decision)
    if row.kind != DECISION:
        raise Problem(404, Words("这是人工认定，不是决定", "this is a person's determination, no decision"))
    within(request, grant, row.scenario, read_json(row.core)["question"].get("jurisdiction"))
    note(desk.access, [Look(grant.id, Act.READ_DECISION, purpose, decision=row.id)], utc_now())
    return row


def answered_before(desk: Desk, key: str, digest: str) -> str:
    """The leaf that answered the same request before; Problem 422 if something else was sent with its key."""
    with desk.ledger.store.reading() as connection:
        found = answered(connection, key)
    if found and found[1] != digest:
        raise Problem(422, code="key-reused")
    return found[0] if found else ""


def repeated(desk: Desk, decision: str, include: Any) -> bytes:
    """The body of a decision recorded before. Problem 410 if more than was recorded is wanted and its party erased."""
    with desk.ledger.store.reading() as connection:
        row = leaf_row(connection, decision)
        names = {one.handle: one.value for one in openings_of(connection, row.id)}
    extra = dict[str, Any]()
    if include:
        current = desk.law.now.rulebook
        try:
            again = decided_again(desk.ledger.store, desk.books.registry, row, current)
        except Erased as erased:
            raise Problem(410, Words(erased.zh, erased.en)) from None
        extra = extras(again, rulebook_for(desk.ledger.store, row.rulebook, current), include)
    return _body(Leaf.of(row), read_json(row.core), names, extra)


def _answer(data: bytes, decision: str) -> Response:
    return Response(data, 201, {"Location": f"/v1/decisions/{decision}"}, JSON)
