"""Subjects looked up: what the registry knows of one, who may be meant by a name, and who looked and why."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.rest.auth import Allowed
from api.rest.bodies import raw_body
from api.rest.desk import Desk, desk_of
from api.rest.documented import answers, example, problems, takes
from api.rest.fields import Fields
from api.rest.paging import PAGE, cursor_of, read_cursor
from api.rest.shapes import NUMBER, OBJECTS, TEXT, TEXTS, body, having, line, or_null, said
from engine.access.reads import Look, note, noted
from engine.access.roles import Act, Grant
from engine.errors import refused_input
from engine.explanation.phrases import DATES
from engine.inquiry import UNKNOWN, Entry, Known, Relation
from engine.registry.events import STEPS
from engine.registry.overview import Dated, Timeline
from engine.services.looking import all_keys, named_like, person_of, read_code, subject_timeline
from engine.services.moments import utc_now
from engine.vocabulary import Scenario, Vocabulary

router = APIRouter(prefix="/v1/subjects", tags=["subjects"])
SUBJECT, PERSON, NAME = "subject", "person", "name"
# So many candidates are named; whoever needs more should send more of the name.
MOST_CANDIDATES = 20
WORDS = {**DATES, **STEPS}
_WHO = {
    "subject": line("统一社会信用代码", "its code"),
    "person": line("公民身份号码，用后即弃", "a citizen's number, digested and dropped", writeOnly=True),
}
_WHY = {
    "purpose": line("查询用途", "what it is asked for"),
    "case": line("案号或项目编号", "the number of the matter"),
}
LOOKUP = takes(
    body(
        "purpose", **_WHO, name=line("名称，只返回可能的主体", "a name: only who may be meant is answered"), **_WHY,
        known_at=line("名录库版本或时间", "a version of the registry, or a time"),
    ),
    {
        "code": example(
            "按代码", "by code", {"subject": "919900000000001021", "purpose": "招标资格审查", "case": "采2026-1号"}
        ),
        "name": example("按名称", "by name", {"name": "合成样本000102号（测试）有限公司", "purpose": "核对名称"}),
    },
)  # fmt: skip
LOOKS = takes(
    body("purpose", **_WHO, **_WHY, cursor=line("上一页的 next", "`next` of the page before")),
    {"code": example("按代码", "by code", {"subject": "919900000000001021", "purpose": "审计"})},
)
FOUND = {
    "oneOf": [
        having(
            subject=TEXT, names=TEXTS, registry=NUMBER, limited_to=or_null(TEXTS), entries=OBJECTS, timeline=OBJECTS,
            relations=OBJECTS,
        ),
        having(candidates=OBJECTS, more=NUMBER),
    ]
}  # fmt: skip
LOOKED = having(subject=TEXT, looks=OBJECTS, next=or_null(TEXT))

Reads = Annotated[Grant, Depends(Allowed(Act.READ_SUBJECT))]
ReadsLooks = Annotated[Grant, Depends(Allowed(Act.READ_LOOKS))]
Body = Annotated[bytes, Depends(raw_body)]


@router.post(
    "/lookup",
    summary="查询主体 · Look a subject up",
    responses=problems(404, 413, 415, 422) | answers(200, "主体，或可能的主体。The subject, or candidates.", FOUND),
    openapi_extra=LOOKUP,
)
def lookup(request: Request, grant: Reads, data: Body) -> dict[str, Any]:
    """By `subject` (a code) or `person` (a citizen's number, digested and dropped): names, entries, timeline, ties.

    By `name`: only who may be meant, never anything about them. `purpose` is required; `case` and `known_at` (a version
    of the registry or a time) are not. The look is noted before anything is shown. A key limited to scenarios is shown
    the entries of the lists those consult.
    """
    desk = desk_of(request)
    fields = Fields(data, (SUBJECT, PERSON, NAME, "purpose", "case", "known_at"))
    purpose, case = _purpose(fields), fields.text("case")
    known_at = fields.text("known_at") or None
    if NAME in fields and not {SUBJECT, PERSON} & set(_given(fields)):
        return _candidates(desk, grant, fields, purpose, case)
    subject = _subject(desk, fields)
    look = Look(grant.id, Act.READ_SUBJECT, purpose, case, subject)
    note(desk.access, [look], utc_now())
    vocabulary = desk.law.now.vocabulary
    return _shown(subject_timeline(desk.books, vocabulary, subject, known_at), grant, vocabulary)


@router.post(
    "/looks",
    summary="谁查询过该主体 · Who looked at a subject",
    responses=problems(413, 415, 422) | answers(200, "一页查询记录。A page of looks.", LOOKED),
    openapi_extra=LOOKS,
)
def looks(request: Request, grant: ReadsLooks, data: Body) -> dict[str, Any]:
    """Each look at the subject by any of its keys, the latest first: who, when, for what. This look is noted too.

    Decisions about the subject are not looks: they stand in the ledger with who asked and why.
    """
    desk = desk_of(request)
    fields = Fields(data, (SUBJECT, PERSON, "purpose", "case", "cursor"))
    purpose, case = _purpose(fields), fields.text("case")
    before = fields.read("cursor", _place) or 0
    subject = _subject(desk, fields)
    note(desk.access, [Look(grant.id, Act.READ_LOOKS, purpose, case, subject)], utc_now())
    with desk.access.reading() as connection:
        rows = noted(connection, all_keys(desk.books, subject), before, PAGE + 1)
    shown = [
        {"at": row.at, "who": row.who, "name": row.name, "act": row.act, "purpose": row.purpose, "case": row.matter}
        for row in rows[:PAGE]
    ]
    return {"subject": subject, "looks": shown, "next": cursor_of(str(rows[PAGE - 1].id)) if rows[PAGE:] else None}


def _given(fields: Fields) -> list[str]:
    return [name for name in (SUBJECT, PERSON, NAME) if name in fields]


def _purpose(fields: Fields) -> str:
    purpose = fields.text("purpose")
    if not purpose:
        fields.fault("A721", "/purpose", "须写明查询用途", "say what it is asked for")
    return purpose


def _subject(desk: Desk, fields: Fields) -> str:
    """The key of whom the body names; a citizen's number ends here."""
    if len(_given(fields)) != 1:
        zh, en = "主体须给出且只给出一种：代码、公民身份号码或名称", "name the subject in one way, and in one only"
        fields.fault("A732", "", zh, en)
    subject = fields.read(SUBJECT, read_code)
    person = fields.read(PERSON, lambda said: person_of(said, desk.books))
    fields.done()
    return subject or person or ""


def _place(cursor: str) -> int:
    said = read_cursor(cursor) or ""
    if not (said.isascii() and said.isdigit() and 0 < len(said) < 19):
        raise refused_input("A731", "不是本接口给出的 cursor", "this is no cursor of ours")
    return int(said)


def _candidates(desk: Desk, grant: Grant, fields: Fields, purpose: str, case: str) -> dict[str, Any]:
    found = fields.read(NAME, lambda said: named_like(desk.books, said)) or {}
    fields.done()
    shown = sorted(found.items())[:MOST_CANDIDATES]
    seen = [Look(grant.id, Act.READ_SUBJECT, purpose, case, subject) for subject, _ in shown]
    note(desk.access, seen or [Look(grant.id, Act.READ_SUBJECT, purpose, case)], utc_now())
    return {
        "candidates": [{"subject": subject, "names": names} for subject, names in shown],
        "more": len(found) - len(shown),
    }


def _shown(line: Timeline, grant: Grant, vocabulary: Vocabulary) -> dict[str, Any]:
    lists = consulted(grant, vocabulary)
    return {
        "subject": line.subject,
        "names": line.names,
        "registry": line.version,
        "limited_to": None if lists is None else sorted(lists),
        "entries": [_entry(one, vocabulary) for one in line.entries if lists is None or one.list in lists],
        "timeline": [_dated(one) for one in line.lines if lists is None or one.entry.list in lists],
        "relations": [_tie(one) for one in line.relations],
    }


def consulted(grant: Grant, vocabulary: Vocabulary) -> frozenset[str] | None:
    """The lists that the grant's scenarios consult; None for a grant that is not limited to any."""
    if not grant.scenarios:
        return None
    scenarios: Iterable[Scenario] = (s for code, s in vocabulary.scenarios.items() if code in grant.scenarios)
    return frozenset(code for one in scenarios for code in one.consults + one.benefits_consult)


def _entry(entry: Entry, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "entry": entry.number,
        "list": entry.list,
        "list_name": said(vocabulary.lists[entry.list].name),
        "document": entry.document,
        "body": entry.body,
        "dates": {name: when.text for name, when in entry.dates.items()},
        "facts": {name: _fact(value) for name, value in entry.facts.items()},
        "events": [{"kind": event.kind, "on": event.when.text} for event in entry.events],
    }


def _fact(value: Known) -> int | str | bool:
    if value is UNKNOWN:
        return "unknown"
    return value if isinstance(value, int | str) else str(value)


def _dated(line: Dated) -> dict[str, Any]:
    return {
        "on": line.at.text,
        "what": line.what,
        "words": said(WORDS[line.what]),
        "entry": line.entry.number,
        "list": line.entry.list,
        "document": line.document,
        "reason": line.reason,
        "since_version": line.version,
    }


def _tie(tie: Relation) -> dict[str, Any]:
    span = tie.span
    return {"kind": tie.kind, "near": tie.near, "far": tie.far, "since": _day(span.since), "until": _day(span.until)}


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
