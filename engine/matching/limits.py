"""What durable-rules bears, checked before a ruleset is made: beyond it the C module hangs, overruns memory or lies.

Rulesets are cut so that none of these limits is ever near; this is the second lock on the same door, and
`tests/matching/test_dangers.py` shows with the installed version what stands behind it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import ge, le
from typing import NamedTuple

from engine.errors import EngineFault

RULES = 4_000  # 4,096 are the most
ENDING = 60  # rules ending in the same test: the 256th overruns a list
UNDER = 400  # different tests under one node: the 512th hangs the process at the first fact
OF_ONE = 200  # of them on one property: equality is not hashed, each is tried in turn
AT_ONCE = 60  # true tests waiting to be followed: the 65th is error 303 and no answer
PROPERTIES = 250  # of one fact: the 255th is error 302
TEXT = 1_000  # characters: at 65,536 any two texts are equal
WHOLE = 2**62  # beyond 2**63 all integers are equal

# Names every fact has, and words of the rule language: a property of that hash would be taken for one of them.
TAKEN: tuple[str, ...] = ("sid", "id", "$s", "$and", "$or", "$lt", "$lte", "$gt", "$gte", "$eq", "$neq", "$ex", "$nex")
TAKEN += ("$mt", "$imt", "$iall", "$iany", "$m", "$add", "$sub", "$mul", "$div", "$l", "$r", "$forward")

_HOLDS: Mapping[str, Callable[[int, int], bool]] = {"$gte": ge, "$lte": le}


class Compare(NamedTuple):
    """One test of a rule: an operator, a property of the fact, a whole number."""

    op: str
    name: str
    bound: int


Chain = tuple[Compare, ...]


class _Node(dict[Compare, "_Node"]):
    """A node of the network as the C module builds it: rules that begin alike share their first tests."""


def check(rules: Mapping[str, Chain], properties: Iterable[str]) -> None:
    """Refuse a ruleset that comes near a limit; `properties` are the facts' own, beside `sid` and `id`."""
    names = [*properties]
    for chain in rules.values():
        _check_chain(chain, {*names})
    _check_names([*names, *TAKEN], rules)
    root = _network(rules.values())
    ends = Counter(rules.values())
    forks = [node for node in _nodes(root) if len(node) > 1]
    _bound(len(rules), RULES, "规则数", "rules")
    _bound(max(ends.values(), default=0), ENDING, "以同一条件结尾的规则", "rules ending in the same test")
    _bound(max(map(len, forks), default=1), UNDER, "同一节点下的不同条件", "different tests under one node")
    _bound(
        max(map(_most_of_one, forks), default=1),
        OF_ONE,
        "同一节点下同一属性的条件",
        "tests of one property under one node",
    )
    _bound(_at_once(root), AT_ONCE, "同时成立的条件", "tests true at once")
    _bound(len(names) + 2, PROPERTIES, "事实的属性", "properties of a fact")


def _check_chain(chain: Chain, names: set[str]) -> None:
    if not chain:
        raise _fault("没有条件的规则", "a rule without a test")  # `{"$and": []}` is accepted, and fires twice
    for op, name, bound in chain:
        if op not in _HOLDS:
            raise _fault(f"运算符 {op}", f"the operator {op}")
        if name not in names:
            raise _fault(f"事实所缺的属性 {name}", f"a property no fact carries: {name}")
        if type(bound) is not int or abs(bound) > WHOLE:
            raise _fault("整数范围之外的值", "a value that is no integer within 2^62")


def _check_names(names: list[str], rules: Iterable[str]) -> None:
    for name in (*names, *rules):
        if not name.removeprefix("$").isidentifier() or not name.isascii() or len(name) > TEXT:
            raise _fault("不规范的名称", "a name that is not plain and short")
    # The C module knows a property by this hash alone: of two with one hash, either stands for the other.
    if len({fnv1a(name) for name in names}) < len(names):
        raise _fault("两个属性名的哈希相同", "two property names with one hash")


@lru_cache(maxsize=4096)
def fnv1a(text: str) -> int:
    """The 32-bit FNV-1a hash by which the C module knows names."""
    value = 2166136261
    for byte in text.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def _network(chains: Iterable[Chain]) -> _Node:
    root = _Node()
    for chain in chains:
        node = root
        for compare in chain:
            node = node.setdefault(compare, _Node())
    return root


def _nodes(node: _Node) -> Iterator[_Node]:
    yield node
    for child in node.values():
        yield from _nodes(child)


def _most_of_one(node: _Node) -> int:
    return max(Counter(compare.name for compare in node).values())


def _at_once(node: _Node) -> int:
    """How many true tests may wait to be followed: those of one node, and beside them those below the one followed.

    The C module keeps one list of 64 for all nodes on the way, not one for each.
    """
    while len(node) == 1:
        (node,) = node.values()
    by_name: dict[str, list[Compare]] = {}
    for compare in node:
        by_name.setdefault(compare.name, []).append(compare)
    true = sum(map(_together, by_name.values()))
    return max([true, *(true - 1 + _at_once(child) for child in node.values())])


def _together(compares: list[Compare]) -> int:
    """How many tests of one property one value can pass; the best value is one of their bounds."""
    if len(compares) == 1:
        return 1
    values = {compare.bound for compare in compares}
    return max(sum(_HOLDS[compare.op](value, compare.bound) for compare in compares) for value in values)


def _bound(found: int, limit: int, zh: str, en: str) -> None:
    if found > limit:
        raise _fault(f"{zh}（{found}，至多 {limit}）", f"{en} ({found}, at most {limit})")


def _fault(zh: str, en: str) -> EngineFault:
    return EngineFault(f"规则集超出 durable-rules 的限度：{zh}", f"a ruleset beyond what durable-rules bears: {en}")
