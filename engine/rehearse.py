"""Cases tried: does the answer fit what the case expects, for the clauses it names, and which measures did it touch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from engine.calendar import moved
from engine.decide import decide, judge
from engine.decision import Answer, Decision, Finding, State, Verdict
from engine.inquiry import Inquiry
from engine.model import Measure, Rulebook
from engine.packs.cases import Case
from engine.resolution.order import in_order
from engine.resolution.resolve import weight

POSITIVE, NEGATIVE, BOUNDARY = "positive", "negative", "boundary"
SIDES = (POSITIVE, BOUNDARY, NEGATIVE)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing the case expects otherwise: `what` is the case's key."""

    what: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One case with its decision, what differs (nothing: it passed), and the sides of measures it touched."""

    case: Case
    decision: Decision
    differences: tuple[Difference, ...]
    touched: Mapping[str, frozenset[str]]

    @property
    def passed(self) -> bool:
        """Whether the answer is the expected one, for the expected clauses."""
        return not self.differences


def rehearse(case: Case, rulebook: Rulebook) -> Rehearsal:
    """Try the case on this rulebook."""
    decision = decide(case.inquiry, case.register, rulebook)
    return Rehearsal(case, decision, tuple(_differences(case, decision.answer)), _touched(case, decision, rulebook))


def coverage(rehearsals: Iterable[Rehearsal], rulebook: Rulebook) -> dict[str, frozenset[str]]:
    """For every effective measure the sides that some passing case touched; drafts are left out.

    A measure on the inquiry alone has no standing and so no boundary days of its own: that side counts as touched.
    """
    sides: dict[str, set[str]] = defaultdict(set)
    for rehearsal in rehearsals:
        if rehearsal.passed:
            for name, touched in rehearsal.touched.items():
                sides[name] |= touched
    free = {m.id: frozenset({BOUNDARY}) if m.on_inquiry else frozenset[str]() for m in rulebook.measures if not m.draft}
    return {name: frozenset(sides[name]) | given for name, given in free.items()}


def _differences(case: Case, answer: Answer) -> Iterable[Difference]:
    if answer.verdict.value != case.expect:
        yield Difference("expect", case.expect, answer.verdict.value)
    yield from _because(case, answer)
    granted = {b.name for o in answer.outcomes for b in o.benefits if b.granted}
    withheld = {
        b.name
        for o in answer.outcomes
        for b in o.benefits
        if not b.granted and b.finding.state is State.EFFECTIVE and b.name not in granted
    }
    exact = (("benefits", case.benefits, granted), ("withheld", case.withheld, withheld))
    for what, expected, got in (*exact, ("missing", case.missing, set(answer.missing))):
        if expected is not None and set(expected) != got:
            yield Difference(what, _said(expected), _said(got))
    flags = {flag.code for flag in answer.flags} | {flag.code for o in answer.outcomes for flag in o.flags}
    if not set(case.flags) <= flags:
        yield Difference("flags", _said(case.flags), _said(flags))


def _because(case: Case, answer: Answer) -> Iterable[Difference]:
    """An adverse verdict must rest on exactly the clauses named; for `eligible` they must be among those met."""
    if case.because is None:
        return
    met = {f.measure.id for o in answer.outcomes for f in o.findings}
    deciding = deciding_clauses(answer)
    expected = {_full(name, met | deciding) for name in case.because}
    if answer.verdict is Verdict.ELIGIBLE:
        if not expected <= met:
            yield Difference("because", _said(expected), _said(met))
    elif expected != deciding:
        yield Difference("because", _said(expected), _said(deciding))


def deciding_clauses(answer: Answer) -> set[str]:
    """The clauses that by themselves give the answer's verdict."""
    return {f.measure.id for o in answer.outcomes for f in o.findings if weight(f) is answer.verdict}


def _full(name: str, known: Iterable[str]) -> str:
    """A bare clause as its full identity, where only one measure met has that clause."""
    if "#" in name:
        return name
    fits = [full for full in known if full.partition("#")[2] == name]
    return fits[0] if len(fits) == 1 else name


def _said(words: Iterable[str]) -> str:
    return "、".join(sorted(words)) or "—"


def _touched(case: Case, decision: Decision, rulebook: Rulebook) -> dict[str, frozenset[str]]:
    """Which measures the case concerns, on which side, and whether a day earlier or later would turn them."""
    inquiry, register = in_order(case.inquiry, case.register, rulebook.vocabulary)
    now = _states(decision.answer)
    neighbours = [
        _states(judge(_moved(inquiry, at, step), register, rulebook))
        for at in {m.at for m in rulebook.measures}
        if inquiry.moment(at)
        for step in (-1, 1)
    ]
    touched: dict[str, frozenset[str]] = {}
    for measure in rulebook.measures:
        if _concerns(measure, case):
            state = now.get(measure.id, State.WITHOUT_EFFECT)
            sides = {NEGATIVE if state is State.WITHOUT_EFFECT else POSITIVE}
            if any(other.get(measure.id, State.WITHOUT_EFFECT) is not state for other in neighbours):
                sides.add(BOUNDARY)
            touched[measure.id] = frozenset(sides)
    return touched


def _states(answer: Answer) -> dict[str, State]:
    """The strongest state each measure has in the answer."""
    order = list(State)
    states: dict[str, State] = {}
    findings: list[Finding] = [f for o in answer.outcomes for f in o.findings]
    for finding in findings:
        known = states.get(finding.measure.id, finding.state)
        states[finding.measure.id] = min(known, finding.state, key=order.index)
    return states


def _moved(inquiry: Inquiry, at: str, step: int) -> Inquiry:
    name = inquiry.prevails if at == "prevailing" else at
    moments = dict(inquiry.moments)
    moments[name] = moved(moments[name], moments[name].day + timedelta(days=step))
    return replace(inquiry, moments=moments)


def _concerns(measure: Measure, case: Case) -> bool:
    """Whether the case could say anything about the measure: its scenario, and an entry of one of its lists."""
    if case.inquiry.scenario not in measure.scenarios:
        return False
    return measure.on_inquiry or any(entry.list in measure.lists for entry in case.register.entries)
