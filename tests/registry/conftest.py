"""Databases of the registry's tests: what takes `store` runs on SQLite and on PostgreSQL, each time on an empty one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.registry.migrating import upgrade
from engine.registry.store import Store
from tests.postgres import Cluster, cluster
from tests.registry.arriving import emptied


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One server for all tests."""
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database is that nobody has used yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'registry.db'}"
    server: Cluster = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture(scope="session")
def shared(postgres: Cluster) -> Iterator[Store]:
    """A database with the registry's tables, made once: it takes longer than most tests do."""
    made = Store(postgres.database())
    upgrade(made)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty registry."""
    if request.param == "sqlite":
        made = Store(tmp_path / "registry.db")
        upgrade(made)
    else:
        made = Store(emptied(request.getfixturevalue("shared")).url.render_as_string(hide_password=False))
    yield made
    made.close()
