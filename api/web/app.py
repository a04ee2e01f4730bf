"""The pages as an application beside the service: the same desk, its own errors."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api.rest.around import Around
from api.rest.limits import Rate
from api.rest.problems import STATUSES, TITLES, Problem, problem_of
from api.rest.settings import Settings
from api.web import assets, counter
from api.web.door import entrance, passwords, provider
from api.web.door.exchange import Exchange
from api.web.ledger import decisions, reviews, verifying
from api.web.ledger import pages as ledger
from api.web.library import pages as library
from api.web.overview import pages as overview
from api.web.registrar import pages as registrar
from api.web.render import page
from api.web.subjects import pages as subjects
from api.web.tenders import pages as tenders
from api.web.visits import Elsewhere, Visit, language_of
from api.web.words import PROBLEMS
from engine.errors import MemorandaError

ROUTERS = (
    assets.router, entrance.router, provider.router, passwords.router, counter.router, subjects.router, library.router,
    ledger.router, decisions.router, reviews.router, overview.router,
)  # fmt: skip
# Whose forms may hold a file.
UPLOADS = (tenders.router, registrar.router, verifying.router)
# Of what a signed-in visitor may ask a minute, so much may an address send to pages that nobody signs in for.
OPEN_SHARE = 100


def create_pages(wanted: Settings, state: Any) -> FastAPI:
    """The pages; `state` is the service's own, whose desk they work at."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state = state
    oidc = wanted.oidc
    state.exchange = Exchange(oidc, oidc.client) if oidc and oidc.client else None
    state.page_rate, state.open_rate = Rate(wanted.rate), Rate(max(1, wanted.rate // OPEN_SHARE))
    for router in ROUTERS:
        app.include_router(router, max_body_size=wanted.body)
    for router in UPLOADS:
        app.include_router(router, max_body_size=wanted.upload)
    app.add_exception_handler(Elsewhere, _elsewhere)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(MemorandaError, _engine)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _shape)
    app.add_middleware(Around, seconds=wanted.seconds, tell=problem_page)
    return app


def problem_page(request: Request, problem: Problem) -> Response:
    """What went wrong as a page of its own: in words, with a way on, and nothing of what was sent."""
    visit = Visit(request, request.app.state.desk, language_of(request))
    code = problem.code or STATUSES.get(problem.status, "bad-request")
    title = PROBLEMS.get(code, TITLES[code])
    number = request.scope.get("memoranda.request", "")
    return page(visit, "problem.html", status=problem.status, headers=problem.headers,
                title=title.say(visit.lang), problem=problem, number=number)  # fmt: skip


async def _elsewhere(request: Request, error: Exception) -> Response:
    assert isinstance(error, Elsewhere)
    if request.headers.get("hx-request"):  # a part of a page cannot hold a whole other one
        return Response(status_code=204, headers={"HX-Redirect": error.where})
    return RedirectResponse(error.where, 303)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_page(request, error)


async def _engine(request: Request, error: Exception) -> Response:
    assert isinstance(error, MemorandaError)
    return problem_page(request, problem_of(error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem_page(request, Problem(error.status_code if error.status_code in STATUSES else 400))


async def _shape(request: Request, _: Exception) -> Response:
    return problem_page(request, Problem(404))  # an address that is no address of ours
