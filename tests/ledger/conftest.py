"""Databases of the ledger's tests: what takes `ledger` runs on SQLite and on PostgreSQL, each time on an empty one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.ledger.migrating import LEDGER
from engine.ledger.signing import LogKeys
from engine.registry.migrating import upgrade
from engine.registry.store import Store
from tests.ledger.desk import at_home, chance, furnish
from tests.postgres import Cluster, cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One server for all tests."""
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database is that nobody has used yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    server: Cluster = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def ledger(address: str) -> Iterator[Store]:
    """An empty ledger."""
    made = Store(address)
    upgrade(made, LEDGER)
    yield made
    made.close()


@pytest.fixture
def keys(tmp_path: Path) -> LogKeys:
    """Signing keys of this test alone."""
    return LogKeys.open(tmp_path / "keys" / "ledger.key", chance("keys"))


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A home with decisions, made once; tests take a copy."""
    folder = tmp_path_factory.mktemp("furnished")
    return folder, furnish(folder)


@pytest.fixture
def home(furnished: tuple[Path, list[str]], tmp_path: Path) -> Iterator[Path]:
    """A copy of the furnished home, at which the books are opened."""
    folder = tmp_path / "home"
    shutil.copytree(furnished[0], folder)
    with at_home(folder):
        yield folder


@pytest.fixture
def ids(furnished: tuple[Path, list[str]]) -> list[str]:
    """The ids of the furnished decisions, in their order."""
    return furnished[1]
