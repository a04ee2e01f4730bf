"""A notice to hand out, by whichever door it is asked for: what it is made of, and its page set as a PDF."""

from threading import Lock

from api.notice.page import notice_page
from api.notice.pdf import notice_pdf
from api.rest.desk import Desk
from engine.ledger.receipt import NotYet
from engine.services.noticing import Noted, noted_in

# Seconds after which a decision has its number, as a rule.
SOON = "1"
# A notice is one file with its style in it, and loads nothing.
NOTICE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
# One notice is set at a time: it takes a second of a whole core.
_PRESS = Lock()


def notice_of(desk: Desk, decision: str, openings: bool) -> Noted | None:
    """What the notice is made of, without what names anybody if not `openings`; None before it has its number."""
    try:
        return noted_in(desk.ledger, decision, not openings, desk.law.now.rulebook)
    except NotYet:
        return None


def pressed(noted: Noted, lang: str) -> bytes:
    """The notice as a PDF. Missing where the libraries that set type are not installed."""
    with _PRESS:
        return notice_pdf(notice_page(noted, lang))
