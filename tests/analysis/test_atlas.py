"""The atlas: every measure where it belongs, the strongest of a meeting first, and what rests kept apart."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.atlas import NO_LIST, STRONGEST_FIRST, Atlas, draw, grants, left_open, strength
from engine.analysis.bite import Lack, bites_of
from engine.citation import parse_citation
from engine.errors import Place
from engine.model import BENEFITS, Contested, Duty, Effect, Form, Measure, Rulebook
from engine.packs.cases import Case
from engine.packs.library import read_library, shipped
from engine.vocabulary import Span
from tests import builders

DAY = date(2024, 6, 10)


def drawn(*measures: Measure, day: date = DAY, shared: tuple[Case, ...] = ()) -> Atlas:
    """The atlas of a rulebook of these measures."""
    return draw(builders.rulebook(*measures), day, {}, shared)


def case(name: str, because: tuple[str, ...]) -> Case:
    """A case of which only the sentence and the clauses matter."""
    empty = (None, None, None)
    return Case(name, "", Place("x"), builders.inquiry(), builders.register(), "ineligible", because, *empty, ())


def test_every_effect_has_its_strength() -> None:
    """No effect is forgotten, and none restricts less than one that grants."""
    assert sorted(STRONGEST_FIRST) == sorted(Effect)
    restricting = [n for n, effect in enumerate(STRONGEST_FIRST) if effect not in BENEFITS | {Effect.LIFT}]
    granting = [n for n, effect in enumerate(STRONGEST_FIRST) if effect in BENEFITS]
    assert max(restricting) < min(granting)


def test_a_measure_stands_in_each_cell_of_its_lists_and_scenarios() -> None:
    """Two lists and two scenarios are four meetings, in the vocabulary's order, and nothing stands elsewhere."""
    one = builders.measure("一", lists=("watch", "black"), scenarios=("permit", "procurement"), matters=("all",))
    atlas = drawn(one)
    assert list(atlas.cells) == [
        ("black", "procurement"),
        ("black", "permit"),
        ("watch", "procurement"),
        ("watch", "permit"),
    ]
    assert all([bite.measure for bite in cell.effective] == [one] for cell in atlas.cells.values())
    assert [cell.scenario for cell in atlas.lists["black"].cells] == ["procurement", "permit"]
    assert [cell.list for cell in atlas.scenarios["permit"].cells] == ["black", "watch"]
    assert atlas.lists["red"].cells == ()
    assert atlas.lists["black"].memoranda == ("pack",)


def test_a_measure_on_no_list_has_a_cell_of_its_own() -> None:
    """It is not lost, and stands last in its scenario however strong it is."""
    atlas = drawn(builders.measure("一", lists=(), on_inquiry=True, window=None), builders.measure("二", Effect.INFORM))
    assert [cell.list for cell in atlas.scenarios["procurement"].cells] == ["black", NO_LIST]


def test_the_strongest_comes_first() -> None:
    """By effect, then what is ordered before what is left open, then national before local."""
    given_ = {"pack": "local", "jurisdiction": "420000", "form": Form.LOCAL_REGULATION}
    measures = (
        builders.measure("提", Effect.INFORM),
        builders.measure("禁二", duty=Duty.MAY),
        builders.measure("禁三", basis=(parse_citation("某省条例 1"),), **given_),
        builders.measure("禁一"),
        builders.measure("绿", Effect.GREEN_CHANNEL),
        builders.measure("限", Effect.LIMIT),
    )
    cell = drawn(*measures).cells["black", "procurement"]
    assert [bite.measure.clause for bite in cell.effective] == ["禁一", "禁三", "禁二", "限", "提", "绿"]
    assert cell.strongest is cell.effective[0]


@pytest.mark.parametrize(
    ("changes", "lack"),
    [
        ({"draft": True}, Lack.DRAFT),
        ({"span": Span(date(2025, 1, 1))}, Lack.NOT_YET),
        ({"span": Span(date(2010, 1, 1), date(2020, 1, 1))}, Lack.ENDED),
        ({"basis": (parse_citation("某备忘录"),), "form": Form.MEMORANDUM}, Lack.LAPSED),
    ],
)
def test_what_has_no_effect_rests(changes: dict[str, object], lack: Lack) -> None:
    """Drafts, what is not yet or no more in force, and what has lost its basis never count as the strongest."""
    atlas = drawn(builders.measure("一", **changes), builders.measure("二", Effect.INFORM))
    cell = atlas.cells["black", "procurement"]
    assert [bite.lack for bite in cell.resting] == [lack]
    assert cell.strongest
    assert cell.strongest.measure.clause == "二"
    alone = drawn(builders.measure("一", **changes)).cells["black", "procurement"]
    assert alone.strongest is None


