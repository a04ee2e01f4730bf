"""The application: what every route stands in."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.rest import (
    batch,
    decisions,
    entries,
    health,
    imports,
    lists,
    memoranda,
    proofs,
    records,
    rulebooks,
    searches,
    subjects,
)
from api.rest.around import Around
from api.rest.auth import Doorkeeper
from api.rest.desk import open_desk
from api.rest.docket import Docket
from api.rest.documented import describe, methods_at, operation_id
from api.rest.following import Follower
from api.rest.limits import Rate
from api.rest.problems import STATUSES, Problem, answer, problem_of
from api.rest.settings import Settings
from api.rest.telemetry import telemetry
from api.rest.tokens import Tokens
from engine.errors import Fault, MemorandaError, Place

ROUTERS = (
    decisions.router, batch.router, records.router, searches.router, proofs.router, subjects.router, lists.router,
    entries.router, memoranda.router, rulebooks.router, health.router,
)  # fmt: skip
# Whose bodies are files.
UPLOADS = (imports.router,)
# Headers of answers that a page of a permitted origin may read.
EXPOSED = ("Request-Id", "Location", "ETag", "Retry-After", "RateLimit", "RateLimit-Policy")


def create_app(wanted: Settings, alone: bool = False) -> FastAPI:
    """The service; books are opened when it starts and let go when it ends.

    `alone` in its process, it may tell the collector that what it read at the start is here to stay.
    """
    app = FastAPI(
        title="Memoranda",
        summary="守信联合激励与失信联合惩戒 · China's joint reward and punishment memoranda as code",
        version="1.0.0",
        lifespan=_lifespan,
        docs_url="/docs" if wanted.docs else None,
        redoc_url=None,
        generate_unique_id_function=operation_id,
        telemetry=telemetry(wanted.telemetry),
    )
    app.state.settings, app.state.alone = wanted, alone
    for router in ROUTERS:  # bodies are bounded here, not around it all: what is too large is a problem like others
        app.include_router(router, max_body_size=wanted.body)
    for router in UPLOADS:
        app.include_router(router, max_body_size=wanted.upload)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(MemorandaError, _engine)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _shape)
    if wanted.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=wanted.origins, allow_methods=["*"], allow_headers=["*"],
            expose_headers=EXPOSED,
        )  # fmt: skip
    app.add_middleware(Around, seconds=wanted.seconds)
    describe(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    wanted: Settings = app.state.settings
    app.state.desk = desk = open_desk(wanted)
    tokens = Tokens(wanted.oidc) if wanted.oidc else None
    app.state.doorkeeper = Doorkeeper(desk.access, tokens, Rate(wanted.rate))
    app.state.docket = docket = Docket()
    follower = Follower(desk.law, desk.access)
    follower.start()
    if app.state.alone:  # the rulebook need not be looked at again, and requests leave little that counting misses
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        docket.close()
        follower.stop()
        desk.close()


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer(request, error)


async def _engine(request: Request, error: Exception) -> Response:
    assert isinstance(error, MemorandaError)
    return answer(request, problem_of(error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code if error.status_code in STATUSES else 400
    headers = dict(error.headers or {})
    if status == 405 and (allowed := methods_at(request.app, request.url.path)):
        headers["Allow"] = allowed  # of all routers: the framework names the methods of the first that fits
    return answer(request, Problem(status, headers=headers))


async def _shape(request: Request, error: Exception) -> Response:
    """What FastAPI finds wrong with parameters: where and what, never what was sent."""
    assert isinstance(error, RequestValidationError)
    faults = [
        Fault("A720", Place("/".join(("", *map(str, one["loc"])))), "参数写法不对", str(one["msg"])[:200])
        for one in error.errors()
    ]
    return answer(request, Problem(422, faults=faults))
