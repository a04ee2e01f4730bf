"""Whether the records of a vocabulary speak only of each other: keepers, successors, parents, lists, instruments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from engine.citation import parse_citation
from engine.condition import tests_of
from engine.model import ALL, BENEFITS, PREVAILING
from engine.packs.words import Node, advice, shown
from engine.repair import NoRepair, Objection, RepairRegime, Scope
from engine.vocabulary import NATIONAL, FactType, Owner, Rank, TermRule, Vocabulary, Words

Nodes = Mapping[str, Mapping[str, Node]]
Way = RepairRegime | Objection | NoRepair
_CODE = "P222"
_SAME_ENTRIES = Words("适用于同样的记录", "for the same entries")
LOCAL = frozenset({Rank.LOCAL_REGULATION, Rank.LOCAL_RULE, Rank.LOCAL_NORMATIVE_DOCUMENT})


def check_references(nodes: Nodes, vocabulary: Vocabulary) -> None:
    """Put a fault at every word of the vocabulary that leads nowhere, or in a circle."""
    for node in nodes["lists"].values():
        _list(node, vocabulary)
    for node in nodes["scenarios"].values():
        _scenario(node, vocabulary)
    for node in nodes["issuers"].values():
        node.words("successors", _CODE, vocabulary.issuers, "单位", "issuer")
    for node in nodes["instruments"].values():
        _instrument(node, vocabulary)
    for node in nodes["jurisdictions"].values():
        _place(node, vocabulary)
    for node in nodes["matters"].values():
        with_matters = [code for code, scenario in vocabulary.scenarios.items() if scenario.matters]
        node.words("scenarios", _CODE, with_matters, "须写明办理事项的场景", "scenario with matters")
    for node in nodes["parameters"].values():
        _parameter(node, vocabulary)
    _basic_list(nodes["basic_list"], vocabulary)
    _repair(nodes["repair"], vocabulary)


def _list(node: Node, vocabulary: Vocabulary) -> None:
    node.at("keeper").known(_CODE, vocabulary.issuers, "单位", "issuer")
    of_entries = [code for code, fact in vocabulary.facts.items() if fact.owner is Owner.ENTRY]
    for key in ("required", "optional"):
        node.at("facts").words(key, _CODE, of_entries, "记录的事实", "fact of an entry")
    rules = vocabulary.lists[node.name].terms
    for term, rule in zip(node.at("terms").kids(), rules, strict=True):
        _term(term, rule, node.name, vocabulary)


def _term(node: Node, rule: TermRule, code: str, vocabulary: Vocabulary) -> None:
    record = vocabulary.lists[code]
    _basis(node, vocabulary)
    used = {(rule.start, "start")} | {(test.fact, "when") for test in tests_of(rule.when)}
    for fact, key in sorted(used):
        if fact and not record.carries(fact):
            zh, en = f"名单 `{code}` 不载 `{fact}`", f"entries of `{code}` do not carry `{fact}`"
            node.at(key).fault(
                _CODE, zh, en, ("写进 facts，或改用所载的事实", "add it to `facts`, or use one they carry")
            )


def _scenario(node: Node, vocabulary: Vocabulary) -> None:
    for key in ("consults", "benefits_consult"):
        node.words(key, _CODE, vocabulary.lists, "名单", "list")
    for route in node.at("routes").kids():
        if route.name in {ALL, *BENEFITS}:
            route.fault("P221", f"`{route.name}` 另有含义，不能用作代码", f"`{route.name}` is reserved", key=True)


def _instrument(node: Node, vocabulary: Vocabulary) -> None:
    node.words("issuers", _CODE, vocabulary.issuers, "单位", "issuer")
    place = node.at("jurisdiction")
    place.known(_CODE, {NATIONAL, *vocabulary.jurisdictions}, "地区", "place")
    if " " in node.name:
        node.fault(_CODE, "文件名中不能有空格", "the name of an instrument has no spaces", key=True)
    local = vocabulary.instruments[node.name].rank in LOCAL
    if local and not place.text:
        node.fault("P122", "地方文件须写 `jurisdiction`", "a local instrument needs `jurisdiction`", key=True)
    if place.text and place.text != NATIONAL and not local and node.at("rank").text != Rank.MEMORANDUM:
        place.fault("P231", "只有地方文件写 `jurisdiction`", "only a local instrument has `jurisdiction`", key=True)


def _place(node: Node, vocabulary: Vocabulary) -> None:
    parent = node.at("parent")
    if not parent.known(_CODE, {NATIONAL, *vocabulary.jurisdictions}, "地区", "place"):
        return
    seen, code = {node.name}, parent.text
    while code in vocabulary.jurisdictions and code not in seen:
        seen.add(code)
        code = vocabulary.jurisdictions[code].parent
    if code == node.name:
        zh, en = f"`{node.name}` 的上级最终又是它自己", f"the parents of `{node.name}` lead back to it"
        parent.fault(_CODE, zh, en)


def _parameter(node: Node, vocabulary: Vocabulary) -> None:
    dates = [code for code, fact in vocabulary.facts.items() if fact.type is FactType.DATE]
    node.at("read_on").known(_CODE, [PREVAILING, *dates], "日期事实", "date fact")
    for value in node.at("values").kids():
        _basis(value, vocabulary)
        value.at("jurisdiction").known(_CODE, {NATIONAL, *vocabulary.jurisdictions}, "地区", "place")
    codes = [code for code, fact in vocabulary.facts.items() if fact.type is FactType.CODE]
    for field in node.at("by_field").kids():
        if field.name not in codes:
            word = shown(field.name)
            helps = advice(field.name, codes)
            field.fault(_CODE, f"没有 code 类事实 `{word}`", f"there is no code fact `{word}`", helps, key=True)


def _basic_list(nodes: Mapping[str, Node], vocabulary: Vocabulary) -> None:
    if "gate" in nodes:
        _basis(nodes["gate"], vocabulary)
    known = [edition.code for edition in vocabulary.basic_list.editions]
    for edition in nodes["editions"].kids() if "editions" in nodes else ():
        edition.at("instrument").known(_CODE, vocabulary.instruments, "已登记的文件", "registered instrument")
    for name, node in nodes.items():
        if name.startswith("items."):
            node.words("editions", _CODE, known, "清单版本", "edition of the basic list")
            _basis(node, vocabulary)


def _repair(nodes: Mapping[str, Node], vocabulary: Vocabulary) -> None:
    rules = vocabulary.repair
    ways = [*_rows(nodes, "regimes", rules.regimes), *_rows(nodes, "not_repairable", rules.not_repairable)]
    objections = _rows(nodes, "objections", rules.objections)
    for node, _ in (*ways, *objections):
        check_way(node, vocabulary)
    apart(ways, "P232", _SAME_ENTRIES)
    apart(objections, "P232", _SAME_ENTRIES)


def _rows(nodes: Mapping[str, Node], section: str, rules: Sequence[Way]) -> list[tuple[Node, Scope]]:
    written = [node for name, node in nodes.items() if name.startswith(f"{section}.")]
    return [(node, rule.scope) for node, rule in zip(written, rules, strict=True)]


def check_way(node: Node, vocabulary: Vocabulary) -> None:
    """Put a fault at every word of a rule's scope and basis that leads nowhere."""
    for key in ("lists", "spared"):
        node.words(key, _CODE, vocabulary.lists, "名单", "list")
    node.words("keepers", _CODE, vocabulary.issuers, "单位", "issuer")
    node.at("jurisdiction").known(_CODE, {NATIONAL, *vocabulary.jurisdictions}, "地区", "place")
    _basis(node, vocabulary)
    first, *others = [key for key in ("lists", "keepers", "colours") if node.has(key)] or [""]
    for key in others:
        zh, en = f"`{key}` 与 `{first}` 只能写一个", f"`{key}` does not go with `{first}`: write one of them"
        node.at(key).fault("P231", zh, en, key=True)


