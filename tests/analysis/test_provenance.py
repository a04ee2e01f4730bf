"""What a library rests on: every count adds up, and what is too weak is named."""

from collections.abc import Mapping
from datetime import date

import pytest

from engine.analysis.provenance import Group, InstrumentCount, PackCount, Provenance, provenance
from engine.model import Checked, Effect, Form
from engine.packs.library import read_library, shipped
from engine.packs.readings import checked_words
from engine.vocabulary import Rank
from tests.builders import VOCABULARY, measure, rulebook

ON = date(2026, 11, 21)
SURE, PRESS = Checked("text", ON, "high"), Checked("press", ON, "medium")
MEMORY, UNSURE = Checked("memory", ON, "medium"), Checked("press", ON, "low")
LIBRARY = read_library([shipped()])
SHIPPED = LIBRARY.rulebook()


def small() -> Provenance:
    """Two packs: `a` of a statute, `b` of a memorandum that is weak throughout."""
    book = rulebook(
        measure("1", pack="a", checked=SURE),
        measure("2", pack="a", checked=PRESS, scenarios=("procurement", "permit")),
        measure("3", pack="a", checked=SURE, scenarios=("permit",), draft=True),
        measure("1", Effect.INFORM, pack="b", form=Form.MEMORANDUM, checked=MEMORY, draft=True),
        measure("2", pack="b", form=Form.MEMORANDUM, checked=UNSURE, draft=True),
    )
    return provenance(book, {"a": 7}, 3, {"某法": SURE, "某规": MEMORY, "某省条例": SURE})


def test_measures_are_counted_by_what_they_rest_on() -> None:
    """By confidence and by source, the best first, drafts apart."""
    found = small()
    assert found.whole == Group(2, 2, 3)
    assert list(found.by_confidence.items()) == [
        ("high", Group(1, 1, 1)),
        ("medium", Group(2, 1, 1)),
        ("low", Group(1, 0, 1)),
    ]
    assert list(found.by_source.items()) == [
        ("text", Group(1, 1, 1)),
        ("press", Group(2, 1, 1)),
        ("memory", Group(1, 0, 1)),
    ]


def test_measures_are_counted_by_scenario_kind_and_form() -> None:
    """In each scenario that they name; in the kind and the form of their document."""
    found = small()
    assert found.by_scenario == {"procurement": Group(2, 2, 2), "permit": Group(1, 1, 1)}
    assert found.by_kind == {"mixed": Group(2, 2, 3)}
    assert found.by_form == {"memorandum": Group(1, 0, 2), "statute": Group(1, 2, 1)}


def test_packs_have_their_cases() -> None:
    """A pack without cases has none; those of several packs are counted apart."""
    found = small()
    assert [(p.memorandum.code, p.effective, p.drafts, p.cases) for p in found.packs] == [
        ("a", 2, 1, 7),
        ("b", 0, 2, 0),
    ]
    assert found.shared_cases == 3


def test_what_is_weak_is_named() -> None:
    """Memory and low confidence, not a draft that lacks a matter; a pack only if nothing else is in it."""
    found = small()
    assert [one.id for one in found.weak] == ["b#1", "b#2"]
    assert found.weak_packs == ("b",)
    assert found.weak_instruments == ("某规", "某备忘录")


def test_instruments_are_counted_by_rank_and_how_checked() -> None:
    """In the order of law; what does not say how it was checked is counted as that."""
    assert small().instruments == (
        InstrumentCount(Rank.LAW, "text", "high", 1),
        InstrumentCount(Rank.DEPARTMENT_RULE, "memory", "medium", 1),
        InstrumentCount(Rank.LOCAL_REGULATION, "text", "high", 1),
        InstrumentCount(Rank.MEMORANDUM, "", "", 1),
    )


def test_lists_say_how_long_an_entry_stands_or_why_not_or_nothing() -> None:
    """Every list is in one of three groups."""
    found = small().lists
    assert (found.ruled, found.untimed) == (("black", "watch"), ())
    assert set(found.ruled + found.untimed + found.silent) == set(VOCABULARY.lists)


@pytest.fixture(scope="module")
def whole() -> Provenance:
    """The shipped library counted."""
    cases = {code: len(source.cases) for code, source in LIBRARY.packs.items()}
    return provenance(SHIPPED, cases, len(LIBRARY.cases), checked_words(LIBRARY.files, "instruments"))


def test_the_shipped_counts_add_up(whole: Provenance) -> None:
    """Each measure in one confidence, source, kind and form; each pack, list and instrument once."""
    measures = list(SHIPPED.measures)
    groups: tuple[Mapping[str, Group], ...] = (whole.by_confidence, whole.by_source, whole.by_kind, whole.by_form)
    for group in groups:
        assert sum(one.measures for one in group.values()) == len(measures) == whole.whole.measures
        assert sum(one.drafts for one in group.values()) == whole.whole.drafts == sum(m.draft for m in measures)
    assert sum(one.measures for one in whole.by_scenario.values()) == sum(len(m.scenarios) for m in measures)
    assert [pack.memorandum.code for pack in whole.packs] == sorted(SHIPPED.memoranda)
    assert sum(_measures(pack) for pack in whole.packs) == len(measures)
    assert all(pack.cases for pack in whole.packs)
    lists = whole.lists.ruled + whole.lists.untimed + whole.lists.silent
    assert sorted(lists) == sorted(SHIPPED.vocabulary.lists)
    assert sum(one.number for one in whole.instruments) == len(SHIPPED.vocabulary.instruments)


def test_nothing_weak_is_effective(whole: Provenance) -> None:
    """What rests on memory or low confidence is exactly what is named, and none of it changes a verdict."""
    assert {one.id for one in whole.weak} == {m.id for m in SHIPPED.measures if m.checked.draft}
    assert all(one.draft for one in whole.weak)
    assert whole.by_source["memory"].effective == whole.by_confidence["low"].effective == 0


def _measures(pack: PackCount) -> int:
    return pack.effective + pack.drafts
