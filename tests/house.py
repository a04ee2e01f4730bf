"""Reads the project's modules with `ast`: what they import, what they call by imported name, and how long they are."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Module:
    """One source file under its dotted name; a package's `__init__.py` goes by the name of its folder."""

    name: str
    path: Path
    tree: ast.Module
    lines: int

    @property
    def is_package(self) -> bool:
        """Whether this is the `__init__.py` of a folder."""
        return self.path.name == "__init__.py"


@dataclass(frozen=True)
class Mention:
    """A dotted name that a module imports or reads, and the line where it does."""

    name: str
    line: int


Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_file(root: Path, path: Path) -> Module:
    """Parse one file; it is known by its path below the root, as a path and as a dotted name."""
    text = path.read_text(encoding="utf-8")
    below = path.relative_to(root)
    parts = below.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, below, ast.parse(text, str(path)), len(text.splitlines()))


def read_house(root: Path, folders: Iterable[str]) -> dict[str, Module]:
    """Every module of the folders, by dotted name."""
    paths = sorted(path for folder in folders for path in (root / folder).rglob("*.py"))
    return {module.name: module for module in (read_file(root, path) for path in paths)}


def imports(module: Module) -> Iterator[Mention]:
    """Everything imported, wherever it stands: inside a function or for type checking only, an arrow is an arrow."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (Mention(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _source(module, node)
            yield from (Mention(f"{source}.{alias.name}", node.lineno) for alias in node.names)


def _source(module: Module, node: ast.ImportFrom) -> str:
    """The dotted name after `from`, with leading dots replaced by the folder they stand for."""
    if not node.level:
        return node.module or ""
    up = node.level - 1 if module.is_package else node.level
    parts = module.name.split(".")
    folder = parts[: len(parts) - up]
    return ".".join([*folder, node.module] if node.module else folder)


def uses(module: Module) -> Iterator[Mention]:
    """Imported names and what is read from them, spelt in full: `from datetime import date as d; d.today` too."""
    origin = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                origin[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            source = _source(module, node)
            origin |= {alias.asname or alias.name: f"{source}.{alias.name}" for alias in node.names}
    yield from imports(module)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and (name := _spelt(node, origin)):
            yield Mention(name, node.lineno)


def _spelt(node: ast.expr, origin: dict[str, str]) -> str | None:
    """The full dotted name of `a.b.c` when `a` was imported."""
    if isinstance(node, ast.Name):
        return origin.get(node.id)
    if isinstance(node, ast.Attribute) and (base := _spelt(node.value, origin)):
        return f"{base}.{node.attr}"
    return None


def within(name: str, place: str) -> bool:
    """Whether a dotted name is the place itself or lies inside it."""
    return name == place or name.startswith(f"{place}.")


def owner(name: str, modules: Iterable[str]) -> str | None:
    """The longest known module that a dotted name lies in: `engine.model.Entry` is in `engine.model`."""
    return max((module for module in modules if within(name, module)), key=len, default=None)


def functions(module: Module) -> Iterator[Function]:
    """Every function and method, nested ones included."""
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def public_functions(tree: ast.Module | ast.ClassDef) -> Iterator[Function]:
    """The functions and methods that others may call: no underscore in front, in public classes only."""
    for node in tree.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node)
