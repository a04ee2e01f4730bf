"""What holds of every rulebook, register and question; where a promise needs an exclusion, it is said and why.

The words `harsher` and `milder` are those of the verdict: ineligible, review, conditional, eligible.
"""

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import LAST_DAY, next_day
from engine.decide import decide, judge
from engine.decision import Verdict
from engine.inquiry import Event
from engine.model import Rulebook
from engine.resolution.horizon import shifted, signature
from engine.resolution.order import in_order
from tests import strategies
from tests.strategies import Free, Situation

SEVEREST_FIRST = list(Verdict)
ADVERSE_LISTS = tuple(code for code in strategies.LISTS if code != "red")

# A finding may depend on other entries by the facts worked out from them (a repeat listing that must not be one), by an
# exception of wider scope, and by an exception that waits for another finding: each can turn more into less.
APART = Free(derived=False, wide_lifts=False, tied_lifts=False)
# Residual rules bite because an entry has ended, so repairing it may bring them on: that is what they are for.
WHILE_IT_LASTS = replace(APART, after_end=False)


def harshness(verdict: Verdict) -> int:
    """0 is eligible; more is harsher."""
    return -SEVEREST_FIRST.index(verdict)


def ask(situation: Situation) -> Verdict:
    """The verdict of the whole inquiry."""
    return judge(*situation).verdict


# -- the two judges


@given(strategies.situations())
def test_the_judges_never_disagree(situation):
    """No EngineFault, whatever the law, the register and the question; the verdict is the severest of the parties'."""
    answer = decide(*situation).answer
    assert answer.verdict is min((o.verdict for o in answer.outcomes), key=SEVEREST_FIRST.index)


# -- order


@given(strategies.situations(), st.randoms(use_true_random=False))
def test_order_never_matters(situation, chance):
    """Packs, entries, parties, relations, arrivals, events, and the facts of each: shuffled, the same bytes."""

    def mixed(things):
        return tuple(chance.sample(list(things), len(things)))

    def turned(mapping):
        return dict(mixed(mapping.items()))

    asked, known, book = situation
    parties = [replace(party, facts=turned(party.facts)) for party in asked.parties]
    entries = [replace(e, facts=turned(e.facts), dates=turned(e.dates), events=mixed(e.events)) for e in known.entries]
    other = Situation(
        replace(asked, parties=mixed(parties), facts=turned(asked.facts), moments=turned(asked.moments)),
        replace(known, entries=mixed(entries), relations=mixed(known.relations), arrivals=turned(known.arrivals)),
        Rulebook(book.vocabulary, turned(book.memoranda), book.revision),
    )
    assert decide(*other).core == decide(*situation).core


@given(strategies.situations())
def test_one_order_is_reached_from_every_order(situation):
    """And it is a fixed point."""
    asked, known, book = situation
    ordered = in_order(asked, known, book.vocabulary)
    assert in_order(*ordered, book.vocabulary) == ordered
    for parties in permutations(asked.parties):
        assert in_order(replace(asked, parties=parties), known, book.vocabulary) == ordered


# -- more is never milder, less is never harsher


@given(strategies.situations(APART), strategies.entries(lists=ADVERSE_LISTS))
def test_one_more_adverse_entry_never_makes_the_verdict_milder(situation, one):
    """On a black, watch or record list, of any subject. Excluded: see `APART`."""
    more = replace(situation.register, entries=(*situation.register.entries, one))
    assert harshness(ask(replace(situation, register=more))) >= harshness(ask(situation))


@given(strategies.situations(APART), strategies.entries(lists=ADVERSE_LISTS))
def test_one_more_adverse_entry_never_adds_to_what_others_grant(situation, one):
    """Benefits may only go, save those that rest on the new entry itself. Excluded: see `APART`, and `given`."""
    measures = [replace(m, given=()) for m in situation.rulebook.measures]
    book = strategies.rulebook(*measures, vocabulary=strategies.WORDS)

    def granted(known):
        outcomes = judge(situation.inquiry, known, book).outcomes
        return {
            (o.party.subject, b.name)
            for o in outcomes
            for b in o.benefits
            if b.granted and (b.finding.entry is None or b.finding.entry is not one)
        }

    more = replace(situation.register, entries=(*situation.register.entries, one))
    assert granted(more) <= granted(situation.register) or _team_gains(situation, one, book)


