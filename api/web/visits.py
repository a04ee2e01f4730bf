"""Who looks at a page, in which language, and by which form: every page names the act it is for."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from urllib.parse import quote

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api.rest.desk import Desk, desk_of
from api.rest.limits import Rate
from api.rest.problems import Problem, language
from api.web.cookies import LANGUAGE, SESSION, cookie
from api.web.forms import Form
from engine.access.handles import handles, held_by
from engine.access.reads import Look, note
from engine.access.roles import Act, Grant
from engine.access.sessions import Session, choose, find
from engine.services.moments import utc_now
from engine.vocabulary import NATIONAL, Words

MOST_FIELDS, LARGEST_FIELD = 200, 1 << 20
FORGED = Words(
    "表单已过期或不是本页发出的，没有办理任何事", "the form is too old or not from this page; nothing was done"
)
FORGED_HELP = Words("返回上一页，刷新后再试", "go back, load the page again, and try once more")


class Elsewhere(Exception):
    """The visitor is to go to another page."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


@dataclass
class Visit:
    """One look at one page: at which desk, by whom, in which language, and what was sent."""

    request: Request
    desk: Desk
    lang: str
    session: Session | None = None
    form: Form = field(default_factory=Form)
    once: str = ""  # the same when the same form is sent twice

    @property
    def grant(self) -> Grant:
        """What the visitor may do."""
        assert self.session is not None
        return self.session.grant

    @property
    def owner(self) -> str:
        """Whose a job is: an account's or that of somebody a provider vouches for, who may be called alike."""
        assert self.session is not None
        return f"account {self.session.account}" if self.session.account else f"token {self.grant.id}"

    @property
    def purpose(self) -> str:
        """What the visitor said they look for in this session; that of an earlier one is only suggested."""
        stated = self.session and self.chosen("purposed") == self.session.digest
        return self.chosen("purpose") if stated else ""

    def chosen(self, name: str, default: str = "") -> str:
        """What was chosen last under this name."""
        return self.session.chosen.get(name, default) if self.session else default

    def may(self, act: str) -> bool:
        """Whether the visitor may do the act of that name."""
        return self.session is not None and self.grant.may(Act(act))

    def reaches(self, scenario: str, place: str | None) -> bool:
        """Whether a decision of this scenario and place is within what the visitor may see."""
        return self.grant.covers_scenario(scenario) and self.grant.covers_place(place, self.desk.law.now.vocabulary)

    def within(self, scenario: str | None, place: str | None) -> None:
        """Problem 403 if the grant does not reach to the scenario or the place."""
        if scenario is not None and not self.grant.covers_scenario(scenario):
            raise Problem(403, Words("您的账户不得用于该场景", "your account is not for that scenario"))
        if not self.grant.covers_place(place, self.desk.law.now.vocabulary):
            raise Problem(403, Words("您的账户不得用于该地区", "your account is not for that place"))

    def keep(self, chosen: Mapping[str, str]) -> None:
        """Remember what was chosen, for the next time."""
        if self.session and any(self.session.chosen.get(name, "") != value for name, value in chosen.items()):
            choose(self.desk.access, self.session, chosen)

    def look(self, act: Act, subjects: list[str], decision: str = "", matter: str = "") -> None:
        """Write down that the visitor looks at these subjects, before they see anything."""
        purpose, who = self.purpose, self.grant.id
        looks = [Look(who, act, purpose, matter, subject, decision) for subject in subjects or [""]]
        note(self.desk.access, looks, utc_now())

    def handle(self, subject: str) -> str:
        """What stands for a subject in addresses of this session."""
        return self.handles([subject])[0]

    def handles(self, subjects: Sequence[str]) -> list[str]:
        """The handle of each, at the cost of one: for tables."""
        assert self.session is not None
        return handles(self.desk.access, self.session, subjects)

    def held(self, token: str) -> str:
        """The subject a handle of this session stands for. Missing if there is none."""
        assert self.session is not None
        return held_by(self.desk.access, self.session, token)

    @property
    def places(self) -> list[str]:
        """The places the visitor may name, those of the country first."""
        vocabulary = self.desk.law.now.vocabulary
        return [
            code for code in vocabulary.jurisdictions if code != NATIONAL and self.grant.covers_place(code, vocabulary)
        ]

    @property
    def scenarios(self) -> list[str]:
        """The scenarios the visitor may ask in."""
        return [code for code in self.desk.law.now.vocabulary.scenarios if self.grant.covers_scenario(code)]


