"""What the registrar's tests stand on: one service for a module, with a spool that is empty before each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import Service
from api.rest.desk import Desk
from engine.services.looking import _pending
from tests.web.seating import standing

__all__ = ["door", "folder", "home"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the home stands."""
    return tmp_path_factory.mktemp("registrar")


@pytest.fixture(scope="module")
def door(furnished: Path, folder: Path) -> Iterator[TestClient]:
    """The service, the same for all tests of the module: each of them speaks of subjects of its own."""
    with standing(furnished, folder) as opened:
        yield opened


@pytest.fixture(autouse=True)
def home(door: TestClient, folder: Path) -> Iterator[Path]:
    """The home, in which nothing waits; what was counted by another calendar is forgotten."""
    shutil.rmtree(folder / "home" / "spool", ignore_errors=True)
    yield folder / "home"
    _pending.clear()


def desk_of(door: TestClient) -> Desk:
    """The desk behind the pages."""
    service = door.app
    assert isinstance(service, Service)
    found: Desk = service.pages.state.desk
    return found