def test_the_day_decides() -> None:
    """A memorandum alone carried a bar to the eve of the gate."""
    one = builders.measure("一", basis=(parse_citation("某备忘录"),), form=Form.MEMORANDUM)
    assert drawn(one, day=date(2020, 12, 17)).sheets["pack"].biting == 1
    assert drawn(one, day=date(2020, 12, 18)).sheets["pack"].biting == 0


def test_left_open_is_what_a_person_decides() -> None:
    """The law's `may`, and a question that stands on the day; not one that comes later."""
    question = Contested("mof", builders.words("whether"), date(2024, 6, 11))
    later, now = (
        builders.measure("一", contested=question),
        builders.measure("二", contested=replace(question, since=DAY)),
    )
    may = builders.measure("三", duty=Duty.MAY)
    bites = drawn(later, now, may).sheets["pack"].bites
    assert [left_open(bite) for bite in bites] == [False, True, True]


def test_a_sheet_keeps_the_documents_order_and_counts_its_readings() -> None:
    """Measures as the document has them; readings counted, the most frequent first."""
    low = replace(builders.CHECKED, confidence="low")
    clauses = [builders.measure("三", checked=low), builders.measure("一"), builders.measure("二")]
    sheet = drawn(*clauses).sheets["pack"]
    assert [bite.measure.clause for bite in sheet.bites] == ["三", "一", "二"]
    assert sheet.readings == ((builders.CHECKED, 2), (low, 1))


def test_shared_cases_stand_with_every_document_they_name() -> None:
    """By pack and clause, or by a clause that only one document has; each case once."""
    measures = (builders.measure("一"), builders.measure("二"), builders.measure("一", pack="other"))
    shared = (case("both", ("other#一", "pack#一")), case("bare", ("二", "pack#二")), case("none", ()))
    sheets = drawn(*measures, shared=shared).sheets
    assert [one.name for one in sheets["pack"].shared] == ["both", "bare"]
    assert [one.name for one in sheets["other"].shared] == ["both"]


EFFECTS = st.sampled_from(sorted(Effect))
MEASURES = st.lists(
    st.tuples(
        EFFECTS,
        st.sampled_from(sorted(Duty)),
        st.booleans(),
        st.lists(st.sampled_from(["black", "red", "watch"]), min_size=1, unique=True),
    ),
    max_size=12,
)


@given(MEASURES)
def test_nothing_is_lost_and_nothing_is_doubled(rows: list[tuple[Effect, Duty, bool, list[str]]]) -> None:
    """Each measure stands once in each of its cells, and the strongest of a cell is the least by strength."""
    measures = [
        builders.measure(f"第{n}", effect, duty=duty, draft=draft, lists=tuple(lists))
        for n, (effect, duty, draft, lists) in enumerate(rows)
    ]
    atlas = drawn(*measures)
    placed = [(b.measure.id, code) for (code, _), c in atlas.cells.items() for b in (*c.effective, *c.resting)]
    assert sorted(placed) == sorted((one.id, code) for one in measures for code in one.lists)
    for cell in atlas.cells.values():
        assert all(bite.lack is None for bite in cell.effective)
        assert all(bite.lack for bite in cell.resting)
        assert cell.strongest == min(cell.effective, key=strength, default=None)


def test_the_shipped_library_agrees_with_its_bites() -> None:
    """What the atlas shows of each measure is what is said of it alone; a benefit is never taken for a restriction."""
    rulebook: Rulebook = read_library([shipped()], with_cases=False).rulebook()
    atlas = draw(rulebook, DAY, {})
    known = {bite.measure.id: bite for bite in bites_of(rulebook, DAY)}
    shown = {bite.measure.id: bite for sheet in atlas.sheets.values() for bite in sheet.bites}
    assert shown == known
    for cell in atlas.cells.values():
        assert all(known[bite.measure.id] == bite for bite in (*cell.effective, *cell.resting))
    assert {bite.measure.effect for bite in known.values() if grants(bite)} <= BENEFITS
