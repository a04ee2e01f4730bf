"""Bounds (P4xx) on what one ruleset of durable-rules must carry, checked before any ruleset is made.

Beyond its limits that library hangs or crashes without a word. It is fed in chunks, so these bounds are generous:
no law comes near them, and a pack that does is a slip or an attack.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import prod

from engine.condition import Condition, Every, Operand, Test, opposed, tests_of
from engine.errors import Fault
from engine.packs.site import Site
from engine.vocabulary import Words

MEASURES = 4_000  # of one list and scenario: a ruleset holds 4,096 rules
ALTERNATIVES = 64  # of one measure: so many tests may be true at once under one node
TESTS = 60  # in one alternative, for the same reason
BUCKET = 2_000  # different tests of one list and scenario: the 512th under one node hangs the process
TEXT = 1_000  # characters: at 65,536 any two texts are equal
WHOLE = 2**53  # beyond it JSON readers round, and durable-rules saturates at 2^63

_SPLIT = Words("把这一条拆成几条措施", "split the clause into several measures")


def check_limits(sites: Iterable[Site]) -> Iterator[Fault]:
    """Hold every measure, and all measures of one list and scenario together, against the bounds."""
    buckets: dict[tuple[str, str], list[Site]] = defaultdict(list)
    for site in sites:
        yield from _condition(site)
        yield from _operands(site)
        for scenario in site.measure.scenarios:
            for name in site.measure.lists or ("inquiry",):
                buckets[name, scenario].append(site)
    for (name, scenario), bucket in sorted(buckets.items()):
        yield from _bucket(f"{name}/{scenario}", bucket)


def alternatives(condition: Condition) -> int:
    """How many alternatives the condition has in disjunctive normal form; counting stops just past the bound."""
    if isinstance(condition, Test):
        return 1
    counts = [alternatives(part) for part in condition.parts]
    # Nested `any` under `all` multiplies: without the cap the number itself could fill the memory.
    return min(prod(counts) if isinstance(condition, Every) else sum(counts), ALTERNATIVES + 1)


def longest(condition: Condition) -> int:
    """How many tests the longest of its alternatives has."""
    if isinstance(condition, Test):
        return 1
    counts = [longest(part) for part in condition.parts]
    return sum(counts) if isinstance(condition, Every) else max(counts, default=0)


def _condition(site: Site) -> Iterator[Fault]:
    unless = site.measure.unless
    # Turned round, `any` and `all` of an `unless` change places.
    whole = Every((site.measure.when, opposed(unless))) if unless else site.measure.when
    where = "when" if tests_of(site.measure.when) else "unless"
    if alternatives(whole) > ALTERNATIVES:
        zh, en = f"条件展开后超过 {ALTERNATIVES} 种情形", f"the condition has more than {ALTERNATIVES} alternatives"
        yield site.fault("P402", Words(zh, en), where, mend=_SPLIT)
    if (count := longest(whole)) > TESTS:
        zh = f"一种情形里有 {count} 项检验，上限为 {TESTS}"
        en = f"one alternative of the condition has {count} tests, at most {TESTS} are taken"
        yield site.fault("P403", Words(zh, en), where, mend=_SPLIT)


def _operands(site: Site) -> Iterator[Fault]:
    for key, condition in (("when", site.measure.when), ("unless", site.measure.unless)):
        for test in tests_of(condition) if condition else ():
            if _too_long(test.operand):
                zh, en = (
                    f"`{test.fact}` 的文字超过 {TEXT} 个字符",
                    f"a text for `{test.fact}` is over {TEXT} characters",
                )
                mend = Words("改用一个短的代码", "use a short code instead")
                yield site.fault("P405", Words(zh, en), key, test.fact, mend=mend)
            if _too_big(test.operand):
                zh = f"`{test.fact}` 的数超过 2^53（金额以分计）"
                en = f"a number for `{test.fact}` is beyond 2^53 (money counts in fen)"
                mend = Words("检查是否多写了几个零", "look for zeros too many")
                yield site.fault("P406", Words(zh, en), key, test.fact, mend=mend)


def _too_long(operand: Operand) -> bool:
    return isinstance(operand, tuple) and any(len(text) > TEXT for text in operand)


def _too_big(operand: Operand) -> bool:
    return isinstance(operand, int) and abs(operand) > WHOLE


def _bucket(name: str, bucket: list[Site]) -> Iterator[Fault]:
    if len(bucket) > MEASURES:
        zh = f"`{name}` 有 {len(bucket)} 条措施，上限为 {MEASURES}"
        en = f"`{name}` has {len(bucket)} measures, at most {MEASURES} are taken"
        yield bucket[MEASURES].fault("P401", Words(zh, en), "clause")
    tests: set[Test] = set()
    for site in bucket:
        tests.update(tests_of(site.measure.when))
        tests.update(tests_of(site.measure.unless) if site.measure.unless else ())
        if len(tests) > BUCKET:
            zh = f"`{name}` 的措施合计超过 {BUCKET} 项不同的检验"
            en = f"the measures of `{name}` make more than {BUCKET} different tests together"
            yield site.fault("P404", Words(zh, en), "clause")
            return
