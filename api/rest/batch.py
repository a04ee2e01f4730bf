"""Many questions in one request, as lines in and lines out; the first answers go out while the last are still sent.

Reading never waits for writing: a client that sends everything before it reads anything is served as well. So a
request is held in memory, MOST_BYTES of it at most, and answers go at the pace at which they are taken.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from api.rest.around import longer
from api.rest.auth import Allowed
from api.rest.bodies import demand_kind
from api.rest.documented import ONCE, Answers, problems, takes
from api.rest.problems import Problem, language, told
from api.rest.repeating import idempotency_key
from api.rest.sheaf import Asker, Line, judge, settle
from api.rest.worked import BATCH
from engine.access.roles import Act, Grant
from engine.vocabulary import Words

LOG = logging.getLogger("memoranda")
router = APIRouter(prefix="/v1", tags=["decisions"])

NDJSON = "application/x-ndjson"
KINDS = (NDJSON, "application/ndjson", "application/jsonl")
MOST_BYTES, MOST_LINES, LONGEST_LINE = 32 << 20, 20_000, 1 << 20
# Seconds for a whole batch; lines not begun by then are not decided.
SECONDS = 600
# More seconds for a client to take what was answered in time.
GRACE = 30
# Lines and bytes judged together, and how many such sheaves are judged before the first of them is answered.
TOGETHER, TOGETHER_BYTES, AHEAD = 64, 1 << 14, 2

May = Annotated[Grant, Depends(Allowed(Act.DECIDE))]

# Lines, not one JSON value: whatever is no question is the fault of its line.
_QUESTIONS = {"description": "每行一个 Question，另可有 `id`。A Question in each line, with an `id` if you like."}
_LINES: Answers = {
    200: {
        "description": "每行一个答复，次序与所发相同。A line for each, in the order they were sent.",
        "content": {NDJSON: {"schema": {"type": "string"}, "examples": BATCH["answers"]}},
    }
}


@router.post(
    "/decisions/batch",
    summary="批量查询 · Many questions, each recorded",
    responses=_LINES | problems(413, 415, 422),
    openapi_extra=takes(_QUESTIONS, BATCH["questions"], NDJSON) | ONCE,
    response_class=Response,
    max_body_size=MOST_BYTES,
)
async def batch(request: Request, grant: May) -> Response:
    """Each line a body as for one decision, with an `id` of your own if you like; blank lines are skipped.

    Each answer names its `line` (from 1) and your `id`, and holds the `answer`, or the `problem` of that line alone.
    What is not asked for by `include` is not added. An answer is sent only when its decision is durable. With an
    `Idempotency-Key` each line is done once, found again by the key and its number. A batch too long, too large or too
    slow ends with a problem for the first line that was not decided; whatever stands before it holds.
    """
    demand_kind(request, KINDS)
    return Streamed(Asker(request, grant, idempotency_key(request, grant, "batch")))


class Streamed(Response):
    """Reads the request and writes the answer at once; both end when the client goes away."""

    def __init__(self, asker: Asker) -> None:
        super().__init__(media_type=NDJSON)
        self.raw_headers = [(name, value) for name, value in self.raw_headers if name != b"content-length"]
        self._asker = asker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve. The 413 of a body that says its length beforehand comes before any line."""
        longer(self._asker.request, None)
        lines = Incoming(receive, self._asker)
        await lines.begin()
        reading = asyncio.create_task(lines.read())
        try:
            async with asyncio.timeout(SECONDS + GRACE):
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                async for data in self._answers(lines):
                    await send({"type": "http.response.body", "body": data, "more_body": True})
                if not lines.gone:
                    await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            LOG.warning("a batch was given up: its answers were not taken")  # and the connection is closed
        finally:
            lines.gone = True  # whoever still judges stops at the next line
            reading.cancel()

    async def _answers(self, lines: "Incoming") -> AsyncIterator[bytes]:
        """The answers in the order of the lines; some sheaves are judged while the one before is written."""
        judged = deque[list[Line]]()
        while not lines.gone:
            sheaf = await lines.some() if len(judged) < AHEAD and (not judged or lines.waiting) else []
            if sheaf:
                await run_in_threadpool(judge, sheaf, lambda: lines.gone)
                judged.append(sheaf)
            elif judged:
                yield await run_in_threadpool(self._settled, judged.popleft())
            else:
                break
        if lines.unread and not lines.gone:
            yield self._line(lines.unread)

    def _settled(self, sheaf: list[Line]) -> bytes:
        """The answers of a sheaf, once its decisions are durable."""
        for line in sheaf:
            settle(line)
        return b"".join(map(self._line, sheaf))

    def _line(self, line: Line) -> bytes:
        head: dict[str, Any] = {"line": line.number} | ({"id": line.id} if line.id else {})
        before = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
        if line.problem is None:
            return before + b',"answer":' + line.body + b"}\n"
        request = self._asker.request
        said = told(line.problem, language(request)) | {"request": request.scope.get("memoranda.request", "")}
        return before + b',"problem":' + json.dumps(said, ensure_ascii=False).encode() + b"}\n"


