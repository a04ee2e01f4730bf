"""The overview in a browser: charts with their tables, in both languages, narrow and wide."""

import pytest

from engine.access.roles import Role
from engine.identity import synthetic_code
from tests.browser.conftest import Open
from tests.browser.looking import Visitor

WAITS = 60  # a subject of the sample that is left to a person


def ask(visitor: Visitor, *subjects: int) -> None:
    """Some decisions, so that there is something to count."""
    for number in subjects:
        visitor.page.goto("/counter")
        visitor.page.locator("#scenario").select_option("procurement")
        visitor.page.fill("#who", synthetic_code(number))
        visitor.page.click("main form button")
        visitor.page.wait_for_url("**/counter/*")


@pytest.mark.parametrize(("lang", "width", "scripts"), [("zh", 1280, True), ("en", 360, True), ("zh", 360, False)])
def test_charts_and_tables_say_the_same(visit: Open, lang: str, width: int, scripts: bool) -> None:
    """Every chart is an image with a name and a description, and has a table beside it; choices are links."""
    visitor = visit(Role.INQUIRER, lang=lang, width=width, scripts=scripts)
    page = visitor.page
    ask(visitor, 1, WAITS)
    page.goto("/overview")
    visitor.sound()
    visitor.picture("overview")
    charts = page.locator("svg.chart")
    assert charts.count() == page.locator("table.counts").count() == 5
    assert all(page.locator("svg.chart > desc").nth(number).text_content() for number in range(5))
    today = page.locator("section.of-decisions table tbody tr").first
    decided = int(today.locator("td").last.inner_text())
    assert decided >= 2
    page.locator("nav.choices a").nth(1).click()
    page.wait_for_url("**/overview?period=months*")
    visitor.sound()
    assert int(page.locator("section.of-decisions table tbody tr").first.locator("td").last.inner_text()) >= 2
    page.locator("#place").select_option("310000")
    page.locator("section.of-handled button").click()
    page.wait_for_url("**/overview?period=months&place=310000*")
    assert page.locator("#place").input_value() == "310000"
