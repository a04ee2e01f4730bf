"""What holds on every page, whoever asks and whatever they send: found by walking, so that new pages are held to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.rest.around import ALWAYS
from api.rest.handing import NOTICE_POLICY
from api.web.cookies import SESSION
from api.web.door import entrance
from api.web.render import POLICY
from engine.access.roles import Role
from engine.identity import synthetic_code
from tests.web.seating import NOTHING, Seated, kind_of, routes, seated, standing, stranger
from tests.web.visiting import PASSWORD, account
from tests.web.wandering import SCRIPT, FoundForm, filled, walk

CODE, NUMBER = synthetic_code(1), "11010519491231002X"
STARTS = ["/", "/sign-in", "/purpose", "/account", "/account/password", "/verify"]


@pytest.fixture(scope="module")
def door(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service, one for all tests: each brings its own people."""
    with standing(furnished, tmp_path_factory.mktemp("pages"), MEMORANDA_MAX_UPLOAD="4000000") as opened:
        yield opened


@dataclass
class Walked:
    """What somebody of all roles saw who went everywhere, from a code and a person that they had asked about."""

    visitor: Seated
    starts: list[str]
    pages: dict[str, Any]
    forms: list[FoundForm]


@pytest.fixture(scope="module")
def walked(door: TestClient) -> Walked:
    """A walk in Chinese."""
    visitor = seated(door, *Role, by_account=True)
    asked = [visitor.post("/counter", {"who": who, "scenario": "permit", "place": "420881"}) for who in (CODE, NUMBER)]
    found = [visitor.post("/subjects", {"who": who}) for who in (CODE, NUMBER)]
    answers = [*asked, *found]
    starts = [*STARTS, *(answer.headers["location"] for answer in answers if "location" in answer.headers)]
    assert len(starts) >= len(STARTS) + 2
    pages, forms = walk(visitor, starts, kind_of(door))
    return Walked(visitor, starts, pages | {f"asked {n}": answer for n, answer in enumerate(answers)}, forms)


def is_page(answer: Any) -> bool:
    """Whether it is a page, and not a file, a notice to hand out or a way on."""
    kind, where = answer.headers.get("content-type", ""), answer.url.path
    return bool(kind.startswith("text/html")) and not where.endswith((".html", ".pdf"))


def guarded(answer: Any, why: object) -> None:
    """The headers every answer has."""
    for name, value in ALWAYS.items():
        expected = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"} if is_page(answer) else {}
        said = answer.headers[name]
        assert said in (expected.get(name, value), NOTICE_POLICY), (why, name)
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["Request-Id"]), why
    assert "server" not in answer.headers
    if "/static/" not in str(answer.url):
        assert answer.headers["Cache-Control"] == "no-store", why


def test_every_page_is_guarded(walked: Walked) -> None:
    """Headers on all; one heading; no script and no style of its own; small enough for a slow line."""
    assert len([answer for answer in walked.pages.values() if is_page(answer)]) > 12
    for path, answer in walked.pages.items():
        guarded(answer, path)
        assert answer.status_code in ((200, 303) if path.startswith("/") else (200, 303, 422)), path
        if is_page(answer):
            assert answer.text.count("<h1") == 1, path
            assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=|javascript:", answer.text), path
            assert len(answer.content) < 300_000, path
    # What stands around every page is the same: no page's own words take the place of those of all.
    around = re.compile(r'<header class="top">.*?</header>|<footer class="foot">.*?</footer>', re.S)
    own = re.compile(r'(?:next|back)=[^"]*|name="_once" value="[^"]*"')
    signed = [answer.text for path, answer in walked.pages.items() if is_page(answer) and "top-button" in answer.text]
    assert len({own.sub("", "".join(around.findall(text))) for text in signed}) == 1


def test_every_page_is_said_in_english(door: TestClient, walked: Walked) -> None:
    """To whoever's browser asks for it, and every button, too."""
    walked.visitor.client.headers["Accept-Language"] = "en-GB,en;q=0.9"
    pages, _ = walk(walked.visitor, walked.starts, kind_of(door), 1)
    del walked.visitor.client.headers["Accept-Language"]
    for path, answer in pages.items():
        assert answer.status_code in (200, 303), path
        if is_page(answer):
            assert '<html lang="en"' in answer.text, path
            said = "".join(re.findall(r"<(?:button|legend)[^>]*>([^<]*)<", answer.text))
            assert not re.search("[\u4e00-\u9fff]", said), (path, said)


