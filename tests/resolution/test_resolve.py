"""Findings to verdicts: the whole table of effects, duties and states, and what the parties of one inquiry share."""

from dataclasses import replace
from typing import Any

import pytest

from engine.condition import Op, ParameterRef
from engine.condition import Test as Ask
from engine.decide import judge
from engine.decision import Answer, Cause, Channel, Flag, Outcome, State, Verdict, Why
from engine.inquiry import RELATION_KINDS, Party, Register
from engine.matching.standing import Standing
from engine.model import ADVERSE, BENEFITS, Contested, Duty, Effect, Measure, Window
from engine.resolution.resolve import severest
from tests.builders import A, B, C, entry, inquiry, measure, register, rulebook, words
from tests.strategies import TODAY, WORDS

INELIGIBLE, REVIEW, CONDITIONAL, ELIGIBLE = Verdict
OPEN = Ask("mandatory", Op.ONE_OF, ("yes",))  # a fact the asker must state, here unstated
LISTED = entry("record", decided="2024-01-01", amount=1, penalty="fine")


def does(effect: Effect, clause: str = "1", **changes: Any) -> Measure:
    """A measure with this effect on the record, so that its entry is no restriction by itself."""
    given: dict[str, Any] = {
        "lists": ("record",),
        "window": Window.DECIDED,
        "withholds": ("all",),
        "route": "commitment",
    }
    return measure(clause, effect, **given | changes)


def answer(*measures: Measure, known: Register | None = None, asked: Any = None, vocabulary: Any = WORDS) -> Answer:
    """The answer on one entry of the usual supplier."""
    return judge(asked or inquiry(), known or register(LISTED), rulebook(*measures, vocabulary=vocabulary))


def only(*measures: Measure, **more: Any) -> Outcome:
    """The outcome of the only party."""
    (outcome,) = answer(*measures, **more).outcomes
    return outcome


# -- the table of section 6

TABLE = {
    (Effect.BAR, Duty.MUST): INELIGIBLE,
    (Effect.BAR, Duty.MAY): REVIEW,
    (Effect.LIMIT, Duty.MUST): CONDITIONAL,
    (Effect.LIMIT, Duty.MAY): REVIEW,
    (Effect.SCRUTINISE, Duty.MUST): REVIEW,
    (Effect.SCRUTINISE, Duty.MAY): REVIEW,
    (Effect.WEIGH, Duty.MUST): REVIEW,
    (Effect.WEIGH, Duty.MAY): REVIEW,
}


@pytest.mark.parametrize("duty", list(Duty))
@pytest.mark.parametrize("effect", list(Effect))
def test_effective(effect, duty):
    """Each effect under each duty; what is not adverse leaves the verdict alone."""
    outcome = only(does(effect, duty=duty))
    expected = TABLE.get((effect, duty), ELIGIBLE)
    assert outcome.verdict is expected
    assert [f.measure.clause for f in outcome.deciding] == ([] if expected is ELIGIBLE else ["1"])
    assert [f.measure.clause for f in outcome.conditions] == (["1"] if expected is CONDITIONAL else [])


@pytest.mark.parametrize("duty", list(Duty))
@pytest.mark.parametrize("effect", list(Effect))
@pytest.mark.parametrize("how", ["fact", "contested", "lifted-for-a-time"])
def test_undetermined(effect, duty, how):
    """An open adverse finding is a matter for a person; an open benefit or withholding changes no verdict."""
    changes = {"fact": {"when": OPEN}, "contested": {"contested": Contested("keeper", words("?"), None)}}.get(how, {})
    known = register(replace(LISTED, events=entry(lifted="2024-02-01").events)) if how == "lifted-for-a-time" else None
    outcome = only(does(effect, duty=duty, **changes), known=known)
    assert outcome.findings[0].state is State.UNDETERMINED
    assert outcome.verdict is (REVIEW if effect in ADVERSE else ELIGIBLE)
    assert not outcome.conditions
    assert not any(benefit.granted for benefit in outcome.benefits)


@pytest.mark.parametrize("duty", list(Duty))
@pytest.mark.parametrize("effect", list(Effect))
def test_without_effect(effect, duty):
    """A finding without effect changes nothing whatever it would do; it is still shown."""
    outcome = only(does(effect, duty=duty, draft=True))
    assert outcome.verdict is ELIGIBLE
    assert outcome.channel is Channel.ORDINARY
    assert (outcome.deciding, outcome.conditions, outcome.flags) == ((), (), ())
    assert not any(benefit.granted for benefit in outcome.benefits)
    assert [f.state for f in outcome.findings] == [State.WITHOUT_EFFECT]


