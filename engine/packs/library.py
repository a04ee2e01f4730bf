"""All packs and words of all layers, read from folders, with every fault, every file and one revision."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.errors import Fault, Missing, Place, RefusedPacks
from engine.model import Memorandum, Rulebook
from engine.packs.build import build_pack
from engine.packs.cases import Case, read_cases
from engine.packs.lexicon import read_vocabulary
from engine.packs.source import parse_tree, read_bytes
from engine.packs.tree import Tree
from engine.vocabulary import Vocabulary

VOCABULARY = "vocabulary"
CASES = "cases"
NOT_PACKS = frozenset({VOCABULARY, CASES, "schema", "demo"})
MOST_FILES = 5000
_STEM = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_CASES_ENDING = ".cases.yaml"


@dataclass(frozen=True)
class PackSource:
    """A pack's file: its tree, the memorandum unless a fault forbids it, and the cases beside it."""

    code: str
    path: Path
    tree: Tree
    memorandum: Memorandum | None
    cases: tuple[Case, ...] = ()
    cases_tree: Tree | None = None
    sound: Memorandum | None = None  # of a pack with faults: the measures that have none


@dataclass(frozen=True)
class Library:
    """What the layers say; `files` are the packs and vocabulary by layer and path, as the revision counts them."""

    vocabulary: Vocabulary
    packs: Mapping[str, PackSource]
    cases: tuple[Case, ...]
    faults: tuple[Fault, ...]
    revision: str
    files: Mapping[str, bytes]

    def rulebook(self) -> Rulebook:
        """The rulebook of all layers. RefusedPacks, with every fault, if any of them is an error."""
        errors = [fault for fault in self.faults if fault.severity == "error"]
        if errors:
            raise RefusedPacks(errors)
        memoranda = {code: source.memorandum for code, source in self.packs.items() if source.memorandum}
        return Rulebook(self.vocabulary, memoranda, self.revision)

    def alone(self, code: str) -> Rulebook:
        """One pack with the vocabulary, by which its own cases are judged. Missing if there is no such sound pack."""
        source = self.packs.get(code)
        if source is None or source.memorandum is None:
            raise Missing(f"没有可用的文件 `{code}`", f"there is no sound pack `{code}`")
        return Rulebook(self.vocabulary, {code: source.memorandum}, self.revision)


@dataclass(slots=True)
class _Reading:
    """A library in the making."""

    faults: list[Fault] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    packs: dict[str, PackSource] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)


def shipped() -> Path:
    """The folder of packs that comes with the product."""
    return Path(__file__).resolve().parents[2] / "memoranda"


def read_library(roots: Sequence[Path], *, with_cases: bool = True) -> Library:
    """Read the layers, the shipped one first. Every fault is kept; Missing if a root is not there or has no YAML.

    Cases are no law: without them the same rulebook is read in half the time.
    """
    reading = _Reading()
    found = [_yaml_files(root) for root in roots]
    layers = []
    for number, (root, paths) in enumerate(zip(roots, found, strict=True)):
        words = [path for path in paths if _folder(root, path) == VOCABULARY]
        layers.append({path.stem: _tree(reading, number, root, path, lawful=True) for path in words})
    vocabulary, faults = read_vocabulary(layers)
    reading.faults += faults
    for number, (root, paths) in enumerate(zip(roots, found, strict=True)):
        for path in paths:
            if _folder(root, path) not in NOT_PACKS and not path.name.endswith(_CASES_ENDING):
                _pack(reading, number, root, path, vocabulary)
    for number, (root, paths) in enumerate(zip(roots, found, strict=True)):
        for path in paths:
            if with_cases and path.name.endswith(_CASES_ENDING) and _folder(root, path) not in NOT_PACKS - {CASES}:
                _cases(reading, number, root, path, vocabulary)
    packs = dict(sorted(reading.packs.items()))
    faults = sorted(reading.faults, key=lambda one: (one.place.file, one.place.line, one.place.column, one.code))
    return Library(vocabulary, packs, tuple(reading.cases), tuple(faults), revision_of(reading.files), reading.files)


