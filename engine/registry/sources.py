"""How often a list should come, as agreed with its keeper: versioned like all else."""

from sqlalchemy import Connection

from engine.registry.chain import Version
from engine.registry.changes import Draft, Head
from engine.registry.reading import rows_seen
from engine.registry.store import Store
from engine.registry.tables import Closing, ListSource
from engine.vocabulary import ListRecord


def record_source(store: Store, record: ListRecord, cadence_days: int, head: Head) -> Version:
    """The list is to come every so many days; keeper and freshness limit are those of the vocabulary then."""
    with store.writing() as connection:
        store.lock_versions(connection)
        draft = Draft(store, connection, head)
        newest = rows_seen(connection, "list_source", "t.id", 2**31 - 1, "t.list = ?", (record.code,))
        draft.add(connection, Closing, [("list_source", row.id) for row in newest])
        draft.add(connection, ListSource, [(record.code, record.keeper, cadence_days, record.fresh)])
        return draft.publish(connection, {"new": 1})


def cadences_at(connection: Connection, version: int) -> dict[str, int]:
    """After how many days each list is to come again, as known at the version."""
    rows = rows_seen(connection, "list_source", "t.list, t.cadence_days", version, "1 = 1")
    return {row.list: row.cadence_days for row in rows}
