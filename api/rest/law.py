"""The rulebook that is served: replaced whole by a sound one, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from engine.matching.match import matcher_of
from engine.model import Rulebook
from engine.packs.library import Library
from engine.services.rulebooks import law_of
from engine.vocabulary import Vocabulary

# Buckets of at most so many cells are judged beforehand, the others as they are met; 0: all as they are met.
CELLS = 100


@dataclass(frozen=True, slots=True)
class Served:
    """A library and the rulebook made of it."""

    library: Library
    rulebook: Rulebook

    @property
    def vocabulary(self) -> Vocabulary:
        """The words it is written in."""
        return self.rulebook.vocabulary


class Law:
    """What is in force now. Whoever took it before a reload finishes with what they took."""

    def __init__(self, layers: Sequence[Path]) -> None:
        self._layers, self._reloading = layers, Lock()
        self.now = self._read()

    def reload(self, tell: Callable[[Served], None] = lambda served: None) -> Served:
        """Read, check and judge the packs again; only then they take the place of the old ones, after `tell` was told.

        RefusedPacks with every error, and the old ones serve on; so they do if `tell` fails.
        """
        with self._reloading:
            found = self._read()
            tell(found)
            self.now = found
            return found

    def follow(self, revision: str) -> bool:
        """Serve this revision, if that is what the folders hold now, sound; whether it is served.

        RefusedPacks as above.
        """
        with self._reloading:
            if self.now.rulebook.revision != revision and (found := self._read()).rulebook.revision == revision:
                self.now = found
            return self.now.rulebook.revision == revision

    def _read(self) -> Served:
        library = law_of(self._layers)
        rulebook = library.rulebook()
        if CELLS:
            matcher_of(rulebook).fill(CELLS)  # both judges, on what most questions meet, before anybody asks
        return Served(library, rulebook)
