"""The cases beside a pack: a few lines made into an inquiry, a register and the verdict they must have."""

from dataclasses import dataclass, field
from datetime import timedelta

from engine.calendar import When, moved
from engine.errors import Fault, Place
from engine.identity import synthetic_code
from engine.inquiry import RELATION_KINDS, Entry, Inquiry, Party, Register, Relation
from engine.model import MOMENTS
from engine.packs.entries import read_entry, read_facts, read_relation
from engine.packs.questions import AS_OF, check_matter, prevailing_of, read_party, scenario_of
from engine.packs.schema import faults_of
from engine.packs.tree import Tree
from engine.packs.words import Node
from engine.vocabulary import NATIONAL, Owner, Scenario, Vocabulary

STALE_DAYS = 40
_FIRST = "A"


@dataclass(frozen=True)
class Case:
    """One situation, and what must be answered: `None` means the case says nothing about it."""

    name: str
    pack: str
    place: Place
    inquiry: Inquiry
    register: Register
    expect: str
    because: tuple[str, ...] | None
    benefits: tuple[str, ...] | None
    withheld: tuple[str, ...] | None
    missing: tuple[str, ...] | None
    flags: tuple[str, ...]
    because_at: tuple[Place, ...] = ()


@dataclass(slots=True)
class _Names:
    """The synthetic subjects behind A, B …, numbered as they appear."""

    codes: dict[str, str] = field(default_factory=dict)

    def code(self, name: str) -> str:
        if name not in self.codes:
            self.codes[name] = synthetic_code(len(self.codes))
        return self.codes[name]


def read_cases(tree: Tree, vocabulary: Vocabulary, pack: str = "") -> tuple[tuple[Case, ...], tuple[Fault, ...]]:
    """The cases of a file that can be judged, and every fault. `pack` is empty for cases that need several packs."""
    faults = [*tree.faults, *faults_of(tree, "cases")]
    found: list[Case] = []
    names: dict[str, int] = {}
    for node in Node.root(tree).kids():
        own: list[Fault] = []
        case = _case(node.apart(own), vocabulary, pack)
        if case.name in names:
            zh, en = (
                f"用例同名，第 {names[case.name]} 行已有",
                f"another case has this name, on line {names[case.name]}",
            )
            node.apart(own).at("case").fault("P521", zh, en)
        names.setdefault(case.name, case.place.line)
        if not own and not _touched(faults, tree, node):
            found.append(case)
        faults += own
    return tuple(found), tuple(sorted(faults, key=lambda fault: (fault.place.line, fault.place.column)))


def _touched(faults: list[Fault], tree: Tree, node: Node) -> bool:
    """Whether a fault of form lies on the lines of this case."""
    first = tree.place(node.path).line
    after = tree.place((*node.path[:-1], int(node.name) + 1)).line
    last = after if after > first else len(tree.lines) + 1
    return any(first <= fault.place.line < last for fault in faults)


def _case(node: Node, vocabulary: Vocabulary, pack: str) -> Case:
    names = _Names()
    asked = node.at("inquiry")
    moments = _moments(node)
    scenario = scenario_of(asked, vocabulary)
    prevails = prevailing_of(asked, scenario, moments)
    parties = _parties(node, names, vocabulary)
    place = asked.at("jurisdiction")
    place.known("P601", {NATIONAL, *vocabulary.jurisdictions}, "地区", "place")
    asked.at("authority").known("P601", vocabulary.issuers, "单位", "issuer")
    check_matter(asked.at("matter"), scenario, vocabulary)
    inquiry = Inquiry(
        scenario=scenario.code if scenario else "",
        parties=parties,
        moments=moments,
        prevails=prevails,
        jurisdiction=place.text or NATIONAL,
        matter=asked.at("matter").text or None,
        authority=asked.at("authority").text or None,
        facts=read_facts(asked.at("facts"), Owner.INQUIRY, vocabulary),
    )
    return Case(
        name=node.at("case").text,
        pack=pack,
        place=node.tree.place((*node.path, "case")),
        inquiry=inquiry,
        register=_register(node, names, inquiry, vocabulary),
        expect=node.at("expect").text,
        because=_because(node, pack),
        benefits=_said(node, "benefits"),
        withheld=_said(node, "withheld"),
        missing=_said(node, "missing"),
        flags=node.texts("flags"),
        because_at=tuple(kid.tree.place(kid.path) for kid in node.each("because")),
    )


