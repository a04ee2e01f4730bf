"""Until when an answer holds: each thing that may change it, alone, flips it on its own day and not on another."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.calendar import Period, between, read_day, read_when
from engine.citation import parse_citation
from engine.condition import MomentRef, Op, ParameterRef, opposed
from engine.condition import Test as Ask
from engine.decide import judge
from engine.inquiry import Event, Party, Relation
from engine.matching.facts import COMPLAINTS
from engine.model import Contested, Duty, Effect, Reach, Term, Window
from engine.resolution.horizon import flips, shifted, signature, valid_until
from engine.vocabulary import Span
from tests.builders import DAY, NOON, A, B, entry, inquiry, measure, register, rulebook, words
from tests.strategies import TODAY, WORDS

LISTED = entry("endless", listed="2024-01-01")
TOMORROW = TODAY + timedelta(days=1)


def until(*measures, known=None, asked=None):
    """The last day of the same answer."""
    asked, known, book = asked or inquiry(), known or register(LISTED), rulebook(*measures, vocabulary=WORDS)
    answer = judge(asked, known, book)
    return valid_until(answer, known, book, lambda later: judge(later, known, book, answer.lists))


def bar(clause="1", **changes):
    """A bar on the lists used here."""
    return measure(clause, **{"lists": ("endless", "black", "record", "graded")} | changes)


def test_nothing_known_to_change():
    """A list without an end, a law without an end: no day is known."""
    assert until(bar()) is None
    assert until(bar(), known=register()) is None


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ({"expires": "2024-07-31"}, "2024-07-31"),
        ({"expires": DAY}, DAY),
        ({"repaired": "2024-07-31T09:00+08:00"}, "2024-07-30"),
        ({"repaired": "2024-07-31T13:00+08:00"}, "2024-07-31"),
        ({"repaired": "2024-07-31"}, "2024-07-30"),
        ({"removed": "2024-07-31"}, "2024-07-30"),
        ({"annulled": "2024-07-31"}, "2024-07-30"),
        ({"suspended": "2024-07-31"}, "2024-07-30"),
        ({"suspended": "2024-01-31", "resumed": "2024-07-31"}, "2024-07-30"),
        ({"lifted": "2024-07-31"}, "2024-07-30"),
        ({"disputed": "2024-07-31"}, None),
    ],
)
def test_what_happens_to_the_entry(said, last):
    """Asked at noon: an end at nine counts on its day, one at thirteen the day after; a day alone is open on it."""
    assert until(bar(), known=register(replace(entry("endless", listed="2024-01-01", **said)))) == (
        last and read_day(last)
    )


def test_an_ambiguous_day_ends_tomorrow():
    """Whatever the hour was, tomorrow it is known which side it fell on."""
    for said in ({"listed": DAY}, {"listed": "2024-01-01", "repaired": DAY}):
        assert until(bar(), known=register(entry("endless", **said))) == TODAY


def test_an_absence_between_two_days_may_change_the_answer_on_its_first():
    """From the day last seen on, it is open."""
    gone = replace(LISTED, events=(Event("absent", between(date(2024, 7, 1), date(2024, 7, 8))),))
    assert until(bar(), known=register(gone)) == date(2024, 6, 30)
    asked = inquiry(at="2024-07-03T12:00+08:00")
    assert until(bar(), known=register(gone, arrived="2024-07-03T12:00+08:00"), asked=asked) == date(2024, 7, 8)


@pytest.mark.parametrize(
    ("one", "last"),
    [
        (entry("endless", listed="2024-07-01"), "2024-06-30"),
        (entry("black", listed="2022-09-15"), "2024-09-15"),
        (entry("graded", listed="2022-09-15", ground="grave"), "2025-09-15"),
        (entry("graded", listed="2022-09-15"), "2025-09-15"),
    ],
)
def test_its_beginning_and_its_computed_end(one, last):
    """A future listing; the list's term; of an unknown term the day on which the last possible one ends."""
    assert until(bar(), known=register(one)) == read_day(last)


@pytest.mark.parametrize(
    ("window", "last"),
    [
        (Window.LISTED, "2024-08-31"),
        (Window.BAN, "2024-07-31"),
        (Window.DECIDED, None),
        (Window.AFTER_END, "2024-08-31"),
    ],
)
def test_the_measures_own_window_counts(window, last):
    """The other window's last day changes nothing."""
    one = entry(
        "record",
        decided="2024-01-01",
        ban_from="2024-01-01",
        ban_until="2024-07-31",
        expires="2024-08-31",
        amount=1,
        penalty="x",
    )
    assert until(bar(window=window), known=register(one)) == (last and read_day(last))


