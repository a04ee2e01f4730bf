"""A visitor's walk through the library: on which day, what was asked for, and where links lead from there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from urllib.parse import urlencode

from api.site.sheets import Sheets
from api.web.forms import Form
from api.web.library.shelf import shelf_of
from api.web.links import served
from api.web.visits import Visit
from engine.calendar import FIRST_DAY, LAST_DAY, SHANGHAI, read_day
from engine.services.moments import utc_now
from engine.vocabulary import Words

One = TypeVar("One")

WRONG_DAY = Words(
    f"日期写作 2026-11-20，且在 {FIRST_DAY} 至 {LAST_DAY} 之间",
    f"write a day as 2026-11-20, between {FIRST_DAY} and {LAST_DAY}",
)
_LONGEST_DAY = 10
# Of a field in an address so much is read and shown again; it is too long long before.
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Part(Generic[One]):
    """One page of a long table; pages count from 1."""

    rows: Sequence[One]
    number: int
    last: int
    total: int


class Walk:
    """What one page of the library shows from: the shelf, the day (today unless one was chosen) and the question."""

    def __init__(self, visit: Visit, fields: Iterable[str]) -> None:
        self.visit, self.shelf = visit, shelf_of(visit)
        self._fields = ("day", *fields)
        asked = visit.request.query_params
        said = {name: asked.get(name, "").replace("\x00", "")[:_LONGEST] for name in self._fields}
        visit.form = Form(defaults=said)
        self.today = utc_now().astimezone(SHANGHAI).date()
        self.day = self._day()
        visit.form.values["day"] = visit.form.raw("day") or self.day.isoformat()

    @property
    def sheets(self) -> Sheets:
        """The library in words, on the day."""
        return self.shelf.sheets(self.day, self.visit.lang)

    def address(self, href: str) -> str:
        """Where something of the library stands here, by its address on the site in a folder; a chosen day goes along.

        An address of ours stays as it is, and so does one on the same page.
        """
        if href.startswith(("/", "#")):
            return href
        return served(href, self._query)

    def there(self, path: str) -> str:
        """An address of ours; a chosen day goes along."""
        return path + (f"?{self._query}" if self._query else "")

    def again(self, **other: object) -> str:
        """This page asked for once more, with something else in the question."""
        said = {name: self.visit.form.raw(name) for name in self._fields}
        if self.day == self.today:
            del said["day"]
        query = {name: str(value) for name, value in {**said, **other}.items() if value not in ("", None)}
        return self.visit.request.url.path + (f"?{urlencode(query)}" if query else "")

    def part(self, found: Sequence[One], size: int) -> Part[One]:
        """The page of the table that was asked for; the first or the last one where there is no such."""
        said = self.visit.request.query_params.get("page", "1")
        last = max(1, -(-len(found) // size))
        wanted = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1
        number = min(max(1, wanted), last)
        return Part(found[(number - 1) * size : number * size], number, last, len(found))

    @property
    def _query(self) -> str:
        return "" if self.day == self.today else f"day={self.day}"

    def _day(self) -> date:
        said = self.visit.form.raw("day").strip()
        if not said:
            return self.today
        try:
            if len(said) > _LONGEST_DAY:
                raise ValueError(said)
            return read_day(said)
        except ValueError:
            self.visit.form.fault("day", WRONG_DAY)
            return self.today
