"""Matches: what an inquiry meets, what is missing, what was assumed, and what happens when the judges disagree."""

import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.condition import Every, MomentRef, Op, ParameterRef, Some
from engine.condition import Test as Ask
from engine.errors import EngineFault
from engine.inquiry import UNKNOWN, Party, Register, Relation
from engine.matching import match as matching
from engine.matching import naive
from engine.matching.cells import Grid
from engine.matching.facts import reached
from engine.matching.match import Matcher, match
from engine.matching.rete import ReteJudge
from engine.matching.standing import stated
from engine.model import Effect, Reach, Window
from engine.truth import MAYBE, NO, YES
from engine.vocabulary import Span
from tests import strategies
from tests.builders import A, B, C, entry, inquiry, measure, register, rulebook
from tests.strategies import WORDS

GRAVE = Ask("ground", Op.ONE_OF, ("grave",))
LARGE = Ask("amount", Op.AT_LEAST, 5_000)


def found(*measures, asked=None, known=None, vocabulary=WORDS):
    """The measures matched, with their truth, in a small rulebook."""
    matches = match(asked or inquiry(), known or register(), rulebook(*measures, vocabulary=vocabulary)).found
    return [(m.measure.clause, m.truth) for m in matches]


def record_measure(clause, **changes):
    """A measure on the list `record`."""
    return measure(clause, lists=("record",), window=Window.DECIDED, **changes)


# -- what is met


def test_every_entry_of_every_party_meets_every_measure():
    """Two parties, two entries of the one, one of the other, one of a stranger."""
    known = register(entry(listed="2024-01-01"), entry("red", listed="2024-01-01"), entry(subject=B), entry(subject=C))
    book = rulebook(measure("1"), measure("2", Effect.PREFER, lists=("red",)), vocabulary=WORDS)
    asked = inquiry(Party(A, "supplier"), Party(B, "supplier"))
    met = [(m.party.subject, m.entry.list, m.measure.clause) for m in match(asked, known, book).found]
    assert met == [(A, "black", "1"), (A, "red", "2"), (B, "black", "1")]


def test_a_measure_on_the_inquiry_is_met_once_by_each_party():
    """Whatever entries there are."""
    alone = measure("1", on_inquiry=True, lists=(), window=None, when=Ask("alleged", Op.ONE_OF, ("yes",)))
    asked = inquiry(Party(A, "supplier"), Party(B, "supplier"), facts={"alleged": True})
    assert found(alone, asked=asked, known=register(entry(listed="2024-01-01"))) == [("1", YES), ("1", YES)]


def test_a_reached_entry_is_met_by_its_reach():
    """A branch's entry counts for the head office only by measures that reach branches; the match says how."""
    known = replace(register(entry(listed="2024-01-01", subject=B)), relations=(Relation("branch-of", B, A),))
    book = rulebook(measure("1"), measure("2", reaches=(Reach.SELF, Reach.BRANCH)), vocabulary=WORDS)
    assert [(m.measure.clause, m.reach) for m in match(inquiry(), known, book).found] == [("2", Reach.BRANCH)]


def test_a_tie_that_has_ended_is_no_match():
    """The relation is judged on the measure's own moment."""
    ended = Relation("branch-of", B, A, Span(until=strategies.TODAY.replace(day=9)))
    known = replace(register(entry(listed="2024-01-01", subject=B)), relations=(ended,))
    assert found(measure("1", reaches=(Reach.BRANCH,)), known=known) == []


def test_what_does_not_hold_is_no_match():
    """Only what holds or may hold is found."""
    known = register(entry(listed="2024-01-01", ground="light"))
    assert found(measure("1", when=GRAVE), measure("2", unless=GRAVE), known=known) == [("2", YES)]


