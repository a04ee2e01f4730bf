"""Conditions: every operator against its fact's type, parameters and moments, and each wrong one at its place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Period
from engine.condition import ALWAYS, Every, MomentRef, Op, ParameterRef, Some, opposed
from engine.condition import Test as Check
from engine.condition import tests_of as leaves
from engine.errors import Fault
from engine.packs.conditions import Declared, read_condition
from engine.packs.words import Node
from engine.vocabulary import Vocabulary
from tests.packs.conftest import codes, tree


def read(text: str, vocabulary: Vocabulary) -> tuple[object, list[Fault]]:
    """The condition under `when:`, and its faults."""
    faults: list[Fault] = []
    node = Node.root(tree(f"when: {text}"), faults).at("when")
    return read_condition(node, Declared(vocabulary.facts, vocabulary.parameters)), faults


DAY = date(2024, 6, 10)
LARGE = 200_000_050


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{penalty: fine}", Check("penalty", Op.ONE_OF, ("fine",))),
        ("{penalty: [fine, warning]}", Check("penalty", Op.ONE_OF, ("fine", "warning"))),
        ("{ground: ３}", Check("ground", Op.ONE_OF, ("3",))),
        ("{ground: 012}", Check("ground", Op.ONE_OF, ("012",))),
        ("{serious: yes}", Check("serious", Op.ONE_OF, ("yes",))),
        ("{serious: no}", Check("serious", Op.ONE_OF, ("no",))),
        ("{amount: {at_least: 12.5}}", Check("amount", Op.AT_LEAST, 1250)),
        ("{amount: {above: 2000000}}", Check("amount", Op.ABOVE, 200_000_000)),
        ("{times: {at_most: 3}}", Check("times", Op.AT_MOST, 3)),
        ("{times: {below: few}}", Check("times", Op.BELOW, ParameterRef("few"))),
        ("{amount: {at_least: large-fine}}", Check("amount", Op.AT_LEAST, ParameterRef("large-fine"))),
        ("{decided: {before: 2024-06-10}}", Check("decided", Op.BEFORE, DAY)),
        ("{decided: {on_or_after: prevailing}}", Check("decided", Op.ON_OR_AFTER, MomentRef("prevailing"))),
        ("{decided: {before: award}}", Check("decided", Op.BEFORE, MomentRef("award"))),
        ("{decided: {within: {years: 3}}}", Check("decided", Op.WITHIN, Period(years=3))),
        ("{ended: {within: {months: 6, days: 1}}}", Check("ended", Op.WITHIN, Period(months=6, days=1))),
        ("{penalty: {not: fine}}", Check("penalty", Op.ONE_OF, ("fine",), opposed=True)),
        ("{not: {penalty: {not: fine}}}", Check("penalty", Op.ONE_OF, ("fine",))),
        (
            "{times: 3}",
            Every((Check("times", Op.AT_LEAST, 3), Check("times", Op.AT_MOST, 3))),
        ),
        (
            "{times: {between: [2, 5]}}",
            Every((Check("times", Op.AT_LEAST, 2), Check("times", Op.AT_MOST, 5))),
        ),
        (
            "{amount: {above: 1, below: 2}}",
            Every((Check("amount", Op.ABOVE, 100), Check("amount", Op.BELOW, 200))),
        ),
        (
            "{decided: 2024-06-10}",
            Every((Check("decided", Op.ON_OR_AFTER, DAY), Check("decided", Op.BEFORE, date(2024, 6, 11)))),
        ),
        (
            "{decided: {between: [2024-06-10, 2024-06-30]}}",
            Every((Check("decided", Op.ON_OR_AFTER, DAY), Check("decided", Op.BEFORE, date(2024, 7, 1)))),
        ),
        (
            "{penalty: fine, serious: yes}",
            Every((Check("penalty", Op.ONE_OF, ("fine",)), Check("serious", Op.ONE_OF, ("yes",)))),
        ),
        (
            "{any: [{penalty: fine}, {times: {above: 3}}]}",
            Some((Check("penalty", Op.ONE_OF, ("fine",)), Check("times", Op.ABOVE, 3))),
        ),
        (
            "{amount: {any: [{below: 1}, {above: 9}]}}",
            Some((Check("amount", Op.BELOW, 100), Check("amount", Op.ABOVE, 900))),
        ),
        (
            "{not: {all: [{penalty: fine}, {serious: yes}]}}",
            Some((Check("penalty", Op.ONE_OF, ("fine",), True), Check("serious", Op.ONE_OF, ("yes",), True))),
        ),
    ],
)
def test_what_conditions_mean(text: str, wanted: object, vocabulary: Vocabulary) -> None:
    """Each way of writing, as tests."""
    assert read(text, vocabulary) == (wanted, [])


@pytest.mark.parametrize(
    ("text", "code", "underlined", "help_en"),
    [
        ("{penalti: fine}", "P207", "penalti", "did you mean `penalty`?"),
        ("{amount: {at_leats: 3}}", "P214", "at_leats", "did you mean `at_least`?"),
        ("{penalty: {at_least: 3}}", "P214", "at_least", "usable: not, any, all"),
        ("{decided: {at_least: 2024-06-10}}", "P214", "at_least", None),
        ("{amount: {within: {years: 3}}}", "P214", "within", None),
        ("{amount: {at_least: few}}", "P214", "few", None),
        ("{times: {at_least: large-fine}}", "P214", "large-fine", None),
        ("{amount: {at_least: large-fin}}", "P208", "large-fin", "did you mean `large-fine`?"),
        ("{penalty: fin}", "P215", "fin", "did you mean `fine`?"),
        ("{penalty: [fine, warnin]}", "P215", "warnin", "did you mean `warning`?"),
        ("{serious: maybe}", "P215", "maybe", None),
        ("{amount: {at_least: 1.234}}", "P215", "1.234", None),
        ("{amount: {at_least: '2,000'}}", "P215", "'2,000'", None),
        ("{amount: {at_least: -1}}", "P215", "-1", None),
        ("{times: {at_least: 1.5}}", "P215", "1.5", None),
        ("{decided: {before: 2024-02-30}}", "P215", "2024-02-30", None),
        ("{decided: {before: 2024-W24-1}}", "P215", "2024-W24-1", None),
        ("{decided: {before: 1900-01-01}}", "P215", "1900-01-01", None),
        ("{decided: {before: awrd}}", "P209", "awrd", "did you mean `award`?"),
        ("{times: {between: [5, 2]}}", "P216", "[5, 2]", "put the smaller first"),
        ("{decided: {between: [2024-06-10, 2024-06-09]}}", "P216", "[2024-06-10, 2024-06-09]", None),
        ("{times: {between: [5]}}", "P230", "[5]", None),
        ("{times: {at_least: [5]}}", "P230", "[5]", None),
        ("{decided: {within: 3}}", "P230", "3", None),
        ("{decided: {within: {year: 3}}}", "P230", "{year: 3}", None),
        ("{decided: {within: {years: 0}}}", "P230", "{years: 0}", None),
        ("{any: {penalty: fine}}", "P230", "{penalty: fine}", None),
        ("{not: [{penalty: fine}]}", "P230", "[{penalty: fine}]", None),
        ("{penalty: []}", "P230", "[]", None),
        ("{penalty: {}}", "P230", "{}", None),
        ("[penalty]", "P230", "[penalty]", None),
        ("penalty", "P230", "penalty", None),
    ],
)
def test_each_wrong_condition(
    text: str, code: str, underlined: str, help_en: str | None, vocabulary: Vocabulary
) -> None:
    """One fault, underlined where it stands; the rest of the condition still reads."""
    _, faults = read(text, vocabulary)
    assert codes(faults) == [code]
    place = faults[0].place
    assert place.source[place.column - 1 : place.column - 1 + place.length] == underlined
    assert help_en is None or faults[0].help_en == help_en


def test_all_wrong_parts_are_told(vocabulary: Vocabulary) -> None:
    """None hides another."""
    _, faults = read("{penalti: fine, amount: {at_least: x1, foo: 3}, any: [{serious: maybe}]}", vocabulary)
    assert codes(faults) == ["P207", "P208", "P214", "P215"]


def test_nothing_written_is_always_true(vocabulary: Vocabulary) -> None:
    """And a refused value is not told twice."""
    assert read("~", vocabulary) == (ALWAYS, [])
    assert read("{penalty: ~}", vocabulary)[1] == []
    assert read("{amount: {at_least: ~}}", vocabulary)[1] == []


SCALARS = st.sampled_from(["fine", "3", "yes", "2024-06-10", "large-fine", "prevailing", "x y"])
KEYS = st.sampled_from(
    ["penalty", "amount", "decided", "any", "all", "not", "at_least", "between", "before", "within", "years", "nope"]
)
SHAPES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: "[" + ", ".join(parts) + "]")
        | st.dictionaries(KEYS, inner, max_size=3).map(
            lambda parts: "{" + ", ".join(f"{key}: {part}" for key, part in parts.items()) + "}"
        )
    ),
    max_leaves=8,
)


@given(text=SHAPES)
def test_no_condition_makes_it_raise(text: str, vocabulary: Vocabulary) -> None:
    """Any nesting gives a condition on declared facts, with faults for the rest; not twice is the same again."""
    condition, _ = read(text, vocabulary)
    assert {test.fact for test in leaves(condition)} <= set(vocabulary.facts)  # type: ignore[arg-type]
    assert opposed(opposed(condition)) == condition  # type: ignore[arg-type]
