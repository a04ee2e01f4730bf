"""Findings to outcomes: severity beats order, ties are said aloud, and black beats red by removing red."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.decision import Answer, Benefit, Cause, Channel, Finding, Flag, ListState, Outcome, State, Verdict, Why
from engine.inquiry import Inquiry, Party, Register
from engine.matching.facts import team
from engine.matching.standing import assess, disputed
from engine.model import ADVERSE, ALL, BENEFITS, Duty, Effect, Rulebook, Window
from engine.resolution.plan import plan_of
from engine.truth import NO
from engine.vocabulary import Colour

SEVEREST_FIRST = tuple(Verdict)
CONSORTIUM = "consortium"


def severest(verdicts: Sequence[Verdict]) -> Verdict:
    """The severest verdict; of none it is eligible."""
    return min(verdicts, key=SEVEREST_FIRST.index, default=Verdict.ELIGIBLE)


def weight(finding: Finding) -> Verdict:
    """What the finding by itself makes of the verdict; only adverse findings weigh."""
    effect, state = finding.measure.effect, finding.state
    if effect not in ADVERSE or state is State.WITHOUT_EFFECT:
        return Verdict.ELIGIBLE
    if state is State.UNDETERMINED or finding.measure.duty is Duty.MAY:
        return Verdict.REVIEW
    return {Effect.BAR: Verdict.INELIGIBLE, Effect.LIMIT: Verdict.CONDITIONAL}.get(effect, Verdict.REVIEW)


def resolve(
    inquiry: Inquiry,
    register: Register,
    rulebook: Rulebook,
    findings: Sequence[Finding],
    lists: Mapping[str, ListState],
) -> tuple[Outcome, ...]:
    """The outcome of every party; members of one consortium share the severest verdict where the scenario says so."""
    own: dict[int, list[Finding]] = {id(party): [] for party in inquiry.parties}
    for finding in findings:
        own[id(finding.party)].append(finding)
    outcomes = [_outcome(party, own[id(party)], inquiry, register, rulebook, lists) for party in inquiry.parties]
    if not rulebook.vocabulary.scenarios[inquiry.scenario].consortium_taints:
        return tuple(outcomes)
    teams: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        teams.setdefault(team(outcome.party), []).append(outcome)
    return tuple(_as_team(one, teams[of]) if (of := team(one.party)) else one for one in outcomes)


def _outcome(
    party: Party,
    findings: list[Finding],
    inquiry: Inquiry,
    register: Register,
    rulebook: Rulebook,
    lists: Mapping[str, ListState],
) -> Outcome:
    candidates = _candidates(party, inquiry, register, rulebook)
    # An entry known by a name only may be this party's: nobody is refused for it, and nobody is cleared.
    own = severest([*(weight(f) for f in findings), *(Verdict.REVIEW for _ in candidates[:1])])
    deciding = tuple(f for f in findings if own is not Verdict.ELIGIBLE and weight(f) is own)
    conditions = tuple(f for f in findings if f.measure.effect is Effect.LIMIT and weight(f) is Verdict.CONDITIONAL)
    named = [f for f in findings if f.measure.effect in BENEFITS]
    shadow = _shadow(party, findings, inquiry, register, rulebook, lists) if named else ()
    benefits = tuple(_benefit(f, findings, shadow) for f in named)
    return Outcome(
        party,
        own,
        deciding,
        tuple(findings),
        conditions,
        benefits,
        _channel(findings, benefits),
        (*_flags(findings, inquiry), *candidates),
    )


def _candidates(party: Party, inquiry: Inquiry, register: Register, rulebook: Rulebook) -> tuple[Flag, ...]:
    """The lists that matter here and have an entry which may be the party's, by its name."""
    mine = {c.list for c in register.candidates if c.subject == party.subject}
    return tuple(Flag("candidate", code) for code in sorted(mine) if plan_of(rulebook).matters(code, inquiry.scenario))


def _benefit(finding: Finding, findings: Sequence[Finding], shadow: tuple[Cause, ...]) -> Benefit:
    """Granted only if effective and nothing withholds it; otherwise with the causes named."""
    name = finding.measure.benefit
    if finding.state is not State.EFFECTIVE:
        return Benefit(name, finding, False, finding.causes)
    closers = [
        Cause(Why.RESTRICTED, f.measure.id)
        for f in findings
        if f.measure.effect is Effect.WITHHOLD
        and f.state is not State.WITHOUT_EFFECT
        and (ALL in f.measure.withholds or name in f.measure.withholds)
    ]
    causes = (*closers, *shadow)
    return Benefit(name, finding, not causes, causes)


