"""The closed words a pack may use, as meaning: lists, facts, scenarios, issuers, instruments, parameters, places."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from engine.calendar import Period
from engine.condition import Condition
from engine.handling import Handling

# Said here too, for whoever speaks of the vocabulary: every record of it is made of words and days.
from engine.reading import Span as Span
from engine.reading import Words as Words
from engine.repair import NoRepair, Objection, RepairRegime, RepairRules, Sought

NATIONAL = "national"


class Colour(StrEnum):
    """What a list says of those on it."""

    BLACK = "black"
    RED = "red"
    WATCH = "watch"
    RECORD = "record"


class FactType(StrEnum):
    """What a fact's value is: money in fen, a count, a day, a code, or a flag."""

    MONEY = "money"
    COUNT = "count"
    DATE = "date"
    CODE = "code"
    FLAG = "flag"


class Owner(StrEnum):
    """Whose fact it is."""

    ENTRY = "entry"
    INQUIRY = "inquiry"
    PARTY = "party"


class Silence(StrEnum):
    """What it means that nobody stated a fact of the inquiry or of a party."""

    NO = "no"
    UNKNOWN = "unknown"


class Derivation(StrEnum):
    """How the engine works out a fact that nobody states."""

    ENDED_DAY = "ended-day"
    REPEAT_LISTING = "repeat-listing"
    UNFOUNDED_COMPLAINTS = "unfounded-complaints"
    RELATED_PARTIES = "related-parties"
    SAME_MATTER = "same-matter"


class Rank(StrEnum):
    """Where an instrument stands in the order of Chinese law."""

    LAW = "law"
    ADMINISTRATIVE_REGULATION = "administrative-regulation"
    PARTY_STATE_COUNCIL = "party-state-council-document"
    JUDICIAL_INTERPRETATION = "judicial-interpretation"
    DEPARTMENT_RULE = "department-rule"
    NORMATIVE_DOCUMENT = "normative-document"
    LOCAL_REGULATION = "local-regulation"
    LOCAL_RULE = "local-rule"
    LOCAL_NORMATIVE_DOCUMENT = "local-normative-document"
    MEMORANDUM = "memorandum"


@dataclass(frozen=True, slots=True)
class TermRule:
    """How long an entry stands, counted from the event `start`; no `period` means no fixed end."""

    span: Span
    start: str
    period: Period | None
    when: Condition
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListRecord:
    """A published register; `fresh` is how many days an arrival still proves it, `untimed` why it has no term rule."""

    code: str
    name: Words
    colour: Colour
    keeper: str
    fresh: int
    required: frozenset[str]
    optional: frozenset[str]
    terms: tuple[TermRule, ...]
    note: Words | None = None
    untimed: Words | None = None

    def carries(self, fact: str) -> bool:
        """Whether entries of this list may state the fact."""
        return fact in self.required or fact in self.optional


@dataclass(frozen=True, slots=True)
class FactRecord:
    """A declared fact; `derived` names the engine's rule for a fact that is worked out, not stated."""

    code: str
    owner: Owner
    type: FactType
    name: Words
    silent: Silence = Silence.NO
    derived: Derivation | None = None
    values: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A business in which lists are consulted; `moment` is the one that prevails unless the project says otherwise."""

    code: str
    name: Words
    moment: str
    roles: Mapping[str, Words]
    consults: tuple[str, ...]
    benefits_consult: tuple[str, ...]
    consortium_taints: bool
    relations_required: tuple[str, ...]
    matters: bool
    routes: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Issuer:
    """A body that signs or acts; `successors` took over its work after `span` ended."""

    code: str
    name: Words
    span: Span
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """A citable instrument; `versions` maps the day a text applies from to the number of its last article."""

    code: str
    name: Words
    rank: Rank
    span: Span
    versions: tuple[tuple[date, int], ...] = ()
    jurisdiction: str = NATIONAL

    def articles_on(self, day: date) -> int | None:
        """The last article of the text that applies on the day; None where no read text covers it."""
        known = [articles for since, articles in self.versions if since <= day]
        return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the national basic list of measures and whether its rows were `yes`, `partly` or `no` read."""

    code: str
    since: date
    read: str


