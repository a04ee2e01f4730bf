"""The library in a browser: documents found and read, lists, scenarios, the matrix, and the way from a reason."""

import pytest

from engine.access.roles import Role
from engine.identity import synthetic_code
from tests.browser.conftest import Open

WORD = {"zh": "会计", "en": "accounting"}
NARROW = 360


@pytest.mark.parametrize(("lang", "width", "scripts"), [("zh", 1280, True), ("en", NARROW, True), ("zh", 1280, False)])
def test_a_document_is_found_and_read(visit: Open, lang: str, width: int, scripts: bool) -> None:
    """From the search to a clause, another day, and its cases."""
    visitor = visit(Role.AUTHOR, lang=lang, width=width, scripts=scripts)
    page = visitor.page
    page.goto("/library")
    visitor.sound()
    visitor.picture("library")
    page.fill("#q", WORD[lang])
    page.keyboard.press("Enter")
    page.wait_for_url("**/library?q=*")
    visitor.picture("library-search")
    page.locator(".results a[href^='/library/accounting#']").first.click()
    page.wait_for_url("**/library/accounting#*")
    assert page.locator("tr:target").count() == 1
    visitor.sound()
    visitor.picture("library-document")
    page.fill("#day", "2016-01-01")
    page.locator(".ask button").click()
    page.wait_for_url("**day=2016-01-01*")
    assert page.locator("tr.rest").count() > 0
    page.locator("tr a[href*='clause=']").first.click()
    page.wait_for_url("**/cases?clause=*")
    if width > NARROW:
        visitor.sound()
    visitor.picture("library-cases")


@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("zh", NARROW)])
def test_lists_scenarios_and_where_they_meet(visit: Open, lang: str, width: int) -> None:
    """From a cell of the matrix to the list's measures in that scenario."""
    visitor = visit(Role.AUDITOR, lang=lang, width=width)
    page = visitor.page
    for name, path in (("lists", "lists"), ("scenarios", "scenarios"), ("scenario", "scenarios/customs")):
        page.goto(f"/library/{path}")
        if width > NARROW:
            visitor.sound()
        visitor.picture(f"library-{name}")
    page.goto("/library/matrix?part=2")
    visitor.sound()
    visitor.picture("library-matrix")
    cell = page.locator("a.cell[href*='/library/lists/']").first
    where = cell.get_attribute("href")
    cell.click()
    page.wait_for_url(f"**{where}")
    assert f"={page.locator('#scenario').input_value()}" in str(where)
    if width == NARROW:
        visitor.sound()
    visitor.picture("library-list")


def test_a_reason_leads_to_its_clause(visit: Open) -> None:
    """From the counter's answer to the row of the document."""
    visitor = visit(Role.INQUIRER)
    page = visitor.page
    for number in range(300):
        page.goto("/counter")
        page.fill("#who", synthetic_code(number))
        page.locator("#scenario").select_option("procurement")
        page.click("main form .govuk-button")
        page.wait_for_url("**/counter/*")
        found = page.locator(".reasons dd a")
        if found.count():
            break
    found.first.click()
    page.wait_for_url("**/library/*#*")
    assert page.locator("tr:target").count() == 1
