"""What must hold whoever asks, and whatever they send: nothing personal in logs, headers on all, bombs refused."""

import asyncio
import gzip
import hmac
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message

from api.rest import decisions
from api.rest import settings as rest_settings
from api.rest.app import create_app
from api.rest.around import ALWAYS
from api.rest.auth import KEPT_SECONDS
from api.rest.docket import Docket
from api.rest.logs import JsonLine, configuration
from api.rest.settings import settings
from engine.access import keys
from engine.access.keys import Wanted, create, find, revoke
from engine.access.roles import Role
from engine.errors import RefusedInput
from engine.identity import synthetic_code
from engine.services.books import open_access
from engine.services.moments import utc_now
from tests.rest.asking import CLEAN, question
from tests.rest.conftest import Headers, KeyFor

NUMBER = "11010519491231002X"
SECRET = "the words of an exception 91990000000000465H"
ORIGIN = "https://console.example"
JSON = {"Content-Type": "application/json"}
MULTIPART = "/v1/lists/judgment-defaulters/imports"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """All that is logged by the service and what it stands on from DEBUG on, as the service writes it."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(stream), root.level
    handler.setFormatter(JsonLine())
    handler.addFilter(lambda record: not record.name.startswith("httpx2"))  # the tests' own client, not the service
    ours = logging.getLogger("memoranda")
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    pinned = configuration("debug")["loggers"]["sqlalchemy"]["level"]  # what is debugged there are rows
    logging.getLogger("sqlalchemy").setLevel(pinned)
    yield stream
    logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)
    root.removeHandler(handler)
    root.setLevel(before)
    ours.setLevel(logging.NOTSET)


def broken(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one route fail as nobody foresaw."""

    def fail(*_: Any) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(decisions, "readable", fail)