@dataclass(frozen=True, slots=True)
class ListItem:
    """A row of the basic list: class 1 takes a right, 2 is a body's own management, 3 is others' own decision."""

    code: str
    level: int
    name: Words


@dataclass(frozen=True, slots=True)
class BasicList:
    """The legality gate of 国办发〔2020〕49号 and the basic list of measures by edition."""

    gate: date
    basis: tuple[str, ...]
    editions: tuple[Edition, ...]
    items: Mapping[str, ListItem]


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's figure from a day on, in a place."""

    since: date
    value: int
    jurisdiction: str = NATIONAL


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure the law dates. `read_on` is `prevailing` or a date fact; `by_field` raises it for declared fields."""

    code: str
    name: Words
    unit: str
    values: tuple[DatedValue, ...]
    read_on: str
    field_fact: str = ""
    by_field: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A place by GB/T 2260 code; containment goes by `parent`, never by digits."""

    code: str
    name: Words
    parent: str
    span: Span


@dataclass(frozen=True, slots=True)
class Matter:
    """What is applied for in a permit or subsidy scenario."""

    code: str
    name: Words
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words of all layers."""

    lists: Mapping[str, ListRecord]
    facts: Mapping[str, FactRecord]
    scenarios: Mapping[str, Scenario]
    issuers: Mapping[str, Issuer]
    instruments: Mapping[str, Instrument]
    basic_list: BasicList
    parameters: Mapping[str, Parameter]
    jurisdictions: Mapping[str, Jurisdiction]
    matters: Mapping[str, Matter]
    repair: RepairRules = field(default_factory=RepairRules)
    handling: Handling = field(default_factory=Handling)

    def inside(self, place: str, outer: str) -> bool:
        """Whether `place` is `outer` or lies within it, going up by parents."""
        while place != outer:
            if place not in self.jurisdictions:
                return False
            place = self.jurisdictions[place].parent
        return True

    def heirs(self, issuer: str) -> frozenset[str]:
        """The issuer and every body that took over its work."""
        found, todo = set[str](), [issuer]
        while todo:
            if (code := todo.pop()) not in found:
                found.add(code)
                record = self.issuers.get(code)
                todo.extend(record.successors if record else ())
        return frozenset(found)

    def repair_for(self, list_code: str, day: date, jurisdiction: str | None = NATIONAL) -> RepairRegime | None:
        """The regime by which an entry of the list is repaired; None where it has none, or where nothing is known."""
        sought = self.sought(list_code, day, jurisdiction)
        found = self.repair.repair(sought) if sought else None
        return found if isinstance(found, RepairRegime) else None

    def no_repair_for(self, list_code: str, day: date, jurisdiction: str | None = NATIONAL) -> NoRepair | None:
        """Why an entry of the list has no repair; None where it has one, or where nothing is known."""
        sought = self.sought(list_code, day, jurisdiction)
        found = self.repair.repair(sought) if sought else None
        return found if isinstance(found, NoRepair) else None

    def objection_for(self, list_code: str, jurisdiction: str | None, day: date) -> Objection | None:
        """How an entry of the list is challenged, by the rule of the nearest place that has one."""
        sought = self.sought(list_code, day, jurisdiction)
        return self.repair.objection(sought) if sought else None

    def sought(self, list_code: str, day: date, jurisdiction: str | None) -> Sought | None:
        """The entry whose rules are sought: one of a list in a place on a day; None for a list that there is not."""
        if (record := self.lists.get(list_code)) is None:
            return None
        around = self.around(jurisdiction or NATIONAL)
        return Sought(list_code, record.colour, self.heirs(record.keeper), around, day)

    def around(self, place: str) -> tuple[str, ...]:
        """The place and those it lies in, nearest first, up to the nation."""
        found: list[str] = []
        while place in self.jurisdictions and place not in found:
            found.append(place)
            place = self.jurisdictions[place].parent
        return (*found, NATIONAL)