def test_a_pack_of_a_hundred_measures_on_one_list():
    """Past what one ruleset holds, nothing is lost."""
    many = [measure(f"{n}", when=Ask("amount", Op.AT_LEAST, n)) for n in range(100)]
    known = register(entry(listed="2024-01-01", amount=41))
    assert {clause for clause, _ in found(*many, known=known)} == {str(n) for n in range(42)}


# -- what is missing


def missing(one, asked=None, **said):
    """What the measure waits for, met by a record entry."""
    known = register(entry("record", **{"decided": "2024-05-01"} | said))
    (only,) = match(asked or inquiry(), known, rulebook(one, vocabulary=WORDS)).found
    return only.truth, only.missing


def test_what_is_certain_misses_nothing():
    """Also where another alternative is open."""
    assert missing(record_measure("1", when=Some((LARGE, GRAVE))), amount=5_000) == (YES, ())


def test_the_one_fact_to_supply_is_named():
    """Stated as unknown, or required and left out."""
    assert missing(record_measure("1", when=LARGE), amount=UNKNOWN) == (MAYBE, ("amount",))
    assert missing(record_measure("1", when=LARGE)) == (MAYBE, ("amount",))
    assert missing(record_measure("1", unless=LARGE)) == (MAYBE, ("amount",))


def test_only_facts_of_alternatives_still_open_are_named():
    """An alternative that has failed asks for nothing more."""
    failed = Every((Ask("penalty", Op.ONE_OF, ("fine",)), Ask("count", Op.AT_LEAST, 1)))
    either = Some((failed, LARGE))
    assert missing(record_measure("1", when=either), penalty="ban", count=UNKNOWN) == (MAYBE, ("amount",))
    assert missing(record_measure("1", when=either), penalty="fine", count=UNKNOWN) == (MAYBE, ("count", "amount"))


def test_an_unknown_fact_tested_twice_is_named_once():
    """Two bounds on one amount."""
    both = Every((LARGE, Ask("amount", Op.BELOW, 200_000_000)))
    assert missing(record_measure("1", when=both)) == (MAYBE, ("amount",))


def test_what_is_missing_may_be_a_figure_its_field_or_a_moment():
    """The law's own gap is marked apart from a fact that somebody could supply."""
    fined = record_measure("1", when=Ask("amount", Op.AT_LEAST, ParameterRef("large-fine")))
    early = inquiry(at="2022-02-07T12:00+08:00")
    assert missing(fined, amount=300_000_000) == (MAYBE, ("field",))
    assert missing(fined, early, amount=300_000_000, decided="2022-01-01") == (MAYBE, ("parameter:large-fine",))
    before = record_measure("1", when=Ask("decided", Op.BEFORE, MomentRef("award")))
    assert missing(before) == (MAYBE, ("moment:award",))


def test_the_askers_own_facts_may_be_missing():
    """The law makes the asker state whether tendering is mandatory."""
    assert missing(record_measure("1", when=Ask("mandatory", Op.ONE_OF, ("yes",)))) == (MAYBE, ("mandatory",))


# -- what was assumed


def assumed(*measures, asked=None, known=None):
    """What silence settled as no."""
    return match(asked or inquiry(), known or register(), rulebook(*measures, vocabulary=WORDS)).assumed


ALLEGED = measure("1", on_inquiry=True, lists=(), window=None, when=Ask("alleged", Op.ONE_OF, ("yes",)))


def test_what_nobody_alleged_is_assumed_not_to_be():
    """An ordinary question from a clean supplier, with its assumption said; stated, nothing is assumed."""
    assert assumed(ALLEGED) == {"alleged"}
    assert assumed(ALLEGED, asked=inquiry(facts={"alleged": False})) == frozenset()


def test_nothing_is_assumed_that_no_measure_here_tests():
    """A measure on a list nobody stands on, in another scenario or for another role asks for nothing."""
    on_list = measure("1", when=Ask("alleged", Op.ONE_OF, ("yes",)))
    assert assumed(on_list) == frozenset()
    assert assumed(on_list, known=register(entry(listed="2024-01-01"))) == {"alleged"}
    assert assumed(replace(ALLEGED, scenarios=("permit",))) == frozenset()
    assert assumed(replace(ALLEGED, roles=("agency",))) == frozenset()


