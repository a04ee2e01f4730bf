"""An officer at work in a browser: from what waits to a recorded determination."""

import pytest

from engine.access.roles import Role
from tests.browser.conftest import Open
from tests.browser.test_overview import WAITS, ask


@pytest.mark.parametrize(("lang", "width", "scripts"), [("zh", 1280, True), ("en", 360, True), ("zh", 360, False)])
def test_an_officer_determines(visit: Open, lang: str, width: int, scripts: bool) -> None:
    """Look, say, be told what is missing, look it over, record; nothing was chosen beforehand."""
    visitor = visit(Role.INQUIRER, Role.REVIEWER, lang=lang, width=width, scripts=scripts)
    page = visitor.page
    ask(visitor, WAITS)
    page.goto("/reviews")
    visitor.sound()
    visitor.picture("reviews")
    page.locator("tbody a").last.click()
    page.wait_for_url("**/reviews/*")
    where = page.url
    visitor.sound()
    visitor.picture("review")
    assert page.locator("input[type=radio]:checked").count() == 0
    page.fill("#reasons", "已核对营业执照和移出决定\n与经营异常名录记录相符")
    page.click("main form button")
    assert page.locator(".govuk-error-message").count() == 2
    visitor.sound()
    visitor.picture("review-faults")
    page.check("input[name=answer][value=eligible]")
    page.fill("#document", "测认〔2026〕1号")
    page.click("main form button")
    visitor.sound()
    visitor.picture("review-confirm")
    page.click("button[value=change]")
    assert page.locator("#document").input_value() == "测认〔2026〕1号"
    page.click("main form button")
    page.click("button[value=record]")
    page.wait_for_url("**/decisions/*")
    page.goto(where)
    assert page.locator("#supersedes").is_visible() or page.locator("#supersedes").count() == 1
    visitor.sound()
    visitor.picture("review-again")
