"""The legality gate: which basis carries which measure on which day, on both sides of 2020-12-18."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.citation import parse_citation
from engine.gate import DEPRIVES, RESTRICTS, Footing, LawfulBasis, is_local, law_days, sufficient
from engine.model import BENEFITS, Effect, Form, Measure
from engine.vocabulary import Edition, Instrument, ListItem, Rank, Span, Vocabulary, Words
from tests.builders import VOCABULARY, measure, words

BEFORE, GATE = date(2020, 12, 17), date(2020, 12, 18)
OK, LAPSED, LOCAL, NOT_IN_FORCE = LawfulBasis.OK, LawfulBasis.LAPSED, LawfulBasis.LOCAL, LawfulBasis.NOT_IN_FORCE
ANY_RANK = st.sampled_from(list(Rank))
ANY_EFFECT = st.sampled_from(list(Effect))


def _cited(rank: Rank, place: str = "national", span: Span | None = None) -> Vocabulary:
    """The test vocabulary with one instrument `X` of this rank, and a basic list with all three classes."""
    one = Instrument("X", Words("X", "X"), rank, span or Span(date(2000, 1, 1)), (), place)
    items = {f"M{level}": ListItem(f"M{level}", level, words(str(level))) for level in (1, 2, 3)}
    editions = (Edition("2021", date(2021, 12, 16), "partly"), Edition("2022", date(2022, 12, 28), "no"))
    basic = replace(VOCABULARY.basic_list, items=items, editions=editions)
    return replace(VOCABULARY, instruments={**VOCABULARY.instruments, "X": one}, basic_list=basic)


def _measure(effect: Effect = Effect.BAR, **changes: object) -> Measure:
    return measure("一", effect, **({"basis": (parse_citation("X 1"),)} | changes))


def _basis(one: Measure, words_: Vocabulary, day: date = GATE) -> LawfulBasis:
    return sufficient(one, words_, day).basis


@pytest.mark.parametrize(
    ("rank", "unlisted", "class_2"),
    [
        (Rank.LAW, OK, OK),
        (Rank.ADMINISTRATIVE_REGULATION, OK, OK),
        (Rank.PARTY_STATE_COUNCIL, OK, OK),
        (Rank.JUDICIAL_INTERPRETATION, LAPSED, LAPSED),
        (Rank.DEPARTMENT_RULE, LAPSED, OK),
        (Rank.NORMATIVE_DOCUMENT, LAPSED, OK),
        (Rank.LOCAL_RULE, LAPSED, LAPSED),
        (Rank.LOCAL_NORMATIVE_DOCUMENT, LAPSED, LAPSED),
        (Rank.MEMORANDUM, LAPSED, LAPSED),
    ],
)
def test_each_rank_from_the_gate_day_on(rank: Rank, unlisted: LawfulBasis, class_2: LawfulBasis) -> None:
    """What takes a right wants a high rank; management of one's own business also a national rule or document."""
    vocabulary = _cited(rank)
    assert _basis(_measure(), vocabulary) is unlisted
    assert _basis(_measure(list_item="M1"), vocabulary) is unlisted
    assert _basis(_measure(list_item="M2"), vocabulary) is class_2
    assert _basis(_measure(list_item="M3"), vocabulary) is OK


@given(ANY_RANK, ANY_EFFECT)
def test_before_the_gate_what_is_in_force_replays_as_issued(rank: Rank, effect: Effect) -> None:
    """On 2020-12-17 no rank is too low and no place too small."""
    one = _measure(effect, form=Form.LOCAL_PLAN, jurisdiction="420881")
    assert _basis(one, _cited(rank), BEFORE) is OK


@given(ANY_RANK, st.sampled_from(sorted(BENEFITS | {Effect.INFORM, Effect.LIFT})))
def test_what_restricts_nobody_needs_no_rank(rank: Rank, effect: Effect) -> None:
    """Benefits, notices and exceptions stand on whatever is in force, also in a local plan."""
    assert _basis(_measure(effect), _cited(rank)) is OK
    assert _basis(_measure(effect, form=Form.LOCAL_PLAN, jurisdiction="420881"), _cited(rank)) is OK


@pytest.mark.parametrize("effect", sorted(RESTRICTS))
def test_every_restriction_is_gated(effect: Effect) -> None:
    """Bar, limit, scrutinise, weigh and withhold lapse on the gate day when a memorandum alone carries them."""
    vocabulary = _cited(Rank.MEMORANDUM)
    assert _basis(_measure(effect), vocabulary, BEFORE) is OK
    assert _basis(_measure(effect), vocabulary, GATE) is LAPSED


@pytest.mark.parametrize("effect", sorted(DEPRIVES))
@pytest.mark.parametrize("form", [Form.LOCAL_PLAN, Form.NORMATIVE_DOCUMENT, Form.RULE])
def test_a_local_document_may_not_deprive(effect: Effect, form: Form) -> None:
    """Below local regulation it bars, limits and withholds nothing from the gate day on, whatever it cites."""
    one = _measure(effect, form=form, jurisdiction="420881")
    assert is_local(one)
    assert _basis(one, _cited(Rank.LAW), BEFORE) is OK
    assert _basis(one, _cited(Rank.LAW), GATE) is LOCAL


