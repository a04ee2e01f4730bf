"""The way in and out: signing in, the language, what one is looking for, the account."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.web.cookies import LANGUAGE, SESSION, give, take_back
from api.web.forms import Form
from api.web.menu import menu_of
from api.web.render import page
from api.web.visits import Anybody, Page, Visit, address_of, inside, see_other
from api.web.words import ENTRANCE
from engine.access.accounts import grant_of, verify
from engine.access.sessions import LONGEST, begin, end, end_all
from engine.access.throttle import attempt, succeeded
from engine.services.moments import utc_now
from engine.services.registering import kept
from engine.vocabulary import Words

router = APIRouter()

Open = Annotated[Visit, Depends(Anybody())]
Signed = Annotated[Visit, Depends(Page(None))]
WRONG = Words("登录名或密码不对", "the name or the password is wrong")
TOO_OFTEN = Words("失败次数过多，请 15 分钟后再试", "too many failures: try again in 15 minutes")


@router.get("/")
def first(visit: Signed) -> Response:
    """The first page that the visitor's roles open."""
    menu = menu_of(visit)
    return see_other(menu[0].path if menu else "/account")


@router.get("/sign-in")
def entrance(visit: Open, next: str = "/") -> Response:
    """Where somebody signs in."""
    visit.form = Form(defaults={"next": inside(next)})
    return page(visit, "door/sign-in.html", ENTRANCE)


@router.post("/sign-in")
def sign_in(request: Request, visit: Open) -> Response:
    """Somebody signs in; what is wrong is said without saying which of the two it is."""
    form, access, now = visit.form, visit.desk.access, utc_now()
    login, password = form.text("login").lower(), form.raw("password")
    form.values.pop("password", None)  # never shown again
    if not password:
        form.fault("password", Words("请填写密码", "fill in the password"))
    tried = attempt(access, login, address_of(request), now) if form.sound else None
    if form.sound and not tried:
        form.fault("login", TOO_OFTEN)
    row = verify(access, login, password) if tried else None
    held = begin(access, grant_of(row), now, secrets.token_bytes, row) if row else None
    if tried and held is None:
        form.fault("login", WRONG)
    if tried is None or held is None:
        return page(visit, "door/sign-in.html", ENTRANCE)
    succeeded(access, tried)
    if visit.session:
        end(access, visit.session)
    return signed_in(request, held, inside(form.raw("next") or "/"))


def signed_in(request: Request, held: str, where: str) -> Response:
    """On to a page, with the session in a cookie that scripts and other sites do not get."""
    answer = see_other(where)
    give(request, answer, SESSION, held, int(LONGEST.total_seconds()))
    return answer


@router.post("/sign-out")
def sign_out(request: Request, visit: Signed) -> Response:
    """The session ends, whoever holds its cookie."""
    assert visit.session is not None
    if visit.form.raw("everywhere"):
        end_all(visit.desk.access, visit.grant.id, visit.session.account)
    else:
        end(visit.desk.access, visit.session)
    answer = see_other("/sign-in")
    take_back(request, answer, SESSION)
    return answer


@router.get("/language/{lang}")
def language(request: Request, lang: str, back: str = "/") -> Response:
    """The other language, from now on."""
    answer = see_other(inside(back))
    give(request, answer, LANGUAGE, "en" if lang == "en" else "zh", 365 * 86_400)
    return answer


@router.get("/purpose")
def purpose(visit: Signed, next: str = "/") -> Response:
    """What the visitor looks for: it is written down with every look."""
    visit.form = Form(defaults={"next": inside(next), "purpose": visit.chosen("purpose")})
    return page(visit, "door/purpose.html", ENTRANCE)


@router.post("/purpose")
def state_purpose(visit: Signed) -> Response:
    """From now on the looks of this visitor are for that."""
    said = visit.form.text("purpose")
    said = visit.form.tried("purpose", lambda: kept(said, "purpose")) or ""
    if not visit.form.sound:
        return page(visit, "door/purpose.html", ENTRANCE)
    assert visit.session is not None
    visit.keep({"purpose": said, "purposed": visit.session.digest})
    return see_other(inside(visit.form.raw("next") or "/"))


@router.get("/account")
def account(visit: Signed) -> Response:
    """Who one is here, and what one may do."""
    return page(visit, "door/account.html", ENTRANCE, vocabulary=visit.desk.law.now.vocabulary)
