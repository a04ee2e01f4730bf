"""The registrar's pages in a browser: a list tried and taken, an event recorded, what is due; narrow and wide."""

import re
from pathlib import Path

import pytest

from engine.access.roles import Role
from engine.identity import synthetic_code
from tests.browser.conftest import Open
from tests.rest.test_imports import csv, row

WAYS = [("zh", 1280, True), ("en", 360, True), ("zh", 360, False)]
DONE = {"zh": "已写入", "en": "Imported"}
RECORDED = {"zh": "已登记：提出异议", "en": "Recorded: disputed"}


@pytest.mark.parametrize(("lang", "width", "scripts"), WAYS)
def test_a_list_is_tried_and_taken(visit: Open, tmp_path: Path, lang: str, width: int, scripts: bool) -> None:
    """One row is wrong: the report says so; the good rows only are tried again, and written when confirmed."""
    visitor = visit(Role.REGISTRAR, lang=lang, width=width, scripts=scripts)
    page, number = visitor.page, WAYS.index((lang, width, scripts)) * 10
    file = tmp_path / "list.csv"
    file.write_bytes(
        csv(*[row(number + one) for one in range(3)], row(number + 4, listed="=1+1"), row(number + 5, code=""))
    )
    page.goto("/registrar")
    visitor.sound()
    visitor.picture("registrar")
    page.click("a[href='/registrar/import']")
    page.select_option("#list", "wage-defaulters")
    page.set_input_files("#file", file)
    visitor.sound()
    visitor.picture("registrar-import")
    page.click("form[enctype] button")
    page.wait_for_selector("h1:has-text('试导报告'), h1:has-text('What the trial found')")
    visitor.sound()
    visitor.picture("registrar-refused")
    page.click("form:has(input[name=partial]) button")
    page.wait_for_selector("#confirm")
    visitor.sound()
    visitor.picture("registrar-preview")
    page.click("#confirm button")
    page.wait_for_selector(f"h1:has-text('{DONE[lang]}')")
    visitor.sound()
    visitor.picture("registrar-done")


@pytest.mark.parametrize(("lang", "width", "scripts"), WAYS)
def test_an_event_is_recorded(visit: Open, lang: str, width: int, scripts: bool) -> None:
    """From the box to the entry, by way of what follows, and what is due then."""
    visitor = visit(Role.REGISTRAR, lang=lang, width=width, scripts=scripts)
    page = visitor.page
    page.goto("/registrar/entries")
    visitor.sound()
    visitor.picture("registrar-find")
    page.fill("#who", synthetic_code(2))
    page.keyboard.press("Enter")
    page.wait_for_url("**/registrar/entries/of/*")
    visitor.sound()
    visitor.picture("registrar-entries")
    page.locator("table a").nth(1).click()
    page.wait_for_url(re.compile("/registrar/entries/[0-9a-f]{20}"))
    page.click("main form button")
    assert page.locator(".govuk-error-summary li").count() == 3
    visitor.sound()
    visitor.picture("registrar-entry")
    page.check("input[name=event][value=object]")
    page.fill("#on", "2026-11-20")
    page.fill("#document", f"异议〔2026〕{width}号")
    page.select_option("#place", "410000")
    page.click("main form button")
    visitor.sound()
    visitor.picture("registrar-confirm")
    page.click("main form[action$='/events'] button")
    page.wait_for_url("**done=*")
    assert RECORDED[lang] in page.locator("main").inner_text()
    visitor.sound()
    visitor.picture("registrar-recorded")
    for name, rows in (("due?place=410000&when=ahead", True), ("due?place=410000", True), ("lists?which=wrong", False)):
        page.goto(f"/registrar/{name}")
        assert bool(page.locator("table tbody tr").count()) is rows
        visitor.sound()
    visitor.picture("registrar-lists-fine")
