"""Ways back: every one shown turns the answer, no smaller set does, and what cannot be changed is said."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine import condition
from engine.calendar import Period
from engine.condition import Op, ParameterRef
from engine.decide import decide, judge, ways_back
from engine.decision import Decision, Verdict
from engine.explanation.levers import Change, Kind, levers
from engine.explanation.remedy import LARGEST, MOST, remedies
from engine.explanation.ways import remedies_data, remedies_told
from engine.inquiry import Inquiry, Party, Register
from engine.model import Contested, Duty, Effect, Rulebook, Window
from tests.builders import DAY, A, B, entry, inquiry, measure, register, rulebook, words


def key(change: Change) -> tuple:
    """What tells one change from another."""
    return change.kind, change.name, change.value, id(change.entry), id(change.party)


def kinds(decision: Decision, book: Rulebook) -> list[list[str]]:
    """The sorts of change of each remedy, in the order shown."""
    return [[change.kind.value for change in remedy.changes] for remedy in ways_back(decision, book).found]


FINE = condition.Test("amount", Op.AT_LEAST, ParameterRef("large-fine"))
MEASURES = (
    measure("名单"),
    measure("长期", lists=("endless",)),
    measure("限", Effect.LIMIT, lists=("endless",)),
    measure("审", Effect.SCRUTINISE, lists=("watch",)),
    measure("可", duty=Duty.MAY, lists=("watch",)),
    measure("罚", lists=("record",), window=Window.DECIDED, when=FINE),
    measure("禁", lists=("record",), window=Window.BAN),
    measure("说", on_inquiry=True, lists=(), window=None, when=condition.Test("alleged", Op.ONE_OF, ("yes",))),
    measure("必", on_inquiry=True, lists=(), window=None, when=condition.Test("mandatory", Op.ONE_OF, ("yes",))),
    measure("争", lists=("endless",), contested=Contested("lawyer", words("?"), None)),
)
ENTRIES = (
    entry(listed="2023-10-09"),
    entry(listed=DAY),
    entry("endless", listed="2020-01-01"),
    entry("endless", listed="2020-01-01", subject=B, territory="110000"),
    entry("watch", listed="2024-01-01", subject=B),
    entry("record", decided="2023-01-01", penalty="fine", amount=300_000_000, field="other"),
    entry("record", decided="2023-01-01", penalty="fine", field="other"),
    entry("record", decided="2023-01-01", penalty="fine", amount=1, ban_from="2024-01-01", ban_until="2025-01-01"),
)
TEAM = (Party(A, "consortium-member"), Party(B, "consortium-member"))


@st.composite
def adversities(draw: st.DrawFn) -> tuple[Inquiry, Register, Rulebook]:
    """Few measures, few entries, one party or two: small enough to try every set, adverse more often than not."""
    book = rulebook(*draw(st.lists(st.sampled_from(MEASURES), min_size=1, max_size=3, unique_by=lambda m: m.id)))
    known = register(*draw(st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=3, unique_by=id)))
    facts = draw(st.fixed_dictionaries({}, optional={"alleged": st.booleans(), "mandatory": st.booleans()}))
    return inquiry(*draw(st.sampled_from([(), TEAM])), facts=facts), known, book


@given(adversities())
def test_every_remedy_turns_the_answer_and_none_holds_a_smaller_one(situation) -> None:
    """Each set is pulled again here, and so is every smaller part of it."""
    decision = decide(*situation)
    assume(decision.answer.verdict is not Verdict.ELIGIBLE)
    book = situation[2]
    known = levers(decision.answer, decision.register, book.vocabulary)
    by_change = {key(lever.change): lever for lever in known}

    def verdict(changes) -> Verdict:
        state = (decision.answer.inquiry, decision.register)
        for change in changes:
            state = by_change[key(change)].pull(state)
        return judge(*state, book).verdict

    found = remedies(decision.answer, decision.register, book, lambda i, r, lists: judge(i, r, book, lists))
    for remedy in found.found:
        if remedy.changes[0].kind is Kind.TIME:
            continue
        assert verdict(remedy.changes) is Verdict.ELIGIBLE
        for size in range(len(remedy.changes)):
            for part in combinations(remedy.changes, size):
                assert verdict(part) is not Verdict.ELIGIBLE


@given(adversities())
def test_brute_force_finds_no_other_smallest_set(situation) -> None:
    """On small situations every set of at most two levers is tried one by one."""
    decision = decide(*situation)
    assume(decision.answer.verdict is not Verdict.ELIGIBLE)
    book = situation[2]
    known = levers(decision.answer, decision.register, book.vocabulary)
    assume(len(known) <= 8)
    found = remedies(decision.answer, decision.register, book, lambda i, r, lists: judge(i, r, book, lists))
    shown = {frozenset(map(key, r.changes)) for r in found.found if r.changes[0].kind is not Kind.TIME}
    smallest: set[frozenset] = set()
    for size in (1, 2):
        for chosen in combinations(known, size):
            state = (decision.answer.inquiry, decision.register)
            for lever in chosen:
                state = lever.pull(state)
            changes = frozenset(key(lever.change) for lever in chosen)
            apart = len({lever.slot for lever in chosen}) == len(chosen)
            new = apart and not any(small <= changes for small in smallest)
            if new and judge(*state, book).verdict is Verdict.ELIGIBLE:
                smallest.add(changes)
    assert smallest == {changes for changes in shown if len(changes) <= 2}


def test_an_eligible_party_needs_no_way_back() -> None:
    """Nothing is searched and nothing said."""
    book = rulebook(measure("一"))
    decision = decide(inquiry(), register(), book)
    found = ways_back(decision, book)
    assert (found.found, found.tried) == ((), 0)
    assert remedies_told(found, decision, book, "en").strip() == ""


def test_time_repair_and_objection_end_a_listing() -> None:
    """The first free day is the day after the list's two years."""
    book = rulebook(measure("一"))
    decision = decide(inquiry(), register(entry(listed="2023-10-09")), book)
    assert kinds(decision, book) == [["time"], ["repair"], ["objection"]]
    assert ways_back(decision, book).found[0].changes[0].value == "2025-10-10"


