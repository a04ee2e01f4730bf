"""One office for all tests of the notice; nothing of it is changed by them."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine.model import Rulebook
from engine.services import again
from engine.services.replaying import recorded_rulebook
from tests.ledger.desk import at_home
from tests.notice.office import Office, open_office


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    """Each recorded rulebook is read from the ledger once, not for every notice."""
    known: dict[str, Rulebook | None] = {}

    def kept(connection: Any, revision: str) -> Rulebook | None:
        if known.get(revision) is None:
            known[revision] = recorded_rulebook(connection, revision)
        return known[revision]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(again, "recorded_rulebook", kept)
        yield


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A home with a decision of each sort."""
    return open_office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def open_hours(office: Office) -> Iterator[Office]:
    """The office with its books open."""
    with at_home(office.home):
        yield office
