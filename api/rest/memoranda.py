"""The documents that are served, each with its measures as the table a document of this kind ends in."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from api.rest.auth import Allowed
from api.rest.caching import ASK_FIRST, kept
from api.rest.desk import desk_of
from api.rest.documented import JSON, answers, problems
from api.rest.paging import PAGE, Cursor, Limit, page
from api.rest.shapes import NOT_CHANGED, NUMBER, OBJECT, OBJECTS, TEXT, TEXTS, WORDS, Shape, having, or_null, said
from engine.access.roles import Act, Grant
from engine.explanation.table import annex
from engine.model import Memorandum
from engine.services.rulebooks import memorandum_in
from engine.vocabulary import Span, Vocabulary

router = APIRouter(prefix="/v1/memoranda", tags=["law"])
LANGUAGES = ("zh", "en")
HEAD: Mapping[str, Shape] = {
    "memorandum": TEXT, "title": WORDS, "number": TEXT, "form": TEXT, "jurisdiction": OBJECT, "issued": TEXT,
    "in_force": OBJECT, "issuers": TEXTS, "lists": TEXTS, "measures": NUMBER, "drafts": NUMBER,
}  # fmt: skip
PAGE_SHAPE = having(rulebook=TEXT, memoranda={"type": "array", "items": having(**HEAD)}, next=or_null(TEXT))
WHOLE_SHAPE = having(rulebook=TEXT, **HEAD, note=or_null(WORDS), annex=OBJECTS)

Reads = Annotated[Grant, Depends(Allowed(Act.READ_LAW))]
Code = Annotated[str, Path(max_length=64, description="文件代码。The document's code.")]


@router.get(
    "",
    summary="已编码的文件 · The documents encoded",
    responses=problems(422) | answers(200, "一页文件。A page of documents.", PAGE_SHAPE),
)
def memoranda(request: Request, grant: Reads, limit: Limit = PAGE, cursor: Cursor = None) -> dict[str, Any]:
    """Every document of the rulebook that is served, in the order of their codes."""
    rulebook = desk_of(request).law.now.rulebook
    shown, following = page(sorted(rulebook.memoranda.values(), key=lambda one: one.code), _code, limit, cursor)
    return {
        "rulebook": rulebook.revision,
        "memoranda": [head(one, rulebook.vocabulary) for one in shown],
        "next": following,
    }


@router.get(
    "/{memorandum}",
    summary="一份文件及其措施表 · One document with its table of measures",
    responses=problems(404, 422) | NOT_CHANGED | answers(200, "文件与措施表。Head and annex.", WHOLE_SHAPE),
)
def memorandum(request: Request, grant: Reads, memorandum: Code) -> Response:
    """Clause, measure, basis, who acts, whom it reaches and when, how it was checked; in both languages."""
    rulebook = desk_of(request).law.now.rulebook
    found, vocabulary = memorandum_in(rulebook, memorandum), rulebook.vocabulary
    tables = {lang: annex(found, vocabulary, lang) for lang in LANGUAGES}
    rows = [
        {"measure": measure.id, **{lang: asdict(tables[lang][number]) for lang in LANGUAGES}}
        for number, measure in enumerate(found.measures)
    ]
    whole = {"rulebook": rulebook.revision, **head(found, vocabulary), "annex": rows}
    whole["note"] = said(found.note) if found.note else None
    return kept(request, json.dumps(whole, ensure_ascii=False).encode(), JSON, ASK_FIRST)


def head(memorandum: Memorandum, vocabulary: Vocabulary) -> dict[str, Any]:
    """What a document is, without its measures."""
    place = vocabulary.jurisdictions.get(memorandum.jurisdiction)
    return {
        "memorandum": memorandum.code,
        "title": said(memorandum.title),
        "number": memorandum.number,
        "form": memorandum.form.value,
        "jurisdiction": {"code": memorandum.jurisdiction, "name": said(place.name) if place else None},
        "issued": memorandum.issued.isoformat(),
        "in_force": _days(memorandum.span),
        "issuers": memorandum.issuers,
        "lists": memorandum.lists,
        "measures": len(memorandum.measures),
        "drafts": sum(measure.draft for measure in memorandum.measures),
    }


def _code(memorandum: Memorandum) -> str:
    return memorandum.code


def _days(span: Span) -> dict[str, str | None]:
    since, until = (day.isoformat() if day else None for day in (span.since, span.until))
    return {"since": since, "until": until}
