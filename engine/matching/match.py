"""Entries and inquiry in, matches out: every meeting falls in a cell, every cell is judged once by both judges."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from weakref import WeakKeyDictionary

from engine.condition import MomentRef, ParameterRef
from engine.errors import EngineFault
from engine.inquiry import UNKNOWN, Entry, Inquiry, Party, Register
from engine.matching import naive
from engine.matching.alternatives import Literal, alternatives
from engine.matching.cells import Cell, Grid
from engine.matching.facts import Meeting, behind, reached
from engine.matching.rete import Numbered, ReteJudge
from engine.model import Measure, Reach, Rulebook
from engine.truth import MAYBE, NO, YES, Truth, every, negate, some
from engine.vocabulary import Owner, Silence, Span

Key = tuple[str | None, str, str, Reach]


@dataclass(frozen=True, slots=True)
class Match:
    """A measure a meeting triggers, or may trigger: then `missing` names the facts, figures or moments not known."""

    measure: Measure
    party: Party
    entry: Entry | None
    reach: Reach
    truth: Truth
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """All matches of an inquiry, and the facts that were tested but unstated and so taken as no."""

    found: tuple[Match, ...]
    assumed: frozenset[str]


def match(inquiry: Inquiry, register: Register, rulebook: Rulebook) -> Matches:
    """Every measure of the rulebook that an entry or the inquiry triggers, as though all entries were current."""
    return matcher_of(rulebook).match(inquiry, register)


def matcher_of(rulebook: Rulebook) -> "Matcher":
    """The rulebook's matcher, made once and kept as long as the rulebook."""
    matcher = _matchers.get(rulebook)
    if matcher is None:
        matcher = _matchers[rulebook] = Matcher(rulebook)
    return matcher


class Matcher:
    """The buckets of one rulebook, made when first needed; safe to share between threads."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._vocabulary = rulebook.vocabulary
        self._measures = tuple(rulebook.measures)
        self._buckets: dict[Key, Bucket] = {}

    def match(self, inquiry: Inquiry, register: Register) -> Matches:
        """See `match`."""
        found: list[Match] = []
        assumed: set[str] = set()
        for key, meeting in self.meetings(inquiry, register):
            bucket = self.bucket(key)
            found.extend(bucket.match(meeting))
            assumed.update(bucket.assumed(meeting))
        return Matches(tuple(found), frozenset(assumed))

    def bucket(self, key: Key) -> "Bucket":
        """The measures that an entry of this list, met in this role and reach, could trigger in this scenario."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(key, [m for m in self._measures if _belongs(m, key)])
        return bucket

    def meetings(self, inquiry: Inquiry, register: Register) -> Iterator[tuple[Key, Meeting]]:
        """Each party with the inquiry alone, and with every entry of its own and of those it is tied to."""
        for party in inquiry.parties:
            yield (
                (None, inquiry.scenario, party.role, Reach.SELF),
                Meeting(inquiry, party, None, Reach.SELF, (Span(),), register, self._vocabulary),
            )
            for (reach, subject), ties in reached(party, register).items():
                for entry in register.by_subject.get(subject, ()):
                    key = (entry.list, inquiry.scenario, party.role, reach)
                    yield key, Meeting(inquiry, party, entry, reach, ties, register, self._vocabulary)


