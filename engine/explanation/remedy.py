"""Ways back: the smallest sets of changes that would make the parties eligible, each judged again before it is shown.

The search is bounded: sets of at most `LARGEST` changes, at most `most` judgements; `complete` says whether it got to
the end. Time is tried by itself: the first later day on which nothing stands in the way, the lists held as they are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from engine.decision import Answer, Finding, ListState, Verdict
from engine.explanation.levers import Change, Kind, Lever, Situation, levers, standing_in_the_way
from engine.inquiry import Inquiry, Register
from engine.model import Rulebook
from engine.resolution.horizon import flips, shifted

LARGEST = 3
MOST = 400
Judge = Callable[[Inquiry, Register, Mapping[str, ListState] | None], Answer]


@dataclass(frozen=True, slots=True)
class Remedy:
    """One smallest set of changes that makes the answer eligible."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Remedies:
    """All that was found; `fixed` are findings that no change at hand removes: they rest with a person or with time."""

    found: tuple[Remedy, ...]
    fixed: tuple[Finding, ...]
    tried: int
    complete: bool


def remedies(answer: Answer, register: Register, rulebook: Rulebook, judge: Judge, most: int = MOST) -> Remedies:
    """The ways back from an answer that is not `eligible`; nothing if it is. `judge` answers a changed
    situation, with the lists as given or as the register knows them."""
    if answer.verdict is Verdict.ELIGIBLE:
        return Remedies((), (), 0, True)
    start: Situation = (answer.inquiry, register)
    search = _Search(judge, start, most)
    search.by_time(flips(answer.inquiry, register, rulebook), answer)
    found = levers(answer, register, rulebook.vocabulary)
    for size in range(1, LARGEST + 1):
        for chosen in combinations(found, size):
            search.attempt(chosen)
    return Remedies(tuple(sorted(search.found, key=_order)), _fixed(search, found), search.tried, search.tried < most)


class _Search:
    """Judges sets of changes, smaller ones first, and never a set that holds a found one."""

    def __init__(self, judge: Judge, start: Situation, most: int) -> None:
        self._judge, self._start, self._most = judge, start, most
        self._sets: list[frozenset[int]] = []
        self.found: list[Remedy] = []
        self.tried = 0

    def by_time(self, days: Iterable[date], answer: Answer) -> None:
        """The first day from which the answer is eligible."""
        inquiry, register = self._start
        for day in days:
            if self.tried >= self._most // 2:
                return
            self.tried += 1
            if self._judge(shifted(inquiry, day), register, answer.lists).verdict is Verdict.ELIGIBLE:
                self.found.append(Remedy((Change(Kind.TIME, value=day.isoformat()),)))
                return

    def attempt(self, chosen: Sequence[Lever]) -> None:
        """Judge the set, unless a smaller one does already, two levers exclude each other, or enough was tried."""
        ids = frozenset(map(id, chosen))
        exclusive = len({lever.slot for lever in chosen}) < len(chosen)
        if self.tried >= self._most or exclusive or any(known <= ids for known in self._sets):
            return
        if self.judged(chosen).verdict is Verdict.ELIGIBLE:
            self._sets.append(ids)
            self.found.append(Remedy(tuple(lever.change for lever in chosen)))

    def judged(self, chosen: Iterable[Lever]) -> Answer:
        """The answer after these changes."""
        self.tried += 1
        situation = self._start
        for lever in chosen:
            situation = lever.pull(situation)
        return self._judge(*situation, None)


def _fixed(search: _Search, found: Sequence[Lever]) -> tuple[Finding, ...]:
    """What still stands in the way after one lever of every slot has been pulled; asked only if nothing was found."""
    if any(change.kind is not Kind.TIME for remedy in search.found for change in remedy.changes):
        return ()
    first = {lever.slot: lever for lever in reversed(found)}
    return tuple(standing_in_the_way(search.judged(first.values())))


def _order(remedy: Remedy) -> tuple[int, list[int]]:
    kinds = list(Kind)
    return len(remedy.changes), [kinds.index(change.kind) for change in remedy.changes]
