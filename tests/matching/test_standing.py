"""Standing at the day before, the first, the last and the day after of everything that begins or ends."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.calendar import When, between, read_when, whole_day
from engine.inquiry import ABSENT, UNKNOWN, Entry, Event
from engine.matching.standing import Standing, annulled, assess, disputed, ended_day, last_days, stated
from engine.model import Window
from engine.truth import MAYBE, NO, YES
from tests import strategies
from tests.builders import VOCABULARY, entry
from tests.strategies import TODAY, WORDS

CURRENT = (YES, Standing.CURRENT)
NOT_YET = (NO, Standing.NOT_YET)
ENDED = (NO, Standing.ENDED)
SUSPENDED = (NO, Standing.SUSPENDED)
ANNULLED = (NO, Standing.ANNULLED)
OPEN = (MAYBE, Standing.AMBIGUOUS)
LIFTED = (MAYBE, Standing.LIFTED)


def standing(one: Entry, at: str, window: Window = Window.LISTED, ends: tuple[str, ...] = ()) -> tuple[int, Standing]:
    """How the window stands at noon of a day, or at the very instant given."""
    when = read_when(at if "T" in at else f"{at}T12:00+08:00")
    found = assess(one, WORDS.lists[one.list], window, ends, when)
    return found.holds, found.standing


def course(one: Entry, window: Window, *expected: tuple[str, tuple[int, Standing]], ends: tuple[str, ...] = ()) -> None:
    """Check the standing on each of several days."""
    assert [(at, standing(one, at, window, ends)) for at, _ in expected] == list(expected)


def unknown(one: Entry, *names: str) -> Entry:
    """The entry with these dates stated as unknown."""
    dates = {name: when for name, when in one.dates.items() if name not in names}
    return replace(one, dates=dates, facts=dict(one.facts) | dict.fromkeys(names, UNKNOWN))


# -- listed


def test_from_its_own_day_on():
    """Listed on a day alone: nobody can say at which hour; the day after it stands."""
    course(
        entry(listed="2024-06-10"),
        Window.LISTED,
        ("2024-06-09T23:59:59.999999+08:00", NOT_YET),
        ("2024-06-10T00:00+08:00", OPEN),
        ("2024-06-10", OPEN),
        ("2024-06-10T23:59:59.999999+08:00", CURRENT),
        ("2024-06-11", CURRENT),
    )


def test_from_its_own_instant_on():
    """Listed at nine: a microsecond earlier not yet, at nine it stands."""
    course(
        entry(listed="2024-06-10T09:00+08:00"),
        Window.LISTED,
        ("2024-06-10T08:59:59.999999+08:00", NOT_YET),
        ("2024-06-10T09:00+08:00", CURRENT),
    )


def test_through_the_whole_of_its_computed_last_day():
    """Two years from 2022-06-10 by the list's rule; a computed end is a whole inclusive day, never ambiguous."""
    course(
        entry(listed="2022-06-10"),
        Window.LISTED,
        ("2024-06-09", CURRENT),
        ("2024-06-10T23:59:59.999999+08:00", CURRENT),
        ("2024-06-11T00:00+08:00", ENDED),
    )
    assert assess(entry(listed="2022-06-10"), WORDS.lists["black"], Window.LISTED, (), whole_day(TODAY)).until == TODAY


def test_its_own_word_on_the_end_comes_before_the_rule():
    """`expires` is inclusive, whether earlier or later than the rule's day."""
    for last in ("2023-01-31", "2030-01-31"):
        after = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
        course(entry(listed="2022-06-10", expires=last), Window.LISTED, (last, CURRENT), (after, ENDED))


@pytest.mark.parametrize("kind", ["repaired", "removed"])
def test_until_it_is_repaired_or_removed(kind):
    """On the day itself nobody can say at which hour; from the instant on it is over, for ever."""
    course(
        entry(listed="2024-01-01", **{kind: "2024-06-10"}),
        Window.LISTED,
        ("2024-06-09T23:59:59.999999+08:00", CURRENT),
        ("2024-06-10", OPEN),
        ("2024-06-10T23:59:59.999999+08:00", ENDED),
        ("2024-06-11", ENDED),
    )
    course(
        entry(listed="2024-01-01", **{kind: "2024-06-10T09:00+08:00"}),
        Window.LISTED,
        ("2024-06-10T08:59:59.999999+08:00", CURRENT),
        ("2024-06-10T09:00+08:00", ENDED),
        ("2025-06-10", ENDED),
    )


