"""What measures say of one another: unknown targets, circles, exceptions that never meet, routes nobody grants."""

import random
from graphlib import CycleError
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import Effect, Measure
from engine.packs.graph import lift_order
from tests import builders
from tests.packs.conftest import measure
from tests.packs.desk import OLD, marked, said, told

PERMIT = {"scenarios": "[permit]", "matters": "[food]", "effect": "route", "route": "commitment"}
CLOSING = {"scenarios": "[permit]", "matters": "[food]", "effect": "withhold", "withholds": "[commitment]"}


def _pack(*measures: dict[str, str]) -> str:
    return OLD + "".join(measure(clause=f"'{number}'", **keys) for number, keys in enumerate(measures, 1))


def test_a_lift_of_an_existing_clause_is_no_fault(tmp_path: Path) -> None:
    """Same list, same scenario."""
    assert said(tmp_path, _pack({}, {"effect": "lift", "lifts": "['1']"}, {"given": "['1']"}), "P51") == []


def test_a_target_in_another_pack(tmp_path: Path) -> None:
    """P510 names the nearest clause of that pack, or the nearest pack."""
    packs = {
        "notice": _pack({}),
        "other": _pack({"effect": "lift", "lifts": "['notice#1', 'notice#l', 'notlce#1']"}),
    }
    found = said(tmp_path, packs, "P510")
    assert [(marked(fault), fault.help_en) for fault in found] == [
        ("'notice#l'", "did you mean `notice#1`?"),
        ("'notlce#1'", "did you mean `notice`?"),
    ]


def test_a_circle_is_named_with_all_its_members(tmp_path: Path) -> None:
    """P511, once, beginning with the first by identity."""
    ring = _pack(
        {"effect": "lift", "lifts": "['2']"}, {"effect": "lift", "lifts": "['3']"}, {"effect": "lift", "lifts": "['1']"}
    )
    (fault,) = said(tmp_path, ring, "P511")
    assert "`notice#1` → `notice#2` → `notice#3` → `notice#1`" in fault.en
    assert (fault.clause, marked(fault)) == ("1", "lifts")


def test_every_circle_is_reported(tmp_path: Path) -> None:
    """Two circles, one through `given` and one through itself."""
    pack = _pack({"given": "['2']"}, {"given": "['1']"}, {"effect": "lift", "lifts": "['3']"})
    found = said(tmp_path, pack, "P511")
    assert [fault.en.split(": ")[1] for fault in found] == [
        "`notice#1` → `notice#2` → `notice#1`",
        "`notice#3` → `notice#3`",
    ]


@pytest.mark.parametrize(
    ("keys", "meets"),
    [
        ({}, True),
        ({"lists": "[watched]"}, False),
        ({"lists": "[watched, defaulters]"}, True),
        ({"lists": "[watched]", "scope": "inquiry"}, True),
        ({"scenarios": "[permit]", "matters": "[food]"}, False),
        ({"scenarios": "[permit]", "matters": "[food]", "scope": "inquiry"}, False),
        ({"stands_on": "inquiry"}, False),
        ({"stands_on": "inquiry", "scope": "inquiry"}, True),
    ],
)
def test_an_exception_must_be_able_to_meet_its_target(tmp_path: Path, keys: dict[str, str], meets: bool) -> None:
    """P512: a scenario in common, and a list unless the exception's scope is the inquiry."""
    found = told(said(tmp_path, _pack({}, {"effect": "lift", "lifts": "['1']", **keys}), "P512"))
    assert found == ([] if meets else [("P512", "warning", "'1'")])


def test_a_condition_on_another_scenario_never_holds(tmp_path: Path) -> None:
    """P512 for `given`: the scenario must be shared, the list need not."""
    assert said(tmp_path / "a", _pack({}, {"lists": "[watched]", "given": "['1']"}), "P512") == []
    apart = _pack({}, {"scenarios": "[permit]", "matters": "[food]", "given": "['1']"})
    assert told(said(tmp_path / "b", apart, "P512")) == [("P512", "warning", "'1'")]


def test_a_route_that_is_closed_must_be_granted_somewhere(tmp_path: Path) -> None:
    """P513, unless some pack grants it in that scenario."""
    assert told(said(tmp_path / "a", _pack(CLOSING), "P513")) == [("P513", "warning", "commitment")]
    assert said(tmp_path / "b", {"closing": _pack(CLOSING), "granting": _pack(PERMIT)}, "P513") == []
    assert said(tmp_path / "c", _pack({**CLOSING, "withholds": "all"}), "P513") == []
    assert said(tmp_path / "d", _pack({**CLOSING, "withholds": "[green_channel, prefer]"}), "P513") == []


def _bar(clause: str, *given_: str) -> Measure:
    return builders.measure(clause, given=tuple(f"pack#{name}" for name in given_))


def _lift(clause: str, *targets: str) -> Measure:
    return builders.measure(clause, Effect.LIFT, lifts=tuple(f"pack#{name}" for name in targets))


def test_the_order_puts_first_what_others_wait_for() -> None:
    """A lift of a lift, the lift, its target, what is given with the target."""
    order = lift_order([_bar("d", "c"), _bar("c"), _lift("b", "c"), _lift("a", "b"), _lift("e", "elsewhere")])
    assert [name.removeprefix("pack#") for name in order if name != "pack#e"] == ["a", "b", "c", "d"]
    assert "pack#e" in order


def test_a_circle_has_no_order() -> None:
    """The checker refuses it; whoever asks nevertheless gets graphlib's word."""
    with pytest.raises(CycleError):
        lift_order([_lift("a", "b"), _lift("b", "a")])


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), max_size=20), st.randoms())
def test_the_order_is_one_and_keeps_every_arrow(arrows: list[tuple[int, int, bool]], chance: random.Random) -> None:
    """Whatever the order of the measures, the answer is the same, complete, and no arrow points backwards."""
    lifts: dict[int, list[str]] = {n: [] for n in range(10)}
    needs: dict[int, list[str]] = {n: [] for n in range(10)}
    for low, high, lift in arrows:
        if low < high and lift:
            lifts[low].append(f"pack#{high}")
        elif low < high:
            needs[high].append(f"pack#{low}")
    measures = [builders.measure(str(n), lifts=tuple(lifts[n]), given=tuple(needs[n])) for n in range(10)]
    order = lift_order(measures)
    at = {name: place for place, name in enumerate(order)}
    assert sorted(order) == [f"pack#{n}" for n in range(10)]
    assert all(at[one.id] < at[name] for one in measures for name in one.lifts)
    assert all(at[name] < at[one.id] for one in measures for name in one.given)
    chance.shuffle(measures)
    assert lift_order(measures) == order
