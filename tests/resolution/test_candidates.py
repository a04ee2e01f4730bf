"""An entry known by a name only: nobody is refused for it, nobody is cleared, and only where its list matters."""

from dataclasses import replace

import pytest

from engine.decide import decide
from engine.decision import Flag, Verdict
from engine.inquiry import Candidate
from engine.model import Effect
from tests.builders import A, B, entry, inquiry, measure, register, rulebook
from tests.strategies import WORDS

BOOK = rulebook(measure("1", Effect.BAR, lists=("black",)), vocabulary=WORDS)


def known(*candidates: Candidate, listed: bool = False):  # type: ignore[no-untyped-def]
    """A register with these candidates, and A's own entry if asked."""
    entries = [entry("black", listed="2024-01-01")] if listed else []
    return replace(register(*entries), candidates=candidates)


def test_a_candidate_makes_the_answer_a_persons() -> None:
    """With a flag that names the list, and no finding against the party."""
    decision = decide(inquiry(), known(Candidate(A, "black", "n1")), BOOK)
    (outcome,) = decision.answer.outcomes
    assert outcome.verdict is Verdict.REVIEW
    assert Flag("candidate", "black") in outcome.flags
    assert outcome.deciding == ()
    assert decision.data["parties"][0]["flags"] == [{"flag": "candidate", "of": "black"}]


def test_it_never_softens_what_is_certain() -> None:
    """A party that is barred stays barred."""
    decision = decide(inquiry(), known(Candidate(A, "black", "n1"), listed=True), BOOK)
    assert decision.answer.verdict is Verdict.INELIGIBLE


@pytest.mark.parametrize("candidate", [Candidate(B, "black", "n1"), Candidate(A, "red", "n1")])
def test_nobody_is_held_up_by_another_subject_or_a_list_without_measures(candidate: Candidate) -> None:
    """A candidate of somebody else, and one on a list that nothing here asks about."""
    assert decide(inquiry(), known(candidate), BOOK).answer.verdict is Verdict.ELIGIBLE


def test_their_order_never_matters() -> None:
    """The same bytes whatever order they came in."""
    some = (Candidate(A, "black", "n1"), Candidate(A, "black", "n2"))
    assert decide(inquiry(), known(*some), BOOK).core == decide(inquiry(), known(*some[::-1]), BOOK).core
