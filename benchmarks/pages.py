"""The pages on loopback, one after another, beside an empty page of the same bytes in the same run."""

import os
import re
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2

from api.web.assets import held, served
from benchmarks.api import server
from engine.access.roles import Role
from engine.identity import synthetic_code
from engine.services.books import HOME, open_books
from engine.services.sampling import sample
from tests.ledger.desk import at_home, law
from tests.web.visiting import Visitor, account, signed_in

ROUNDS = 40
MOST_KB, MOST_MS = 300, 50
# Pages that need no decision or subject; the others are found by what they are of.
PLAIN = (
    "/sign-in", "/account", "/counter", "/tenders", "/subjects", "/library", "/library/matrix", "/library/lists",
    "/library/procurement-credit-query", "/library/lists/judgment-defaulters", "/library/scenarios/procurement",
    "/ledger", "/ledger/head", "/ledger/proofs", "/reviews", "/overview", "/registrar", "/registrar/import",
    "/registrar/due", "/registrar/lists", "/verify",
)  # fmt: skip

# The empty page: bytes that are there already, under the same framework.
EMPTY = """
import sys
from fastapi import FastAPI, Response
app = FastAPI()
PAGE = open(sys.argv[2], 'rb').read()
@app.get('/')
def empty() -> Response:
    return Response(PAGE, media_type='text/html')
import uvicorn
uvicorn.run(app, port=int(sys.argv[1]), log_level='error', access_log=False)
"""


def measured(subjects: int) -> dict[str, Any]:
    """Each page: its first view in this process and p50 in ms, and its size in kB with all it loads but letters.

    Of a sample of so many subjects.
    """
    with TemporaryDirectory(prefix="memoranda-bench-") as folder, at_home(Path(folder)):
        environment = {**os.environ, HOME: folder, "MEMORANDA_RATE": "100000000"}
        books = open_books()
        sample(books, law().vocabulary, subjects)
        books.registry.close()
        login = account(tuple(Role))
        ours = [sys.executable, "-m", "api.cli.main", "serve", "--port"]
        with server(lambda port: [*ours, str(port)], environment) as port:
            client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=120)
            visitor = signed_in(client, login)
            pages = {path: (lambda path=path: visitor.get(path)) for path in PLAIN} | _found(visitor)
            rows = {name: _timed(ask) for name, ask in pages.items()}
            (Path(folder) / "page").write_bytes(visitor.get("/counter").content)
            empty = [sys.executable, "-c", EMPTY]
            with server(lambda other: [*empty, str(other), f"{folder}/page"], environment) as other:
                blank = httpx2.Client(base_url=f"http://127.0.0.1:{other}")
                rows["(empty)"] = _timed(lambda: blank.get("/"))
    return {"subjects": subjects, "pages": rows}


def _found(visitor: Visitor) -> dict[str, Callable[[], httpx2.Response]]:
    """Pages of a decision and of a subject, and the counter's whole way from the code to the answer."""

    def asked(number: int) -> httpx2.Response:
        return visitor.post("/counter", {"who": synthetic_code(number), "scenario": "permit", "place": "420881"})

    numbers = iter(range(100, 10_000))
    answer = asked(60).url.path
    subject = visitor.post("/subjects", {"who": synthetic_code(60)}).url.path
    proof = visitor.proof()

    def counter() -> httpx2.Response:
        fields = {"_proof": proof, "_once": secrets.token_hex(16), "who": synthetic_code(next(numbers))}
        return visitor.client.post("/counter", data={**fields, "scenario": "permit", "place": "420881"})

    return {
        "/counter/{decision}": lambda: visitor.get(answer),
        "POST /counter, and its answer": counter,
        "/decisions/{decision}": lambda: visitor.get(answer.replace("/counter/", "/decisions/")),
        "/subjects/{handle}": lambda: visitor.get(subject),
    }


def _timed(ask: Callable[[], httpx2.Response]) -> dict[str, Any]:
    times, began = list[float](), time.perf_counter()
    answer, first = ask(), time.perf_counter() - began
    if answer.status_code != 200:
        return {"status": answer.status_code}
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = ask()
        times.append((time.perf_counter() - began) * 1e3)
    times.sort()
    return {
        "first_ms": round(first * 1e3, 1), "p50_ms": round(times[ROUNDS // 2], 1),
        "p95_ms": round(times[ROUNDS * 95 // 100], 1), "kb": _size(answer),
    }  # fmt: skip


def _size(page: httpx2.Response) -> int:
    """What a browser loads for the page, letters not counted, in thousands of bytes."""
    parts = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page.text))
    script = "govuk-frontend.min.js"  # which ours imports
    parts |= {
        name for name, path in served().items() if path.name == script and any("memoranda" in one for one in parts)
    }
    return (len(page.content) + sum(len(held(served()[name])) for name in parts)) // 1000


def told(report: dict[str, Any]) -> str:
    """The figures for people, with what was to be reached."""
    lines = [f"{report['subjects']:,} subjects; p50 to reach: {MOST_MS} ms, size: {MOST_KB} kB"]
    for name, row in report["pages"].items():
        if "status" in row:
            lines.append(f"{name:40} answered {row['status']}")
            continue
        missed = " MISSED" if row["p50_ms"] > MOST_MS or row["kb"] > MOST_KB else ""
        times = "  ".join(f"{one} {row[f'{one}_ms']:>6} ms" for one in ("first", "p50", "p95"))
        lines.append(f"{name:40} {times}  {row['kb']:>4} kB{missed}")
    return "\n".join(lines)
