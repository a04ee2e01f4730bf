"""A bucket: the measures one kind of meeting could trigger, and its cells, each judged once by both judges."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from math import prod

from engine.condition import MomentRef, ParameterRef
from engine.errors import EngineFault
from engine.inquiry import UNKNOWN, Entry, Inquiry, Party
from engine.matching import naive
from engine.matching.alternatives import Literal, alternatives
from engine.matching.cells import IS_ABSENT, IS_UNKNOWN, AnswerAxis, Axis, Cell, Grid, PlaceAxis, nearest
from engine.matching.facts import DAY, TIED, Meeting, behind
from engine.matching.keys import number_of, positional, unstated
from engine.matching.rete import Numbered, ReteJudge
from engine.model import PREVAILING, Measure, Reach
from engine.truth import MAYBE, NO, YES, Truth, negate
from engine.vocabulary import NATIONAL, Owner, Silence, Vocabulary

Key = tuple[str | None, str, str, Reach]
Truths = dict[int, Truth]

# Cells judged before anybody asks, of a bucket that has no more.
FEW = 500
# Cells remembered of one bucket: whoever asks can make ever new ones, and memory must not follow.
REMEMBERED = 4_096


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
class Judged:
    """What any meeting of one cell triggers or may trigger, ready to be read.

    `numbers` are the measures' positions in the bucket, `places` those in the rulebook; `open` are the literals on
    which a measure that only may be triggered still turns.
    """

    numbers: tuple[int, ...]
    truths: tuple[Truth, ...]
    places: tuple[int, ...]
    open: tuple[tuple[Literal, ...], ...]


class Bucket:
    """The measures of one key, their cells, and what was judged of each cell so far."""

    # A book has thousands of buckets, and each question reads others: what lies together is read faster.
    __slots__ = (
        "_alternatives", "_filled", "_grid", "_numbered", "_places", "_regions", "_rete", "_vocabulary",
        "assumable", "cell_of", "judged", "key", "measures",
    )  # fmt: skip

    def __init__(
        self,
        key: Key,
        measures: Sequence[Measure],
        vocabulary: Vocabulary,
        regions: frozenset[str] | None = None,
        places: Sequence[int] | None = None,
    ) -> None:
        self.key = key
        self.measures = tuple(measures)
        self._places = range(len(measures)) if places is None else tuple(places)
        self._vocabulary = vocabulary
        self._alternatives = [
            (number, alternative)
            for number, measure in enumerate(measures)
            for alternative in alternatives(measure, key[3])
        ]
        literals = [literal for _, alternative in self._alternatives for literal in alternative]
        self._grid = Grid(literals, vocabulary)
        self._numbered = [self._with_numbers(owner, alternative) for owner, alternative in self._alternatives]
        self._rete = ReteJudge(self._numbered)
        self._regions = named_places(measures) if regions is None else regions
        self.cell_of = positional(self._grid.axes, key[0], key[3], vocabulary, self._regions)
        self.assumable = tuple(_assumable(dict.fromkeys(literal.test.fact for literal in literals), vocabulary))
        # Cells some meeting fell in, by number, with what both judges say of them; and cells judged before any did.
        self.judged: dict[int, Judged] = {}
        self._filled: dict[Cell, Truths] = {}

    def match(self, meeting: Meeting) -> Iterator[Match]:
        """What the meeting triggers here."""
        if self.measures:
            number = number_of(self._grid.cell(meeting), self._grid.axes)
            yield from self.matches(self.judged.get(number) or self.meet(meeting), meeting)

    def matches(self, judged: Judged, meeting: Meeting) -> Iterator[Match]:
        """What was judged of its cell, said of the meeting."""
        for number, truth, turns in zip(judged.numbers, judged.truths, judged.open, strict=True):
            missing = tuple(dict.fromkeys([_unknown_in(literal, meeting) for literal in turns]))
            yield Match(self.measures[number], meeting.party, meeting.entry, meeting.reach, truth, missing)

    def assumed(self, inquiry: Inquiry, party: Party) -> Iterator[str]:
        """Facts tested here that nobody stated and that silence therefore settles as no."""
        for fact, owner in self.assumable:
            if fact not in (inquiry.facts if owner is Owner.INQUIRY else party.facts):
                yield fact

    def meet(self, meeting: Meeting) -> Judged:
        """Both judges on a cell met for the first time: one on the cell, one on the raw meeting; they must agree."""
        cell = self._grid.cell(meeting)
        region = nearest(meeting.inquiry.jurisdiction or NATIONAL, self._regions, self._vocabulary)
        sides = meeting.inquiry, meeting.inquiry.moment(PREVAILING), region, meeting.party, meeting.entry, meeting.ties
        number = self.cell_of(*sides, meeting.register)
        if number != number_of(cell, self._grid.axes):
            raise self._fault("两种定位", "the two ways to the cell", self.measures[0], cell)
        answers, by_cell = self._grid.answers(cell), self._filled.get(cell)
        if by_cell is None:
            by_cell = self._judge(cell, answers)
        for position, measure in enumerate(self.measures):
            if naive.judge(measure, meeting) != by_cell.get(position, NO):
                raise self._fault("两套判断", "the two judges", measure, cell)
        places = tuple(self._places[position] for position in by_cell)
        turns = tuple(self._open(one, answers) if truth is MAYBE else () for one, truth in by_cell.items())
        if len(self.judged) >= REMEMBERED:
            self.judged.clear()
        judged = self.judged[number] = Judged(tuple(by_cell), tuple(by_cell.values()), places, turns)
        return judged

    def fill(self, few: int = FEW) -> int:
        """Judge every cell before anybody asks, and free the rulesets; 0 if there are more than `few` cells.

        Both judges see the answers alone: the raw meeting is read when there is one.
        """
        sides = [_classes(axis, self.key[0], self._vocabulary) for axis in self._grid.axes]
        if prod(map(len, sides)) > few:
            return 0
        alike: dict[tuple[Truth, ...], Truths] = {}
        for cell in product(*sides):
            answers = self._grid.answers(cell)
            if answers not in alike:
                alike[answers] = self._judge(cell, answers)
            self._filled[cell] = alike[answers]
        self._rete.close()
        return len(self._filled)

    def _judge(self, cell: Cell, answers: tuple[Truth, ...]) -> Truths:
        """What holds or may hold under the answers, by the rules and by plain logic; they must agree."""
        by_rules = self._rete.judge(answers)
        by_logic = dict.fromkeys(range(len(self.measures)), NO)
        for one in self._numbered:
            truth = YES
            for number, positive in one.tests:
                truth = min(truth, answers[number] if positive else YES - answers[number])
                if truth is NO:
                    break
            else:
                by_logic[one.owner] = max(truth, by_logic[one.owner])
        held = {number: truth for number, truth in by_logic.items() if truth is not NO}
        if held != by_rules:
            differing = next(number for number in by_logic if by_rules.get(number, NO) != by_logic[number])
            raise self._fault("两套判断", "the two judges", self.measures[differing], cell)
        return held

    def _fault(self, zh: str, en: str, measure: Measure, cell: Cell) -> EngineFault:
        digest = sha256(repr((self.key, cell)).encode()).hexdigest()[:16]
        return EngineFault(
            f"{zh}对 {measure.id} 不一致（单元 {digest}），不予猜测",
            f"{en} disagree on {measure.id} (cell {digest}), nothing is guessed",
        )

    def _literal(self, literal: Literal, answers: tuple[Truth, ...]) -> Truth:
        plain = answers[self._grid.number(literal)]
        return plain if literal.positive else negate(plain)

    def _with_numbers(self, owner: int, alternative: tuple[Literal, ...]) -> Numbered:
        return Numbered(owner, tuple((self._grid.number(literal), literal.positive) for literal in alternative))

    def _open(self, number: int, answers: tuple[Truth, ...]) -> tuple[Literal, ...]:
        """What would settle the measure: the literals not known of those of its alternatives that are still open."""
        found: dict[Literal, None] = {}
        for alternative in (one for owner, one in self._alternatives if owner == number):
            truths = [self._literal(literal, answers) for literal in alternative]
            if NO not in truths:
                found |= {one: None for one, truth in zip(alternative, truths, strict=True) if truth is not YES}
        return tuple(found)


def named_places(measures: Iterable[Measure]) -> frozenset[str]:
    """The places some measure is made for."""
    return frozenset(measure.jurisdiction for measure in measures) - {NATIONAL}


def _assumable(facts: Iterable[str], vocabulary: Vocabulary) -> Iterator[tuple[str, Owner]]:
    for fact in facts:
        record = vocabulary.facts.get(fact)
        if record and record.owner is not Owner.ENTRY and not record.derived and record.silent is Silence.NO:
            yield fact, record.owner


def _classes(axis: Axis, list_code: str | None, vocabulary: Vocabulary) -> list[int]:
    """The classes meetings of this list fall in; a fact is unknown or absent only where its owner may leave it out."""
    if isinstance(axis, AnswerAxis):
        return [NO, MAYBE, YES]
    if isinstance(axis, PlaceAxis) or axis.fact in (DAY, TIED):
        # Only the moment that prevails is always stated.
        return axis.classes() if axis.at == PREVAILING else [IS_ABSENT, *axis.classes()]
    record = vocabulary.facts[axis.fact]
    if record.derived:
        return [IS_ABSENT, IS_UNKNOWN, *axis.classes()]
    if record.owner is Owner.ENTRY and list_code is None:
        return [IS_ABSENT]
    return list(dict.fromkeys([axis.place(unstated(record, list_code, vocabulary)), *axis.classes()]))


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
