"""The service on loopback: one worker, 32 connections, beside an empty endpoint with the same request and answer."""

import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.access.keys import Wanted, create
from engine.access.roles import Role
from engine.identity import synthetic_code
from engine.services.books import HOME, URL, open_access, open_books
from engine.services.moments import utc_now
from engine.services.sampling import sample
from tests.ledger.desk import at_home, law

CONNECTIONS = 32
ROOT = Path(__file__).resolve().parents[1]
SUBJECTS = 2_000

# The empty endpoint: reads the body, answers bytes that are there already.
EMPTY = """
import os, sys
from fastapi import FastAPI, Request, Response
app = FastAPI()
ANSWER = open(sys.argv[2], 'rb').read()
@app.post('/v1/decisions')
async def empty(request: Request) -> Response:
    await request.body()
    return Response(ANSWER, 201, media_type='application/json')
import uvicorn
uvicorn.run(app, port=int(sys.argv[1]), log_level='error', access_log=False)
"""


def measured(seconds: float, rounds: int, url: str = "") -> dict[str, Any]:
    """Requests a second and p99 of both in turns; then what the batch endpoint and one tender of many parties reach."""
    with TemporaryDirectory(prefix="memoranda-bench-") as folder, at_home(Path(folder)):
        environment = {**os.environ, HOME: folder, "MEMORANDA_RATE": "100000000", **({URL: url} if url else {})}
        if url:
            os.environ[URL] = url
        sample(open_books(), law().vocabulary, SUBJECTS)
        key = create(open_access(), Wanted("bench", (Role.INQUIRER,)), "bench", utc_now(), secrets.token_bytes)
        ours = [sys.executable, "-m", "api.cli.main", "serve", "--port"]
        with server(lambda port: [*ours, str(port)], environment) as port:
            headers = f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
            bodies = [_question(number) for number in range(SUBJECTS)]
            answer = asyncio.run(_one(port, headers, bodies[7]))
            (Path(folder) / "answer").write_bytes(answer)
            empty = [sys.executable, "-c", EMPTY]
            with server(lambda other: [*empty, str(other), f"{folder}/answer"], environment) as other:
                asyncio.run(_load(port, headers, bodies, 2))  # buckets are met and caches filled
                found: dict[str, list[Any]] = {"empty": [], "ours": []}
                for _ in range(rounds):
                    found["empty"].append(asyncio.run(_load(other, headers, bodies, seconds)))
                    found["ours"].append(asyncio.run(_load(port, headers, bodies, seconds)))
            report = {name: _best(rows) for name, rows in found.items()}
            report["share"] = round(report["ours"]["per_second"] / report["empty"]["per_second"], 2)
            report["batch_parties_per_second"] = round(asyncio.run(_batch(port, key, bodies * 2)))
            report["tender_parties_per_second"] = round(asyncio.run(_tender(port, headers)))
    return report


def _question(number: int) -> bytes:
    scenario = ("procurement", "bidding", "subsidy", "permit")[number % 4]
    said = {"scenario": scenario, "parties": [{"subject": synthetic_code(number)}], "jurisdiction": "420881"}
    return json.dumps(said | {"as_of": "2026-11-20T09:00+08:00", "purpose": "bench", "include": []}).encode()


@contextmanager
def server(command: Any, environment: dict[str, str]) -> Iterator[int]:
    """A process that serves on the port it yields."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(command(port), cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, "the server ended at its start"
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


async def _load(port: int, headers: str, bodies: list[bytes], seconds: float) -> dict[str, float]:
    """So many seconds of requests over CONNECTIONS connections, each asking again as soon as it is answered."""
    times, following, end = list[float](), cycle(bodies), time.perf_counter() + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            began = time.perf_counter()
            await _ask(reader, writer, headers, next(following))
            times.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    taken, times = time.perf_counter() - began, sorted(times)
    return {
        "per_second": round(len(times) / taken),
        "p50_ms": round(times[len(times) // 2] * 1e3, 1),
        "p99_ms": round(times[len(times) * 99 // 100] * 1e3, 1),
    }


async def _one(port: int, headers: str, body: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = await _ask(reader, writer, headers, body)
    writer.close()
    return answer


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, headers: str, body: bytes) -> bytes:
    head = f"POST /v1/decisions HTTP/1.1\r\nHost: bench\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    said = await reader.readuntil(b"\r\n\r\n")
    assert b" 201 " in said[:20], said
    length = int(said.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
    return await reader.readexactly(length)


async def _batch(port: int, key: str, bodies: list[bytes]) -> float:
    """Recorded decisions a second through the batch endpoint, one connection."""
    data = b"\n".join(bodies) + b"\n"
    head = (
        f"POST /v1/decisions/batch HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/x-ndjson\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.perf_counter()

    async def send() -> None:
        writer.write(head.encode() + data)
        await writer.drain()

    sending = asyncio.create_task(send())
    answer = await reader.read()
    await sending
    taken = time.perf_counter() - began
    assert answer.count(b'"verdict":') >= len(bodies), answer[:500]
    return len(bodies) / taken


async def _tender(port: int, headers: str, parties: int = 500) -> float:
    """Parties a second where one decision covers a tender."""
    said = {"scenario": "procurement", "jurisdiction": "420881", "as_of": "2026-11-20T09:00+08:00", "purpose": "bench"}
    said |= {"parties": [{"subject": synthetic_code(number)} for number in range(parties)], "include": []}
    body, times = json.dumps(said).encode(), list[float]()
    for _ in range(4):
        began = time.perf_counter()
        await _one(port, headers, body)
        times.append(time.perf_counter() - began)
    return parties / min(times)


def _best(rows: list[dict[str, float]]) -> dict[str, float]:
    """The round with the most requests: others were disturbed."""
    return max(rows, key=lambda row: row["per_second"])


def told(report: dict[str, Any]) -> str:
    """The figures for people, with what was to be reached."""
    lines = [
        f"{name:6} {row['per_second']:>6,} requests/s, p50 {row['p50_ms']} ms, p99 {row['p99_ms']} ms"
        for name, row in ((name, report[name]) for name in ("empty", "ours"))
    ]
    return "\n".join(
        [
            *lines,
            f"share of the empty endpoint: {report['share']} (to reach: 0.5, p99 under 40 ms)",
            f"batch: {report['batch_parties_per_second']:,} recorded parties/s (to reach: 2,500)",
            f"one tender of 500: {report['tender_parties_per_second']:,} parties/s (to reach: 10,000)",
        ]
    )
