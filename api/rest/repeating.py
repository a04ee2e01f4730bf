"""A write is done once: who sends it again with its key gets the first answer, also after a connection was cut."""

import logging
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256

from fastapi import Request
from starlette.responses import Response

from api.rest.desk import desk_of
from api.rest.problems import Problem
from engine.access.repeats import begin, finish, forget
from engine.access.roles import Grant
from engine.errors import Missing, Refused, Unavailable
from engine.services.moments import utc_now
from engine.vocabulary import Words

LOG = logging.getLogger("memoranda")
LONGEST_KEY = 200
JSON = "application/json"
BEGUN = Words(
    "同一请求已开始办理，尚未见办结：可能正在办理，也可能中断在写入前后",
    "the same request was begun and its end is not known: it may be at work, or was cut off before or after it wrote",
)
LOOK_FIRST = Words(
    "先查看该记录或名单是否已有此项；没有再换一个 Idempotency-Key 发送",
    "look first whether the entry or list has it; if not, send it with another Idempotency-Key",
)


def idempotency_key(request: Request, grant: Grant, route: str) -> str:
    """The digest under which a request is found again; empty if it names no key. Problem 422 for one too long."""
    said = request.headers.get("idempotency-key", "")
    if len(said) > LONGEST_KEY or not all("!" <= one <= "~" for one in said):
        zh, en = (
            f"Idempotency-Key 最多 {LONGEST_KEY} 个可见 ASCII 字符",
            f"at most {LONGEST_KEY} visible ASCII characters",
        )
        raise Problem(422, Words(zh, en))
    return sha256(f"{grant.id}\n{route}\n{said}".encode()).hexdigest() if said else ""


def once(request: Request, grant: Grant, route: str, digest: str, do: Callable[[], Response]) -> Response:
    """Do it, unless it was done before; `digest` is that of all that was sent, the path included.

    Problem 422 `key-reused` if something else came with its key, 409 if it was begun and nobody knows its end. What is
    refused (a Problem, Refused or Missing raised by `do`) has written nothing, and its key may be used again.
    """
    key, book = idempotency_key(request, grant, route), desk_of(request).access
    if not key:
        return do()
    before = begin(book, key, digest, grant.id, utc_now())
    if before is not None and before.body != digest:
        raise Problem(422, code="key-reused")
    if before is not None and not before.finished:
        raise Problem(409, BEGUN, LOOK_FIRST)
    if before is not None:
        return Response(before.answer, before.status, media_type=JSON)
    try:
        answer = do()
    except (Refused, Missing, Problem):
        with suppress(Unavailable):
            forget(book, key)
        raise
    try:
        finish(book, key, answer.status_code, bytes(answer.body).decode(), utc_now())
    except Unavailable:  # it is done all the same: who sends it again is told to look
        LOG.warning("an answer could not be kept for a repeated request")
    return answer
