"""Entries for their registrar: whose they are, what stands in them and what happened to them; every look is noted."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.rest.paging import page as part
from api.rest.problems import Problem
from api.rest.reaching import covers_list
from api.rest.subjects import consulted
from api.web.naming import NOBODY, Candidates, candidates_of, subject_meant
from api.web.registrar.entry_words import WORDS
from api.web.render import page
from api.web.visits import Elsewhere, Page, Visit, see_other
from engine.access.roles import Act
from engine.errors import Missing
from engine.registry.chain import latest
from engine.registry.events import VERBS, entry_row, is_open, may_follow
from engine.registry.overview import Timeline
from engine.registry.reading import rows_seen
from engine.services.looking import subject_timeline
from engine.vocabulary import Words

router = APIRouter()

Records = Annotated[Visit, Depends(Page(Act.RECORD_EVENT, purpose=True))]
NUMBER = re.compile("[0-9a-f]{20}")
SHOWN = 50
NO_ENTRY = Words("没有这个编号的记录", "there is no entry of that number")
NO_ENTRY_HELP = Words("用代码或名称查找", "look it up by code or name")
BEYOND = Words("您的账户不及于该名单", "your account does not reach to that list")
KINDS = frozenset({*VERBS.values(), "absent"})
# What is open, and what ended an entry, the strongest first.
OPEN, OVER = ("disputed", "suspended", "lifted", "applied"), ("annulled", "removed", "repaired", "absent")


@dataclass(frozen=True, slots=True)
class Held:
    """An entry's row with what happened to it, in the order it was recorded, and the verbs that may follow."""

    row: Any
    events: Sequence[Any]
    verbs: Sequence[str]
    state: Sequence[str]


@dataclass(frozen=True, slots=True)
class Brief:
    """An entry as a line of a table."""

    number: str
    list: str
    document: str
    since: str
    state: Sequence[str]


@router.get("/registrar/entries")
def find(visit: Records) -> Response:
    """The box."""
    return _box(visit)


@router.post("/registrar/entries")
def found(visit: Records) -> Response:
    """On to the subject's entries, or to the entry of that number; a name leads to candidates first."""
    demand_purpose(visit)
    typed = unicodedata.normalize("NFKC", visit.form.raw("who")).strip().lower()
    if NUMBER.fullmatch(typed):
        return see_other(f"/registrar/entries/{typed}")
    subject = subject_meant(visit)
    if subject:
        return see_other(f"/registrar/entries/of/{visit.handle(subject)}")
    return _box(visit, candidates_of(visit, visit.form.raw("who")))


@router.get("/registrar/entries/of/{token}")
def entries(visit: Records, token: str, cursor: str | None = None) -> Response:
    """The entries of the subject that the handle stands for."""
    subject, desk = visit.held(token), visit.desk
    visit.look(Act.READ_SUBJECT, [subject])
    line = subject_timeline(desk.books, desk.law.now.vocabulary, subject)
    lists = consulted(visit.grant, desk.law.now.vocabulary)
    told = [one for one in briefs(line) if lists is None or one.list in lists]
    shown, following = part([*enumerate(told)], lambda one: f"{one[0]:09d}", SHOWN, cursor)
    return page(
        visit, "registrar/entries.html", WORDS, subject=subject, names=line.names, entries=[one for _, one in shown],
        count=len(told), limited=lists is not None, following=following, vocabulary=desk.law.now.vocabulary,
    )  # fmt: skip


def held_entry(visit: Visit, number: str) -> Held:
    """The entry, once the look at it is noted. Problem 404 without it, 403 where its list is beyond the visitor."""
    if not NUMBER.fullmatch(number):
        raise Problem(404)
    with visit.desk.books.registry.reading() as connection:
        version = latest(connection).number
        try:
            row = entry_row(connection, number, version)
        except Missing:
            raise Problem(404, NO_ENTRY, NO_ENTRY_HELP) from None
        columns = "t.kind, t.at, t.document, t.reason, c.version"
        events = rows_seen(connection, "event", columns, version, "t.entry = ?", (number,))
    lists = consulted(visit.grant, visit.desk.law.now.vocabulary)
    if lists is not None and row.list not in lists:
        raise Problem(403, BEYOND)
    visit.look(Act.READ_SUBJECT, [row.subject])
    return Held(row, events, may_follow(events), state_of(events))


def may_record(visit: Visit, list_code: str, territory: str | None) -> bool:
    """Whether the visitor reaches to all that an event on such an entry is felt in."""
    vocabulary = visit.desk.law.now.vocabulary
    return visit.grant.covers_place(territory, vocabulary) and covers_list(visit.grant, list_code, vocabulary)


def state_of(events: Sequence[Any]) -> list[str]:
    """What has become of an entry, as the keys of words: what ended it, or that it stands, and what is open."""
    kinds = {event.kind for event in events}
    ended = next((f"state_{kind}" for kind in OVER if kind in kinds), "stands")
    if ended == "state_annulled":
        return [ended]
    return [ended, *(f"state_{kind}" for kind in OPEN if is_open(kind, events))]


def demand_purpose(visit: Visit) -> None:
    """Elsewhere for whoever sends a form without having said what they look for."""
    if not visit.purpose:
        raise Elsewhere("/purpose?next=/registrar/entries")


def briefs(line: Timeline) -> list[Brief]:
    """The entries of a timeline as lines, those of the latest day first."""
    happened: dict[str, list[Any]] = {entry.number: [] for entry in line.entries}
    for one in sorted(line.lines, key=lambda one: one.version):
        if one.what in KINDS:
            happened[one.entry.number].append(_Event(one.what))
    told = []
    for entry in line.entries:
        days = sorted(when.text for name, when in entry.dates.items() if name in ("listed", "decided", "published"))
        since = days[0] if days else ""
        told.append(Brief(entry.number, entry.list, entry.document, since, state_of(happened[entry.number])))
    return sorted(told, key=lambda one: (one.since, one.number), reverse=True)


@dataclass(frozen=True, slots=True)
class _Event:
    kind: str


def _box(visit: Visit, candidates: Candidates = NOBODY) -> Response:
    return page(visit, "registrar/find.html", WORDS, candidates=candidates)
