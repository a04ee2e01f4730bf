"""Everything that is served, in one process: REST under its own addresses, pages under all others."""

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api.rest.app import create_app
from api.rest.settings import Settings, settings
from api.web.app import create_pages

# What REST answers for; whatever begins otherwise is a page.
REST = ("/v1/", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics")


class Service:
    """REST and pages at one desk, which opens and closes with REST."""

    def __init__(self, wanted: Settings, alone: bool = False) -> None:
        self.rest: FastAPI = create_app(wanted, alone)
        self.pages: FastAPI = create_pages(wanted, self.rest.state)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the beginning and the end of all."""
        ours = scope["type"] == "http" and not scope["path"].startswith(REST)
        await (self.pages if ours else self.rest)(scope, receive, send)


def served() -> Service:
    """The service by the environment's settings, as a server starts it in each of its processes."""
    return Service(settings(), alone=True)
