"""A real Chromium at a real server: one browser a module, one server a process, a fresh window for each test."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from engine.access.roles import Role
from engine.services.moments import utc_now
from tests.browser.looking import FLAGS, Visitor, scale
from tests.ledger.desk import at_home
from tests.parts import chromium
from tests.rest.conftest import furnish
from tests.rest.serving import Server, serving
from tests.web.visiting import account

Open = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; where it cannot be had, one plain line, which CI does not accept.

    One for each module and no longer: while it is open an event loop runs here, beside which other tests start none.
    """
    path = chromium()
    if path is None:
        said = "没有 Chromium，跳过网页测试 (no Chromium here: apt-get install chromium)"
        if os.environ.get("MEMORANDA_REQUIRE_BROWSER") == "1":
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the server, with a sample registry whose lists have just arrived."""
    return furnish(tmp_path_factory.mktemp("browsed") / "home", utc_now())


@pytest.fixture(scope="session")
def server(place: Path) -> Iterator[Server]:
    """`memoranda serve` in a process of its own."""
    with serving(place, MEMORANDA_RATE="1000000") as running:
        yield running


@pytest.fixture
def visit(browser: Browser, server: Server, place: Path) -> Iterator[Open]:
    """Opens a window of some width and language, with scripts or without, and signs somebody of these roles in."""
    with ExitStack() as windows:

        def opened(*roles: Role, width: int = 1280, lang: str = "zh", scripts: bool = True) -> Visitor:
            locale = "zh-CN" if lang == "zh" else "en-GB"
            window = browser.new_context(
                viewport={"width": width, "height": 800}, locale=locale, java_script_enabled=scripts,
                base_url=server.url, device_scale_factor=scale(width),
            )  # fmt: skip
            windows.callback(window.close)
            visitor = Visitor(window.new_page(), lang, scripts)
            if roles:
                with at_home(place):
                    login = account(roles)
                visitor.sign_in(login)
            return visitor

        yield opened
