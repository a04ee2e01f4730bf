"""Every page that can be looked at, as somebody with all roles sees it: sound in both languages, narrow and wide."""

import re

import pytest

from engine.access.roles import Role
from engine.identity import synthetic_code
from tests.browser.conftest import Open
from tests.browser.looking import Visitor

# What each page is called among the pictures, and where it is; `{...}` is filled in on the way.
PAGES = {
    "sign-in": "/sign-in", "purpose": "/purpose", "account": "/account", "counter": "/counter",
    "counter-answer": "/counter/{decision}", "tenders": "/tenders", "tender": "/tenders/{tender}",
    "subjects": "/subjects", "subject": "/subjects/{subject}", "library": "/library",
    "library-matrix": "/library/matrix",
    "library-document": "/library/procurement-credit-query", "library-lists": "/library/lists",
    "library-list": "/library/lists/judgment-defaulters", "library-scenario": "/library/scenarios/procurement",
    "ledger": "/ledger", "decision": "/decisions/{decision}", "decision-auditor": "/decisions/{decision}?depth=auditor",
    "head": "/ledger/head", "proofs": "/ledger/proofs", "revisits": "/ledger/revisits", "verify": "/verify",
    "reviews": "/reviews", "review": "/reviews/{review}", "registrar": "/registrar", "import": "/registrar/import",
    "entries": "/registrar/entries", "due": "/registrar/due", "registrar-lists": "/registrar/lists",
    "overview": "/overview", "missing": "/no-such-page",
}  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "width", "scripts"),
    [
        ("zh", 1280, True),
        ("en", 360, True),
        pytest.param("en", 1280, True, marks=pytest.mark.slow),
        pytest.param("zh", 360, True, marks=pytest.mark.slow),
        pytest.param("zh", 360, False, marks=pytest.mark.slow),
    ],
)
def test_every_page_is_sound(visit: Open, lang: str, width: int, scripts: bool) -> None:
    """Axe finds nothing, nothing sticks out, every page has one heading and answers as it should."""
    visitor = visit(*Role, lang=lang, width=width, scripts=scripts)
    there = _prepared(visitor)
    for name, path in PAGES.items():
        answer = visitor.page.goto(path.format(**there))
        assert answer is not None
        assert answer.status == (404 if name == "missing" else 200), (name, answer.status)
        visitor.sound()
        visitor.picture(name)


def _prepared(visitor: Visitor) -> dict[str, str]:
    """A decision, one that waits for a person, a tender and a subject, made by their own forms."""
    page = visitor.page
    found = {}
    for name, number, scenario in (("decision", 7, "permit"), ("review", 60, "procurement")):
        page.goto("/counter")
        page.locator("#scenario").select_option(scenario)
        page.fill("#who", synthetic_code(number))
        page.press("#who", "Enter")
        page.wait_for_url(re.compile(r"/counter/[0-9a-f-]{36}"))
        found[name] = page.url.rpartition("/")[2]
    page.goto("/subjects")
    page.fill("#who", synthetic_code(60))
    page.press("#who", "Enter")
    page.wait_for_url(re.compile(r"/subjects/[0-9a-f]+"))
    found["subject"] = page.url.rpartition("/")[2]
    page.goto("/tenders")
    page.fill("#parties", "\n".join(synthetic_code(number) for number in range(50, 64)))
    page.click("main button")
    page.wait_for_url(re.compile(r"/tenders/[0-9a-f-]{36}"))
    return found | {"tender": page.url.rpartition("/")[2]}
