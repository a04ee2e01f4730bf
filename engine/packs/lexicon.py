"""The vocabulary files of all layers into one Vocabulary; a later layer adds words, it never changes or removes one."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from engine.errors import Fault, Place
from engine.packs import records
from engine.packs.conditions import Declared
from engine.packs.handling import check_deadlines, read_handling
from engine.packs.references import check_references
from engine.packs.schema import faults_of
from engine.packs.tree import Tree
from engine.packs.words import Node, advice, shown
from engine.vocabulary import NATIONAL, Vocabulary

FILES = (
    "facts",
    "parameters",
    "issuers",
    "instruments",
    "lists",
    "scenarios",
    "jurisdictions",
    "matters",
    "basic_list",
    "repair",
    "calendar",
    "deadlines",
)
# Words that mean something else wherever such a code is written.
RESERVED: Mapping[str, frozenset[str]] = {
    "facts": frozenset({"any", "all", "not", "list", "of", "subject", "events", "absent", "document", "body"})
    | frozenset(
        {"disputed", "settled", "suspended", "resumed", "repaired", "removed", "annulled", "lifted", "restored"}
    ),
    "issuers": frozenset({"all-issuers"}),
    "matters": frozenset({"all"}),
    "jurisdictions": frozenset({NATIONAL}),
    "parameters": frozenset({"prevailing", "unknown"}),
}
T = TypeVar("T")


def read_vocabulary(layers: Sequence[Mapping[str, Tree]]) -> tuple[Vocabulary, list[Fault]]:
    """One vocabulary from the files of all layers (file stem to tree), with every fault of form and meaning.

    A record with faults still stands under its code, so that a pack which uses it is not blamed.
    """
    faults: list[Fault] = []
    nodes: dict[str, dict[str, Node]] = {name: {} for name in FILES}
    additions: list[Node] = []
    for layer in layers:
        for name, tree in layer.items():
            faults += tree.faults
            if name not in FILES:
                faults.append(_stray(tree, name))
                continue
            faults += faults_of(tree, name)
            additions += _gather(name, Node.root(tree, faults), nodes[name])
    vocabulary = _assemble(nodes, additions, faults)
    check_references(nodes, vocabulary)
    check_deadlines(nodes["deadlines"], vocabulary)
    return vocabulary, faults


def _stray(tree: Tree, name: str) -> Fault:
    zh, en = f"词表中没有 `{shown(name)}` 这个文件", f"there is no vocabulary file `{shown(name)}`"
    return Fault("P220", Place(tree.file, 1, 1, 1), zh, en, *advice(name, FILES))


def _gather(name: str, root: Node, known: dict[str, Node]) -> list[Node]:
    """Put each record under its code; returns what later layers add to parameters already known."""
    if name == "basic_list":
        return _gather_items(root, known)
    if name in ("repair", "deadlines"):
        return _gather_ways(root, known)
    additions = []
    for node in root.kids():
        if node.name in RESERVED.get(name, ()):
            node.fault("P221", f"`{node.name}` 另有含义，不能用作代码", f"`{node.name}` is reserved", key=True)
        elif node.name not in known:
            known[node.name] = node
        elif name == "parameters" and not set(node.map) - {"values", "by_field"}:
            additions.append(node)
        else:
            _repeated(node, known[node.name])
    return additions


def _repeated(node: Node, first: Node) -> None:
    at = first.tree.place(first.path, key=True)
    zh = f"`{node.name}` 已在 {at.file} 第 {at.line} 行定义；后层只能增加，不能更改"
    en = f"`{node.name}` is defined in {at.file} line {at.line}; a later layer may add words, never change one"
    node.fault("P221", zh, en, key=True)


def _gather_items(root: Node, known: dict[str, Node]) -> list[Node]:
    for node in root.kids():
        if node.name != "items" and node.name in known:
            _repeated(node, known[node.name])
        elif node.name != "items":
            known[node.name] = node
    for item in root.at("items").kids():
        if f"items.{item.name}" in known:
            _repeated(item, known[f"items.{item.name}"])
        else:
            known[f"items.{item.name}"] = item
    return []


def _gather_ways(root: Node, known: dict[str, Node]) -> list[Node]:
    for section in root.kids():
        for row in section.kids():
            if (code := f"{section.name}.{row.name}") in known:
                _repeated(row, known[code])
            else:
                known[code] = row
    return []


def _each(nodes: Mapping[str, Node], read: Callable[[Node], T]) -> dict[str, T]:
    return {code: read(node) for code, node in nodes.items()}


def _assemble(nodes: Mapping[str, dict[str, Node]], additions: Sequence[Node], faults: list[Fault]) -> Vocabulary:
    facts = _each(nodes["facts"], records.read_fact)
    more = {node.name: [extra for extra in additions if extra.name == node.name] for node in additions}
    parameters = _each(nodes["parameters"], lambda node: records.read_parameter(node, more.get(node.name, [])))
    declared = Declared(facts, parameters)
    return Vocabulary(
        lists=_each(nodes["lists"], lambda node: records.read_list(node, declared)),
        facts=facts,
        scenarios=_each(nodes["scenarios"], records.read_scenario),
        issuers=_each(nodes["issuers"], records.read_issuer),
        instruments=_each(nodes["instruments"], records.read_instrument),
        basic_list=records.read_basic_list(nodes["basic_list"], faults),
        parameters=parameters,
        jurisdictions=_each(nodes["jurisdictions"], records.read_jurisdiction),
        matters=_each(nodes["matters"], records.read_matter),
        repair=records.read_repair(nodes["repair"]),
        handling=read_handling(nodes["calendar"], nodes["deadlines"]),
    )
