"""Real servers for the tests: `memoranda serve` in processes of their own, and what is asked of their books after."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx2
import pytest

from engine.access.keys import Wanted, create
from engine.access.roles import Role
from engine.ledger.auditing import audit
from engine.ledger.sequencing import waits
from engine.ledger.signing import LogKeys
from engine.registry.store import Store, ask
from engine.services.books import URL, ledger_url, open_access, open_books
from engine.services.keeping import upgrade_books
from engine.services.moments import utc_now
from engine.services.sampling import sample
from tests.ledger.desk import at_home, law

ROOT = Path(__file__).resolve().parents[2]
START = [sys.executable, "-c", "from api.cli.main import run; run()", "serve", "--port"]
# The longest a test waits for anything, in seconds.
PATIENCE = 90
Gone = httpx2.TransportError


@dataclass
class Server:
    """One `memoranda serve`, with what it said."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: IO[bytes]
    key: str = ""
    clients: list[httpx2.Client] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """All that it wrote on its streams."""
        return Path(self.log.name).read_text("utf-8")

    def client(self, key: str) -> httpx2.Client:
        """A client of one thread, let go with the server."""
        self.clients.append(
            httpx2.Client(base_url=self.url, headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE)
        )
        return self.clients[-1]

    def up(self) -> "Server":
        """The same, once it takes connections."""
        for _ in range(PATIENCE * 20):
            assert self.process.poll() is None, f"the server ended at its start: {self.said}"
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            time.sleep(0.05)
        raise AssertionError(f"the server never took a connection: {self.said}")

    def kill(self) -> None:
        """At once, as a machine that fails."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """As an operator does it; it must end of itself, and nothing of it is a traceback."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        assert "Traceback" not in self.said, self.said


def start(home: Path, url: str = "", before: Callable[[], None] | None = None, **settings: str) -> Server:
    """A server over the home, or the database at the url, on a free port; `before` is called in its process.

    It does not wait for it: several start at once.
    """
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MEMORANDA_")}
    books = {"MEMORANDA_HOME": str(home), "PYTHONPATH": str(ROOT), "MEMORANDA_RATE": "1000000", "MEMORANDA_LANG": "en"}
    environment = kept | books | ({URL: url} if url else {}) | settings
    log = tempfile.NamedTemporaryFile(prefix=f"memoranda-serve-{port}-")  # noqa: SIM115
    process = subprocess.Popen([*START, str(port)], env=environment, stdout=log, stderr=log, preexec_fn=before)
    return Server(port, process, log)


@contextmanager
def serving(home: Path, url: str = "", before: Callable[[], None] | None = None, **settings: str) -> Iterator[Server]:
    """A server that takes connections; ended afterwards, unless it has ended."""
    server = start(home, url, before, **settings)
    with let_go(server):
        yield server.up()


@contextmanager
def let_go(*servers: Server) -> Iterator[None]:
    """Servers that are ended afterwards, unless they have ended."""
    try:
        yield
    except BaseException:
        for server in servers:
            server.process.kill()
        raise
    finally:
        for server in servers:
            for client in server.clients:
                client.close()
        for server in servers:
            if server.process.poll() is None:
                server.end()
            server.process.wait()
            server.log.close()


@contextmanager
def books_at(home: Path, url: str = "") -> Iterator[None]:
    """Within, the books are those of the servers over this home and url."""
    with at_home(home), pytest.MonkeyPatch.context() as patch:
        if url:
            patch.setenv(URL, url)
        yield


def furnish(home: Path, url: str, subjects: int) -> None:
    """A database made ready, with a sample registry."""
    with books_at(home, url):
        upgrade_books()
        books = open_books()
        sample(books, law().vocabulary, subjects)
        books.registry.close()


def new_key(home: Path, *roles: Role, url: str = "") -> str:
    """A key of these roles."""
    with books_at(home, url):
        access = open_access()
        try:
            return create(access, Wanted("tests", roles), "tests", utc_now(), secrets.token_bytes)
        finally:
            access.close()


@dataclass(frozen=True)
class Recorded:
    """A leaf as it stands in the books."""

    id: str
    number: int
    core: str
    recorded_at: str


def recorded(home: Path, url: str = "") -> list[Recorded]:
    """Every leaf once all have their numbers, which the servers give; the log must be sound and without a gap."""
    with books_at(home, url):
        store = Store(ledger_url())
        keys = LogKeys.open(home / "keys" / "ledger.key", secrets.token_bytes)
    try:
        until(lambda: not waits(store))
        with store.reading() as connection:
            assert [*audit(connection, keys.public)] == []
            rows = ask(connection, "SELECT id, number, core, recorded_at FROM leaf ORDER BY number")
            openings = ask(connection, "SELECT COUNT(*) AS n FROM opening WHERE leaf NOT IN (SELECT id FROM leaf)")
            assert openings[0].n == 0
    finally:
        store.close()
    assert [row.number for row in rows] == [*range(len(rows))]
    assert len({row.id for row in rows}) == len(rows)
    return [Recorded(*row) for row in rows]


def until(holds: Callable[[], Any], every: float = 0.05) -> Any:
    """Once it holds: what it gave."""
    for _ in range(int(PATIENCE / every)):
        if found := holds():
            return found
        time.sleep(every)
    raise AssertionError("it never came to hold")


def core_of(answer: Any) -> str:
    """The core in an answer's body, byte for byte."""
    body = answer if isinstance(answer, str) else answer.text
    return body[body.index('"decision":') + len('"decision":') : body.index(',"promise":')]


def genuine(receipt: bytes, keys: Any, folder: Path) -> None:
    """The receipt holds for somebody who has nothing of ours but the verifier and the published keys."""
    folder.mkdir(exist_ok=True)
    (folder / "receipt.json").write_bytes(receipt)
    (folder / "keys.json").write_text(json.dumps(keys), "utf-8")
    command: Sequence[str] = [sys.executable, str(ROOT / "verify_receipt.py"), str(folder / "receipt.json")]
    found = subprocess.run([*command, "--key", str(folder / "keys.json")], capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr
