"""A visitor with a browser: goes about the pages, and has them looked at by axe and by the eye."""

import os
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.web.visiting import PASSWORD, PURPOSE

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Where a page is too wide: what lies beyond its edge, outside the boxes that scroll by themselves.
STICKING_OUT = """[location.pathname, ...[...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.wide'))
  .map(one => one.outerHTML.slice(0, 150))].slice(0, 8).join('\\n')"""
PICTURES = os.environ.get("MEMORANDA_SCREENS") == "1"
WIDEST = 900  # pixels of a picture
AXE = Path(__file__).with_name("vendor") / "axe.min.js"
SCREENS = Path(__file__).parents[2] / "docs" / "screens"


def scale(width: int) -> float:
    """By how much a window is drawn smaller, so that its pictures stay small too."""
    return min(1.0, WIDEST / width) if PICTURES else 1.0


@dataclass
class Visitor:
    """Somebody in front of a window."""

    page: Page
    lang: str
    scripts: bool

    def sign_in(self, login: str) -> None:
        """By the form, and then say what for."""
        self.page.goto("/sign-in?next=/account")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button")
        self.page.goto("/purpose?next=/account")
        self.page.fill("#purpose", PURPOSE)
        self.page.click("main button")

    def sound(self) -> None:
        """What every page must be: axe finds nothing, nothing sticks out to the side, one heading of the first level.

        Only with scripts: axe is one.
        """
        page = self.page
        if not self.scripts:
            return
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        assert not found, [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.evaluate(STICKING_OUT)
        assert page.locator("h1").count() == 1

    def picture(self, name: str) -> None:
        """Keep how the page looks, where pictures are asked for: MEMORANDA_SCREENS=1."""
        if not PICTURES:
            return
        SCREENS.mkdir(exist_ok=True)
        width = (self.page.viewport_size or {"width": 0})["width"]
        path = SCREENS / f"{name}-{self.lang}-{width}.jpg"
        self.page.screenshot(path=path, full_page=True, type="jpeg", quality=45)
