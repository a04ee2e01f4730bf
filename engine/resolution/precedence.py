"""What lifts what and what needs what: matches become findings, in the one order the lift and given graph allows.

Lifts are resolved inside an entry first, as though it were current; only then does the entry's standing cap the
finding, so that a bar and its exception never look doubtful where the answer is the same either way.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.decision import Cause, Finding, State, Why
from engine.inquiry import ABSENT, UNKNOWN, Inquiry
from engine.matching.match import Match
from engine.matching.standing import Assessed, Standing, assess, stated
from engine.model import Effect, Rulebook
from engine.packs.graph import lift_order
from engine.resolution.legality import barred, footing, matter_unstated
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


def findings(matches: Sequence[Match], inquiry: Inquiry, rulebook: Rulebook) -> tuple[Finding, ...]:
    """Every match with its state and the causes of it."""
    by_measure: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        by_measure[match.measure.id].append(match)
    judged: dict[str, list[_Weighed]] = {}
    found: list[Finding] = []
    for name in lift_order({m.measure.id: m.measure for m in matches}.values()):
        judged[name] = []
        for match in by_measure[name]:
            weighed, finding = _weigh(match, judged, inquiry, rulebook)
            judged[name].append(weighed)
            found.append(finding)
    return tuple(found)


def _weigh(
    match: Match, judged: dict[str, list[_Weighed]], inquiry: Inquiry, rulebook: Rulebook
) -> tuple[_Weighed, Finding]:
    foot = footing(match, inquiry, rulebook)
    blocked = barred(match, foot, inquiry, rulebook)
    weighed = _Weighed(match, match.truth, match.truth, [Cause(Why.MISSING, fact) for fact in match.missing])
    _lift(weighed, judged)
    weighed.truth = weighed.inside
    standing = _cap_by_standing(weighed, inquiry, rulebook)
    _cap_by_place(weighed, inquiry, rulebook)
    _cap_by_matter(weighed, inquiry)
    _need(weighed, judged)
    _contest(weighed, inquiry)
    if blocked:
        weighed.inside = weighed.truth = NO
        weighed.causes = [blocked]
    finding = Finding(
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
    return weighed, finding


def _lift(weighed: _Weighed, judged: dict[str, list[_Weighed]]) -> None:
    """Effective lift: no effect. Undetermined lift: at most undetermined."""
    for lift in _lifts_of(weighed.match, judged):
        strength = lift.inside if lift.match.entry is weighed.match.entry else lift.truth
        if strength is NO:
            continue
        weighed.inside = min(weighed.inside, negate(strength))
        weighed.causes.append(Cause(Why.LIFTED if strength is YES else Why.LIFT_OPEN, lift.match.measure.id))


def _lifts_of(match: Match, judged: dict[str, list[_Weighed]]) -> Iterable[_Weighed]:
    for others in judged.values():
        for other in others:
            measure = other.match.measure
            if measure.effect is not Effect.LIFT or match.measure.id not in measure.lifts:
                continue
            if other.match.party == match.party and (measure.lifts_inquiry or other.match.entry is match.entry):
                yield other


def _cap_by_standing(weighed: _Weighed, inquiry: Inquiry, rulebook: Rulebook) -> Assessed | None:
    match = weighed.match
    moment = inquiry.moment(match.measure.at)
    if match.entry is None or match.measure.window is None or moment is None:
        return None
    record = rulebook.vocabulary.lists[match.entry.list]
    standing = assess(match.entry, record, match.measure.window, match.measure.ends, moment)
    if standing.standing is not Standing.CURRENT:
        weighed.causes.append(Cause(Why.STANDING, standing.standing.value))
    weighed.truth = min(weighed.truth, standing.holds)
    return standing


def _cap_by_place(weighed: _Weighed, inquiry: Inquiry, rulebook: Rulebook) -> None:
    """A decision limited to a territory, met outside it, is a conflict of the entry that a person must settle."""
    entry = weighed.match.entry
    if entry is None or weighed.truth is NO:
        return
    territory = stated(entry, rulebook.vocabulary.lists[entry.list], "territory")
    limited = territory is not ABSENT and territory != NATIONAL
    if limited and not rulebook.vocabulary.inside(inquiry.jurisdiction or NATIONAL, str(territory)):
        why = Why.MISSING if territory is UNKNOWN else Why.TERRITORY
        weighed.causes.append(Cause(why, "territory" if territory is UNKNOWN else str(territory)))
        weighed.truth = MAYBE


def _cap_by_matter(weighed: _Weighed, inquiry: Inquiry) -> None:
    if matter_unstated(weighed.match.measure, inquiry):
        _cap(weighed, MAYBE, MAYBE, Cause(Why.MATTER_UNSTATED))


def _need(weighed: _Weighed, judged: dict[str, list[_Weighed]]) -> None:
    """`given`: only together with another effective finding of the same party; inside an entry before its standing."""
    for name in weighed.match.measure.given:
        others = [o for o in judged.get(name, ()) if o.match.party == weighed.match.party]
        strength = max((o.truth for o in others), default=NO)
        within = max((o.inside if o.match.entry is weighed.match.entry else o.truth for o in others), default=NO)
        why = {NO: Why.GIVEN_ABSENT, MAYBE: Why.GIVEN_OPEN}.get(strength)
        _cap(weighed, within, strength, Cause(why, name) if why else None)


def _contest(weighed: _Weighed, inquiry: Inquiry) -> None:
    contested = weighed.match.measure.contested
    moment = inquiry.moment(weighed.match.measure.at)
    if contested and moment and (contested.since is None or contested.since <= moment.day):
        _cap(weighed, MAYBE, MAYBE, Cause(Why.CONTESTED) if weighed.truth is YES else None)


def _cap(weighed: _Weighed, inside: Truth, truth: Truth, cause: Cause | None) -> None:
    """What holds back the clause itself holds back its lift of others too, so it caps the truth `inside` as well."""
    if cause and weighed.truth is not NO:
        weighed.causes.append(cause)
    weighed.inside, weighed.truth = min(weighed.inside, inside), min(weighed.truth, truth)
