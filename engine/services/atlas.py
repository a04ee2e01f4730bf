"""The library drawn as an atlas for a day, today if none is named: the one thing here that a clock is needed for."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from engine.analysis.atlas import Atlas, draw
from engine.calendar import SHANGHAI
from engine.services.rulebooks import library_of, sound


def atlas_on(day: date | None = None, layers: Sequence[Path] = ()) -> Atlas:
    """The shipped library and these layers, cases too, on the day (None: today in Shanghai).

    RefusedPacks names every error of every file.
    """
    library = library_of(layers)
    rulebook = sound(library)
    cases = {code: source.cases for code, source in library.packs.items()}
    return draw(rulebook, day or datetime.now(UTC).astimezone(SHANGHAI).date(), cases, library.cases)
