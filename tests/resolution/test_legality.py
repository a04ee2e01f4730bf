"""Which matches may count: drafts, the gate of 2020-12-18, the authority asking, the matter at hand."""

from datetime import date
from typing import Any

import pytest

from engine.calendar import read_when
from engine.citation import parse_citation
from engine.condition import Op
from engine.condition import Test as Ask
from engine.decision import Cause, Finding, State, Why
from engine.matching.match import match
from engine.model import Checked, Duty, Effect, Form, Measure
from engine.resolution.precedence import findings
from engine.vocabulary import Span
from tests.builders import entry, inquiry, measure, register, rulebook
from tests.strategies import WORDS

BEFORE, GATE = "2020-12-17T12:00+08:00", "2020-12-18T00:00+08:00"


def found(one: Measure, at: str = GATE, **asked: Any) -> Finding:
    """The finding of one measure on an entry listed a month before."""
    asked = inquiry(at=at, **asked)
    book = rulebook(one, vocabulary=WORDS)
    scenario = asked.scenario
    known = register(entry("endless", listed="2015-01-01"))
    assert scenario in one.scenarios
    (only,) = findings(match(asked, known, book).found, asked, book)
    return only


def on(clause: str, *basis: str, **changes: Any) -> Measure:
    """A measure standing on these instruments."""
    cited = tuple(map(parse_citation, basis or ("某法 1",)))
    return measure(clause, **{"lists": ("endless",), "basis": cited} | changes)


def why(finding: Finding) -> Why | None:
    """Why it has no effect; None if it has."""
    if finding.state is State.EFFECTIVE:
        return None
    assert finding.state is State.WITHOUT_EFFECT
    (cause,) = finding.causes
    return cause.why


# -- drafts


def test_a_draft_is_shown_and_never_effective():
    """Whatever its basis, and before the gate too."""
    draft = on("1", draft=True, checked=Checked("memory", date(2026, 1, 1), "low"))
    assert why(found(draft)) is Why.DRAFT
    assert why(found(draft, BEFORE)) is Why.DRAFT


# -- the gate

_MEMORANDUM, _RULE, _LAW = ("某备忘录 三",), ("某规 2",), ("某法 1",)


@pytest.mark.parametrize("effect", [Effect.BAR, Effect.LIMIT, Effect.SCRUTINISE, Effect.WEIGH, Effect.WITHHOLD])
@pytest.mark.parametrize(
    ("basis", "item", "expected"),
    [
        (_MEMORANDUM, "M1", Why.LAPSED),
        (_MEMORANDUM, "", Why.LAPSED),
        (_MEMORANDUM, "M10", Why.LAPSED),
        (_RULE, "M1", Why.LAPSED),
        (_RULE, "", Why.LAPSED),
        (_RULE, "M10", None),
        (_LAW, "M1", None),
        (_LAW, "", None),
        ((*_MEMORANDUM, *_LAW), "M1", None),
        (_MEMORANDUM, "M20", None),
    ],
)
def test_what_restricts_needs_a_sufficient_basis_from_the_gate_day_on(effect, basis, item, expected):
    """Class 1 a law, class 2 also a department rule, class 3 nothing; what is on no list counts as class 1."""
    changes = {"withholds": ("all",)} if effect is Effect.WITHHOLD else {}
    one = on("1", *basis, effect=effect, list_item=item, **changes)
    assert why(found(one, BEFORE)) is None
    assert why(found(one, GATE)) is expected
    assert why(found(one, "2026-01-01T12:00+08:00")) is expected


@pytest.mark.parametrize("effect", [Effect.INFORM, Effect.PREFER, Effect.GREEN_CHANNEL, Effect.ROUTE, Effect.LIFT])
def test_what_restricts_nobody_needs_no_gate(effect):
    """A memorandum may go on to inform, to favour and to except."""
    assert why(found(on("1", *_MEMORANDUM, effect=effect, route="commitment"))) is None


def test_the_gate_is_asked_on_the_day_the_measure_is_judged_at():
    """A cut-off before, an award on the day: two measures in one inquiry, one of them lapsed."""
    award = {"moments": {"award": read_when("2020-12-18")}}
    assert why(found(on("1", *_MEMORANDUM), BEFORE, **award)) is None
    assert why(found(on("1", *_MEMORANDUM, at="award"), BEFORE, **award)) is Why.LAPSED


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        (Effect.BAR, Why.LOCAL),
        (Effect.LIMIT, Why.LOCAL),
        (Effect.WITHHOLD, Why.LOCAL),
        (Effect.INFORM, None),
        (Effect.PREFER, None),
    ],
)
@pytest.mark.parametrize("basis", [_LAW, _MEMORANDUM])
def test_a_local_document_may_favour_and_inform_but_not_deprive(effect, expected, basis):
    """From the gate day on, whatever it cites; the day before it replays as issued."""
    here = {"form": Form.LOCAL_PLAN, "jurisdiction": "420881", "effect": effect, "withholds": ("all",)}
    one = on("1", *basis, **here)
    assert why(found(one, BEFORE, jurisdiction="420881")) is None
    assert why(found(one, GATE, jurisdiction="420881")) is expected


