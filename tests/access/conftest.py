"""Databases of the access book's tests: what takes `access` runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.access.migrating import ACCESS
from engine.registry.migrating import upgrade
from engine.registry.store import Store
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
        return f"sqlite:///{tmp_path / 'access.db'}"
    server: Cluster = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def access(address: str) -> Iterator[Store]:
    """An empty access book."""
    made = Store(address)
    upgrade(made, ACCESS)
    yield made
    made.close()