def test_logs_name_nobody(
    client: TestClient, key_for: KeyFor, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key, token, number, code, purpose, case or idempotency key, of requests that fail and of those that do not."""
    mine, code = key_for(*Role), synthetic_code(CLEAN)
    key = mine["Authorization"].removeprefix("Bearer ")
    said = {"purpose": "不应入日志的用途", "case": "案2026-77号", "idem": "once-only-4711", "name": "某某公司甲"}
    idem = mine | {"Idempotency-Key": said["idem"]}
    asked = question(purpose=said["purpose"], case=said["case"])
    for _ in range(2):
        assert client.post("/v1/decisions", json=asked, headers=idem).status_code == 201
    person = question(parties=[{"person": NUMBER}])
    assert client.post("/v1/decisions", json=person, headers=mine).status_code in (201, 422)
    assert client.post("/v1/decisions", json=question(scenario=NUMBER), headers=mine).status_code == 422
    assert client.post("/v1/decisions", content=b"{" + NUMBER.encode(), headers=mine | JSON).status_code == 422
    assert client.get(f"/v1/decisions/{code}", headers=mine | {"Memoranda-Purpose": "x"}).status_code == 404
    assert client.get(f"/v1/{code}/{NUMBER}?q={code}").status_code == 404
    assert client.request(f"GET{NUMBER}", "/v1/decisions", headers=mine).status_code == 405
    assert client.get("/v1/decisions", headers={"Authorization": f"Bearer {key[:-1]}0"}).status_code in (200, 401)
    assert client.get("/v1/decisions", headers={"Authorization": "Bearer a.b.c-token"}).status_code == 401
    look = {"name": said["name"], "purpose": said["purpose"]}
    assert client.post("/v1/subjects/lookup", json=look, headers=mine).status_code == 200
    file = {"file": (f"{NUMBER}.csv", f"统一社会信用代码\n{code}\n".encode())}
    assert client.post(MULTIPART, files=file, headers=mine).status_code == 422
    batch = json.dumps(asked).encode() + b"\n{" + NUMBER.encode() + b"\n"
    sent = client.post("/v1/decisions/batch", content=batch, headers=idem | {"Content-Type": "application/x-ndjson"})
    assert sent.status_code == 200
    broken(client.app, monkeypatch)  # type: ignore[arg-type]
    assert client.get("/v1/decisions/x", headers=mine | {"Memoranda-Purpose": "x"}).status_code == 500
    text = lines.getvalue()
    for personal in (key, key.split("_")[2], "a.b.c-token", NUMBER, code, SECRET, *said.values()):
        assert personal not in text, personal
    read = [json.loads(line) for line in text.splitlines()]
    assert all(datetime.fromisoformat(line["at"]).utcoffset() is not None for line in read)
    ours = [line for line in read if line["log"] == "memoranda" and line["said"] == "request"]
    assert len(ours) == 14
    assert {line["status"] for line in ours} >= {200, 201, 401, 404, 405, 422, 500}
    assert {line["route"] for line in ours} >= {"", "/v1/decisions", "/v1/decisions/{decision}"}
    fault = next(line for line in read if line["said"] == "a request failed")
    assert fault["fault"].startswith("RuntimeError, test_security.py:")
    assert fault["request"] in {line["request"] for line in ours}


def every_kind(client: TestClient, mine: Headers) -> Iterator[tuple[int, Any]]:
    """An answer of each status that can be had, with the status that is meant."""
    yield 200, client.get("/healthz")
    yield 200, client.get("/openapi.json")
    yield 201, client.post("/v1/decisions", json=question(), headers=mine)
    yield 401, client.get("/v1/lists")
    yield 404, client.get("/nowhere")
    yield 405, client.delete("/v1/decisions", headers=mine)
    yield 413, client.post("/v1/decisions", content=b" " * (1 << 20) + b"{}", headers=mine | JSON)
    yield 415, client.post("/v1/decisions", content=b"x", headers=mine | {"Content-Type": "text/plain"})
    yield 422, client.get("/v1/memoranda?limit=0", headers=mine)
    yield 422, client.post("/v1/decisions", content=b"{}", headers=mine | JSON)
    yield 500, client.get("/v1/decisions/x", headers=mine | {"Memoranda-Purpose": "x"})


def test_every_answer_has_its_headers(client: TestClient, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors too, those of the framework and those that nobody foresaw included."""
    broken(client.app, monkeypatch)  # type: ignore[arg-type]
    numbers = set[str]()
    for status, answer in every_kind(client, key_for(*Role)):
        assert answer.status_code == status
        for name, value in ALWAYS.items():
            assert answer.headers[name] == value, (status, name)
        assert answer.headers["Cache-Control"] == "no-store"
        assert re.fullmatch("[0-9a-f]{16}", answer.headers["Request-Id"])
        assert "server" not in answer.headers
        numbers.add(answer.headers["Request-Id"])
        if status >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.json()["request"] == answer.headers["Request-Id"]
    assert len(numbers) == 11


def test_what_nobody_foresaw_shows_nothing(
    client: TestClient, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the exception nor where it was raised."""
    broken(client.app, monkeypatch)  # type: ignore[arg-type]
    answer = client.get("/v1/decisions/x", headers=key_for(*Role) | {"Memoranda-Purpose": "x"})
    assert answer.status_code == 500
    assert set(answer.json()) == {"type", "title", "status", "code", "request"}
    assert "RuntimeError" not in answer.text
    assert SECRET not in answer.text


def test_no_other_origin_may_read(client: TestClient, key_for: KeyFor) -> None:
    """Without a setting no page elsewhere is let in, neither asking nor asking beforehand."""
    answers = [
        client.get("/v1/lists", headers=key_for(*Role) | {"Origin": ORIGIN}),
        client.options("/v1/decisions", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}),
    ]
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert answers[1].status_code == 405


def test_only_origins_that_are_set_may_read(home: Path, key_for: KeyFor) -> None:
    """The one that is named, and no other; never any with credentials."""
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    with TestClient(create_app(settings({"MEMORANDA_CORS_ORIGINS": ORIGIN}))) as client:
        for origin, let_in in ((ORIGIN, True), (f"{ORIGIN}.evil.example", False), ("null", False)):
            before = client.options("/v1/decisions", headers={"Origin": origin, **asked})
            after = client.get("/v1/lists", headers=key_for(*Role) | {"Origin": origin})
            for answer in (before, after):
                assert answer.headers.get("access-control-allow-origin") == (origin if let_in else None)
                assert "access-control-allow-credentials" not in answer.headers
                assert answer.headers["Request-Id"]
            assert before.status_code == (200 if let_in else 400)
    assert "Request-Id" in after.headers


DEEP = b'{"parties":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
PARTIES = [{"subject": synthetic_code(number)} for number in range(1_001)]
BOMBS = {
    "deep": DEEP,
    "deep but not broken": json.dumps(question(facts={"a": [[[[[[[[[[[[[["x"]]]]]]]]]]]]]]})).encode(),
    "a huge number": b'{"scenario":' + b"9" * 900_000 + b"}",
    "a huge exponent": json.dumps(question()).encode().replace(b'"420881"', b"1e999999999"),
    "a long string": json.dumps(question(purpose="长" * 20_000)).encode(),
    "a long code": json.dumps(question(parties=[{"subject": "9" * 500_000}])).encode(),
    "many parties": json.dumps(question(parties=PARTIES)).encode(),
    "many keys": json.dumps({f"k{number}": 1 for number in range(60_000)}).encode(),
    "the same key": b"{" + b",".join([b'"scenario":"a"'] * 50_000) + b"}",
    "no number": b'{"scenario":NaN}',
    "no text": b"\xff\xfe\x00",
    "half a character": b'{"purpose":"\\ud800"}',
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=list(BOMBS))
def test_bombs_are_refused(client: TestClient, key_for: KeyFor, bomb: bytes) -> None:
    """With a problem, and the service serves on; the answer does not grow with what was sent."""
    mine = key_for(*Role)
    answer = client.post("/v1/decisions", content=bomb, headers=mine | JSON)
    assert answer.status_code == 422, answer.text[:300]
    assert answer.json()["code"] == "unprocessable"
    assert len(answer.content) < 200_000
    assert client.post("/v1/decisions", json=question(), headers=mine).status_code == 201


def test_packed_bodies_are_refused(client: TestClient, key_for: KeyFor) -> None:
    """Wherever a body is taken: a small one may unpack to anything."""
    mine = key_for(*Role) | {"Content-Encoding": "gzip"}
    packed = gzip.compress(json.dumps(question()).encode())
    kinds = {
        "/v1/decisions": "application/json",
        "/v1/decisions/batch": "application/x-ndjson",
        "/v1/subjects/lookup": "application/json",
        "/v1/packs/check?name=x": "application/yaml",
        MULTIPART: "multipart/form-data; boundary=x",
    }
    for path, kind in kinds.items():
        answer = client.post(path, content=packed, headers=mine | {"Content-Type": kind})
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media"), path


def test_huge_uploads_are_refused(home: Path, key_for: KeyFor) -> None:
    """By the length that is said, and by what comes where none is said."""
    with TestClient(create_app(settings({"MEMORANDA_MAX_UPLOAD": "100000"}))) as client:
        mine = key_for(Role.REGISTRAR)
        said = client.post(MULTIPART, files={"file": ("a.csv", b"x" * 200_000)}, headers=mine)

        def parts() -> Iterator[bytes]:
            yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            for _ in range(200):
                yield b"x" * 1_000

        unsaid = client.post(
            MULTIPART, content=parts(), headers=mine | {"Content-Type": "multipart/form-data; boundary=x"}
        )
    assert [said.status_code, unsaid.status_code] == [413, 413]
    assert said.json()["code"] == unsaid.json()["code"] == "too-large"


def test_many_parts_are_refused(client: TestClient, key_for: KeyFor) -> None:
    """A form of thousands of fields, or of one field as large as a file."""
    mine = key_for(Role.REGISTRAR)
    many = client.post(
        MULTIPART, data={f"f{number}": "x" for number in range(5_000)}, files={"file": b"x"}, headers=mine
    )
    large = client.post(MULTIPART, data={"reason": "x" * 1_000_000}, files={"file": b"x"}, headers=mine)
    assert {many.status_code, large.status_code} <= {400, 413, 422}


def test_a_workbook_that_unpacks_to_much_is_refused(client: TestClient, key_for: KeyFor) -> None:
    """A sheet of a quarter of a gigabyte in a quarter of a megabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(256):
                sheet.write(b" " * (1 << 20))
    assert len(out.getvalue()) < 1 << 20
    answer = client.post(MULTIPART, files={"file": ("a.xlsx", out.getvalue())}, headers=key_for(Role.REGISTRAR))
    assert answer.status_code == 422


class Wire:
    """A request by hand, whose body never ends, and its answer."""

    def __init__(self, path: str, headers: Headers) -> None:
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self.scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"", "headers": raw, "client": ("test", 1),
            "server": ("test", 80), "state": {},
        }  # fmt: skip
        self.sent = list[Message]()

    async def receive(self) -> Message:
        """A byte now and then, and never the last."""
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(self, message: Message) -> None:
        """Keep what is answered."""
        self.sent.append(message)


def test_a_body_that_never_ends_is_given_up(home: Path, key_for: KeyFor, lines: io.StringIO) -> None:
    """With a 504 that says what to do, and a connection that is closed."""
    app = create_app(settings({"MEMORANDA_TIMEOUT": "1"}))
    wire = Wire("/v1/decisions", key_for(*Role) | JSON)
    with TestClient(app) as client:
        client.portal.call(app, wire.scope, wire.receive, wire.send)  # type: ignore[union-attr, arg-type]
        assert client.post("/v1/decisions", json=question(), headers=key_for(*Role)).status_code == 201
    start, body = wire.sent[0], b"".join(message.get("body", b"") for message in wire.sent[1:])
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    assert start["status"] == 504
    assert headers["connection"] == "close"
    assert headers["request-id"]
    problem = json.loads(body)
    assert problem["code"] == "too-slow"
    assert "Idempotency-Key" in problem["help"]
    assert '"fault": "too slow"' in lines.getvalue()


def test_whoever_gives_up_harms_nobody_else(client: TestClient, key_for: KeyFor) -> None:
    """A question is judged with others: those are answered although one that waits with them is let go."""
    app: FastAPI = client.app  # type: ignore[assignment]
    docket: Docket = app.state.docket
    mine, held = key_for(*Role) | JSON, Event()

    async def both() -> list[Message]:
        first, second = Wire("/v1/decisions", mine), Wire("/v1/decisions", mine)
        body = json.dumps(question()).encode()

        async def whole() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        docket._thread.submit(held.wait)  # nothing is judged until both wait
        tasks = [asyncio.create_task(app(one.scope, whole, one.send)) for one in (first, second)]
        while len(docket._waiting) < 2:
            await asyncio.sleep(0.01)
        tasks[0].cancel()
        await asyncio.wait(tasks[:1])
        held.set()
        await asyncio.wait(tasks[1:], timeout=20)
        return second.sent

    sent = client.portal.call(both)  # type: ignore[union-attr]
    assert sent[0]["status"] == 201


def test_every_wrong_key_is_checked_alike(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One comparison of digests, whether the id is unknown, the secret wrong, the key revoked or ended, or no key."""
    access, now = open_access(), utc_now()
    chance = iter(bytes([number]) * 64 for number in range(1, 99))

    def make(expires: str = "") -> str:
        wanted = Wanted("x", (Role.INQUIRER,), expires_at=expires)
        return create(access, wanted, "x", now, lambda count: next(chance)[:count])

    good, revoked, ended = make(), make(), make("2000-01-01T00:00:00+00:00")
    revoke(access, revoked.split("_")[1], "x", now)
    calls = list[tuple[int, int]]()
    compare = hmac.compare_digest

    def counted(a: str, b: str) -> bool:
        calls.append((len(a), len(b)))
        return compare(a, b)

    monkeypatch.setattr(keys.hmac, "compare_digest", counted)
    unknown = f"memo_{'0' * 12}_{good.split('_')[2]}"
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    tried = {good: True, unknown: False, wrong: False, revoked: False, ended: False, "": False, "x" * 99: False}
    with access.reading() as connection:
        for said, known in tried.items():
            calls.clear()
            assert (find(connection, said, now) is not None) is known
            assert calls == [(64, 64)]
    access.close()


def test_wrong_keys_are_told_alike(client: TestClient, key_for: KeyFor) -> None:
    """The same answer to each, but for the request's number."""
    good = key_for(*Role)["Authorization"].removeprefix("Bearer ")
    wrong = [f"memo_{'0' * 12}_{'0' * 48}", good[:-2] + ("00" if good[-2:] != "00" else "11"), "nothing", "a.b.c"]
    said = set()
    for key in wrong:
        answer = client.get("/v1/lists", headers={"Authorization": f"Bearer {key}"})
        body = {name: value for name, value in answer.json().items() if name != "request"}
        said.add((answer.status_code, json.dumps(body), answer.headers["WWW-Authenticate"]))
    assert len(said) == 1
    assert KEPT_SECONDS <= 5


def test_logs_are_set_for_every_process() -> None:
    """One JSON line each on standard error; the level by setting, and a wrong one is named."""
    made = configuration("debug")
    assert made["loggers"]["memoranda"]["level"] == "DEBUG"
    assert made["handlers"]["stderr"]["class"] == "logging.StreamHandler"  # whose stream is standard error
    assert settings({}).log == "info"
    assert settings({"MEMORANDA_LOG": "WARNING"}).log == "warning"
    with pytest.raises(RefusedInput) as refused:
        settings({"MEMORANDA_LOG": "loud"})
    assert refused.value.faults[0].place.file == "MEMORANDA_LOG"
    assert rest_settings.PREFIX == "MEMORANDA_"
