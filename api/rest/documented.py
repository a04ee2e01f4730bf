"""What OpenAPI says beside the routes: which problems each may answer with, examples, and the shapes of raw bodies."""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.rest.problems import MEDIA, STATUSES, TITLES, Problem, told
from api.rest.worked import ANSWER_SHAPE, BODIES, SHOWN, question
from engine.errors import Fault, Place
from engine.packs.schema import SCHEMAS
from engine.vocabulary import Words

Answers = dict[int | str, dict[str, Any]]
JSON = "application/json"
TAGS = [
    {"name": name, "description": said}
    for name, said in (
        ("decisions", "查询、决定、凭证、告知书、人工认定。Questions, decisions, receipts, notices, determinations."),
        ("ledger", "台账头、公钥、证明、应重新看的决定。The log's head, keys and proofs; what to revisit."),
        ("subjects", "主体及其记录，谁查询过。Subjects, what is known of them, and who looked."),
        ("lists", "名单、时效、待办、导入。Lists, their age, what is pending, imports."),
        ("entries", "记录的处理：异议、修复、撤销等。What happens to entries: objection, repair, annulment …"),
        ("law", "备忘录与规则库。Memoranda and rulebooks."),
        ("health", "存活、就绪、指标。Liveness, readiness, figures."),
    )
]
# What any route that asks for a key may answer with.
ALWAYS = (401, 403, 422, 429, 500, 503, 504)
_PURPOSE = {
    "name": "Memoranda-Purpose",
    "in": "header",
    "required": True,
    "description": "查询用途，百分号编码的 UTF-8。What it is looked at for, percent-encoded UTF-8.",
    "schema": {"type": "string", "minLength": 1, "pattern": "^[ -~]+$"},
    "example": "%E6%8A%95%E6%A0%87%E8%B5%84%E6%A0%BC%E5%AE%A1%E6%9F%A5",
}
_ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "同一键、同一内容只办一次。The same key and body are done once.",
    "schema": {"type": "string", "maxLength": 200, "pattern": "^[!-~]*$"},
}
# What a route reads from headers by itself, as `openapi_extra` takes it.
PURPOSE: dict[str, Any] = {"parameters": [_PURPOSE]}
ONCE: dict[str, Any] = {"parameters": [_ONCE]}
_RETRY = {"Retry-After": {"description": "几秒后再试。Seconds to wait.", "schema": {"type": "integer"}}}
_POINTED = Fault("P601", Place("/scenario"), "没有场景 `procuremen`", "there is no scenario `procuremen`",
                 "是不是 `procurement`？", "did you mean `procurement`?")  # fmt: skip

PROBLEM: Mapping[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457。`code` 不变，文字依 Accept-Language。The `code` is stable; texts go by Accept-Language.",
    "type": "object",
    "required": ["type", "title", "status", "code", "request"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(TITLES)},
        "detail": {"type": "string"},
        "help": {"type": "string"},
        "request": {"type": "string", "description": "请求编号。The request's number."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "pointer", "detail"],
                "properties": {
                    "code": {"type": "string"},
                    "pointer": {"type": "string", "description": "JSON Pointer (RFC 6901)"},
                    "detail": {"type": "string"},
                    "help": {"type": "string"},
                    "line": {"type": "integer"},
                },
            },
        },
    },
}


def problems(*statuses: int, always: tuple[int, ...] = ALWAYS) -> Answers:
    """The problems a route may answer with: those of every route with a key, and these."""
    return {status: _problem(status) for status in sorted({*always, *statuses})}


def answers(status: int, said: str, schema: Mapping[str, Any], examples: Mapping[str, Any] | None = None) -> Answers:
    """A JSON answer that a route writes itself, with examples by name."""
    content: dict[str, Any] = {"schema": schema}
    if examples:
        content["examples"] = examples
    return {status: {"description": said, "content": {JSON: content}}}


