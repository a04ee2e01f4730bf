"""Who may see and do what at the pages, from the table of routes itself: a route without a rule fails here."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.rest.settings import settings
from api.web.app import create_pages
from engine.access.roles import MAY, Act, Role
from tests.web.seating import Route, Seated, routes, seated, standing, stranger

# Pages that nobody signs in for. Whoever adds one says why it shows nothing of anybody.
OPEN = {
    ("GET", "/static/{name}"),  # style sheets, scripts and letters
    ("GET", "/language/{lang}"), ("GET", "/sign-in"), ("POST", "/sign-in"),
    ("GET", "/oidc/start"), ("GET", "/oidc/back"),
    # Genuine or not, when and with which verdict, of what somebody has in hand.
    ("GET", "/verify"), ("POST", "/verify"), ("GET", "/verify/{record}"),
}  # fmt: skip
# Pages for whoever is signed in, whatever their roles: about themselves.
OWN = {
    ("GET", "/"), ("POST", "/sign-out"), ("GET", "/purpose"), ("POST", "/purpose"), ("GET", "/account"),
    ("GET", "/account/password"), ("POST", "/account/password"), ("GET", "/account/password/changed"),
}  # fmt: skip
ROUTES = [*routes(create_pages(settings({}), SimpleNamespace()))]
CLOSED = [route for route in ROUTES if route.page]
POSTS = [route for route in CLOSED if route.method == "POST"]


@pytest.fixture(scope="module")
def door(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service, one for all tests: each brings its own people."""
    with standing(furnished, tmp_path_factory.mktemp("pages")) as opened:
        yield opened


def said(route: Route) -> tuple[str, str]:
    """The route as the lists above name it."""
    return route.method, route.path


def send(visitor: Seated, route: Route, **more: Any) -> Any:
    """Ask for a route as somebody; a form holds nothing but what every form does."""
    return visitor.get(route.address) if route.method == "GET" else visitor.post(route.address, **more)


def leads_to(answer: Any) -> str:
    """Where it sends the visitor, if anywhere."""
    return answer.headers.get("location", "").partition("?")[0]


def test_every_route_has_a_rule() -> None:
    """An act, or a place in one of the lists above; none is in both, and no list names what there is not."""
    assert {said(route) for route in ROUTES if not route.page} == OPEN
    assert {said(route) for route in CLOSED if route.page and route.page.act is None} == OWN
    assert len(CLOSED) > len(OWN)
    assert {route.method for route in ROUTES} <= {"GET", "POST"}


def test_every_form_is_checked() -> None:
    """What takes a form depends on what looks at its proof: open ones too."""
    assert [said(route) for route in ROUTES if route.method == "POST" and not (route.page or route.anybody)] == []


def test_nobody_is_sent_to_sign_in(door: TestClient) -> None:
    """And comes back to where they were; a part of a page sends the whole."""
    nobody = stranger(door)
    for route in CLOSED:
        answer = nobody.request(route.method, route.address)
        assert (answer.status_code, leads_to(answer)) == (303, "/sign-in"), said(route)
        part = nobody.request(route.method, route.address, headers={"HX-Request": "true"})
        assert (part.status_code, part.headers["HX-Redirect"].partition("?")[0]) == (204, "/sign-in"), said(route)
        if route.method == "GET":
            assert answer.headers["location"] == f"/sign-in?next={route.address}"


def test_every_page_by_every_role(door: TestClient) -> None:
    """403 as a page for a role that is not enough, with its reason; never 403 for one that is."""
    wrong = list[Any]()
    for role in Role:
        visitor = seated(door, role)
        for route in CLOSED:
            assert route.page is not None
            leaving = route.path == "/sign-out"
            answer = send(seated(door, role) if leaving else visitor, route)
            allowed = route.page.act is None or role in MAY[route.page.act]
            refused = answer.status_code == 403 and (allowed or "您的角色不得办理此事" in answer.text)
            strange = answer.status_code in (401, 405, 415) or answer.status_code >= 500
            if refused is allowed or strange or (leads_to(answer) == "/sign-in" and not leaving):
                wrong.append((said(route), role.value, answer.status_code, leads_to(answer)))
    assert wrong == []


def test_without_a_role_there_is_only_oneself(door: TestClient) -> None:
    """Whoever has lost every role."""
    for route in CLOSED:
        status = send(seated(door), route).status_code
        assert (status == 403) == (said(route) not in OWN), said(route)


def test_no_form_of_another(door: TestClient) -> None:
    """Neither without proof, nor with another's, nor sent by another site; with the right one it is looked at."""
    other, own = seated(door, *Role), {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    for route in POSTS:
        mine = seated(door, *Role)
        refused = dict(forged(mine, route.address, other.proof()))
        assert {why: answer.status_code for why, answer in refused.items()} == dict.fromkeys(refused, 403), said(route)
        assert all("没有办理任何事" in answer.text for answer in refused.values())
        assert mine.post(route.address, headers=own).status_code not in (401, 403, 405), said(route)


def forged(mine: Seated, path: str, others: str) -> Iterator[tuple[str, Any]]:
    """What comes of forms that are not the visitor's."""
    for why, proof in (("no proof", None), ("empty", ""), ("another's", others), ("half", mine.proof()[:16])):
        yield why, mine.post(path, {"_proof": proof})
    yield "in the address", mine.post(f"{path}?_proof={mine.proof()}", {"_proof": None})
    yield "as a file", mine.post(path, {"_proof": None}, files={"_proof": ("x", mine.proof().encode())})
    for origin in ("https://evil.example", "http://testserver.evil.example", "null"):
        yield origin, mine.post(path, headers={"Origin": origin})
    for site in ("cross-site", "same-site"):
        yield site, mine.post(path, headers={"Sec-Fetch-Site": site})


def test_open_forms_of_other_sites(door: TestClient) -> None:
    """Are not looked at either; and whoever is signed in sends the proof of their session there, too."""
    for route in (route for route in ROUTES if route.method == "POST" and not route.page):
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert stranger(door).post(route.address, headers=headers).status_code == 403
        assert stranger(door).post(route.address).status_code != 403
        assert seated(door, *Role).post(route.address, {"_proof": None}).status_code == 403


def test_the_menu_leads_where_one_may_go(door: TestClient) -> None:
    """For every role: nothing that is refused, and nothing is missing that has a page of its own."""
    for role in Role:
        visitor = seated(door, role)
        menu = re.search(r'<nav class="menu".*?</nav>', visitor.get("/account").text, re.S)
        paths = re.findall(r'href="([^"]+)"', menu[0]) if menu else []
        assert {path: visitor.get(path).status_code for path in paths} == dict.fromkeys(paths, 200), role


def test_acts_are_those_of_the_service() -> None:
    """No page asks for a power that REST does not know."""
    assert {route.page.act for route in CLOSED if route.page and route.page.act} <= set(Act)