def test_a_look_back_and_a_term_of_the_document():
    """Counted from the event to the corresponding day."""
    one = register(entry("endless", listed="2021-09-01"))
    within = Ask("listed", Op.WITHIN, Period(years=3))
    assert until(bar(when=within), known=one) == date(2024, 9, 1)
    assert until(bar(unless=within), known=one) == date(2024, 9, 1)
    assert until(bar(when=opposed(within)), known=one) == date(2024, 9, 1)
    assert until(bar(term=Term("listed", Period(years=3))), known=one) == date(2024, 9, 1)


def test_a_fact_against_the_prevailing_moment():
    """`{before: prevailing}` and `{on_or_after: prevailing}` turn the day after; against a moment that stays, never."""
    one = register(entry("graded", listed="2024-06-01", ground="grave", paid=date(2024, 7, 31)))
    for op, otherwise in ((Op.BEFORE, None), (Op.ON_OR_AFTER, date(2027, 6, 1))):
        assert until(bar(when=Ask("paid", op, MomentRef("prevailing"))), known=one) == date(2024, 7, 31)
        assert until(bar(when=Ask("paid", op, MomentRef("as_of"))), known=one) == otherwise, "the listing's own end"


@pytest.mark.parametrize(
    ("span", "last"),
    [
        (Span(date(2010, 1, 1), date(2024, 7, 31)), date(2024, 7, 31)),
        (Span(date(2024, 7, 31)), date(2024, 7, 30)),
        (Span(date(2010, 1, 1), TODAY), TODAY),
        (Span(date(2010, 1, 1), TODAY - timedelta(days=1)), None),
    ],
)
def test_the_law_begins_and_ends(span, last):
    """Through its last day, until the day before its first."""
    assert until(bar(span=span)) == last


def test_the_basis_begins_ends_and_lapses_at_the_gate():
    """旧法 ends on 2024-06-11, 新法 begins on the 12th, a memorandum is enough until 2020-12-17."""
    assert until(bar(basis=(parse_citation("旧法 1"),))) == TOMORROW
    assert until(bar(basis=(parse_citation("新法 1"),))) == TOMORROW
    asked = inquiry(at="2020-06-01T12:00+08:00")
    known = register(entry("endless", listed="2020-01-01"), arrived="2020-06-01T12:00+08:00")
    assert until(bar(basis=(parse_citation("某备忘录 三"),)), known=known, asked=asked) == date(2020, 12, 17)


def test_a_dated_figure_changes():
    """The first large fine is of 2022-02-08."""
    asked = inquiry(at="2021-06-01T12:00+08:00")
    known = register(entry(listed="2021-01-01", amount=1), arrived="2021-06-01T12:00+08:00")
    fined = bar(when=Ask("amount", Op.AT_LEAST, ParameterRef("large-fine")))
    assert until(fined, known=known, asked=asked) == date(2022, 2, 7)


def test_a_question_becomes_contested():
    """From its day on a person must answer."""
    assert until(bar(contested=Contested("keeper", words("?"), date(2024, 7, 31)))) == date(2024, 7, 30)


def test_a_relation_begins_and_ends():
    """The branch's entry counts on the days it is one."""
    branch = bar(reaches=(Reach.BRANCH,))
    for span, last in ((Span(until=date(2024, 7, 31)), "2024-07-31"), (Span(date(2024, 7, 31)), "2024-07-30")):
        known = replace(register(replace(LISTED, subject=B)), relations=(Relation("branch-of", B, A, span),))
        assert until(branch, known=known) == read_day(last)


def test_a_derived_fact_turns():
    """Three complaints within twelve months until the first is a year old; a rival related until its tie ends."""
    alone = {"on_inquiry": True, "lists": (), "window": None}
    found = [
        entry(COMPLAINTS, decided=day, ground="unfounded-complaint")
        for day in ("2023-08-01", "2024-01-01", "2024-02-01")
    ]
    thrice = bar(when=Ask("complained", Op.AT_LEAST, 3), **alone)
    assert until(thrice, known=register(*found)) == date(2024, 8, 1)
    tied = replace(register(), relations=(Relation("controller-of", A, B, Span(until=date(2024, 7, 31))),))
    rivals = inquiry(Party(A, "supplier"), Party(B, "supplier"))
    related = bar(when=Ask("related", Op.ONE_OF, ("yes",)), **alone)
    assert until(related, known=tied, asked=rivals) == date(2024, 7, 31)


