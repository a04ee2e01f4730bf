"""A recorded decision for whoever must prove it, hand it out, check it again, or say what the machine could not."""

import json
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from api.notice.page import notice_page
from api.rest.auth import Allowed, within
from api.rest.bodies import raw_body
from api.rest.caching import ASK_FIRST, TAGGED, kept
from api.rest.decisions import readable
from api.rest.desk import Desk, desk_of
from api.rest.determining import determined_once
from api.rest.documented import JSON, ONCE, PURPOSE, Answers, answers, example, problems, takes
from api.rest.fields import Fields
from api.rest.handing import NOTICE_POLICY, SOON, notice_of, pressed
from api.rest.problems import RETRY_SECONDS, Problem, language, problem_of
from api.rest.repeating import idempotency_key
from api.rest.shapes import WORDS, said
from engine.access.roles import Act, Grant
from engine.canonical import canonical
from engine.errors import Missing, refused_input
from engine.ledger.envelope import read_json
from engine.ledger.receipt import NotYet, leaf_row, receipt_of
from engine.services.again import replayed_again
from engine.services.determining import ANSWERS, Determined

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])
FIELDS = ("answer", "reasons", "document", "supersedes")

Reads = Annotated[Grant, Depends(Allowed(Act.READ_DECISION))]
Determines = Annotated[Grant, Depends(Allowed(Act.DETERMINE))]
Body = Annotated[bytes, Depends(raw_body)]
Openings = Annotated[bool, Query(description="是否载明当事方身份。With what names the parties.")]
Lang = Annotated[
    Literal["zh", "en"] | None, Query(description="默认依 Accept-Language。By Accept-Language if not said.")
]

_NOT_YET: Answers = {
    202: {
        "description": "已记录，尚未编入台账。Recorded, without its number in the log yet.",
        "headers": {"Retry-After": {"schema": {"type": "integer"}}},
        "content": {
            JSON: {
                "schema": {"type": "object", "required": ["id", "status"]},
                "examples": {
                    "waiting": example(
                        "等待编号", "it waits", {"id": "01a2015e-4e1c-7248-87bb-1a34bc5756f0", "status": "waiting"}
                    )
                },
            }
        },
    }
}
_RECEIPT = {
    "type": "object",
    "description": "规范 JSON（RFC 8785），可用 verify_receipt.py 验证。Canonical JSON; verify_receipt.py checks it.",
    "required": ["core", "determinations", "envelope", "format", "head", "number", "openings", "path"],
}
_DETERMINATION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["answer", "reasons", "document"],
    "properties": {
        "answer": {"type": "string", "enum": [*ANSWERS]},
        "reasons": {"type": "string", "minLength": 1, "description": "理由。Why."},
        "document": {"type": "string", "minLength": 1, "description": "文书号。The document it rests on."},
        "supersedes": {"type": "string", "description": "所取代的认定。The determination it takes the place of."},
    },
}
_DETERMINED = {
    "type": "object",
    "required": ["id", "decision", "answer", "supersedes", "recorded_at", "promise", "receipt"],
}
_REPLAYED = {
    "type": "object",
    "required": ["id", "outcome", "differs", "then", "now"],
    "properties": {
        "id": {"type": "string"},
        "outcome": {"type": "string", "enum": ["same", "different", "erased", "impossible"]},
        "differs": {"type": "array", "items": {"type": "string"}, "description": "JSON Pointer (RFC 6901)"},
        "then": {"type": "string"},
        "now": {"type": ["string", "null"]},
        "why": WORDS,
    },
}


@router.get(
    "/{decision}/receipt",
    summary="查询凭证 · Its receipt",
    responses={
        200: {"content": {JSON: {"schema": _RECEIPT}}, "description": "凭证。The receipt.", "headers": TAGGED},
        304: {"description": "没有变化。Not changed.", "headers": TAGGED},
    }
    | _NOT_YET
    | problems(404, 422),
    openapi_extra=PURPOSE,
)
def receipt(request: Request, grant: Reads, decision: str, openings: Openings = True) -> Response:
    """Provable to an outsider, as the file it is; it grows with the log's head and with what persons determine.

    With `openings=false` it proves the decision without saying whom it concerns.
    """
    row = readable(request, grant, decision)
    try:
        with desk_of(request).ledger.store.reading() as connection:
            said = receipt_of(connection, row.id, openings)
    except NotYet:
        return _waiting(row.id)
    return kept(request, canonical(said) + b"\n", JSON, ASK_FIRST)


@router.get(
    "/{decision}/notice.html",
    summary="告知书网页 · Its notice as a page",
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "告知书。The notice."}}
    | _NOT_YET
    | problems(404, 422),
    response_class=Response,
    openapi_extra=PURPOSE,
)
def notice_as_page(
    request: Request, grant: Reads, decision: str, openings: Openings = True, lang: Lang = None
) -> Response:
    """The notice to hand out, one file that loads nothing; `openings=false`: without what names anybody."""
    row, said = readable(request, grant, decision), lang or language(request)
    made = notice_of(desk_of(request), row.id, openings)
    if made is None:
        return _waiting(row.id)
    headers = {"Content-Language": said, "Vary": "Accept-Language", "Content-Security-Policy": NOTICE_POLICY}
    return Response(notice_page(made, said), headers=headers, media_type="text/html")


