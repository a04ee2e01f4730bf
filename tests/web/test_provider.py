"""Signing in with the organisation's account: only who the provider vouches for, in the browser that asked, once."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.rest import fetching, tokens
from api.rest.limits import Rate
from api.rest.settings import Client, Oidc, settings
from api.web.cookies import PROVIDER, SESSION
from api.web.door import exchange
from engine.access.roles import Role
from engine.errors import RefusedInput
from tests.web.authority import CLIENT, KEY, SECRET, STRANGER, Authority
from tests.web.seating import seated, standing, stranger
from tests.web.visiting import text_of


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    """The provider of all tests."""
    made = Authority()
    yield made
    made.close()


@pytest.fixture(scope="module")
def service(furnished: Path, tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[TestClient]:
    """The service that its people may sign in to."""
    with standing(furnished, tmp_path_factory.mktemp("pages"), **authority.settings()) as opened:
        yield opened


@pytest.fixture
def door(service: TestClient, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The same, with a provider that says of somebody what is right, and of which nothing is known yet."""
    authority.claims, authority.key, authority.answer, authority.slow = {}, KEY, None, 0.0
    authority.document = {}
    authority.asked.clear()
    renewed(service)
    monkeypatch.setattr(tokens, "AGAIN_SECONDS", 0)
    monkeypatch.setattr(exchange, "AGAIN_SECONDS", 0)
    return service


def renewed(door: TestClient, **changed: Any) -> None:
    """A new exchange, as after a start; with a client that is otherwise."""
    state = door.app.pages.state  # type: ignore[attr-defined]
    oidc = state.desk.settings.oidc
    state.exchange = exchange.Exchange(oidc, Client(**({"id": CLIENT, "secret": SECRET} | changed)))


def started(browser: TestClient, where: str = "/counter") -> str:
    """The provider's address that somebody is sent to."""
    answer = browser.get("/oidc/start", params={"next": where})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def back(door: TestClient, authority: Authority, browser: TestClient | None = None, **also: str) -> Any:
    """What comes of a whole sign-in."""
    browser = browser or stranger(door)
    return browser.get(f"/oidc/back?{authority.enter(started(browser), **also)}")


def test_somebody_comes_in(door: TestClient, authority: Authority) -> None:
    """By the link of the entrance, to the page they wanted, with the roles and limits of the provider's word."""
    authority.claims = {"memoranda_jurisdictions": ["420881"], "memoranda_scenarios": "permit"}
    browser = stranger(door)
    assert '/oidc/start?next=/counter"' in browser.get("/sign-in?next=/counter").text
    there = started(browser)
    asked = {name: value for name, (value,) in parse_qs(urlsplit(there).query).items()}
    assert there.startswith(f"{authority.url}/authorize?tenant=1&")
    assert asked["redirect_uri"] == "http://testserver/oidc/back"
    assert (asked["client_id"], asked["scope"]) == (CLIENT, "openid profile")
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    answer = browser.get(f"/oidc/back?{authority.enter(there, iss=authority.url)}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/counter")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert PROVIDER not in browser.cookies
    shown = text_of(browser.get("/account"))
    for said in ("李工", "查询员", "钟祥市"):
        assert said in shown
    assert browser.get("/registrar").status_code == 403


def test_what_the_browser_holds_meanwhile_is_short_and_its_own(door: TestClient) -> None:
    """Nothing of it is told to the provider; it holds no address of another site."""
    browser = stranger(door, "https")
    answer = browser.get("/oidc/start?next=//evil.example")
    said = answer.headers["set-cookie"]
    for part in ("__Host-", "HttpOnly", "SameSite=lax", "Secure", "Max-Age=600"):
        assert part in said
    held = said.partition("=")[2].partition(".")[0]
    assert len(held) == 64
    assert held not in answer.headers["location"]
    assert "redirect_uri=https%3A%2F%2Ftestserver%2Foidc%2Fback" in answer.headers["location"]


def test_a_session_before_is_ended(door: TestClient, authority: Authority) -> None:
    """And what the browser held is worth nothing."""
    visitor = seated(door, Role.AUDITOR)
    before = visitor.client.cookies[SESSION]
    browser = stranger(door)
    browser.cookies.set(SESSION, before)
    assert back(door, authority, browser).status_code == 303
    thief = stranger(door)
    thief.cookies.set(SESSION, before)
    assert thief.get("/account").status_code == 303


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "issuer": {"iss": "https://other.test"}, "audience": {"aud": "memoranda"}, "no audience": {"aud": None},
    "for others, too": {"aud": [CLIENT, "other"]}, "for another": {"azp": "other"}, "nonce": {"nonce": "0" * 64},
    "no nonce": {"nonce": None}, "nonces": {"nonce": ["x"]}, "expired": {"exp": 1_700_000_000}, "no end": {"exp": None},
    "from the future": {"iat": 4_000_000_000}, "nobody": {"sub": None}, "a name of no letters": {"sub": "a\x00b"},
    "a long name": {"sub": "x" * 256}, "limits that say nothing": {"memoranda_scenarios": []},
}  # fmt: skip


