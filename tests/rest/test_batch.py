"""Many questions in one request: line by line, in order, each recorded; bounds, faults, repeats and cut connections."""

import asyncio
import json
import secrets
import socket
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import Request

from api.rest import batch as batches
from api.rest import sheaf
from api.rest.batch import Incoming
from engine.access.keys import Wanted, create
from engine.access.roles import Grant, Role
from engine.errors import Unavailable
from engine.identity import synthetic_code
from engine.services.books import open_access, open_ledger
from engine.services.moments import utc_now
from tests.rest.asking import PURPOSE, decided, question
from tests.rest.conftest import Headers, KeyFor
from tests.rest.serving import serving

PATH = "/v1/decisions/batch"
KIND = {"Content-Type": "application/x-ndjson"}


def lines(*said: Any) -> bytes:
    """A body; texts go as they are."""
    return b"".join((one if isinstance(one, str) else json.dumps(one)).encode() + b"\n" for one in said)


def sent(client: httpx2.Client, headers: Headers, body: bytes) -> list[dict[str, Any]]:
    """The answers to a batch."""
    answer = client.post(PATH, content=body, headers=headers | KIND)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


def recorded(client: httpx2.Client) -> int:
    """How many decisions the ledger holds."""
    with client.app.state.desk.ledger.store.reading() as connection:  # type: ignore[attr-defined]
        count: int = connection.exec_driver_sql("SELECT COUNT(*) FROM leaf").scalar_one()
        return count


def test_every_line_is_decided_as_alone_and_recorded(client: httpx2.Client, key_for: KeyFor) -> None:
    """In order, over several sheaves; the cores are those of single decisions, and each can be read again."""
    mine = key_for(Role.INQUIRER)
    many = batches.TOGETHER * 2 + 3
    answers = sent(client, mine, lines(*(question(n, id=f"A-{n}") for n in range(many))))
    assert [(one["line"], one["id"]) for one in answers] == [(n + 1, f"A-{n}") for n in range(many)]
    assert recorded(client) == many
    assert len({one["answer"]["id"] for one in answers}) == many
    for number in (0, batches.TOGETHER, many - 1):
        answer = answers[number]["answer"]
        assert answer["names"]["p1"]["subject"] == synthetic_code(number)
        assert answer["decision"] == decided(client, mine, number)["decision"]
        assert client.get(f"/v1/decisions/{answer['id']}", headers=mine | PURPOSE).json() == answer


def test_a_bad_line_stops_no_other(client: httpx2.Client, key_for: KeyFor) -> None:
    """Each has its problem, with pointer and its own id; blank lines count and are not answered."""
    mine = key_for(Role.INQUIRER, places=("420881",)) | {"Accept-Language": "en"}
    bad = [
        ("{", "P116"), ("[]", "P124"), ("7", "P124"), ('{"a":1,"a":2}', "P117"), ("[" * 5000, "P116"),
        ('{"id":["x"]}', "A751"), (json.dumps(question(id="B", scenario="nothing")), "P601"),
        (json.dumps({**question(), "purpose": ""}), None), (json.dumps(question(jurisdiction="110000")), None),
        (json.dumps(question(known_at="99999")), None),
    ]  # fmt: skip
    body = lines(question(0), *(text for text, _ in bad), "", "  ", question(1))
    answers = sent(client, mine, body)
    assert [one["line"] for one in answers] == [*range(1, 12), 14]
    assert ["answer" in one for one in answers] == [True, *[False] * 10, True]
    assert recorded(client) == 2
    problems = [one["problem"] for one in answers[1:-1]]
    for problem, (_, code) in zip(problems, bad, strict=True):
        assert code is None or problem["errors"][0]["code"] == code
    assert [problem["status"] for problem in problems] == [422] * 8 + [403, 404]
    assert answers[7]["id"] == "B"
    assert problems[6]["errors"][0]["pointer"] == "/scenario"
    assert {problem["title"] for problem in problems[:8]} == {"what was sent is at fault"}


