"""Two processes serve one PostgreSQL database: what either acknowledged stands once in one log."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from engine.access.roles import Role
from engine.ledger.sequencer import MAXIMUM_DELAY
from engine.ledger.sequencing import heads
from engine.registry.store import Store
from tests.postgres import cluster
from tests.rest.asking import PURPOSE, question, sequenced
from tests.rest.serving import Server, core_of, furnish, genuine, let_go, new_key, recorded, start

CLIENTS = 8
SUBJECTS = 60


@dataclass(frozen=True)
class Pair:
    """Two servers over one database, and a key that both know."""

    home: Path
    url: str
    key: str
    servers: tuple[Server, Server]


@contextmanager
def paired(home: Path, url: str) -> Iterator[Pair]:
    """Both started at once on a ledger that nobody has founded yet."""
    furnish(home, url, SUBJECTS)
    key = new_key(home, Role.INQUIRER, Role.AUDITOR, url=url)
    servers = start(home, url), start(home, url)
    with let_go(*servers):
        yield Pair(home, url, key, (servers[0].up(), servers[1].up()))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two servers."""
    with cluster() as postgres, paired(tmp_path_factory.mktemp("pair"), postgres.database()) as made:
        yield made


def ask_both(pair: Pair, number: int, rounds: int) -> list[tuple[str, str]]:
    """One client's questions: to one server after the other, each third to both at once under one key.

    The id and the core of each, as acknowledged.
    """
    mine, found = [server.client(pair.key) for server in pair.servers], list[tuple[str, str]]()

    def post(server: httpx2.Client, body: Any, headers: dict[str, str]) -> httpx2.Response:
        answer = server.post("/v1/decisions", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer

    with ThreadPoolExecutor(2) as hands:
        for each in range(rounds):
            body = question((number * rounds + each) % SUBJECTS, case=f"采{number}-{each}")
            if each % 3:
                answer = post(mine[each % 2], body, {})
            else:
                key = {"Idempotency-Key": f"{number}-{each}-{rounds}"}
                answer, other = hands.map(lambda server, said=(body, key): post(server, *said), mine)
                assert answer.text == other.text
            found.append((answer.json()["id"], core_of(answer)))
    return found


def load(pair: Pair, rounds: int) -> None:
    """Clients at both servers at once; then the books are looked at."""
    before = len(recorded(pair.home, pair.url))
    with ThreadPoolExecutor(CLIENTS) as crowd:
        told = [one for some in crowd.map(lambda n: ask_both(pair, n, rounds), range(CLIENTS)) for one in some]
    there = recorded(pair.home, pair.url)[before:]
    assert len(told) == CLIENTS * rounds
    assert sorted((one.id, one.core) for one in there) == sorted(told)


def test_every_acknowledged_decision_is_there_once(pair: Pair) -> None:
    """Numbers without a gap, the log sound, and nothing that nobody was told of."""
    load(pair, 12)


@pytest.mark.slow
def test_so_it_is_under_a_long_load(pair: Pair) -> None:
    """The same for a while."""
    load(pair, 400)


def test_each_has_its_number_within_what_is_published(pair: Pair) -> None:
    """From the record to the head that counts it."""
    load(pair, 3)
    there, store = recorded(pair.home, pair.url), Store(pair.url)
    with store.reading() as connection:
        signed = [(head.size, datetime.fromisoformat(head.signed_at)) for head in heads(connection)]
    store.close()
    for one in there:
        at = next(at for size, at in signed if size > one.number)
        assert (at - datetime.fromisoformat(one.recorded_at)).total_seconds() <= MAXIMUM_DELAY


def test_receipts_from_either_prove_decisions_of_either(pair: Pair, tmp_path: Path) -> None:
    """By the verifier that an outsider runs, with the keys that the other server publishes; both tell one log."""
    mine = [server.client(pair.key) for server in pair.servers]
    ids = [one.post("/v1/decisions", json=question(n)).json()["id"] for n, one in enumerate(mine)]
    for number, one in enumerate(mine):
        keys = mine[1 - number].get("/v1/ledger/keys").json()["keys"]
        for decision in ids:
            receipt = sequenced(one, f"/v1/decisions/{decision}/receipt", PURPOSE)
            assert receipt.status_code == 200, receipt.text
            genuine(receipt.content, keys, tmp_path / f"{number}-{decision}")
    assert mine[0].get("/v1/ledger/head").json() == mine[1].get("/v1/ledger/head").json()
