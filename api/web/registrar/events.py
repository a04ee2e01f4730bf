"""An entry and what happened to it: recorded from a document, after a look at what follows, and recorded once."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from fastapi import APIRouter, Response

from api.rest.problems import Problem
from api.rest.repeating import BEGUN
from api.rest.subjects import WORDS as HAPPENED
from api.web.forms import Form, told
from api.web.registrar.due import place_of, steps_told
from api.web.registrar.entries import Held, Records, demand_purpose, held_entry, may_record
from api.web.registrar.entry_words import WORDS
from api.web.registrar.fields import AHEAD, WHO, kept_text, lies_ahead
from api.web.render import page, sayer
from api.web.visits import Visit, see_other
from engine.access.repeats import begin, find, finish, forget
from engine.calendar import SHANGHAI, read_when
from engine.errors import Missing, Refused
from engine.explanation.speaker import Speaker
from engine.registry.deadlines import Deadlines
from engine.registry.due import steps_after
from engine.registry.events import VERBS, Happened
from engine.registry.states import BY_NAME
from engine.services.moments import utc_now
from engine.services.registering import happened, moment_of, record
from engine.vocabulary import FactType, Words

router = APIRouter()

FIELDS = ("event", "on", "document", "reason", "place")
NO_EVENT = Words("请选择办理事项", "choose what happened")
NO_DAY = Words("请写明发生在哪一天", "give the day on which it happened")
NO_DOCUMENT = Words("请写明所依据的文书号", "give the document it rests on")
BEYOND = Words("您的账户的限制不及于这条记录", "your account's limits do not reach to this entry")
LOOK_FIRST = Words("请打开该记录，看是否已有此项", "open the entry, and look whether it is there")


@router.get("/registrar/entries/{number}")
def entry(visit: Records, number: str, done: str = "") -> Response:
    """The entry, what happened to it, and a form for what may be recorded next."""
    held = held_entry(visit, number)
    visit.form = Form(defaults={"place": _territory(held) or place_of(visit)})
    return _entry(visit, held, done)


@router.post("/registrar/entries/{number}")
def check(visit: Records, number: str) -> Response:
    """What would follow, for a last look; nothing is recorded yet."""
    held = _reached(visit, number)
    if visit.form.raw("change"):
        return _entry(visit, held)
    said = _read(visit, held)
    if said is None:
        return _entry(visit, held)
    day, place, rulebook = read_when(said.at).day, visit.form.raw("place"), visit.desk.law.now.rulebook
    deadlines = Deadlines.of(rulebook.vocabulary)
    steps = steps_after(number, held.row.list, VERBS[said.verb], day, deadlines, place or None)
    return page(
        visit, "registrar/confirm.html", WORDS, held=held, said=said, list=Speaker(rulebook, visit.lang),
        subject=_subject(visit, held),
        steps=steps_told(visit, steps, _today()), fields={name: visit.form.raw(name) for name in FIELDS},
    )  # fmt: skip


@router.post("/registrar/entries/{number}/events")
def events(visit: Records, number: str) -> Response:
    """Record it, and back to the entry; the same form sent twice is recorded once."""
    held, key = _reached(visit, number), _key(visit, number)
    before = find(visit.desk.access, key) if key else None
    if before and before.finished:
        return see_other(f"/registrar/entries/{number}?done={before.answer}")
    said = _read(visit, held)
    if said is None:
        return _entry(visit, held)
    try:
        version = _once(visit, key, lambda: str(record(visit.desk.books, said, visit.grant.id).version))
    except Refused as refused:  # somebody else recorded something meanwhile
        fault = refused.faults[0]
        words = WHO if fault.place.file == "--who" else told(refused)
        visit.form.fault("on" if fault.code == "R613" else "event", words)
        return _entry(visit, held_entry(visit, number))
    return see_other(f"/registrar/entries/{number}?done={version}")


def _reached(visit: Visit, number: str) -> Held:
    """The entry of a form that was sent. Problem 403 where the visitor may only look at it."""
    demand_purpose(visit)
    held = held_entry(visit, number)
    if not may_record(visit, held.row.list, _territory(held)):
        raise Problem(403, BEYOND)
    return held


def _read(visit: Visit, held: Held) -> Happened | None:
    """What the form reports; None where a field is at fault, which is said beside it."""
    form = visit.form
    if not form.raw("event"):
        form.fault("event", NO_EVENT)
    verb = form.choice("event", held.verbs)
    when = form.tried("on", lambda: moment_of(on)) if (on := form.text("on", most=40, missing=NO_DAY)) else None
    if when is not None and lies_ahead(when):
        form.fault("on", AHEAD)
    document, reason = kept_text(form, "document", NO_DOCUMENT), kept_text(form, "reason")
    place = form.choice("place", visit.places, needed=bool(visit.grant.jurisdictions))
    if not form.sound:
        return None
    visit.keep({"registrar.place": place})
    return form.tried("document", lambda: happened(held.row.number, verb, on, document, reason))


def _key(visit: Visit, number: str) -> str:
    said = [number, visit.once, *(visit.form.raw(name) for name in FIELDS)]
    return sha256(json.dumps(said).encode()).hexdigest() if visit.once else ""


def _once(visit: Visit, key: str, do: Callable[[], str]) -> str:
    """Do it, unless the same form did it before. Problem 409 where it was begun and nobody knows its end."""
    access = visit.desk.access
    if not key:
        return do()
    before = begin(access, key, key, visit.grant.id, utc_now())
    if before and not before.finished:
        raise Problem(409, BEGUN, LOOK_FIRST)
    if before:
        return before.answer
    try:
        version = do()
    except (Refused, Missing):
        forget(access, key)
        raise
    finish(access, key, 303, version, utc_now())
    return version


def _entry(visit: Visit, held: Held, done: str = "") -> Response:
    row, rulebook = held.row, visit.desk.law.now.rulebook
    speaker, say = Speaker(rulebook, visit.lang), sayer(visit.lang, WORDS)
    recorded = [event for event in held.events if done and str(event.version) == done]
    note = say("done", what=HAPPENED[recorded[0].kind].say(visit.lang), version=done) if recorded else ""
    return page(
        visit, "registrar/entry.html", WORDS, held=held, note=note, list=speaker.list_name(row.list),
        subject=_subject(visit, held),
        all="" if row.subject.startswith(BY_NAME) else f"/registrar/entries/of/{visit.handle(row.subject)}",
        dates=[(HAPPENED[name].say(visit.lang), text) for name, text in json.loads(row.dates).items()],
        facts=list(_facts(row, speaker, say)), kinds=HAPPENED, vocabulary=rulebook.vocabulary,
        may=may_record(visit, row.list, _territory(held)),
    )  # fmt: skip


def _subject(visit: Visit, held: Held) -> str:
    """The code of whose entry it is, or why there is none."""
    say, subject = sayer(visit.lang, WORDS), str(held.row.subject)
    return say("by_name") if subject.startswith(BY_NAME) else say("person") if subject.startswith("person") else subject


def _facts(row: Any, speaker: Speaker, say: Callable[..., str]) -> Iterator[tuple[str, str]]:
    """What the entry states, in the words of the vocabulary."""
    for name, value in json.loads(row.facts).items():
        yield speaker.of(name), say("not_known") if value is None else _fact(name, value, speaker)


def _fact(name: str, value: int | str | bool, speaker: Speaker) -> str:
    fact = speaker.vocabulary.facts.get(name)
    if isinstance(value, bool):
        return speaker.value(name, "yes" if value else "no")
    if isinstance(value, int) and fact and fact.type is FactType.MONEY:
        yuan = f"{value // 100:,}.{value % 100:02}"
        return f"{yuan} 元" if speaker.lang == "zh" else f"CNY {yuan}"
    return speaker.value(name, str(value))


def _territory(held: Held) -> str | None:
    said: Mapping[str, Any] = json.loads(held.row.facts)
    found = said.get("territory")
    return found if isinstance(found, str) else None


def _today() -> date:
    return utc_now().astimezone(SHANGHAI).date()
