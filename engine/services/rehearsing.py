"""All cases of a library tried: a pack's own by that pack alone, the cross-pack ones by the whole rulebook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import Missing, RefusedPacks
from engine.model import Rulebook
from engine.rehearse import Rehearsal, coverage, rehearse
from engine.services.rulebooks import library_of, rulebook_of


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of the cases: each one tried, the sides of measures touched, and which measures are drafts."""

    rulebook: Rulebook
    rehearsals: tuple[Rehearsal, ...]
    sides: Mapping[str, frozenset[str]]
    drafts: tuple[str, ...]


def rehearse_all(paths: Sequence[Path], layers: Sequence[Path] = ()) -> Rehearsed:
    """Try the cases of the packs at `paths` (files or folders; none: everything).

    Missing if a path holds no case; RefusedPacks if one there cannot be read: a case left out would count as passed.
    """
    library, rulebook = library_of(layers), rulebook_of(layers)
    unread = [f for f in library.faults if f.severity == "error" and _chosen(Path(f.place.file), _with_cases(paths))]
    if unread:
        raise RefusedPacks(unread)
    chosen = {code for code, source in library.packs.items() if _chosen(source.path, paths)}
    cross = [case for case in library.cases if _chosen(Path(case.place.file), paths)]
    own = [case for code in sorted(chosen) for case in library.packs[code].cases]
    if paths and not own and not cross:
        shown = ", ".join(map(str, paths))
        raise Missing(
            f"在 {shown} 没有找到用例",
            f"no case was found at {shown}",
            "给出规则包文件或目录",
            "name a pack or a folder",
        )
    books = {code: library.alone(code) for code in chosen}
    rehearsals = [rehearse(case, books[case.pack]) for case in own] + [rehearse(case, rulebook) for case in cross]
    sides = {name: found for name, found in coverage(rehearsals, rulebook).items() if name.partition("#")[0] in chosen}
    drafts = tuple(m.id for m in rulebook.measures if m.draft and m.pack in chosen)
    return Rehearsed(rulebook, tuple(rehearsals), sides, drafts)


def _with_cases(paths: Sequence[Path]) -> list[Path]:
    """The paths, and for each pack the cases beside it."""
    return [*paths, *(path.with_suffix(".cases.yaml") for path in paths)]


def _chosen(path: Path, wanted: Sequence[Path]) -> bool:
    full = path.resolve()
    return not wanted or any(full == w.resolve() or w.resolve() in full.parents for w in wanted)
