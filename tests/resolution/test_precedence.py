"""What lifts what and what needs what, and when standing, territory and a contested reading have their say."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.calendar import read_when
from engine.condition import Op
from engine.condition import Test as Ask
from engine.decision import Cause, State, Why
from engine.inquiry import UNKNOWN, Entry, Party, Register, Relation
from engine.matching.match import match
from engine.model import Contested, Effect, Measure, Reach, Window
from engine.resolution.precedence import findings
from tests.builders import A, B, entry, inquiry, measure, register, rulebook, words
from tests.strategies import TODAY, WORDS

EFFECTIVE, OPEN, NONE = State.EFFECTIVE, State.UNDETERMINED, State.WITHOUT_EFFECT
LISTED = entry("endless", listed="2024-01-01")
STATED = Ask("mandatory", Op.ONE_OF, ("yes",))  # a fact the asker must state, so an open one while unstated


def bar(clause: str = "bar", **changes: Any) -> Measure:
    """A bar on both black lists."""
    return measure(clause, **{"lists": ("black", "endless")} | changes)


def lift(clause: str = "lift", *targets: str, **changes: Any) -> Measure:
    """An exception to `bar`, or to other clauses."""
    lifts = tuple(f"pack#{target}" for target in targets or ("bar",))
    return bar(clause, effect=Effect.LIFT, lifts=lifts, **changes)


def found(
    *measures: Measure, known: Register | None = None, asked: Any = None
) -> dict[str, tuple[State, tuple[Cause, ...]]]:
    """State and causes by clause, where one entry is met by one party."""
    asked, book = asked or inquiry(), rulebook(*measures, vocabulary=WORDS)
    got = findings(match(asked, known or register(LISTED), book).found, asked, book)
    assert len({f.measure.clause for f in got}) == len(got)
    return {f.measure.clause: (f.state, f.causes) for f in got}


def states(*measures: Measure, **more: Any) -> dict[str, State]:
    """States by clause."""
    return {clause: state for clause, (state, _) in found(*measures, **more).items()}


def lifted(name: str) -> Cause:
    """The cause of a finding set aside."""
    return Cause(Why.LIFTED, f"pack#{name}")


# -- lift


def test_an_effective_lift_takes_the_effect():
    """And says which exception it was."""
    assert found(bar(), lift()) == {"bar": (NONE, (lifted("lift"),)), "lift": (EFFECTIVE, ())}


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_the_order_in_the_book_does_not_matter(order):
    """The exception may stand before or after what it lifts."""
    measures = [bar(), lift(), lift("second", "lift")]
    assert states(*measures[order]) == {"bar": EFFECTIVE, "lift": NONE, "second": EFFECTIVE}


def test_an_undetermined_lift_leaves_its_target_undetermined():
    """The bar at most: a person must say whether the exception applies."""
    assert found(bar(), lift(when=STATED)) == {
        "bar": (OPEN, (Cause(Why.LIFT_OPEN, "pack#lift"),)),
        "lift": (OPEN, (Cause(Why.MISSING, "mandatory"),)),
    }


def test_a_lift_that_does_not_hold_lifts_nothing():
    """Its condition fails, so it is not even met."""
    assert states(bar(), lift(when=STATED), asked=inquiry(facts={"mandatory": False})) == {"bar": EFFECTIVE}


def test_an_open_target_under_an_effective_lift_has_no_effect():
    """Whatever the fact, the answer is the same; nobody is asked for it."""
    (state, causes) = found(bar(when=STATED), lift())["bar"]
    assert state is NONE
    assert lifted("lift") in causes


def test_a_lift_names_clauses_and_lifts_no_other():
    """Its neighbour stays."""
    assert states(bar(), bar("other"), lift()) == {"bar": NONE, "other": EFFECTIVE, "lift": EFFECTIVE}


def test_a_lift_may_name_several():
    """All of them, also of another pack."""
    elsewhere = replace(bar("far"), pack="else")
    assert states(bar(), elsewhere, replace(lift(), lifts=("pack#bar", "else#far"))) == {
        "bar": NONE,
        "far": NONE,
        "lift": EFFECTIVE,
    }


def test_a_lift_of_a_lift_restores_the_bar():
    """Three deep, the bar falls again."""
    chain = [bar(), lift("one", "bar"), lift("two", "one"), lift("three", "two")]
    assert states(*chain[:3]) == {"bar": EFFECTIVE, "one": NONE, "two": EFFECTIVE}
    assert states(*chain) == {"bar": NONE, "one": EFFECTIVE, "two": NONE, "three": EFFECTIVE}


def test_doubt_travels_along_a_chain_of_lifts():
    """Whether the exception to the exception applies is open, so all below it is."""
    chain = [bar(), lift("one", "bar"), lift("two", "one", when=STATED)]
    assert states(*chain) == {"bar": OPEN, "one": OPEN, "two": OPEN}


def test_of_two_lifts_one_is_enough():
    """The open one does not weaken the effective one."""
    assert states(bar(), lift("sure"), lift("open", when=STATED))["bar"] is NONE


# -- a lift stays inside its entry


def by_entry(*measures: Measure, entries: tuple[Entry, ...], asked: Any = None) -> dict[tuple[str, str], State]:
    """States by clause and list of the entry."""
    asked, book = asked or inquiry(), rulebook(*measures, vocabulary=WORDS)
    got = findings(match(asked, register(*entries), book).found, asked, book)
    return {(f.measure.clause, f.entry.list if f.entry else ""): f.state for f in got}


TWO = (LISTED, entry("black", listed="2024-01-01"))


def test_a_lift_lifts_only_findings_of_the_same_entry():
    """The other entry's bar stays."""
    assert by_entry(bar(), lift(lists=("black",)), entries=TWO) == {
        ("bar", "black"): NONE,
        ("lift", "black"): EFFECTIVE,
        ("bar", "endless"): EFFECTIVE,
    }


