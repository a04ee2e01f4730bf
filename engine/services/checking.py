"""Packs and words checked: every fault of the whole library, or of the files somebody names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import Fault, refused_input
from engine.packs.build import build_pack
from engine.packs.check import check
from engine.packs.library import Library, PackSource, read_library, shipped
from engine.packs.source import parse_tree

MOST_MEASURES = 1_000


@dataclass(frozen=True, slots=True)
class Checked:
    """The faults found, and how much was read."""

    faults: tuple[Fault, ...]
    packs: int
    measures: int


def check_paths(paths: Sequence[Path], layers: Sequence[Path] = ()) -> Checked:
    """The faults of these packs and folders, or of everything; what is not in a layer is read as a layer of its own.

    Missing if a path is not there.
    """
    roots = [shipped(), *layers]
    paths = [*paths, *(beside for path in paths if (beside := _cases_of(path)).is_file())]
    strays = [path for path in paths if not any(_inside(path, root) for root in roots)]
    library = read_library([*roots, *strays])
    wanted = [source for source in library.packs.values() if not paths or any(_inside(source.path, p) for p in paths)]
    faults = [f for f in check(library) if not paths or any(_inside(Path(f.place.file), p) for p in paths)]
    measures = sum(len(source.memorandum.measures) for source in wanted if source.memorandum)
    return Checked(tuple(faults), len(wanted), measures)


def check_draft(library: Library, code: str, data: bytes) -> Checked:
    """The faults of a pack somebody is writing, as though it stood in the library; one of its name gives way to it.

    Of the cases it may have nothing is known here. Places name it as `CODE.yaml`. RefusedInput for more measures than
    any document has: each costs time.
    """
    file = f"{code}.yaml"
    tree = parse_tree(data, file)
    measures = tree.value.get("measures") if isinstance(tree.value, dict) else None
    if isinstance(measures, list | dict) and len(measures) > MOST_MEASURES:
        raise refused_input(
            "A734", f"措施超过 {MOST_MEASURES} 条", f"more than {MOST_MEASURES} measures", where="/measures"
        )
    built = build_pack(tree, code, file, library.vocabulary)
    draft = PackSource(code, Path(file), tree, built.memorandum, sound=built.sound)
    beside = replace(library, packs={**library.packs, code: draft}, faults=(*library.faults, *built.faults))
    faults = tuple(fault for fault in check(beside) if fault.place.file == file)
    return Checked(faults, 1, len(built.memorandum.measures) if built.memorandum else 0)


def _cases_of(path: Path) -> Path:
    """The cases beside a pack."""
    return path.with_suffix(".cases.yaml")


def _inside(path: Path, folder: Path) -> bool:
    full, outer = path.resolve(), folder.resolve()
    return full == outer or outer in full.parents