def errors(door: TestClient, visitor: Seated) -> Iterator[tuple[int, Any]]:
    """A page for each thing that can go wrong."""
    yield 404, stranger(door).get("/nowhere")
    yield 404, stranger(door).get("/static/nothing.css")
    yield 405, stranger(door).delete("/sign-in")
    yield 400, visitor.client.post("/purpose", content=b"x", headers={"Content-Type": "multipart/form-data"})
    yield 403, visitor.post("/purpose", {"_proof": "x"})
    yield 403, seated(door, Role.OPERATOR).get("/counter")
    yield 404, visitor.get(f"/counter/{NOTHING}")
    yield 413, visitor.post("/purpose", {"purpose": "x" * (1 << 20)})
    yield 422, visitor.post("/purpose", {"purpose": ""})


def test_what_goes_wrong_is_a_page(door: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """As guarded as every other, in words, with a way on; what nobody foresaw shows nothing of itself."""
    visitor = seated(door, *Role)
    for status, answer in errors(door, visitor):
        assert answer.status_code == status, answer.request.url
        guarded(answer, status)
        assert answer.text.count("<h1") == 1
        assert '"/"' in answer.text

    def fail(*_: Any) -> None:
        raise RuntimeError("the words of an exception 91990000000000465H")

    monkeypatch.setattr(entrance, "menu_of", fail)
    broken = visitor.get("/")
    assert broken.status_code == 500
    guarded(broken, 500)
    assert "RuntimeError" not in broken.text
    assert "91990000000000465H" not in broken.text


def test_a_session_ended_is_worth_nothing(door: TestClient) -> None:
    """Whoever took its cookie while it lived: after signing out, here or everywhere."""
    for fields in ({}, {"everywhere": "yes"}):
        visitor = seated(door, *Role)
        thief = stranger(door)
        thief.cookies.set(SESSION, visitor.client.cookies[SESSION])
        assert thief.get("/account").status_code == 200
        assert visitor.post("/sign-out", dict(fields)).status_code == 303
        for path in ("/account", "/counter", "/subjects"):
            assert thief.get(path).headers["location"].startswith("/sign-in")
        assert thief.post("/purpose", data={"_proof": visitor.proof(), "purpose": "x"}).status_code == 303


def test_nobody_is_given_a_session_to_sign_in_with(door: TestClient) -> None:
    """What a browser held before is worth nothing afterwards: neither what somebody planted, nor another's session."""
    login, planted, old = account((Role.INQUIRER,)), "0" * 64, seated(door, *Role)
    for before in (planted, old.client.cookies[SESSION]):
        browser = stranger(door)
        browser.cookies.set(SESSION, before)
        fields = {"login": login, "password": PASSWORD, "_proof": old.proof()}
        answer = browser.post("/sign-in", data=fields)
        held = re.search(f"{SESSION}=([0-9a-f]+)", answer.headers["set-cookie"])
        assert held is not None
        assert held[1] != before
        thief = stranger(door)
        thief.cookies.set(SESSION, before)
        assert thief.get("/account").status_code == 303


def test_cookies_are_ours_alone(door: TestClient) -> None:
    """Out of reach of scripts and of other sites; behind TLS never sent without, and taken from no other host.

    What a header says of TLS counts for nothing here: the server believes it from proxies it is told to trust.
    """
    login = account((Role.INQUIRER,))
    for scheme in ("http", "https"):
        browser = stranger(door, scheme)
        fields = {"login": login, "password": PASSWORD}
        answers = [browser.post("/sign-in", data=fields, headers={"X-Forwarded-Proto": "https"}),
                   browser.get("/language/en", headers={"X-Forwarded-Proto": "https"})]  # fmt: skip
        proof = re.search(r'name="_proof" value="([^"]+)"', browser.get("/account").text)
        assert proof, "the browser gives back what it was given"
        answers.append(browser.post("/sign-out", data={"_proof": proof[1]}))
        for answer in answers:
            said = answer.headers["set-cookie"].split("; ")
            assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(said), said
            assert ("Secure" in said) is (scheme == "https")
            assert said[0].startswith("__Host-" if scheme == "https" else "memoranda_")
            assert not any(one.startswith("Domain") for one in said)


ELSEWHERE = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "evil.example",
    "/\t/evil.example", "/\n/evil.example", "http:evil.example", "javascript:alert(1)", "data:text/html,x", "",
    "/%09/evil.example", "/.//evil.example", "/@evil.example", "／／evil.example", "/\u2028/evil.example",
    "%2f%2fevil.example", "/sign-in\r\nSet-Cookie: a=b", " //evil.example", "/" * 600, "/..//evil.example",
    "/\ud7ff/evil.example",
]  # fmt: skip


