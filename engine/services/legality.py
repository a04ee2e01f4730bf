"""Which measures bite on a day, today if none is named: the one thing here that a clock is needed for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from engine.analysis.bite import Bite, bites, bites_of
from engine.calendar import SHANGHAI
from engine.model import Rulebook
from engine.services.rulebooks import memorandum_in, rulebook_of


@dataclass(frozen=True, slots=True)
class Legality:
    """A row for every measure asked about, on a day, and the rulebook that its words are taken from."""

    rulebook: Rulebook
    day: date
    rows: tuple[Bite, ...]


def legality_on(day: date | None = None, packs: Sequence[str] = (), layers: Sequence[Path] = ()) -> Legality:
    """How the measures of these packs (by name or file; none: all of them) stand on the day (None: today in Shanghai).

    Missing names a pack that is not there.
    """
    rulebook = rulebook_of(layers)
    day = day or datetime.now(UTC).astimezone(SHANGHAI).date()
    if not packs:
        return Legality(rulebook, day, bites_of(rulebook, day))
    chosen = {one.code: one for one in (memorandum_in(rulebook, name) for name in packs)}
    return Legality(rulebook, day, bites(chosen.values(), rulebook.vocabulary, day))