def takes(schema: Mapping[str, Any], examples: Mapping[str, Any], kind: str = JSON) -> dict[str, Any]:
    """A body that a route reads itself, as `openapi_extra` takes it."""
    content = {"schema": schema, "examples": examples}
    return {"requestBody": {"required": True, "content": {kind: content}}}


def example(zh: str, en: str, value: Any) -> dict[str, Any]:
    """An example with its one line in both languages."""
    return {"summary": f"{zh} · {en}", "value": value}


def ref(name: str) -> dict[str, str]:
    """Of a shape under `components`."""
    return {"$ref": f"#/components/schemas/{name}"}


def describe(app: FastAPI) -> None:
    """Let the application's document name our shapes beside those that its routes bring."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            said = get_openapi(
                title=app.title, version=app.version, summary=app.summary, routes=app.routes, tags=TAGS,
                license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            )  # fmt: skip
            shapes = said.setdefault("components", {}).setdefault("schemas", {})
            shapes["Problem"] = dict(PROBLEM)
            for name in ("inquiry", "decision"):
                shapes |= _shapes(name)
            shapes |= {"Question": question(shapes), "Answer": ANSWER_SHAPE}
            for methods in said["paths"].values():
                for operation in methods.values():
                    _finish(operation, said["components"].setdefault("responses", {}))
            app.openapi_schema = said
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def methods_at(app: FastAPI, path: str) -> str:
    """What may be done at an address, as `Allow` has it; empty for one that the document does not know.

    A template may fit where another address is written out: that one is meant.
    """
    documented: dict[str, dict[str, Any]] = app.openapi()["paths"]
    fits = [said for template, said in documented.items() if re.fullmatch(re.sub("{[^}]+}", "[^/]+", template), path)]
    found = [documented[path]] if path in documented else fits
    return ", ".join(sorted({method.upper() for said in found for method in said}))


def operation_id(route: APIRoute) -> str:
    """What a client's generator calls the operation: its first tag and the function's name, `decisions_decide`."""
    return f"{route.tags[0]}_{route.name.strip('_')}"


def _finish(operation: dict[str, Any], shared: dict[str, Any]) -> None:
    """Examples kept apart from the routes, the mark of what anybody may ask for, and each problem written once."""
    operation.setdefault("security", [])
    name = operation["operationId"]
    for status, shown in SHOWN.get(name, {}).items():
        _show(operation["responses"][status]["content"], shown)
    if name in BODIES:
        _show(operation["requestBody"]["content"], BODIES[name])
    for status, answer in operation["responses"].items():
        if MEDIA in answer.get("content", {}):
            shared[f"problem{status}"] = answer
            operation["responses"][status] = {"$ref": f"#/components/responses/problem{status}"}


def _show(content: dict[str, Any], shown: Mapping[str, Any]) -> None:
    """More examples of a body of the first kind there is; those of the route itself are left as they are."""
    kind = next(iter(content))
    content[kind] = {**content[kind], "examples": {**content[kind].get("examples", {}), **shown}}


def _shapes(name: str) -> dict[str, Any]:
    """A shape of the engine and those it stands on, under names of their own: two of them have an EntryShape."""
    template = f"#/components/schemas/{name}.{{model}}"
    schema = SCHEMAS[name].model_json_schema(ref_template=template)
    inner = schema.pop("$defs", {})
    return {name: schema, **{f"{name}.{model}": shape for model, shape in inner.items()}}


def _problem(status: int) -> dict[str, Any]:
    words = TITLES[STATUSES[status]]
    shown = {lang: {"summary": words.say(lang), "value": _sample(status, lang)} for lang in ("zh", "en")}
    said = {
        "description": f"{words.zh} · {words.en}",
        "content": {MEDIA: {"schema": ref("Problem"), "examples": shown}},
    }
    return said | ({"headers": _RETRY} if status in (429, 503) else {})


def _sample(status: int, lang: str) -> dict[str, Any]:
    problem = Problem(status, Words(_POINTED.zh, _POINTED.en), faults=[_POINTED]) if status == 422 else Problem(status)
    return told(problem, lang) | {"request": "5f1c9a3e7b2d4860"}
