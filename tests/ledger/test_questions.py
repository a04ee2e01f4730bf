"""The question read back from a core: what the reader of files makes of it, without a file."""

import json
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import read_when
from engine.decide import decide
from engine.errors import RefusedInput
from engine.identity import synthetic_code
from engine.inquiry import Inquiry, Party, Register
from engine.ledger.questions import as_file, question_of
from engine.packs.questions import read_inquiry
from engine.packs.source import parse_tree
from tests.ledger.desk import law
from tests.ledger.generated import Questions

SUBJECTS = [*map(synthetic_code, range(9)), "person-a", f"person:ab12:{'0' * 64}"]
# What somebody may have put in the place of anything in a core, and other rulebooks may not know.
WRONG = ["", "no-such-word", "unknown", "Ｕnknown", "1.5", "2026-02-30", "2026-1-1", "２０２６-01-01", "y\u200bes",
         1, True, None, [], {}, "2026-11-20T09:00Z", "2026-11-20T09+08:00", " national ", "national",
         "as_of", "x" * 301]  # fmt: skip


def asked(seed: int) -> Inquiry:
    """A question."""
    return Questions(law().vocabulary, SUBJECTS, seed, 1_500).one()


def decided(inquiry: Inquiry) -> tuple[dict[str, Any], dict[str, Any]]:
    """The core of a decision on it, as it is read back, and whom its handles name."""
    decision = decide(inquiry, Register(), law().rulebook())
    return json.loads(decision.core), dict(decision.names)


def read_as_file(core: dict[str, Any], names: dict[str, Any]) -> Inquiry | str:
    """The question by the reader of files; or that it is refused."""
    try:
        return read_inquiry(parse_tree(as_file(core, names), "test"), law().vocabulary)
    except RefusedInput:
        return "refused"


@given(seed=st.integers(0, 1 << 32))
def test_it_is_the_question_that_was_asked(seed: int) -> None:
    """Parties stand in the order of their handles; all else is as it was, and as a file says it."""
    inquiry = asked(seed)
    core, names = decided(inquiry)
    found = question_of(core, names, law().rulebook())
    assert found == read_as_file(core, names)
    assert len(found.parties) == len(inquiry.parties)
    assert all(party in found.parties for party in inquiry.parties)
    without = {"scenario", "moments", "prevails", "jurisdiction", "matter", "authority", "facts"}
    assert {name: getattr(found, name) for name in without} == {name: getattr(inquiry, name) for name in without}


@given(seed=st.integers(0, 1 << 32), data=st.data())
def test_what_a_file_could_not_say_is_refused_the_same(seed: int, data: st.DataObject) -> None:
    """Any part of the question replaced by something wrong: read as a file says it, or refused as a file is."""
    core, names = decided(asked(seed))
    core = deepcopy(core)
    part, key = data.draw(st.sampled_from(list(_parts(core["question"]))))
    part[key] = data.draw(st.sampled_from(WRONG))
    try:
        found: Inquiry | str = question_of(core, names, law().rulebook())
    except RefusedInput:
        found = "refused"
    assert found == read_as_file(core, names)


def _parts(said: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in the question."""
    for key in said if isinstance(said, dict) else range(len(said)):
        yield said, key
        if isinstance(said[key], dict | list):
            yield from _parts(said[key])


def test_as_of_prevails_where_that_was_said() -> None:
    """Though the project's own moment is stated: silence would mean that one."""
    when, own = read_when("2026-11-20T09:00+08:00"), read_when("2025-01-01")
    scenario = law().vocabulary.scenarios["procurement"]
    assert scenario.moment != "as_of"
    party = Party(SUBJECTS[0], next(iter(scenario.roles)))
    inquiry = Inquiry("procurement", (party,), {"as_of": when, scenario.moment: own}, "as_of")
    assert question_of(*decided(inquiry), law().rulebook()) == inquiry


def test_a_thousand_parties_and_no_more() -> None:
    """The same bound as a file has."""
    when, role = read_when("2026-11-20"), next(iter(law().vocabulary.scenarios["procurement"].roles))
    parties = tuple(Party(synthetic_code(number), role) for number in range(1_001))
    for count in (1_000, 1_001):
        core, names = decided(Inquiry("procurement", parties[:count], {"as_of": when}, "as_of"))
        if count == 1_000:
            assert len(question_of(core, names, law().rulebook()).parties) == count
        else:
            with pytest.raises(RefusedInput):
                question_of(core, names, law().rulebook())


def test_the_questions_vary() -> None:
    """So that what holds of them says something: of some hundred, every kind of thing is among them."""
    found = [asked(seed) for seed in Random(1).sample(range(10**6), 400)]
    words = law().vocabulary
    assert {one.scenario for one in found} == {*words.scenarios}
    assert {role for one in found for role in words.scenarios[one.scenario].roles} == {
        party.role for one in found for party in one.parties
    }
    assert {None, "national"} < {one.jurisdiction for one in found}
    assert {one.prevails for one in found} > {"as_of"}
    assert max(len(one.parties) for one in found) > 2
    assert any(party.consortium for one in found for party in one.parties)
    assert any(one.matter for one in found)
    assert any(one.authority for one in found)
    stated = {fact for one in found for fact in (*one.facts, *(f for party in one.parties for f in party.facts))}
    assert len(stated) > 20
