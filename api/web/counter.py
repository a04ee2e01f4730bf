"""The counter: one box, one answer."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.rest.problems import Problem
from api.web.answer_words import WORDS
from api.web.asking import asked
from api.web.forms import Form
from api.web.naming import NOBODY, Candidates, candidates_of, subject_meant
from api.web.render import page
from api.web.telling import answer_of
from api.web.visits import Page, Visit, see_other
from engine.access.roles import Act
from engine.vocabulary import Owner

router = APIRouter()

Asks = Annotated[Visit, Depends(Page(Act.DECIDE, purpose=True))]
REMEMBERED = ("scenario", "place", "matter", "case")
FIELDS = {"/parties": "who", "/scenario": "scenario", "/jurisdiction": "place", "/matter": "matter", "/as_of": "at",
          "/moments": "at", "/case": "case", "/facts": "who"}  # fmt: skip


@router.get("/counter")
def counter(visit: Asks) -> Response:
    """The empty box; scenario, place and matter are as they were."""
    visit.form = Form(defaults={name: visit.chosen(f"counter.{name}") for name in REMEMBERED})
    return _counter(visit)


@router.post("/counter")
def check(visit: Asks) -> Response:
    """Judge and record, then show the answer under its own address; a name leads to candidates first."""
    form = visit.form
    scenario = form.choice("scenario", visit.scenarios)
    place, matter = form.choice("place", visit.places, needed=False), _matter(visit, scenario)
    case, at = form.text("case", needed=False), form.text("at", needed=False, most=40)
    subject = subject_meant(visit)
    if form.sound and not subject:
        return _counter(visit, candidates_of(visit, form.raw("who")))
    if not form.sound:
        return _counter(visit)
    visit.keep({f"counter.{name}": form.raw(name).strip() for name in REMEMBERED})
    facts = _facts(visit)
    document: dict[str, Any] = {"scenario": scenario, "parties": [_party(subject, facts["party"])]}
    optional = {"jurisdiction": place, "matter": matter, "case": case, "as_of": at, "facts": facts["inquiry"]}
    moment = visit.desk.law.now.vocabulary.scenarios[scenario].moment
    if at and moment != "as_of":
        optional["moments"] = {moment: at}
    decision = asked(visit, document | {name: value for name, value in optional.items() if value}, FIELDS, "who")
    return see_other(f"/counter/{decision}") if decision else _counter(visit)


@router.get("/counter/{decision}")
def answered(visit: Asks, decision: str) -> Response:
    """The answer to the applicant in front of the counter."""
    answer = answer_of(visit, decision)
    if len(answer.contents.parties) != 1:
        return see_other(f"/decisions/{answer.row.id}")
    again = {"scenario": answer.row.scenario, "place": answer.place or "", "matter": answer.matter}
    visit.form = Form(defaults=again)
    headers = {"HX-Push-Url": visit.request.url.path}
    return page(visit, "answer.html", WORDS, headers=headers, answer=answer, asked_again=answer.missing)


def _counter(visit: Visit, candidates: Candidates = NOBODY) -> Response:
    """The page; with who may be meant by a name, nobody is judged before one of them was chosen."""
    return page(visit, "counter.html", WORDS, vocabulary=visit.desk.law.now.vocabulary, candidates=candidates)


def _matter(visit: Visit, scenario: str) -> str:
    """The matter, if it is one of the scenario; another scenario's is let go without a word."""
    matters = visit.desk.law.now.vocabulary.matters
    said = visit.form.raw("matter").strip()
    return said if said in matters and scenario in matters[said].scenarios else ""


def _party(subject: str, facts: Mapping[str, str]) -> dict[str, Any]:
    kind = {"kind": "natural-person"} if subject.startswith("person") else {}
    return {"subject": subject, **kind, **({"facts": dict(facts)} if facts else {})}


def _facts(visit: Visit) -> dict[str, dict[str, str]]:
    """What was answered about the facts that were missing, by whom the fact belongs to."""
    records = visit.desk.law.now.vocabulary.facts
    said = {
        name.removeprefix("fact."): value.strip()
        for name, value in visit.form.values.items()
        if name.startswith("fact.")
    }
    if any(name not in records for name in said):
        raise Problem(422)
    return {
        owner.value: {name: value for name, value in said.items() if value and records[name].owner is owner}
        for owner in (Owner.PARTY, Owner.INQUIRY)
    }
