"""What surrounds every request: its number, its time, headers every answer has, a line in the log without names."""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.logs import MEMBERS, NAME, fault_of
from api.rest.metrics import ANSWERS, SECONDS
from api.rest.problems import Problem, answer
from engine.vocabulary import Words

# How a problem is told to whoever asked: as a document, or as a page.
Tell = Callable[[Request, Problem], Response]

LOG = logging.getLogger(NAME)
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_ID = re.compile("u?[0-9a-f]{12}")  # of a key, or of an account
DEADLINE = "memoranda.deadline"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What was handed to a thread or to the ledger goes on there: nobody may be told that it did not happen.
PERHAPS = Words(
    "如为写入，可能已经写入：以同一 Idempotency-Key 再发即知",
    "a write may have happened: send it again with the same Idempotency-Key, and you will know",
)


class Around:
    """The outermost layer of ours: nothing raised within leaves it, and nothing lasts longer than `seconds`."""

    def __init__(self, app: ASGIApp, seconds: float, tell: Tell = answer) -> None:
        self._app, self._seconds, self._tell = app, seconds, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything but HTTP goes through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number, began = secrets.token_hex(8), time.perf_counter()
        scope["memoranda.request"] = number
        sending = _Sending(scope, send, self._tell)
        try:
            await self._bounded(scope, receive, sending)
        finally:
            _note(scope, number, sending.status, time.perf_counter() - began)

    async def _bounded(self, scope: Scope, receive: Receive, sending: "_Sending") -> None:
        deadline = asyncio.timeout(self._seconds)
        scope[DEADLINE] = deadline
        try:
            async with deadline:
                await self._app(scope, receive, sending)
        except Exception as error:  # what was begun cannot be mended: the server closes the connection
            late = isinstance(error, TimeoutError) and deadline.expired()
            members = {"request": scope["memoranda.request"], "fault": "too slow" if late else fault_of(error)}
            LOG.log(logging.WARNING if late else logging.ERROR, "a request failed", extra={MEMBERS: members})
            if not sending.begun:
                problem = Problem(504, help=PERHAPS, headers={"Connection": "close"}) if late else Problem(500)
                await self._tell(Request(scope), problem)(scope, receive, sending)


def longer(request: Request, seconds: float | None) -> None:
    """Let this request last so long from now on; None for one that bounds itself."""
    deadline: asyncio.Timeout = request.scope[DEADLINE]
    deadline.reschedule(None if seconds is None else asyncio.get_running_loop().time() + seconds)


class _Sending:
    """Sends an answer on, with the headers that every one has."""

    def __init__(self, scope: Scope, send: Send, tell: Tell) -> None:
        self._scope, self._send, self._tell, self._instead = scope, send, tell, b""
        self.begun, self.status = False, 500

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.body" and self._instead:
            message = {**message, "body": self._instead}
        if message["type"] == "http.response.start":
            self.begun, self.status = True, message["status"]
            self._headed(MutableHeaders(scope=message))
        await self._send(message)

    def _headed(self, headers: MutableHeaders) -> None:
        if self.status == 413 and headers.get("content-type", "").startswith("text/plain"):
            self._instead = self._too_large(headers)
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        headers["Request-Id"] = self._scope["memoranda.request"]
        for name, value in self._scope.get("state", {}).get("rate", {}).items():
            headers.setdefault(name, value)

    def _too_large(self, headers: MutableHeaders) -> bytes:
        """The body of a 413 as every problem has it: the server's own bound on bodies answers in plain text."""
        told = self._tell(Request(self._scope), Problem(413))
        headers.update(told.headers)
        return bytes(told.body)


def _note(scope: Scope, number: str, status: int, seconds: float) -> None:
    """The route's template and a method that is known, never what was asked for: a caller may write anything there."""
    route = getattr(scope.get("route"), "path", "")
    method = scope["method"] if route and scope["method"] in METHODS else ""
    ANSWERS.labels(route, method, str(status)).inc()
    SECONDS.labels(route).observe(seconds)
    if not LOG.isEnabledFor(logging.INFO):
        return
    grant = getattr(scope.get("state", {}).get("grant"), "id", "")
    grant = grant if not grant or _ID.fullmatch(grant) else "token"  # whom a token names may be a person
    line = {"request": number, "method": method, "route": route, "status": status}
    LOG.info("request", extra={MEMBERS: line | {"ms": round(seconds * 1e3, 1), "key": grant}})
