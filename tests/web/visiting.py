"""A visitor without a browser: asks for pages, sends forms with what their pages put into them."""

import re
import secrets
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx2

from engine.access.accounts import Wanted, create
from engine.access.roles import Role
from engine.services.books import open_access
from engine.services.moments import utc_now

PASSWORD = "correct horse battery staple"
PURPOSE = "行政许可受理"
_TAGS = re.compile(r"<[^>]+>")


def account(roles: tuple[Role, ...], scenarios: tuple[str, ...] = (), places: tuple[str, ...] = ()) -> str:
    """A new account; its login."""
    login = f"t{secrets.token_hex(6)}"
    access = open_access()
    try:
        create(
            access, Wanted(login, "测试员", roles, scenarios, places), PASSWORD, "tests", utc_now(), secrets.token_bytes
        )
    finally:
        access.close()
    return login


@dataclass
class Visitor:
    """Somebody at the pages, with their cookies."""

    client: httpx2.Client

    def get(self, path: str, **more: Any) -> httpx2.Response:
        """A page."""
        return self.client.get(path, **more)

    def post(self, path: str, fields: dict[str, Any] | None = None, files: Any = None, **more: Any) -> httpx2.Response:
        """A form sent with the session's proof, as its page has it; a field of None is left out."""
        hidden = {"_proof": self.proof(), "_once": secrets.token_hex(16)}
        said = {name: value for name, value in {**hidden, **(fields or {})}.items() if value is not None}
        return self.client.post(path, data=said, files=files, **more)

    def proof(self) -> str:
        """What a form of this session carries."""
        found = re.search(r'name="_proof" value="([^"]*)"', self.client.get("/account").text)
        return found[1] if found else ""


def signed_in(client: httpx2.Client, login: str, purpose: str = PURPOSE) -> Visitor:
    """A visitor who signed in and said what they look for."""
    client.cookies.clear()
    answer = client.post("/sign-in", data={"login": login, "password": PASSWORD, "next": "/account"})
    assert answer.status_code == 200, answer.text
    visitor = Visitor(client)
    assert visitor.post("/purpose", {"purpose": purpose, "next": "/account"}).status_code == 200
    return visitor


def text_of(page: httpx2.Response) -> str:
    """What a page says, without its marks."""
    return " ".join(unescape(_TAGS.sub(" ", page.text)).split())


def faults(page: httpx2.Response) -> dict[str, str]:
    """What is said beside the fields, by their names; the summary names the same fields."""
    said = re.findall(
        r'<p id="([^"]+)-error" class="govuk-error-message"><span[^>]*>[^<]*</span>([^<]*)</p>', page.text
    )
    summary = re.findall(r'<li><a href="#([^"]+)">([^<]*)</a></li>', page.text)
    assert dict(said) == dict(summary), (said, summary)
    return {name: unescape(words) for name, words in said}


class _Shape(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attributes if name == "id"]


def ids_of(page: httpx2.Response) -> list[str]:
    """Every id of the page, in order."""
    shape = _Shape()
    shape.feed(page.text)
    return shape.ids
