"""Whether a receipt or a notice is genuine: for anybody, and no more than that."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile

from api.notice.seal import read_payload
from api.rest.limits import Rate
from api.rest.problems import Problem
from api.web.ledger.verifying_words import WORDS
from api.web.render import page
from api.web.visits import Anybody, Visit, address_of
from engine.explanation import phrases
from engine.ledger.receipt import MOST_BYTES
from engine.services.confirming import Confirmed, confirm_code, confirm_leaf, confirm_receipt
from engine.vocabulary import Words

router = APIRouter()

Open = Annotated[Visit, Depends(Anybody())]
LONGEST_CODE = 600
# A receipt with what a form puts around it.
LARGEST_FORM = MOST_BYTES + (1 << 16)
LONGEST_ADDRESS = 100
NEITHER = Words("请选择凭证文件，或粘贴二维码的文字", "choose a receipt, or paste the text of a code")
TOO_LARGE = Words("文件超过 8 MB，不是凭证", "the file is larger than 8 MB: no receipt is")
EMPTY = Words("文件是空的", "the file is empty")


@router.get("/verify")
def form(visit: Open) -> Response:
    """Where a receipt is handed in, or the text of a code."""
    return page(visit, "ledger/verify.html", WORDS, found=None, verdicts=phrases.VERDICTS)


@router.post("/verify", max_body_size=LARGEST_FORM)
def verify(visit: Open) -> Response:
    """What comes of it; the receipt is checked if there are both."""
    sent = visit.form.file("receipt")
    code = visit.form.text("code", needed=False, most=LONGEST_CODE)
    found: Confirmed | None = None
    if sent is not None:
        data = _bytes(visit, sent)
        found = confirm_receipt(visit.desk.ledger, data) if visit.form.sound else None
    elif code:
        said = visit.form.tried("code", lambda: read_payload(code))
        found = confirm_code(visit.desk.ledger, said) if said else None
    elif visit.form.sound:
        visit.form.fault("receipt", NEITHER)
    return page(visit, "ledger/verify.html", WORDS, found=found, verdicts=phrases.VERDICTS)


@router.get("/verify/{record}")
def look_up(request: Request, visit: Open, record: str, leaf: str = "") -> Response:
    """A record by its number, for who knows the hash of its leaf; as often as a form may be sent."""
    rate: Rate = request.app.state.open_rate
    rate.hit(f"from {address_of(request)}")
    if max(len(record), len(leaf)) > LONGEST_ADDRESS:
        raise Problem(404)
    found = confirm_leaf(visit.desk.ledger, record, leaf)
    return page(visit, "ledger/verify.html", WORDS, found=found, verdicts=phrases.VERDICTS)


def _bytes(visit: Visit, sent: UploadFile) -> bytes:
    """The file, at most a byte more than a receipt may have; what is wrong with it is said beside the field."""
    data = sent.file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        visit.form.fault("receipt", TOO_LARGE)
    elif not data:
        visit.form.fault("receipt", EMPTY)
    return data
