"""The ledger: decisions looked for without a word on whom they concern, its head, its proofs, what to revisit."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.rest.searches import mark_of, next_of
from api.web.forms import Form
from api.web.ledger.proofs import head_of
from api.web.ledger.proofs import router as proofs
from api.web.ledger.revisits import router as revisits
from api.web.ledger.words import WORDS
from api.web.render import page
from api.web.visits import Page, Visit, see_other
from engine.access.roles import Act
from engine.decision import Verdict
from engine.errors import Missing, RefusedInput
from engine.explanation import phrases
from engine.services import searching
from engine.services.searching import Search, search
from engine.services.telling import row_of
from engine.vocabulary import Words

router = APIRouter()
router.include_router(proofs)
router.include_router(revisits)

Reads = Annotated[Visit, Depends(Page(Act.READ_DECISION))]
LINES = 25
LONGEST = 60
# A UUID, or how one begins; a company's code has no hyphen there.
_NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f-]{0,27})?")
NOT_A_NUMBER = Words(
    "决定编号由 0-9、a-f 和连字符组成，至少写前 8 位；要按主体查，请到“主体”页",
    "a decision's number is made of 0-9, a-f and hyphens, its first 8 at least; for a party go to Subjects",
)
NONE_SUCH = Words("台账中没有以此开头的唯一决定", "the ledger has no one decision whose number begins like that")


@router.get("/ledger")
def ledger(
    visit: Reads, scenario: str = "", verdict: str = "", since: str = "", until: str = "", cursor: str = ""
) -> Response:
    """A page of decisions, the newest first, within what the visitor may see."""
    asked = {"scenario": scenario, "verdict": verdict, "since": since.strip(), "until": until.strip()}
    visit.form = Form(defaults=asked)
    return _ledger(visit, cursor)


@router.post("/ledger")
def open_one(visit: Reads) -> Response:
    """On to the decision of that number: by a form, for what is typed here may be somebody's code by mistake."""
    said = visit.form.text("decision", most=LONGEST).lower()
    if said and not _NUMBER.fullmatch(said):
        visit.form.fault("decision", NOT_A_NUMBER)
    if visit.form.sound:
        try:
            return see_other(f"/decisions/{row_of(visit.desk.ledger.store, said).id}")
        except Missing:
            visit.form.fault("decision", NONE_SUCH)
    return _ledger(visit, "")


def _ledger(visit: Visit, cursor: str) -> Response:
    form, words = visit.form, visit.desk.law.now.vocabulary
    verdicts = [one.value for one in Verdict]
    scenario = form.choice("scenario", visit.scenarios, needed=False) or None
    verdict = form.choice("verdict", verdicts, needed=False) or None
    since, until = (form.text(name, needed=False, most=40) or None for name in ("since", "until"))
    lines, following = list[searching.Line](), None
    if form.sound or "decision" in form.faults:
        try:
            wanted = Search(scenario, verdict, since, until)
            found = search(visit.desk.ledger.store, wanted, visit.reaches, LINES, mark_of(cursor or None))
            lines, following = list(found.lines), next_of(found.following)
        except RefusedInput as refused:
            for fault in refused.faults:
                if fault.place.file not in ("since", "until"):
                    raise
                form.fault(fault.place.file, Words(f"{fault.zh}：{fault.help_zh}", f"{fault.en}: {fault.help_en}"))
    filters = {name: form.raw(name) for name in ("scenario", "verdict", "since", "until") if form.raw(name)}
    return page(
        visit, "ledger/search.html", WORDS, vocabulary=words, verdicts={one: phrases.VERDICTS[one] for one in verdicts},
        lines=lines, following=following, filters=filters, cursor=cursor, head=head_of(visit),
    )  # fmt: skip
