"""What the pages' tests stand on: the service with pages at a sample home, and people signed in by roles."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from api.app import Service
from api.rest.settings import settings
from engine.access import passwords
from engine.access.roles import Role
from tests.rest.conftest import furnished, home
from tests.web.visiting import Visitor, account, signed_in

__all__ = ["Enter", "furnished", "home"]

Enter = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost nothing: what one really costs is tried with the accounts."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def door(home: Path) -> Iterator[TestClient]:
    """The service with its default settings, and nobody signed in."""
    with TestClient(Service(settings({})), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def enter(door: TestClient) -> Enter:
    """Signs in somebody of some roles and limits, with a purpose."""

    def entered(*roles: Role, scenarios: tuple[str, ...] = (), places: tuple[str, ...] = ()) -> Visitor:
        return signed_in(door, account(roles, scenarios, places))

    return entered
