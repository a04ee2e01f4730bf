"""The reasons as data: verdict <- party <- finding <- clause, basis, entry, standing. Handles stand for names."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.decision import SEMANTICS, Answer, Benefit, Cause, Finding, Flag, ListState, Outcome, State
from engine.inquiry import Entry, Inquiry, Known, Party, Register
from engine.matching.answer import as_word
from engine.matching.facts import reached
from engine.model import Reach
from engine.vocabulary import FactType, Scenario, Vocabulary

Data = dict[str, Any]


def core_of(answer: Answer, register: Register, until: date | None, vocabulary: Vocabulary) -> tuple[Data, Data]:
    """The pure result and, apart from it, whom its handles name (subjects, documents, deciding bodies)."""
    handles = Handles(answer.inquiry, register, vocabulary)
    scenario = vocabulary.scenarios[answer.inquiry.scenario]
    core: Data = {
        "semantics": SEMANTICS,
        "question": _question(answer.inquiry, handles),
        "verdict": answer.verdict.value,
        "parties": [_party(outcome, handles) for outcome in answer.outcomes],
        "entries": [_entry(entry, handles) for entry in handles.entries],
        "lists": [_list(state, scenario) for _, state in sorted(answer.lists.items())],
        "relations_missing": [kind for kind in answer.relations_unknown if kind in scenario.relations_required],
        "flags": [_flag(flag) for flag in answer.flags],
        "assumed": list(answer.assumed),
        "missing": list(answer.missing),
    }
    if until:
        core["valid_until"] = until.isoformat()
    fresh = [s.fresh_until for s in answer.lists.values() if s.known and s.fresh_until]
    if fresh:
        core["fresh_until"] = min(fresh, key=lambda when: when.first).text
    return core, handles.names


class Handles:
    """p1, p2 … for parties, s1 … for related subjects, e1 … for the entries that concern them."""

    def __init__(self, inquiry: Inquiry, register: Register, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._parties = {id(party): f"p{n}" for n, party in enumerate(inquiry.parties, 1)}
        self._asked = {f"p{n}": party.subject for n, party in enumerate(inquiry.parties, 1)}
        self._subjects: dict[str, str] = {}
        for n, party in enumerate(inquiry.parties, 1):
            self._subjects.setdefault(party.subject, f"p{n}")
        others = sorted({s for p in inquiry.parties for reach, s in reached(p, register) if reach is not Reach.SELF})
        for n, subject in enumerate((s for s in others if s not in self._subjects), 1):
            self._subjects[subject] = f"s{n}"
        self.entries = [entry for entry in register.entries if entry.subject in self._subjects]
        self._entries = {id(entry): f"e{n}" for n, entry in enumerate(self.entries, 1)}

    def party(self, party: Party) -> str:
        """The handle of a party of the inquiry: this very one, for a subject may stand in two roles."""
        return self._parties[id(party)]

    def subject(self, subject: str) -> str:
        """The handle of a subject: that of its party, or its own."""
        return self._subjects[subject]

    def entry(self, entry: Entry) -> str:
        """The handle of an entry of the register."""
        return self._entries[id(entry)]

    def facts(self, facts: Mapping[str, Known]) -> Data:
        """Facts as text: flags as yes and no, money in yuan with two decimals."""
        return {name: self._fact(name, value) for name, value in facts.items()}

    def _fact(self, name: str, value: Known) -> str:
        record = self._vocabulary.facts.get(name)
        if record and record.type is FactType.MONEY and isinstance(value, int):
            return f"{value // 100}.{value % 100:02d}"
        return as_word(value)

    @property
    def names(self) -> Data:
        """Whom the handles stand for; kept apart so that the core names nobody."""
        entries = {
            self.entry(e): {"document": e.document, "body": e.body} | ({"number": e.number} if e.number else {})
            for e in self.entries
            if e.document or e.body or e.number
        }
        related = {handle: {"subject": subject} for subject, handle in self._subjects.items()}
        return related | {handle: {"subject": subject} for handle, subject in self._asked.items()} | entries


def _question(inquiry: Inquiry, handles: Handles) -> Data:
    question: Data = {
        "scenario": inquiry.scenario,
        "moments": {name: when.text for name, when in inquiry.moments.items()},
        "prevails": inquiry.prevails,
        "facts": handles.facts(inquiry.facts),
        "parties": [_asked(party, handles) for party in inquiry.parties],
    }
    optional = {"jurisdiction": inquiry.jurisdiction, "matter": inquiry.matter, "authority": inquiry.authority}
    return question | {name: value for name, value in optional.items() if value}


def _asked(party: Party, handles: Handles) -> Data:
    asked = {"party": handles.party(party), "role": party.role, "kind": party.kind, "facts": handles.facts(party.facts)}
    return asked | ({"consortium": party.consortium} if party.consortium else {})


def _party(outcome: Outcome, handles: Handles) -> Data:
    deciding = {id(finding) for finding in outcome.deciding}
    ordered = sorted(outcome.findings, key=lambda f: _finding_key(f, id(f) in deciding, handles))
    tainted = {"tainted_by": [handles.party(p) for p in outcome.tainted_by]} if outcome.tainted_by else {}
    return tainted | {
        "party": handles.party(outcome.party),
        "verdict": outcome.verdict.value,
        "channel": outcome.channel.value,
        "conditions": sorted({f.measure.id for f in outcome.conditions}),
        "benefits": [_benefit(b, handles) for b in sorted(outcome.benefits, key=lambda b: _benefit_key(b, handles))],
        "flags": [_flag(flag) for flag in sorted(outcome.flags, key=lambda f: (f.code, f.detail))],
        "findings": [_finding(f, id(f) in deciding, handles) for f in ordered],
    }


_STATE_ORDER = {state: number for number, state in enumerate(State)}


def _finding_key(finding: Finding, deciding: bool, handles: Handles) -> tuple[Any, ...]:
    """What decides comes first, then what counts, then the rest; within each by identity."""
    entry = handles.entry(finding.entry) if finding.entry else ""
    return not deciding, _STATE_ORDER[finding.state], finding.measure.id, len(entry), entry, finding.reach.value


def _finding(finding: Finding, deciding: bool, handles: Handles) -> Data:
    measure = finding.measure
    data: Data = {
        "measure": measure.id,
        "effect": measure.effect.value,
        "duty": measure.duty.value,
        "state": finding.state.value,
        "decides": deciding,
        "basis": [str(citation) for citation in measure.basis],
        "causes": [_cause(cause) for cause in finding.causes],
    }
    if finding.entry:
        data |= {"entry": handles.entry(finding.entry), "reach": finding.reach.value, "standing": finding.standing}
    if finding.until:
        data["until"] = finding.until.isoformat()
    if finding.missing:
        data["missing"] = list(finding.missing)
    return data


def _benefit_key(benefit: Benefit, handles: Handles) -> tuple[Any, ...]:
    entry = handles.entry(benefit.finding.entry) if benefit.finding.entry else ""
    return (
        benefit.name,
        benefit_state(benefit),
        benefit.finding.measure.id,
        len(entry),
        entry,
        benefit.finding.reach.value,
    )


def benefit_state(benefit: Benefit) -> str:
    """What became of a benefit: granted, offered, withheld, open (something is not known) or void."""
    if benefit.granted:
        return "offered" if benefit.offered else "granted"
    return {State.EFFECTIVE: "withheld", State.UNDETERMINED: "open"}.get(benefit.finding.state, "void")


def _benefit(benefit: Benefit, handles: Handles) -> Data:
    causes = [_cause(cause) for cause in benefit.causes]
    return {
        "benefit": benefit.name,
        "measure": benefit.finding.measure.id,
        "state": benefit_state(benefit),
        "causes": causes,
    }


def _entry(entry: Entry, handles: Handles) -> Data:
    events = sorted(entry.events, key=lambda event: (event.when.first, event.kind, event.when.last))
    return {
        "entry": handles.entry(entry),
        "of": handles.subject(entry.subject),
        "list": entry.list,
        "dates": {name: when.text for name, when in entry.dates.items()},
        "events": [{"kind": event.kind, "on": event.when.text} for event in events],
        "facts": handles.facts(entry.facts),
    }


def _list(state: ListState, scenario: Scenario) -> Data:
    """Whether the list is known; the verdict needs those the scenario consults, the rest only benefits."""
    data: Data = {"list": state.code, "known": state.known, "needed": state.code in scenario.consults}
    return data | ({"data_time": state.last_arrival.text} if state.last_arrival else {})


def _cause(cause: Cause) -> Data:
    return {"why": cause.why.value} | ({"of": cause.detail} if cause.detail else {})


def _flag(flag: Flag) -> Data:
    return {"flag": flag.code} | ({"of": flag.detail} if flag.detail else {})
