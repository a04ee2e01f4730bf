"""Subjects and their relations: registered names, other codes, and who is whose branch, head or controller."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.calendar import When
from engine.registry.chain import Version
from engine.registry.changes import Draft, Head
from engine.registry.names import normalised
from engine.registry.states import kind_of
from engine.registry.store import Store
from engine.registry.tables import Arrival, RelationRow, SubjectCode, SubjectName, SubjectRow


@dataclass(frozen=True, slots=True)
class Named:
    """A name or another code of a subject; days as ISO text, empty where there is no limit."""

    subject: str
    name: str = ""
    code: str = ""
    scheme: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation: `near` is the branch (head, controller …) of `far`."""

    kind: str
    near: str
    far: str
    since: str = ""
    until: str = ""


def record_subjects(store: Store, named: Sequence[Named], head: Head) -> Version:
    """Add names and codes, in one change."""
    with store.writing() as connection:
        draft = Draft(store, connection, head)
        kinds = {n.subject: n.kind for n in named if n.kind and n.kind != kind_of(n.subject)}
        draft.add(connection, SubjectRow, [*kinds.items()])
        names = [(n.subject, n.name, normalised(n.name), n.since, n.until) for n in named if n.name]
        draft.add(connection, SubjectName, names)
        draft.add(connection, SubjectCode, [(n.subject, n.scheme, n.code) for n in named if n.code])
        return draft.publish(connection, {"new": len(named)})


def record_relations(store: Store, ties: Sequence[Tie], data_time: When, head: Head) -> Version:
    """Add relations, in one change; each kind named has arrived with it."""
    with store.writing() as connection:
        draft = Draft(store, connection, head)
        draft.add(connection, RelationRow, [(t.kind, t.near, t.far, t.since, t.until) for t in ties])
        kinds = sorted({t.kind for t in ties})
        draft.add(connection, Arrival, [(f"relation:{kind}", data_time.text, data_time.first) for kind in kinds])
        return draft.publish(connection, {"new": len(ties)})