def apart(rows: Iterable[tuple[Node, Scope]], code: str, same: Words) -> None:
    """A fault at each rule that stands for the same entries in the same place as another, on some of its days."""
    groups: dict[tuple[int, str, str], list[tuple[date, date, Node]]] = {}
    for node, scope in rows:
        since, until = scope.span.since or date.min, scope.span.until or date.max
        for word in sorted(scope.named) or [""]:
            groups.setdefault((scope.breadth, scope.jurisdiction, word), []).append((since, until, node))
    told = set[tuple[str | int, ...]]()
    for group in groups.values():
        ordered = sorted(group, key=lambda row: row[:2])
        for (_, until, earlier), (since, _, later) in pairwise(ordered):
            if since <= until and later.path not in told:
                told.add(later.path)
                zh, en = (
                    f"与 `{earlier.name}` {same.zh}，日期重叠",
                    f"{same.en} as `{earlier.name}`, on some of the same days",
                )
                later.fault(code, zh, en, key=True)


def _basis(node: Node, vocabulary: Vocabulary) -> None:
    cited(node.each("basis"), vocabulary)


def cited(nodes: Iterable[Node], vocabulary: Vocabulary) -> None:
    """A fault for each citation that cannot be read, or whose instrument is not registered."""
    for node in nodes:
        try:
            name = parse_citation(node.text).instrument
        except ValueError:
            continue  # the schema has spoken of it
        if name not in vocabulary.instruments:
            helps = advice(name, vocabulary.instruments)
            zh, en = f"依据 `{shown(name)}` 没有登记", f"the instrument `{shown(name)}` is not registered"
            node.fault(_CODE, zh, en, helps)