def test_gone_between_two_snapshots():
    """Last seen on the 8th, missing on the 10th: open from the first day of the span to its last."""
    gone = replace(entry(listed="2024-01-01"), events=(Event("absent", between(date(2024, 6, 8), date(2024, 6, 10))),))
    course(
        gone,
        Window.LISTED,
        ("2024-06-07", CURRENT),
        ("2024-06-08", OPEN),
        ("2024-06-09", OPEN),
        ("2024-06-10", OPEN),
        ("2024-06-11", ENDED),
    )


@pytest.mark.parametrize("window", list(Window))
def test_annulled_is_as_though_it_never_was(window):
    """In every window, from its instant on; the day before it still counts as then known."""
    one = entry(
        "record",
        listed="2024-01-01",
        decided="2024-01-01",
        ban_from="2024-01-01",
        ban_until="2026-01-01",
        expires="2024-02-01",
    )
    if window is not Window.AFTER_END:
        one = replace(one, dates={name: when for name, when in one.dates.items() if name != "expires"})
    one = replace(one, events=(Event("annulled", read_when("2024-06-10")),))
    course(
        one, window, ("2024-06-09", CURRENT), ("2024-06-10", OPEN), ("2024-06-11", ANNULLED), ("2027-06-11", ANNULLED)
    )


@pytest.mark.parametrize("window", [Window.LISTED, Window.BAN, Window.DECIDED])
def test_suspended_and_resumed(window):
    """No effect between the two; open on the very days; then as before."""
    one = entry(
        "record",
        listed="2024-01-01",
        decided="2024-01-01",
        ban_from="2024-01-01",
        ban_until="2026-01-01",
        suspended="2024-03-01",
        resumed="2024-06-10",
    )
    course(
        one,
        window,
        ("2024-02-29", CURRENT),
        ("2024-03-01", OPEN),
        ("2024-03-02", SUSPENDED),
        ("2024-06-09", SUSPENDED),
        ("2024-06-10", OPEN),
        ("2024-06-11", CURRENT),
    )


def test_suspended_twice_needs_resuming_twice():
    """A resumption ends the pauses before it, none after it."""
    happened = [("suspended", "2024-02-01"), ("resumed", "2024-03-01"), ("suspended", "2024-04-01")]
    for events in (happened, happened[::-1]):
        one = replace(entry(listed="2024-01-01"), events=tuple(Event(kind, read_when(on)) for kind, on in events))
        course(
            one,
            Window.LISTED,
            ("2024-02-15", SUSPENDED),
            ("2024-03-15", CURRENT),
            ("2024-04-15", SUSPENDED),
            ("2025-01-01", SUSPENDED),
        )


def test_a_pause_begun_at_an_hour_and_ended_that_day_is_over_or_not():
    """Suspended at ten, resumed on the same day without an hour: nobody can say which came first, so a person must."""
    one = entry(listed="2024-01-01", suspended="2024-06-10T10:00+08:00", resumed="2024-06-10")
    course(one, Window.LISTED, ("2024-06-09", CURRENT), ("2024-06-11", OPEN))


@pytest.mark.parametrize("window", [Window.LISTED, Window.BAN, Window.DECIDED])
def test_lifted_for_a_time_is_for_a_person_to_recheck(window):
    """A court-approved reorganisation: no effect but review, until it applies again."""
    one = entry(
        "record",
        listed="2024-01-01",
        decided="2024-01-01",
        ban_from="2024-01-01",
        ban_until="2026-01-01",
        lifted="2024-03-01",
        restored="2024-06-10",
    )
    course(
        one,
        window,
        ("2024-02-29", CURRENT),
        ("2024-03-01", LIFTED),
        ("2024-06-09", LIFTED),
        ("2024-06-10", LIFTED),
        ("2024-06-11", CURRENT),
    )


