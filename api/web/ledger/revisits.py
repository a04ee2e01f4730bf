"""Decisions that would now come out otherwise: then and now, where they differ, and what was learned since."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.notice.speaking import Clerk
from api.notice.words import day_or_instant
from api.rest.searches import mark_of, next_of
from api.web.forms import Form
from api.web.ledger.revisits_words import WORDS
from api.web.render import page
from api.web.visits import Page, Visit
from engine.access.reads import Look, note
from engine.access.roles import Act
from engine.calendar import read_day
from engine.explanation import phrases
from engine.registry.chain import latest
from engine.registry.events import STEPS
from engine.registry.knowing import version_of
from engine.registry.shelf import marks
from engine.registry.store import ask
from engine.services.again import rulebook_for
from engine.services.moments import utc_now
from engine.services.revisiting import Cause, Revisited
from engine.services.searching import Mark, revisit_page

router = APIRouter()

Revisits = Annotated[Visit, Depends(Page(Act.REVISIT, purpose=True))]
# Decisions shown on one page; seconds for which a page goes on looking for the first of them.
SHOWN, PATIENCE = 20, 1.5
LONGEST = 40
_EVENTS = {**phrases.DATES, **STEPS}


@dataclass(frozen=True, slots=True)
class Turned:
    """A decision whose answer turned, in one language: the parts that differ, each then and now, and why."""

    id: str
    scenario: str
    recorded_at: str
    then: str
    now: str
    parts: tuple[tuple[str, str, str], ...]
    causes: tuple[str, ...]


@router.get("/ledger/revisits")
def revisits(visit: Revisits, since: str = "", cursor: str = "") -> Response:
    """What was turned by what was learned after a version; each page looks at some decisions, the oldest first."""
    visit.form = form = Form(defaults={"since": since})
    desk = visit.desk
    with desk.books.registry.reading() as known:
        newest = latest(known).number
    said = form.text("since", needed=False, most=LONGEST)
    version = form.tried("since", lambda: _version(visit, said)) if said else None
    turned, following = list[Turned](), None
    if form.sound and version is not None:
        turned, following = _turned(visit, version, mark_of(cursor or None))
    reached = datetime.fromtimestamp(following.ticks / 1e6, UTC).isoformat() if following else ""
    return page(
        visit, "ledger/revisits.html", WORDS, version=version, newest=newest, turned=turned,
        following=next_of(following), reached=reached, verdicts=phrases.VERDICTS,
    )  # fmt: skip


def _version(visit: Visit, said: str) -> int:
    """The version after which what was learned counts; of a day, the last one before it began."""
    with suppress(ValueError):  # a version, or neither: that is said then
        said = (read_day(said) - timedelta(days=1)).isoformat()
    with visit.desk.books.registry.reading() as known:
        return version_of(known, said).number


def _turned(visit: Visit, since: int, after: Mark | None) -> tuple[list[Turned], Mark | None]:
    """Some decisions that turned, and where to go on; each look is written down before anything is shown."""
    desk, began = visit.desk, monotonic()
    stores = desk.ledger.store, desk.books.registry
    found, at = revisit_page(*stores, since, visit.reaches, after, desk.law.now.rulebook)
    while not found and at and monotonic() - began < PATIENCE:
        found, at = revisit_page(*stores, since, visit.reaches, at, desk.law.now.rulebook)
    if not found:
        return [], at
    rows = _rows(visit, [one.id for one in found])
    if len(found) > SHOWN:
        found = found[:SHOWN]
        at = Mark(rows[found[-1].id].ticks, found[-1].id)
    looks = [
        Look(visit.grant.id, Act.REVISIT, visit.purpose, subject=subject, decision=one.id)
        for one in found
        for subject in sorted({who for cause in one.causes for who in cause.of.split()}) or [""]
    ]
    note(desk.access, looks, utc_now())
    return [_told(visit, one, rows[one.id]) for one in found], at


def _rows(visit: Visit, ids: list[str]) -> Mapping[str, Any]:
    query = f"SELECT id, recorded_at, ticks, scenario FROM leaf WHERE id IN ({marks(ids)})"
    with visit.desk.ledger.store.reading() as connection:
        return {row.id: row for row in ask(connection, query, ids)}


def _told(visit: Visit, one: Revisited, row: Any) -> Turned:
    speaker = Clerk(rulebook_for(visit.desk.ledger.store, one.rulebook, visit.desk.law.now.rulebook), visit.lang)
    return Turned(
        id=one.id,
        scenario=speaker.word(speaker.vocabulary.scenarios[row.scenario].name),
        recorded_at=row.recorded_at,
        then=one.then["verdict"],
        now=one.now["verdict"],
        parts=tuple(_parts(one, row.scenario, speaker)),
        causes=tuple(_cause(cause, speaker) for cause in one.causes),
    )


def _parts(one: Revisited, scenario: str, speaker: Clerk) -> Iterator[tuple[str, str, str]]:
    """What differs of each party, in words: channel, conditions, benefits, and the verdict where there are several."""
    alone = len(one.then["parties"]) == 1
    for then, now in zip(one.then["parties"], one.now["parties"], strict=True):
        for part in ("verdict", "channel", "conditions", "benefits"):
            if then[part] != now[part] and not (alone and part == "verdict"):
                name = _say("of_party", speaker).format(party=then["party"], part=_say(part, speaker))
                yield name, _value(part, then[part], scenario, speaker), _value(part, now[part], scenario, speaker)


def _value(part: str, said: Any, scenario: str, speaker: Clerk) -> str:
    if part == "verdict":
        return speaker.word(phrases.VERDICTS[said])
    if part == "channel":
        return speaker.word(phrases.CHANNELS[said])
    if part == "conditions":
        return speaker.join(map(speaker.of, said)) or _say("nothing", speaker)
    words = {**phrases.EFFECTS, **speaker.vocabulary.scenarios[scenario].routes}
    return speaker.join(speaker.word(words[name]) if name in words else name for name in said) or _say(
        "nothing", speaker
    )


def _cause(cause: Cause, speaker: Clerk) -> str:
    """What was learned, and when it was written; whom it concerns is not said."""
    change, _, kind = cause.kind.partition(" ")
    key = f"{cause.what}_{'' if cause.what in ('event', 'engine') else change}"
    kind = kind or change
    named = _EVENTS.get(kind)
    said = _say(key if key in WORDS else "cause_other", speaker).format(
        list=speaker.of(cause.list.removeprefix("relation:")) if cause.list else "",
        kind=speaker.word(named) if named else speaker.of(kind),
    )
    more = [day_or_instant(cause.day, speaker.lang) if cause.day else "", cause.document]
    more.append(_say("in_version", speaker).format(version=cause.version))
    if cause.recorded_at:
        when = day_or_instant(cause.recorded_at, speaker.lang)
        how = _say(f"change_{cause.change}", speaker) if f"change_{cause.change}" in WORDS else ""
        more.append(_say("recorded_by", speaker).format(when=when, change=how).strip())
    inside = speaker.join(filter(None, more))
    return f"{said}（{inside}）" if speaker.lang == "zh" else f"{said} ({inside})"


def _say(key: str, speaker: Clerk) -> str:
    return speaker.word(WORDS[key])
