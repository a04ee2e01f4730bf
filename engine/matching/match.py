"""Entries and inquiry in, matches out: every meeting falls in a cell, every cell is judged once by both judges."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from engine.inquiry import Entry, Inquiry, Party, Register
from engine.matching.bucket import FEW, Bucket, Judged, Key, named_places

# Said here too: a match is what matching is asked for.
from engine.matching.bucket import Match as Match
from engine.matching.cells import nearest
from engine.matching.facts import Meeting, reached
from engine.model import Measure, Reach, Rulebook
from engine.vocabulary import Span

# A party, the entry it met (or none), the days of the tie, and where that falls.
Met = tuple[Party, Entry | None, tuple[Span, ...], Bucket, Judged]

EVER = (Span(),)


@dataclass(frozen=True, slots=True)
class Matches:
    """All matches of an inquiry, and the facts that were tested but unstated and so taken as no."""

    found: tuple[Match, ...]
    assumed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Filled:
    """How many buckets were judged beforehand, in how many cells, and how many have too many cells for that."""

    buckets: int
    cells: int
    lazily: int


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
        # The measures of each list in the rulebook's order; under None those on the inquiry alone.
        self._measures: dict[str | None, list[tuple[int, Measure]]] = {}
        for place, measure in enumerate(rulebook.measures):
            for code in [None] if measure.on_inquiry else dict.fromkeys(measure.lists):
                self._measures.setdefault(code, []).append((place, measure))
        self._named = named_places(rulebook.measures)
        self._region: dict[str | None, str] = {
            place: nearest(place, self._named, self._vocabulary)
            for place in (*self._vocabulary.jurisdictions, *self._named)
        }
        self._scenarios = frozenset(code for measure in rulebook.measures for code in measure.scenarios)
        self._roles = frozenset(role for measure in rulebook.measures for role in measure.roles)
        self._roles |= {role for record in self._vocabulary.scenarios.values() for role in record.roles}
        # Kept by words of the rulebook only: an asker's own words are without end.
        self._buckets: dict[Key, Bucket] = {}
        # By scenario and role, then by list (None: the inquiry alone): where a party meets its own entries.
        self._own: dict[tuple[str, str], dict[str | None, Bucket]] = {}
        self._nothing = Bucket((None, "", "", Reach.SELF), (), self._vocabulary)

    def match(self, inquiry: Inquiry, register: Register) -> Matches:
        """See `match`."""
        found: list[Match] = []
        assumed: set[str] = set()
        for party, entry, ties, bucket, judged in self.met(inquiry, register):
            assumed.update(bucket.assumed(inquiry, party))
            if judged.places:
                meeting = Meeting(inquiry, party, entry, bucket.key[3], ties, register, self._vocabulary)
                found.extend(bucket.matches(judged, meeting))
        return Matches(tuple(found), frozenset(assumed))

    def met(self, inquiry: Inquiry, register: Register, parties: Sequence[Party] = ()) -> list[Met]:
        """What each meeting triggers or may trigger, as it stands in its cell: nothing is made of it yet.

        Of `parties` alone where some are named.

        The one path of every question, hence so plain a loop: a meeting costs a key and a look in a dict. Meetings
        that trigger nothing and assume nothing are left out.
        """
        found: list[Met] = []
        scenario, entries_of, ties_of = inquiry.scenario, register.by_subject, register.ties_of
        for party in parties or inquiry.parties:
            own = self._own.get((scenario, party.role)) or self._opened(scenario, party.role)
            # First with the inquiry alone, if any measure stands on that, then with each entry of its own.
            met: tuple[Entry | None, ...] = entries_of.get(party.subject, ())
            if None in own:
                met = (None, *met)
            if met:
                when, region = inquiry.moments.get(inquiry.prevails), self._region.get(inquiry.jurisdiction, "")
            for entry in met:
                code = None if entry is None else entry.list
                bucket = own.get(code) or self._own_bucket(own, code, scenario, party.role)
                judged = bucket.judged.get(bucket.cell_of(inquiry, when, region, party, entry, EVER, register))
                if judged is None:
                    found.extend(self._meet(bucket, inquiry, party, entry, EVER, register))
                elif judged.places or bucket.assumable:
                    found.append((party, entry, EVER, bucket, judged))
            if party.subject in ties_of:
                found.extend(self._met_by_ties(inquiry, party, register))
        return found

    def bucket(self, key: Key) -> Bucket:
        """The measures that an entry of this list, met in this role and reach, could trigger in this scenario."""
        list_code, scenario, role, reach = key
        if scenario not in self._scenarios or (list_code is not None and list_code not in self._measures):
            return self._nothing
        key = (list_code, scenario, role if role in self._roles else "", reach)
        bucket = self._buckets.get(key)
        if bucket is None:
            fit = {place: m for place, m in self._measures.get(list_code, ()) if _belongs(m, key)}
            bucket = Bucket(key, (*fit.values(),), self._vocabulary, self._named, (*fit,))
            self._buckets[key] = bucket
        return bucket

    def meetings(self, inquiry: Inquiry, register: Register) -> Iterator[tuple[Key, Meeting]]:
        """Each party with the inquiry alone, and with every entry of its own and of those it is tied to."""
        for party in inquiry.parties:
            yield (
                (None, inquiry.scenario, party.role, Reach.SELF),
                Meeting(inquiry, party, None, Reach.SELF, EVER, register, self._vocabulary),
            )
            for (reach, subject), ties in reached(party, register).items():
                for entry in register.by_subject.get(subject, ()):
                    key = (entry.list, inquiry.scenario, party.role, reach)
                    yield key, Meeting(inquiry, party, entry, reach, ties, register, self._vocabulary)

    def fill(self, few: int = FEW) -> Filled:
        """Judge all cells of every bucket that has few of them, so that no asker waits for the rules."""
        counts = [self.bucket(key).fill(few) for key in self._keys()]
        return Filled(len(counts) - counts.count(0), sum(counts), counts.count(0))

    def _keys(self) -> list[Key]:
        """Every key under which some measure stands, by the rulebook's own words."""
        found: dict[Key, None] = {}
        for code, measures in self._measures.items():
            for _, measure in measures:
                for scenario in measure.scenarios:
                    record = self._vocabulary.scenarios.get(scenario)
                    roles = measure.roles or (*record.roles,) if record else measure.roles
                    reaches = measure.reaches if code is not None else (Reach.SELF,)
                    found |= {(code, scenario, role, reach): None for role in roles for reach in reaches}
        return list(found)

    def _opened(self, scenario: str, role: str) -> dict[str | None, Bucket]:
        own: dict[str | None, Bucket] = {}
        if scenario not in self._scenarios:
            return own
        role = role if role in self._roles else ""
        alone = self.bucket((None, scenario, role, Reach.SELF))
        if alone.measures:
            own[None] = alone
        return self._own.setdefault((scenario, role), own)

    def _own_bucket(self, own: dict[str | None, Bucket], list_code: str | None, scenario: str, role: str) -> Bucket:
        bucket = self.bucket((list_code, scenario, role, Reach.SELF))
        if bucket is not self._nothing:
            own[list_code] = bucket
        return bucket

    def _met_by_ties(self, inquiry: Inquiry, party: Party, register: Register) -> Iterator[Met]:
        """The entries of those the party is tied to."""
        for (reach, subject), ties in reached(party, register).items():
            for entry in register.by_subject.get(subject, ()) if reach is not Reach.SELF else ():
                bucket = self.bucket((entry.list, inquiry.scenario, party.role, reach))
                yield from self._meet(bucket, inquiry, party, entry, ties, register)

    def _meet(
        self,
        bucket: Bucket,
        inquiry: Inquiry,
        party: Party,
        entry: Entry | None,
        ties: tuple[Span, ...],
        register: Register,
    ) -> Iterator[Met]:
        """One meeting, remembered or not."""
        if not bucket.measures:
            return
        when, region = inquiry.moments.get(inquiry.prevails), self._region.get(inquiry.jurisdiction, "")
        judged = bucket.judged.get(bucket.cell_of(inquiry, when, region, party, entry, ties, register))
        if judged is None:
            judged = bucket.meet(Meeting(inquiry, party, entry, bucket.key[3], ties, register, self._vocabulary))
        if judged.places or bucket.assumable:
            yield party, entry, ties, bucket, judged


def _belongs(measure: Measure, key: Key) -> bool:
    list_code, scenario, role, reach = key
    if scenario not in measure.scenarios or (measure.roles and role not in measure.roles):
        return False
    if list_code is None:
        return measure.on_inquiry
    return not measure.on_inquiry and list_code in measure.lists and reach in measure.reaches


_matchers: "WeakKeyDictionary[Rulebook, Matcher]" = WeakKeyDictionary()