def test_two_equal_entries_are_two():
    """Entries are told apart by being two, not by what they say: each bar has its own exception."""
    twins = (LISTED, replace(LISTED))
    book, asked = rulebook(bar(), lift(), vocabulary=WORDS), inquiry()
    got = findings(match(asked, register(*twins), book).found, asked, book)
    assert [f.state for f in got if f.measure.clause == "bar"] == [NONE, NONE]


def test_a_lift_with_the_scope_of_the_inquiry_reaches_other_entries():
    """If that wider scope is written."""
    wide = lift(lists=("black",), lifts_inquiry=True)
    assert by_entry(bar(), wide, entries=TWO)["bar", "endless"] is NONE


def test_a_wide_lift_stops_at_the_party():
    """Another party of the inquiry keeps its bar."""
    asked = inquiry(Party(A, "supplier"), Party(B, "supplier"))
    entries = (LISTED, entry("black", B, listed="2024-01-01"))
    wide = lift(lists=("black",), lifts_inquiry=True)
    assert by_entry(bar(), wide, entries=entries, asked=asked)["bar", "endless"] is EFFECTIVE


def test_a_lift_on_the_inquiry_lifts_what_stands_on_the_inquiry():
    """And of entries only what a wide scope names."""
    alone = {"on_inquiry": True, "lists": (), "window": None}
    assert by_entry(bar(**alone), lift(**alone), entries=()) == {("bar", ""): NONE, ("lift", ""): EFFECTIVE}
    assert by_entry(bar(), lift(**alone), entries=(LISTED,))["bar", "endless"] is EFFECTIVE
    assert by_entry(bar(), lift(**alone, lifts_inquiry=True), entries=(LISTED,))["bar", "endless"] is NONE


def test_a_wide_lift_from_an_entry_counts_only_while_that_entry_stands():
    """Across entries its standing is not shared, so it is asked."""
    wide = lift(lists=("black",), lifts_inquiry=True)
    ended = entry("black", listed="2024-01-01", repaired="2024-02-01")
    unsure = entry("black", listed="2024-01-01", repaired=TODAY.isoformat())
    assert by_entry(bar(), wide, entries=(LISTED, ended))["bar", "endless"] is EFFECTIVE
    assert by_entry(bar(), wide, entries=(LISTED, unsure))["bar", "endless"] is OPEN


# -- a lift that may not count does not lift


@pytest.mark.parametrize(
    "changes", [{"draft": True}, {"basis": ()}, {"scenarios": ("permit",)}, {"roles": ("agency",)}]
)
def test_a_lift_without_effect_lifts_nothing(changes):
    """A draft, one without any instrument in force, one for others."""
    assert states(bar(), lift(**changes))["bar"] is EFFECTIVE


def test_a_lift_whose_condition_clause_is_missing_lifts_nothing():
    """`given` holds for exceptions too: not together with another finding, not at all; an open one leaves it open."""
    other = bar("other", effect=Effect.INFORM)
    waiting = lift(given=("pack#other",))
    assert states(bar(), waiting) == {"bar": EFFECTIVE, "lift": NONE}
    assert states(bar(), waiting, other) == {"bar": NONE, "lift": EFFECTIVE, "other": EFFECTIVE}
    assert states(bar(), waiting, replace(other, when=STATED)) == {"bar": OPEN, "lift": OPEN, "other": OPEN}