def _team_gains(situation, one, book):
    """A consortium may gain a benefit by the member that lacked it: the new entry grants it there."""
    more = replace(situation.register, entries=(*situation.register.entries, one))
    return any(
        b.finding.entry is one and b.granted for o in judge(situation.inquiry, more, book).outcomes for b in o.benefits
    )


def _other_days(situation):
    """Days that no moment of the inquiry lies on."""
    asked = {when.day for when in situation.inquiry.moments.values()}
    return strategies.days().filter(lambda day: day not in asked)


@given(strategies.situations(WHILE_IT_LASTS), st.sampled_from(("repaired", "annulled", "removed")), st.data())
def test_repairing_or_annulling_an_entry_never_makes_the_verdict_harsher(situation, kind, data):
    """On any day but those asked about, on which the hour would be in doubt. Excluded: see `WHILE_IT_LASTS`."""
    entries = situation.register.entries
    number = data.draw(st.integers(0, len(entries) - 1))
    when = strategies.whole_day(data.draw(_other_days(situation)))
    mended = replace(entries[number], events=(*entries[number].events, Event(kind, when)))
    register = replace(situation.register, entries=(*entries[:number], mended, *entries[number + 1 :]))
    assert harshness(ask(replace(situation, register=register))) <= harshness(ask(situation))


@given(strategies.situations(WHILE_IT_LASTS))
def test_what_is_annulled_long_before_is_as_though_it_never_was(situation):
    """All entries annulled on the first of January 2000 leave the verdict of an empty register."""
    event = Event("annulled", strategies.whole_day(date(2000, 1, 1)))
    voided = tuple(replace(e, events=(*e.events, event)) for e in situation.register.entries)
    empty = replace(situation, register=replace(situation.register, entries=()))
    assert ask(replace(situation, register=replace(situation.register, entries=voided))) is ask(empty)


# -- until when


@given(strategies.situations(), st.data())
def test_an_answer_holds_until_its_last_day_and_not_a_day_longer(situation, data):
    """The same on `valid_until` and on days between, another the day after; with none known, the same for long."""
    asked, known, book = situation
    decision = decide(*situation)
    lists = decision.answer.lists
    asked, known = in_order(asked, known, book.vocabulary)

    def on(day):
        return signature(judge(shifted(asked, day), known, book, lists))

    today, now = asked.prevailing.day, on(asked.prevailing.day)
    said = decision.data.get("valid_until")
    last = date.fromisoformat(said) if said else min(today + timedelta(days=4_000), LAST_DAY)
    assert last >= today
    between = data.draw(st.lists(st.integers(0, (last - today).days), max_size=4))
    for day in (last, *(today + timedelta(days=n) for n in between)):
        assert on(day) == now, day
    if said:
        assert on(next_day(last)) != now


# -- bytes


@given(strategies.situations())
def test_the_same_inputs_give_the_same_canonical_bytes_without_a_code(situation):
    """Twice the same, canonical by RFC 8785, and no subject's code in them."""
    decision = decide(*situation)
    assert decide(*situation).core == decision.core
    assert rfc8785.dumps(json.loads(decision.core)) == decision.core
    for subject in strategies.SUBJECTS:
        assert subject.encode() not in decision.core


@given(strategies.situations())
def test_whoever_is_spoken_of_is_named_apart(situation):
    """Every party and every entry's subject has a name beside the core, and every finding's entry is told."""
    decision = decide(*situation)
    entries = {one["entry"] for one in decision.data["entries"]}
    for party in decision.data["parties"]:
        assert "subject" in decision.names[party["party"]]
        assert {finding["entry"] for finding in party["findings"] if "entry" in finding} <= entries
    assert all("subject" in decision.names[one["of"]] for one in decision.data["entries"])


@given(strategies.situations())
def test_findings_add_up_to_the_verdict(situation):
    """What decides has effect or is open; nothing decides that somebody is eligible; who is barred, is by a must."""
    for party in decide(*situation).data["parties"]:
        deciding = [finding for finding in party["findings"] if finding["decides"]]
        assert all(finding["state"] != "without-effect" for finding in deciding)
        assert not (party["verdict"] == "eligible" and deciding)
        if party["verdict"] == "ineligible" and "tainted_by" not in party:
            assert all((f["effect"], f["duty"], f["state"]) == ("bar", "must", "effective") for f in deciding)
