"""What lifts what and what needs what: matches become findings, in the one order the lift and given graph allows.

Lifts are resolved inside an entry first, as though it were current; only then does the entry's standing cap the
finding, so that a bar and its exception never look doubtful where the answer is the same either way.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.decision import Cause, Finding, State, Why
from engine.inquiry import ABSENT, UNKNOWN, Inquiry
from engine.matching.facts import MATTER
from engine.matching.match import Match
from engine.matching.standing import Assessed, Standing, assess, stated, unsettled
from engine.model import Rulebook, Window
from engine.resolution.legality import barred, footing, matter_unstated
from engine.resolution.plan import Plan, plan_of
from engine.truth import MAYBE, NO, YES, Truth, negate
from engine.vocabulary import NATIONAL

_STATES = {YES: State.EFFECTIVE, MAYBE: State.UNDETERMINED, NO: State.WITHOUT_EFFECT}


@dataclass(slots=True)
class _Weighed:
    """A match on its way to a finding: `inside` is its truth before its entry's standing, `truth` after."""

    match: Match
    inside: Truth
    truth: Truth
    causes: list[Cause]


@dataclass(frozen=True, slots=True)
class _Work:
    """What one run needs, and what it has weighed so far: by measure, and each entry's standing."""

    inquiry: Inquiry
    rulebook: Rulebook
    plan: Plan
    judged: dict[str, list[_Weighed]]
    standings: dict[tuple[int, Window, tuple[str, ...], str], Assessed]


def findings(matches: Sequence[Match], inquiry: Inquiry, rulebook: Rulebook) -> tuple[Finding, ...]:
    """Every match with its state and the causes of it."""
    work = _Work(inquiry, rulebook, plan_of(rulebook), defaultdict(list), {})
    rank = work.plan.rank
    return tuple(_weigh(match, work) for match in sorted(matches, key=lambda match: rank[match.measure.id]))


def _weigh(match: Match, work: _Work) -> Finding:
    foot = footing(match, work.inquiry, work.plan)
    blocked = barred(match, foot, work.inquiry, work.rulebook)
    weighed = _Weighed(match, match.truth, match.truth, [_lack(fact) for fact in match.missing])
    _lift(weighed, work)
    weighed.truth = weighed.inside
    standing = _cap_by_standing(weighed, work)
    _cap_by_place(weighed, work)
    _cap_by_matter(weighed, work)
    _need(weighed, work)
    _contest(weighed, work)
    if blocked:
        weighed.inside = weighed.truth = NO
        weighed.causes = [blocked]
    work.judged[match.measure.id].append(weighed)
    return Finding(
        match.measure,
        match.party,
        match.entry,
        match.reach,
        _STATES[weighed.truth],
        tuple(weighed.causes),
        tuple(dict.fromkeys(c.detail for c in weighed.causes if c.why is Why.MISSING and weighed.truth is MAYBE)),
        standing.standing.value if standing else "",
        standing.until if standing else None,
        foot.edition_not_read,
    )


def _lack(fact: str) -> Cause:
    return Cause(Why.MATTER_UNSTATED) if fact == MATTER else Cause(Why.MISSING, fact)


def _lift(weighed: _Weighed, work: _Work) -> None:
    """Effective lift: no effect. Undetermined lift: at most undetermined."""
    for lift in _lifts_of(weighed.match, work):
        strength = lift.inside if lift.match.entry is weighed.match.entry else lift.truth
        if strength is NO:
            continue
        weighed.inside = min(weighed.inside, negate(strength))
        weighed.causes.append(Cause(Why.LIFTED if strength is YES else Why.LIFT_OPEN, lift.match.measure.id))


def _lifts_of(match: Match, work: _Work) -> Iterable[_Weighed]:
    for name in work.plan.lifts_of.get(match.measure.id, ()):
        for other in work.judged.get(name, ()):
            same_party = other.match.party == match.party
            if same_party and (other.match.measure.lifts_inquiry or other.match.entry is match.entry):
                yield other


def _cap_by_standing(weighed: _Weighed, work: _Work) -> Assessed | None:
    entry, measure = weighed.match.entry, weighed.match.measure
    moment = work.inquiry.moment(measure.at)
    if entry is None or measure.window is None or moment is None:
        return None
    key = (id(entry), measure.window, measure.ends, measure.at)
    standing = work.standings.get(key)
    if standing is None:
        record = work.rulebook.vocabulary.lists[entry.list]
        standing = work.standings[key] = assess(entry, record, measure.window, measure.ends, moment)
    if standing.standing is not Standing.CURRENT:
        weighed.causes.append(Cause(Why.STANDING, standing.standing.value))
    if standing.standing is Standing.AMBIGUOUS and weighed.truth is not NO:
        wanted = unsettled(entry, work.rulebook.vocabulary.lists[entry.list], measure.window)
        weighed.causes += [Cause(Why.MISSING, fact) for fact in wanted]
    weighed.truth = min(weighed.truth, standing.holds)
    return standing


def _cap_by_place(weighed: _Weighed, work: _Work) -> None:
    """A decision limited to a territory, met outside it, is a conflict of the entry that a person must settle."""
    entry = weighed.match.entry
    if entry is None or weighed.truth is NO:
        return
    vocabulary = work.rulebook.vocabulary
    territory = stated(entry, vocabulary.lists[entry.list], "territory")
    limited = territory is not ABSENT and territory != NATIONAL
    if limited and not vocabulary.inside(work.inquiry.jurisdiction or NATIONAL, str(territory)):
        why = Why.MISSING if territory is UNKNOWN else Why.TERRITORY
        weighed.causes.append(Cause(why, "territory" if territory is UNKNOWN else str(territory)))
        weighed.truth = MAYBE


def _cap_by_matter(weighed: _Weighed, work: _Work) -> None:
    if matter_unstated(weighed.match.measure, work.inquiry):
        _cap(weighed, MAYBE, MAYBE, Cause(Why.MATTER_UNSTATED))


def _need(weighed: _Weighed, work: _Work) -> None:
    """`given`: only together with another effective finding of the same party; inside an entry before its standing."""
    for name in weighed.match.measure.given:
        others = [o for o in work.judged.get(name, ()) if o.match.party == weighed.match.party]
        strength = max((o.truth for o in others), default=NO)
        within = max((o.inside if o.match.entry is weighed.match.entry else o.truth for o in others), default=NO)
        why = {NO: Why.GIVEN_ABSENT, MAYBE: Why.GIVEN_OPEN}.get(strength)
        _cap(weighed, within, strength, Cause(why, name) if why else None)


def _contest(weighed: _Weighed, work: _Work) -> None:
    contested = weighed.match.measure.contested
    moment = work.inquiry.moment(weighed.match.measure.at)
    if contested and moment and contested.open_on(moment.day):
        _cap(weighed, MAYBE, MAYBE, Cause(Why.CONTESTED) if weighed.truth is YES else None)


def _cap(weighed: _Weighed, inside: Truth, truth: Truth, cause: Cause | None) -> None:
    """What holds back the clause itself holds back its lift of others too, so it caps the truth `inside` as well."""
    if cause and weighed.truth is not NO:
        weighed.causes.append(cause)
    weighed.inside, weighed.truth = min(weighed.inside, inside), min(weighed.truth, truth)
