"""Who asks, and whether they may: every route names the act it is for, and none is served without it."""

import time
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import unquote

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security.base import SecurityBase
from starlette.concurrency import run_in_threadpool

from api.rest.desk import desk_of
from api.rest.limits import Rate
from api.rest.problems import Problem
from api.rest.tokens import Tokens
from engine.access.keys import find
from engine.access.roles import Act, Grant
from engine.errors import Fault, Place
from engine.registry.store import Store
from engine.services.moments import utc_now
from engine.services.registering import kept
from engine.vocabulary import Words

# Seconds in which a revoked key may still be let in.
KEPT_SECONDS = 5.0
MOST_KEPT = 1_000
PURPOSE = "Memoranda-Purpose"


class Doorkeeper:
    """Knows who comes in, for a few seconds without asking the book again."""

    def __init__(self, access: Store, tokens: Tokens | None, rate: Rate) -> None:
        self._access, self._tokens, self._rate = access, tokens, rate
        self._seen: dict[bytes, tuple[float, Grant | None]] = {}  # touched by the event loop's thread alone

    async def let_in(self, request: Request) -> Grant:
        """Whoever the request's key or token belongs to. Problem 401 for nobody, 429 for too often."""
        said = request.headers.get("authorization", "")
        scheme, _, credentials = said.partition(" ")
        credentials = credentials.strip()
        grant = await self._known(credentials) if scheme.lower() == "bearer" and credentials.isascii() else None
        client = request.client.host if request.client else ""
        request.state.rate = self._rate.hit(f"key {grant.id}" if grant else f"from {client}")
        if grant is None:
            raise Problem(401, headers={"WWW-Authenticate": 'Bearer realm="memoranda"'})
        return grant

    async def _known(self, credentials: str) -> Grant | None:
        digest = sha256(credentials.encode()).digest()  # no key is kept in clear, not here either
        at, grant = self._seen.get(digest, (0.0, None))
        if time.monotonic() - at < KEPT_SECONDS:
            return grant
        grant = await run_in_threadpool(self._find, credentials)
        if len(self._seen) >= MOST_KEPT:
            self._seen.clear()
        self._seen[digest] = (time.monotonic(), grant)
        return grant

    def _find(self, credentials: str) -> Grant | None:
        if self._tokens and credentials.count(".") == 2:
            return self._tokens.grant_of(credentials)
        with self._access.reading() as connection:
            return find(connection, credentials, utc_now())


class Allowed(SecurityBase):
    """What a route depends on: lets in who may do the act, and knows the act for whoever lists the routes."""

    # How the OpenAPI document names it.
    model = HTTPBearerModel(description="memo_… 密钥，或身份提供方的令牌。A key, or a token of the provider.")
    scheme_name = "key"

    def __init__(self, act: Act) -> None:
        self.act = act

    async def __call__(self, request: Request) -> Grant:
        """The grant by which the request is served. Problem 403 where no role of it is enough."""
        doorkeeper: Doorkeeper = request.app.state.doorkeeper
        grant = await doorkeeper.let_in(request)
        request.state.grant = grant
        if not grant.may(self.act):
            roles = ", ".join(sorted(grant.roles)) or "—"
            raise Problem(403, Words(f"角色 {roles} 不得办理此事", f"the role {roles} may not do this"))
        if request.scope["query_string"]:
            _demand_known(request)
        return grant


def _demand_known(request: Request) -> None:
    """Problem 422 for a parameter that the route does not have: a misspelt one must not go unheard."""
    known = set(_parameters(request.scope["route"].dependant))
    if not set(request.query_params) <= known:
        words = ", ".join(sorted(known)) or "—"
        zh, en = f"有不认识的参数；可用：{words}", f"there is an unknown parameter; there are: {words}"
        raise Problem(422, faults=[Fault("P121", Place("/query"), zh, en)])


def _parameters(dependant: Dependant) -> Iterator[str]:
    """The names of the parameters of a route and of what it depends on."""
    yield from (field.alias for field in dependant.query_params)
    for one in dependant.dependencies:
        yield from _parameters(one)


def within(request: Request, grant: Grant, scenario: str | None, place: str | None) -> None:
    """Problem 403 if the grant does not reach to the scenario or the place."""
    if scenario is not None and not grant.covers_scenario(scenario):
        raise Problem(403, Words("此密钥不得用于该场景", "this key is not for that scenario"))
    if not grant.covers_place(place, desk_of(request).law.now.vocabulary):
        raise Problem(403, Words("此密钥不得用于该地区", "this key is not for that place"))


def purpose_of(request: Request) -> str:
    """What a subject is looked at for, from the header (percent-encoded UTF-8). Problem 422 without it."""
    said = unquote(request.headers.get(PURPOSE, ""))
    if not said.strip():
        raise Problem(422, Words(f"须在 {PURPOSE} 中写明查询用途", f"say in {PURPOSE} what it is asked for"))
    return kept(said, PURPOSE)
