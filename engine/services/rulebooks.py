"""Rulebooks for whoever asks: the shipped library and the layers over it, read whole or refused whole."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import Missing, RefusedPacks
from engine.model import Memorandum, Rulebook
from engine.packs.check import check
from engine.packs.library import Library, read_library, shipped
from engine.vocabulary import Vocabulary


def library_of(layers: Sequence[Path] = ()) -> Library:
    """The shipped library with these layers over it, faults and all; Missing if a layer is not there."""
    return read_library([shipped(), *layers])


def rulebook_of(layers: Sequence[Path] = ()) -> Rulebook:
    """The rulebook of the shipped library and these layers; RefusedPacks names every error of every file."""
    return law_of(layers).rulebook()


def law_of(layers: Sequence[Path] = ()) -> Library:
    """The same as a library: packs and vocabulary with their files, without the cases."""
    library = read_library([shipped(), *layers], with_cases=False)
    sound(library)
    return library


def sound(library: Library) -> Rulebook:
    """The library's rulebook; RefusedPacks names every error of every file, its cases too if they were read."""
    errors = [fault for fault in check(library) if fault.severity == "error"]
    if errors:
        raise RefusedPacks(errors)
    return library.rulebook()


def memorandum_of(name: str, layers: Sequence[Path] = ()) -> tuple[Memorandum, Vocabulary]:
    """One pack by its name or its file, and the words to print it with; Missing says which names there are."""
    rulebook = rulebook_of(layers)
    return memorandum_in(rulebook, name), rulebook.vocabulary


def memorandum_in(rulebook: Rulebook, name: str) -> Memorandum:
    """A pack of the rulebook by its name or its file; Missing says which names there are."""
    code = Path(name).name.removesuffix(".yaml")
    if code not in rulebook.memoranda:
        known = "、".join(sorted(rulebook.memoranda))
        raise Missing(f"没有规则包 `{code}`", f"there is no pack `{code}`", f"现有：{known}", f"there are: {known}")
    return rulebook.memoranda[code]