def test_a_contested_lift_leaves_its_target_to_a_person():
    """Whether the exception reads so is the very question."""
    contested = Contested("keeper", words("?"), None)
    assert states(bar(), lift(contested=contested)) == {"bar": OPEN, "lift": OPEN}


def test_a_lift_for_certain_matters_is_open_while_the_matter_is_unstated():
    """In a permit scenario nobody said what is applied for."""
    here = {"scenarios": ("permit",)}
    asked = inquiry(scenario="permit")
    assert states(bar(**here), lift(**here, matters=("food",)), asked=asked) == {"bar": OPEN, "lift": OPEN}


# -- given


def test_given_needs_an_effective_finding():
    """Absent, open, without effect, effective."""
    waiting = bar("waiting", given=("pack#other",))
    assert found(waiting) == {"waiting": (NONE, (Cause(Why.GIVEN_ABSENT, "pack#other"),))}
    assert states(waiting, bar("other"))["waiting"] is EFFECTIVE
    assert found(waiting, bar("other", when=STATED))["waiting"] == (OPEN, (Cause(Why.GIVEN_OPEN, "pack#other"),))
    assert states(waiting, bar("other"), lift("lift", "other"))["waiting"] is NONE
    assert states(waiting, bar("other", draft=True))["waiting"] is NONE


def test_given_may_be_met_by_another_entry_of_the_party_not_by_another_party():
    """`only together with another effective finding` of the same party."""
    waiting, other = bar("waiting", lists=("endless",), given=("pack#other",)), bar("other", lists=("black",))
    assert by_entry(waiting, other, entries=TWO)["waiting", "endless"] is EFFECTIVE
    asked = inquiry(Party(A, "supplier"), Party(B, "supplier"))
    strangers = (LISTED, entry("black", B, listed="2024-01-01"))
    assert by_entry(waiting, other, entries=strangers, asked=asked)["waiting", "endless"] is NONE


def test_several_given_must_all_be_met():
    """The weakest decides."""
    waiting = bar("waiting", given=("pack#one", "pack#two"))
    assert states(waiting, bar("one"), bar("two"))["waiting"] is EFFECTIVE
    assert states(waiting, bar("one"), bar("two", when=STATED))["waiting"] is OPEN
    assert states(waiting, bar("one"))["waiting"] is NONE


def test_given_is_judged_after_what_it_waits_for_however_long_the_chain():
    """Named against the order of the book."""
    chain = [bar("a", given=("pack#b",)), bar("b", given=("pack#c",)), bar("c", when=STATED)]
    assert states(*chain) == {"a": OPEN, "b": OPEN, "c": OPEN}


# -- standing comes after lifts


@pytest.mark.parametrize(
    "said", [{"listed": TODAY.isoformat()}, {"listed": "2024-01-01", "repaired": TODAY.isoformat()}]
)
def test_a_bar_and_its_lift_under_an_ambiguous_day_do_not_look_doubtful(said):
    """The hour of the listing or repair is not known, but lifted the bar has no effect at any hour."""
    known = register(entry("endless", **said))
    assert states(bar(), known=known) == {"bar": OPEN}
    (state, causes) = found(bar(), lift(), known=known)["bar"]
    assert (state, causes[0]) == (NONE, lifted("lift"))


def test_a_given_inside_one_ambiguous_entry_is_no_doubt_of_its_own():
    """Bar, its exception, and what the exception waits for share the entry's one unknown."""
    known = register(entry("endless", listed=TODAY.isoformat()))
    measures = bar(), lift(given=("pack#other",)), bar("other", effect=Effect.INFORM)
    assert states(*measures, known=known) == {"bar": NONE, "lift": OPEN, "other": OPEN}


@pytest.mark.parametrize(
    ("said", "state", "standing"),
    [
        ({}, EFFECTIVE, "current"),
        ({"repaired": "2024-02-01"}, NONE, "ended"),
        ({"annulled": "2024-02-01"}, NONE, "annulled"),
        ({"suspended": "2024-02-01"}, NONE, "suspended"),
        ({"lifted": "2024-02-01"}, OPEN, "lifted"),
        ({"annulled": TODAY.isoformat()}, OPEN, "ambiguous-day"),
        ({"disputed": "2024-02-01"}, EFFECTIVE, "current"),
    ],
)
def test_a_finding_is_capped_by_the_standing_of_its_window(said, state, standing):
    """And names it as the cause."""
    known = register(entry("endless", listed="2024-01-01", **said))
    causes = () if standing == "current" else (Cause(Why.STANDING, standing),)
    assert found(bar(), known=known) == {"bar": (state, causes)}