def _moments(node: Node) -> dict[str, When]:
    stated = {name: when for name in MOMENTS if (when := node.moment(name, "P605")) is not None}
    if not any(node.has(name) for name in MOMENTS):
        helps = ("如 cut_off: 2024-06-10T09:00+08:00", "as in cut_off: 2024-06-10T09:00+08:00")
        node.fault("P610", "用例没有写任何时点", "the case states no moment", helps)
    if stated and AS_OF not in stated:
        stated[AS_OF] = max(stated.values(), key=lambda when: (when.last, when.first))
    return stated


def _parties(node: Node, names: _Names, vocabulary: Vocabulary) -> tuple[Party, ...]:
    asked, written = node.at("inquiry"), node.at("parties")
    scenario = scenario_of(asked.apart([]), vocabulary)
    if not written.value:
        return (_only_party(asked, names.code(_FIRST), scenario),)
    if asked.has("role"):
        zh, en = "写了 parties，角色写在各当事方", "with `parties`, each party has its own role"
        asked.at("role").fault("P522", zh, en, key=True)
    parties, seen = [], set[tuple[str, str]]()
    for kid in written.kids():
        party = read_party(kid, names.code(kid.at("name").text), scenario, vocabulary)
        if (party.subject, party.role) in seen:
            kid.at("name").fault("P604", "同一主体以同一角色出现两次", "the same subject stands twice in the same role")
        seen.add((party.subject, party.role))
        parties.append(party)
    return tuple(parties)


def _only_party(asked: Node, subject: str, scenario: Scenario | None) -> Party:
    """The party of a case that names none: `A` in the role of the inquiry."""
    role, roles = asked.at("role"), tuple(scenario.roles) if scenario else ()
    if scenario is not None:
        role.known("P601", roles, "角色", f"role in `{scenario.code}`")
    return Party(subject, role.text or (roles[0] if roles else ""))


def _register(node: Node, names: _Names, inquiry: Inquiry, vocabulary: Vocabulary) -> Register:
    entries: list[Entry] = []
    first = inquiry.parties[0].subject if inquiry.parties else names.code(_FIRST)
    for kid in node.at("entries").kids():
        subject = names.code(kid.at("of").text) if kid.has("of") else first
        entry = read_entry(kid, subject, vocabulary)
        if entry is not None:
            entries.append(entry)
    relations: list[Relation] = []
    for kid in node.at("relations").kids():
        relation = read_relation(kid, names.code(kid.at("from").text), names.code(kid.at("to").text))
        if relation is not None:
            relations.append(relation)
    known = frozenset(RELATION_KINDS) - frozenset(node.texts("no_relations"))
    return Register(tuple(entries), tuple(relations), _arrivals(node, inquiry, vocabulary), known)


def _arrivals(node: Node, inquiry: Inquiry, vocabulary: Vocabulary) -> dict[str, tuple[When, ...]]:
    """Every list fresh at the latest moment of the case, except those that are to be stale."""
    stale = node.words("stale", "P602", vocabulary.lists, "名单", "list")
    if not inquiry.moments or inquiry.prevails not in inquiry.moments:
        return {}
    latest = max(inquiry.moments.values(), key=lambda when: when.last)
    fresh = When(latest.last, latest.last, latest.text)
    prevailing = inquiry.prevailing
    arrivals: dict[str, tuple[When, ...]] = dict.fromkeys(vocabulary.lists, (fresh,))
    for code in stale:
        old = prevailing.day - timedelta(days=STALE_DAYS + vocabulary.lists[code].fresh)
        arrivals[code] = (moved(prevailing, old),)
    return arrivals


def _because(node: Node, pack: str) -> tuple[str, ...] | None:
    """The clauses that decide, by full identity in a pack's own cases; whether they exist is the checker's question."""
    if not node.has("because"):
        return None
    return tuple(text if "#" in text or not pack else f"{pack}#{text}" for text in node.texts("because"))


def _said(node: Node, key: str) -> tuple[str, ...] | None:
    return node.texts(key) if node.has(key) else None
