"""Signing in with the organisation's own account: there and back, by code, state, nonce and PKCE."""

import secrets as chance
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from api.rest.limits import Rate
from api.rest.problems import Problem
from api.web.cookies import PROVIDER, cookie, give, take_back
from api.web.door.entrance import signed_in
from api.web.door.exchange import Exchange, Secrets
from api.web.visits import Anybody, Visit, address_of, inside
from engine.access.sessions import begin, end
from engine.services.moments import utc_now
from engine.vocabulary import Words

router = APIRouter()

Open = Annotated[Visit, Depends(Anybody())]
# So long somebody may take at the provider's.
SECONDS = 600
LONGEST = 4_096  # of what a provider sends back
# What a provider says when it is the person who is not let in.
REFUSED = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})
AGAIN = Words("请重新登录", "sign in again")
STALE = Words("这次登录已过期，或不是在此浏览器开始的", "this sign-in is too old, or did not begin in this browser")
NOT_LET_IN = Words("统一身份平台没有确认您的身份", "the identity provider does not vouch for you")
NOT_DONE = Words("统一身份平台没有完成登录", "the identity provider did not complete the sign-in")
NO_ROLE = Words("您的统一身份没有本系统的角色", "your account with the identity provider has no role here")
ASK = Words("请联系管理员授权", "ask whoever keeps the accounts for one")


@router.get("/oidc/start")
def start(request: Request, visit: Open, next: str = "/") -> Response:
    """To the provider; what this browser will be known by when it comes back stays in it."""
    exchange = _exchange(request)
    held = chance.token_hex(32)
    secrets = Secrets.of(held)
    challenge = _packed(sha256(secrets.verifier.encode()).digest())
    answer = RedirectResponse(exchange.way_there(secrets, _back(request), challenge), 303)
    give(request, answer, PROVIDER, f"{held}.{_packed(inside(next).encode())}", SECONDS)
    return answer


@router.get("/oidc/back")
def back(request: Request, visit: Open, code: str = "", state: str = "", iss: str = "", error: str = "") -> Response:
    """From the provider, signed in; Problem where it does not vouch for whoever comes, or they have no role."""
    exchange, rate = _exchange(request), request.app.state.open_rate
    assert isinstance(rate, Rate)
    rate.hit(f"from {address_of(request)}")
    held, _, then = cookie(request, PROVIDER).partition(".")
    secrets = Secrets.of(held)
    if not held or not compare_digest(secrets.state, state[:LONGEST].encode("ascii", "replace").decode()):
        raise Problem(400, STALE, AGAIN)
    if iss not in ("", exchange.issuer) or len(code) > LONGEST:
        raise Problem(400, STALE, AGAIN)
    if error or not code:
        raise Problem(403, NOT_LET_IN, AGAIN) if error in REFUSED else Problem(503, NOT_DONE, AGAIN)
    grant = exchange.who(code, secrets, _back(request))
    if grant is None:
        raise Problem(403, NOT_LET_IN, AGAIN)
    if not grant.roles:
        raise Problem(403, NO_ROLE, ASK)
    session = begin(visit.desk.access, grant, utc_now(), chance.token_bytes)
    assert session is not None  # only an account can have changed meanwhile
    if visit.session:
        end(visit.desk.access, visit.session)
    answer = signed_in(request, session, _path(then))
    take_back(request, answer, PROVIDER)
    return answer


def _exchange(request: Request) -> Exchange:
    found: Exchange | None = request.app.state.exchange
    if found is None:
        raise Problem(404)
    return found


def _back(request: Request) -> str:
    """The address that is registered with the provider, as this browser knows the service."""
    return str(request.url.replace(path="/oidc/back", query="", fragment=""))


def _path(held: str) -> str:
    try:
        return inside(urlsafe_b64decode(f"{held}{'=' * (-len(held) % 4)}").decode())
    except ValueError:
        return "/"


def _packed(said: bytes) -> str:
    return urlsafe_b64encode(said).decode().rstrip("=")