def test_each_measure_has_its_own_window_and_moment():
    """One entry, four windows, two moments: listed no more, banned until the award, decided for ever."""
    one = entry(
        "record",
        decided="2024-01-01",
        ban_from="2024-01-01",
        ban_until="2024-06-10",
        amount=1,
        penalty="ban",
        removed="2024-05-01",
    )
    windows = [bar(window.value, lists=("record",), window=window) for window in Window]
    late = [replace(m, clause=f"{m.clause}@award", at="award") for m in windows]
    asked = inquiry(moments={"award": read_when("2024-06-11")})
    got = states(*windows, *late, known=register(one), asked=asked)
    assert {clause for clause, state in got.items() if state is EFFECTIVE} == {
        "ban",
        "decided",
        "after-end",
        "decided@award",
        "after-end@award",
    }


def test_until_when_an_entry_stands_is_told():
    """The last day of the measure's own window."""
    asked, book = inquiry(), rulebook(bar(), vocabulary=WORDS)
    (only,) = findings(match(asked, register(entry(listed="2023-06-10")), book).found, asked, book)
    assert only.until == date(2025, 6, 10)


# -- territory


@pytest.mark.parametrize(
    ("territory", "place", "state"),
    [
        (None, "110000", EFFECTIVE),
        ("national", "110000", EFFECTIVE),
        ("420000", "420881", EFFECTIVE),
        ("420000", "110000", OPEN),
        ("420000", "national", OPEN),
        ("420000", None, OPEN),
        (UNKNOWN, "420000", OPEN),
    ],
)
def test_a_ban_is_nationwide_unless_the_decision_limits_it(territory, place, state):
    """Limited and met elsewhere it is a conflict of the entry; where the limit is not known a person must look."""
    said = {} if territory is None else {"territory": territory}
    known = register(entry("endless", listed="2024-01-01", **said))
    got = found(bar(), known=known, asked=inquiry(jurisdiction=place))["bar"]
    why = {"420000": Cause(Why.TERRITORY, "420000"), UNKNOWN: Cause(Why.MISSING, "territory")}.get(territory)
    assert got == (state, () if state is EFFECTIVE else (why,))


def test_a_conflict_of_territory_is_one_of_all_the_entrys_findings():
    """Each that still has an effect becomes a matter for a person; what is lifted or ended stays without."""
    known = register(entry("endless", listed="2024-01-01", territory="110000"))
    asked = inquiry(jurisdiction="420881")
    measures = bar(), lift(), bar("other"), bar("weigh", effect=Effect.WEIGH), bar("draft", draft=True)
    assert states(*measures, known=known, asked=asked) == {
        "bar": NONE,
        "lift": OPEN,
        "other": OPEN,
        "weigh": OPEN,
        "draft": NONE,
    }


# -- contested


@pytest.mark.parametrize(("since", "state"), [(None, OPEN), (TODAY, OPEN), (TODAY + timedelta(days=1), EFFECTIVE)])
def test_a_contested_finding_is_for_a_person_from_its_day_on(since, state):
    """Open questions of law: only a lawyer may answer."""
    contested = Contested("keeper", words("?"), since)
    causes = () if state is EFFECTIVE else (Cause(Why.CONTESTED),)
    assert found(bar(contested=contested)) == {"bar": (state, causes)}


def test_what_has_no_effect_anyway_is_not_called_contested():
    """Ended, or lifted: the question does not arise."""
    contested = Contested("keeper", words("?"), None)
    ended = register(entry("endless", listed="2024-01-01", repaired="2024-02-01"))
    assert found(bar(contested=contested), known=ended)["bar"] == (NONE, (Cause(Why.STANDING, "ended"),))
    assert found(bar(contested=contested), lift())["bar"] == (NONE, (lifted("lift"),))


# -- whom it concerns


def test_a_reached_entrys_finding_is_lifted_inside_that_entry_too():
    """A branch's entry, met by its head office, with its own exception."""
    known = replace(register(replace(LISTED, subject=B)), relations=(Relation("branch-of", B, A),))
    both = {"reaches": (Reach.SELF, Reach.BRANCH)}
    assert states(bar(**both), lift(**both), known=known) == {"bar": NONE, "lift": EFFECTIVE}
    assert states(bar(**both), lift(), known=known) == {"bar": EFFECTIVE}, "the exception does not reach branches"
