"""What surrounds every request: its number, its time, headers every answer has, a line in the log without names."""

import json
import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.metrics import ANSWERS, SECONDS
from api.rest.problems import MEDIA, Problem, answer

LOG = logging.getLogger("memoranda")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Around:
    """The outermost layer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything but HTTP goes through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number, began, status, instead = secrets.token_hex(8), time.perf_counter(), 500, b""
        scope["memoranda.request"] = number

        async def sending(message: Message) -> None:
            nonlocal status, instead
            if message["type"] == "http.response.body" and instead:
                message = {**message, "body": instead}
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                if status == 413 and headers.get("content-type") != MEDIA:
                    instead = _too_large(scope, headers)
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                headers["Request-Id"] = number
                for name, value in scope.get("state", {}).get("rate", {}).items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            self._note(scope, number, status, time.perf_counter() - began)

    def _note(self, scope: Scope, number: str, status: int, seconds: float) -> None:
        """The route's template, never the path that was asked for: a path may hold anything."""
        route = getattr(scope.get("route"), "path", "")
        ANSWERS.labels(route, scope["method"] if route else "", str(status)).inc()
        SECONDS.labels(route).observe(seconds)
        grant = getattr(scope.get("state", {}).get("grant"), "id", "") if isinstance(scope.get("state"), dict) else ""
        line = {"at": time.time(), "request": number, "method": scope["method"], "route": route, "status": status}
        LOG.info("%s", json.dumps(line | {"ms": round(seconds * 1e3, 1), "key": grant}, ensure_ascii=False))


def _too_large(scope: Scope, headers: MutableHeaders) -> bytes:
    """The body of a 413 as every problem has it: the server's own bound on bodies answers in plain text."""
    told = answer(Request(scope), Problem(413))
    headers.update(told.headers)
    return bytes(told.body)
