"""Random law for one bucket and random meetings with it, quick and from a seed: Hypothesis is too slow for a million.

Each seed makes one small world: which list, role and reach, measures that test any fact in any way the language has,
and the cuts at which those tests flip. Meetings are drawn at, just below and just above those cuts.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from engine.calendar import When, read_when, whole_day
from engine.condition import ALWAYS, Condition, Every, MomentRef, Op, ParameterRef, Some, Test, opposed
from engine.inquiry import ABSENT, DATES, UNKNOWN, Entry, Inquiry, Party, Register, Relation
from engine.matching.bucket import Bucket, Key
from engine.matching.facts import Meeting
from engine.model import Measure, Reach, Term
from engine.vocabulary import FactType, Owner, Span
from tests.builders import NOON, A, B, C, measure
from tests.strategies import CODES, LISTS, PERIODS, TODAY, WORDS

DAY = timedelta(days=1)
ASKED = read_when(NOON)
NEAR = (TODAY, date(2020, 12, 18), date(2022, 2, 8), date(2024, 1, 1))
PLACES = ("national", "420881", "420000", "110000", None)
ORDERED = (Op.AT_LEAST, Op.ABOVE, Op.AT_MOST, Op.BELOW)
TIES = (
    ("branch-of", B, A),
    ("controller-of", A, C),
    ("legal-representative-of", B, A),
    ("legal-representative-of", B, C),
)


class World:
    """One bucket's law, and meetings with it without end."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random
        scenario = self._pick(("procurement", "procurement", "permit"))
        entry_list = self._pick((*LISTS, *LISTS, None))
        reach = self._pick((Reach.SELF, Reach.SELF, Reach.BRANCH)) if entry_list else Reach.SELF
        self.key: Key = (entry_list, scenario, self._pick(sorted(WORDS.scenarios[scenario].roles)), reach)
        self._days = [TODAY, *(self._pick(NEAR) + self._pick(range(-400, 400)) * DAY for _ in "abcd")]
        self._numbers = {
            FactType.MONEY: [200_000_000, 500_000_000, self._pick(range(100)), self._pick(range(10**9))],
            FactType.COUNT: [2, 3, self._pick(range(9))],
        }
        self.measures = [self._measure(number) for number in range(self._pick(range(2, 8)))]
        self.bucket = Bucket(self.key, self.measures, WORDS)
        self._draw_pools()

    def _pick(self, options: Sequence[Any]) -> Any:
        return options[int(self._random() * len(options))]

    def _seldom(self, often: float = 0.25) -> bool:
        return self._random() < often

    # -- law

    def _measure(self, number: int) -> Measure:
        entry_list, scenario, role, reach = self.key
        spans = Span(), Span(self._pick(self._days)), Span(date(2010, 1, 1), self._pick(self._days))
        alone: dict[str, Any] = {} if entry_list else {"on_inquiry": True, "window": None}
        return measure(
            str(number),
            when=self._condition(2) if self._seldom(0.8) else ALWAYS,
            unless=self._condition(1) if self._seldom() else None,
            term=Term(self._pick(DATES), self._pick(PERIODS)) if self._seldom() else None,
            at=self._pick([*["prevailing"] * 5, "as_of", "award"]),
            span=self._pick(spans),
            jurisdiction=self._pick(("national", "national", "420000")),
            roles=self._pick(((), (role,))),
            reaches=(reach,),
            scenarios=(scenario,),
            lists=(entry_list,) if entry_list else (),
            **alone,
        )

    def _condition(self, depth: int) -> Condition:
        if depth == 0 or self._seldom(0.5):
            return self._test(self._pick([*WORDS.facts]))
        parts = tuple(self._condition(depth - 1) for _ in range(self._pick((1, 2, 2, 3))))
        joined: Condition = self._pick((Every, Some))(parts)
        return opposed(joined) if self._seldom() else joined

    def _test(self, fact: str) -> Test:
        kind, turned = WORDS.facts[fact].type, self._seldom()
        if kind in (FactType.CODE, FactType.FLAG):
            words = CODES.get(fact, ("yes", "no"))
            return Test(fact, Op.ONE_OF, tuple(w for w in words if self._seldom(0.5)) or words[:1], turned)
        if kind is FactType.DATE:
            moment = MomentRef(self._pick(("prevailing", "as_of", "award")))
            operand = self._pick((self._pick(self._days), self._pick(self._days), self._pick(PERIODS), moment))
            ops = (Op.WITHIN,) if operand in PERIODS else (Op.BEFORE, Op.ON_OR_AFTER)
            return Test(fact, self._pick(ops), operand, turned)
        figure = ParameterRef("large-fine" if kind is FactType.MONEY else "many")
        return Test(fact, self._pick(ORDERED), self._pick((figure, *self._numbers[kind])), turned)

    # -- values at, just below and just above the law's cuts; a tenth unknown, a few left out (ABSENT)

    def _draw_pools(self) -> None:
        days = [
            day - back + step * DAY
            for day in self._days
            for back in (timedelta(), *(period.after(day) - day for period in PERIODS))
            for step in (-1, 0, 1)
        ]
        self._about = days
        self._spans = [Span(), *(Span(*sorted((self._pick(days), self._pick(days)))) for _ in "abcd")]
        self._spans += [Span(self._pick(days)), Span(until=self._pick(days))]
        self._whens: list[When] = [*map(whole_day, days), *(read_when(f"{day}T12:00+08:00") for day in days[::2])]
        self._pools = {
            owner: {fact: self._pool(fact) for fact, r in WORDS.facts.items() if r.owner is owner and not r.derived}
            for owner in Owner
        }

    def _pool(self, fact: str) -> list[Any]:
        kind = WORDS.facts[fact].type
        known: list[Any] = [True, False]
        if kind is FactType.CODE:
            known = [*CODES[fact]]
        elif kind is FactType.DATE:
            known = [*self._whens] if fact in DATES else [*self._about]
        elif kind is not FactType.FLAG:
            known = [max(0, number + step) for number in self._numbers[kind] for step in (-1, 0, 1)]
        times = 1 + 8 // len(known)
        return known * times + [UNKNOWN, ABSENT] * (1 + len(known) * times // 8)

    # -- meetings

    def meeting(self) -> Meeting:
        """The party meets an entry, or the inquiry alone, among other entries and relations."""
        entry_list, _, role, reach = self.key
        party = Party(A, role, facts=self._facts(Owner.PARTY))
        entries = [self._entry(A if reach is Reach.SELF else B, entry_list)] if entry_list else []
        while self._seldom():
            entries.append(self._entry(self._pick((A, B)), self._pick(LISTS)))
        relations = tuple(Relation(*self._pick(TIES), self._pick(self._spans)) for _ in range(self._pick((0, 0, 1, 2))))
        several = tuple(self._pick(self._spans) for _ in range(self._pick((0, 1, 2))))
        ties = (Span(),) if reach is Reach.SELF else several
        register = Register(tuple(entries), relations)
        return Meeting(self._inquiry(party), party, entries[0] if entry_list else None, reach, ties, register, WORDS)

    def _inquiry(self, party: Party) -> Inquiry:
        scenario = self.key[1]
        prevails = WORDS.scenarios[scenario].moment
        moments = {"as_of": ASKED, prevails: self._pick(self._whens)}
        if self._seldom(0.6):
            moments["award"] = self._pick(self._whens)
        parties = (party, Party(C, party.role)) if self._seldom() else (party,)
        return Inquiry(scenario, parties, moments, prevails, self._pick(PLACES), facts=self._facts(Owner.INQUIRY))

    def _entry(self, subject: str, entry_list: str) -> Entry:
        said = self._facts(Owner.ENTRY)
        dates = {fact: value for fact, value in said.items() if isinstance(value, When)}
        return Entry(subject, entry_list, dates, {fact: said[fact] for fact in said.keys() - dates.keys()})

    def _facts(self, owner: Owner) -> dict[str, Any]:
        drawn = ((fact, self._pick(pool)) for fact, pool in self._pools[owner].items())
        return {fact: value for fact, value in drawn if value is not ABSENT}
