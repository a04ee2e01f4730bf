"""What could be otherwise: every single change that might turn an answer, as a function of question and register.

Repair and objection end an entry, a fact is supplied, an allegation falls away, a decision turns out not to reach this
place, a member is replaced, a list arrives. Time is apart: it needs no act, see `remedy`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from engine.calendar import When
from engine.condition import Op, ParameterRef, Test, tests_of
from engine.decision import Answer, Cause, Finding, Verdict, Why
from engine.identity import synthetic_code
from engine.inquiry import UNKNOWN, Entry, Event, Inquiry, Known, Party, Register
from engine.matching.answer import as_word
from engine.model import Measure
from engine.resolution.resolve import weight
from engine.vocabulary import FactRecord, FactType, Owner, Vocabulary

# No real subject has it: the stand-in for a consortium's new member, and the mark of an untested value.
NEW_MEMBER = synthetic_code(99_999_999)
OTHER = "other"


class Kind(StrEnum):
    """The sorts of change, in the order they are shown."""

    TIME = "time"
    FACT = "fact"
    DATA = "data"
    REPAIR = "repair"
    OBJECTION = "objection"
    SCOPE = "scope"
    COMPOSITION = "composition"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its sort, the entry or party it is about, the fact or list it names, and the new value."""

    kind: Kind
    entry: Entry | None = None
    party: Party | None = None
    name: str = ""
    value: str = ""


Situation = tuple[Inquiry, Register]


@dataclass(frozen=True, slots=True)
class Lever:
    """A change and what it does; levers of one `slot` exclude each other (one fact has one value)."""

    change: Change
    slot: str
    pull: Callable[[Situation], Situation]


def levers(answer: Answer, register: Register, vocabulary: Vocabulary) -> list[Lever]:
    """Every lever of the answer, without duplicates, in a fixed order."""
    found: dict[str, Lever] = {}
    for lever in _all(answer, register, vocabulary):
        found.setdefault(f"{lever.slot}={lever.change.kind}{lever.change.value}", lever)
    return list(found.values())


def standing_in_the_way(answer: Answer) -> list[Finding]:
    """The findings that keep the answer from being eligible."""
    return [f for o in answer.outcomes for f in o.findings if weight(f) is not Verdict.ELIGIBLE]


def _all(answer: Answer, register: Register, vocabulary: Vocabulary) -> Iterator[Lever]:
    for state in answer.lists.values():
        if not state.known:
            yield _arrival(state.code, answer.inquiry)
    for finding in standing_in_the_way(answer):
        yield from _facts(finding, answer.inquiry, register, vocabulary)
        if finding.entry is not None:
            yield from _entry(finding, answer.inquiry, register)
        if any(cause.why is Why.MATTER_UNSTATED for cause in finding.causes):
            yield from _matter(finding.measure, answer.inquiry, vocabulary)
        if _about_relations(finding.measure, vocabulary):
            yield from (_withdrawal(p) for p in answer.inquiry.parties if not _same(p, finding.party))
    for outcome in answer.outcomes:
        if outcome.party.consortium or outcome.party.role == "consortium-member":
            yield _replacement(outcome.party)


def _arrival(code: str, inquiry: Inquiry) -> Lever:
    def pull(situation: Situation) -> Situation:
        asked, register = situation
        arrivals = {**register.arrivals, code: (inquiry.prevailing,)}
        return asked, replace(register, arrivals=arrivals)

    return Lever(Change(Kind.DATA, name=code), f"list:{code}", pull)


def _entry(finding: Finding, inquiry: Inquiry, register: Register) -> Iterator[Lever]:
    entry = finding.entry
    assert entry is not None
    place = _place(entry, register)
    slot = f"entry:{place}"
    for kind, event in ((Kind.REPAIR, "repaired"), (Kind.OBJECTION, "annulled")):
        yield Lever(Change(kind, entry=entry), slot, _ending(place, Event(event, _earliest(inquiry))))
    if Cause(Why.STANDING, "ambiguous-day") in finding.causes:
        for name in ("listed", "decided"):
            if name in entry.dates and not entry.dates[name].exact:
                change = Change(Kind.FACT, entry=entry, name=name, value="later")
                yield Lever(change, slot, _dated(place, name, _latest(inquiry)))
    if any(cause.why is Why.TERRITORY for cause in finding.causes):
        yield Lever(Change(Kind.SCOPE, entry=entry, name="territory"), slot, _changed(place, _nobodys))


def _earliest(inquiry: Inquiry) -> When:
    """An instant by which every moment asked about has come: what happened then has happened for all."""
    first = min(when.first for when in inquiry.moments.values())
    return When(first, first, "")


def _latest(inquiry: Inquiry) -> When:
    last = max(when.last for when in inquiry.moments.values()) + 1
    return When(last, last, "")


def _place(entry: Entry, register: Register) -> int:
    return next(number for number, other in enumerate(register.entries) if other is entry)


def _nobodys(entry: Entry) -> Entry:
    """The entry as though it concerned nobody here: what its decision means outside its territory, read narrowly."""
    return replace(entry, subject="")


def _ending(place: int, event: Event) -> Callable[[Situation], Situation]:
    return _changed(place, lambda old: replace(old, events=(*old.events, event)))


def _dated(place: int, name: str, when: When) -> Callable[[Situation], Situation]:
    return _changed(place, lambda old: replace(old, dates={**old.dates, name: when}))