def test_nobody_is_sent_to_another_site(door: TestClient) -> None:
    """Wherever a page takes an address to go on to."""
    login, visitor = account((Role.INQUIRER,)), seated(door, *Role)
    for where in ELSEWHERE:
        fields = {"login": login, "password": PASSWORD, "next": where}
        for answer in (
            stranger(door).post("/sign-in", data=fields),
            visitor.post("/purpose", {"purpose": "x", "next": where}),
            visitor.get("/language/en", params={"back": where}),
        ):
            assert answer.status_code == 303, where
            there = answer.headers["location"]
            # As browsers read it: tabs and breaks are nothing, a stroke the other way is a stroke.
            read = re.sub(r"[\t\r\n]", "", there).strip().replace("\\", "/")
            assert urlsplit(urljoin("http://testserver/a/b", read)).netloc == "testserver", (where, there)
            assert read.startswith("/")
            assert not read.startswith("//")
            assert "a=b" not in answer.headers.get("set-cookie", "")
        for page in (
            stranger(door).get("/sign-in", params={"next": where}),
            visitor.get("/purpose", params={"next": where}),
        ):
            assert "evil.example" not in page.text or 'value="/' in page.text


def multipart(parts: bytes, boundary: str = "x", charset: str = "") -> dict[str, Any]:
    """A form in parts, as it is written."""
    kind = f"multipart/form-data; boundary={boundary}" + (f"; charset={charset}" if charset else "")
    return {"content": parts, "headers": {"Content-Type": kind}}


def part(head: bytes, said: bytes) -> bytes:
    """One part, and the end."""
    return b"--x\r\n" + head + b"\r\n\r\n" + said + b"\r\n--x--\r\n"


NAMED = b'Content-Disposition: form-data; name="who"'
FILED = b'Content-Disposition: form-data; name="file"; filename="f"'
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BODIES: dict[str, dict[str, Any]] = {
    "nothing": {"content": b""},
    "too large": {"content": b"who=" + b"x" * 5_000_000, "headers": FORM},
    "too many fields": {"content": b"&".join(b"f%d=x" % n for n in range(5_000)), "headers": FORM},
    "a thousand equal ones": {"content": b"&".join([b"who=x"] * 1_000), "headers": FORM},
    "NUL": {"content": b"who=%00&scenario=permit%00&q=a%00b", "headers": FORM},
    "no UTF-8": {"content": b"who=%ff%fe&scenario=%c3%28&\xff=\xfe", "headers": FORM},
    "half of a character": {"content": b"who=%ed%a0%80", "headers": FORM},
    "percent garbage": {"content": b"who=%zz%&%=%&&&===%u0041", "headers": FORM},
    "JSON": {"content": b'{"who": "x"}', "headers": {"Content-Type": "application/json"}},
    "of no kind": {"content": b"who=x", "headers": {"Content-Type": "\x01/x"}},
    "packed": {"content": b"\x1f\x8b\x08", "headers": {**FORM, "Content-Encoding": "gzip"}},
    "no boundary": multipart(b"x", "")
    | {"headers": {"Content-Type": "multipart/form-data"}},
    "another boundary": multipart(part(NAMED, b"x"), "y"),
    "a long boundary": multipart(b"x", "y" * 70_000),
    "no end": multipart(b"--x\r\n" + NAMED + b"\r\n\r\nabc"),
    "no name": multipart(part(b"Content-Disposition: form-data", b"x")),
    "no head": multipart(part(b"", b"x")),
    "a head of rubbish": multipart(part(b"\xff\x00: \x00", b"x")),
    "a thousand parts": multipart((b"--x\r\n" + NAMED + b"\r\n\r\nx\r\n") * 1_000 + b"--x--"),
    "a large part": multipart(part(NAMED, b"x" * (1 << 20))),
    "many files": multipart((b"--x\r\n" + FILED + b"\r\n\r\nx\r\n") * 9 + b"--x--"),
    "a file of no name": multipart(part(b'Content-Disposition: form-data; name="file"; filename="\x00/../x"', b"x")),
    "UTF-7": multipart(part(NAMED, b"+2AA-"), charset="utf-7"),
    "escapes": multipart(part(NAMED, b"\\ud800 \\x00"), charset="unicode_escape"),
    "an undefined code": multipart(part(NAMED, b"x"), charset="undefined"),
    "a code of domains": multipart(part(NAMED, b"xn--\xff." + b"a" * 70), charset="idna"),
    "a code that unpacks": multipart(part(NAMED, b"x\x9c"), charset="zlib_codec"),
    "UTF-16": multipart(part(NAMED, b"\x00\xd8"), charset="utf-16-le"),
}  # fmt: skip


def posts(door: TestClient) -> list[str]:
    """Where forms go, with nothing in the gaps."""
    return [route.address for route in routes(door.app.pages) if route.method == "POST" and route.path != "/sign-out"]  # type: ignore[attr-defined]


