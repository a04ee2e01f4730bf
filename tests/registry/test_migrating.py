"""The schema: made from nothing, brought up from every earlier revision, and exactly what the tables say."""

from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from engine.errors import Unavailable
from engine.registry import migrating
from engine.registry.migrating import REGISTRY, demand_current, revision, upgrade
from engine.registry.store import Store
from engine.registry.tables import RegistryTable
from tests.builders import A
from tests.registry.arriving import bring, known, row

REVISIONS = [script.revision for script in ScriptDirectory(str(REGISTRY.scripts)).walk_revisions()][::-1]


def moved(store: Store, to: str, how: str = "upgrade") -> None:
    """The schema moved to a revision, up or down."""
    with store.writing() as connection:
        config = Config()
        config.set_main_option("script_location", str(REGISTRY.scripts))
        config.attributes.update(connection=connection, version_table=REGISTRY.table)
        getattr(command, how)(config, to)


def differences(store: Store) -> list[object]:
    """What the database's schema and the tables of the program differ in."""
    with store.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": REGISTRY.table, "compare_type": True, "compare_server_default": True}
        )
        return [*compare_metadata(context, RegistryTable.metadata)]


@pytest.fixture
def bare(address: str) -> Store:
    """A database without any table."""
    return Store(address)


def test_from_nothing_the_schema_is_what_the_tables_say(bare: Store) -> None:
    """Names of indexes and constraints included; doing it again does nothing."""
    assert (revision(bare).found, revision(bare).current) == ("", False)
    for _ in range(2):
        assert upgrade(bare).current
        assert differences(bare) == []
    assert revision(bare).found == REVISIONS[-1]
    with bare.reading() as connection:
        tables = {*inspect(connection).get_table_names()}
        made = {name: inspect(connection).get_pk_constraint(name)["name"] for name in tables - {REGISTRY.table}}
    assert tables == {*RegistryTable.metadata.tables, REGISTRY.table}
    assert {name: key for name, key in made.items() if key and key != f"pk_{name}"} == {}
    bare.close()


@pytest.mark.parametrize("first", REVISIONS)
def test_from_every_revision_the_schema_comes_up(bare: Store, first: str) -> None:
    """And can be taken down to nothing again, by hand."""
    moved(bare, first)
    assert upgrade(bare).current
    assert differences(bare) == []
    assert bring(bare, [row(A)]).version == 1
    moved(bare, "base", "downgrade")
    with bare.reading() as connection:
        assert {*inspect(connection).get_table_names()} <= {REGISTRY.table, "sqlite_sequence"}
    assert upgrade(bare).current
    bare.close()


def test_a_fresh_file_is_made_ready_and_a_server_is_not(bare: Store) -> None:
    """A server's database is somebody's: the registrar says `db upgrade`."""
    if bare.is_sqlite:
        demand_current(bare)
        assert known(bare).entries == ()
    else:
        with pytest.raises(Unavailable) as away:
            demand_current(bare)
        assert "db upgrade" in away.value.help_en
        assert revision(bare).found == ""
    bare.close()


def test_a_schema_of_a_later_program_is_left_alone(store: Store) -> None:
    """Neither used nor upgraded, which would be taking it back."""
    with store.writing() as connection:
        connection.execute(text(f"UPDATE {REGISTRY.table} SET version_num = 'r9999'"))
    for use in (demand_current, upgrade):
        with pytest.raises(Unavailable, match="r9999"):
            use(store)
    assert revision(store).found == "r9999"
    with store.writing() as connection:
        connection.execute(text(f"UPDATE {REGISTRY.table} SET version_num = '{REVISIONS[-1]}'"))
    demand_current(store)


def test_an_upgrade_that_breaks_off_leaves_nothing(bare: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """All its tables or none."""
    real = command.upgrade

    def breaking(config: Config, to: str) -> None:
        real(config, to)
        raise KeyboardInterrupt

    monkeypatch.setattr(migrating.command, "upgrade", breaking)
    with pytest.raises(KeyboardInterrupt):
        upgrade(bare)
    monkeypatch.undo()
    with bare.reading() as connection:
        assert inspect(connection).get_table_names() == []
    assert upgrade(bare).current
    bare.close()


def test_four_at_once_make_one_schema(address: str) -> None:
    """Whoever comes second waits and finds it made."""
    said: list[object] = []

    def start() -> None:
        mine = Store(address)
        try:
            said.append(upgrade(mine).current)
        except Exception as fault:
            said.append(fault)
        mine.close()

    threads = [Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [True] * 4


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    """Of those that an address or a format would read otherwise."""
    made = Store(tmp_path / "a b?c=d#e%20f&g:h@i" / "名录.db")
    demand_current(made)
    assert bring(made, [row(A)]).version == 1
    assert made.file
    assert made.file.is_file()
    made.close()