@router.get(
    "/{decision}/notice.pdf",
    summary="告知书 PDF · Its notice to print",
    responses={200: {"content": {"application/pdf": {}}, "description": "告知书。The notice."}}
    | _NOT_YET
    | problems(404, 422),
    response_class=Response,
    openapi_extra=PURPOSE,
)
def notice_as_pdf(
    request: Request, grant: Reads, decision: str, openings: Openings = True, lang: Lang = None
) -> Response:
    """The notice as a tagged PDF (A4, PDF/UA); 503 where the library that sets the type is not installed."""
    row, said = readable(request, grant, decision), lang or language(request)
    made = notice_of(desk_of(request), row.id, openings)
    if made is None:
        return _waiting(row.id)
    try:
        data = pressed(made, said)
    except Missing as missing:  # a part of the system, not of what was asked for
        problem = problem_of(missing)
        raise Problem(503, problem.said, problem.help, headers={"Retry-After": str(RETRY_SECONDS)}) from None
    name = f'inline; filename="notice-{row.id}.pdf"'
    headers = {"Content-Language": said, "Vary": "Accept-Language", "Content-Disposition": name}
    return Response(data, headers=headers, media_type="application/pdf")


@router.get(
    "/{decision}/replay",
    summary="复现 · Decide it again",
    responses=answers(
        200,
        "复现的结果。What came of it.",
        _REPLAYED,
        {
            "same": example("相同", "the same", _shown := {
                "id": "01a2015e-4e1c-7248-87bb-1a34bc5756f0", "outcome": "same", "differs": [],
                "then": "review", "now": "review",
            }),
            "different": example(
                "不同", "different", {**_shown, "outcome": "different", "differs": ["/verdict"], "now": "eligible"}
            ),
        },
    )
    | problems(404, 422),
    openapi_extra=PURPOSE,
)  # fmt: skip
def replay(request: Request, grant: Reads, decision: str) -> dict[str, Any]:
    """By the recorded rulebook on the registry as then known: the same bytes, or where they differ."""
    row, desk = readable(request, grant, decision), desk_of(request)
    found = replayed_again(desk.ledger.store, desk.books.registry, row, desk.law.now.rulebook)
    told = {
        "id": row.id, "outcome": found.outcome.name.lower(), "differs": found.differs, "then": found.then,
        "now": found.now or None,
    }  # fmt: skip
    return told | ({"why": said(found.why)} if found.why else {})


@router.post(
    "/{decision}/determinations",
    status_code=201,
    summary="人工认定 · What a person determined",
    responses=answers(
        201,
        "已记录的认定。The determination as recorded.",
        _DETERMINED,
        {
            "determined": example("认定可以参与", "determined eligible", {
                "id": "01a2015f-0000-7000-8000-000000000000", "decision": "01a2015e-4e1c-7248-87bb-1a34bc5756f0",
                "answer": "eligible", "supersedes": "", "recorded_at": "2026-11-22T04:00:00.000000+00:00",
                "promise": {"leaf": "0" * 64}, "receipt": "/v1/decisions/01a2015e-4e1c-7248-87bb-1a34bc5756f0/receipt",
            })
        },
    )
    | problems(404, 409, 413, 415, 422),
    openapi_extra=takes(
        _DETERMINATION,
        {
            "zh": example("同名异主体", "another firm of the same name", {
                "answer": "eligible", "reasons": "同名异主体，已核对营业执照", "document": "测认〔2026〕1号",
            }),
            "en": example("取代先前的认定", "in the place of an earlier one", {
                "answer": "ineligible", "reasons": "the earlier licence was forged", "document": "T-2026-2",
                "supersedes": "01a2015f-0000-7000-8000-000000000000",
            }),
        },
    ) | ONCE,
)  # fmt: skip
def determinations(request: Request, grant: Determines, decision: str, data: Body) -> Response:
    """What the officer decided on a `review`, as a leaf of the log; the officer is the key's name.

    One determination takes the place of another by naming it. With an `Idempotency-Key` it is done once.
    """
    desk, said = desk_of(request), _read(data)
    with desk.ledger.store.reading() as connection:
        row = leaf_row(connection, decision)
    within(request, grant, row.scenario, read_json(row.core).get("question", {}).get("jurisdiction"))
    key = idempotency_key(request, grant, "determinations")
    digest = sha256(row.id.encode() + b"\n" + data).hexdigest()
    return _determined(desk, determined_once(desk, Determined(row.id, officer=grant.name, **said), key, digest))


def _read(data: bytes) -> dict[str, str]:
    """The body's texts; RefusedInput with every fault of it."""
    fields = Fields(data, FIELDS)
    answer = fields.read("answer", _answer, needed=True) or ""
    reasons, document = fields.text("reasons", needed=True), fields.text("document", needed=True)
    supersedes = fields.text("supersedes")
    fields.done()
    return {"answer": answer, "reasons": reasons, "document": document, "supersedes": supersedes}


def _answer(said: str) -> str:
    if said not in ANSWERS:
        words = ", ".join(ANSWERS)
        raise refused_input("P123", "没有这种认定", "there is no such answer", f"可用：{words}", f"there are: {words}")
    return said


def _determined(desk: Desk, leaf: str) -> Response:
    """A determination as it stands in the log, the same each time."""
    with desk.ledger.store.reading() as connection:
        row = leaf_row(connection, leaf)
    core = read_json(row.core)
    body = {
        "id": row.id, "decision": core["of"], "answer": core["answer"], "supersedes": core["supersedes"],
        "recorded_at": row.recorded_at, "promise": read_json(row.promise),
        "receipt": f"/v1/decisions/{core['of']}/receipt",
    }  # fmt: skip
    return Response(json.dumps(body, ensure_ascii=False), 201, media_type=JSON)


def _waiting(decision: str) -> Response:
    body = json.dumps({"id": decision, "status": "waiting"})
    return Response(body, 202, {"Retry-After": SOON}, JSON)
