"""The way in and out: by name and password, so often and no more; what one is looking for; another password."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.web.cookies import SESSION
from engine.access import passwords
from engine.access.accounts import allow, disable, set_password
from engine.access.roles import Role
from engine.access.throttle import HERE
from engine.services.moments import utc_now
from tests.web.seating import access_of, seated, standing, stranger
from tests.web.visiting import PASSWORD, account, faults, signed_in, text_of

OTHER = "another horse, another staple"


@pytest.fixture(scope="module")
def door(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service, one for all tests: each brings its own people."""
    with standing(furnished, tmp_path_factory.mktemp("pages")) as opened:
        yield opened


def entering(login: str, password: str, **more: Any) -> dict[str, Any]:
    """The form of the entrance."""
    return {"login": login, "password": password, "next": "/account", **more}


def test_somebody_signs_in_and_out(door: TestClient) -> None:
    """To the page they wanted; out again, and nothing is left open."""
    login, browser = account((Role.INQUIRER,)), stranger(door)
    there = browser.post("/sign-in", data=entering(f" {login.upper()} ", PASSWORD, next="/counter"))
    assert (there.status_code, there.headers["location"]) == (303, "/counter")
    assert "测试员" in browser.get("/account").text
    assert browser.get("/").headers["location"] == "/counter"
    proof = re.search(r'name="_proof" value="([^"]+)"', browser.get("/account").text)
    assert proof
    out = browser.post("/sign-out", data={"_proof": proof[1]})
    assert out.headers["location"] == "/sign-in"
    assert SESSION not in browser.cookies
    assert browser.get("/account").headers["location"] == "/sign-in?next=/account"


WRONG = {
    "nobody": {"login": "nobody", "password": PASSWORD}, "another password": {"login": "LOGIN", "password": "x"},
    "a long one": {"login": "LOGIN", "password": "x" * 100_000},
    "its digest": {"login": "LOGIN", "password": "$argon2id$"},
    "sql": {"login": "' OR 1=1 --", "password": "' OR 1=1 --"},
    "no text": {"login": "LOGIN", "password": "\ud7ff\uffff"},
}  # fmt: skip


def test_a_mistake_is_explained_without_saying_which(door: TestClient) -> None:
    """The name stands there still, the password does not; nobody learns which names there are."""
    login, said = account((Role.INQUIRER,)), set[tuple[int, str]]()
    for fields in WRONG.values():
        sent = {name: value.replace("LOGIN", login) for name, value in fields.items()}
        page = stranger(door).post("/sign-in", data=sent)
        said.add((page.status_code, faults(page)["login"]))
        assert sent["password"] not in page.text or len(sent["password"]) < 12
        assert SESSION not in page.cookies
    assert said == {(422, "登录名或密码不对")}
    english = stranger(door).post("/sign-in", data=entering(login, "x"), headers={"Accept-Language": "en"})
    assert faults(english) == {"login": "the name or the password is wrong"}
    assert f'value="{login}"' in english.text
    empty = stranger(door).post("/sign-in", data={})
    assert faults(empty) == {"login": "请填写", "password": "请填写密码"}


def test_guessing_is_held_up(door: TestClient) -> None:
    """After a few mistakes the right password waits, too; others are let in."""
    login, other = account((Role.INQUIRER,)), account((Role.INQUIRER,))
    browser = stranger(door)
    for _ in range(HERE):
        assert "不对" in faults(browser.post("/sign-in", data=entering(login, "wrong")))["login"]
    late = browser.post("/sign-in", data=entering(login, PASSWORD))
    assert "15 分钟" in faults(late)["login"]
    assert browser.post("/sign-in", data=entering(other, PASSWORD)).status_code == 303