@pytest.mark.parametrize(
    ("effect", "name"), [(e, "commitment" if e is Effect.ROUTE else e.value) for e in Effect if e in BENEFITS]
)
def test_benefits(effect, name):
    """Must: granted; may: offered; open: neither, with the missing fact named; void: neither, with the cause."""
    (granted,) = only(does(effect)).benefits
    (offered,) = only(does(effect, duty=Duty.MAY)).benefits
    assert [(b.name, b.granted, b.offered, b.causes) for b in (granted, offered)] == [
        (name, True, False, ()),
        (name, True, True, ()),
    ]
    open_ = answer(does(effect, when=OPEN))
    (benefit,) = open_.outcomes[0].benefits
    assert (benefit.granted, benefit.causes) == (False, (Cause(Why.MISSING, "mandatory"),))
    assert open_.missing == ("mandatory",)
    (void,) = only(does(effect, draft=True)).benefits
    assert (void.granted, void.causes) == (False, (Cause(Why.DRAFT),))


@pytest.mark.parametrize("when", [{}, {"when": OPEN}])
def test_inform_is_a_flag(when):
    """It changes nothing; while a fact is missing the flag stands, with its question."""
    got = answer(does(Effect.INFORM, **when))
    assert got.outcomes[0].flags == (Flag("inform", "pack#1"),)
    assert got.verdict is ELIGIBLE
    assert got.missing == (("mandatory",) if when else ())


@pytest.mark.parametrize(
    ("effect", "duty", "when", "channel"),
    [
        (Effect.SCRUTINISE, Duty.MUST, {}, Channel.STRICT),
        (Effect.SCRUTINISE, Duty.MAY, {}, Channel.STRICT),
        (Effect.SCRUTINISE, Duty.MUST, {"when": OPEN}, Channel.ORDINARY),
        (Effect.GREEN_CHANNEL, Duty.MUST, {}, Channel.GREEN),
        (Effect.GREEN_CHANNEL, Duty.MAY, {}, Channel.GREEN_OFFERED),
        (Effect.GREEN_CHANNEL, Duty.MUST, {"when": OPEN}, Channel.ORDINARY),
        (Effect.BAR, Duty.MUST, {}, Channel.ORDINARY),
        (Effect.WITHHOLD, Duty.MUST, {}, Channel.ORDINARY),
    ],
)
def test_channels(effect, duty, when, channel):
    """Strict where the law has it examined strictly, green where that is granted."""
    assert only(does(effect, duty=duty, **when)).channel is channel


def test_a_green_channel_is_green_if_one_source_must_grant_it():
    """Another may."""
    assert only(does(Effect.GREEN_CHANNEL), does(Effect.GREEN_CHANNEL, "2", duty=Duty.MAY)).channel is Channel.GREEN


# -- severity beats order

_SAYS = {
    INELIGIBLE: does(Effect.BAR),
    REVIEW: does(Effect.WEIGH, "2"),
    CONDITIONAL: does(Effect.LIMIT, "3"),
    ELIGIBLE: does(Effect.INFORM, "4"),
}


@pytest.mark.parametrize("one", list(Verdict))
@pytest.mark.parametrize("other", list(Verdict))
def test_the_severest_finding_decides(one, other):
    """Whichever comes first; the others never lower it, and all that say the same decide together."""
    worst = min(one, other, key=list(Verdict).index)
    outcome = only(_SAYS[one], replace(_SAYS[other], clause="9"))
    assert outcome.verdict is worst
    says = {_SAYS[one].clause: one, "9": other}
    assert {f.measure.clause for f in outcome.deciding} == {c for c, v in says.items() if v is worst is not ELIGIBLE}


def test_conditions_are_named_beside_a_severer_verdict():
    """A limit stays a condition also where a person must review."""
    outcome = only(does(Effect.WEIGH), does(Effect.LIMIT, "2"))
    assert outcome.verdict is REVIEW
    assert [f.measure.clause for f in outcome.conditions] == ["2"]


def test_of_nothing_the_severest_is_eligible():
    """Nobody asked, nothing found."""
    assert severest([]) is ELIGIBLE
    assert severest([ELIGIBLE, CONDITIONAL, INELIGIBLE, REVIEW]) is INELIGIBLE


# -- withholding, and black beats red


def benefits(*measures: Measure, **more: Any) -> dict[str, tuple[bool, tuple[Cause, ...]]]:
    """What became of each benefit."""
    return {b.name: (b.granted, b.causes) for o in answer(*measures, **more).outcomes for b in o.benefits}


