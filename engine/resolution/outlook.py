"""What of an answer moves with the moment, without the answer: measures triggered, their footings, entries' standings.

Two moments of one outlook get one answer, so a day that changes none of it need not be judged.
"""

from collections.abc import Iterable
from datetime import date

from engine.inquiry import Entry, Inquiry, Party, Register
from engine.matching.match import matcher_of
from engine.matching.standing import assess, last_days
from engine.model import BENEFITS, PREVAILING, Measure, Rulebook, Window
from engine.resolution.plan import plan_of

# Which window of which entry, read at which moment.
Watched = tuple[Window, tuple[str, ...], str]


class Outlook:
    """Of one party, asked of one register at many moments: what does not move is worked out once."""

    def __init__(self, party: Party, register: Register, rulebook: Rulebook) -> None:
        self._party, self._register = party, register
        self._matcher, self._plan = matcher_of(rulebook), plan_of(rulebook)
        self._lists = rulebook.vocabulary.lists
        self._lasts: dict[int, tuple[date | None, ...]] = {}
        # Days on which the footing of a measure met so far may change.
        self.law_days: set[date] = set()
        self._met: set[str] = set()

    def at(self, inquiry: Inquiry) -> tuple[object, ...]:
        """The outlook at the moment that prevails in the inquiry; comparable between inquiries of the same parties."""
        found: list[object] = []
        watched: dict[tuple[int, Watched], Entry] = {}
        benefits = False
        for _, entry, _, bucket, judged in self._matcher.met(inquiry, self._register, (self._party,)):
            found += (id(entry), judged.places, judged.truths)
            for number in judged.numbers:
                measure = bucket.measures[number]
                found += self._footing(measure, inquiry)
                benefits = benefits or measure.effect in BENEFITS
                if entry and measure.window:
                    watched[id(entry), (measure.window, measure.ends, measure.at)] = entry
        if benefits:  # any own entry on an adverse list closes them
            watched |= {(id(entry), (Window.LISTED, (), PREVAILING)): entry for entry in self._own()}
        found += [self._holds(entry, of, inquiry) for (_, of), entry in watched.items()]
        return tuple(found)

    def _footing(self, measure: Measure, inquiry: Inquiry) -> tuple[bool, bool]:
        """Whether its basis carries the measure, and whether a lawyer's question about it is open."""
        moment, contested = inquiry.moment(measure.at), measure.contested
        assert moment is not None, "a measure whose moment is not stated never matches"
        open_question = contested is not None and contested.open_on(moment.day)
        if measure.id not in self._met:
            self._met.add(measure.id)
            self.law_days.update(self._plan.law_days(measure))
        return self._plan.footing(measure, moment.day).ok, open_question

    def _holds(self, entry: Entry, of: Watched, inquiry: Inquiry) -> int:
        window, ends, at = of
        moment, record = inquiry.moment(at), self._lists[entry.list]
        if id(entry) not in self._lasts:
            self._lasts[id(entry)] = last_days(entry, record)
        assert moment is not None, "as above"
        return assess(entry, record, window, ends, moment, self._lasts[id(entry)]).holds

    def _own(self) -> Iterable[Entry]:
        return self._register.by_subject.get(self._party.subject, ())
