"""What the library rests on, counted from the packs, their cases and the vocabulary as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.analysis.provenance import Provenance, provenance
from engine.model import Rulebook
from engine.packs.readings import checked_words
from engine.services.rulebooks import library_of, sound


@dataclass(frozen=True, slots=True)
class Weighed:
    """The counts, and the rulebook that their words are taken from."""

    rulebook: Rulebook
    found: Provenance


def provenance_of(layers: Sequence[Path] = ()) -> Weighed:
    """The shipped library and these layers counted; RefusedPacks if any file of theirs is faulty."""
    library = library_of(layers)
    rulebook = sound(library)
    cases = {code: len(source.cases) for code, source in library.packs.items()}
    checked = checked_words(library.files, "instruments")
    return Weighed(rulebook, provenance(rulebook, cases, len(library.cases), checked))
