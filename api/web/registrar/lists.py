"""Every list as its registrar must know it: when it came, whether it is relied on, whether it is late."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.notice.words import age, day_or_instant
from api.rest.lists import TICKS
from api.web.registrar.words import WORDS
from api.web.render import page, sayer
from api.web.visits import Page, Visit
from engine.access.roles import Act
from engine.calendar import When
from engine.registry.overview import ListLine
from engine.services.looking import lists_now

router = APIRouter()

Reads = Annotated[Visit, Depends(Page(Act.READ_LISTS))]


@dataclass(frozen=True, slots=True)
class Kept:
    """A list in words; `wrong` where it never came, is stale or late."""

    code: str
    name: str
    data: str
    age: str
    relied: str
    known: bool
    entries: int
    fresh: str
    cadence: str
    late: bool

    @property
    def wrong(self) -> bool:
        """Whether somebody should bring data."""
        return self.late or not self.known


def lists_told(visit: Visit) -> list[Kept]:
    """Every list of the vocabulary, in its order."""
    _, now, lines = lists_now(visit.desk.books, visit.desk.law.now.vocabulary)
    return [_told(line, now, visit.lang) for line in lines]


@router.get("/registrar/lists")
def lists(visit: Reads, which: str = "") -> Response:
    """All lists, or those that need data."""
    told = lists_told(visit)
    shown = [one for one in told if one.wrong] if which == "wrong" else told
    return page(visit, "registrar/lists.html", WORDS, lists=shown, which=which)


def _told(line: ListLine, now: When, lang: str) -> Kept:
    say, record = sayer(lang, WORDS), line.record
    until = day_or_instant(line.relied_until.text, lang) if line.relied_until else ""
    known = line.known(now)
    seconds = max(0, now.first - line.data_time.first) // TICKS if line.data_time else 0
    return Kept(
        record.code,
        record.name.say(lang),
        day_or_instant(line.data_time.text, lang) if line.data_time else say("never"),
        say("ago", age=age(seconds, lang)) if line.data_time else "",
        say("relied_yes" if known else "relied_no", when=until) if until else say("relied_never"),
        known,
        line.entries,
        say("fresh_days", days=record.fresh),
        say("cadence_days", days=line.cadence_days) if line.cadence_days else say("no_cadence"),
        line.late(now),
    )
