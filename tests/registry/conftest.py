"""Databases of the registry's tests: what takes `store` runs on SQLite and on PostgreSQL, each time on an empty one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.calendar import read_when
from engine.registry.migrating import upgrade
from engine.registry.sources import record_source
from engine.registry.store import Store
from engine.registry.ties import Named, Tie, record_relations, record_subjects
from tests.builders import VOCABULARY, A, B, C
from tests.postgres import Cluster, cluster
from tests.registry.arriving import bring, emptied, happen, head, only_entry, row


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


@pytest.fixture
def filled(store: Store) -> Store:
    """Eight versions in which every table has rows, some of two versions."""
    name = "甲乙丙丁建设有限公司"
    record_subjects(store, [Named(A, name, "420881000000013", "r", kind="social-organisation")], head("subject"))
    record_relations(store, [Tie("branch-of", B, A), Tie("branch-of", C, A)], read_when("2024-06-01"), head("relation"))
    for agreed in (1, 7):
        record_source(store, VOCABULARY.lists["black"], agreed, head("source"))
    bring(store, [row(A), row(B), row(C, kind="public-institution"), row("", name=name)])
    bring(store, [row(A, amount=5), row(B), row(C)], snapshot=True, accept_endings=1)
    happen(store, only_entry(store, C).number, "object")
    happen(store, only_entry(store, C).number, "settle")
    return store