@pytest.mark.parametrize("effect", [Effect.SCRUTINISE, Effect.WEIGH])
def test_a_local_document_may_examine_only_on_a_sufficient_basis(effect: Effect) -> None:
    """Stricter review takes nothing away, but needs what any unlisted measure needs."""
    one = _measure(effect, form=Form.LOCAL_PLAN, jurisdiction="420881")
    assert _basis(one, _cited(Rank.LAW)) is OK
    assert _basis(one, _cited(Rank.LOCAL_NORMATIVE_DOCUMENT, "420881")) is LAPSED


@pytest.mark.parametrize(
    ("of", "place", "basis"),
    [
        ("420000", "420881", OK),  # a province's regulation inside a county of it
        ("420881", "420881", OK),
        ("420881", "420000", LAPSED),  # a county's says nothing in the whole province
        ("110000", "420881", LAPSED),
        ("420000", "national", LAPSED),
    ],
)
def test_a_local_regulation_carries_inside_its_territory(of: str, place: str, basis: LawfulBasis) -> None:
    """Containment goes by the parents of the vocabulary."""
    form = Form.LOCAL_REGULATION if place != "national" else Form.NORMATIVE_DOCUMENT
    assert _basis(_measure(form=form, jurisdiction=place), _cited(Rank.LOCAL_REGULATION, of)) is basis


def test_one_sufficient_instrument_is_enough() -> None:
    """A memorandum beside a law does no harm."""
    both = (parse_citation("X 1"), parse_citation("某法 3"))
    assert _basis(_measure(basis=both), _cited(Rank.MEMORANDUM)) is OK


def test_an_instrument_counts_on_its_own_days_only() -> None:
    """From its first to its last day, both inclusive; outside them nothing stands, before the gate or after."""
    first, last = date(2019, 1, 1), date(2022, 6, 30)
    vocabulary = _cited(Rank.LAW, span=Span(first, last))
    found = {day: _basis(_measure(), vocabulary, day) for day in _around(first) + _around(last)}
    assert list(found.values()) == [NOT_IN_FORCE, OK, OK, OK, OK, NOT_IN_FORCE]


def _around(day: date) -> list[date]:
    return [day - timedelta(days=1), day, day + timedelta(days=1)]


def test_a_law_that_ended_leaves_the_lower_basis() -> None:
    """When only the memorandum still stands, the measure has lapsed; when nothing does, nothing is in force."""
    vocabulary = _cited(Rank.LAW, span=Span(date(2000, 1, 1), date(2021, 1, 1)))
    both = (parse_citation("X 1"), parse_citation("某备忘录 2"))
    assert _basis(_measure(basis=both), vocabulary, date(2021, 1, 1)) is OK
    assert _basis(_measure(basis=both), vocabulary, date(2021, 1, 2)) is LAPSED
    assert _basis(_measure(), vocabulary, date(2021, 1, 2)) is NOT_IN_FORCE


def test_an_unregistered_instrument_is_not_in_force() -> None:
    """What nobody registered carries nothing; class 3 needs no basis at all."""
    unknown = (parse_citation("没有的法 1"),)
    assert _basis(_measure(basis=unknown), _cited(Rank.LAW)) is NOT_IN_FORCE
    assert _basis(_measure(basis=unknown, list_item="M3"), _cited(Rank.LAW)) is OK


@pytest.mark.parametrize(
    ("day", "unread"),
    [(date(2021, 12, 15), False), (date(2021, 12, 16), False), (date(2022, 12, 27), False), (date(2022, 12, 28), True)],
)
def test_an_unread_edition_is_said_and_changes_nothing(day: date, unread: bool) -> None:
    """The edition in force on the day decides the flag; the class last read carries on."""
    vocabulary = _cited(Rank.NORMATIVE_DOCUMENT)
    assert sufficient(_measure(list_item="M2"), vocabulary, day) == Footing(OK, unread)
    assert sufficient(_measure(), vocabulary, day) == Footing(LAPSED, False)


@given(ANY_RANK, ANY_EFFECT, st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.sampled_from(["", "M1", "M2", "M3"]))
def test_the_footing_changes_on_law_days_only(rank: Rank, effect: Effect, day: date, item: str) -> None:
    """Between two of the days that `law_days` names nothing changes."""
    vocabulary = _cited(rank, span=Span(date(2010, 5, 1), date(2023, 5, 1)))
    one = _measure(effect, list_item=item)
    if day not in law_days(one, vocabulary):
        assert sufficient(one, vocabulary, day) == sufficient(one, vocabulary, day - timedelta(days=1))


def test_law_days_are_named_in_order() -> None:
    """The gate, each instrument's first day and the day after its last, the editions of a listed measure."""
    vocabulary = _cited(Rank.LAW, span=Span(date(2010, 5, 1), date(2023, 5, 1)))
    assert law_days(_measure(), vocabulary) == (date(2010, 5, 1), GATE, date(2023, 5, 2))
    assert date(2022, 12, 28) in law_days(_measure(list_item="M1"), vocabulary)
