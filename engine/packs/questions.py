"""An inquiry file and an entries file into an Inquiry and a Register; everything wrong in them is said at once."""

import re
from collections.abc import Mapping
from dataclasses import replace

from engine.calendar import When
from engine.errors import Fault, RefusedInput
from engine.identity import WrongCode, read_subject
from engine.inquiry import RELATION_KINDS, Entry, Inquiry, Party, Register, Relation
from engine.model import MOMENTS
from engine.packs.asked_shapes import LEGAL_PERSON
from engine.packs.entries import read_entry, read_facts, read_relation
from engine.packs.schema import faults_of
from engine.packs.tree import Tree
from engine.packs.words import Node, advice, shown
from engine.vocabulary import NATIONAL, Owner, Scenario, Vocabulary

AS_OF = "as_of"
MOST_PARTIES = 1000
# Six digits of a place, a day of birth, three digits and a check character; blanks and hyphens may stand between.
_CITIZEN = re.compile(
    r"(?<!\d)(?:\d[ -]?){6}(?:1[ -]?[89]|2[ -]?0)[ -]?(?:\d[ -]?){2}"
    r"[01][ -]?\d[ -]?[0-3][ -]?(?:\d[ -]?){4}[\dXxＸｘ](?!\d)"
)


def read_inquiry(tree: Tree, vocabulary: Vocabulary, as_of: When | None = None) -> Inquiry:
    """The question a file asks. `as_of` stands in where it does not say when. RefusedInput with every fault."""
    faults = [*tree.faults, *faults_of(tree, "inquiry")]
    root = Node.root(tree, faults)
    scenario = scenario_of(root, vocabulary)
    moments = _moments(root, as_of)
    parties = _parties(root, scenario, vocabulary) if tree.root else ()
    prevails = prevailing_of(root, scenario, moments)
    place = root.at("jurisdiction")
    place.known("P601", {NATIONAL, *vocabulary.jurisdictions}, "地区", "place")
    matter, authority = root.at("matter"), root.at("authority")
    check_matter(matter, scenario, vocabulary)
    authority.known("P601", vocabulary.issuers, "单位", "issuer")
    facts = read_facts(root.at("facts"), Owner.INQUIRY, vocabulary)
    refuse(faults)
    return Inquiry(
        scenario=scenario.code if scenario else "",
        parties=parties,
        moments=moments,
        prevails=prevails,
        jurisdiction=place.text or None,
        matter=matter.text or None,
        authority=authority.text or None,
        facts=facts,
    )


def refuse(faults: list[Fault]) -> None:
    """RefusedInput with the faults in the order of the file, if any is an error."""
    if any(fault.severity == "error" for fault in faults):
        in_order = sorted(faults, key=lambda fault: (fault.place.file, fault.place.line, fault.place.column))
        raise RefusedInput([_without_citizens(fault) for fault in in_order])


def _without_citizens(fault: Fault) -> Fault:
    """The fault as it may be shown: what looks like a citizen's number is starred out, in the quoted line too."""
    place = replace(fault.place, source=_starred(fault.place.source))
    return replace(fault, place=place, zh=_starred(fault.zh), en=_starred(fault.en))


def _starred(text: str) -> str:
    return _CITIZEN.sub(lambda found: "*" * len(found[0]), text)


def scenario_of(node: Node, vocabulary: Vocabulary) -> Scenario | None:
    """The scenario an inquiry names; None, and a fault, if there is none of that name."""
    where = node.at("scenario")
    known = where.known("P601", vocabulary.scenarios, "应用场景", "scenario")
    return vocabulary.scenarios[where.text] if known else None


def check_matter(node: Node, scenario: Scenario | None, vocabulary: Vocabulary) -> None:
    """A fault if the matter is unknown, or belongs to another scenario."""
    if node.known("P601", vocabulary.matters, "办理事项", "matter") and scenario is not None:
        theirs = [code for code, matter in vocabulary.matters.items() if scenario.code in matter.scenarios]
        if node.text not in theirs:
            zh = f"事项 `{node.text}` 不属于场景 `{scenario.code}`"
            node.fault("P601", zh, f"the matter `{node.text}` does not belong to `{scenario.code}`")


