"""What the law says: memoranda, their measures, and the rulebook that holds them all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from engine.calendar import Period
from engine.citation import Citation
from engine.condition import ALWAYS, Condition
from engine.reading import Checked
from engine.vocabulary import NATIONAL, Span, Vocabulary, Words

PREVAILING = "prevailing"
MOMENTS = ("as_of", "cut_off", "deadline", "evaluation", "award", "contract")
ALL = "all"
ALL_ISSUERS = "all-issuers"


class Effect(StrEnum):
    """What a measure does (措施类型)."""

    BAR = "bar"
    LIMIT = "limit"
    SCRUTINISE = "scrutinise"
    WEIGH = "weigh"
    INFORM = "inform"
    WITHHOLD = "withhold"
    LIFT = "lift"
    GREEN_CHANNEL = "green_channel"
    PREFER = "prefer"
    SIMPLIFY = "simplify"
    SPARE = "spare"
    ROUTE = "route"


ADVERSE = frozenset({Effect.BAR, Effect.LIMIT, Effect.SCRUTINISE, Effect.WEIGH})
BENEFITS = frozenset({Effect.GREEN_CHANNEL, Effect.PREFER, Effect.SIMPLIFY, Effect.SPARE, Effect.ROUTE})


class Duty(StrEnum):
    """Whether the law orders the effect or leaves it to the authority."""

    MUST = "must"
    MAY = "may"


class Window(StrEnum):
    """What must last for a measure to bite (`while`)."""

    LISTED = "listed"
    BAN = "ban"
    DECIDED = "decided"
    AFTER_END = "after-end"


class Form(StrEnum):
    """What kind of document a pack encodes."""

    MEMORANDUM = "memorandum"
    STATUTE = "statute"
    REGULATION = "regulation"
    RULE = "rule"
    JUDICIAL_INTERPRETATION = "judicial-interpretation"
    NORMATIVE_DOCUMENT = "normative-document"
    POLICY = "policy"
    LOCAL_PLAN = "local-plan"
    LOCAL_REGULATION = "local-regulation"


class Reach(StrEnum):
    """Whose entry counts for the party: its own, or that of one related subject."""

    SELF = "self"
    BRANCH = "branch"
    HEAD_OFFICE = "head-office"
    LEGAL_REPRESENTATIVE = "legal-representative"
    ACTUAL_CONTROLLER = "actual-controller"
    DIRECTOR = "director"
    SHAREHOLDER = "shareholder"
    RESPONSIBLE_PERSON = "responsible-person"


@dataclass(frozen=True, slots=True)
class Contested:
    """A question only a lawyer may answer; from `since` on the measure's findings count as review."""

    by: str
    question: Words
    since: date | None

    def open_on(self, day: date) -> bool:
        """Whether the question stands on the day."""
        return self.since is None or self.since <= day


@dataclass(frozen=True, slots=True)
class Term:
    """The document's own limit on a measure: `period` counted from the entry's event `start`."""

    start: str
    period: Period


@dataclass(frozen=True, slots=True)
class Measure:
    """One clause's consequence in named scenarios. `lifts` and `given` hold full identities `pack#clause`."""

    pack: str
    clause: str
    says: Words
    effect: Effect
    scenarios: tuple[str, ...]
    basis: tuple[Citation, ...]
    by: tuple[str, ...]
    checked: Checked
    span: Span
    form: Form
    jurisdiction: str = NATIONAL
    lists: tuple[str, ...] = ()
    on_inquiry: bool = False
    matters: tuple[str, ...] = ()
    duty: Duty = Duty.MUST
    roles: tuple[str, ...] = ()
    reaches: tuple[Reach, ...] = (Reach.SELF,)
    window: Window | None = None
    ends: tuple[str, ...] = ()
    at: str = PREVAILING
    when: Condition = ALWAYS
    unless: Condition | None = None
    term: Term | None = None
    list_item: str = ""
    given: tuple[str, ...] = ()
    lifts: tuple[str, ...] = ()
    lifts_inquiry: bool = False
    withholds: tuple[str, ...] = ()
    route: str = ""
    condition: Words | None = None
    contested: Contested | None = None
    then: Mapping[str, Words] = field(default_factory=dict)
    draft: bool = False
    note: Words | None = None

    id: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """The measure's identity, `pack#clause`, is made once: every decision asks for it many times."""
        object.__setattr__(self, "id", f"{self.pack}#{self.clause}")

    @property
    def benefit(self) -> str:
        """The benefit it grants, as named in verdicts: the effect's word, or the route's."""
        return self.route if self.effect is Effect.ROUTE else str(self.effect)


@dataclass(frozen=True, slots=True)
class Memorandum:
    """One issued document (备忘录, statute, rule, local plan) with its measures in the document's order."""

    code: str
    title: Words
    number: str
    kind: str
    form: Form
    jurisdiction: str
    issued: date
    span: Span
    issuers: tuple[str, ...]
    lists: tuple[str, ...]
    measures: tuple[Measure, ...]
    path: str
    ending: str = ""
    note: Words | None = None


@dataclass(frozen=True, eq=False)
class Rulebook:
    """All packs and vocabulary of all layers at one revision (SHA-256 over paths and contents, cases excluded).

    Two rulebooks are the same only if they are one object: what is compiled from one is kept beside it.
    """

    vocabulary: Vocabulary
    memoranda: Mapping[str, Memorandum]
    revision: str

    @property
    def measures(self) -> Iterator[Measure]:
        """Every measure, packs in order of identity, clauses in the document's order."""
        for code in sorted(self.memoranda):
            yield from self.memoranda[code].measures
