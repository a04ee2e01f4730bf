"""Whatever is altered afterwards is found, at the version that was altered: any field of any row, any row, any head."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import DataError

from engine.errors import RefusedInput
from engine.inquiry import RELATION_KINDS
from engine.registry import chain
from engine.registry.chain import BOOKS, CHANGES, EMPTY, Broken, Content, latest, table_of, verify, version_at
from engine.registry.changes import Draft, change
from engine.registry.store import Store
from engine.registry.tables import Arrival, RelationRow, rows_of
from tests.builders import B, C
from tests.registry.arriving import broken, head, newest, rows_kept

TABLES = [table_of(book) for book in BOOKS]


@contextmanager
def meddling(store: Store) -> Iterator[Connection]:
    """A connection on which anything may be altered; nothing of it stays."""
    with store.writing_long() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def found(connection: Connection) -> list[int]:
    """The versions at which the chain does not hold."""
    return [one.version for one in verify(connection) if isinstance(one, Broken)]


def version_of_row(connection: Connection, one: Any) -> int:
    """At which version a row was written."""
    return connection.execute(select(CHANGES.c.version).where(CHANGES.c.id == one.change)).scalar_one()


def test_a_sound_chain_is_walked_to_its_end(filled: Store) -> None:
    """Each version is told once, in order, and stands on the one before."""
    with filled.snapshot() as connection:
        assert list(verify(connection)) == list(range(1, 9))
        assert latest(connection) == version_at(connection, 8)
        digests = [version_at(connection, number).digest for number in range(9)]
    assert digests[0] == EMPTY
    assert len({*digests}) == 9
    assert {"change", *(table.name for table in TABLES)} == {*rows_kept(filled)}


def test_an_empty_registry_is_sound(store: Store) -> None:
    """There is nothing to alter."""
    assert broken(store) == []


def other_value(value: Any) -> Any:
    """Another value for the column; of numbers one that no other row has."""
    return value + 12_345 if isinstance(value, int) else f"{value}x"


def test_any_field_of_any_row_altered_is_found(filled: Store) -> None:
    """At the version that wrote the row; a row put under another change is found there or here."""
    with meddling(filled) as connection:
        for table in TABLES:
            for one in connection.execute(select(table)).all():
                version = version_of_row(connection, one)
                for column in table.columns:
                    altered = {column.name: other_value(getattr(one, column.name))}
                    with connection.begin_nested() as point:
                        connection.execute(table.update().where(table.c.id == one.id).values(**altered))
                        assert version in found(connection), (table.name, column.name)
                        point.rollback()
        assert found(connection) == []


def test_any_row_taken_away_is_found(filled: Store) -> None:
    """Also one of the newest version."""
    with meddling(filled) as connection:
        for table in TABLES:
            for one in connection.execute(select(table)).all():
                with connection.begin_nested() as point:
                    connection.execute(table.delete().where(table.c.id == one.id))
                    assert found(connection) == [version_of_row(connection, one)], table.name
                    point.rollback()


@pytest.mark.parametrize("place", ["in its change", "in another change", "far away"])
def test_any_row_put_in_is_found(filled: Store, place: str) -> None:
    """Whatever its id: rows are read by their change, and so must be digested by it."""
    with meddling(filled) as connection:
        for table in TABLES:
            one = connection.execute(select(table).order_by(table.c.id.desc())).first()
            assert one is not None
            version = version_of_row(connection, one)
            begins = rows_of(one.change)[0]
            ids = {"in its change": begins + 2**20, "in another change": begins - 5, "far away": 2**60}
            values = one._asdict() | {"id": ids[place]}
            if table.name == "closing":
                values["row_id"] += 1
            if table.name == "entry":
                values["number"] = "0" * 20
            with connection.begin_nested() as point:
                connection.execute(table.insert().values(**values))
                assert version in found(connection), table.name
                point.rollback()


def test_any_two_rows_exchanged_are_found(filled: Store) -> None:
    """Their order tells in which they were written, and under which id others speak of them."""
    with meddling(filled) as connection:
        for table in TABLES:
            rows = connection.execute(select(table).order_by(table.c.id)).all()
            for one, other in pairwise(rows):
                with connection.begin_nested() as point:
                    for row_id, said in ((one.id, -1), (other.id, one.id), (-1, other.id)):
                        connection.execute(table.update().where(table.c.id == row_id).values(id=said))
                    versions = {version_of_row(connection, one), version_of_row(connection, other)}
                    assert versions & {*found(connection)}, table.name
                    point.rollback()


@pytest.mark.parametrize("batch", [1, 10_000])
def test_a_row_does_not_hide_in_another(filled: Store, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows made one, with the mark that ends a value inside, or one more with it: only SQLite keeps the mark."""
    monkeypatch.setattr(chain, "BATCH", batch)
    table = table_of(RelationRow)
    if not filled.is_sqlite:
        with meddling(filled) as connection, pytest.raises(DataError):
            connection.execute(table.update().values(until="\0"))
        return
    with meddling(filled) as connection:
        one, other = connection.execute(select(table).order_by(table.c.id)).all()
        hidden = "\0".join(map(str, (one.until, *other)))
        connection.execute(table.update().where(table.c.id == other.id).values(id=other.id + 7, until=hidden))
        connection.execute(table.insert().values(other._asdict()))
        assert found(connection) == [version_of_row(connection, one)]
        connection.execute(table.delete().where(table.c.id != one.id))
        connection.execute(table.update().values(until=hidden))
        assert found(connection) == [version_of_row(connection, one)]


