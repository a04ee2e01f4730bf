"""A real server at the end of a real line: its log names nobody, and it believes only the proxies it is told to."""

import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from engine.access.roles import Role
from engine.identity import synthetic_code
from tests.ledger.desk import at_home
from tests.rest.serving import Server, serving
from tests.web.visiting import PASSWORD, account

CODE, NUMBER, PURPOSE, CASE = synthetic_code(1), "11010519491231002X", "不应入日志的用途", "案2026-77号"


@pytest.fixture(scope="module")
def place(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the server."""
    folder = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(furnished, folder)
    return folder


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Server]:
    """`memoranda serve`, which logs all that it can."""
    with serving(place, MEMORANDA_LOG="debug") as running:
        yield running


def browser(server: Server, address: str = "127.0.0.1") -> httpx2.Client:
    """A browser of somebody at that address."""
    return httpx2.Client(base_url=server.url, transport=httpx2.HTTPTransport(local_address=address), timeout=60)


def proof_of(page: httpx2.Response) -> str:
    """What a form of the page carries."""
    found = re.search(r'name="_proof" value="([^"]+)"', page.text)
    assert found
    return found[1]


def test_the_log_names_nobody(server: Server, place: Path) -> None:
    """No code, number, name, purpose, case, password, proof or cookie; but each request, by its route, and by whom."""
    with at_home(place):
        login = account((Role.INQUIRER,))
    with browser(server) as client:
        client.post("/sign-in", data={"login": login, "password": f"{PASSWORD} wrong"})
        client.post("/sign-in", data={"login": login, "password": PASSWORD})
        held = client.cookies["memoranda_session"]
        proof = proof_of(client.get("/account"))
        client.post("/purpose", data={"_proof": proof, "purpose": PURPOSE})
        for who in (CODE, NUMBER, "合成"):
            fields = {"_proof": proof, "_once": secrets.token_hex(16), "who": who, "scenario": "permit", "case": CASE}
            asked = client.post("/counter", data=fields)
            assert asked.status_code in (303, 200, 422)
            if "location" in asked.headers:
                client.get(asked.headers["location"])
        found = client.post("/subjects", data={"_proof": proof, "who": CODE})
        handle = found.headers.get("location", "/subjects/none")
        client.get(handle)
        for path in (f"/counter/{CODE}", f"/{NUMBER}?q={CODE}", f"/sign-in?next=/{NUMBER}", f"/subjects/{NUMBER}"):
            client.get(path)
        client.post("/counter", data={"_proof": "forged", "who": NUMBER})
        client.request(f"X{NUMBER}", "/counter")
    lines = server.said
    token = handle.rpartition("/")[2]
    for named in (
        CODE,
        NUMBER,
        PURPOSE,
        CASE,
        login,
        PASSWORD,
        held,
        proof,
        token if len(token) > 10 else CODE,
        "合成",
    ):
        assert named not in lines, named
    assert '"route": "/counter/{decision}"' in lines
    assert re.search(r'"route": "/counter", "status": 303, .*"key": "u[0-9a-f]{12}"', lines)
    assert "Traceback" not in lines


def test_only_a_proxy_that_is_trusted_says_what_lies_before_it(server: Server, place: Path) -> None:
    """Uvicorn trusts its own machine, or FORWARDED_ALLOW_IPS: from there TLS is believed, from elsewhere it is not."""
    with at_home(place):
        login = account((Role.INQUIRER,))
    for address, secure in (("127.0.0.1", True), ("127.0.0.2", False)):
        with browser(server, address) as client:
            said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
            answer = client.post("/sign-in", data={"login": login, "password": PASSWORD}, headers=said)
            assert ("Secure" in answer.headers["set-cookie"]) is secure
            assert answer.headers["set-cookie"].startswith("__Host-") is secure
