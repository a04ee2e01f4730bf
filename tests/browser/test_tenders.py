"""Tenders in a browser: pasted, followed while they are judged, filtered, taken home; with scripts and without."""

import re
from pathlib import Path

import pytest

from engine.access.roles import Role
from engine.identity import synthetic_code
from tests.browser.conftest import Open

MARKED = {"zh": "联合体 A，3 方", "en": "Consortium A, members: 3"}
WRONG = {"zh": "第 2 行：第 9 位是字母 O", "en": "line 2: character 9 is the letter O"}


@pytest.mark.parametrize(("lang", "width", "scripts"), [("zh", 1280, True), ("en", 360, True), ("zh", 360, False)])
def test_a_tender_is_checked(visit: Open, lang: str, width: int, scripts: bool) -> None:
    """From the pasted lines, one of them mended, to the table, one verdict of it, and the files."""
    visitor = visit(Role.INQUIRER, lang=lang, width=width, scripts=scripts)
    page = visitor.page
    page.goto("/tenders")
    visitor.sound()
    visitor.picture("tenders")
    page.locator("#scenario").select_option("procurement")
    page.fill("#case", "ZC-2026-0113")
    page.fill("#at", "2026-11-20")
    lines = [f"{synthetic_code(number)},{'A' if number < 3 else ''}" for number in range(60)]
    page.fill("#parties", "\n".join([lines[0], "91990000O00000001X", *lines[1:]]))
    page.click("main button[data-module=govuk-button]")
    page.wait_for_selector("#errors")
    assert WRONG[lang] in page.locator("#errors").inner_text()
    visitor.sound()
    visitor.picture("tenders-wrong")
    page.fill("#parties", "\n".join(lines))
    page.click("main button[data-module=govuk-button]")
    page.wait_for_url(re.compile(r"/tenders/[0-9a-f-]{36}$"))
    assert MARKED[lang] in page.locator(".team").inner_text()
    visitor.sound()
    visitor.picture("tender")
    page.click("a[rel=next]")
    page.wait_for_url("**page=2")
    page.click(".verdict-filter li:nth-child(2) a")
    page.wait_for_url(re.compile(r"verdict=ineligible$"))
    assert page.locator(".verdicts .verdict-eligible").count() == 0
    with page.expect_download() as taken:
        page.click("a[href*='export.csv']")
    assert Path(taken.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_large_one_is_followed(visit: Open, scripts: bool) -> None:
    """It is seen how far it is, by htmx or by the browser's own reload, and then the table comes by itself."""
    visitor = visit(Role.INQUIRER, scripts=scripts)
    page = visitor.page
    page.goto("/tenders")
    page.locator("#scenario").select_option("procurement")
    page.fill("#parties", "\n".join(map(synthetic_code, range(400))))
    page.click("main button[data-module=govuk-button]")
    page.wait_for_selector("progress, .verdicts")
    if page.locator("progress").count():
        visitor.picture("tender-job")
    page.wait_for_selector(".verdicts")
    assert "400" in page.locator(".verdict-filter").inner_text()
