"""Which measures still bite on a day, and why the others do not: the judge's own rule, asked of law alone.

`day` is always the day a measure is judged at. No party, place, matter or authority is asked about: what a row calls
effective may bite those whom it meets, and what it calls without effect bites nobody.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from engine.analysis.drafts import DraftFor, draft_for
from engine.calendar import next_day
from engine.citation import Citation
from engine.decision import State, Why
from engine.gate import Footing, edition_on, law_days, sufficient
from engine.model import Contested, Measure, Memorandum, Rulebook
from engine.resolution.legality import unlawful
from engine.vocabulary import Edition, Instrument, ListItem, Span, Vocabulary


class Lack(StrEnum):
    """Why a measure is without effect on a day; from `draft` on the judge's own words for it."""

    NOT_YET = "not-yet"  # its document is not in force yet
    ENDED = "ended"  # its document is in force no more
    DRAFT = Why.DRAFT.value
    NOT_IN_FORCE = Why.NOT_IN_FORCE.value  # no instrument it cites is in force
    LAPSED = Why.LAPSED.value
    LOCAL = Why.LOCAL.value


@dataclass(frozen=True, slots=True)
class Support:
    """A citation of a measure on the day; it `carries` if by it alone the measure would have a sufficient basis."""

    citation: Citation
    instrument: Instrument | None
    in_force: bool
    carries: bool


@dataclass(frozen=True, slots=True)
class Bite:
    """A measure on a day: its state, `lack` if it is without effect, and what that rests on.

    `holds` are the days around it on which state and lack stay the same, a side with no known change left open.
    `contested` is the question that stands on the day, `edition` that of the basic list, for a measure on it.
    """

    memorandum: Memorandum
    measure: Measure
    state: State
    lack: Lack | None
    holds: Span
    footing: Footing
    support: tuple[Support, ...]
    item: ListItem | None = None
    edition: Edition | None = None
    draft_for: tuple[DraftFor, ...] = ()
    contested: Contested | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many measures have effect, are left to a person, or lack effect, by what they lack (none of it 0)."""

    effective: int
    contested: int
    without: Mapping[Lack, int]

    @property
    def measures(self) -> int:
        """All of them."""
        return self.effective + self.contested + sum(self.without.values())


def bites(memoranda: Iterable[Memorandum], vocabulary: Vocabulary, day: date) -> tuple[Bite, ...]:
    """A row for every measure of the documents, in their order."""
    return tuple(bite(m, memorandum, vocabulary, day) for memorandum in memoranda for m in memorandum.measures)


def bites_of(rulebook: Rulebook, day: date) -> tuple[Bite, ...]:
    """A row for every measure of the rulebook, documents in order of identity."""
    return bites((rulebook.memoranda[code] for code in sorted(rulebook.memoranda)), rulebook.vocabulary, day)


def bite(measure: Measure, memorandum: Memorandum, vocabulary: Vocabulary, day: date) -> Bite:
    """How the measure stands on the day."""
    state, lack = stance(measure, vocabulary, day)
    question = measure.contested
    return Bite(
        memorandum,
        measure,
        state,
        lack,
        _holds(measure, vocabulary, day),
        sufficient(measure, vocabulary, day),
        tuple(_support(measure, citation, vocabulary, day) for citation in measure.basis),
        vocabulary.basic_list.items.get(measure.list_item),
        edition_on(vocabulary, day) if measure.list_item else None,
        draft_for(measure, vocabulary),
        question if question and question.open_on(day) else None,
    )


def stance(measure: Measure, vocabulary: Vocabulary, day: date) -> tuple[State, Lack | None]:
    """What the judge makes of the measure on the day as far as law goes; `undetermined` is left to a person."""
    if not measure.span.holds(day):
        begun = measure.span.since is None or measure.span.since <= day
        return State.WITHOUT_EFFECT, Lack.ENDED if begun else Lack.NOT_YET
    cause = unlawful(measure, sufficient(measure, vocabulary, day))
    if cause:
        return State.WITHOUT_EFFECT, Lack(cause.why.value)
    contested = measure.contested is not None and measure.contested.open_on(day)
    return State.UNDETERMINED if contested else State.EFFECTIVE, None


def turns(measure: Measure, vocabulary: Vocabulary) -> tuple[date, ...]:
    """The days on which the measure's stance may change, in order; between two of them it does not."""
    days = set(law_days(measure, vocabulary))
    days.update(day for day in (measure.span.since, measure.contested and measure.contested.since) if day)
    if measure.span.until:
        days.add(next_day(measure.span.until))
    return tuple(sorted(days))


def tally(rows: Iterable[Bite]) -> Tally:
    """The rows counted."""
    found = Counter((row.state, row.lack) for row in rows)
    without = {lack: number for lack in Lack if (number := found[State.WITHOUT_EFFECT, lack])}
    return Tally(found[State.EFFECTIVE, None], found[State.UNDETERMINED, None], without)


def _holds(measure: Measure, vocabulary: Vocabulary, day: date) -> Span:
    now = stance(measure, vocabulary, day)
    since: date | None = None
    for turn in turns(measure, vocabulary):
        eve = turn - timedelta(days=1)
        if turn <= day and stance(measure, vocabulary, eve) != now:
            since = turn  # the last such turn is the one that counts
        elif turn > day and stance(measure, vocabulary, turn) != now:
            return Span(since, eve)
    return Span(since)


def _support(measure: Measure, citation: Citation, vocabulary: Vocabulary, day: date) -> Support:
    instrument = vocabulary.instruments.get(citation.instrument)
    in_force = instrument is not None and instrument.span.holds(day)
    # The gate itself is asked, so that what carries is never decided by a second copy of the rule.
    carries = in_force and sufficient(replace(measure, basis=(citation,)), vocabulary, day).ok
    return Support(citation, instrument, in_force, carries)