def _yaml_files(root: Path) -> list[Path]:
    """The YAML files of a layer in order of path; a single pack may stand for a layer, with the cases beside it."""
    if root.is_file():
        beside = root.with_name(root.stem + _CASES_ENDING)
        return [root, beside] if beside.is_file() else [root]
    if not root.is_dir():
        helps = ("请检查 --packs 的路径", "check the path given to --packs")
        raise Missing(f"没有规则文件夹 `{root}`", f"there is no folder of packs `{root}`", *helps)
    paths = []
    for path in root.rglob("*.yaml"):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts):
            paths.append(path)
        if len(paths) > MOST_FILES:
            zh, en = f"`{root}` 中的 YAML 文件超过 {MOST_FILES} 个", f"more than {MOST_FILES} YAML files under `{root}`"
            raise Missing(zh, en, "请检查 --packs 的路径", "check the path given to --packs")
    if not paths:
        zh, en = f"`{root}` 中没有 .yaml 文件", f"there is no .yaml file under `{root}`"
        raise Missing(zh, en, "规则文件以 .yaml 结尾", "packs end in .yaml")
    return sorted(paths, key=lambda path: path.relative_to(root).as_posix())


def _relative(root: Path, path: Path) -> str:
    return path.name if root.is_file() else path.relative_to(root).as_posix()


def _folder(root: Path, path: Path) -> str:
    """The first folder under the root in which a file stands; empty for the root itself."""
    return _relative(root, path).rpartition("/")[0].partition("/")[0]


def _tree(reading: _Reading, number: int, root: Path, path: Path, lawful: bool) -> Tree:
    """The file's tree; a file that counts as law (a pack, a word, not a case) enters the revision."""
    data = read_bytes(path)
    if lawful:
        reading.files[f"{number}/{_relative(root, path)}"] = data
    return parse_tree(data, str(path))


def _pack(reading: _Reading, number: int, root: Path, path: Path, vocabulary: Vocabulary) -> None:
    tree = _tree(reading, number, root, path, lawful=True)
    code = path.stem
    if not _STEM.fullmatch(code):
        zh, en = f"文件名 `{code}` 不能作为代码", f"the file name `{code}` cannot be a pack's identity"
        helps = ("用小写字母、数字和连字符", "use lower-case letters, digits and hyphens")
        reading.faults.append(Fault("P220", Place(str(path), 1, 1), zh, en, *helps))
    if code in reading.packs:
        other = reading.packs[code].path
        zh, en = f"代码 `{code}` 已由 `{other}` 使用", f"the identity `{code}` is already that of `{other}`"
        helps = ("给文件另起名", "give the file another name")
        reading.faults.append(Fault("P220", Place(str(path), 1, 1), zh, en, *helps))
        return
    built = build_pack(tree, code, _relative(root, path), vocabulary)
    reading.faults += built.faults
    reading.packs[code] = PackSource(code, path, tree, built.memorandum, sound=built.sound)


def _cases(reading: _Reading, number: int, root: Path, path: Path, vocabulary: Vocabulary) -> None:
    tree = _tree(reading, number, root, path, lawful=False)
    code = path.name.removesuffix(_CASES_ENDING)
    if _folder(root, path) == CASES:
        cases, faults = read_cases(tree, vocabulary)
        reading.cases += cases
        reading.faults += faults
        return
    source = reading.packs.get(code)
    if source is None or source.path.parent != path.parent:
        zh, en = f"用例旁边没有 `{code}.yaml`", f"there is no `{code}.yaml` beside these cases"
        reading.faults.append(Fault("P523", Place(str(path), 1, 1), zh, en))
        return
    cases, faults = read_cases(tree, vocabulary, code)
    reading.faults += faults
    reading.packs[code] = replace(source, cases=cases, cases_tree=tree)


def revision_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the sorted lines `path NUL digest`, so that adding or renaming a file shows too."""
    lines = sorted(f"{name}\0{hashlib.sha256(data).hexdigest()}\n" for name, data in files.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()