class Bucket:
    """The measures of one key, their cells, and what was judged of each cell so far."""

    def __init__(self, key: Key, measures: list[Measure]) -> None:
        self.key = key
        self.measures = tuple(measures)
        self._alternatives = [
            (number, alternative)
            for number, measure in enumerate(measures)
            for alternative in alternatives(measure, key[3])
        ]
        self._grid = Grid([literal for _, alternative in self._alternatives for literal in alternative])
        self._rete = ReteJudge([self._numbered(owner, alternative) for owner, alternative in self._alternatives])
        self._facts = {(literal.test.fact, literal.at) for _, a in self._alternatives for literal in a}
        self._judged: dict[Cell, dict[int, Truth]] = {}

    def match(self, meeting: Meeting) -> Iterator[Match]:
        """What the meeting triggers here."""
        if not self.measures:
            return
        cell = self._grid.cell(meeting)
        truths = self._judged.get(cell)
        if truths is None:
            truths = self._judged[cell] = self._judge(cell, meeting)
        for number, truth in truths.items():
            missing = self._missing(number, cell, meeting) if truth is MAYBE else ()
            yield Match(self.measures[number], meeting.party, meeting.entry, meeting.reach, truth, missing)

    def assumed(self, meeting: Meeting) -> Iterator[str]:
        """Facts tested here that nobody stated and that silence therefore settles as no."""
        for fact, _ in self._facts:
            record = meeting.vocabulary.facts.get(fact)
            if record and record.owner is not Owner.ENTRY and not record.derived and record.silent is Silence.NO:
                given = meeting.inquiry.facts if record.owner is Owner.INQUIRY else meeting.party.facts
                if fact not in given:
                    yield fact

    def _judge(self, cell: Cell, meeting: Meeting) -> dict[int, Truth]:
        """Both judges on a cell met for the first time; they must agree."""
        answers = self._grid.answers(cell)
        by_rules = self._rete.judge(answers)
        by_answers: dict[int, Truth] = {}
        for owner, alternative in self._alternatives:
            truth = every(self._literal(literal, answers) for literal in alternative)
            by_answers[owner] = some((truth, by_answers.get(owner, NO)))
        by_text = {number: naive.judge(measure, meeting) for number, measure in enumerate(self.measures)}
        for number, measure in enumerate(self.measures):
            if not by_rules.get(number, NO) == by_answers[number] == by_text[number]:
                digest = sha256(repr((self.key, cell)).encode()).hexdigest()[:16]
                raise EngineFault(
                    f"两套判断对 {measure.id} 不一致（单元 {digest}），不予猜测",
                    f"the two judges disagree on {measure.id} (cell {digest}), nothing is guessed",
                )
        return {number: by_text[number] for number in sorted(by_rules)}

    def _literal(self, literal: Literal, answers: tuple[Truth, ...]) -> Truth:
        plain = answers[self._grid.number(literal)]
        return plain if literal.positive else negate(plain)

    def _numbered(self, owner: int, alternative: tuple[Literal, ...]) -> Numbered:
        return Numbered(owner, tuple((self._grid.number(literal), literal.positive) for literal in alternative))

    def _missing(self, number: int, cell: Cell, meeting: Meeting) -> tuple[str, ...]:
        """What would settle the measure: the unknowns of alternatives that are still open."""
        answers = self._grid.answers(cell)
        found: dict[str, None] = {}
        for owner, alternative in self._alternatives:
            truths = [self._literal(literal, answers) for literal in alternative]
            if owner == number and NO not in truths:
                open_ones = (literal for literal, truth in zip(alternative, truths, strict=True) if truth is not YES)
                found.update(dict.fromkeys(_unknown_in(literal, meeting) for literal in open_ones))
        return tuple(found)


def _unknown_in(literal: Literal, meeting: Meeting) -> str:
    """The fact to supply, or `matter`, `parameter:…`, `moment:…` where it is not a fact that is missing."""
    test = literal.test
    if meeting.value(test.fact, literal.at) is UNKNOWN:
        return behind(test.fact, meeting)
    if isinstance(test.operand, ParameterRef):
        parameter = meeting.vocabulary.parameters[test.operand.code]
        figures = meeting.scene(literal.at).figure(parameter.code)
        return parameter.field_fact if figures else f"parameter:{parameter.code}"
    assert isinstance(test.operand, MomentRef)
    return f"moment:{test.operand.name}"


def _belongs(measure: Measure, key: Key) -> bool:
    list_code, scenario, role, reach = key
    if scenario not in measure.scenarios or (measure.roles and role not in measure.roles):
        return False
    if list_code is None:
        return measure.on_inquiry
    return not measure.on_inquiry and list_code in measure.lists and reach in measure.reaches


_matchers: "WeakKeyDictionary[Rulebook, Matcher]" = WeakKeyDictionary()
