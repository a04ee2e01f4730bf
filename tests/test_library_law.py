"""The library as law: what bites has a basis, lists have keepers and ends, citations stand, and no word is idle."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import pytest

from engine.gate import sufficient
from engine.model import Measure, Rulebook
from engine.packs.library import read_library, shipped
from engine.vocabulary import NATIONAL, Colour, Instrument, Rank

GATE = date(2020, 12, 18)
TODAY = date(2026, 11, 22)
# Written out once more, apart from engine/gate.py: what may take a right away from the gate on.
SUFFICIENT = {Rank.LAW, Rank.ADMINISTRATIVE_REGULATION, Rank.PARTY_STATE_COUNCIL}
TAKES = {"bar", "limit", "withhold", "scrutinise", "weigh"}


@cache
def book() -> Rulebook:
    """The shipped rulebook."""
    return read_library([shipped()], with_cases=False).rulebook()


def instruments(measure: Measure, day: date) -> Iterator[Instrument]:
    """The instruments the measure cites that are in force on the day."""
    known = book().vocabulary.instruments
    for citation in measure.basis:
        if known[citation.instrument].span.holds(day):
            yield known[citation.instrument]


def days() -> list[date]:
    """The gate, its eve, and the first and last days of every instrument and pack after it, with their neighbours."""
    turning = {GATE, TODAY}
    spans = [i.span for i in book().vocabulary.instruments.values()] + [m.span for m in book().measures]
    turning |= {day for span in spans for day in (span.since, span.until) if day and day >= GATE}
    return sorted({day + timedelta(days=step) for day in turning for step in (-1, 0, 1)})


def test_nothing_takes_a_right_without_a_sufficient_basis_on_the_day() -> None:
    """From the gate on: an instrument of rank in force, a local regulation at home, or an item of class 2 or 3."""
    vocabulary, wrong = book().vocabulary, []
    items = vocabulary.basic_list.items
    taking = [m for m in book().measures if m.effect.value in TAKES and not m.draft]
    for day in (day for day in days() if day >= GATE):
        for measure in taking:
            if not measure.span.holds(day) or not sufficient(measure, vocabulary, day).ok:
                continue
            level = items[measure.list_item].level if measure.list_item else 1
            standing = list(instruments(measure, day))
            carried = any(i.rank in SUFFICIENT for i in standing)
            carried |= any(
                i.rank is Rank.LOCAL_REGULATION and vocabulary.inside(measure.jurisdiction, i.jurisdiction)
                for i in standing
            )
            managed = level == 2 and any(
                i.rank in (Rank.DEPARTMENT_RULE, Rank.NORMATIVE_DOCUMENT) and i.jurisdiction == NATIONAL
                for i in standing
            )
            if not (carried or managed or level == 3):
                wrong.append(f"{measure.id} on {day}")
    assert wrong == []


def test_every_list_that_a_scenario_consults_has_a_keeper_an_end_and_a_way_out() -> None:
    """A term rule or the reason why there is none (records are looked back on), and repair or the reason against it."""
    vocabulary = book().vocabulary
    for scenario in vocabulary.scenarios.values():
        for code in scenario.consults + scenario.benefits_consult:
            record = vocabulary.lists[code]
            assert record.keeper in vocabulary.issuers
            assert record.terms or record.untimed or record.colour is Colour.RECORD, code
            sought = vocabulary.sought(code, TODAY, None)
            assert sought is not None
            assert vocabulary.repair.repair(sought) is not None, f"no way out of {code}"


@pytest.mark.parametrize("at", ["since", "until"])
def test_citations_stand_when_they_are_used(at: str) -> None:
    """On an effective measure's first day, and on its last or today, something it cites is in force."""
    bare = []
    for measure in book().measures:
        day = measure.span.since if at == "since" else min(measure.span.until or TODAY, TODAY)
        known = book().vocabulary.instruments
        assert all(citation.instrument in known for citation in measure.basis)
        if not measure.draft and day and day <= TODAY and not list(instruments(measure, day)):
            level = book().vocabulary.basic_list.items[measure.list_item].level if measure.list_item else 1
            ended = all(known[c.instrument].span.until for c in measure.basis)
            if level != 3 and not ended:
                bare.append(measure.id)
    assert bare == []


def test_every_word_is_used_or_explained() -> None:
    """Lists nobody is measured by say why they are there; issuers and facts are all spoken of somewhere."""
    rulebook, folder = book(), shipped()
    used = {code for measure in rulebook.measures for code in measure.lists}
    idle = [code for code, record in rulebook.vocabulary.lists.items() if code not in used and not record.note]
    assert idle == []
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in folder.rglob("*.yaml")
        if not path.is_relative_to(folder / "demo")
    }
    for name in ("issuers", "facts"):
        said = "\n".join(text for file, text in texts.items() if file != f"{name}.yaml")
        words = set(re.findall(r"[a-z0-9_-]+", said))
        followed = {successor for issuer in rulebook.vocabulary.issuers.values() for successor in issuer.successors}
        idle = [code for code in getattr(rulebook.vocabulary, name) if code not in words | followed]
        assert idle == [], name