def test_lifting_does_not_wake_what_has_ended():
    """Lifted but expired, suspended or annulled: still no effect, and no need for a person."""
    course(entry(listed="2020-01-01", lifted="2021-01-01"), Window.LISTED, ("2024-06-10", ENDED))
    course(
        entry(listed="2024-01-01", lifted="2024-02-01", annulled="2024-03-01"), Window.LISTED, ("2024-06-10", ANNULLED)
    )


def test_disputed_keeps_its_effect():
    """An objection changes no standing; it is said from its day on."""
    one = entry(listed="2024-01-01", disputed="2024-06-10")
    course(one, Window.LISTED, ("2024-06-09", CURRENT), ("2024-06-10", CURRENT), ("2024-06-11", CURRENT))
    said = [disputed(one, read_when(f"2024-06-{day}T12:00+08:00")) for day in ("09", "10", "11")]
    assert said == [False, True, True]


def test_without_any_day_nobody_can_say():
    """An entry that gives neither a listing nor a decision is open, in every window that needs one."""
    for window in (Window.LISTED, Window.DECIDED):
        assert standing(Entry("x", "black"), "2024-06-10", window) == OPEN


def test_a_record_stands_from_its_decision_where_its_list_has_no_listing():
    """`listed` is no fact of such lists; where it is one and not known, the decision does not stand in for it."""
    assert standing(entry("record", decided="2024-01-01"), "2024-06-10") == CURRENT
    assert standing(entry("black", decided="2024-01-01"), "2024-06-10") == OPEN
    assert standing(unknown(entry("record", decided="2024-01-01"), "listed"), "2024-06-10") == OPEN


# -- the end


def test_the_rule_in_force_on_the_start_event_counts():
    """A list's rules are dated: an entry of 2019 has the old term, whatever the rule says today."""
    record = WORDS.lists["graded"]
    assert last_days(entry("graded", listed="2019-12-31", ground="grave"), record) == (date(2021, 12, 31),)
    assert last_days(entry("graded", listed="2020-01-01", ground="grave"), record) == (date(2023, 1, 1),)
    assert last_days(entry("graded", listed="2024-01-31", ground="light"), record) == (date(2024, 3, 3),)


def test_a_list_without_a_term_has_no_end():
    """No rule, or a rule without a period: it stands until something ends it."""
    assert last_days(entry("endless", listed="2001-01-01"), WORDS.lists["endless"]) == (None,)
    assert standing(entry("endless", listed="2001-01-01"), "2199-01-01") == CURRENT


def test_where_the_term_hangs_on_an_unknown_fact_the_time_between_is_open():
    """Grave is three years, light a month, anything else two years: certain before the shortest, after the longest."""
    one = unknown(entry("graded", listed="2024-01-01"), "ground")
    course(
        one,
        Window.LISTED,
        ("2024-02-04", CURRENT),
        ("2024-02-05", OPEN),
        ("2026-06-10", OPEN),
        ("2027-01-01", OPEN),
        ("2027-01-02", ENDED),
    )
    left_out = entry("graded", listed="2024-01-01")
    assert standing(left_out, "2026-06-10") == OPEN, "a required fact left out is unknown too"


def test_an_end_said_to_be_unknown_is_open_at_once():
    """Its own word comes first, also when that word is that nobody knows."""
    one = unknown(entry("endless", listed="2024-01-01", expires="2024-02-01"), "expires")
    course(one, Window.LISTED, ("2023-12-31", NOT_YET), ("2024-01-02", OPEN), ("2030-01-01", OPEN))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"listed": "2022-06-10"}, date(2024, 6, 10)),
        ({"listed": "2022-06-10", "repaired": "2023-01-05"}, date(2023, 1, 5)),
        ({"listed": "2022-06-10", "removed": "2025-01-05"}, date(2024, 6, 10)),
        ({"listed": "2022-06-10", "annulled": "2023-01-05"}, date(2024, 6, 10)),
        ({"listed": "2022-06-10", "suspended": "2023-01-05"}, date(2024, 6, 10)),
        ({}, UNKNOWN),
    ],
)
def test_the_day_it_ended(said, expected):
    """The last effective day or the day it was ended, whichever is first; annulment and suspension end nothing."""
    assert ended_day(entry(**said), WORDS.lists["black"]) == expected


