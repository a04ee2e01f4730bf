"""What is asked and what is known: an inquiry with its parties, and the register of entries as known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from engine.calendar import When
from engine.model import Reach
from engine.vocabulary import NATIONAL, Span


class _Silent:
    """A marker that is only ever compared by identity."""

    __slots__ = ("word",)

    def __init__(self, word: str) -> None:
        self.word = word

    def __repr__(self) -> str:
        return self.word


ABSENT = _Silent("absent")
UNKNOWN = _Silent("unknown")

Value = int | str | bool | date
Known = Value | _Silent

# Event dates every entry may carry, and what may happen to it afterwards.
DATES = ("listed", "decided", "published", "expires", "ban_from", "ban_until")
HAPPENINGS = (
    "disputed", "settled", "suspended", "resumed", "repaired", "removed", "annulled", "lifted", "restored", "absent",
)  # fmt: skip

# How a relation leads from a party to the subject whose entry counts: (kind, whether the party is its far end).
LEADS: Mapping[Reach, tuple[str, bool]] = {
    Reach.BRANCH: ("branch-of", True),
    Reach.HEAD_OFFICE: ("branch-of", False),
    Reach.LEGAL_REPRESENTATIVE: ("legal-representative-of", True),
    Reach.ACTUAL_CONTROLLER: ("controller-of", True),
    Reach.DIRECTOR: ("director-of", True),
    Reach.SHAREHOLDER: ("shareholder-of", True),
    Reach.RESPONSIBLE_PERSON: ("responsible-person-of", True),
}
RELATION_KINDS = (
    "branch-of",
    "legal-representative-of",
    "controller-of",
    "director-of",
    "shareholder-of",
    "responsible-person-of",
    "member-of",
    "expert-in",
)


@dataclass(frozen=True, slots=True)
class Party:
    """A subject in a role in one inquiry; parties of one `consortium` stand or fall together."""

    subject: str
    role: str
    consortium: str = ""
    kind: str = "legal-person"
    facts: Mapping[str, Known] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question: these parties, this scenario, place, project and moments (`moments` always has `as_of`)."""

    scenario: str
    parties: tuple[Party, ...]
    moments: Mapping[str, When]
    prevails: str
    jurisdiction: str | None = NATIONAL
    matter: str | None = None
    authority: str | None = None
    facts: Mapping[str, Known] = field(default_factory=dict)

    def moment(self, name: str) -> When | None:
        """The named moment, `prevailing` included; None where the project does not state it."""
        return self.moments.get(self.prevails if name == "prevailing" else name)

    def at(self, moments: Mapping[str, When]) -> "Inquiry":
        """The same question at other moments."""
        return Inquiry(
            self.scenario,
            self.parties,
            moments,
            self.prevails,
            self.jurisdiction,
            self.matter,
            self.authority,
            self.facts,
        )

    @property
    def prevailing(self) -> When:
        """The moment at which measures are judged unless they name another."""
        return self.moments[self.prevails]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an entry."""

    kind: str
    when: When


@dataclass(frozen=True, slots=True)
class Entry:
    """One subject on one list: event dates, attributes, later events, and where it came from."""

    subject: str
    list: str
    dates: Mapping[str, When] = field(default_factory=dict)
    facts: Mapping[str, Known] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    document: str = ""
    body: str = ""
    number: str = ""  # by which the registry knows it; empty where it comes from a file


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry known by a name alone that may be this subject's: a person must look before anybody answers."""

    subject: str
    list: str
    number: str


ALWAYS_HELD = Span()


@dataclass(frozen=True, slots=True)
class Relation:
    """A dated tie: `near` is the branch (or head, controller …) of `far`."""

    kind: str
    near: str
    far: str
    span: Span = ALWAYS_HELD


@dataclass(frozen=True)
class Register:
    """What is known: entries, relations, when each list last arrived, and which kinds of relation ever did;
    `candidates` are entries that name nobody for certain."""

    entries: tuple[Entry, ...] = ()
    relations: tuple[Relation, ...] = ()
    arrivals: Mapping[str, tuple[When, ...]] = field(default_factory=dict)
    relations_known: frozenset[str] = frozenset(RELATION_KINDS)
    candidates: tuple[Candidate, ...] = ()

    @cached_property
    def by_subject(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each subject, in the register's order."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.subject, []).append(entry)
        return {subject: tuple(entries) for subject, entries in found.items()}

    @cached_property
    def ties_of(self) -> Mapping[str, tuple[Relation, ...]]:
        """The relations of each subject, at whichever end it stands."""
        found: dict[str, list[Relation]] = {}
        for relation in self.relations:
            for subject in {relation.near, relation.far}:
                found.setdefault(subject, []).append(relation)
        return {subject: tuple(relations) for subject, relations in found.items()}