def test_hostile_bodies_are_explained(door: TestClient) -> None:
    """By whoever is signed in and by nobody, to every form: never a fault of ours, and the service serves on."""
    wrong, visitor = list[Any](), seated(door, *Role)
    for path in posts(door):
        for why, sent in BODIES.items():
            answers = [visitor.client.post(path, **sent)]
            if path in ("/sign-in", "/verify"):
                answers.append(stranger(door).post(path, **sent))
            for answer in answers:
                if not 400 <= answer.status_code < 500 or not is_page(answer) or "<h1" not in answer.text:
                    wrong.append((path, why, answer.status_code))
    assert wrong == []
    assert visitor.get("/account").status_code == 200


def test_hostile_fields_with_the_right_proof(door: TestClient) -> None:
    """What gets past the proof: odd codes and odd characters in fields that are read."""
    visitor, wrong = seated(door, *Role), list[Any]()
    proof = b'--x\r\nContent-Disposition: form-data; name="_proof"\r\n\r\n' + visitor.proof().encode() + b"\r\n"
    names = ("who", "name", "purpose", "parties", "old", "_once", "_proof", "reason", "fact.x", "chosen", "q")
    heads = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() for name in names]
    for path in posts(door):
        for charset, said in (("utf-7", b"+2AA-"), ("unicode_escape", b"\\ud800\\x00"), ("cp037", b"x")):
            parts = proof + b"".join(head + said + b"\r\n" for head in heads)
            answer = visitor.client.post(path, **multipart(parts + b"--x--", charset=charset))
            if answer.status_code >= 500:
                wrong.append((path, charset, answer.status_code))
    assert wrong == []


GARBAGE = [
    "%00", "%ff", "%zz", "%", "..%2f..%2fetc%2fpasswd", "' OR 1=1 --", "<script>alert(1)</script>", "x" * 5_000,
    "%0d%0aA:b", "%ed%a0%80", "\u202e", "-1", "9" * 400, "{{7*7}}", ".", "%2e%2e", "%25",
]  # fmt: skip


def test_hostile_addresses_are_no_pages(door: TestClient) -> None:
    """In every gap of every route, and in what stands behind the question mark."""
    visitor, wrong = seated(door, *Role), list[Any]()
    gets = [route for route in routes(door.app.pages) if route.method == "GET"]  # type: ignore[attr-defined]
    for route in gets:
        for said in GARBAGE:
            paths = [re.sub(r"\{[^}]+\}", lambda _: said, route.path)] if "{" in route.path else []  # noqa: B023
            names = ("next", "back", "after", "before", "at", "list", "scenario", "place", "known", "q", "page", "lang")
            paths.append(f"{route.address}?{'&'.join(f'{name}={said}' for name in names)}")
            for path in paths:
                answer = visitor.get(path.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20"))
                raw = SCRIPT in answer.text or answer.text.strip() == "49"
                if answer.status_code >= 500 or answer.status_code == 403 or raw or "A" in answer.headers:
                    wrong.append((path[:80], answer.status_code, raw))
    assert wrong == []


def test_hostile_words_in_every_field_of_every_form(walked: Walked) -> None:
    """Each is taken as words, or explained; none comes back as anything else, and nothing fails."""
    visitor, wrong = walked.visitor, list[Any]()
    assert {"/counter", "/purpose", "/account/password", "/sign-in", "/verify"} <= {one.action for one in walked.forms}
    for form in walked.forms:
        for why, fields in filled(form):
            if form.method == "get":
                answer = visitor.get(form.action, params={name: value[:2_000] for name, value in fields.items()})
            else:
                sent = {**fields, "_proof": visitor.proof()}
                files = {name: ("x.csv", fields.get(form.typed[0], "x") if form.typed else "x") for name in form.files}
                answer = visitor.client.post(form.action, data=sent, files=files or None)
            if answer.status_code >= 500 or any(raw in answer.text for raw in (SCRIPT, "49{%")):
                wrong.append((form.page, form.action, why, answer.status_code))
    assert wrong == []


def test_nothing_that_names_anybody_stands_in_an_address(walked: Walked) -> None:
    """A code and a citizen's number, taken to every page: neither is in an address, a title or a link."""
    for address, page in walked.pages.items():
        where = [address, page.headers.get("location", ""), page.headers.get("content-disposition", "")]
        where += re.findall(r'(?:href|action|src|data-hx-[a-z]+)="([^"]*)"', page.text) if is_page(page) else []
        where += re.findall(r"<title>(.*?)</title>", page.text, re.S) if is_page(page) else []
        assert not [one for one in where if CODE in one or NUMBER in one], address
        assert NUMBER.encode() not in page.content, address
