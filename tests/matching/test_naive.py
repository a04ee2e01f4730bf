"""The second judge, the oracle of the first: each of its lines checked by hand."""

from datetime import date, timedelta

import pytest

from engine.calendar import Period, read_when
from engine.condition import Every, Op, ParameterRef, Some, opposed
from engine.condition import Test as Ask
from engine.inquiry import UNKNOWN, Party
from engine.matching import naive
from engine.matching.facts import Meeting
from engine.model import Effect, Reach, Term, Window
from engine.truth import MAYBE, NO, YES
from engine.vocabulary import Span
from tests.builders import A, entry, inquiry, measure, register
from tests.strategies import TODAY, WORDS

EVER = (Span(),)
GRAVE = Ask("ground", Op.ONE_OF, ("grave",))
LARGE = Ask("amount", Op.AT_LEAST, 5_000)


def judged(asked, one=None, inquired=None, reach=Reach.SELF, ties=EVER):
    """The truth of a measure for one entry, by default one of black that states a ground."""
    inquired = inquired or inquiry()
    return naive.judge(asked, Meeting(inquired, inquired.parties[0], one, reach, ties, register(), WORDS))


LISTED = entry(listed="2024-01-01", ground="grave")


def test_a_measure_without_conditions_holds_for_every_entry_of_its_lists():
    """And for no other list, no other scenario, no meeting without an entry."""
    assert judged(measure("1"), LISTED) == YES
    assert judged(measure("1", lists=("endless", "black")), LISTED) == YES
    assert judged(measure("1", lists=("endless",)), LISTED) == NO
    assert judged(measure("1", scenarios=("permit",)), LISTED) == NO
    assert judged(measure("1")) == NO


def test_a_measure_on_the_inquiry_meets_no_entry():
    """It stands on the inquiry's own facts."""
    alone = measure("1", on_inquiry=True, lists=(), window=None)
    assert judged(alone) == YES
    assert judged(alone, LISTED) == NO


def test_an_entry_is_judged_as_though_current():
    """Standing is not asked here: expired, annulled, not yet listed, all the same."""
    for said in (
        {"listed": "2001-01-01"},
        {"listed": "2030-01-01"},
        {"listed": "2024-01-01", "annulled": "2024-02-01"},
    ):
        assert judged(measure("1"), entry(**said)) == YES


def test_roles():
    """None named: all; otherwise those named."""
    assert judged(measure("1", roles=("supplier", "agency")), LISTED) == YES
    assert judged(measure("1", roles=("agency",)), LISTED) == NO


@pytest.mark.parametrize(("step", "expected"), [(-1, NO), (0, YES), (5, YES), (6, NO)])
def test_in_force_on_its_days_inclusive(step, expected):
    """The day before the first, the first, the last, the day after."""
    day = (TODAY + timedelta(days=step)).isoformat()
    bounded = measure("1", span=Span(TODAY, TODAY + timedelta(days=5)))
    for hour in ("", "T00:00+08:00", "T23:59:59.999999+08:00"):
        assert judged(bounded, LISTED, inquiry(at=day + hour)) == expected


def test_judged_at_the_moment_it_names():
    """At the award the law of the award; a moment the project does not state gives nothing, whatever the span."""
    later = measure("1", at="award", span=Span(TODAY + timedelta(days=1)))
    assert judged(later, LISTED, inquiry(moments={"award": read_when("2024-06-11")})) == YES
    assert judged(later, LISTED, inquiry(moments={"award": read_when("2024-06-10")})) == NO
    assert judged(later, LISTED) == NO
    assert judged(measure("1", at="award", span=Span()), LISTED) == NO


@pytest.mark.parametrize(
    ("place", "expected"), [("420000", YES), ("420881", YES), ("110000", NO), ("national", NO), (None, NO)]
)
def test_a_local_measure_binds_inside_its_place(place, expected):
    """Only there; and where no place is given only national measures are judged."""
    assert judged(measure("1", jurisdiction="420000"), LISTED, inquiry(jurisdiction=place)) == expected
    assert judged(measure("1"), LISTED, inquiry(jurisdiction=place)) == YES


def test_a_reached_entry_counts_while_the_tie_holds():
    """Only by the reaches named, and on the tie's own days."""
    branch = measure("1", reaches=(Reach.SELF, Reach.BRANCH))
    assert judged(branch, LISTED, reach=Reach.BRANCH) == YES
    assert judged(measure("1"), LISTED, reach=Reach.BRANCH) == NO
    assert judged(branch, LISTED, reach=Reach.HEAD_OFFICE) == NO
    assert judged(branch, LISTED, reach=Reach.BRANCH, ties=(Span(until=TODAY - timedelta(days=1)),)) == NO
    assert judged(branch, LISTED, reach=Reach.BRANCH, ties=(Span(until=date(2020, 1, 1)), Span(TODAY))) == YES