@pytest.mark.parametrize(("place", "expected"), [("420881", None), ("420000", None), ("110000", Why.LAPSED)])
def test_a_local_regulation_carries_a_measure_inside_its_territory(place, expected):
    """The province's regulation for its cities, not for the capital."""
    one = on("1", "某省条例 4", form=Form.LOCAL_REGULATION, jurisdiction=place)
    assert why(found(one, GATE, jurisdiction=place)) is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2024-06-10", None), ("2024-06-11", None), ("2024-06-12", Why.NOT_IN_FORCE), ("2024-06-09", None)],
)
def test_a_basis_counts_through_its_last_day(day, expected):
    """旧法 is in force until 2024-06-11; the day after nothing cited is."""
    assert why(found(on("1", "旧法 1"), f"{day}T12:00+08:00")) is expected


@pytest.mark.parametrize(("day", "expected"), [("2024-06-11", Why.NOT_IN_FORCE), ("2024-06-12", None)])
def test_a_basis_counts_from_its_first_day(day, expected):
    """新法 is in force from 2024-06-12."""
    assert why(found(on("1", "新法 1"), f"{day}T12:00+08:00")) is expected


def test_one_of_several_instruments_in_force_is_enough():
    """The others may have ended."""
    assert why(found(on("1", "旧法 1", "某法 1"), "2024-07-01T12:00+08:00")) is None


# -- who asks, and for what


@pytest.mark.parametrize(
    ("authority", "by", "expected"),
    [
        (None, ("keeper",), None),
        ("keeper", ("keeper",), None),
        ("keeper", ("old", "keeper"), None),
        ("new", ("keeper",), Why.NOT_YOUR_AUTHORITY),
        ("new", ("old",), None),
        ("old", ("new",), Why.NOT_YOUR_AUTHORITY),
        ("keeper", ("all-issuers",), None),
        ("new", ("all-issuers",), Why.NOT_YOUR_AUTHORITY),
    ],
)
def test_not_yours_by_authority(authority, by, expected):
    """Those named, their heirs, or all that signed; nobody asked for an authority, nobody is refused."""
    assert why(found(on("1", by=by), authority=authority)) is expected


def test_an_exception_helps_before_every_authority():
    """What the law takes back nobody may apply."""
    assert why(found(on("1", effect=Effect.LIFT), authority="new")) is None


@pytest.mark.parametrize(
    ("matter", "matters", "expected"),
    [
        ("food", ("food",), None),
        ("works", ("food",), Why.NOT_YOUR_MATTER),
        ("works", ("food", "works"), None),
        ("works", ("all",), None),
        ("works", (), None),
    ],
)
def test_not_yours_by_matter(matter, matters, expected):
    """The matters named, or all."""
    one = on("1", scenarios=("permit",), matters=matters)
    assert why(found(one, scenario="permit", matter=matter)) is expected


@pytest.mark.parametrize(
    ("matters", "state"), [(("food",), State.UNDETERMINED), (("all",), State.EFFECTIVE), ((), State.EFFECTIVE)]
)
def test_a_matter_nobody_stated_leaves_it_open(matters, state):
    """Only where the measure is for certain matters."""
    finding = found(on("1", scenarios=("permit",), matters=matters), scenario="permit")
    assert finding.state is state
    assert (Cause(Why.MATTER_UNSTATED) in finding.causes) is (state is State.UNDETERMINED)


def test_what_is_not_yours_says_only_that():
    """Neither duty nor missing facts are told beside it."""
    one = on("1", when=Ask("mandatory", Op.ONE_OF, ("yes",)), duty=Duty.MAY, span=Span(date(2010, 1, 1)))
    finding = found(one, authority="new")
    assert (finding.causes, finding.missing) == ((Cause(Why.NOT_YOUR_AUTHORITY, "new"),), ())


@pytest.mark.parametrize(
    ("item", "at", "said"),
    [("M1", GATE, False), ("M1", "2024-06-11T12:00+08:00", True), ("", "2024-06-11T12:00+08:00", False)],
)
def test_an_edition_of_the_list_that_was_not_read_changes_nothing_but_is_said(item, at, said):
    """The last read rows carry on; a measure without an item on the list does not care."""
    finding = found(on("1", list_item=item), at)
    assert (finding.state, finding.edition_not_read) == (State.EFFECTIVE, said)
