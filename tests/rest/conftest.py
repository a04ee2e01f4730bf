"""What the service's tests stand on: a home with a sample registry, keys by role, and a client at its door."""

import secrets
import shutil
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from api.rest import law as served_law
from api.rest.app import create_app
from api.rest.settings import settings
from engine.access import keys
from engine.access.keys import create
from engine.access.roles import Role
from engine.calendar import instant
from engine.identity import synthetic_code
from engine.model import Rulebook
from engine.packs.library import Library
from engine.registry.changes import Head
from engine.registry.importing import Wanted, import_rows
from engine.registry.rows import Incoming
from engine.services.books import open_access, open_books, open_ledger
from engine.services.moments import utc_now
from engine.services.sampling import NOW, sample
from tests.ledger.desk import at_home, law

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

SAMPLE = 300
Headers = dict[str, str]
KeyFor = Callable[..., Headers]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a sample registry and the other books empty, made once; tests take a copy."""
    return furnish(tmp_path_factory.mktemp("served"))


def furnish(folder: Path, now: datetime = NOW) -> Path:
    """Books in the folder, the registry filled with a sample as it is `now`."""
    with at_home(folder):
        books, ledger, access = open_books(), open_ledger(), open_access()
        sample(books, law().vocabulary, SAMPLE, now=now)
        ledger.recorder.close()
        for store in (books.registry, ledger.store, access):
            store.close()
    return folder


def arrive(home: Path, code: str) -> None:
    """Data of a list that came just now, with one entry more."""
    with at_home(home):
        books, now = open_books(), utc_now().replace(microsecond=0)
        head, who = Head("import", "tests", now, "tests", code), synthetic_code(9_001)
        row = Incoming(
            2, "合成新到（测试）有限公司", who, (), "", "", {"listed": "2024-02-01"}, {}, "测1号", "合成单位"
        )
        report = import_rows(books.registry, [row], Wanted(code, instant(now)), head, books.persons.digest)
        assert report.new == 1, report
        books.registry.close()


made = Library.rulebook


@cache
def one() -> Rulebook:
    """The shipped rulebook; what was judged in one test is judged for the next."""
    return made(law())


@pytest.fixture
def home(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the furnished home, at which the service opens its books; the shipped library is not read again."""
    folder = tmp_path / "home"
    shutil.copytree(furnished, folder)
    monkeypatch.setattr(served_law, "law_of", lambda layers=(): law())
    monkeypatch.setattr(served_law, "CELLS", 0)  # judged as met: a test asks little
    monkeypatch.setattr(Library, "rulebook", lambda library: one() if library is law() else made(library))
    with at_home(folder):
        yield folder


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    """The service with its default settings."""
    with TestClient(create_app(settings({})), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def key_for(home: Path) -> KeyFor:
    """Makes a key of some roles and limits; the headers that carry it."""

    def made(*roles: Role, scenarios: tuple[str, ...] = (), places: tuple[str, ...] = ()) -> Headers:
        access = open_access()
        try:
            wanted = keys.Wanted("tests", roles, scenarios, places)
            key = create(access, wanted, "tests", utc_now(), secrets.token_bytes)
        finally:
            access.close()
        return {"Authorization": f"Bearer {key}"}

    return made
