"""The cases of a library that was read without them: they are no law, and wanted only where somebody looks at them."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import Missing
from engine.packs.cases import Case, read_cases
from engine.packs.library import CASES, PackSource, shipped
from engine.packs.source import read_tree
from engine.vocabulary import Vocabulary

_ENDING = ".cases.yaml"


def cases_beside(source: PackSource, vocabulary: Vocabulary) -> tuple[Case, ...] | None:
    """The sound cases in the file beside a pack; None where there is no such file, or it cannot be read."""
    return _read(source.path.with_name(source.code + _ENDING), vocabulary, source.code)


def shared_cases(layers: Sequence[Path], vocabulary: Vocabulary) -> tuple[Case, ...]:
    """The sound cases that need several packs, of the shipped library and these layers over it."""
    files = [path for root in (shipped(), *layers) for path in sorted((root / CASES).glob(f"**/*{_ENDING}"))]
    return tuple(case for path in files for case in _read(path, vocabulary) or ())


def _read(path: Path, vocabulary: Vocabulary, code: str = "") -> tuple[Case, ...] | None:
    try:
        return read_cases(read_tree(path), vocabulary, code)[0]
    except Missing:
        return None
