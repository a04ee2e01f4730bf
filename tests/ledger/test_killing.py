"""kill -9 at any moment while sixteen clients decide: what was acknowledged is there, once, and the log holds."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from engine.ledger.auditing import audit
from engine.ledger.migrating import LEDGER
from engine.ledger.recorder import Recorder
from engine.ledger.sequencer import Sequencer
from engine.ledger.sequencing import sequence, waits
from engine.ledger.signing import LogKeys
from engine.registry.migrating import upgrade
from engine.registry.store import Store, ask
from tests.ledger.desk import made

CLIENTS = 16
# The longest a server lives, in seconds, once it has acknowledged something.
LIFE = 0.15
# The whole log is proved after so many rounds; what was acknowledged is looked for after each.
PROVED = 25


def now() -> datetime:
    """The servers' clock."""
    return datetime.now(UTC)


def serve(address: str, keys: LogKeys, first: int, said: int) -> None:
    """Sixteen clients without end, who say each leaf's id once it is durable; never returns."""
    store = Store(address)
    recorder = Recorder(store)
    Sequencer(store, keys, now).start()

    def client(number: int) -> None:
        for each in range(first + number, first + 1_000_000, CLIENTS):
            leaf = made(each, keys, now())
            recorder.record(leaf)
            os.write(said, f"{leaf.id}\n".encode())

    for number in range(CLIENTS):
        Thread(target=client, args=(number,), daemon=True).start()
    signal.pause()


@contextmanager
def server(address: str, keys: LogKeys, first: int, file: Path) -> Iterator[int]:
    """A process of our own making, so that a round takes no new interpreter; killed at the end."""
    said = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_TRUNC)
    child = os.fork()
    if child == 0:
        try:
            serve(address, keys, first, said)
        finally:
            os._exit(1)
    os.close(said)
    try:
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def survive(address: str, keys: LogKeys, rounds: int, file: Path) -> int:
    """So many rounds on one ledger. How many leaves were acknowledged."""
    store, chance, acknowledged = Store(address), random.Random(rounds), 0
    upgrade(store, LEDGER)
    store.close()
    for number in range(rounds):
        with server(address, keys, number * 1_000_000, file):
            patience = time.monotonic() + 60
            while not file.stat().st_size and time.monotonic() < patience:
                time.sleep(0.001)
            time.sleep(chance.random() * LIFE)
        ids = [line.strip() for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]
        assert ids
        acknowledged += len(ids)
        with store.reading() as connection:
            marks = ", ".join("?" * len(ids))
            found = {row.id for row in ask(connection, f"SELECT id FROM leaf WHERE id IN ({marks})", ids)}
        assert found == {*ids}
        if number % PROVED == 0 or number == rounds - 1:
            holds(store, keys)
    store.close()
    return acknowledged


def holds(store: Store, keys: LogKeys) -> None:
    """Every leaf numbered once, from 0 without a gap, and the whole log sound."""
    while waits(store):
        sequence(store, keys, now())
    with store.reading() as connection:
        assert [*audit(connection, keys.public)] == []
        row = ask(connection, "SELECT COUNT(*) AS n, COUNT(DISTINCT leaf) AS m, MAX(number) AS last FROM leaf")[0]
    assert row.n == row.m == row.last + 1


def test_a_few_kills(address: str, keys: LogKeys, tmp_path: Path) -> None:
    """Three rounds."""
    assert survive(address, keys, 3, tmp_path / "said") > 0


@pytest.mark.slow
def test_many_kills(address: str, keys: LogKeys, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A thousand rounds on SQLite, two hundred on PostgreSQL."""
    rounds = 1_000 if address.startswith("sqlite") else 200
    found = survive(address, keys, rounds, tmp_path / "said")
    with capsys.disabled():
        print(f"\n{rounds} kills on {address.partition(':')[0]}: {found:,} acknowledged, all there, none twice")