def _moments(root: Node, as_of: When | None) -> dict[str, When]:
    moments: dict[str, When] = {}
    stated = root.at("moments")
    for kid in stated.kids():
        when = stated.moment(kid.name, "P605")
        if when is not None and kid.name in MOMENTS:
            moments[kid.name] = when
    own = root.moment(AS_OF, "P605")
    if own is not None and AS_OF in moments and moments[AS_OF] != own:
        stated.at(AS_OF).fault("P609", "`as_of` 写了两处且不同", "`as_of` is stated twice and differs", key=True)
    if own is not None or (as_of is not None and AS_OF not in moments and not root.has(AS_OF)):
        moments[AS_OF] = own or as_of  # type: ignore[assignment]
    if AS_OF not in moments and not root.has(AS_OF) and not stated.has(AS_OF):
        helps = ("如 as_of: 2024-06-10T09:00+08:00", "as in as_of: 2024-06-10T09:00+08:00")
        root.fault("P610", "没有写明查询时点 `as_of`", "`as_of`, the moment asked about, is missing", helps)
    return moments


def prevailing_of(node: Node, scenario: Scenario | None, moments: Mapping[str, When]) -> str:
    """The moment that prevails: the one named, else the scenario's if it is stated, else `as_of`."""
    named = node.at("prevails")
    if named.text:
        if named.text in MOMENTS and named.text not in moments:
            zh, en = f"没有写明时点 `{named.text}`", f"the moment `{named.text}` is not stated"
            named.fault("P609", zh, en, ("在 moments 中写明它", "state it among the moments"))
        return named.text
    return scenario.moment if scenario and scenario.moment in moments else AS_OF


def _parties(root: Node, scenario: Scenario | None, vocabulary: Vocabulary) -> tuple[Party, ...]:
    parties = root.at("parties")
    seen: set[tuple[str, str]] = set()
    found = []
    for node in list(parties.kids())[:MOST_PARTIES]:
        party = read_party(node, read_code(node.at("subject")), scenario, vocabulary)
        if party.subject and (party.subject, party.role) in seen:
            zh, en = "同一主体以同一角色出现两次", "the same subject stands twice in the same role"
            node.at("subject").fault("P604", zh, en)
        seen.add((party.subject, party.role))
        found.append(party)
    return tuple(found)


def read_party(node: Node, subject: str, scenario: Scenario | None, vocabulary: Vocabulary) -> Party:
    """One party of an inquiry; without a role, the scenario's first."""
    role = node.at("role")
    roles = tuple(scenario.roles) if scenario else ()
    if scenario is not None:
        role.known("P601", roles, "角色", f"role in `{scenario.code}`")
    return Party(
        subject=subject,
        role=role.text or (roles[0] if roles else ""),
        consortium=node.at("consortium").text,
        kind=node.at("kind").text or LEGAL_PERSON,
        facts=read_facts(node.at("facts"), Owner.PARTY, vocabulary),
    )


def read_code(node: Node) -> str:
    """The subject written here; empty, and a fault, if the code names nobody."""
    if not node.text:
        return ""
    try:
        return read_subject(node.text)
    except WrongCode as wrong:
        node.fault("P603", wrong.zh, wrong.en)
        return ""


def read_register(tree: Tree, vocabulary: Vocabulary) -> Register:
    """What an entries file knows. RefusedInput with every fault."""
    faults = [*tree.faults, *faults_of(tree, "entries")]
    root = Node.root(tree, faults)
    entries: list[Entry] = []
    for node in root.at("entries").kids():
        entry = read_entry(node, read_code(node.at("subject")), vocabulary)
        if entry is not None:
            entries.append(entry)
    relations: list[Relation] = []
    for node in root.at("relations").kids():
        relation = read_relation(node, read_code(node.at("from")), read_code(node.at("to")))
        if relation is not None:
            relations.append(relation)
    kinds = root.texts("relations_known") if root.has("relations_known") else RELATION_KINDS
    arrivals = _arrivals(root.at("arrivals"), vocabulary)
    refuse(faults)
    return Register(tuple(entries), tuple(relations), arrivals, frozenset(kinds))


def _arrivals(node: Node, vocabulary: Vocabulary) -> dict[str, tuple[When, ...]]:
    arrivals: dict[str, tuple[When, ...]] = {}
    for kid in node.kids():
        if kid.name not in vocabulary.lists:
            word, helps = shown(kid.name), advice(kid.name, vocabulary.lists)
            kid.fault("P602", f"没有这个名单：`{word}`", f"there is no list `{word}`", helps, key=True)
            continue
        if kid.text:
            found = [node.moment(kid.name, "P605")]
        else:
            found = [kid.moment(number, "P605") for number in range(len(list(kid.kids())))]
        arrivals[kid.name] = tuple(when for when in found if when is not None)
    return arrivals