def test_a_crowd_is_told_to_wait(door: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a page, and those who are in go on."""
    login, here = account((Role.INQUIRER,)), seated(door, Role.INQUIRER)
    monkeypatch.setattr(passwords._IN_LINE, "acquire", lambda blocking=True: False)
    page = stranger(door).post("/sign-in", data=entering(login, PASSWORD))
    assert page.status_code == 503
    assert "此刻登录的人太多" in text_of(page)
    assert page.headers["Retry-After"]
    assert here.get("/account").status_code == 200


def test_what_an_account_loses_it_loses_at_once(door: TestClient) -> None:
    """A role, all sessions with another password, everything when it is disabled."""
    login = account((Role.INQUIRER, Role.AUDITOR))
    visitor, access = signed_in(door, login), access_of(door)
    assert visitor.get("/counter").status_code == 200
    allow(access, login, (Role.AUDITOR,), (), ())
    assert visitor.get("/counter").status_code == 403
    set_password(access, login, OTHER)
    assert visitor.get("/account", follow_redirects=False).headers["location"].startswith("/sign-in")
    browser = stranger(door)
    browser.post("/sign-in", data=entering(login, OTHER))
    assert browser.get("/account").status_code == 200
    disable(access, login, "me", utc_now())
    assert browser.get("/account").status_code == 303


def test_what_for_is_asked_before_anything_is_shown(door: TestClient) -> None:
    """Once; it is bounded, and no place for a person's number."""
    visitor = seated(door, Role.INQUIRER, purpose="")
    assert visitor.get("/counter").headers["location"] == "/purpose?next=/counter"
    number = "11010519491231002X"
    for wrong, fault in (("", "请填写"), ("长" * 201, "过长"), (f"查 {number}", "号码")):
        page = visitor.post("/purpose", {"purpose": wrong, "next": "/counter"})
        assert page.status_code == 422
        assert fault in faults(page)["purpose"]
    done = visitor.post("/purpose", {"purpose": "许可受理", "next": "/counter"})
    assert done.headers["location"] == "/counter"
    assert "许可受理" in visitor.get("/counter").text


def test_what_for_is_asked_in_every_session(door: TestClient) -> None:
    """What was said last time is suggested, and stands for nothing before it was said again."""
    login = account((Role.INQUIRER,))
    signed_in(door, login, "许可受理")
    door.cookies.clear()
    assert door.post("/sign-in", data=entering(login, PASSWORD)).status_code == 200
    asked = door.get("/counter")
    assert asked.url.path == "/purpose"
    assert 'value="许可受理"' in asked.text
    visitor = signed_in(door, login, "招标资格审查")
    assert visitor.get("/counter").url.path == "/counter"


def test_the_other_language_stays(door: TestClient) -> None:
    """Whatever the browser asks for; an unknown one is Chinese."""
    browser = stranger(door)
    assert 'lang="zh-CN"' in browser.get("/sign-in").text
    assert browser.get("/language/en?back=/sign-in").headers["location"] == "/sign-in"
    assert 'html lang="en"' in browser.get("/sign-in", headers={"Accept-Language": "zh"}).text
    browser.get("/language/tlh")
    assert 'html lang="zh-CN"' in browser.get("/sign-in", headers={"Accept-Language": "en"}).text


def test_another_password(door: TestClient) -> None:
    """For whoever knows the one they have; they stay, and are out everywhere else."""
    login = account((Role.INQUIRER,))
    elsewhere = stranger(door)
    elsewhere.post("/sign-in", data=entering(login, PASSWORD))
    visitor = signed_in(door, login)
    page = visitor.post("/account/password", {"old": PASSWORD, "new": OTHER, "again": OTHER})
    assert page.url.path == "/account/password/changed"
    assert "密码已更改" in text_of(page)
    assert visitor.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert stranger(door).post("/sign-in", data=entering(login, PASSWORD)).status_code == 422
    assert stranger(door).post("/sign-in", data=entering(login, OTHER)).status_code == 303


MISTAKES = [
    ({}, {"old": "请填写", "new": "请填写", "again": "请填写"}),
    ({"old": "wrong", "new": OTHER, "again": OTHER}, {"old": "现在的密码不对"}),
    ({"old": PASSWORD, "new": OTHER, "again": OTHER + "x"}, {"again": "两次输入的新密码不同"}),
    ({"old": PASSWORD, "new": "short", "again": "short"}, {"new": "密码须为 12 至 256 位"}),
    ({"old": PASSWORD, "new": "x" * 300_000, "again": "x" * 300_000}, {"new": "密码须为 12 至 256 位"}),
    ({"old": PASSWORD, "new": "1" * 12, "again": "1" * 12}, {"new": "密码太容易猜到"}),
    ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, {"new": "新密码与原密码相同"}),
]


def test_a_password_that_will_not_do(door: TestClient) -> None:
    """Is explained beside its field, and none of the three is ever shown again."""
    visitor = signed_in(door, account((Role.INQUIRER,)))
    for fields, expected in MISTAKES:
        page = visitor.post("/account/password", dict(fields))
        found = faults(page)
        assert found.keys() == expected.keys()
        assert all(said in found[name] for name, said in expected.items()), found
        assert page.status_code == 422
        assert not any(value in page.text for value in fields.values() if len(value) > 5)
    english = visitor.post(
        "/account/password", {"old": "x", "new": OTHER, "again": OTHER}, headers={"Accept-Language": "en"}
    )
    assert faults(english) == {"old": "that is not your password now"}


def test_guessing_at_the_old_password_is_held_up(door: TestClient) -> None:
    """By whoever finds a window open: as at the entrance, and counted together."""
    visitor = signed_in(door, account((Role.INQUIRER,)))
    for _ in range(HERE):
        visitor.post("/account/password", {"old": secrets.token_hex(8), "new": OTHER, "again": OTHER})
    page = visitor.post("/account/password", {"old": PASSWORD, "new": OTHER, "again": OTHER})
    assert "15 分钟" in faults(page)["old"]


def test_whom_a_provider_vouches_for_has_no_password_here(door: TestClient) -> None:
    """They are told so; the account page does not offer it."""
    visitor = seated(door, Role.INQUIRER)
    assert "/account/password" not in visitor.get("/account").text
    for answer in (visitor.get("/account/password"), visitor.post("/account/password", {"old": "x"})):
        assert answer.status_code == 404
        assert "统一身份" in text_of(answer)
