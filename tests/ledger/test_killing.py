"""kill -9 at any moment while several processes decide: what was acknowledged is there, once, and the log holds."""

import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.ledger.auditing import audit
from engine.ledger.migrating import LEDGER
from engine.ledger.sequencing import sequence
from engine.ledger.signing import LogKeys
from engine.registry.migrating import upgrade
from engine.registry.store import Store, ask
from tests.ledger.desk import made

ROOT = Path(__file__).resolve().parents[2]


def round_of(address: str, keys: LogKeys, clients: range, chance: random.Random, said: Path) -> list[str]:
    """Start the clients, kill them all after a moment; the ids they acknowledged."""
    files = [(said / str(client)).open("w+") for client in clients]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.ledger.deciding", address, str(keys.path), str(client)],
            cwd=ROOT, stdout=file, stderr=subprocess.DEVNULL,
        )
        for client, file in zip(clients, files, strict=True)
    ]  # fmt: skip
    patience = time.monotonic() + 60
    while not any(Path(file.name).stat().st_size for file in files) and time.monotonic() < patience:
        time.sleep(0.01)
    time.sleep(chance.random() * 0.3)
    for process in running:
        process.kill()
        process.wait()
    lines = [line for file in files for line in Path(file.name).read_text().splitlines(keepends=True)]
    for file in files:
        file.close()
    return [line.strip() for line in lines if line.endswith("\n")]


def survive(address: str, keys: LogKeys, rounds: int, clients: int, said: Path) -> int:
    """So many rounds on one ledger; after each it must hold. How many decisions were acknowledged."""
    store, chance, acknowledged = Store(address), random.Random(rounds), set[str]()
    upgrade(store, LEDGER)
    for number in range(rounds):
        first = number * clients
        acknowledged |= {*round_of(address, keys, range(first, first + clients), chance, said)}
        sequence(store, keys, datetime.now(UTC))
        with store.reading() as connection:
            assert [*audit(connection, keys.public)] == []
            rows = ask(connection, "SELECT id, number FROM leaf ORDER BY number")
        assert acknowledged <= {row.id for row in rows}
        assert [row.number for row in rows] == list(range(len(rows)))
    store.close()
    return len(acknowledged)


def test_a_few_kills(address: str, keys: LogKeys, tmp_path: Path) -> None:
    """Three clients, one round."""
    assert survive(address, keys, rounds=1, clients=3, said=tmp_path) > 0


@pytest.mark.slow
def test_many_kills(address: str, keys: LogKeys, tmp_path: Path) -> None:
    """Sixteen clients, forty rounds."""
    assert survive(address, keys, rounds=40, clients=16, said=tmp_path) > 40


def test_the_clients_leaves_differ(keys: LogKeys) -> None:
    """No two clients record under one id, or a double would be refused and not seen."""
    assert len({made(client * 10_000 + n, keys).id for client in range(3) for n in range(3)}) == 9