def test_what_never_ends_has_no_day_of_ending():
    """Absent, so that a test on it fails either way; unknown where the term is."""
    assert ended_day(entry("endless", listed="2022-06-10"), WORDS.lists["endless"]) is ABSENT
    assert ended_day(entry("graded", listed="2022-06-10"), WORDS.lists["graded"]) is UNKNOWN


# -- the other windows


def test_a_ban_is_whole_inclusive_days():
    """The first and the last day count from midnight to midnight; nothing about them is ambiguous."""
    course(
        entry("record", decided="2024-01-01", ban_from="2024-06-10", ban_until="2024-06-20"),
        Window.BAN,
        ("2024-06-09T23:59:59.999999+08:00", NOT_YET),
        ("2024-06-10T00:00+08:00", CURRENT),
        ("2024-06-20T23:59:59.999999+08:00", CURRENT),
        ("2024-06-21T00:00+08:00", ENDED),
    )


def test_neither_repair_nor_removal_nor_expiry_ends_a_ban():
    """Only its last day, annulment and suspension do."""
    one = entry(
        "record",
        decided="2024-01-01",
        ban_from="2024-01-01",
        ban_until="2024-12-31",
        repaired="2024-02-01",
        removed="2024-03-01",
    )
    assert (
        standing(replace(one, dates=one.dates | {"expires": read_when("2024-04-01")}), "2024-06-10", Window.BAN)
        == CURRENT
    )


def test_a_record_without_a_ban_has_no_such_window():
    """Neither a first nor a last day: no effect, and the word says why."""
    assert standing(entry("record", decided="2024-01-01"), "2024-06-10", Window.BAN) == (NO, Standing.NO_WINDOW)


def test_a_ban_of_which_only_one_day_is_known():
    """Without the last day it never surely ends, without the first it never surely begins; neither is clean."""
    begun = entry("record", decided="2024-01-01", ban_from="2024-06-10")
    course(begun, Window.BAN, ("2024-06-09", NOT_YET), ("2024-06-10", OPEN), ("2034-06-10", OPEN))
    ending = entry("record", decided="2024-01-01", ban_until="2024-06-20")
    course(ending, Window.BAN, ("2024-01-01", OPEN), ("2024-06-20", OPEN), ("2024-06-21", ENDED))
    unsure = unknown(entry("record", decided="2024-01-01", ban_from="2024-06-10", ban_until="2024-06-20"), "ban_from")
    course(unsure, Window.BAN, ("2024-01-01", OPEN), ("2024-06-20", OPEN), ("2024-06-21", ENDED))


def test_a_decision_counts_from_its_day_and_never_stops_by_itself():
    """Look-back measures limit themselves by their own `within`."""
    one = entry("record", decided="2024-06-10", repaired="2024-07-01", removed="2024-08-01")
    course(
        one,
        Window.DECIDED,
        ("2024-06-09", NOT_YET),
        ("2024-06-10", OPEN),
        ("2024-06-11", CURRENT),
        ("2044-01-01", CURRENT),
    )


def test_a_decision_ends_by_repair_only_where_the_pack_says_so():
    """`ends: [repaired]` is the document's own word; removal from publicity then still changes nothing."""
    one = entry("record", decided="2024-01-01", removed="2024-05-01", repaired="2024-06-10")
    course(
        one,
        Window.DECIDED,
        ("2024-06-09", CURRENT),
        ("2024-06-10", OPEN),
        ("2024-06-11", ENDED),
        ends=("repaired",),
    )
    assert standing(one, "2024-05-02", Window.DECIDED, ("removed", "repaired")) == ENDED


@pytest.mark.parametrize(
    "said", [{"expires": "2024-06-10"}, {"repaired": "2024-06-10T23:59:59.999999+08:00"}], ids=["expired", "repaired"]
)
def test_after_the_end_begins_when_the_listing_stops(said):
    """Residual rules: not while it stands, from the day after its last day or from the instant it was ended."""
    course(
        entry(listed="2024-01-01", **said),
        Window.AFTER_END,
        ("2023-12-31", (NO, Standing.NOT_YET)),
        ("2024-06-10T23:59:59.999998+08:00", (NO, Standing.NOT_YET)),
        ("2024-06-11", CURRENT),
        ("2044-06-11", CURRENT),
    )