@pytest.mark.parametrize("why", WRONG_CLAIMS)
def test_a_wrong_word_lets_nobody_in(door: TestClient, authority: Authority, why: str) -> None:
    """However right its signature is."""
    authority.claims = WRONG_CLAIMS[why]
    browser = stranger(door)
    answer = back(door, authority, browser)
    assert answer.status_code == 403
    assert "没有确认您的身份" in text_of(answer)
    assert SESSION not in browser.cookies


def test_the_audience_may_be_several_where_we_are_meant(door: TestClient, authority: Authority) -> None:
    """Which the provider says by azp; a clock a little ahead of ours does no harm."""
    authority.claims = {"aud": [CLIENT, "other"], "azp": CLIENT, "iat": None, "nbf": None}
    assert back(door, authority).status_code == 303


def test_another_signature_lets_nobody_in(door: TestClient, authority: Authority) -> None:
    """Of whoever says they are the provider."""
    authority.key = STRANGER
    assert back(door, authority).status_code == 403


@pytest.mark.parametrize("roles", [None, [], ["king"], 7])
def test_without_a_role_nobody_comes_in(door: TestClient, authority: Authority, roles: Any) -> None:
    """They are told whom to ask."""
    authority.claims = {"memoranda_roles": roles}
    browser = stranger(door)
    answer = back(door, authority, browser)
    assert answer.status_code == 403
    assert "没有本系统的角色" in text_of(answer)
    assert SESSION not in browser.cookies


def test_only_the_browser_that_asked_comes_back(door: TestClient, authority: Authority) -> None:
    """With its own state, once; nobody is signed in as another by a link."""
    mine, other = stranger(door), stranger(door)
    query = authority.enter(started(mine))
    started(other)
    for browser in (other, stranger(door)):
        refused = browser.get(f"/oidc/back?{query}")
        assert refused.status_code == 400
        assert "不是在此浏览器开始" in text_of(refused)
        assert SESSION not in browser.cookies
    assert not [path for path, _, _ in authority.asked if path == "/token"]
    code, _, state = query.partition("&")
    for odd in (code, f"{code}&state=", f"{code}&state=x", f"{code}&state=é", f"{query}&iss=https://other.test",
                f"code={'x' * 5_000}&{state}"):  # fmt: skip
        assert mine.get(f"/oidc/back?{odd}").status_code == 400
    assert mine.get(f"/oidc/back?{query}").status_code == 303
    assert mine.get(f"/oidc/back?{query}").status_code == 400
    assert len([path for path, _, _ in authority.asked if path == "/token"]) == 1


def test_a_code_of_another_is_refused_by_the_provider(door: TestClient, authority: Authority) -> None:
    """Stolen on its way, and brought by a browser that began a sign-in of its own: the verifier does not fit."""
    stolen = authority.enter(started(stranger(door))).partition("&")[0]
    thief = stranger(door)
    state = parse_qs(urlsplit(started(thief)).query)["state"][0]
    answer = thief.get(f"/oidc/back?{stolen}&state={state}")
    assert answer.status_code == 403
    assert SESSION not in thief.cookies


@pytest.mark.parametrize(("error", "status"), [("access_denied", 403), ("server_error", 503), ("<script>", 503)])
def test_a_provider_that_says_no(door: TestClient, authority: Authority, error: str, status: int) -> None:
    """Is not asked for a token; its words are not repeated."""
    browser = stranger(door)
    state = parse_qs(urlsplit(started(browser)).query)["state"][0]
    params = {"error": error, "error_description": "<script>x", "state": state}
    answer = browser.get("/oidc/back", params=params)
    assert answer.status_code == status
    assert "<script>x" not in answer.text
    assert browser.get("/oidc/back", params={"state": state}).status_code == 503
    assert not [path for path, _, _ in authority.asked if path == "/token"]


NEAR = b"http://127.0.0.1:9/token"
AWAY: dict[str, tuple[int, bytes]] = {
    "broken": (500, b"x"), "no JSON": (200, b"<html>"), "a list": (200, b"[]"), "not known": (401, b"{}"),
    "no token": (200, b'{"access_token": "x"}'), "no text": (200, b'{"id_token": 7}'), "refused": (400, b"{}"),
    "rubbish": (200, b'{"id_token": "a.b.c"}'), "without end": (200, b" " * (2 << 20)),
    "elsewhere": (307, NEAR), "another page": (302, NEAR),
}  # fmt: skip


