"""The limits of a ruleset, fed what no bucket feeds them: each is named, in both languages, before any ruleset."""

import json
from contextlib import nullcontext, suppress

import durable_rules_engine as durable
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineFault
from engine.matching import limits, rete
from engine.matching.limits import Compare, check, fnv1a
from engine.matching.rete import PROPERTIES


def rules(chains):
    """Rules by name."""
    return {f"r{n}": tuple(Compare(*ask) for ask in chain) for n, chain in enumerate(chains)}


def either(n):
    """The number's bits as tests of which only one of a pair can be true."""
    return [("$gte", f"b{bit}", 1) if n >> bit & 1 else ("$lte", f"b{bit}", 0) for bit in range(12)]


BITS = [f"b{bit}" for bit in range(12)]
# what is said, how much is allowed, the chains and the properties for so much of it
LIMITS = [
    pytest.param("rules", limits.RULES, lambda n: map(either, range(n)), BITS, id="rules"),
    pytest.param(
        "rules ending in the same test", limits.ENDING, lambda n: [[("$gte", "a", 1)]] * n, ["a"], id="one end"
    ),
    pytest.param(
        "tests true at once", limits.AT_ONCE, lambda n: [[("$gte", f"p{i}", 1)] for i in range(n)], None, id="at once"
    ),
    pytest.param(
        "tests true at once",
        limits.AT_ONCE,
        lambda n: (
            [[("$lte", "a", i)] for i in range(n - 20)] + [[("$lte", "a", 0), ("$gte", "b", i)] for i in range(21)]
        ),
        ["a", "b"],
        id="at once under several nodes",
    ),
    pytest.param("properties of a fact", limits.PROPERTIES, lambda n: [[("$gte", "p0", 1)]], None, id="properties"),
]


def named(properties, n):
    """The properties given, or so many of them."""
    return properties or [f"p{i}" for i in range(n)]


@pytest.mark.parametrize(("said", "limit", "chains", "properties"), LIMITS)
def test_a_ruleset_at_a_limit_passes_and_one_past_it_is_a_fault_that_names_it(said, limit, chains, properties):
    """In both languages, with what was found and what is allowed."""
    fits, over = limit, limit + 1
    if said.startswith("properties"):
        fits, over = fits - 2, over - 2  # `sid` and `id` count
    check(rules(chains(fits)), named(properties, fits))
    with pytest.raises(EngineFault, match=rf"{said} \({limit + 1}, at most {limit}\)") as fault:
        check(rules(chains(over)), named(properties, over))
    assert f"（{limit + 1}，至多 {limit}）" in fault.value.zh


@pytest.mark.parametrize(
    ("said", "chains", "properties"),
    [
        ("different tests under one node", [[("$gte", f"p{i % 50}", i)] for i in range(401)], named(None, 50)),
        ("tests of one property under one node", [[("$gte", "a", i)] for i in range(201)], ["a"]),
        ("a rule without a test", [[]], ["a"]),
        (r"the operator \$neq", [[("$neq", "a", 1)]], ["a"]),
        (r"the operator \$or", [[("$or", "a", 1)]], ["a"]),
        ("a property no fact carries: b", [[("$gte", "b", 1)]], ["a"]),
        ("no integer within 2\\^62", [[("$gte", "a", 2**62 + 1)]], ["a"]),
        ("no integer within 2\\^62", [[("$lte", "a", -(2**62) - 1)]], ["a"]),
        ("no integer", [[("$gte", "a", 1.0)]], ["a"]),
        ("no integer", [[("$gte", "a", True)]], ["a"]),
        ("no integer", [[("$gte", "a", "1")]], ["a"]),
        ("no integer", [[("$gte", "a", None)]], ["a"]),
        ("plain and short", [[("$gte", "a b", 1)]], ["a b"]),
        ("plain and short", [[("$gte", "名", 1)]], ["名"]),
        ("plain and short", [[("$gte", "a" * 1_001, 1)]], ["a" * 1_001]),
        ("two property names with one hash", [[("$gte", "x496069", 1)]], ["x496069", "x1035124"]),
        ("two property names with one hash", [[("$gte", "sid", 1)]], ["sid"]),
        ("two property names with one hash", [[("$gte", "id", 1)]], ["id"]),
        ("two property names with one hash", [[("$gte", "$and", 1)]], ["$and"]),
    ],
)
def test_what_is_past_a_limit_or_outside_the_subset_is_a_fault_that_names_it(said, chains, properties):
    """None of it would be refused by the C module, which would hang, answer wrongly or coerce."""
    with pytest.raises(EngineFault, match=said) as fault:
        check(rules(chains), properties)
    assert fault.value.zh.startswith("规则集超出 durable-rules 的限度：")


def test_names_of_rules_are_plain_too():
    """A quotation mark would come back escaped."""
    with pytest.raises(EngineFault, match="plain and short"):
        check({'r"': (Compare("$gte", "a", 1),)}, ["a"])


@pytest.mark.parametrize(
    ("text", "value"),
    [("sid", 3593476751), ("id", 926444256), ("$and", 3746487396), ("$nex", 2605470202), ("$forward", 739185624)],
)
def test_the_hash_is_the_c_modules(text, value):
    """The figures are those of its source."""
    assert fnv1a(text) == value
    assert fnv1a("x496069") == fnv1a("x1035124")


def test_every_name_the_judge_may_use_has_a_hash_of_its_own():
    """All 240 properties with those of the C module's messages and the words of its language; sid and ids likewise."""
    names = ["u", *(f"t{n}" for n in range(PROPERTIES)), *limits.TAKEN]
    assert len({fnv1a(name) for name in names}) == len(names)
    ids = [f"s!{id_}" for id_ in ("1", "sid-s")]  # ours, and that of the state's own message
    assert len({fnv1a(id_) for id_ in ids}) == len(ids)


one = st.builds(Compare, st.just("$gte"), st.sampled_from("abcdef"), st.integers(0, 40))
chained = st.lists(st.lists(one, min_size=1, max_size=3), min_size=30, max_size=150)


@given(chained)
def test_the_count_of_truths_at_once_is_never_too_low(chains):
    """Facts that pass every test: what the check counts as at most 64 never meets error 303."""
    made = {f"r{n}": tuple(chain) for n, chain in enumerate(chains)}
    handle = durable.create_ruleset("cage", json.dumps({name: rete._rule(chain) for name, chain in made.items()}))
    fact = json.dumps({"sid": "s", "id": "1"} | dict.fromkeys("abcdef", 99))
    counted = limits._at_once(limits._network(made.values()))
    with suppress(durable.error) if counted > 64 else nullcontext():
        durable.assert_fact(handle, fact)
