"""Many callers share a commit; each is told what came of its own leaf."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from engine.errors import Unavailable
from engine.ledger import recorder as module
from engine.ledger.recorder import Recorder
from engine.ledger.recording import Entered, keep_rulebook, record
from engine.ledger.signing import LogKeys
from engine.registry.store import Store, ask
from tests.ledger.desk import NOON, made

CLIENTS = 16


class Held:
    """Stands before `record`: keeps the first commit until it is let go, and notes how many leaves each commit had."""

    def __init__(self) -> None:
        self.begun, self.go = Event(), Event()
        self.sizes = list[int]()

    def __call__(self, store: Store, leaves: list[Entered]) -> None:
        self.begun.set()
        assert self.go.wait(30)
        self.sizes.append(len(leaves))
        record(store, leaves)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Commits that wait for a word."""
    found = Held()
    monkeypatch.setattr(module, "record", found)
    return found


def _ids(store: Store) -> set[str]:
    with store.reading() as connection:
        return {row.id for row in ask(connection, "SELECT id FROM leaf")}


def test_whoever_comes_while_a_commit_runs_shares_the_next(ledger: Store, keys: LogKeys, held: Held) -> None:
    """All others need one more commit, and no third; nobody is answered before its own."""
    shared = Recorder(ledger)
    running = [shared.submit(made(0, keys))]
    assert held.begun.wait(30)
    running += [shared.submit(made(number, keys)) for number in range(1, CLIENTS)]
    assert not any(one.done() for one in running)
    held.go.set()
    shared.close()
    assert [one.result(0) for one in running] == [None] * CLIENTS
    assert held.sizes == [1, CLIENTS - 1]
    assert len(_ids(ledger)) == CLIENTS


def test_no_commit_grows_without_bound(
    ledger: Store, keys: LogKeys, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a batch is written in turns."""
    monkeypatch.setattr(module, "BATCH", 3)
    shared = Recorder(ledger)
    running = [shared.submit(made(0, keys))]
    assert held.begun.wait(30)
    running += [shared.submit(made(number, keys)) for number in range(1, 8)]
    held.go.set()
    shared.close()
    assert all(one.exception(0) is None for one in running)
    assert held.sizes == [1, 3, 3, 1]


def test_every_answered_leaf_is_durable(ledger: Store, keys: LogKeys) -> None:
    """Each caller looks from a connection of its own as soon as it is answered."""
    shared, together = Recorder(ledger), Barrier(CLIENTS)

    def client(number: int) -> None:
        together.wait()
        for each in range(number * 10, number * 10 + 10):
            leaf = made(each, keys)
            shared.record(leaf)
            assert leaf.id in _ids(ledger)

    with ThreadPoolExecutor(CLIENTS) as threads:
        list(threads.map(client, range(CLIENTS)))
    assert len(_ids(ledger)) == CLIENTS * 10


def test_one_that_cannot_be_written_takes_no_other_with_it(ledger: Store, keys: LogKeys, held: Held) -> None:
    """A leaf whose id is taken fails alone, whoever it shared the commit with."""
    record(ledger, [made(3, keys)])
    shared = Recorder(ledger)
    running = [shared.submit(made(number, keys)) for number in range(CLIENTS)]
    held.go.set()
    shared.close()
    assert [number for number, one in enumerate(running) if one.exception(0)] == [3]
    assert len(_ids(ledger)) == CLIENTS


def test_a_database_that_is_away_is_away_for_all(ledger: Store, keys: LogKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked once for the batch, not once more for each of those who wait."""
    tried, go = list[int](), Event()

    def away(store: Store, leaves: list[Entered]) -> None:
        assert go.wait(30)
        tried.append(len(leaves))
        raise Unavailable("数据库不可用", "the database is not available")

    monkeypatch.setattr(module, "record", away)
    shared = Recorder(ledger)
    running = [shared.submit(made(number, keys)) for number in range(CLIENTS)]
    go.set()
    shared.close()
    assert all(isinstance(one.exception(0), Unavailable) for one in running)
    assert sum(tried) == CLIENTS
    assert len(tried) <= 2


def test_a_rulebook_is_kept_once(ledger: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second decision by a rulebook does not ask for it again; another process's copy is no fault."""
    asked = list[str]()

    def counted(store: Store, revision: str, files: dict[str, bytes], now: object) -> None:
        asked.append(revision)
        keep_rulebook(store, revision, files, NOON)

    monkeypatch.setattr(module, "keep_rulebook", counted)
    one, other = Recorder(ledger), Recorder(ledger)
    for shared in (one, one, other, one):
        shared.keep("r1", {"0/a.yaml": b"a: 1\n"}, NOON)
    assert asked == ["r1", "r1"]