def test_a_provider_out_of_order_is_told(door: TestClient, authority: Authority) -> None:
    """As a page that says what to do; a secret goes to no address but the one that is known."""
    lines, logger = io.StringIO(), logging.getLogger("memoranda")
    handler = logging.StreamHandler(lines)
    logger.addHandler(handler)
    for why, said in AWAY.items():
        authority.answer = said
        browser = stranger(door)
        answer = back(door, authority, browser)
        assert answer.status_code in (403, 503), why
        assert "统一身份平台" in text_of(answer), why
        assert SESSION not in browser.cookies
    logger.removeHandler(handler)
    assert SECRET not in lines.getvalue()
    assert "refused a code with 401" in lines.getvalue()


def test_a_provider_that_takes_its_time_is_given_up(
    door: TestClient, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that sends a little now and then."""
    monkeypatch.setattr(fetching, "SECONDS", 0.2)
    browser = stranger(door)
    query = authority.enter(started(browser))
    authority.answer, authority.slow = (200, b" " * 4_000), 1.0
    assert browser.get(f"/oidc/back?{query}").status_code == 503


@pytest.mark.parametrize(
    "document",
    [{"issuer": "https://other.test"}, {"token_endpoint": None}, {"authorization_endpoint": "javascript:alert(1)"},
     {"token_endpoint": "file:///etc/passwd"}],
)  # fmt: skip
def test_a_document_of_another_is_not_believed(
    door: TestClient, authority: Authority, document: dict[str, Any]
) -> None:
    """Nobody is sent anywhere; once the provider is as it should be, everybody is."""
    authority.document = document
    answer = stranger(door).get("/oidc/start")
    assert answer.status_code == 503
    assert "location" not in answer.headers
    authority.document = {}
    assert stranger(door).get("/oidc/start").status_code == 303


def test_the_document_is_not_asked_for_each_time(door: TestClient, authority: Authority) -> None:
    """It is kept while the provider is there, and while it is away."""
    for _ in range(3):
        started(stranger(door))
    assert [path for path, _, _ in authority.asked] == ["/.well-known/openid-configuration"]


def test_addresses_by_setting_need_no_document(door: TestClient, authority: Authority) -> None:
    """Nor does a client without a secret, whose proof is the verifier alone."""
    renewed(door, secret="", authorize_url=f"{authority.url}/a", token_url=f"{authority.url}/token")
    authority.secret = ""
    try:
        assert back(door, authority).status_code == 303
    finally:
        authority.secret = SECRET
    (sent,) = [(fields, headers) for path, fields, headers in authority.asked if path == "/token"]
    assert "Authorization" not in sent[1]
    assert sent[0]["client_id"] == CLIENT


def test_coming_back_is_bounded(door: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each asks the provider: not more often than an open page may be asked for."""
    monkeypatch.setattr(door.app.pages.state, "open_rate", Rate(3))  # type: ignore[attr-defined]
    browser = stranger(door)
    assert [browser.get("/oidc/back").status_code for _ in range(5)] == [400, 400, 400, 429, 429]


def test_without_the_setting_there_is_no_such_way(furnished: Path, tmp_path: Path, authority: Authority) -> None:
    """No link, and no page: that REST takes a provider's tokens opens none."""
    with standing(furnished, tmp_path, **authority.settings(CLIENT_ID="", CLIENT_SECRET="")) as door:
        assert "/oidc/" not in stranger(door).get("/sign-in").text
        assert [stranger(door).get(path).status_code for path in ("/oidc/start", "/oidc/back")] == [404, 404]


def test_settings_are_whole() -> None:
    """An operator is told what is missing; a secret is not shown."""
    base = {"ISSUER": "https://i", "AUDIENCE": "a", "KEYS_URL": "https://k"}

    def made(**more: str) -> Oidc | None:
        return settings({f"MEMORANDA_OIDC_{name}": value for name, value in {**base, **more}.items()}).oidc

    found = made(CLIENT_ID="c", CLIENT_SECRET="hidden", SCOPE="openid roles")
    assert found is not None
    assert found.client == Client("c", "hidden", scope="openid roles")
    assert "hidden" not in repr(found)
    for more in (
        {"CLIENT_SECRET": "x"},
        {"CLIENT_ID": "c", "TOKEN_URL": "x"},
        {"CLIENT_ID": "c", "AUTHORIZE_URL": "x"},
    ):
        with pytest.raises(RefusedInput) as refused:
            made(**more)
        assert refused.value.faults[0].code == "A712"
    without = made()
    assert without is not None
    assert without.client is None
