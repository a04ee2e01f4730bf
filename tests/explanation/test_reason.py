"""The tree of reasons: every finding with its clause, basis, entry and causes, by handles; words for all of it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from engine.decide import decide
from engine.decision import Channel, State, Verdict, Why
from engine.explanation import phrases
from engine.explanation.reason import benefit_state
from engine.explanation.render import Depth, render
from engine.inquiry import DATES, HAPPENINGS, RELATION_KINDS, UNKNOWN, Relation
from engine.matching.standing import Standing
from engine.model import MOMENTS, Duty, Effect, Reach
from tests import strategies
from tests.builders import A, B, C, entry, inquiry, measure, register, rulebook
from tests.explanation.situations import SITUATIONS, barred, consortium, served_ban, withheld
from tests.strategies import WORDS


def tree(situation):
    """The reasons as data."""
    return decide(*situation).data


def test_a_finding_carries_clause_basis_entry_and_standing():
    """All that a lawyer needs to look it up."""
    (party,) = tree(barred())["parties"]
    assert party["findings"] == [
        {
            "measure": "law#八",
            "effect": "bar",
            "duty": "must",
            "state": "effective",
            "decides": True,
            "basis": ["某法 22.1.5", "某规 二（三）1"],
            "causes": [],
            "entry": "e1",
            "reach": "self",
            "standing": "current",
            "until": "2025-06-10",
        }
    ]
    assert party["flags"] == [{"flag": "disputed", "of": "black"}]


def test_an_entry_is_told_once_with_its_dates_events_and_facts():
    """Whose it is by handle; document and body are kept apart."""
    assert tree(barred())["entries"] == [
        {
            "entry": "e1",
            "of": "p1",
            "list": "black",
            "dates": {"listed": "2023-06-10T09:30:00+08:00"},
            "events": [{"kind": "disputed", "on": "2024-06-01"}],
            "facts": {"ground": "grave"},
        }
    ]


def test_money_is_told_in_yuan_and_what_is_unknown_as_unknown():
    """3,000,000.01 yuan, not 300000001."""
    one = entry("record", decided="2024-01-01", amount=300_000_001, field=UNKNOWN, penalty="fine")
    decision = decide(inquiry(), register(one), rulebook(measure("1", lists=("record",)), vocabulary=WORDS))
    assert decision.data["entries"][0]["facts"] == {"amount": "3000000.01", "field": "unknown", "penalty": "fine"}


def test_what_decides_comes_first_then_what_counts_then_the_rest():
    """A reader may stop early."""
    (party,) = tree(served_ban())["parties"]
    told = [(finding["measure"], finding["decides"], finding["state"]) for finding in party["findings"]]
    assert told == [
        ("law#十九.3", True, "undetermined"),
        ("law#十九.2", False, "effective"),
        ("law#十九.1", False, "without-effect"),
    ]


def test_a_cause_points_at_what_it_means():
    """The exception that lifts, the fact that is missing, the list that is not known."""
    (served,) = tree(served_ban())["parties"]
    assert [finding["causes"] for finding in served["findings"]] == [
        [{"why": "missing", "of": "field"}],
        [],
        [{"why": "lifted", "of": "law#十九.2"}],
    ]
    assert served["findings"][0]["missing"] == ["field"]
    (stale,) = tree(withheld())["parties"]
    assert [cause["why"] for cause in stale["benefits"][0]["causes"]] == [
        "restricted",
        "listed-adversely",
        "list-unknown",
    ]


def test_a_related_subject_has_a_handle_of_its_own():
    """s1 is B's branch; the finding says by which reach, and of whom each entry is."""
    decision = decide(*consortium())
    assert {one["of"]: one["list"] for one in decision.data["entries"]} == {"s1": "black", "p1": "red"}
    first, second, third = decision.data["parties"]
    assert (first["tainted_by"], "tainted_by" in second, third["verdict"]) == (["p2"], False, "eligible")
    assert [finding["reach"] for finding in second["findings"]] == ["branch"]


