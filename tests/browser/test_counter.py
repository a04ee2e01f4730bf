"""The counter in a browser: with scripts and without, in both languages, narrow and wide."""

import pytest

from engine.access.roles import Role
from engine.identity import synthetic_code
from tests.browser.conftest import Open

WORD = {"zh": "可以参与", "en": "may take part"}


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 360)])
def test_an_applicant_is_answered(visit: Open, lang: str, width: int, scripts: bool) -> None:
    """From the box to the word by the keyboard alone, and on to the next applicant."""
    visitor = visit(Role.INQUIRER, lang=lang, width=width, scripts=scripts)
    page = visitor.page
    page.goto("/counter")
    visitor.sound()
    visitor.picture("counter")
    page.locator("#scenario").select_option("permit")
    page.locator("#who").focus()
    page.keyboard.type("https://example.invalid/?uniscid=" + synthetic_code(1))
    page.keyboard.press("Enter")
    page.wait_for_url("**/counter/*")
    assert WORD[lang] in page.locator("h1").inner_text()
    visitor.sound()
    visitor.picture("counter-answer")
    if scripts:
        page.keyboard.press("F2")
    else:
        page.click("[data-key=next]")
    page.wait_for_url("**/counter")
    assert page.locator("#scenario").input_value() == "permit"
