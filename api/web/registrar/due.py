"""What a registrar must still see done: pending steps by the law of a place, the earliest last day first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.notice.words import day_or_instant
from api.rest.lists import in_order
from api.rest.paging import page as part
from api.web.forms import Form
from api.web.registrar.words import WORDS
from api.web.render import page, sayer
from api.web.visits import Page, Visit
from engine.access.roles import Act
from engine.explanation.speaker import Speaker
from engine.registry.deadlines import Deadline
from engine.registry.due import FROM_ACCEPTANCE, Due
from engine.services.looking import due_now
from engine.vocabulary import NATIONAL, Words

router = APIRouter()

Reads = Annotated[Visit, Depends(Page(Act.READ_LISTS))]
NOW, AHEAD, UNKNOWN = "now", "ahead", "unknown"
SHOWN = 50
NO_PLACE = Words("没有这个地区", "there is no such place")


@dataclass(frozen=True, slots=True)
class Step:
    """One pending step in words; `mark` says how late it is, empty for one that is not."""

    entry: str
    list: str
    what: str
    last: str
    mark: str
    late: bool
    since: str
    basis: str
    remarks: tuple[str, ...]
    reckoned: bool  # from an acceptance that is taken to come on its last day


@dataclass(frozen=True, slots=True)
class Pending:
    """All that is pending by the law of a place, parted by its last day."""

    place: str
    today: date
    now: Sequence[Due]
    ahead: Sequence[Due]
    unknown: Sequence[Due]

    @property
    def overdue(self) -> int:
        """How many last days are over."""
        return sum(step.overdue(self.today) for step in self.now)

    def those(self, when: str) -> Sequence[Due]:
        """The part of that name."""
        return {NOW: self.now, AHEAD: self.ahead, UNKNOWN: self.unknown}[when]


def pending(visit: Visit, place: str) -> Pending:
    """What is pending by the law of the place, empty for the country; Problem 403 beyond the visitor's limits."""
    visit.within(None, place or None)
    today, steps = due_now(visit.desk.books, visit.desk.law.now.vocabulary, place or None)
    known = [step for step in steps if step.deadline.due]
    return Pending(
        place, today,
        [step for step in known if step.deadline.due and step.deadline.due <= today],
        [step for step in known if step.deadline.due and step.deadline.due > today],
        [step for step in steps if not step.deadline.due],
    )  # fmt: skip


def place_of(visit: Visit) -> str:
    """The place whose deadlines the visitor looked at last, or the first there is for them; empty for the country."""
    kept = visit.chosen("registrar.place")
    if kept in visit.places or (not kept and not visit.grant.jurisdictions):
        return kept
    return visit.places[0] if visit.places and visit.grant.jurisdictions else ""


@router.get("/registrar/due")
def due(visit: Reads, place: str | None = None, when: str = NOW, cursor: str | None = None) -> Response:
    """A page of what is due today or overdue, of what is not yet, or of what has no day that can be computed."""
    chosen, when = place_of(visit) if place is None else place, when if when in (AHEAD, UNKNOWN) else NOW
    visit.form = Form(defaults={"place": chosen, "when": when})
    if chosen == NATIONAL:
        chosen = ""
    if chosen and chosen not in visit.desk.law.now.vocabulary.jurisdictions:
        visit.form.fault("place", NO_PLACE)
        chosen = place_of(visit)
    found = pending(visit, chosen)
    if visit.form.sound:
        visit.keep({"registrar.place": chosen})
    shown, following = part(found.those(when), in_order, SHOWN, cursor)
    return page(
        visit, "registrar/due.html", WORDS, found=found, when=when, steps=steps_told(visit, shown, found.today),
        following=following, again=cursor is not None, vocabulary=visit.desk.law.now.vocabulary,
    )  # fmt: skip


def steps_told(visit: Visit, steps: Sequence[Due], today: date) -> list[Step]:
    """Steps in the visitor's language."""
    speaker, say = Speaker(visit.desk.law.now.rulebook, visit.lang), sayer(visit.lang, WORDS)
    procedures = visit.desk.law.now.vocabulary.handling.procedures
    told = []
    for step in steps:
        procedure, deadline = procedures[step.procedure], step.deadline
        what = f"{procedure.name.say(visit.lang)} · {procedure.steps[step.step].say(visit.lang)}"
        days = (today - deadline.due).days if deadline.due else -1
        mark = (
            "" if days < 0 else say("today") if not days else say("overdue_one" if days == 1 else "overdue", days=days)
        )
        told.append(Step(
            step.entry, speaker.list_name(step.list), what, _day(deadline.due, visit.lang), mark, days > 0,
            say("since", when=_day(deadline.since, visit.lang)),
            speaker.join(speaker.cited(text) for text in deadline.rule.basis), tuple(_remarks(deadline, visit.lang)),
            deadline.rule.start == FROM_ACCEPTANCE,
        ))  # fmt: skip
    return told


def _remarks(deadline: Deadline, lang: str) -> list[str]:
    """What must be said beside a day: why there is none, until when it may be extended, what is doubtful of it."""
    say, rule = sayer(lang, WORDS), deadline.rule
    found = [deadline.unknown.say(lang)] if deadline.unknown else []
    if deadline.latest:
        found.append(say("extended", when=_day(deadline.latest, lang)))
    elif rule.extension:
        found.append(say("extended_unknown"))
    if not deadline.sure:
        found.append(say("unread"))
    return found + ([rule.doubt.say(lang)] if rule.doubt else [])


def _day(day: date | None, lang: str) -> str:
    return day_or_instant(day.isoformat(), lang) if day else ""