def test_handles_go_by_order_not_by_how_they_came():
    """Parties by code, entries by subject and list."""
    ties = (Relation("branch-of", C, B),)
    known = replace(
        register(entry("red", C, listed="2024-01-01"), entry("black", A, listed="2024-01-01")), relations=ties
    )
    decision = decide(inquiry(), known, rulebook(measure("1"), vocabulary=WORDS))
    assert decision.names.keys() == {"p1"}, "who is tied to nobody here is nobody's concern"
    assert [one["of"] for one in decision.data["entries"]] == ["p1"]


@pytest.mark.parametrize(
    ("duty", "draft", "shadow", "expected"),
    [
        (Duty.MUST, False, False, "granted"),
        (Duty.MAY, False, False, "offered"),
        (Duty.MUST, False, True, "withheld"),
        (Duty.MUST, True, False, "void"),
    ],
)
def test_what_became_of_a_benefit(duty, draft, shadow, expected):
    """Granted, offered, withheld by a listing, or no benefit at all."""
    one = measure("1", Effect.PREFER, lists=("red",), duty=duty, draft=draft)
    listed = [entry("red", listed="2024-01-01"), *([entry("endless", listed="2024-01-01")] if shadow else [])]
    decision = decide(inquiry(), register(*listed), rulebook(one, vocabulary=WORDS))
    assert decision.data["parties"][0]["benefits"][0]["state"] == expected
    assert benefit_state(decision.answer.outcomes[0].benefits[0]) == expected


def test_fresh_until_is_the_first_list_to_grow_stale():
    """Of those that are known; a list that is not known makes no promise."""
    scenario = replace(WORDS.scenarios["procurement"], consults=("black", "red", "graded"))
    vocabulary = replace(WORDS, scenarios={"procurement": scenario})
    arrivals = dict(register(arrived="2024-06-10T06:00+08:00").arrivals)
    known = replace(register(), arrivals=arrivals | {"red": register(arrived="2024-06-09T18:00+08:00").arrivals["red"]})
    book = rulebook(measure("1"), vocabulary=vocabulary)
    assert decide(inquiry(), known, book).data["fresh_until"] == "2024-06-10T18:00:00+08:00"
    never = replace(known, arrivals={})
    assert "fresh_until" not in decide(inquiry(), never, book).data


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_tree_is_plain_data(name):
    """Nothing in it but text, lists, maps, truth values and one whole number: any reader of JSON can follow it."""
    situation = SITUATIONS[name]()
    data = decide(*situation).data
    assert json.loads(json.dumps(data)) == data


# -- every word has its words


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (Verdict, phrases.VERDICTS),
        (Channel, phrases.CHANNELS),
        (Effect, phrases.EFFECTS),
        (State, phrases.STATES),
        (Standing, phrases.STANDINGS),
        (Why, phrases.CAUSES),
        (Reach, phrases.REACHES),
        (MOMENTS, phrases.MOMENTS),
        ((*DATES, *HAPPENINGS), phrases.DATES),
        ((*RELATION_KINDS, "consortium"), phrases.TIES),
        (("granted", "offered", "withheld", "open", "void"), phrases.BENEFIT_STATES),
    ],
)
def test_every_code_has_its_words_in_both_languages(codes, words):
    """No more and no fewer, and no two alike, so that a reader can tell them apart."""
    assert set(map(str, codes)) == set(words)
    for lang in ("zh", "en"):
        said = [word.say(lang) for word in words.values()]
        assert all(said)
        assert len(set(said)) == len(said)


@given(strategies.situations())
def test_any_decision_can_be_told(situation):
    """At every depth in both languages, whatever the law, the register and the question."""
    decision = decide(*situation)
    for lang in ("zh", "en"):
        for depth in Depth:
            text = render(decision, situation.rulebook, lang, depth)
            assert text.startswith("结论：" if lang == "zh" else "verdict: ")
            assert "{" not in text
