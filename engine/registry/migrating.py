"""The registry's schema, revision by revision: made at first start, and brought up to date by `db upgrade`."""

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.errors import Unavailable
from engine.registry.store import Store

SCRIPTS = Path(__file__).with_name("migrations")


@dataclass(frozen=True, slots=True)
class Schema:
    """A book's migrations and the table in which its database says where it stands: two books may share a database."""

    scripts: Path
    table: str


REGISTRY = Schema(SCRIPTS, "registry_schema")


@dataclass(frozen=True, slots=True)
class Revision:
    """The schema's revision in the database, and the one this program works with; empty where there is none."""

    found: str
    wanted: str

    @property
    def current(self) -> bool:
        """Whether nothing needs to be done."""
        return self.found == self.wanted


def revision(store: Store, schema: Schema = REGISTRY) -> Revision:
    """Where the database's schema stands."""
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": schema.table})
        found = context.get_current_revision() or ""
    return Revision(found, ScriptDirectory(str(schema.scripts)).get_current_head() or "")


def upgrade(store: Store, schema: Schema = REGISTRY) -> Revision:
    """Bring the schema up to date, in one transaction; another process doing the same waits.

    Unavailable for a schema of a later program: it is never taken back.
    """
    at = revision(store, schema)
    if at.found and at.found not in _known(schema):
        raise Unavailable(
            f"数据库结构 {at.found} 不是本程序的，可能来自更新的版本",
            f"the schema {at.found} is none of this program's: a later one may have made it",
            "请使用更新的程序",
            "use the later program",
        )
    with store.writing() as connection:
        store.lock_versions(connection)
        config = Config()
        config.set_main_option("script_location", str(schema.scripts).replace("%", "%%"))
        config.attributes["version_table"] = schema.table
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return revision(store, schema)


def _known(schema: Schema) -> set[str]:
    return {script.revision for script in ScriptDirectory(str(schema.scripts)).walk_revisions()}


def demand_current(store: Store, schema: Schema = REGISTRY) -> None:
    """Unavailable if the schema is not this program's; a fresh SQLite file is made ready instead."""
    at = revision(store, schema)
    if at.current:
        return
    if store.is_sqlite and not at.found:
        upgrade(store, schema)
        return
    raise Unavailable(
        f"数据库结构为 {at.found or '空'}，程序需要 {at.wanted}",
        f"the database's schema is {at.found or 'empty'}, this program needs {at.wanted}",
        "运行 memoranda db upgrade",
        "run memoranda db upgrade",
    )