def test_neither_derived_facts_nor_those_the_asker_must_state_are_assumed():
    """The first are worked out, the second are missing."""
    asks = Every((Ask("related", Op.ONE_OF, ("yes",)), Ask("mandatory", Op.ONE_OF, ("yes",))))
    assert assumed(replace(ALLEGED, when=asks)) == frozenset()


# -- cells are judged once


@pytest.fixture
def judged(monkeypatch):
    """How often the naive judge was asked."""
    calls, real = [], naive.judge

    def counting(one, meeting):
        calls.append(one.clause)
        return real(one, meeting)

    monkeypatch.setattr(naive, "judge", counting)
    return calls


def test_a_cell_is_judged_once_and_remembered(judged):
    """Another value of the same class, another subject, another day: no judge is asked again."""
    book = rulebook(measure("1", when=LARGE), vocabulary=WORDS)
    for amount, subject, day in ((5_001, A, "2024-06-10"), (9_999, B, "2024-06-10"), (5_002, A, "2023-01-01")):
        known = register(entry(listed="2022-01-01", amount=amount, subject=subject))
        (only,) = match(inquiry(Party(subject, "supplier"), at=day), known, book).found
        assert (only.truth, only.party.subject) == (YES, subject)
    assert judged == ["1"]
    match(inquiry(), register(entry(listed="2022-01-01", amount=5_000)), book)
    assert judged == ["1", "1"], "the cut itself is a class of its own"


def test_what_is_missing_is_said_of_each_meeting_not_of_its_cell():
    """Two meetings in one cell may lack different things."""
    book = rulebook(record_measure("1", when=Ask("amount", Op.AT_LEAST, ParameterRef("large-fine"))), vocabulary=WORDS)
    for said, expected in (({"amount": 300_000_000}, ("field",)), ({"field": "food"}, ("amount",))):
        (only,) = match(inquiry(), register(entry("record", decided="2024-01-01", **said)), book).found
        assert only.missing == expected


def test_two_rulebooks_never_share_a_cell():
    """Equal in every word but one."""
    known = register(entry(listed="2024-01-01", amount=5_000))
    assert found(measure("1", when=LARGE), known=known) == [("1", YES)]
    assert found(measure("1", when=replace(LARGE, op=Op.ABOVE)), known=known) == []


def test_a_rulebook_that_is_gone_takes_its_cells_along():
    """What was compiled is kept beside the rulebook, no longer."""
    gc.collect()
    before = len(matching._matchers)
    book = rulebook(measure("1"), vocabulary=WORDS)
    match(inquiry(), register(), book)
    assert len(matching._matchers) == before + 1
    del book
    gc.collect()
    assert len(matching._matchers) == before


def test_eight_threads_build_and_ask_one_rulebook_at_once():
    """Buckets and cells are made under their feet."""
    book = rulebook(*(measure(str(n), when=Ask("amount", Op.AT_LEAST, n)) for n in range(40)), vocabulary=WORDS)

    def ask(amount):
        return len(match(inquiry(), register(entry(listed="2024-01-01", amount=amount)), book).found)

    amounts = list(range(-1, 42)) * 4
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, amounts)) == [min(amount + 1, 40) for amount in amounts]


# -- the judges disagree

KNOWN = register(entry(listed="2024-01-01", amount=5_000))


def lying_naive(monkeypatch):
    """The naive judge denies what it sees."""
    monkeypatch.setattr(naive, "judge", lambda one, meeting: NO)


def lying_rules(monkeypatch):
    """durable-rules loses a match, as beyond its limits it does."""
    monkeypatch.setattr(ReteJudge, "judge", lambda self, answers: {})


