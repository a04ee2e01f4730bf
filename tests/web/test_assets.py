"""Style sheets and scripts: packed where the browser takes it so, and the same either way."""

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.web.assets import address, held, served

NAMES = ("govuk-frontend.min.css", "memoranda.css", "memoranda.js", "htmx.min.js", "mark.svg")


def asked(door: TestClient, name: str, encoding: str) -> httpx2.Response:
    """One file, as a browser that takes this encoding gets it."""
    return door.get(address(name), headers={"Accept-Encoding": encoding})


@pytest.mark.parametrize("name", NAMES)
def test_a_packed_file_is_the_same_file(door: TestClient, name: str) -> None:
    """Whoever does not take gzip gets it plain; both are kept for good, and a cache between tells them apart."""
    plain, packed = asked(door, name, "identity"), asked(door, name, "br, gzip")
    assert plain.status_code == packed.status_code == 200
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.content == packed.content == held(served()[address(name).removeprefix("/static/")])
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert "immutable" in packed.headers["cache-control"]


def test_letters_are_packed_already(door: TestClient) -> None:
    """A font goes out as it is."""
    name = next(name for name in served() if name.endswith(".woff2"))
    answer = door.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
