"""A shelf tells what the registry tells, at every version; a watch notes whatever makes two versions differ."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from engine.inquiry import Register
from engine.registry import importing
from engine.registry.reading import register_of, take_out
from engine.registry.shelf import Shelf, Watch
from engine.registry.store import Store
from tests.builders import VOCABULARY
from tests.registry.test_model import FIRMS, OLD, Machine, plain

GROUPS = ((FIRMS[0],), FIRMS[:2], FIRMS[::-1], (OLD, FIRMS[1]), (OLD,))


class Shelved(Machine):
    """The registry of the model, in the end asked in both ways."""

    def teardown(self) -> None:
        """Everybody at every version: beforehand, as asked for, and beside what is noted."""
        last = len(self.history) - 1
        with self.store.reading() as connection:
            filled, lazy, watch = Shelf(connection), Shelf(connection), Watch(connection)
            take_out(filled, [*FIRMS, OLD], last)
            for asked in GROUPS:
                told = [register_of(connection, asked, version, VOCABULARY) for version in range(last + 1)]
                for version, register in enumerate(told):
                    assert plain(register_of(filled, asked, version, VOCABULARY)) == plain(register)
                    assert plain(register_of(lazy, asked, version, VOCABULARY)) == plain(register)
                for version in range(last):
                    watch.begin(version, last)
                    assert plain(register_of(watch, asked, last, VOCABULARY)) == plain(told[last])
                    same = _but_for_arrivals(told[version]) == _but_for_arrivals(told[last])
                    assert same or watch.noted
                    arrived = told[version].arrivals != told[last].arrivals
                    assert not arrived or watch.arrived()
        super().teardown()


def _but_for_arrivals(register: Register) -> tuple[object, ...]:
    return register.entries, register.relations, register.candidates


def test_both_ways_are_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was imported, happened, was named or tied."""
    monkeypatch.setattr(importing, "CHUNK", 3)
    run_state_machine_as_test(lambda: Shelved(store), settings=settings(max_examples=6, stateful_step_count=25))


def test_more_keys_than_a_query_takes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are asked for in parts."""
    monkeypatch.setattr("engine.registry.shelf.MOST_KEYS", 2)
    run_state_machine_as_test(lambda: Shelved(store), settings=settings(max_examples=2, stateful_step_count=15))
