"""A subject's page in a browser: from the box to the picture, then and now, in both languages, narrow and wide."""

from pathlib import Path

import pytest

from engine.access.roles import Role
from engine.services.books import open_books
from tests.browser.conftest import Open
from tests.ledger.desk import at_home
from tests.web.enlisted import CODE, NAME, enlist

NOW = {"zh": "现在问，会怎样答", "en": "Asked now"}


@pytest.fixture(scope="module")
def enlisted(place: Path) -> int:
    """The subject with its past; the registry's version before its events were known."""
    with at_home(place):
        books = open_books()
        version = enlist(books)
        books.registry.close()
    return version


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 360)])
def test_a_subject_is_looked_up(visit: Open, enlisted: int, lang: str, width: int, scripts: bool) -> None:
    """By the keyboard from the box to all that is known; then another day, and what was known then."""
    visitor = visit(Role.INQUIRER, Role.AUDITOR, lang=lang, width=width, scripts=scripts)
    page = visitor.page
    page.goto("/subjects")
    visitor.sound()
    visitor.picture("subjects")
    page.locator("#who").focus()
    page.keyboard.type(CODE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/subjects/*")
    assert page.locator("h1").inner_text() == NAME
    assert NOW[lang] in page.locator("main").inner_text()
    assert CODE not in page.url + page.title()
    visitor.picture("subject")
    page.fill("#day", "2024-04-01")
    page.fill("#known", str(enlisted))
    page.keyboard.press("Enter")
    page.wait_for_url("**day=2024-04-01*")
    assert page.locator(".then-side").count() == 2
    left, right = (page.locator(".then-side").nth(number).bounding_box() for number in (0, 1))
    assert left
    assert right
    assert (left["y"] == right["y"]) is (width == 1280), "side by side where there is room, else one over the other"
    visitor.sound()
    visitor.picture("subject-then")
    page.get_by_role("link", name={"zh": "谁查阅过该主体", "en": "Who looked at this subject"}[lang]).click()
    page.wait_for_url("**/looks")
    visitor.sound()
    visitor.picture("subject-looks")
