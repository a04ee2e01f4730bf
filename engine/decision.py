"""What is answered: findings, the outcome for each party, and the decision as a whole, before it is put in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from engine.calendar import When
from engine.canonical import canonical
from engine.inquiry import Entry, Inquiry, Party, Register
from engine.model import Duty, Measure, Reach

# Raised only when an answer to the same question changes.
SEMANTICS = 1


class Verdict(StrEnum):
    """The four verdicts (结论), severest first."""

    INELIGIBLE = "ineligible"
    REVIEW = "review"
    CONDITIONAL = "conditional"
    ELIGIBLE = "eligible"


class State(StrEnum):
    """What a finding amounts to."""

    EFFECTIVE = "effective"
    UNDETERMINED = "undetermined"
    WITHOUT_EFFECT = "without-effect"


class Channel(StrEnum):
    """Which way an application goes."""

    ORDINARY = "ordinary"
    GREEN = "green"
    GREEN_OFFERED = "green-offered"  # the law leaves it to the authority
    STRICT = "strict"


class Why(StrEnum):
    """Why a finding is undetermined or without effect."""

    DRAFT = "draft"
    LAPSED = "lapsed"
    LOCAL = "local"
    NOT_IN_FORCE = "not-in-force"
    NOT_YOUR_AUTHORITY = "not-your-authority"
    NOT_YOUR_MATTER = "not-your-matter"
    MATTER_UNSTATED = "matter-unstated"
    LIFTED = "lifted"
    LIFT_OPEN = "lift-open"
    GIVEN_ABSENT = "given-absent"
    GIVEN_OPEN = "given-open"
    STANDING = "standing"
    TERRITORY = "territory"
    MISSING = "missing"
    CONTESTED = "contested"
    LISTED_ADVERSELY = "listed-adversely"
    RESTRICTED = "restricted"
    LIST_UNKNOWN = "list-unknown"


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason with what it points at: a measure, a fact, a standing, a list."""

    why: Why
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry (or the inquiry itself) met one measure for one party."""

    measure: Measure
    party: Party
    entry: Entry | None
    reach: Reach
    state: State
    causes: tuple[Cause, ...] = ()
    missing: tuple[str, ...] = ()
    standing: str = ""
    until: date | None = None
    edition_not_read: bool = False

    def turned(self, state: State, *causes: Cause) -> "Finding":
        """The same finding in another state, the causes added."""
        return replace(self, state=state, causes=self.causes + causes)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something said beside a verdict without changing it (提示)."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit some measure names, and what became of it: granted, offered, withheld or not granted."""

    name: str
    finding: Finding
    granted: bool
    causes: tuple[Cause, ...] = ()

    @property
    def offered(self) -> bool:
        """Whether the authority may, rather than must, grant it."""
        return self.finding.measure.duty is Duty.MAY


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one party gets: its verdict, the findings that decide it, conditions, benefits, channel and flags.

    `tainted_by` names the members of its consortium from whom it has its verdict.
    """

    party: Party
    verdict: Verdict
    deciding: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    conditions: tuple[Finding, ...]
    benefits: tuple[Benefit, ...]
    channel: Channel
    flags: tuple[Flag, ...]
    tainted_by: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True)
class ListState:
    """Whether a consulted list is known at the moment, and until when its last arrival proves it."""

    code: str
    known: bool
    last_arrival: When | None
    fresh_until: When | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer: `verdict` is the severest of the parties', unknown lists and unknown relations included."""

    inquiry: Inquiry
    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    lists: Mapping[str, ListState]
    relations_unknown: tuple[str, ...]
    flags: tuple[Flag, ...]
    assumed: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """A verdict with reasons. `data` is the pure result, `names` says whom its handles stand for.

    `answer` and `register` (the part that concerns the parties) are what the result was made from.
    """

    data: Mapping[str, Any]
    names: Mapping[str, Any]
    answer: Answer
    register: Register

    @cached_property
    def core(self) -> bytes:
        """The canonical JSON (RFC 8785) of `data`, made when first asked for: the bytes a ledger keeps."""
        return canonical(self.data)