def test_what_was_never_listed_has_no_after():
    """An end before the beginning opens nothing."""
    assert standing(entry(listed="2024-06-11", expires="2024-01-01"), "2024-06-10", Window.AFTER_END)[0] == NO


# -- what is stated


def test_absent_is_notunknown():
    """A required fact left out is unknown, an optional one absent, one the list does not carry absent too."""
    record, one = VOCABULARY.lists["record"], entry("record", amount=5)
    assert stated(one, record, "amount") == 5
    assert stated(one, record, "penalty") is UNKNOWN
    assert stated(one, record, "field") is ABSENT
    assert stated(one, record, "ground") is ABSENT
    assert stated(entry("record", decided="2024-06-10T23:00+08:00"), record, "decided") == TODAY


# -- soundness: what is certain stays certain when more becomes known

_WINDOWS = st.sampled_from(list(Window))
_ENDS = st.sampled_from(((), ("repaired",), ("removed", "repaired")))


def _hours_of(when: When) -> list[When]:
    """The first, the middle and the last instant of the span."""
    return [When(ticks, ticks, "") for ticks in (when.first, (when.first + when.last) // 2, when.last)]


@given(strategies.entries(), _WINDOWS, _ENDS, strategies.whens(), st.data())
def test_learning_the_hour_never_overturns_a_certain_answer(one, window, ends, moment, data):
    """Yes stays yes and no stays no when a day alone turns out to be some hour of it; the moment asked about too."""
    same_day = {(a.kind, b.kind) for a in one.events for b in one.events if a is not b and a.when.first == b.when.first}
    assume(not same_day & {("suspended", "resumed"), ("lifted", "restored")})
    record = WORDS.lists[one.list]
    before = assess(one, record, window, ends, moment).holds
    dates = {name: data.draw(st.sampled_from(_hours_of(when))) for name, when in one.dates.items()}
    whole = {name: when for name, when in one.dates.items() if name in ("expires", "ban_from", "ban_until")}
    events = tuple(Event(event.kind, data.draw(st.sampled_from(_hours_of(event.when)))) for event in one.events)
    surer = replace(one, dates=dates | whole, events=events)
    after = assess(surer, record, window, ends, data.draw(st.sampled_from(_hours_of(moment)))).holds
    assert before in (after, MAYBE)


@given(strategies.entries(), _WINDOWS, _ENDS, strategies.whens(), st.data())
def test_learning_a_fact_never_overturns_a_certain_answer(one, window, ends, moment, data):
    """The same for dates and facts stated as unknown, and for required ones left out."""
    record = WORDS.lists[one.list]
    before = assess(one, record, window, ends, moment).holds
    open_ones = {name for name in record.required | set(one.facts) if stated(one, record, name) is UNKNOWN}
    learnt = {name: data.draw(strategies.known(name)) for name in sorted(open_ones)}
    dates = {
        name: whole_day(value) for name, value in learnt.items() if isinstance(value, date) and name in strategies.DATES
    }
    facts = {name: value for name, value in (dict(one.facts) | learnt).items() if name not in dates}
    surer = replace(one, dates=dict(one.dates) | dates, facts=facts)
    assert before in (assess(surer, record, window, ends, moment).holds, MAYBE)


@given(strategies.entries(), strategies.whens())
def test_annulment_is_for_ever(one, moment):
    """No later event brings an annulled entry back."""
    if annulled(one, moment) == YES:
        for window in Window:
            assert assess(one, WORDS.lists[one.list], window, ("repaired",), moment).holds == NO


def test_a_settled_objection_is_no_longer_pending():
    """Until the day it is settled it is; raised again later, it is again."""
    one = entry(listed="2024-01-10", disputed="2024-02-01", settled="2024-03-01")
    assert [disputed(one, whole_day(date(2024, month, 15))) for month in (1, 2, 3)] == [False, True, False]
    again = replace(one, events=(*one.events, Event("disputed", whole_day(date(2024, 5, 1)))))
    assert disputed(again, whole_day(date(2024, 5, 15)))
