"""Bounds before any ruleset is made: the last size that is taken and the first that is not."""

from pathlib import Path

import pytest

from engine.condition import ALWAYS, Condition, Every, Op, Some
from engine.condition import Test as Compare  # pytest would collect a class called Test
from engine.model import Measure
from engine.packs import limits
from engine.packs.library import PackSource
from engine.packs.limits import ALTERNATIVES, TESTS, TEXT, WHOLE, alternatives, check_limits, longest
from engine.packs.site import Site
from engine.packs.source import parse_tree
from tests import builders
from tests.packs.conftest import measure
from tests.packs.desk import OLD, said, told


def _site(one: Measure, number: int = 0) -> Site:
    tree = parse_tree(b"measures:\n  - {clause: a, when: {amount: {at_least: b}}}\n", "x.yaml")
    memorandum = builders.rulebook(one).memoranda["pack"]
    return Site(PackSource("pack", Path("x.yaml"), tree, memorandum), memorandum, number, one)


def _codes(*measures: Measure) -> list[str]:
    return [fault.code for fault in check_limits([_site(one) for one in measures])]


def _tests(count: int, first: int = 0) -> tuple[Compare, ...]:
    return tuple(Compare("amount", Op.AT_LEAST, first + number) for number in range(count))


@pytest.mark.parametrize(
    ("condition", "ways", "most"),
    [
        (ALWAYS, 1, 0),
        (Some(()), 0, 0),
        (Some(_tests(3)), 3, 1),
        (Every(_tests(3)), 1, 3),
        (Every((Some(_tests(3)), Some(_tests(4)), *_tests(2))), 12, 4),
        (Some((Every(_tests(3)), Every((Some(_tests(2)), *_tests(1))))), 3, 3),
    ],
)
def test_alternatives_are_counted_without_writing_them_out(condition: Condition, ways: int, most: int) -> None:
    """`any` adds, `all` multiplies; the longest alternative has the sum over `all`."""
    assert (alternatives(condition), longest(condition)) == (ways, most)


def test_the_count_of_alternatives_is_capped() -> None:
    """A condition that would amount to 2^5000 alternatives is answered at once."""
    assert alternatives(Every(tuple(Some(_tests(2)) for _ in range(5000)))) == ALTERNATIVES + 1


def test_alternatives_up_to_the_bound() -> None:
    """P402 from the 65th on."""
    assert _codes(builders.measure("a", when=Some(_tests(ALTERNATIVES)))) == []
    assert _codes(builders.measure("a", when=Some(_tests(ALTERNATIVES + 1)))) == ["P402"]


def test_unless_is_counted_turned_round() -> None:
    """Under `unless`, `all` becomes a choice, and multiplies with those of `when`."""
    eight, nine = Some(_tests(8)), Every(_tests(9))
    assert _codes(builders.measure("a", when=eight, unless=Some(_tests(9)))) == []
    assert _codes(builders.measure("a", when=eight, unless=nine)) == ["P402"]


def test_tests_of_one_alternative_up_to_the_bound() -> None:
    """P403 from the 61st on."""
    assert _codes(builders.measure("a", when=Every(_tests(TESTS)))) == []
    assert _codes(builders.measure("a", when=Every(_tests(TESTS + 1)))) == ["P403"]


def test_texts_and_numbers_up_to_the_bound() -> None:
    """P405 over 1,000 characters, P406 beyond 2^53; a second lock, the reader takes nothing as large."""
    for text, codes in (("x" * TEXT, []), ("x" * (TEXT + 1), ["P405"])):
        assert _codes(builders.measure("a", when=Compare("penalty", Op.ONE_OF, ("short", text)))) == codes
    for number, codes in ((WHOLE, []), (-WHOLE, []), (WHOLE + 1, ["P406"])):
        assert _codes(builders.measure("a", unless=Compare("amount", Op.BELOW, number))) == codes


def test_the_fault_stands_at_the_fact(tmp_path: Path) -> None:
    """The key in `when` is what is underlined."""
    site = _site(builders.measure("a", when=Compare("amount", Op.AT_LEAST, WHOLE + 1)))
    (fault,) = check_limits([site])
    assert (fault.place.line, fault.place.column) == (2, 24)


def test_the_measures_of_a_bucket_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """P401 for each list and scenario apart, at the first measure too many."""
    monkeypatch.setattr(limits, "MEASURES", 3)
    three = [builders.measure(str(number)) for number in range(3)]
    elsewhere = builders.measure("e", lists=("red",))
    assert _codes(*three, elsewhere) == []
    (fault,) = check_limits([_site(one) for one in (*three, elsewhere, builders.measure("last"))])
    assert (fault.code, fault.clause) == ("P401", "last")


def test_the_tests_of_a_bucket_are_counted_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """P404 counts different tests; the same threshold in many measures is one."""
    monkeypatch.setattr(limits, "BUCKET", 5)
    same = [builders.measure(str(number), when=Every(_tests(5))) for number in range(9)]
    assert _codes(*same) == []
    assert _codes(*same, builders.measure("other", unless=Every(_tests(1, first=99)))) == ["P404"]


def test_measures_on_the_inquiry_have_a_bucket_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measures that stand on no list are counted by scenario."""
    monkeypatch.setattr(limits, "MEASURES", 1)
    pair = [builders.measure(name, lists=(), on_inquiry=True, window=None) for name in "ab"]
    assert _codes(*pair) == ["P401"]


def test_a_pack_with_too_many_alternatives(tmp_path: Path) -> None:
    """The whole way from YAML: eight times nine."""
    choices = [
        "[" + ", ".join(f"{{amount: {first + n}}}" for n in range(count)) + "]" for first, count in ((0, 8), (50, 9))
    ]
    when = f"{{all: [{{any: {choices[0]}}}, {{any: {choices[1]}}}]}}"
    found = said(tmp_path, OLD + measure(lists="[penalties]", when=when), "P4")
    assert told(found) == [("P402", "error", "when")]