def test_a_repeated_batch_records_nothing_twice(client: httpx2.Client, key_for: KeyFor) -> None:
    """Each line is found by the key and its number; a longer one goes on, another line under the number is refused."""
    mine = key_for(Role.INQUIRER) | {"Idempotency-Key": "tender-1"}
    first = sent(client, mine, lines(*(question(n) for n in range(5))))
    again = sent(client, mine, lines(*(question(n) for n in range(8))))
    assert again[:5] == first
    assert recorded(client) == 8
    other = sent(client, mine, lines(question(9), question(1)))
    assert other[0]["problem"]["code"] == "key-reused"
    assert other[1] == first[1]
    sent(client, mine | {"Idempotency-Key": "tender-2"}, lines(question(0)))
    assert recorded(client) == 9


def test_who_may_send_what(client: httpx2.Client, key_for: KeyFor) -> None:
    """No key, no right, another kind of body."""
    assert client.post(PATH, content=lines(question()), headers=KIND).status_code == 401
    assert client.post(PATH, content=lines(question()), headers=key_for(Role.AUDITOR) | KIND).status_code == 403
    assert client.post(PATH, json=question(), headers=key_for(Role.INQUIRER)).status_code == 415
    long = key_for(Role.INQUIRER) | KIND | {"Idempotency-Key": "k" * 201}
    assert client.post(PATH, content=lines(question()), headers=long).status_code == 422
    assert sent(client, key_for(Role.INQUIRER), b"") == []