def test_a_decision_looked_back_on_is_not_repaired() -> None:
    """Repair does not end a `decided` window, so it is not offered; an objection that annuls it is."""
    when = condition.Test("ban_from", Op.WITHIN, Period(years=3))
    book = rulebook(measure("一", lists=("record",), window=Window.DECIDED, when=when))
    known = entry("record", decided="2023-01-01", amount=1, penalty="fine", ban_from="2023-01-01")
    decision = decide(inquiry(), register(known), book)
    assert ["repair"] not in kinds(decision, book)
    assert ["objection"] in kinds(decision, book)


def test_two_entries_need_two_changes() -> None:
    """A set of two is shown where no single change is enough."""
    book = rulebook(measure("一"), measure("二", lists=("endless",)))
    decision = decide(inquiry(), register(entry(listed="2023-10-09"), entry("endless", listed="2020-01-01")), book)
    found = kinds(decision, book)
    assert ["repair", "repair"] in found
    assert all(len(changes) == 2 for changes in found)


def test_a_tainting_member_can_be_replaced() -> None:
    """Composition: another member in its place."""
    book = rulebook(measure("一"))
    parties = (Party(A, "consortium-member"), Party(B, "consortium-member"))
    decision = decide(inquiry(*parties), register(entry(listed="2023-10-09")), book)
    assert ["composition"] in kinds(decision, book)


def test_a_missing_fact_is_asked_for_with_the_value_that_helps() -> None:
    """The amount just below the figure makes the fine a small one."""
    when = condition.Test("amount", Op.AT_LEAST, ParameterRef("large-fine"))
    book = rulebook(measure("一", lists=("record",), window=Window.DECIDED, when=when))
    known = entry("record", decided="2023-01-01", penalty="fine", field="other")
    decision = decide(inquiry(), register(known), book)
    supplied = [r.changes[0] for r in ways_back(decision, book).found if r.changes[0].kind is Kind.FACT]
    assert [(change.name, change.value) for change in supplied] == [("amount", "199999999")]


def test_a_stale_list_is_a_way_back_of_its_own() -> None:
    """Not knowing is mended by knowing."""
    book = rulebook(measure("一"))
    decision = decide(inquiry(), register(arrived=None), book)
    assert kinds(decision, book) == [["data"]]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"contested": Contested("lawyer", words("who decides?"), None)}, "who decides?"),
        ({"duty": Duty.MAY}, "the authority decides"),
        ({"effect": Effect.WEIGH}, "the authority decides"),
    ],
)
def test_what_cannot_be_changed_is_said(changes, said) -> None:
    """A measure on the inquiry alone, whose fact nobody may turn, rests with a person."""
    book = rulebook(measure("一", on_inquiry=True, lists=(), window=None, **changes))
    decision = decide(inquiry(), register(), book)
    found = ways_back(decision, book)
    assert found.found == ()
    assert said in remedies_told(found, decision, book, "en")
    assert remedies_data(found, decision, book.vocabulary)["fixed"] == ["pack#一"]


def test_the_search_is_bounded() -> None:
    """Many entries: the number of judgements stays under the stated limit, and the answer says it is not all."""
    book = rulebook(measure("一"))
    entries = [entry(listed=f"2023-10-{day:02d}") for day in range(1, 21)]
    found = ways_back(decide(inquiry(), register(*entries), book), book)
    assert found.tried <= MOST + 1
    assert not found.complete
    assert LARGEST == 3


def test_remedies_do_not_change_what_was_decided() -> None:
    """Asking for ways back leaves the decision's bytes as they are."""
    book = rulebook(measure("一"))
    decision = decide(inquiry(), register(entry(listed="2023-10-09")), book)
    before = decision.core
    ways_back(decision, book)
    assert replace(decision).core == before