def _shadow(
    party: Party,
    findings: Sequence[Finding],
    inquiry: Inquiry,
    register: Register,
    rulebook: Rulebook,
    lists: Mapping[str, ListState],
) -> tuple[Cause, ...]:
    """What withholds every benefit: a restriction that weighs, an own entry on a black or watch list, lists not known.

    发改财金规〔2017〕1798号: a subject put on a black or watch list leaves the red list.
    """
    restricting = (Effect.BAR, Effect.LIMIT, Effect.SCRUTINISE)
    causes = [
        Cause(Why.RESTRICTED, f.measure.id)
        for f in findings
        if f.measure.effect in restricting and f.state is not State.WITHOUT_EFFECT
    ]
    for entry in register.by_subject.get(party.subject, ()):
        record = rulebook.vocabulary.lists[entry.list]
        adverse = record.colour is Colour.BLACK or record.colour is Colour.WATCH
        if adverse and assess(entry, record, Window.LISTED, (), inquiry.prevailing).holds is not NO:
            causes.append(Cause(Why.LISTED_ADVERSELY, entry.list))
    scenario = rulebook.vocabulary.scenarios[inquiry.scenario]
    unknown = [code for code in scenario.consults + scenario.benefits_consult if not lists[code].known]
    causes += [Cause(Why.LIST_UNKNOWN, code) for code in unknown]
    return tuple(dict.fromkeys(causes))


def _channel(findings: Sequence[Finding], benefits: Sequence[Benefit]) -> Channel:
    if any(f.measure.effect is Effect.SCRUTINISE and f.state is State.EFFECTIVE for f in findings):
        return Channel.STRICT
    green = [b for b in benefits if b.granted and b.name == Effect.GREEN_CHANNEL]
    if not green:
        return Channel.ORDINARY
    return Channel.GREEN_OFFERED if all(b.offered for b in green) else Channel.GREEN


def _flags(findings: Sequence[Finding], inquiry: Inquiry) -> tuple[Flag, ...]:
    found: dict[Flag, None] = {}
    for finding in findings:
        moment = inquiry.moment(finding.measure.at)
        if finding.entry and moment and finding.state is not State.WITHOUT_EFFECT and disputed(finding.entry, moment):
            found[Flag("disputed", finding.entry.list)] = None
        if any(cause == Cause(Why.STANDING, "lifted") for cause in finding.causes):
            found[Flag("recheck-lifted", finding.measure.id)] = None
        if finding.measure.effect is Effect.INFORM and finding.state is not State.WITHOUT_EFFECT:
            found[Flag("inform", finding.measure.id)] = None
        if finding.edition_not_read and weight(finding) is not Verdict.ELIGIBLE:
            found[Flag("edition-not-read", finding.measure.id)] = None
    return tuple(found)


def _as_team(outcome: Outcome, members: Sequence[Outcome]) -> Outcome:
    """One tainted member taints the consortium; a benefit needs every member."""
    if len(members) == 1:
        return outcome
    shared = set.intersection(*({b.name for b in o.benefits if b.granted} for o in members))
    benefits = tuple(
        b
        if not b.granted or b.name in shared
        else replace(b, granted=False, causes=(Cause(Why.RESTRICTED, CONSORTIUM),))
        for b in outcome.benefits
    )
    worst = severest([o.verdict for o in members])
    tainted_by = () if outcome.verdict is worst else tuple(o.party for o in members if o.verdict is worst)
    channel = _channel(outcome.findings, benefits)
    return replace(outcome, verdict=worst, benefits=benefits, channel=channel, tainted_by=tainted_by)


def whole(
    inquiry: Inquiry,
    rulebook: Rulebook,
    outcomes: Sequence[Outcome],
    lists: Mapping[str, ListState],
    relations_unknown: Sequence[str],
    assumed: frozenset[str],
) -> Answer:
    """The answer over all parties; a consulted list or a required relation not known makes each at least review."""
    scenario = rulebook.vocabulary.scenarios[inquiry.scenario]
    unlisted = any(not lists[code].known for code in scenario.consults)
    if unlisted or set(relations_unknown) & set(scenario.relations_required):
        outcomes = [replace(o, verdict=severest([o.verdict, Verdict.REVIEW])) for o in outcomes]
    flags = [Flag("relation-unknown", kind) for kind in relations_unknown]
    if inquiry.jurisdiction is None:
        flags.append(Flag("no-jurisdiction"))
    if inquiry.prevails == "as_of" and scenario.moment != "as_of":
        flags.append(Flag("no-prevailing-moment", scenario.moment))
    return Answer(
        inquiry,
        severest([o.verdict for o in outcomes]),
        tuple(outcomes),
        lists,
        tuple(relations_unknown),
        tuple(flags),
        tuple(sorted(assumed)),
        tuple(sorted(_missing(outcomes))),
    )


def _missing(outcomes: Sequence[Outcome]) -> set[str]:
    """Every fact that would settle an open finding, once; of an exception only where something waits for it."""
    open_ones = [f for o in outcomes for f in o.findings if f.state is State.UNDETERMINED]
    awaited = {cause.detail for f in open_ones for cause in f.causes if cause.why is Why.LIFT_OPEN}
    settling = (f for f in open_ones if f.measure.effect is not Effect.LIFT or f.measure.id in awaited)
    return {fact for f in settling for fact in f.missing if ":" not in fact}
