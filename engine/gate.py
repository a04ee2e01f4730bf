"""The legality gate (国办发〔2020〕49号) as one pure rule: does a measure's basis carry it on a day?

The checker asks it when a pack is written, the resolver when a question is answered; there is no second copy.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.calendar import next_day
from engine.model import ADVERSE, Effect, Form, Measure
from engine.vocabulary import NATIONAL, Edition, Instrument, Rank, Vocabulary


class LawfulBasis(StrEnum):
    """What the cited instruments amount to on a day."""

    OK = "ok"
    LAPSED = "lapsed"  # from the gate day on no sufficient basis
    LOCAL = "local"  # a local document below local regulation bars, limits or withholds
    NOT_IN_FORCE = "not-in-force"  # no cited instrument is in force at all


@dataclass(frozen=True, slots=True)
class Footing:
    """A measure's basis on one day; `edition_not_read`: the basic list's edition then in force was never read."""

    basis: LawfulBasis
    edition_not_read: bool = False

    @property
    def ok(self) -> bool:
        """Whether the measure may change a verdict."""
        return self.basis is LawfulBasis.OK


RESTRICTS = ADVERSE | {Effect.WITHHOLD}
# What no local document below local regulation may do from the gate day on.
DEPRIVES = frozenset({Effect.BAR, Effect.LIMIT, Effect.WITHHOLD})
# The ranks that may take a right or add a duty; a local regulation may too, inside its territory.
TAKES_RIGHTS = frozenset({Rank.LAW, Rank.ADMINISTRATIVE_REGULATION, Rank.PARTY_STATE_COUNCIL})
# What else may carry a body's management of its own business (class 2), if national.
MANAGES = frozenset({Rank.DEPARTMENT_RULE, Rank.NORMATIVE_DOCUMENT})


def sufficient(measure: Measure, vocabulary: Vocabulary, day: date) -> Footing:
    """Whether the measure's basis carries it on the day, and if not, why not.

    Before the gate day whatever is in force replays as issued. From it on, what restricts needs a basis of
    sufficient rank in force: class 3 none, class 2 also a national department rule or normative document.
    """
    edition = edition_on(vocabulary, day) if measure.list_item else None
    return Footing(_basis(measure, vocabulary, day), edition is not None and edition.read == "no")


def edition_on(vocabulary: Vocabulary, day: date) -> Edition | None:
    """The edition of the basic list that applies on the day; None before the first."""
    begun = [edition for edition in vocabulary.basic_list.editions if edition.since <= day]
    return max(begun, key=lambda edition: edition.since, default=None)


def is_local(measure: Measure) -> bool:
    """Whether the measure's document is a local one below local regulation."""
    if measure.form is Form.LOCAL_PLAN:
        return True
    return measure.jurisdiction != NATIONAL and measure.form is not Form.LOCAL_REGULATION


def law_days(measure: Measure, vocabulary: Vocabulary) -> tuple[date, ...]:
    """The days on which the measure's footing may change, in order: the gate, and each instrument's begin and end."""
    days = {vocabulary.basic_list.gate}
    for citation in measure.basis:
        instrument = vocabulary.instruments.get(citation.instrument)
        if instrument and instrument.span.since:
            days.add(instrument.span.since)
        if instrument and instrument.span.until:
            days.add(next_day(instrument.span.until))
    if measure.list_item:
        days.update(edition.since for edition in vocabulary.basic_list.editions)
    return tuple(sorted(days))


def _basis(measure: Measure, vocabulary: Vocabulary, day: date) -> LawfulBasis:
    cited = (vocabulary.instruments.get(citation.instrument) for citation in measure.basis)
    standing = [instrument for instrument in cited if instrument and instrument.span.holds(day)]
    item = vocabulary.basic_list.items.get(measure.list_item)
    level = item.level if item else 1
    if not standing and level != 3:
        return LawfulBasis.NOT_IN_FORCE
    if day < vocabulary.basic_list.gate or measure.effect not in RESTRICTS:
        return LawfulBasis.OK
    if measure.effect in DEPRIVES and is_local(measure):
        return LawfulBasis.LOCAL
    if level == 3 or any(_carries(instrument, level, measure, vocabulary) for instrument in standing):
        return LawfulBasis.OK
    return LawfulBasis.LAPSED


def _carries(instrument: Instrument, level: int, measure: Measure, vocabulary: Vocabulary) -> bool:
    if instrument.rank in TAKES_RIGHTS:
        return True
    if instrument.rank is Rank.LOCAL_REGULATION:
        return vocabulary.inside(measure.jurisdiction, instrument.jurisdiction)
    return level == 2 and instrument.rank in MANAGES and instrument.jurisdiction == NATIONAL