@pytest.mark.parametrize(("ground", "expected"), [("grave", YES), ("light", NO), (UNKNOWN, MAYBE), (None, NO)])
def test_when(ground, expected):
    """Known, known otherwise, unknown, absent."""
    said = {} if ground is None else {"ground": ground}
    assert judged(measure("1", when=GRAVE), entry(listed="2024-01-01", **said)) == expected


@pytest.mark.parametrize(("ground", "expected"), [("grave", NO), ("light", YES), (UNKNOWN, MAYBE), (None, YES)])
def test_unless_is_the_plain_negation(ground, expected):
    """An absent fact fails its test, so the exception does not apply and the measure does."""
    said = {} if ground is None else {"ground": ground}
    assert judged(measure("1", unless=GRAVE), entry(listed="2024-01-01", **said)) == expected


def test_an_exception_that_applies_settles_what_is_open():
    """Whether the clause holds is not known, but its exception does."""
    one = entry(listed="2024-01-01", ground="grave", amount=UNKNOWN)
    assert judged(measure("1", when=LARGE, unless=GRAVE), one) == NO
    assert judged(measure("1", when=LARGE, unless=opposed(GRAVE)), one) == MAYBE
    assert judged(measure("1", when=opposed(GRAVE), unless=LARGE), one) == NO


@pytest.mark.parametrize(("ground", "expected"), [("grave", NO), ("light", YES), (UNKNOWN, MAYBE), (None, NO)])
def test_not_fails_on_what_is_absent(ground, expected):
    """`when: {not: …}` and `unless: …` differ exactly there."""
    said = {} if ground is None else {"ground": ground}
    assert judged(measure("1", when=opposed(GRAVE)), entry(listed="2024-01-01", **said)) == expected


def test_any_and_all():
    """A certain alternative settles `any`, a certain failure settles `all`."""
    one = entry(listed="2024-01-01", ground="grave", amount=UNKNOWN)
    assert judged(measure("1", when=Some((GRAVE, LARGE))), one) == YES
    assert judged(measure("1", when=Every((GRAVE, LARGE))), one) == MAYBE
    assert judged(measure("1", when=Every((opposed(GRAVE), LARGE))), one) == NO
    assert judged(measure("1", when=Some(())), one) == NO


@pytest.mark.parametrize(("last", "expected"), [("2023-06-09", NO), ("2023-06-10", YES)])
def test_a_measures_own_term(last, expected):
    """One year counted from its start event, the corresponding day included."""
    limited = measure("1", term=Term("listed", Period(years=1)))
    assert judged(limited, entry(listed=last)) == expected
    assert judged(limited, entry()) == MAYBE, "a required start that is not known"
    assert judged(measure("1", term=Term("decided", Period(years=1))), LISTED) == NO, "no such start"


@pytest.mark.parametrize(
    ("amount", "field", "expected"),
    [
        (199_999_999, "food", NO),
        (200_000_000, "food", YES),
        (200_000_000, None, MAYBE),
        (499_999_999, "securities", NO),
        (500_000_000, None, YES),
        (UNKNOWN, "food", MAYBE),
    ],
)
def test_a_figure_that_hangs_on_a_field(amount, field, expected):
    """At and just below both figures of the large fine."""
    fined = measure(
        "1",
        Effect.BAR,
        lists=("record",),
        window=Window.DECIDED,
        when=Ask("amount", Op.AT_LEAST, ParameterRef("large-fine")),
    )
    said = {} if field is None else {"field": field}
    assert judged(fined, entry("record", decided="2024-01-01", amount=amount, **said)) == expected


def test_facts_of_the_party_and_of_the_inquiry():
    """A measure on an entry may ask for both."""
    asked = measure("1", when=Every((Ask("staff", Op.ABOVE, 1), Ask("mandatory", Op.ONE_OF, ("yes",)))))
    assert judged(asked, LISTED, inquiry(Party(A, "supplier", facts={"staff": 2}), facts={"mandatory": True})) == YES
    assert judged(asked, LISTED, inquiry(Party(A, "supplier", facts={"staff": 2}))) == MAYBE
    assert judged(asked, LISTED, inquiry(facts={"mandatory": True})) == NO
