"""What the library's pages take from the served rulebook: worked out once, for a few days at a time, in two languages.

To draw all of it takes some hundred milliseconds; a rulebook that is replaced takes its shelf along.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from api.rest.law import Served
from api.site.finder import Row, rows_of
from api.site.matrix import Picture, picture
from api.site.sheets import Sheets
from api.web.visits import Visit
from engine.analysis.atlas import Atlas, draw
from engine.errors import Missing
from engine.packs.cases import Case
from engine.services.cases import cases_beside, shared_cases

# Kept: so many days, in two languages, and the cases of so many documents.
DAYS, SPOKEN, PACKS = 4, 8, 32


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that can be searched for, and all its words in small letters."""

    row: Row
    words: str


class Shelf:
    """Everything that is derived from one served rulebook; shared by threads."""

    def __init__(self, law: Served, layers: Sequence[Path]) -> None:
        self.law, self._layers = law, layers
        self.shared = lru_cache(1)(self._shared)
        self.atlas = lru_cache(DAYS)(self._atlas)
        self.sheets = lru_cache(SPOKEN)(self._sheets)
        self.picture = lru_cache(SPOKEN)(self._picture)
        self.index = lru_cache(SPOKEN)(self._index)
        self.cases = lru_cache(PACKS)(self._cases)

    def _shared(self) -> tuple[Case, ...]:
        return shared_cases(self._layers, self.law.vocabulary)

    def _atlas(self, day: date) -> Atlas:
        return draw(self.law.rulebook, day, {}, self.shared())

    def _sheets(self, day: date, lang: str) -> Sheets:
        return Sheets(self.atlas(day), lang)

    def _picture(self, day: date, lang: str) -> Picture:
        return picture(self.atlas(day), self.sheets(day, lang))

    def _index(self, day: date, lang: str) -> tuple[Found, ...]:
        return tuple(Found(row, plain(" ".join(row[2:]))) for row in rows_of(self.sheets(day, lang)))

    def _cases(self, code: str) -> tuple[Case, ...] | None:
        """The cases beside a document; None where the file is not at hand. Missing for a document that is not here."""
        source = self.law.library.packs.get(code)
        if source is None:
            raise no_such("文件", "document")
        return cases_beside(source, self.law.vocabulary)


def shelf_of(visit: Visit) -> Shelf:
    """The shelf of the rulebook that is served now; a new one where another rulebook took its place."""
    state, law = visit.request.app.state, visit.desk.law.now
    shelf: Shelf | None = getattr(state, "shelf", None)
    if shelf is None or shelf.law is not law:
        shelf = state.shelf = Shelf(law, visit.desk.settings.packs)
    return shelf


def no_such(zh: str, en: str) -> Missing:
    """What to raise where an address names nothing of the rulebook now served."""
    return Missing(
        f"现行规则库中没有这个{zh}", f"the rulebook served now has no such {en}",
        "它可能已改名或移出，请到“文件与名单”中查找", "it may have been renamed or taken out: look in the library",
    )  # fmt: skip


def plain(text: str) -> str:
    """A text as it is searched: widths and letters' sizes make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()
