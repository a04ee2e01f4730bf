"""A tender: one question about very many parties, read from the registry part by part so that it can be followed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.decide import decide
from engine.inquiry import Inquiry
from engine.model import Rulebook
from engine.packs.library import Library
from engine.registry.knowing import version_of
from engine.registry.reading import register_of, rows_about, take_out
from engine.registry.shelf import Shelf, marks
from engine.registry.store import Store, ask
from engine.services.ask import Asked

# Of so many parties is read at a time what the registry knows.
PART = 100
READ, JUDGE, RECORD = "read", "judge", "record"
# What comes now, and of how many parties everything has been read.
Tell = Callable[[str, int], None]


def judged(inquiry: Inquiry, library: Library, rulebook: Rulebook, registry: Store, tell: Tell) -> Asked:
    """The decision that `ask_registry` makes, told of while it is made."""
    subjects = [*dict.fromkeys(party.subject for party in inquiry.parties)]
    with registry.reading() as connection:
        version, shelf = version_of(connection), Shelf(connection)
        for done in range(0, len(subjects), PART):
            tell(READ, done)
            take_out(shelf, subjects[done : done + PART], version.number)
        tell(JUDGE, len(subjects))
        register = register_of(shelf, subjects, version.number, rulebook.vocabulary)
    return Asked(decide(inquiry, register, rulebook), rulebook, version, library.files)


def names_then(registry: Store, subjects: Sequence[str], version: int) -> Mapping[str, str]:
    """The registered name of each subject that has one, as known at the version; the newest where there are several."""
    with registry.reading() as connection:
        rows = rows_about(connection, "subject_name", "t.subject, t.name", version, ("subject",), subjects)
    return {row.subject: row.name for row in rows}


def recorded_as(ledger: Store, decisions: Sequence[str]) -> Mapping[str, Any]:
    """When each of the decisions was recorded, in which scenario and with which verdict; of its parties nothing."""
    query = f"SELECT id, recorded_at, scenario, verdict FROM leaf WHERE id IN ({marks(decisions)})"
    with ledger.reading() as connection:
        return {row.id: row for row in ask(connection, query, decisions)} if decisions else {}
