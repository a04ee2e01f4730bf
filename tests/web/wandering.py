"""Somebody who follows every link and finds every form, and what they would type who mean no good."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "script": f"\"'>{SCRIPT}", "sql": "' OR 1=1 --", "formula": "=cmd()", "long": "长" * 34_000,
    "template": "{{ 7 * 7 }}{% raw %}", "signs": "\u202e\ufeff\uffff\x1b[31m%s%n", "path": "../../../etc/passwd",
}  # fmt: skip
# Not gone to: it would end the walk or change its language, and a notice is set for a second each.
NEVER, SLOW = ("/sign-out", "/language/"), ".pdf"


@dataclass
class FoundForm:
    """A form of a page: where it goes, and what its fields hold as it stands."""

    page: str
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)  # fields in which anything may be typed
    files: list[str] = field(default_factory=list)


class _Page(HTMLParser):
    """What a page leads to."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.links, self.forms = path, list[str](), list[FoundForm]()
        self._inside: FoundForm | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "a" and said.get("href", "").startswith("/"):
            self.links.append(said["href"])
        elif tag == "form":
            self._inside = FoundForm(self.path, said.get("action", self.path), said.get("method", "get").lower())
            self.forms.append(self._inside)
        elif self._inside is not None:
            self._field(tag, said)

    def _field(self, tag: str, said: dict[str, str]) -> None:
        assert self._inside is not None
        name, kind = said.get("name", ""), said.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in said or self._select not in self._inside.fields):
            self._inside.fields[self._select] = said.get("value", "")
        elif tag == "textarea" or (
            tag == "input" and kind in ("text", "search", "password", "date", "number", "email")
        ):
            self._inside.fields[name] = said.get("value", "")
            self._inside.typed.append(name)
        elif tag == "input" and kind == "file":
            self._inside.files.append(name)
        elif tag == "input" and (kind == "hidden" or name not in self._inside.fields):
            self._inside.fields[name] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None


def walk(
    visitor: Any, starts: list[str], kind: Callable[[str], str], most_alike: int = 2
) -> tuple[dict[str, Any], list[FoundForm]]:
    """Every page that links lead to, with what came of it, and every form; of pages of one kind a few only."""
    waiting, alike, pages, forms = [*starts], dict[str, int](), dict[str, Any](), dict[tuple[str, ...], FoundForm]()
    while waiting:
        address = waiting.pop(0).partition("#")[0]
        route = kind(address)
        if (
            address in pages
            or address.startswith(NEVER)
            or urlsplit(address).path.endswith(SLOW)
            or alike.get(route, 0) >= most_alike
        ):
            continue
        alike[route] = alike.get(route, 0) + 1
        answer = visitor.get(address)
        pages[address] = answer
        if answer.headers.get("location", "").startswith("/"):
            waiting.append(answer.headers["location"])
        if answer.headers.get("content-type", "").startswith("text/html"):
            found = _Page(urlsplit(address).path)
            found.feed(answer.text)
            waiting += found.links
            for form in found.forms:
                forms.setdefault((kind(form.action), form.method, *sorted(form.fields)), form)
    return pages, [form for form in forms.values() if not form.action.startswith(NEVER)]


def filled(form: FoundForm) -> Iterator[tuple[str, dict[str, str]]]:
    """The form with each hostile thing in all of its fields at once, and with a script in each alone."""
    for why, said in HOSTILE.items():
        yield why, {**form.fields, **dict.fromkeys(form.typed, said)}
    for name in form.fields.keys() - {"_proof"}:
        yield f"script in {name}", {**form.fields, name: HOSTILE["script"]}
