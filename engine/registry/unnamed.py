"""Entries that name their subject by name alone: what a report shows of them, and how many subjects each may mean."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from engine.registry.codes import NATURAL
from engine.registry.names import LIKE, core, likeness, normalised
from engine.registry.persons import masked_name
from engine.registry.reading import rows_about
from engine.registry.states import BY_NAME, State
from engine.registry.store import Store, ask

# So many a report names; all are counted.
SHOWN = 20
# So many names are read at a time.
BATCH = 10_000
# So many subjects with names that begin or end alike are compared, and not more.
COMPARED = 2_000
# Of those whose names hold a text that somebody typed about so many are found.
HELD = 200
# A part of a name that is shorter tells too little to look for it.
TELLING = 4
# Where nobody says whose name it is, one this short may be a natural person's: no firm's registered name is.
_LONGEST_PERSONS = 4
# Where names are kept, and in which column.
_NAMES = (("entry", "name"), ("subject_name", "normalised"))
_CODED = f"substr(subject, 1, {len(BY_NAME)}) <> '{BY_NAME}'"


@dataclass(frozen=True, slots=True)
class Unnamed:
    """An entry known by name only: its row in the file, its name as it may be shown, and how many subjects of the
    registry have a name so like it that a question about them is left to a person."""

    row: int
    name: str
    possible: int


def unnamed(store: Store, states: Sequence[State], version: int) -> tuple[Unnamed, ...]:
    """What a report shows of these states, at the version; none of them costs nothing."""
    if not states:
        return ()
    with store.reading() as connection:
        possible = possible_subjects(connection, [state.name for state in states], version)
    return tuple(Unnamed(state.line, _as_shown(state), len(possible[state.name])) for state in states)


def possible_subjects(connection: Connection, names: Sequence[str], version: int) -> Mapping[str, set[str]]:
    """The subjects with a code that have a name like each of these, registered or printed with an entry.

    Names have no index by their parts, so all are read through once. One that is written in another way in both its
    halves (traditional characters, say) is not counted here; a decision, which knows whom it is about, does find it.
    """
    near = _near(connection, {part for name in names for part in _halves(name) if part})
    found: dict[str, set[str]] = {name: set() for name in names}
    for subject, called in _named(connection, near, version).items():
        for name in found:
            if any(likeness(name, one) >= LIKE for one in called):
                found[name].add(subject)
    return found


def meant(connection: Connection, name: str, version: int) -> set[str]:
    """The subjects with a code one of whose names holds this one, or else is like it: for a person who is to choose.

    What tells too little to be a part of a name must be like one; of very many, some are found.
    """
    plain = core(name)
    whole = _named(connection, _holding(connection, HELD, plain), version) if len(plain) >= TELLING else {}
    found = {subject for subject, names in whole.items() if any(plain in normalised(one) for one in names)}
    if not found:
        near = _named(connection, _holding(connection, COMPARED, *_halves(name)), version)
        found = {subject for subject, names in near.items() if any(likeness(name, one) >= LIKE for one in names)}
    return found


def _named(connection: Connection, subjects: set[str], version: int) -> Mapping[str, set[str]]:
    """What these subjects are called at the version."""
    names = dict[str, set[str]]()
    for book, column in _NAMES:
        columns = f"t.subject, t.{column} AS name"
        for row in rows_about(connection, book, columns, version, ("subject",), sorted(subjects)):
            names.setdefault(row.subject, set()).add(row.name)
    return names


def _holding(connection: Connection, most: int, *parts: str) -> set[str]:
    """As below, of a few parts, which the database looks for; about so many."""
    sought, place = [part for part in parts if part], "instr" if connection.dialect.name == "sqlite" else "strpos"
    found = set[str]()
    for book, column in _NAMES if sought else ():
        holds = " OR ".join([f"{place}({column}, ?) > 0"] * len(sought))
        query = f'SELECT subject FROM "{book}" WHERE ({holds}) AND {_CODED} LIMIT {most}'
        found |= {row.subject for row in ask(connection, query, sought)}
    return found


def _near(connection: Connection, parts: set[str]) -> set[str]:
    """Subjects with a code in one of whose names one of the parts stands, at any version; at most COMPARED of them."""
    found, near = set[str](), re.compile("|".join(map(re.escape, sorted(parts))))
    for book, column in _NAMES if parts else ():
        every = text(f'SELECT subject, {column} FROM "{book}" WHERE {_CODED}')
        with connection.execute(every.execution_options(yield_per=BATCH)) as names:
            for subject, name in names:
                if near.search(name):
                    found.add(subject)
                    if len(found) == COMPARED:
                        return found
    return found


def _halves(name: str) -> Iterator[str]:
    """Of two names that are alike one half stands in both: what one of them has more or less is in the other."""
    plain = core(name)
    half = len(plain) // 2
    yield from (plain[:half], plain[-half:]) if half > 1 else (plain,)


def _as_shown(state: State) -> str:
    """The name; a natural person's is masked, also where only its length tells that it may be one's."""
    person = state.kind == NATURAL or (not state.kind and len(normalised(state.name)) <= _LONGEST_PERSONS)
    return masked_name(state.name) if person else state.name