def lying_cells(monkeypatch):
    """An axis puts the value in the wrong class, so both judges of the cell share the mistake."""
    monkeypatch.setattr(Grid, "cell", lambda self, meeting: (0,) * len(self.axes))


@pytest.mark.parametrize("lie", [lying_naive, lying_rules, lying_cells])
def test_a_disagreement_is_a_fault_and_nothing_is_guessed(monkeypatch, lie):
    """Refused with the clause and the cell's digest, again and again; without the lie it is answered."""
    book = rulebook(measure("1", when=LARGE), vocabulary=WORDS)
    with monkeypatch.context() as lied:
        lie(lied)
        faults = []
        for _ in range(2):
            with pytest.raises(EngineFault, match=r"pack#1 \(cell [0-9a-f]{16}\)") as fault:
                match(inquiry(), KNOWN, book)
            faults.append(fault.value.en)
        assert "pack#1" in fault.value.zh
        assert faults[0] == faults[1]
    assert [m.truth for m in match(inquiry(), KNOWN, book).found] == [YES]


def test_the_digest_names_the_cell(monkeypatch):
    """Different cells of one bucket have different digests."""
    lying_naive(monkeypatch)
    said = set()
    for amount in (5_000, 5_001):
        with pytest.raises(EngineFault) as fault:
            match(inquiry(), register(entry(listed="2024-01-01", amount=amount)), rulebook(measure("1", when=LARGE)))
        said.add(fault.value.en)
    assert len(said) == 2


# -- properties


@given(strategies.situations())
def test_the_judges_agree_on_random_law(situation):
    """No EngineFault, and what is found is just what the naive judge says of each raw meeting."""
    asked, known, book = situation
    expected = []
    for _, meeting in Matcher(book).meetings(asked, known):
        for one in book.measures:
            truth = naive.judge(one, meeting)
            if truth is not NO:
                expected.append((one.id, meeting.party.subject, meeting.reach, truth))
    got = [(m.measure.id, m.party.subject, m.reach, m.truth) for m in match(asked, known, book).found]
    assert sorted(got) == sorted(expected)


@given(strategies.situations(strategies.Free(derived=False)), st.data())
def test_what_is_certain_stays_certain_when_an_unknown_fact_becomes_known(situation, data):
    """Yes stays a match, no stays none; facts worked out from other entries are left out, for they are not learnt."""
    asked, known, book = situation

    def learn(one):
        record = WORDS.lists[one.list]
        unknown = sorted(f for f in record.required | set(one.facts) if stated(one, record, f) is UNKNOWN)
        return replace(one, facts=dict(one.facts) | {fact: data.draw(strategies.known(fact)) for fact in unknown})

    surer = replace(known, entries=tuple(map(learn, known.entries)))

    def truths(register_: Register):
        numbers = {id(one): n for n, one in enumerate(register_.entries)}
        return {
            (m.measure.id, m.party.subject, m.reach, numbers.get(id(m.entry))): m.truth
            for m in match(asked, register_, book).found
        }

    before, after = truths(known), truths(surer)
    for key in before.keys() | after.keys():
        assert before.get(key, NO) in (after.get(key, NO), MAYBE), key


@given(strategies.situations())
def test_what_is_open_names_what_would_settle_it(situation):
    """Every open match says what is missing; what is certain says nothing."""
    for one in match(*situation).found:
        assert bool(one.missing) == (one.truth is MAYBE)
        assert len(set(one.missing)) == len(one.missing)


@given(strategies.registers(), st.sampled_from(strategies.SUBJECTS))
def test_nobody_is_reached_over_two_hops(known, subject):
    """Every subject reached is the party or has a relation with it."""
    for reach, other in reached(Party(subject, "supplier"), known):
        near = {(r.near, r.far) for r in known.relations}
        assert reach is Reach.SELF or (subject, other) in near or (other, subject) in near
