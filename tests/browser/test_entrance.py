"""The way in, in a browser: a mistake is explained, a password is changed, and out again."""

import pytest

from engine.access.roles import Role
from tests.browser.conftest import Open
from tests.web.visiting import PASSWORD

OTHER = "another horse, another staple"
SAID = {
    "zh": ("登录名或密码不对", "密码已更改"),
    "en": ("the name or the password is wrong", "Your password is changed"),
}


@pytest.mark.parametrize(("lang", "width", "scripts"), [("zh", 1280, True), ("en", 360, True), ("en", 360, False)])
def test_in_with_another_password_and_out(visit: Open, lang: str, width: int, scripts: bool) -> None:
    """By the forms alone, with scripts and without."""
    wrong, changed = SAID[lang]
    visitor = visit(Role.INQUIRER, Role.AUDITOR, lang=lang, width=width, scripts=scripts)
    page = visitor.page
    page.goto("/account/password")
    visitor.sound()
    page.fill("#old", "not that one")
    page.fill("#new", OTHER)
    page.fill("#again", f"{OTHER}!")
    page.click("main .govuk-button")
    assert page.locator(".govuk-error-summary").is_visible()
    visitor.sound()
    visitor.picture("password-fault")
    for name, value in (("old", PASSWORD), ("new", OTHER), ("again", OTHER)):
        page.fill(f"#{name}", value)
    page.click("main .govuk-button")
    assert page.locator("h1").inner_text() == changed
    visitor.sound()
    page.goto("/account")
    visitor.sound()
    visitor.picture("account")
    page.click(".top-button")
    page.wait_for_url("**/sign-in")
    page.fill("#login", "nobody")
    page.fill("#password", PASSWORD)
    page.click("main button")
    assert wrong in page.locator(".govuk-error-summary").inner_text()
    visitor.sound()
    visitor.picture("sign-in-fault")
    page.goto("/counter")
    assert "/sign-in?next=/counter" in page.url