ROUTE, GREEN = does(Effect.ROUTE, "route"), does(Effect.GREEN_CHANNEL, "green")


@pytest.mark.parametrize("changes", [{}, {"duty": Duty.MAY}, {"when": OPEN}])
def test_withhold_takes_the_benefits_it_names_away(changes):
    """The same for must, may and open; the other benefits and the ordinary channel stay."""
    closing = does(Effect.WITHHOLD, "close", withholds=("commitment",), **changes)
    outcome = only(ROUTE, GREEN, closing)
    assert benefits(ROUTE, GREEN, closing) == {
        "commitment": (False, (Cause(Why.RESTRICTED, "pack#close"),)),
        "green_channel": (True, ()),
    }
    assert (outcome.verdict, outcome.channel) == (ELIGIBLE, Channel.GREEN)


def test_withhold_all_takes_every_benefit():
    """`all` names them all; a draft takes none."""
    closing = does(Effect.WITHHOLD, "close", withholds=("all",))
    assert {granted for granted, _ in benefits(ROUTE, GREEN, closing).values()} == {False}
    assert {granted for granted, _ in benefits(ROUTE, GREEN, replace(closing, draft=True)).values()} == {True}


@pytest.mark.parametrize("duty", list(Duty))
@pytest.mark.parametrize("when", [{}, {"when": OPEN}])
@pytest.mark.parametrize(
    ("effect", "withheld"),
    [
        (Effect.BAR, True),
        (Effect.LIMIT, True),
        (Effect.SCRUTINISE, True),
        (Effect.WEIGH, False),
        (Effect.INFORM, False),
    ],
)
def test_a_restriction_withholds_every_benefit(effect, withheld, duty, when):
    """Bar, limit and scrutinise, also while open; what must only be weighed or noted does not."""
    causes = (Cause(Why.RESTRICTED, "pack#1"),) if withheld else ()
    assert benefits(ROUTE, does(effect, duty=duty, **when)) == {"commitment": (not withheld, causes)}


RED = measure("red", Effect.GREEN_CHANNEL, lists=("red",), scenarios=("procurement", "permit"))


@pytest.mark.parametrize("list_code", ["black", "endless", "watch"])
def test_black_beats_red_by_removing_red(list_code):
    """An own current entry on a black or watch list withholds benefits even where no measure restricts by it."""
    both = register(entry("red", listed="2024-01-01"), entry(list_code, listed="2024-01-01"))
    cause = Cause(Why.LISTED_ADVERSELY, list_code)
    assert benefits(RED, known=both) == {"green_channel": (False, (cause,))}
    assert answer(RED, known=both).verdict is ELIGIBLE, "a list without a measure bars nobody"


@pytest.mark.parametrize(
    ("said", "granted"),
    [
        ({"repaired": "2024-02-01"}, True),
        ({"annulled": "2024-02-01"}, True),
        ({"suspended": "2024-02-01"}, True),
        ({"repaired": TODAY.isoformat()}, False),
        ({"lifted": "2024-02-01"}, False),
        ({"disputed": "2024-02-01"}, False),
    ],
)
def test_only_a_current_adverse_entry_removes_red(said, granted):
    """Ended or suspended it no longer does; on an ambiguous day it may, so nothing is granted."""
    both = register(entry("red", listed="2024-01-01"), entry("endless", listed="2024-01-01", **said))
    assert benefits(RED, known=both)["green_channel"][0] is granted


def test_neither_a_record_nor_a_relatives_entry_removes_red():
    """The own entry on a black or watch list alone."""
    known = register(entry("red", listed="2024-01-01"), LISTED, entry("endless", B, listed="2024-01-01"))
    assert benefits(RED, known=known) == {"green_channel": (True, ())}


# -- lists that are not known are not clean


def arrived(**when: str) -> Register:
    """A red entry, all lists fresh, but for some."""
    known = register(entry("red", listed="2024-01-01"))
    stale = {code: () if at == "never" else register(arrived=at).arrivals[code] for code, at in when.items()}
    return replace(known, arrivals=dict(known.arrivals) | stale)


@pytest.mark.parametrize("at", ["never", "2024-06-09T11:59:59.999999+08:00"])
def test_a_list_that_must_be_consulted_and_is_not_known_makes_it_review(at):
    """Never arrived, or stale by a microsecond; benefits are withheld, and the list is named."""
    got = answer(RED, known=arrived(black=at))
    assert got.verdict is got.outcomes[0].verdict is REVIEW
    assert got.outcomes[0].deciding == ()
    assert not got.lists["black"].known
    assert benefits(RED, known=arrived(black=at)) == {"green_channel": (False, (Cause(Why.LIST_UNKNOWN, "black"),))}


