"""What happened to an entry: objection, suspension, repair, annulment …, each with its document and who recorded it."""

import json
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.rest.auth import Allowed
from api.rest.bodies import raw_body
from api.rest.desk import desk_of
from api.rest.documented import ONCE, answers, example, problems, takes
from api.rest.fields import Fields
from api.rest.reaching import demand_entry
from api.rest.repeating import JSON, once
from api.rest.shapes import NUMBER, OBJECT, TEXT, body, having, line, said
from api.rest.subjects import WORDS
from engine.access.roles import Act, Grant
from engine.errors import refused_input
from engine.registry.chain import latest
from engine.registry.events import LONGEST, VERBS, Happened, entry_row
from engine.services.registering import happened, moment_of, record

router = APIRouter(prefix="/v1/entries", tags=["entries"])
FIELDS = ("event", "on", "document", "reason")
EVENT = takes(
    body(
        "event", "on", "document",
        event=line("办理事项", "what happened", enum=[*VERBS]),
        on=line("日期或时刻", "the day or instant"),
        document=line("文书号", "the document it rests on", maxLength=LONGEST),
        reason=line("理由", "why", maxLength=LONGEST),
    ),
    {
        "object": example("提出异议", "an objection", {"event": "object", "on": "2026-11-20", "document": "异议1号"}),
        "repair": example(
            "信用修复", "repaired",
            {"event": "repair", "on": "2026-11-20T10:00+08:00", "document": "修复2号", "reason": "已履行义务"},
        ),
    },
)  # fmt: skip
RECORDED = having(entry=TEXT, list=TEXT, event=TEXT, kind=TEXT, words=OBJECT, on=TEXT, document=TEXT, registry=NUMBER)

Records = Annotated[Grant, Depends(Allowed(Act.RECORD_EVENT))]
Body = Annotated[bytes, Depends(raw_body)]
Number = Annotated[str, Path(pattern="^[0-9a-f]{20}$", description="记录编号，全部二十位。Its number, whole.")]


@router.post(
    "/{number}/events",
    status_code=201,
    summary="登记处理 · What happened to an entry",
    responses=problems(404, 409, 413, 415, 422) | answers(201, "已登记。Recorded.", RECORDED),
    openapi_extra=EVENT | ONCE,
)
def events(request: Request, grant: Records, number: Number, data: Body) -> Response:
    """`event` (object, settle, suspend, resume, apply, refuse, repair, remove, annul, lift, restore), the day or
    instant `on` which it happened, the `document` it rests on, and the `reason`. It is recorded as the key's doing.

    A key limited to jurisdictions records only on entries whose decision limits itself to a territory in one of them;
    one limited to scenarios only on lists that no other scenario consults. With an `Idempotency-Key` it is done once.
    """
    told = _read(number, data)
    desk = desk_of(request)
    with desk.books.registry.reading() as connection:
        row = entry_row(connection, number, latest(connection).number)
    territory = json.loads(row.facts).get("territory")
    demand_entry(request, grant, row.list, territory if isinstance(territory, str) else None)
    digest = sha256(number.encode() + b"\n" + data).hexdigest()
    return once(request, grant, "entries/events", digest, lambda: _recorded(request, grant, told))


def _read(number: str, data: bytes) -> Happened:
    """The event; RefusedInput with every fault of the body."""
    fields = Fields(data, FIELDS)
    verb = fields.read("event", _verb, needed=True) or ""
    on = fields.read("on", lambda text: moment_of(text).text, needed=True) or ""
    document, reason = fields.text("document", needed=True), fields.text("reason")
    fields.done()
    return happened(number, verb, on, document, reason)


def _verb(text: str) -> str:
    if text not in VERBS:
        words = ", ".join(VERBS)
        raise refused_input("P123", "没有这种处理", "there is no such event", f"可用：{words}", f"there are: {words}")
    return text


def _recorded(request: Request, grant: Grant, told: Happened) -> Response:
    done = record(desk_of(request).books, told, grant.id)
    body = {
        "entry": done.entry, "list": done.list, "event": told.verb, "kind": done.kind, "words": said(WORDS[done.kind]),
        "on": told.at, "document": told.document, "registry": done.version,
    }  # fmt: skip
    return Response(json.dumps(body, ensure_ascii=False), 201, media_type=JSON)
