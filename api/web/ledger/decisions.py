"""One decision: its reasons, its receipt, its notice, its replay."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from starlette.concurrency import run_in_threadpool

from api.notice.page import notice_page
from api.notice.words import TAGS
from api.rest.documented import JSON
from api.rest.handing import NOTICE_POLICY, SOON, notice_of, pressed
from api.web.ledger.decisions_words import WORDS
from api.web.ledger.reading import numbered, reached, seen
from api.web.ledger.reasoning import tree_of
from api.web.ledger.reasoning_words import WORDS as LABELS
from api.web.render import page
from api.web.telling import MOST_TRIED, answer_of
from api.web.visits import Page, Visit, see_other
from engine.access.roles import Act
from engine.canonical import canonical
from engine.errors import Missing
from engine.explanation import phrases
from engine.explanation.render import Depth
from engine.ledger.receipt import receipt_of
from engine.services.again import replayed_again
from engine.services.noticing import Noted

router = APIRouter()

Reads = Annotated[Visit, Depends(Page(Act.READ_DECISION, purpose=True))]
# Parties whose reasons stand on one page; places in which a replay differs that are listed.
PARTIES, PLACES = 10, 50
_SAID = {**LABELS, **WORDS}


@router.get("/decisions/{decision}")
def decision(visit: Reads, decision: str, depth: str = "", start: str = "") -> Response:
    """All of a decision, its reasons as deep as was chosen last; of many parties some at a time."""
    answer = answer_of(visit, decision)
    chosen = depth if depth in list(Depth) else visit.chosen("ledger.depth", Depth.COUNTER.value)
    visit.keep({"ledger.depth": chosen})
    count = len(answer.contents.parties)
    first = min(int(start), count - 1) if start.isascii() and start.isdigit() and len(start) < 6 else 0
    parties = slice(first, first + PARTIES)
    tree = tree_of(answer.told.noted, visit.desk.law.now.rulebook, visit.lang, Depth(chosen), parties)
    return page(
        visit, "ledger/decision.html", _SAID, answer=answer, tree=tree, depth=chosen, depths=list(Depth), first=first,
        last=min(first + PARTIES, count), count=count, tried=MOST_TRIED,
    )  # fmt: skip


@router.get("/decisions/{decision}/receipt.json")
async def receipt(visit: Reads, decision: str, openings: str = "yes") -> Response:
    """The receipt as a file; `openings=no`: without what names anybody."""
    row = await run_in_threadpool(seen, visit, decision)
    if not await numbered(visit, row.id):
        return _waiting(visit, row.id)
    opened = openings != "no"
    data = await run_in_threadpool(_receipt, visit, row.id, opened)
    name = f'attachment; filename="receipt-{row.id}{"" if opened else "-closed"}.json"'
    return Response(data, headers={"Content-Disposition": name}, media_type=JSON)


@router.get("/decisions/{decision}/notice.html")
async def notice_as_page(visit: Reads, decision: str, lang: str = "", openings: str = "yes") -> Response:
    """The notice to hand out, in the language named or that of the page."""
    number, made = await _noted(visit, decision, openings != "no")
    if made is None:
        return _waiting(visit, number)
    said = lang if lang in TAGS else visit.lang
    headers = {"Content-Language": TAGS[said], "Content-Security-Policy": NOTICE_POLICY}
    return Response(await run_in_threadpool(notice_page, made, said), headers=headers, media_type="text/html")


@router.get("/decisions/{decision}/notice.pdf")
async def notice_as_pdf(visit: Reads, decision: str, lang: str = "", openings: str = "yes") -> Response:
    """The notice to print; where no type can be set here, a page that says how to print it otherwise."""
    number, made = await _noted(visit, decision, openings != "no")
    if made is None:
        return _waiting(visit, number)
    said = lang if lang in TAGS else visit.lang
    try:
        data = await run_in_threadpool(pressed, made, said)
    except Missing as missing:
        return page(visit, "no-press.html", WORDS, 503, decision=number, notice_lang=said, missing=missing)
    headers = {"Content-Language": TAGS[said], "Content-Disposition": f'inline; filename="notice-{number}.pdf"'}
    return Response(data, headers=headers, media_type="application/pdf")


@router.post("/decisions/{decision}/replay")
def replay(visit: Reads, decision: str) -> Response:
    """On to the result, which is made when it is shown: nothing of it stands in the address."""
    return see_other(f"/decisions/{reached(visit, decision).id}/replayed")


@router.get("/decisions/{decision}/replayed")
def replayed(visit: Reads, decision: str) -> Response:
    """The decision made again by the rulebook and the registry of then, and what came of it."""
    row, desk = seen(visit, decision), visit.desk
    found = replayed_again(desk.ledger.store, desk.books.registry, row, desk.law.now.rulebook)
    differs = [(_part(pointer), pointer) for pointer in found.differs[:PLACES]]
    return page(
        visit, "ledger/replayed.html", WORDS, decision=row.id, found=found, outcome=found.outcome.name.lower(),
        differs=differs, verdicts=phrases.VERDICTS,
    )  # fmt: skip


def _part(pointer: str) -> str:
    """The name of the word for the part of a core that a pointer leads into."""
    named = f"part_{pointer.split('/')[1]}"
    return named if named in WORDS else "part_"


async def _noted(visit: Visit, decision: str, opened: bool) -> tuple[str, Noted | None]:
    """The decision's number, and what its notice is made of; None while it has no number in the log."""
    row = await run_in_threadpool(seen, visit, decision)
    if not await numbered(visit, row.id):
        return row.id, None
    return row.id, await run_in_threadpool(notice_of, visit.desk, row.id, opened)


def _receipt(visit: Visit, decision: str, opened: bool) -> bytes:
    with visit.desk.ledger.store.reading() as connection:
        said: Any = receipt_of(connection, decision, opened)
    return canonical(said) + b"\n"


def _waiting(visit: Visit, decision: str) -> Response:
    """What is shown while the log takes its time: it asks again by itself."""
    headers = {"Refresh": SOON, "Retry-After": SOON}
    return page(visit, "ledger/waiting.html", WORDS, 202, headers, decision=decision)
