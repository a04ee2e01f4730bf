"""Another password, for whoever knows the one they have: every other session of theirs ends with it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.rest.problems import Problem
from api.web.door.entrance import TOO_OFTEN
from api.web.forms import told
from api.web.render import page
from api.web.visits import Page, Visit, address_of, see_other
from engine.access.accounts import change_password, login_of
from engine.access.passwords import LONGEST, SHORTEST
from engine.access.throttle import Try, attempt, succeeded
from engine.errors import RefusedInput
from engine.services.moments import utc_now
from engine.vocabulary import Words

router = APIRouter()

Signed = Annotated[Visit, Depends(Page(None))]
WORDS = {
    "title": Words("更改密码", "Change your password"),
    "old": Words("现在的密码", "Password now"),
    "new": Words("新密码", "New password"),
    "again": Words("再输一次新密码", "New password once more"),
    "rules": Words(
        f"{SHORTEST} 至 {LONGEST} 位，不要用重复或连续的字符，也不要含登录名。几个不相干的词连起来就好记又难猜。",
        f"{SHORTEST} to {LONGEST} characters, none repeated or in a row, without the login. "
        "A few words that have nothing to do with each other are easy to keep in mind and hard to guess.",
    ),
    "others": Words("更改后，您在其他设备上的登录会全部退出。", "You will be signed out on all your other devices."),
    "submit": Words("更改密码", "Change the password"),
    "changed": Words("密码已更改", "Your password is changed"),
    "changed_note": Words(
        "此后用新密码登录。您在其他设备上的登录已全部退出。",
        "Sign in with the new one from now on. You are signed out on all your other devices.",
    ),
    "to_account": Words("返回账户", "Back to your account"),
}
FILL = Words("请填写密码", "fill in the password")
WRONG = Words("现在的密码不对", "that is not your password now")
DIFFERENT = Words("两次输入的新密码不同", "the two new passwords are not the same")
ELSEWHERE = Words(
    "您用统一身份登录，密码不在这里", "you sign in with your organisation's account; its password is not here"
)
FIELDS = ("old", "new", "again")


@router.get("/account/password")
def form(visit: Signed) -> Response:
    """Where the old password and the new one are asked for."""
    _login(visit)
    return page(visit, "door/password.html", WORDS)


@router.post("/account/password")
def change(request: Request, visit: Signed) -> Response:
    """Another password from now on; guessing at the old one is held up as at the entrance."""
    login = _login(visit)
    old, new, again = (visit.form.raw(name) for name in FIELDS)
    for name in FIELDS:
        if not visit.form.values.pop(name, ""):  # and never shown again
            visit.form.fault(name, FILL)
    if new and again and new != again:
        visit.form.fault("again", DIFFERENT)
    tried = attempt(visit.desk.access, login, address_of(request), utc_now()) if visit.form.sound else None
    if tried:
        _try(visit, tried, old, new)
    elif visit.form.sound:
        visit.form.fault("old", TOO_OFTEN)
    return see_other("/account/password/changed") if visit.form.sound else page(visit, "door/password.html", WORDS)


@router.get("/account/password/changed")
def changed(visit: Signed) -> Response:
    """It is done."""
    _login(visit)
    return page(visit, "door/password-changed.html", WORDS)


def _try(visit: Visit, tried: Try, old: str, new: str) -> None:
    """Change it, or say beside which field why not; who knew the old one made no mistake that counts."""
    session, access = visit.session, visit.desk.access
    assert session is not None
    try:
        if not change_password(access, session.account, old, new, session.digest):
            visit.form.fault("old", WRONG)
            return
    except RefusedInput as refused:
        visit.form.fault("new", told(refused))
    succeeded(access, tried)


def _login(visit: Visit) -> str:
    """The login of the visitor's account. Problem 404 for whom a provider vouches for."""
    assert visit.session is not None
    if not visit.session.account:
        raise Problem(404, ELSEWHERE)
    with visit.desk.access.reading() as connection:
        return login_of(connection, visit.session.account)
