"""One service for all tests of a module, and people who stay signed in at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from engine.access.roles import Role
from tests.web.conftest import Enter
from tests.web.seating import standing
from tests.web.visiting import Visitor, account, signed_in


@pytest.fixture(scope="module")
def door(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service at a home of the module's own, and nobody signed in."""
    with standing(furnished, tmp_path_factory.mktemp("lasting")) as opened:
        yield opened


@pytest.fixture(scope="module")
def enter(door: TestClient) -> Enter:
    """Signs in somebody of some roles and limits, with a purpose; whoever comes again is signed in still."""
    known: dict[object, Visitor] = {}

    def entered(*roles: Role, scenarios: tuple[str, ...] = (), places: tuple[str, ...] = ()) -> Visitor:
        who = roles, scenarios, places
        if who not in known:
            client = TestClient(door.app, raise_server_exceptions=False)
            known[who] = signed_in(client, account(roles, scenarios, places))
        known[who].client.headers.pop("Accept-Language", None)
        return known[who]

    return entered
