"""Which matches may count at all: drafts, the legality gate, the authority asking and the matter at hand."""

from engine.decision import Cause, Why
from engine.gate import Footing, LawfulBasis
from engine.inquiry import Inquiry
from engine.matching.match import Match
from engine.model import ALL, ALL_ISSUERS, Effect, Measure, Rulebook
from engine.resolution.plan import Plan

_GATE = {
    LawfulBasis.LAPSED: Why.LAPSED,
    LawfulBasis.LOCAL: Why.LOCAL,
    LawfulBasis.NOT_IN_FORCE: Why.NOT_IN_FORCE,
}


def footing(match: Match, inquiry: Inquiry, plan: Plan) -> Footing:
    """The measure's lawful basis on the day it is judged at."""
    moment = inquiry.moment(match.measure.at)
    assert moment is not None, "a measure whose moment is not stated never matches"
    return plan.footing(match.measure, moment.day)


def barred(match: Match, foot: Footing, inquiry: Inquiry, rulebook: Rulebook) -> Cause | None:
    """Why the match is without effect whatever its facts; None if it may count."""
    measure = match.measure
    if measure.matters and ALL not in measure.matters and inquiry.matter and inquiry.matter not in measure.matters:
        return Cause(Why.NOT_YOUR_MATTER, inquiry.matter)
    cause = unlawful(measure, foot)
    if cause:
        return cause
    if not _for_this_authority(measure, inquiry, rulebook):
        return Cause(Why.NOT_YOUR_AUTHORITY, inquiry.authority or "")
    return None


def unlawful(measure: Measure, foot: Footing) -> Cause | None:
    """Why the measure is without effect for everyone, whoever asks and for what; None if it may count."""
    if measure.draft:
        return Cause(Why.DRAFT)
    return None if foot.ok else Cause(_GATE[foot.basis])


def matter_unstated(measure: Measure, inquiry: Inquiry) -> bool:
    """Whether the measure is for certain matters and nobody said which one is at hand."""
    return bool(measure.matters) and ALL not in measure.matters and inquiry.matter is None


def _for_this_authority(measure: Measure, inquiry: Inquiry, rulebook: Rulebook) -> bool:
    """An exception written in law helps before every authority; other measures only before those who must act."""
    if inquiry.authority is None or measure.effect is Effect.LIFT:
        return True
    named = set(measure.by)
    if ALL_ISSUERS in named:
        named |= set(rulebook.memoranda[measure.pack].issuers)
    return any(inquiry.authority in rulebook.vocabulary.heirs(code) for code in named)
