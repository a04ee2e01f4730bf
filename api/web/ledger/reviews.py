"""What waits for a person, and what they determine."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response

from api.rest.determining import determined_once
from api.rest.paging import LONGEST_CURSOR, cursor_of, read_cursor
from api.rest.problems import Problem
from api.rest.recalling import answered_before
from api.web.forms import Form
from api.web.ledger.reviews_words import GONE, NEEDED, NO_ANSWER, TAKES, WORDS
from api.web.render import page
from api.web.telling import Answer, answer_of
from api.web.visits import Page, Visit, see_other
from engine.access.roles import Act
from engine.decision import Verdict
from engine.errors import RefusedInput
from engine.explanation.phrases import VERDICTS
from engine.services.determining import ANSWERS, Determined
from engine.services.registering import kept
from engine.services.searching import Mark
from engine.services.waiting import Waits, queue_of
from engine.vocabulary import NATIONAL, Words

router = APIRouter()

Reads = Annotated[Visit, Depends(Page(Act.READ_DECISION))]
Determines = Annotated[Visit, Depends(Page(Act.DETERMINE, purpose=True))]
Said = Annotated[str, Query(max_length=100)]
After = Annotated[str, Query(max_length=LONGEST_CURSOR)]
LINES = 25
LONGEST = 2_000
FIELDS = ("answer", "reasons", "document", "supersedes")
# What a form is sent for: to be looked over (nothing said), to be recorded, or to be changed again.
RECORD, CHANGE = "record", "change"


@router.get("/reviews")
def reviews(visit: Reads, scenario: Said = "", place: Said = "", after: After = "") -> Response:
    """Decisions left to a person, the longest wait first, within what the visitor may see."""
    form = visit.form = Form(defaults={"scenario": scenario, "place": place})
    form.choice("scenario", visit.scenarios, needed=False)
    form.choice("place", _places(visit), needed=False)
    queue = queue_of(visit.desk.ledger.store, visit.reaches)
    found = [one for one in queue.lines if _fits(visit, one)] if form.sound else []
    mark = _mark(after)
    left = [one for one in found if mark is None or (one.ticks, one.id) > (mark.ticks, mark.id)]
    shown, following = left[:LINES], ""
    if len(left) > LINES:
        cursor = cursor_of(str(Mark(shown[-1].ticks, shown[-1].id)))
        following = "/reviews?" + urlencode({"scenario": scenario, "place": place, "after": cursor})
    return page(
        visit, "ledger/reviews.html", WORDS, vocabulary=visit.desk.law.now.vocabulary, places=_places(visit),
        lines=shown, found=len(found), more=queue.more, at=queue.at, following=following, later=bool(after),
    )  # fmt: skip


@router.get("/reviews/{decision}")
def review(visit: Determines, decision: str) -> Response:
    """What a person is to look at, and the form for what they determine."""
    return _review(visit, answer_of(visit, decision))


@router.post("/reviews/{decision}")
def determine(visit: Determines, decision: str) -> Response:
    """Look over what was said, then record it: once, however often the form is sent."""
    form, answer = visit.form, answer_of(visit, decision)
    if answer.row.verdict != Verdict.REVIEW:
        raise Problem(422, WORDS["decided"])
    step, (key, digest) = form.raw("step"), _sent(visit, answer)
    if step == RECORD and key and answered_before(visit.desk, key, digest):
        return see_other(f"/decisions/{answer.row.id}")
    said = _read(visit, answer)
    if said is None or step == CHANGE:
        return _review(visit, answer)
    if step != RECORD:
        return page(
            visit, "ledger/review-confirm.html", WORDS, answer=answer, said=said, word=_word(visit, said.answer)
        )
    try:
        determined_once(visit.desk, said, key, digest)
    except RefusedInput as refused:
        for fault in refused.faults:
            field = fault.place.file if fault.place.file in FIELDS else "answer"
            form.fault(field, TAKES if field == "supersedes" else Words(fault.zh, fault.en))
        return _review(visit, answer_of(visit, decision))
    return see_other(f"/decisions/{answer.row.id}")


def _review(visit: Visit, answer: Answer) -> Response:
    answers = [(code, _word(visit, code)) for code in ANSWERS]
    old = [one for one in answer.contents.lists if one.needed and not one.known]
    return page(
        visit, "ledger/review.html", WORDS, answer=answer, answers_there=answers, newest=_newest(answer), old=old
    )


def _read(visit: Visit, answer: Answer) -> Determined | None:
    """What the officer said, with every fault of it beside its field; None where there is one."""
    form = visit.form
    if not form.raw("answer"):
        form.fault("answer", NO_ANSWER)
    chosen = form.choice("answer", ANSWERS)
    texts = {name: form.text(name, most=LONGEST, missing=said) for name, said in NEEDED.items()}
    for name, text in texts.items():
        if text:
            texts[name] = form.tried(name, lambda name=name, text=text: kept(text, name)) or ""  # type: ignore[misc]
    newest, named = _newest(answer), form.raw("supersedes")
    if named != newest:
        form.fault("supersedes", GONE if named else TAKES)
    if not form.sound:
        return None
    return Determined(answer.row.id, chosen, visit.grant.name, texts["reasons"], texts["document"], newest)


def _sent(visit: Visit, answer: Answer) -> tuple[str, str]:
    """The key and the digest of what was sent: what the same form says otherwise the next time is another request."""
    said = "\n".join([answer.row.id, *(visit.form.raw(name) for name in FIELDS)])
    digest = sha256(said.encode()).hexdigest()
    return sha256(f"{visit.once}\n{digest}".encode()).hexdigest() if visit.once else "", digest


def _newest(answer: Answer) -> str:
    """The determination that holds now; empty where there is none."""
    there: Sequence[Any] = answer.told.noted.receipt["determinations"]
    return str(there[-1]["envelope"]["id"]) if there else ""


def _word(visit: Visit, code: str) -> str:
    return VERDICTS[code].say(visit.lang)


def _places(visit: Visit) -> list[str]:
    return visit.places if visit.grant.jurisdictions else [NATIONAL, *visit.places]


def _fits(visit: Visit, line: Waits) -> bool:
    scenario, place = visit.form.raw("scenario"), visit.form.raw("place")
    if scenario not in ("", line.scenario):
        return False
    if place in ("", NATIONAL):
        return not place or line.place in (None, NATIONAL)
    return line.place is not None and visit.desk.law.now.vocabulary.inside(line.place, place)


def _mark(after: str) -> Mark | None:
    said = read_cursor(after)
    try:
        return None if said is None else Mark.read(said)
    except ValueError:
        raise Problem(404) from None
