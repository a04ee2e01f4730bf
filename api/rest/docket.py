"""Questions that come at once are judged together: one thread takes all that wait, as lines of one sheaf.

More threads would not judge more: they take turns at one interpreter, and each would read the registry for itself.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Lock

from starlette.requests import Request

from api.rest.sheaf import Line, judge, settle

# The most questions judged together: those who come later wait for the next sheaf.
TOGETHER = 32


class Docket:
    """What waits to be judged in one serving process."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Line, Future[None]]] = []
        self._queue = Lock()
        self._thread = ThreadPoolExecutor(1, "docket")

    def submit(self, line: Line) -> "Future[None]":
        """Done once the line has its body, its decision durable, or its problem."""
        done = Future[None]()
        with self._queue:
            self._waiting.append((line, done))
        self._thread.submit(self._judge)
        return done

    def close(self) -> None:
        """Answer what still waits; nothing is taken after it."""
        self._thread.shutdown()

    def _judge(self) -> None:
        with self._queue:
            taken, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
        judge([line for line, _ in taken])
        for line, done in taken:
            if line.pending is None:
                done.set_result(None)
            else:
                line.pending.add_done_callback(partial(self._settle, line, done))

    def _settle(self, line: Line, done: "Future[None]", _: "Future[None]") -> None:
        """Called by the thread that writes, which has other leaves to write: the answer is put together here."""

        def answer() -> None:
            settle(line)
            done.set_result(None)

        self._thread.submit(answer)


def docket_of(request: Request) -> Docket:
    """The docket of the process that serves a request."""
    docket: Docket = request.app.state.docket
    return docket