def test_bounds(client: httpx2.Client, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many lines, or one too long: what stands before holds, the first unread line says why it is."""
    mine = key_for(Role.INQUIRER)
    monkeypatch.setattr(batches, "MOST_LINES", 3)
    answers = sent(client, mine, lines(*(question(n) for n in range(6))))
    assert [one["line"] for one in answers] == [1, 2, 3, 4]
    assert answers[-1]["problem"]["status"] == 413
    assert recorded(client) == 3
    monkeypatch.setattr(batches, "LONGEST_LINE", 1_000)
    answers = sent(client, mine, lines(question(0)) + b"x" * 2_000)
    assert [(one["line"], "answer" in one) for one in answers] == [(1, True), (2, False)]
    assert answers[1]["problem"]["code"] in ("too-large", "unprocessable")


def test_a_body_too_large_is_refused_beforehand(client: httpx2.Client, key_for: KeyFor) -> None:
    """If it says its length, before any line."""
    headers = key_for(Role.INQUIRER) | KIND | {"Content-Length": str(batches.MOST_BYTES + 1)}
    answer = client.post(PATH, content=b"{}\n", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_a_ledger_that_is_away_is_said_line_by_line(
    client: httpx2.Client, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is answered that was not recorded; the next batch is."""
    away = Unavailable("数据库不可用", "the database is not available")

    def refuse(*_: Any) -> None:
        raise away

    mine = key_for(Role.INQUIRER)
    with monkeypatch.context() as patch:
        patch.setattr("engine.ledger.recorder.record", refuse)
        answers = sent(client, mine, lines(*(question(n) for n in range(3))))
        assert [one["problem"]["status"] for one in answers] == [503] * 3
    with monkeypatch.context() as patch:
        patch.setattr(sheaf, "Sitting", refuse)
        answers = sent(client, mine, lines(*(question(n) for n in range(3)), "{"))
        assert [one["problem"]["status"] for one in answers] == [503] * 3 + [422]
    with monkeypatch.context() as patch:
        patch.setattr(sheaf, "leaf_for", lambda *_: 1 / 0)
        assert [one["problem"]["status"] for one in sent(client, mine, lines(question()))] == [500]
    assert recorded(client) == 0
    assert "answer" in sent(client, mine, lines(question()))[0]


NOBODY = sheaf.Asker(Request({"type": "http"}), Grant("", "", frozenset()), "")


def test_lines_are_cut_the_same_however_they_come() -> None:
    """Whole, byte by byte, without an end of line at the end."""
    body = lines(question(1), "", question(2)) + b'{"last":'

    async def taken(parts: list[bytes]) -> list[tuple[int, bytes]]:
        messages = [
            {"type": "http.request", "body": part, "more_body": number < len(parts) - 1}
            for number, part in enumerate(parts)
        ]

        async def receive() -> dict[str, Any]:
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        incoming, found = Incoming(receive, NOBODY), list[tuple[int, bytes]]()
        await incoming.begin()
        while messages:
            incoming._take(await receive())
        while some := await incoming.some():
            found += [(line.number, bytes(line.data)) for line in some]
        return found

    whole = asyncio.run(taken([body]))
    assert [number for number, _ in whole] == [1, 3, 4]
    assert asyncio.run(taken([body[at : at + 1] for at in range(len(body))])) == whole
    assert asyncio.run(taken([body[:100], b"", body[100:]])) == whole


def test_a_batch_that_takes_too_long_ends_with_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first line that was not decided is named."""
    monkeypatch.setattr(batches, "SECONDS", 0.05)

    async def run() -> Incoming:
        first = [{"type": "http.request", "body": lines(question(1), question(2)), "more_body": True}]

        async def receive() -> dict[str, Any]:
            if first:
                return first.pop()
            await asyncio.sleep(60)
            raise AssertionError("nobody waits that long")

        incoming = Incoming(receive, NOBODY)
        await incoming.begin()
        await incoming.read()
        assert await incoming.some() == []
        return incoming

    unread = asyncio.run(run()).unread
    assert unread is not None
    assert unread.problem is not None
    assert (unread.number, unread.problem.status) == (1, 504)


def opened(port: int, key: str, more: str = "") -> socket.socket:
    """A connection with the head of a batch sent."""
    connection = socket.create_connection(("127.0.0.1", port), 30)
    connection.sendall(
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n{more}"
        "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    return connection


def chunk(data: bytes) -> bytes:
    """As chunked coding has it."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def until(connection: socket.socket, count: int) -> bytes:
    """What came once so many answers are there."""
    found = b""
    while found.count(b'"answer":') < count:
        part = connection.recv(1 << 16)
        assert part, found[:500]
        found += part
    return found


@pytest.mark.slow
def test_answers_come_while_lines_go_and_a_cut_stops_the_work(home: Path) -> None:
    """On a real server: the first answer before the end of the request; after a cut what was answered is in the ledger,
    the rest is soon left alone, and a repeat under the same key gives the same answers and goes on."""
    access = open_access()
    key = create(access, Wanted("cut", (Role.INQUIRER,)), "tests", utc_now(), secrets.token_bytes)
    access.close()
    many = 2_000
    body = [lines(question(n % 300)) for n in range(many)]
    with serving(home) as server:
        with opened(server.port, key, "Idempotency-Key: cut-1\r\n") as connection:
            connection.sendall(chunk(body[0]))
            first = until(connection, 1)  # the request has not ended
            connection.sendall(chunk(b"".join(body[1:])))
            seen = first + until(connection, 20)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # cut, not closed
        store = open_ledger().store
        counts = [-1, -2]
        while counts[-1] != counts[-2]:
            time.sleep(1)
            with store.reading() as rows:
                counts.append(rows.exec_driver_sql("SELECT COUNT(*) FROM leaf").scalar_one())
        assert 21 <= counts[-1] < many
        told = [json.loads(line) for line in seen.split(b"\n") if line.startswith(b'{"line"') and line.endswith(b"}")]
        url = f"{server.url}{PATH}"
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "cut-1", **KIND}
        again = httpx2.post(url, content=b"".join(body[:200]), headers=headers, timeout=120)
        answers = [json.loads(line) for line in again.text.splitlines()]
        assert len(answers) == 200
        assert [answers[one["line"] - 1] for one in told if one["line"] <= 200] == [
            one for one in told if one["line"] <= 200
        ]
        with store.reading() as rows:
            total = rows.exec_driver_sql("SELECT COUNT(*) FROM leaf").scalar_one()
        assert total == max(counts[-1], 200)
        store.close()


@pytest.mark.slow
def test_a_client_that_sends_all_before_it_reads_is_served(home: Path) -> None:
    """Neither side waits for the other for ever: far more goes both ways than any buffer between them holds."""
    access = open_access()
    key = create(access, Wanted("deaf", (Role.INQUIRER,)), "tests", utc_now(), secrets.token_bytes)
    access.close()
    filler = "x" * 20_000
    body = lines(*(question(n % 300, id=f"{n}") if n % 2 else filler for n in range(1_000)))
    with serving(home) as server, opened(server.port, key, "Connection: close\r\n") as connection:
        connection.settimeout(120)
        connection.sendall(chunk(body) + b"0\r\n\r\n")
        found = b""
        while part := connection.recv(1 << 16):
            found += part
    assert found.count(b'"answer":') == 500
    assert found.count(b'"problem":') == 500
