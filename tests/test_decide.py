"""The page that tells the story: one question in, canonical bytes out, with all that was asked and found."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import rfc8785

from engine.condition import Op
from engine.condition import Test as Ask
from engine.decide import decide, judge
from engine.decision import SEMANTICS, Verdict
from engine.errors import EngineFault
from engine.inquiry import Party, Relation
from engine.matching import naive
from engine.model import Effect, Reach
from engine.resolution.freshness import list_states
from tests.builders import NOON, A, B, C, entry, inquiry, measure, register, rulebook
from tests.strategies import WORDS

BOOK = rulebook(
    measure("bar", lists=("endless",), reaches=(Reach.SELF, Reach.BRANCH)),
    measure("lift", Effect.LIFT, lists=("endless",), lifts=("pack#bar",), draft=True),
    measure("green", Effect.GREEN_CHANNEL, lists=("red",)),
    vocabulary=WORDS,
)
LISTED = entry("endless", listed="2024-01-01", document="x")


def test_a_clean_supplier_is_eligible():
    """Nothing found, nothing missing, no day known on which that would change."""
    decision = decide(inquiry(), register(), BOOK)
    assert decision.data["verdict"] == "eligible"
    assert decision.answer.verdict is Verdict.ELIGIBLE
    nothing = {key: [] for key in ("conditions", "benefits", "flags", "findings")}
    assert decision.data["parties"] == [{"party": "p1", "verdict": "eligible", "channel": "ordinary"} | nothing]
    assert [decision.data[key] for key in ("entries", "flags", "assumed", "missing")] == [[], [], [], []]
    assert "valid_until" not in decision.data


def test_the_core_is_canonical_json_of_its_data():
    """Read and written again by RFC 8785 it is the same bytes."""
    decision = decide(inquiry(), register(LISTED, entry("red", listed="2024-01-01")), BOOK)
    assert rfc8785.dumps(json.loads(decision.core)) == decision.core
    assert json.loads(decision.core) == json.loads(json.dumps(decision.data))
    assert decision.data["semantics"] == SEMANTICS


def test_the_question_is_told_with_the_answer():
    """What was asked, at which moments, of whom by handle; who that is stands apart."""
    asked = inquiry(Party(A, "supplier", "east", facts={"staff": 3}), facts={"stage": "award"}, authority="keeper")
    decision = decide(asked, register(LISTED), BOOK)
    assert decision.data["question"] == {
        "scenario": "procurement",
        "moments": {"as_of": "2024-06-10T12:00:00+08:00", "cut_off": "2024-06-10T12:00:00+08:00"},
        "prevails": "cut_off",
        "facts": {"stage": "award"},
        "parties": [
            {"party": "p1", "role": "supplier", "kind": "legal-person", "facts": {"staff": "3"}, "consortium": "east"}
        ],
        "jurisdiction": "national",
        "authority": "keeper",
    }
    assert decision.names["p1"] == {"subject": A}


def test_no_code_of_any_subject_is_in_the_core():
    """Neither the party's, nor its branch's, nor a stranger's."""
    known = replace(
        register(replace(LISTED, subject=B), replace(LISTED, subject=C)), relations=(Relation("branch-of", B, A),)
    )
    decision = decide(inquiry(), known, BOOK)
    assert decision.answer.verdict is Verdict.INELIGIBLE
    assert [decision.names[handle]["subject"] for handle in ("p1", "s1")] == [A, B]
    for code in (A, B, C):
        assert code.encode() not in decision.core
    assert C not in json.dumps(dict(decision.names)), "who has nothing to do with it is not named at all"


def test_the_document_and_the_body_stand_apart_too():
    """A document's number may name a person, so it is no part of the core."""
    one = replace(LISTED, document="（2024）鄂执1号", body="某法院")
    decision = decide(inquiry(), register(one), BOOK)
    assert decision.names["e1"] == {"document": "（2024）鄂执1号", "body": "某法院"}
    assert "执" not in decision.core.decode()


def test_a_subject_in_two_roles_is_named_in_both():
    """A supplier that is also the agency."""
    decision = decide(inquiry(Party(A, "supplier"), Party(A, "agency")), register(LISTED), BOOK)
    handles = [party["party"] for party in decision.data["parties"]]
    assert [decision.names[handle]["subject"] for handle in handles] == [A, A]
    assert [party["verdict"] for party in decision.data["parties"]] == ["ineligible", "ineligible"]


def test_valid_until_and_fresh_until_are_told():
    """The last day of the same answer; when the first known list grows stale."""
    decision = decide(inquiry(), register(entry("endless", listed="2024-01-01", expires="2024-07-31")), BOOK)
    assert decision.data["valid_until"] == "2024-07-31"
    assert decision.data["fresh_until"] == "2024-06-11T12:00:00+08:00"
    (black,) = decision.data["lists"]
    assert (black["list"], black["known"], black["data_time"]) == ("black", True, "2024-06-10T12:00:00+08:00")


def test_lists_given_are_not_asked_again():
    """Held as they are, however stale the register would be."""
    stale = register(arrived="2020-01-01")
    fresh = list_states(("black",), register(arrived=NOON), WORDS, inquiry().prevailing)
    assert judge(inquiry(), stale, BOOK).verdict is Verdict.REVIEW
    assert judge(inquiry(), stale, BOOK, fresh).verdict is Verdict.ELIGIBLE


def test_the_same_inputs_give_the_same_bytes():
    """On one rulebook twice, on an equal one, with the cells already judged or not."""
    known = register(LISTED, entry("red", listed="2024-01-01"))
    again = rulebook(*BOOK.measures, vocabulary=WORDS)
    cores = {decide(inquiry(), known, book).core for book in (BOOK, BOOK, again)}
    assert len(cores) == 1


def test_a_fault_of_the_judges_leaves_no_decision(monkeypatch):
    """It is raised, never turned into a verdict."""
    monkeypatch.setattr(naive, "judge", lambda one, meeting: 1)
    with pytest.raises(EngineFault):
        decide(inquiry(), register(LISTED), rulebook(*BOOK.measures, vocabulary=WORDS))


def test_eight_threads_deciding_at_once_give_the_answers_of_one():
    """A fresh rulebook, whose cells they fill under one another's hands."""
    measures = [
        measure(str(n), list(Effect)[n % 6], when=Ask("amount", Op.AT_LEAST, 100 * n), lists=("endless", "black"))
        for n in range(60)
    ]
    questions = [
        (inquiry(), register(entry("black", listed=day, amount=amount), entry("endless", listed="2024-01-01")))
        for amount in range(0, 6_000, 250)
        for day in ("2022-06-09", "2022-06-10", "2024-06-10")
    ]
    alone = rulebook(*measures, vocabulary=WORDS)
    expected = [decide(*question, alone).core for question in questions]
    shared = rulebook(*measures, vocabulary=WORDS)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda question: decide(*question, shared).core, questions)) == expected