def test_an_unknown_list_never_makes_a_verdict_milder():
    """Barred is barred."""
    known = replace(register(LISTED), arrivals={})
    assert answer(does(Effect.BAR), known=known).verdict is INELIGIBLE


def test_lists_nobody_must_consult_may_be_unknown():
    """Procurement consults the black list alone."""
    assert answer(RED, known=arrived(watch="never", red="never")).verdict is ELIGIBLE


def test_a_list_consulted_for_benefits_withholds_them_only():
    """Permits consult the black list for benefits: the verdict stays."""
    asked = inquiry(scenario="permit", matter="food")
    got = answer(RED, known=arrived(black="never"), asked=asked)
    assert got.verdict is ELIGIBLE
    assert [b.causes for b in got.outcomes[0].benefits] == [(Cause(Why.LIST_UNKNOWN, "black"),)]


# -- relations


@pytest.mark.parametrize(
    ("required", "verdict"), [((), ELIGIBLE), (("branch-of",), REVIEW), (("expert-in",), ELIGIBLE)]
)
def test_a_kind_of_relation_that_never_arrived_is_a_flag(required, verdict):
    """And review only where the scenario needs it; once its source has arrived, no tie means none."""
    scenario = replace(WORDS.scenarios["procurement"], relations_required=required)
    vocabulary = replace(WORDS, scenarios={"procurement": scenario})
    never = replace(register(), relations_known=frozenset(RELATION_KINDS) - {"branch-of"})
    got = answer(does(Effect.INFORM), known=never, vocabulary=vocabulary)
    assert got.verdict is verdict
    assert got.flags == (Flag("relation-unknown", "branch-of"),)
    assert answer(does(Effect.INFORM), known=register(), vocabulary=vocabulary).verdict is ELIGIBLE


# -- several parties


def team(*roles: tuple[str, str, str]) -> Any:
    """An inquiry of these (subject, role, consortium)."""
    return inquiry(*(Party(subject, role, consortium) for subject, role, consortium in roles))


def verdicts(asked: Any, *measures: Measure, known: Register | None = None, vocabulary: Any = WORDS) -> list[str]:
    """Of each party, in order."""
    return [o.verdict for o in answer(*measures, asked=asked, known=known, vocabulary=vocabulary).outcomes]


def test_one_tainted_member_taints_the_consortium():
    """Not the lone bidder, not the other consortium; the inquiry as a whole has the severest verdict."""
    asked = team((A, "supplier", "east"), (B, "supplier", "east"), (C, "supplier", ""))
    assert verdicts(asked, does(Effect.BAR)) == [INELIGIBLE, INELIGIBLE, ELIGIBLE]
    assert answer(does(Effect.BAR), asked=asked).verdict is INELIGIBLE
    apart = team((A, "supplier", "east"), (B, "supplier", "west"))
    assert verdicts(apart, does(Effect.BAR)) == [INELIGIBLE, ELIGIBLE]


def test_consortium_members_without_a_name_belong_together():
    """The role alone says so."""
    asked = team((A, "consortium-member", ""), (B, "consortium-member", ""), (C, "agency", ""))
    assert verdicts(asked, does(Effect.BAR)) == [INELIGIBLE, INELIGIBLE, ELIGIBLE]


def test_the_members_findings_stay_their_own():
    """Who is tainted by another decides nothing itself; the answer says by whom."""
    tainted, clean = answer(does(Effect.BAR), asked=team((A, "supplier", "east"), (B, "supplier", "east"))).outcomes
    assert [f.measure.clause for f in tainted.deciding] == ["1"]
    assert (clean.findings, clean.deciding) == ((), ())
    assert (tainted.tainted_by, [p.subject for p in clean.tainted_by]) == ((), [A])


def test_where_the_scenario_does_not_taint_each_stands_alone():
    """As its own words say."""
    lenient = replace(
        WORDS, scenarios={"procurement": replace(WORDS.scenarios["procurement"], consortium_taints=False)}
    )
    asked = team((A, "supplier", "east"), (B, "supplier", "east"))
    assert verdicts(asked, does(Effect.BAR), vocabulary=lenient) == [INELIGIBLE, ELIGIBLE]


