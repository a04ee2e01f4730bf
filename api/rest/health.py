"""Whether the process lives, whether it may be asked, and its figures."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.rest import metrics
from api.rest.auth import Allowed
from api.rest.desk import Desk, desk_of
from api.rest.documented import answers, problems
from api.rest.shapes import OBJECT, TEXT, TEXTS, having
from engine.access.migrating import ACCESS
from engine.access.roles import Act, Grant
from engine.calendar import SHANGHAI, When, instant, later, read_when
from engine.errors import MemorandaError
from engine.ledger.migrating import LEDGER
from engine.ledger.sequencing import size_of, waits
from engine.registry.chain import latest
from engine.registry.migrating import REGISTRY, revision
from engine.registry.reading import arrivals_at
from engine.services.moments import utc_now

router = APIRouter(tags=["health"])

_READY = having(status=TEXT, checks=OBJECT, lists_not_fresh=TEXTS)
READINESS = (
    problems(always=(500, 504)) | answers(200, "可供查询。Ready.", _READY) | answers(503, "尚不可。Not ready.", _READY)
)
FIGURES = problems() | {200: {"description": "Prometheus", "content": {"text/plain": {"schema": TEXT}}}}


@router.get(
    "/healthz",
    summary="进程是否存活 · Whether the process lives",
    responses=problems(always=(500, 504)) | answers(200, "存活。It lives.", having(status=TEXT)),
)
def healthz() -> dict[str, str]:
    """Asks nothing of anybody."""
    return {"status": "ok"}


@router.get("/readyz", summary="是否可供查询 · Whether it may be asked", responses=READINESS)
def readyz(request: Request, response: Response) -> dict[str, Any]:
    """Migrations, packs, sequencer, and which lists are too old to rely on; stale lists do not make it unready."""
    desk = desk_of(request)
    checks = {
        "registry": _holds(lambda: revision(desk.books.registry, REGISTRY).current),
        "ledger": _holds(lambda: revision(desk.ledger.store, LEDGER).current),
        "access": _holds(lambda: revision(desk.access, ACCESS).current),
        "packs": bool(desk.law.now.rulebook.memoranda),
        "sequencer": desk.sequencer.alive and desk.sequencer.fault is None,
    }
    ready = all(checks.values())
    response.status_code = 200 if ready else 503
    if not ready:
        response.headers["Retry-After"] = "5"
    stale = _stale(desk) if ready else []
    return {"status": "ready" if ready else "not-ready", "checks": checks, "lists_not_fresh": stale}


@router.get("/metrics", summary="运行指标 · Figures for Prometheus", response_class=Response, responses=FIGURES)
def metrics_(request: Request, grant: Annotated[Grant, Depends(Allowed(Act.READ_METRICS))]) -> Response:
    """Counters of this process, and the state of the books."""
    desk = desk_of(request)
    with desk.ledger.store.reading() as connection:
        metrics.TREE_SIZE.set(size_of(connection))
    metrics.WAITING.set(waits(desk.ledger.store))
    metrics.SEQUENCER.set(desk.sequencer.alive and desk.sequencer.fault is None)
    with desk.books.registry.reading() as connection:
        metrics.REGISTRY.set(latest(connection).number)
    now = utc_now().timestamp()
    for code, data_time in _data_times(desk).items():
        metrics.DATA_AGE.labels(code).set(now - data_time.first / 1_000_000)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _holds(asked: Callable[[], bool]) -> bool:
    try:
        return asked()
    except MemorandaError:
        return False


def _stale(desk: Desk) -> list[str]:
    """Lists that some scenario consults and may not rely on now."""
    now, vocabulary, times = instant(utc_now().astimezone(SHANGHAI)), desk.law.now.vocabulary, _data_times(desk)
    wanted = {code for scenario in vocabulary.scenarios.values() for code in scenario.consults}
    return sorted(
        code for code in wanted if code not in times or later(times[code], vocabulary.lists[code].fresh).last < now.last
    )


def _data_times(desk: Desk) -> dict[str, When]:
    """The data time of each list's newest arrival."""
    lists = desk.law.now.vocabulary.lists
    with desk.books.registry.reading() as connection:
        arrivals = arrivals_at(connection, latest(connection).number)
    return {code: read_when(said) for code, said in arrivals.items() if code in lists}
