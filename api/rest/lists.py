"""The lists the registry keeps, how old each is, and what somebody must still do about their entries."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from api.rest.auth import Allowed, within
from api.rest.desk import desk_of
from api.rest.documented import answers, problems
from api.rest.paging import PAGE, Cursor, Limit, page
from api.rest.shapes import OBJECT, OBJECTS, TEXT, having, or_null, said
from engine.access.roles import Act, Grant
from engine.calendar import When
from engine.errors import refused_input
from engine.packs.words import advice
from engine.registry.due import Due
from engine.registry.overview import ListLine
from engine.services.looking import due_now, lists_now
from engine.vocabulary import NATIONAL, Vocabulary

router = APIRouter(prefix="/v1", tags=["lists"])
TICKS = 1_000_000
LISTS = having(registry=OBJECT, at=TEXT, lists=OBJECTS)
DUE = having(today=TEXT, due=OBJECTS, next=or_null(TEXT))

Reads = Annotated[Grant, Depends(Allowed(Act.READ_LISTS))]
KnownAt = Annotated[
    str | None, Query(max_length=40, description="名录库版本或时间，默认现在。A version of the registry, or a time.")
]
In = Annotated[str | None, Query(alias="in", max_length=20, description="地区代码。The place whose deadlines count.")]


@router.get(
    "/lists",
    summary="名单与时效 · Lists, and whether they may be relied on",
    responses=problems(404, 422) | answers(200, "全部名单。Every list.", LISTS),
)
def lists(request: Request, grant: Reads, known_at: KnownAt = None) -> dict[str, Any]:
    """Every list of the vocabulary: when it came, how many entries stand, who consults it, until when it counts."""
    desk = desk_of(request)
    vocabulary = desk.law.now.vocabulary
    version, now, lines = lists_now(desk.books, vocabulary, known_at)
    told = [_line(line, now, vocabulary) for line in lines]
    return {"registry": {"version": version.number, "digest": version.digest}, "at": now.text, "lists": told}


@router.get(
    "/due",
    summary="待办与时限 · What is pending, and until when",
    responses=problems(422) | answers(200, "一页待办。A page of what is pending.", DUE),
)
def due(request: Request, grant: Reads, place: In = None, limit: Limit = PAGE, cursor: Cursor = None) -> dict[str, Any]:
    """Objections and applications for repair that are open, the earliest last day first, by the law of the place `in`.

    A key limited to jurisdictions must name one of its own.
    """
    desk = desk_of(request)
    vocabulary = desk.law.now.vocabulary
    if place is not None and place not in {NATIONAL, *vocabulary.jurisdictions}:
        raise refused_input("A733", "没有这个地区代码", "there is no such place",
                            *advice(place, vocabulary.jurisdictions), where="in")  # fmt: skip
    within(request, grant, None, place)
    today, steps = due_now(desk.books, vocabulary, place)
    shown, following = page(steps, in_order, limit, cursor)
    told = [_step(one, vocabulary) | {"overdue": one.overdue(today)} for one in shown]
    return {"today": today.isoformat(), "due": told, "next": following}


def _line(line: ListLine, now: When, vocabulary: Vocabulary) -> dict[str, Any]:
    record = line.record
    keeper = vocabulary.issuers.get(record.keeper)
    return {
        "list": record.code,
        "name": said(record.name),
        "colour": record.colour.value,
        "keeper": {"issuer": record.keeper, "name": said(keeper.name) if keeper else None},
        "data_time": line.data_time.text if line.data_time else None,
        "age_seconds": max(0, now.first - line.data_time.first) // TICKS if line.data_time else None,
        "entries": line.entries,
        "fresh_days": record.fresh,
        "relied_until": line.relied_until.text if line.relied_until else None,
        "relied_on_now": line.known(now),
        "cadence_days": line.cadence_days or None,
        "late": line.late(now),
        "consulted_by": line.wanted_by,
    }


def in_order(step: Due) -> str:
    """As they are sorted: those whose last day cannot be computed come last."""
    last = step.deadline.due.isoformat() if step.deadline.due else "9999-12-31"
    return f"{last} {step.entry} {step.procedure} {step.step}"


def _step(step: Due, vocabulary: Vocabulary) -> dict[str, Any]:
    deadline, procedure = step.deadline, vocabulary.handling.procedures[step.procedure]
    return {
        "entry": step.entry,
        "list": step.list,
        "procedure": {"procedure": step.procedure, "name": said(procedure.name)},
        "step": {"step": step.step, "name": said(procedure.steps[step.step])},
        "since": deadline.since.isoformat(),
        "last_day": deadline.due.isoformat() if deadline.due else None,
        "last_day_extended": deadline.latest.isoformat() if deadline.latest else None,
        "unknown": said(deadline.unknown) if deadline.unknown else None,
        "basis": deadline.rule.basis,
        "read": deadline.sure,
    }