class Page:
    """What a page depends on: lets in who may do the act; `act` is None for whoever is signed in.

    A form is read here and its proof checked, so that no page can forget to. `purpose`: whoever has not said what they
    look for is asked first.
    """

    def __init__(self, act: Act | None, purpose: bool = False) -> None:
        self.act, self.purpose = act, purpose

    async def __call__(self, request: Request) -> AsyncIterator[Visit]:
        """The visit. Elsewhere for who must sign in first, Problem 403 where no role is enough."""
        try:
            yield await self._visit(request)
        finally:
            await request.close()  # the files of its form

    async def _visit(self, request: Request) -> Visit:
        _demand_text(request)
        visit = Visit(request, desk_of(request), language_of(request))
        visit.session = await run_in_threadpool(_session, request, visit.desk)
        if visit.session is None:
            raise Elsewhere(f"/sign-in?next={quote(_back(request))}")
        request.state.grant = visit.grant
        rate: Rate = request.app.state.page_rate
        rate.hit(f"session {visit.session.digest}")
        if self.act and not visit.grant.may(self.act):
            raise Problem(403, Words("您的角色不得办理此事", "your role may not do this"))
        if request.method == "POST":
            visit.form, visit.once = await sent_form(request, visit.session.proof)
        elif self.purpose and not visit.purpose:
            raise Elsewhere(f"/purpose?next={quote(_back(request))}")
        return visit


class Anybody:
    """What an open page depends on: nobody needs to be signed in; a form carries the proof its cookie goes with."""

    async def __call__(self, request: Request) -> AsyncIterator[Visit]:
        """The visit; with a session if there is one."""
        try:
            yield await self._visit(request)
        finally:
            await request.close()

    async def _visit(self, request: Request) -> Visit:
        _demand_text(request)
        visit = Visit(request, desk_of(request), language_of(request))
        visit.session = await run_in_threadpool(_session, request, visit.desk)
        if request.method == "POST":
            rate: Rate = request.app.state.open_rate
            rate.hit(f"from {address_of(request)}")
            visit.form, visit.once = await sent_form(request, visit.session.proof if visit.session else None)
        return visit


async def sent_form(request: Request, proof: str | None) -> tuple[Form, str]:
    """The form that was sent, and its number. Problem 403 for one that another site made, or an old one.

    Without a session (`proof` is None) the browser's own word on where it comes from must do: there is nothing to
    forge but a sign-in. Pages let it say so (Referrer-Policy); "null" is what a page says that hides where it is.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, FORGED, FORGED_HELP)
    origin = request.headers.get("origin")
    if origin and origin.partition("://")[2] != request.headers.get("host", ""):
        raise Problem(403, FORGED, FORGED_HELP)
    try:
        sent = await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD)
    except HTTPException as error:
        raise Problem(413 if error.status_code == 413 else 400) from None
    except ValueError:  # letters in a code that nobody writes
        raise Problem(400) from None
    said, once = (_hidden(sent.get(name)) for name in ("_proof", "_once"))
    if proof is not None and not compare_digest(said, proof.encode()):
        raise Problem(403, FORGED, FORGED_HELP)
    return Form(sent), sha256(b"\n".join((proof.encode(), once))).hexdigest() if once and proof else ""


def _hidden(said: object) -> bytes:
    return said.encode("utf-8", "replace") if isinstance(said, str) else b""


def _demand_text(request: Request) -> None:
    """Problem 404 for an address with what no text of ours holds: books would not even look for it."""
    asked = [part for pair in request.query_params.multi_items() for part in pair]
    if any("\x00" in one for one in [*asked, *map(str, request.path_params.values())]):
        raise Problem(404)


def language_of(request: Request) -> str:
    """What was chosen, or what the browser asks for; Chinese if neither says."""
    chosen = cookie(request, LANGUAGE)
    return chosen if chosen in ("zh", "en") else language(request)


def inside(path: str) -> str:
    """The path if it is one of ours, the first page otherwise: nobody is sent to another site."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and len(path) < 500
    return path if fine else "/"


def see_other(where: str) -> Response:
    """On to another page, by GET."""
    return RedirectResponse(quote(where, safe="/?=&%#~-._"), 303)


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def _session(request: Request, desk: Desk) -> Session | None:
    held = cookie(request, SESSION)
    return find(desk.access, held, utc_now()) if held else None


def _back(request: Request) -> str:
    """Where to come back to: what was asked for, if it can be asked for again."""
    if request.method != "GET":
        return "/"
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
