"""What went wrong, as RFC 9457 has it: a stable code, Chinese or English words, pointers to what is at fault."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engine.errors import EngineFault, Fault, MemorandaError, Missing, Occupied, Refused, Unavailable
from engine.vocabulary import Words

MEDIA = "application/problem+json"
RETRY_SECONDS = 5

TITLES = {
    "bad-request": Words("请求读不懂", "the request cannot be read"),
    "unauthorized": Words("没有有效的密钥", "there is no valid key"),
    "forbidden": Words("此密钥不得如此使用", "this key may not do that"),
    "not-found": Words("没有这样的对象", "there is no such thing"),
    "method-not-allowed": Words("此处不支持该方法", "this is not done here"),
    "not-acceptable": Words("不能给出所要求的格式", "it cannot be given in that form"),
    "conflict": Words("与已有的内容冲突", "it conflicts with what is there"),
    "erased": Words("当事方信息已依法删除", "what named the party was erased"),
    "too-large": Words("内容过大", "it is too large"),
    "unsupported-media": Words("不接收此类内容", "this kind of content is not taken"),
    "unprocessable": Words("内容有误", "what was sent is at fault"),
    "key-reused": Words("同一幂等键用于不同内容", "the idempotency key was used for something else"),
    "too-many-requests": Words("请求过于频繁", "there are too many requests"),
    "internal": Words("程序出错", "the program failed"),
    "unavailable": Words("暂不可用", "not available now"),
    "too-slow": Words("用时过长，已停止", "it took too long and was stopped"),
}
STATUSES = {
    400: "bad-request", 401: "unauthorized", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
    406: "not-acceptable", 409: "conflict", 410: "erased", 413: "too-large", 415: "unsupported-media",
    422: "unprocessable", 429: "too-many-requests", 500: "internal", 503: "unavailable", 504: "too-slow",
}  # fmt: skip


@dataclass
class Problem(Exception):
    """An answer that is no answer: its status, what went wrong and how to mend it."""

    status: int
    said: Words | None = None
    help: Words | None = None
    faults: Sequence[Fault] = ()
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def problem_of(error: MemorandaError) -> Problem:
    """The problem an error of the engine amounts to."""
    said = Words(error.zh, error.en)
    help_ = Words(error.help_zh, error.help_en) if error.help_zh or error.help_en else None
    if isinstance(error, Refused):
        return Problem(422, said, help_, error.faults)
    if isinstance(error, Missing):
        return Problem(404, said, help_)
    if isinstance(error, Unavailable):
        return Problem(503, said, help_, headers={"Retry-After": str(RETRY_SECONDS)})
    if isinstance(error, Occupied):
        return Problem(409, said, help_)
    assert isinstance(error, EngineFault | MemorandaError)
    return Problem(500, said, help_)


def answer(request: Request, problem: Problem) -> Response:
    """The problem as it goes out, in the language the caller reads."""
    lang = language(request)
    body = told(problem, lang) | {"request": request.scope.get("memoranda.request", "")}
    headers = {"Content-Language": "zh-CN" if lang == "zh" else "en", "Cache-Control": "no-store", **problem.headers}
    data = json.dumps(body, ensure_ascii=False).encode()
    return Response(data, problem.status, headers, MEDIA)


def told(problem: Problem, lang: str) -> dict[str, Any]:
    """The members of a problem document."""
    code = problem.code or STATUSES.get(problem.status, "bad-request")
    body: dict[str, Any] = {
        "type": f"urn:memoranda:problem:{code}",
        "title": TITLES[code].say(lang),
        "status": problem.status,
        "code": code,
    }
    if problem.said:
        body["detail"] = problem.said.say(lang)
    if problem.help:
        body["help"] = problem.help.say(lang)
    if problem.faults:
        body["errors"] = [_fault(fault, lang) for fault in problem.faults]
    return body


def _fault(fault: Fault, lang: str) -> dict[str, Any]:
    said = {
        "code": fault.code,
        "pointer": fault.place.file,
        "detail": fault.zh if lang == "zh" else fault.en,
        "help": fault.help_zh if lang == "zh" else fault.help_en,
        "line": fault.place.line,
    }
    return {name: value for name, value in said.items() if value or name == "pointer"}


def language(request: Request) -> str:
    """`zh` or `en`: whichever the caller names first; Chinese if it names neither."""
    wanted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept-language", "").split(",")]
    return next((part[:2] for part in wanted if part[:2] in ("zh", "en")), "zh")
