"""Somebody at the pages without the entrance: a session in the book, a client of its own; and the table of routes."""

import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import Service
from api.rest import law as served_law
from api.rest.settings import settings
from api.web.cookies import SESSION
from api.web.visits import Anybody, Page
from engine.access import passwords
from engine.access.accounts import grant_of
from engine.access.roles import Grant, Role
from engine.access.sessions import Session, begin, choose, find
from engine.registry.store import Store, ask
from engine.services.moments import utc_now
from tests.ledger.desk import at_home, law
from tests.web.visiting import PURPOSE, Visitor, account


@contextmanager
def standing(furnished: Path, folder: Path, **more: str) -> Iterator[TestClient]:
    """The service for all tests of a module, at a rate that none reaches; passwords cost little."""
    shutil.copytree(furnished, folder / "home")
    said = {"MEMORANDA_RATE": "100000000", **more}
    with pytest.MonkeyPatch.context() as patch, at_home(folder / "home"):
        patch.setattr(served_law, "law_of", lambda layers=(): law())
        patch.setattr(served_law, "CELLS", 0)
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        passwords._nobodys.cache_clear()
        with TestClient(Service(settings(said)), raise_server_exceptions=False) as opened:
            yield opened
    passwords._nobodys.cache_clear()


class Seated(Visitor):
    """A visitor whose proof is known without asking for a page."""

    session: Session

    def proof(self) -> str:
        """What a form of this session carries."""
        return self.session.proof


def access_of(door: TestClient) -> Store:
    """The access book the service works with."""
    service = door.app
    assert isinstance(service, Service)
    access: Store = service.pages.state.desk.access
    return access


def seated(
    door: TestClient, *roles: Role, purpose: str = PURPOSE, scheme: str = "http", by_account: bool = False
) -> Seated:
    """Somebody of these roles with a client of their own, whom a provider vouched for; nothing is followed."""
    access, now, row = access_of(door), utc_now(), None
    grant = Grant(f"t-{secrets.token_hex(4)}", "测试员", frozenset(roles))
    if by_account:
        with access.reading() as connection:
            (row,) = ask(connection, "SELECT * FROM account WHERE login = ?", (account(roles),))
        grant = grant_of(row)
    held = begin(access, grant, now, secrets.token_bytes, row)
    assert held is not None
    session = find(access, held, now)
    assert session is not None
    if purpose:
        choose(access, session, {"purpose": purpose, "purposed": session.digest})
    client = stranger(door, scheme)
    client.cookies.set(SESSION if scheme == "http" else f"__Host-{SESSION}", held)
    visitor = Seated(client)  # type: ignore[arg-type]
    visitor.session = session
    return visitor


def stranger(door: TestClient, scheme: str = "http") -> TestClient:
    """A browser that nobody has signed in with, at an address of its own."""
    address = ".".join(["10", *(str(secrets.randbelow(250)) for _ in range(3))])
    return TestClient(
        door.app, base_url=f"{scheme}://testserver", raise_server_exceptions=False, follow_redirects=False,
        client=(address, 50_000),
    )  # fmt: skip


@dataclass(frozen=True)
class Route:
    """A way to ask for a page: who it lets in, by `page`, or anybody."""

    method: str
    path: str
    page: Page | None
    anybody: bool

    @property
    def address(self) -> str:
        """The path with something in every gap that is nothing there."""
        filled = self.path
        while "{" in filled:
            before, _, rest = filled.partition("{")
            filled = f"{before}{NOTHING}{rest.partition('}')[2]}"
        return filled


def kind_of(door: TestClient) -> Callable[[str], str]:
    """Says which route an address is of, and what it names behind the question mark."""
    service = door.app
    assert isinstance(service, Service)
    paths = [route.path for route in routes(service.pages) if route.method == "GET"]
    known = [(path, re.compile(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path)))) for path in paths]

    def kind(address: str) -> str:
        parts = urlsplit(address)
        path = next((path for path, read in known if read.fullmatch(parts.path)), parts.path)
        return f"{path}?{'&'.join(sorted(parse_qs(parts.query, keep_blank_values=True)))}"

    return kind


NOTHING = "00000000-0000-7000-8000-000000000000"


def routes(app: FastAPI) -> Iterator[Route]:
    """Every route, those of routers included."""
    for route in app.routes:
        contexts = getattr(route, "effective_route_contexts", None)
        for one in contexts() if contexts else [route]:
            found = [*_calls(getattr(one, "dependant", None))]
            pages = [call for call in found if isinstance(call, Page)]
            assert len(pages) <= 1, one.path
            for method in sorted((one.methods or set()) - {"HEAD"}):
                yield Route(method, one.path, pages[0] if pages else None, any(isinstance(c, Anybody) for c in found))


def _calls(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies if dependant else ():
        yield one.call
        yield from _calls(one)