def test_a_benefit_needs_every_member():
    """Granted to one only, it is granted to none, nor is the green channel; granted to all, to all."""
    asked = team((A, "supplier", "east"), (B, "supplier", "east"))
    red = [entry("red", subject, listed="2024-01-01") for subject in (A, B)]
    alone, both = answer(RED, known=register(red[0]), asked=asked), answer(RED, known=register(*red), asked=asked)
    assert [(b.granted, b.causes) for o in alone.outcomes for b in o.benefits] == [
        (False, (Cause(Why.RESTRICTED, "consortium"),))
    ]
    assert [o.channel for o in alone.outcomes] == [Channel.ORDINARY, Channel.ORDINARY]
    assert [b.granted for o in both.outcomes for b in o.benefits] == [True, True]
    assert [o.channel for o in both.outcomes] == [Channel.GREEN, Channel.GREEN]


# -- not yours


@pytest.mark.parametrize("effect", sorted(ADVERSE))
def test_what_is_not_yours_is_shown_without_effect(effect):
    """Another authority's measure, another matter's."""
    for outcome in (
        only(does(effect), asked=inquiry(authority="new")),
        only(
            does(effect, scenarios=("permit",), matters=("food",)),
            asked=inquiry(scenario="permit", matter="works"),
        ),
    ):
        assert (outcome.verdict, len(outcome.findings)) == (ELIGIBLE, 1)


# -- what is said beside it


def test_a_dispute_is_said_beside_what_still_has_effect():
    """Not beside what has none."""
    disputed = replace(LISTED, events=entry(disputed="2024-02-01").events)
    assert only(does(Effect.BAR), known=register(disputed)).flags == (Flag("disputed", "record"),)
    assert only(does(Effect.BAR, draft=True), known=register(disputed)).flags == ()
    later = replace(LISTED, events=entry(disputed="2024-07-01").events)
    assert only(does(Effect.BAR), known=register(later)).flags == ()


def test_what_is_lifted_for_a_time_is_to_be_rechecked():
    """Review, with the flag."""
    known = register(replace(LISTED, events=entry(lifted="2024-02-01").events))
    outcome = only(does(Effect.BAR), known=known)
    assert (outcome.verdict, outcome.flags) == (REVIEW, (Flag("recheck-lifted", "pack#1"),))
    assert outcome.findings[0].causes == (Cause(Why.STANDING, Standing.LIFTED.value),)


def test_an_edition_not_read_is_said_of_what_weighs():
    """From the day of that edition on."""
    one = does(Effect.BAR, list_item="M1")
    asked = inquiry(at="2024-06-11T12:00+08:00")
    assert only(one, asked=asked).flags == (Flag("edition-not-read", "pack#1"),)
    assert only(one).flags == ()


def test_no_place_and_no_prevailing_moment_are_said():
    """National measures only; judged at the time of asking."""
    asked = replace(inquiry(jurisdiction=None), prevails="as_of")
    assert answer(does(Effect.INFORM), asked=asked).flags == (
        Flag("no-jurisdiction"),
        Flag("no-prevailing-moment", "cut_off"),
    )
    permit = inquiry(scenario="permit", matter="food")
    assert answer(does(Effect.INFORM), asked=permit).flags == (), (
        "where the time of asking is the scenario's own moment"
    )


# -- what is missing


def test_a_missing_fact_is_named_once():
    """However many measures wait for it."""
    assert answer(does(Effect.BAR, when=OPEN), does(Effect.LIMIT, "2", when=OPEN)).missing == ("mandatory",)


def test_a_missing_fact_that_settles_nothing_is_not_asked_for():
    """The finding is without effect whatever the fact."""
    ended = register(replace(LISTED, events=entry(annulled="2024-02-01").events))
    assert answer(does(Effect.BAR, when=OPEN), known=ended).missing == ()
    assert answer(does(Effect.BAR, when=OPEN, draft=True)).missing == ()


def test_an_exceptions_fact_is_asked_for_where_something_waits_for_it():
    """The bar is open because its exception is: that fact would settle it. An exception to nothing asks nothing."""
    exception = does(Effect.LIFT, "2", lifts=("pack#1",), when=OPEN)
    got = answer(does(Effect.BAR), exception)
    assert (got.verdict, got.missing) == (REVIEW, ("mandatory",))
    assert answer(exception).missing == ()


def test_a_figure_of_the_law_is_no_fact_to_supply():
    """Nobody can state what the law does not say."""
    fined = does(Effect.BAR, when=Ask("amount", Op.AT_LEAST, ParameterRef("large-fine")))
    early = "2022-02-07T12:00+08:00"
    known = register(replace(LISTED, dates=entry(decided="2021-01-01").dates), arrived=early)
    got = answer(fined, known=known, asked=inquiry(at=early))
    assert (got.verdict, got.missing) == (REVIEW, ())