def test_any_field_of_any_head_altered_is_found(filled: Store) -> None:
    """At its version, which for the version's own number is the one that is missing then."""
    with meddling(filled) as connection:
        for one in connection.execute(select(CHANGES)).all():
            for column in CHANGES.columns:
                value = other_value(getattr(one, column.name))
                with connection.begin_nested() as point:
                    connection.execute(CHANGES.update().where(CHANGES.c.id == one.id).values({column.name: value}))
                    assert one.version in found(connection), column.name
                    point.rollback()


def test_a_head_taken_away_is_found(filled: Store) -> None:
    """The newest too, by its rows; with them it is gone without a trace, which only the ledger can tell."""
    with meddling(filled) as connection:
        for number in range(1, 9):
            with connection.begin_nested() as point:
                connection.execute(CHANGES.delete().where(CHANGES.c.version == number))
                assert number in found(connection)
                point.rollback()
            with connection.begin_nested() as point:
                connection.execute(CHANGES.update().where(CHANGES.c.version == number).values(version=None))
                assert number in found(connection)
                point.rollback()


def test_two_heads_exchanged_are_found(filled: Store) -> None:
    """Each change is what it was at its own place only."""
    with meddling(filled) as connection:
        for number in range(1, 8):
            with connection.begin_nested() as point:
                for now, then in ((number, 99), (number + 1, number), (99, number + 1)):
                    connection.execute(CHANGES.update().where(CHANGES.c.version == now).values(version=then))
                assert {number, number + 1} & {*found(connection)}
                point.rollback()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_written_over_a_value_is_found(filled: Store, data: st.DataObject) -> None:
    """Any text for any text: an empty one, one with marks of the digest, the text beside it."""
    table: Table = data.draw(st.sampled_from([CHANGES, *TABLES]))
    with meddling(filled) as connection:
        one = data.draw(st.sampled_from(connection.execute(select(table).order_by(table.c.id)).all()))
        texts = [column.name for column in table.columns if isinstance(getattr(one, column.name), str)]
        name = data.draw(st.sampled_from(texts))
        others = st.sampled_from([getattr(one, other) for other in texts])
        value = data.draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | others)
        connection.execute(table.update().where(table.c.id == one.id).values({name: value}))
        version = one.version if table is CHANGES else version_of_row(connection, one)
        assert (version in found(connection)) == (value != getattr(one, name))


@given(
    st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), min_size=1, max_size=4),
    st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), min_size=1, max_size=4),
)
def test_different_rows_have_different_digests(some: list[tuple[str, str]], others: list[tuple[str, str]]) -> None:
    """However the values are cut; in as many parts as one likes they have the same."""
    try:
        one, other, parts = Content(), Content(), Content()
        one.add("entry", some)
        other.add("entry", others)
        for part in some:
            parts.add("entry", [part])
    except RefusedInput:
        assert any("\0" in value for pair in [*some, *others] for value in pair)
        return
    except UnicodeEncodeError:
        return
    assert (one.hexdigest() == other.hexdigest()) == (some == others)
    assert one.hexdigest() == parts.hexdigest()
    elsewhere = Content()
    elsewhere.add("event", some)
    assert elsewhere.hexdigest() != one.hexdigest()


def test_what_is_refused_half_way_leaves_no_head(store: Store) -> None:
    """A value that cannot be kept, or any other error, takes the whole change with it."""

    def two_arrivals() -> None:
        with change(store, head("event")) as (draft, connection):
            draft.add(connection, Arrival, [("black", "2024-06-10", 1)])
            draft.add(connection, Arrival, [("bl\0ack", "2024-06-10", 1)])

    with pytest.raises(RefusedInput, match="NUL"):
        two_arrivals()
    assert rows_kept(store) == {}


def test_a_draft_is_seen_by_nobody(filled: Store) -> None:
    """Its rows stand in the tables, and no question, no walk of the chain meets them."""
    with filled.writing() as connection:
        draft = Draft(filled, connection, head("relation"))
        draft.add(connection, RelationRow, [(kind, C, B, "", "") for kind in RELATION_KINDS])
    with filled.reading() as connection:
        assert connection.execute(select(func.count()).select_from(CHANGES)).scalar_one() == 9
    assert newest(filled) == 8
    assert broken(filled) == []
    draft.discard()
    draft.discard()
    assert rows_kept(filled)["change"] == 8


def test_what_is_published_is_never_discarded(filled: Store) -> None:
    """Even by a process that does not know whether its commit got through."""
    before = rows_kept(filled)
    with change(filled, head("relation")) as (draft, connection):
        draft.add(connection, RelationRow, [("branch-of", C, B, "", "")])
    draft.discard()
    assert rows_kept(filled)["relation"] == before["relation"] + 1
    assert broken(filled) == []
