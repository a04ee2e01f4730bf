"""Cookies: all of them for this service alone, out of reach of scripts and of other sites.

Behind TLS their names begin with `__Host-`: browsers then take them from nobody but this host, and send them to nobody
else. Whether it is behind TLS the server knows of itself, or from a proxy that it is told to trust (README).
"""

from typing import Literal, TypedDict

from starlette.requests import Request
from starlette.responses import Response

SESSION, LANGUAGE, PROVIDER = "memoranda_session", "memoranda_lang", "memoranda_provider"


class _Kept(TypedDict):
    secure: bool
    httponly: bool
    samesite: Literal["lax"]


def cookie(request: Request, name: str) -> str:
    """What the browser holds under the name; empty if nothing."""
    return request.cookies.get(_named(request, name), "")


def give(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    """Have the browser hold the value for so long."""
    answer.set_cookie(_named(request, name), value, seconds, **_kept(request))


def take_back(request: Request, answer: Response, name: str) -> None:
    """Have the browser forget it."""
    answer.delete_cookie(_named(request, name), **_kept(request))


def _named(request: Request, name: str) -> str:
    return f"__Host-{name}" if request.url.scheme == "https" else name


def _kept(request: Request) -> _Kept:
    # Not "strict": whoever comes from a provider's page, or from a link in a letter, is to be known.
    return {"secure": request.url.scheme == "https", "httponly": True, "samesite": "lax"}
