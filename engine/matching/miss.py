"""Why a measure did not apply: the tests that its meeting failed, from the measure's own text."""

from dataclasses import dataclass

from engine.inquiry import ABSENT, UNKNOWN, Entry, Inquiry, Party, Register
from engine.matching.alternatives import Alternative, Literal, alternatives
from engine.matching.answer import answer, as_word
from engine.matching.facts import Meeting
from engine.matching.match import matcher_of
from engine.model import Measure, Reach, Rulebook
from engine.truth import NO, Truth, negate


@dataclass(frozen=True, slots=True)
class Failed:
    """One test that failed, what the fact was (empty: absent), and the moment it was judged at."""

    literal: Literal
    value: str


@dataclass(frozen=True, slots=True)
class Miss:
    """A measure that could have applied to a meeting and did not; `failed` is the alternative that came closest."""

    measure: Measure
    party: Party
    entry: Entry | None
    reach: Reach
    failed: tuple[Failed, ...]


def misses(inquiry: Inquiry, register: Register, rulebook: Rulebook) -> tuple[Miss, ...]:
    """Every measure of the lists and scenario met that did not apply, with the fewest tests that kept it away."""
    matcher = matcher_of(rulebook)
    found: list[Miss] = []
    for key, meeting in matcher.meetings(inquiry, register):
        for measure in matcher.bucket(key).measures:
            failed = _closest(alternatives(measure, key[3]), meeting)
            if failed:
                found.append(Miss(measure, meeting.party, meeting.entry, meeting.reach, failed))
    return tuple(found)


def _closest(choices: tuple[Alternative, ...], meeting: Meeting) -> tuple[Failed, ...]:
    """The failed tests of the alternative that fails fewest; none if some alternative is still open."""
    told = [
        tuple(_failed(literal, meeting) for literal in choice if _truth(literal, meeting) is NO) for choice in choices
    ]
    return min(told, key=len, default=())


def _truth(literal: Literal, meeting: Meeting) -> Truth:
    plain = answer(literal.test, meeting.value(literal.test.fact, literal.at), meeting.scene(literal.at))
    return plain if literal.positive else negate(plain)


def _failed(literal: Literal, meeting: Meeting) -> Failed:
    value = meeting.value(literal.test.fact, literal.at)
    return Failed(literal, "" if value is ABSENT or value is UNKNOWN else as_word(value))
