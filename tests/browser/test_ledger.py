"""From a decision to its proof, in a browser: found, read, printed, replayed, taken away and checked by a stranger."""

import re

import pytest

from engine.access.roles import Role
from engine.identity import synthetic_code
from tests.browser.conftest import Open
from tests.browser.looking import Visitor

WORDS = {
    "zh": {"no": "不得参与", "same": "完全一致", "genuine": "真实", "forged": "不真实", "proved": "已证明"},
    "en": {"no": "may not", "same": "The same", "genuine": "Genuine", "forged": "Not genuine", "proved": "Proved"},
}
REFUSED = 7  # of the sample, as a supplier


@pytest.mark.parametrize(("lang", "width", "scripts"), [("zh", 1280, True), ("en", 360, False)])
def test_a_decision_is_followed_to_its_proof(visit: Open, lang: str, width: int, scripts: bool) -> None:
    """Counter, ledger, reasons at each depth, receipt, replay, proof."""
    visitor, words = visit(Role.INQUIRER, lang=lang, width=width, scripts=scripts), WORDS[lang]
    page, decision = visitor.page, _asked(visitor)
    page.goto("/ledger")
    look(visitor, "ledger")
    page.locator("#verdict").select_option("ineligible")
    page.locator("main form[method=get] button").click()
    page.wait_for_url("**/ledger?*verdict=ineligible*")
    page.locator(f'table a[href="/decisions/{decision}"]').click()
    assert words["no"] in page.locator("h1").inner_text()
    look(visitor, "decision")
    for depth in ("lawyer", "auditor"):
        page.locator(f'a[href*="depth={depth}"]').click()
        page.wait_for_url(f"**depth={depth}**")
    look(visitor, "decision-auditor")
    with page.expect_download() as taken:
        page.locator('a[href$="/receipt.json"]').click()
    receipt = taken.value.path()
    page.locator(f'form[action="/decisions/{decision}/replay"] button').click()
    page.wait_for_url("**/replayed")
    assert words["same"] in page.locator("main").inner_text()
    look(visitor, "replayed")
    page.goto(f"/ledger/proofs?record={decision}")
    assert words["proved"] in page.locator("main").inner_text()
    look(visitor, "proofs")
    page.goto("/ledger/head")
    look(visitor, "head")
    stranger = visit(lang=lang, width=width, scripts=scripts)
    _verified(stranger, receipt, words)


def test_the_notice_is_printed(visit: Open) -> None:
    """By the browser from its page, and as the server's own PDF: at once after the answer, with the print button."""
    visitor = visit(Role.INQUIRER)
    page, decision = visitor.page, _asked(visitor)
    made = page.request.get(f"/decisions/{decision}/notice.pdf?lang=zh")
    assert made.status == 200
    assert made.body().startswith(b"%PDF-")
    page.goto(f"/counter/{decision}")
    with page.expect_download() as taken:
        page.evaluate("document.querySelector('[data-key=print]').setAttribute('download', '')")
        page.locator("[data-key=print]").click()
    assert taken.value.path().read_bytes() == made.body()
    page.goto(f"/decisions/{decision}/notice.html?lang=zh")
    assert page.locator("svg path").count() > 0
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF-")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 4
    page.goto(f"/decisions/{decision}?depth=auditor")
    assert page.pdf(format="A4").startswith(b"%PDF-")


def test_what_turned_is_listed(visit: Open) -> None:
    """Since a day long ago: nothing was learned since that turns anything, and that is said."""
    visitor = visit(Role.AUDITOR, width=360)
    visitor.page.goto("/ledger/revisits")
    visitor.page.fill("#since", "2020-01-01")
    visitor.page.locator("main button").click()
    visitor.page.wait_for_url("**/revisits?since=2020-01-01")
    look(visitor, "revisits")
    visitor.page.goto("/ledger/revisits?since=x")
    look(visitor, "revisits-fault")


def look(visitor: Visitor, name: str) -> None:
    """The page is sound; keep how it looks where that is asked for."""
    visitor.sound()
    visitor.picture(name)


def _asked(visitor: Visitor) -> str:
    """A decision that says no, by the counter's form; its number."""
    page = visitor.page
    page.goto("/counter")
    page.locator("#scenario").select_option("procurement")
    page.fill("#who", synthetic_code(REFUSED))
    page.press("#who", "Enter")
    page.wait_for_url(re.compile(r"/counter/[0-9a-f-]{36}"))
    return page.url.rpartition("/")[2]


def _verified(stranger: Visitor, receipt: object, words: dict[str, str]) -> None:
    """Nobody signs in to check a receipt; one that was changed is found out."""
    page = stranger.page
    page.goto("/verify")
    look(stranger, "verify")
    page.set_input_files("#receipt", str(receipt))
    page.locator("main button").click()
    page.wait_for_selector(".seal")
    assert page.locator("h1").inner_text().strip() == words["genuine"]
    assert synthetic_code(REFUSED) not in page.content()
    look(stranger, "verify-genuine")
    with open(str(receipt), "rb") as file:
        changed = file.read().replace(b'"verdict":"ineligible"', b'"verdict":"eligible"')
    page.set_input_files("#receipt", {"name": "r.json", "mimeType": "application/json", "buffer": changed})
    page.locator("main button").click()
    page.wait_for_selector(".seal-forged")
    assert page.locator("h1").inner_text().strip() == words["forged"]
    look(stranger, "verify-forged")