class Incoming:
    """The lines of a request as they come; `unread` is the first that is not, and why, `gone` that nobody listens."""

    def __init__(self, receive: Receive, asker: Asker) -> None:
        self._receive, self._asker = receive, asker
        self._lines, self._changed = deque[Line](), asyncio.Event()
        self._rest, self._number, self._more = bytearray(), 0, True
        self.unread: Line | None = None
        self.gone = False

    @property
    def waiting(self) -> bool:
        """Whether a line can be taken at once."""
        return bool(self._lines)

    async def begin(self) -> None:
        """Take the first part of the body. HTTPException 413 if the request says that it is too large."""
        self._take(await self._receive())

    async def read(self) -> None:
        """Take all parts that come, and then wait for the client to go; what comes past the bounds is let fall."""
        try:
            async with asyncio.timeout(SECONDS):
                while not self.gone:
                    self._take(await self._receive())
        except TimeoutError:
            late = self._lines[0].number if self._lines else self._number + 1
            if self._more or self._lines:
                self._lines.clear()
                self._stop(late, Problem(504))
        except HTTPException:
            self._stop(self._number + 1, _too_much(f"{MOST_BYTES:,} 字节", f"{MOST_BYTES:,} bytes"))

    async def some(self) -> list[Line]:
        """The next lines, as many as are there and go together; none at the end."""
        while not self._lines and self._more and not self.gone:
            self._changed.clear()
            await self._changed.wait()
        taken, size = list[Line](), 0
        while self._lines and len(taken) < TOGETHER and size < TOGETHER_BYTES:
            taken.append(self._lines.popleft())
            size += len(taken[-1].data)
        return taken

    def _take(self, message: Any) -> None:
        if message["type"] == "http.disconnect":
            self.gone, self._more = True, False
        elif self._more:
            self._split(message.get("body", b""), ended=not message.get("more_body", False))
        self._changed.set()

    def _split(self, data: bytes, ended: bool) -> None:
        self._rest += data
        if ended or b"\n" in data:
            *whole, rest = bytes(self._rest).split(b"\n")
            self._rest = bytearray(b"" if ended else rest)
            for one in [*whole, rest] if ended else whole:
                self._add(one)
        if len(self._rest) > LONGEST_LINE and self._more:
            self._stop(self._number + 1, _too_much(f"每行 {LONGEST_LINE:,} 字节", f"{LONGEST_LINE:,} bytes a line"))
        self._more = self._more and not ended

    def _add(self, data: bytes) -> None:
        self._number += 1
        if data.strip() and self._more:
            if self._number <= MOST_LINES:
                self._lines.append(Line(self._number, data, self._asker))
            else:
                self._stop(self._number, _too_much(f"{MOST_LINES:,} 行", f"{MOST_LINES:,} lines"))

    def _stop(self, number: int, problem: Problem) -> None:
        self.unread, self._more = Line(number, b"", self._asker, problem=problem), False
        self._rest.clear()
        self._changed.set()


def _too_much(zh: str, en: str) -> Problem:
    return Problem(413, Words(f"最多 {zh}", f"at most {en}"))