def test_a_day_stated_in_the_inquiry():
    """A measure on a list may count from it, or hold it against the moment."""
    asked = inquiry(facts={"opened": date(2021, 9, 1)})
    assert until(bar(when=Ask("opened", Op.WITHIN, Period(years=3))), asked=asked) == date(2024, 9, 1)
    coming = inquiry(facts={"opened": date(2024, 9, 1)})
    assert until(bar(when=Ask("opened", Op.ON_OR_AFTER, MomentRef("prevailing"))), asked=coming) == date(2024, 9, 1)


def test_what_was_gone_by_some_day_may_have_ended_on_the_first():
    """The day it ended is the first of the span; against the moment that turns on the day after, inside the span."""
    gone = replace(LISTED, events=(Event("absent", between(date(2024, 7, 1), date(2024, 7, 8))),))
    before = bar(window=Window.DECIDED, when=Ask("ended", Op.BEFORE, MomentRef("prevailing")))
    decided = replace(gone, dates=gone.dates | {"decided": gone.dates["listed"]})
    assert until(before, known=register(decided)) == date(2024, 7, 1)


def test_residual_rules_count_from_the_end():
    """One year after the listing ended."""
    after = bar(window=Window.AFTER_END, when=Ask("ended", Op.WITHIN, Period(years=1)))
    assert until(after, known=register(entry("endless", listed="2023-01-01", expires="2023-09-01"))) == date(2024, 9, 1)


def test_only_the_prevailing_moment_moves():
    """A measure judged at the award is judged there on every day."""
    ends = register(entry("endless", listed="2024-01-01", expires="2024-07-31"))
    asked = inquiry(moments={"award": read_when("2024-07-01")})
    assert until(bar(at="award"), known=ends, asked=asked) is None
    assert until(bar(at="cut_off"), known=ends, asked=asked) == date(2024, 7, 31)


def test_the_lists_are_held_as_they_are():
    """Fresh for a day only, yet known for as long as the answer is asked to hold; that limit is told apart."""
    assert until(bar(), known=register(LISTED, arrived=NOON)) is None
    assert until(bar(), known=register(LISTED, arrived="2020-01-01")) is None


def test_a_benefit_a_condition_or_the_channel_may_change_alone():
    """The verdict stays eligible, yet the answer is another."""
    red = register(entry("red", listed="2024-01-01", expires="2024-07-31"), entry("endless", "x", listed="2024-01-01"))
    assert until(bar(effect=Effect.GREEN_CHANNEL, lists=("red",)), known=red) == date(2024, 7, 31)
    ends = register(entry("endless", listed="2024-01-01", expires="2024-07-31"), LISTED)
    limits = (
        bar("1", effect=Effect.LIMIT),
        bar("2", effect=Effect.LIMIT, span=Span(date(2010, 1, 1), date(2024, 6, 30))),
    )
    assert until(*limits, known=ends) == date(2024, 6, 30), "one of two conditions falls away"


def test_what_changes_no_answer_is_no_flip():
    """One of two bars ends: the verdict is the same."""
    known = register(LISTED, entry("black", listed="2024-01-01"))
    assert until(bar(), known=known) is None


def test_a_must_that_lapses_beside_a_may():
    """Ineligible becomes review: that is another answer."""
    measures = bar("1", span=Span(date(2010, 1, 1), date(2024, 6, 30))), bar("2", duty=Duty.MAY)
    assert until(*measures) == date(2024, 6, 30)


# -- its parts


def test_shifting_moves_the_prevailing_moment_alone():
    """Same hour, other day; the other moments stay where they are."""
    asked = inquiry(moments={"award": read_when("2024-07-01")})
    moved = shifted(asked, date(2024, 8, 1))
    assert moved.prevailing == read_when("2024-08-01T12:00+08:00")
    assert (moved.moment("award"), moved.moment("as_of")) == (asked.moment("award"), asked.moment("as_of"))


def test_flips_lie_after_today_in_order_and_within_the_calendar():
    """Nothing past the last day of the calendar is tried."""
    known = register(LISTED, entry("red", listed="2199-12-31"), entry("graded", listed="2198-12-31", ground="grave"))
    found = flips(inquiry(), known, rulebook(bar(), bar("2", span=Span(until=TODAY)), vocabulary=WORDS))
    assert found[0] == TOMORROW
    assert found == sorted(set(found))
    assert found[-1] == date(2199, 12, 31)


def test_the_signature_is_what_an_asker_would_notice():
    """Not the flags, not what was assumed, not which entry did it."""
    book = rulebook(bar(), bar("2", effect=Effect.INFORM), vocabulary=WORDS)
    plain, told = register(LISTED), register(entry("black", listed="2024-02-01", disputed="2024-03-01"))
    assert signature(judge(inquiry(), plain, book)) == signature(judge(inquiry(), told, book))
    assert signature(judge(inquiry(), plain, book)) != signature(judge(inquiry(), register(), book))