def _changed(place: int, change: Callable[[Entry], Entry]) -> Callable[[Situation], Situation]:
    """Changes the entry at that place of the register; by place, for another lever may have changed it already."""

    def pull(situation: Situation) -> Situation:
        inquiry, register = situation
        entries = list(register.entries)
        entries[place] = change(entries[place])
        return inquiry, replace(register, entries=tuple(entries))

    return pull


def _replacement(party: Party) -> Lever:
    def pull(situation: Situation) -> Situation:
        inquiry, register = situation
        parties = tuple(replace(p, subject=NEW_MEMBER, facts={}) if _same(p, party) else p for p in inquiry.parties)
        return replace(inquiry, parties=parties), register

    return Lever(Change(Kind.COMPOSITION, party=party), f"party:{party.subject}:{party.role}", pull)


def _about_relations(measure: Measure, vocabulary: Vocabulary) -> bool:
    facts = (vocabulary.facts.get(test.fact) for test in tests_of(measure.when))
    return any(fact is not None and fact.derived == "related-parties" for fact in facts)


def _withdrawal(party: Party) -> Lever:
    def pull(situation: Situation) -> Situation:
        inquiry, register = situation
        return replace(inquiry, parties=tuple(p for p in inquiry.parties if not _same(p, party))), register

    return Lever(Change(Kind.COMPOSITION, party=party, name="withdraw"), f"party:{party.subject}:{party.role}", pull)


def _matter(measure: Measure, inquiry: Inquiry, vocabulary: Vocabulary) -> Iterator[Lever]:
    """Any matter the measure is not for; which one is at hand only the asker knows."""
    others = [m.code for m in vocabulary.matters.values() if inquiry.scenario in m.scenarios]
    free = next((code for code in others if code not in measure.matters), None)
    if free:
        yield Lever(
            Change(Kind.FACT, name="matter", value=free), "matter", lambda s: (replace(s[0], matter=free), s[1])
        )


def _facts(finding: Finding, inquiry: Inquiry, register: Register, vocabulary: Vocabulary) -> Iterator[Lever]:
    """Facts to supply where they are missing; stated facts of the business that could turn out otherwise."""
    measure = finding.measure
    conditions = [measure.when, *([measure.unless] if measure.unless is not None else [])]
    for test in (test for condition in conditions for test in tests_of(condition)):
        record = vocabulary.facts.get(test.fact)
        if record is None or record.derived:
            continue
        missing = test.fact in finding.missing
        if record.owner is Owner.ENTRY and not missing:
            continue  # what an entry states is changed by its keeper, which is an objection
        given = inquiry.facts if record.owner is Owner.INQUIRY else finding.party.facts
        for value in _values(test, record, vocabulary, inquiry.prevailing.day):
            if missing or given.get(test.fact) not in (None, UNKNOWN, value):
                yield _fact(finding, register, record, value, Kind.FACT if missing else Kind.SCOPE)


def _fact(finding: Finding, register: Register, record: FactRecord, value: Known, kind: Kind) -> Lever:
    """The fact with that value, where its owner states it."""
    entry, party, code, said = finding.entry, finding.party, record.code, as_word(value)
    if record.owner is Owner.ENTRY and entry is not None:
        place = _place(entry, register)
        change = Change(kind, entry=entry, name=code, value=said)
        return Lever(change, f"fact:{place}:{code}", _changed(place, lambda old: _stating(old, code, value)))
    if record.owner is Owner.INQUIRY:
        return Lever(Change(kind, name=code, value=said), f"fact:{code}", lambda s: (_asked(s[0], code, value), s[1]))
    change = Change(kind, party=party, name=code, value=said)
    slot = f"fact:{party.subject}:{party.role}:{code}"
    return Lever(change, slot, lambda s: (_of_party(s[0], party, code, value), s[1]))


def _stating(entry: Entry, code: str, value: Known) -> Entry:
    return replace(entry, facts={**entry.facts, code: value})


def _asked(inquiry: Inquiry, fact: str, value: Known) -> Inquiry:
    return replace(inquiry, facts={**inquiry.facts, fact: value})


def _of_party(inquiry: Inquiry, party: Party, fact: str, value: Known) -> Inquiry:
    told = (replace(p, facts={**p.facts, fact: value}) if _same(p, party) else p for p in inquiry.parties)
    return replace(inquiry, parties=tuple(told))


def _same(one: Party, other: Party) -> bool:
    return (one.subject, one.role) == (other.subject, other.role)


def _values(test: Test, record: FactRecord, vocabulary: Vocabulary, day: date) -> list[Known]:
    """Values on either side of the test: enough to try each class the measure can tell apart."""
    if record.type is FactType.FLAG:
        return [False, True]
    operand = test.operand
    if isinstance(operand, tuple):
        return [OTHER, *operand]
    if isinstance(operand, ParameterRef):
        figures = [value.value for value in vocabulary.parameters[operand.code].values]
        operand = figures[-1] if figures else 0
    if isinstance(operand, date):
        return [operand - timedelta(days=1), operand]
    if isinstance(operand, int):
        return [max(operand - 1, 0), operand, operand + 1]
    return [day - timedelta(days=365 * 40), day] if test.op in (Op.WITHIN, Op.BEFORE, Op.ON_OR_AFTER) else []
