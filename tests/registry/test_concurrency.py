"""Many at once: versions follow one another, nobody sees half a write, and a long import holds up no question."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread

import pytest
from sqlalchemy import func, select

from engine.decide import decide
from engine.errors import RefusedInput
from engine.identity import synthetic_code
from engine.registry import importing
from engine.registry import store as store_module
from engine.registry.chain import CHANGES, latest
from engine.registry.changes import Draft
from engine.registry.reading import register_of
from engine.registry.store import Store
from engine.registry.ties import Tie, record_relations
from engine.vocabulary import Vocabulary
from tests.builders import VOCABULARY, A, inquiry, measure, rulebook
from tests.registry.arriving import bring, broken, happen, head, known, many, newest, only_entry, read_when, row

WRITERS = READERS = 8
FIRMS = [synthetic_code(number) for number in range(6)]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
LISTS = [f"list-{number}" for number in range(WRITERS)]
WORDS: Vocabulary = replace(VOCABULARY, lists={code: replace(VOCABULARY.lists["black"], code=code) for code in LISTS})


class Together:
    """Threads that begin together; what any of them raised is raised in the end."""

    def __init__(self) -> None:
        self.faults: list[BaseException] = []
        self.threads: list[Thread] = []

    def run(self, what: Callable[..., None], *given: object) -> None:
        """One more thread."""

        def guarded() -> None:
            try:
                what(*given)
            except BaseException as fault:
                self.faults.append(fault)

        self.threads.append(Thread(target=guarded))
        self.threads[-1].start()

    def wait(self) -> None:
        """Until all are done."""
        for thread in self.threads:
            thread.join()
        for fault in self.faults:
            raise fault


def write(url: str, list_code: str, rounds: int) -> None:
    """A list's rows, all with the round's number as their amount, and a tie after every other round."""
    mine = Store(url)
    for number in range(1, rounds + 1):
        rows = [row(firm, amount=number, name="甲乙丙丁建设有限公司") for firm in FIRMS]
        while bring(mine, rows, list_code, snapshot=True).refusal:
            pass
        if number % 2:
            record_relations(mine, [Tie("branch-of", FIRMS[0], A)], read_when("2024-06-01"), head("relation"))
    mine.close()


def read(url: str, done: Event) -> None:
    """Ask and ask, until all is written: each answer is whole, and knows no less than the one before."""
    mine, before = Store(url), 0
    while not done.is_set():
        with mine.reading() as connection:
            count = select(func.count(CHANGES.c.version), func.max(CHANGES.c.version))
            versions, top = connection.execute(count).one()
            version = latest(connection).number
            register = register_of(connection, FIRMS, version, WORDS)
        assert versions == (top or 0) <= version
        assert version >= before
        before = version
        for list_code in LISTS:
            amounts = [entry.facts["amount"] for entry in register.entries if entry.list == list_code]
            assert len(amounts) in (0, len(FIRMS)), f"half a batch at {version}"
            assert len({*amounts}) < 2, f"two batches at {version}"
    mine.close()


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_eight_write_and_eight_read(store: Store, rounds: int) -> None:
    """Two of the writers bring the same list, and try again when the other was first."""
    url, done = store.url.render_as_string(hide_password=False), Event()
    writers, readers = Together(), Together()
    for _ in range(READERS):
        readers.run(read, url, done)
    for number in range(WRITERS):
        writers.run(write, url, LISTS[min(number, WRITERS - 2)], rounds)
    try:
        writers.wait()
    finally:
        done.set()
        readers.wait()
    with store.reading() as connection:
        versions = connection.execute(select(CHANGES.c.version).order_by(CHANGES.c.id)).scalars().all()
    assert sorted(versions) == list(range(1, WRITERS * (rounds + (rounds + 1) // 2) + 1))
    assert broken(store) == []
    final = known(store, *FIRMS, vocabulary=WORDS)
    assert len(final.entries) == len(FIRMS) * (WRITERS - 1)
    assert {entry.facts["amount"] for entry in final.entries} == {rounds}


WRITER = """
import sys
from engine.registry.store import Store
from tests.registry.test_concurrency import write
print("ready", flush=True)
sys.stdin.readline()
write(sys.argv[1], sys.argv[2], int(sys.argv[3]))
"""


@pytest.mark.parametrize("rounds", [4, pytest.param(100, marks=pytest.mark.slow)])
def test_two_processes_write_into_one_database(store: Store, rounds: int) -> None:
    """As two servers started on it would: each of their writes is a version of its own, whole."""
    url = store.url.render_as_string(hide_password=False)
    words = [[sys.executable, "-c", WRITER, url, list_code, str(rounds)] for list_code in LISTS[:2]]
    both = [subprocess.Popen(one, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT) for one in words]
    try:
        for process in both:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
        for process in both:
            assert process.stdin
            process.stdin.write(b"\n")
            process.stdin.flush()
        assert [process.wait(300) for process in both] == [0, 0]
    finally:
        for process in both:
            process.kill()
            process.communicate()
    with store.reading() as connection:
        versions = connection.execute(select(CHANGES.c.version).order_by(CHANGES.c.version)).scalars().all()
    assert versions == list(range(1, 2 * (rounds + (rounds + 1) // 2) + 1))
    assert broken(store) == []
    assert {entry.facts["amount"] for entry in known(store, *FIRMS, vocabulary=WORDS).entries} == {rounds}


# -- a long import


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has to wait for a lock gives up soon."""
    monkeypatch.setattr(store_module, "PATIENCE", 2)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("moment", ["writing a chunk", "about to publish", "published, not committed"])
def test_a_question_does_not_wait_for_an_import(store: Store, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Held fast in the middle of a transaction, it holds up nobody who reads; they see the version before."""
    bring(store, many(3))
    reached, go_on = Event(), Event()
    owner, name = {
        "writing a chunk": (importing._Import, "_stage"),
        "about to publish": (importing._Import, "_refusal"),
        "published, not committed": (Draft, "publish"),
    }[moment]
    real = getattr(owner, name)

    def held_fast(*given: object) -> object:
        result = real(*given)
        reached.set()
        assert go_on.wait(30)
        return result

    monkeypatch.setattr(owner, name, held_fast)
    threads = Together()
    other = Store(store.url.render_as_string(hide_password=False))
    threads.run(lambda: bring(other, many(5, amount=1)))
    try:
        assert reached.wait(30)
        for _ in range(5):
            register = known(store)
            assert newest(store) == 1
            assert [entry.facts for entry in register.entries] == [{}]
            assert decide(inquiry(), register, rulebook(measure("一"))).data["verdict"] == "ineligible"
        assert broken(store) == []
    finally:
        go_on.set()
    threads.wait()
    other.close()
    assert newest(store) == 2
    assert only_entry(store).facts == {"amount": 1}


def test_a_small_write_comes_between_the_chunks_of_an_import(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An objection is recorded while a list is still being read, and both are kept."""
    monkeypatch.setattr(importing, "CHUNK", 2)
    bring(store, many(2))
    number = only_entry(store).number
    rows = iter(many(9, amount=1))

    def slowly() -> object:
        for count, one in enumerate(rows):
            if count == 5:
                happen(store, number, "object")
            yield one

    assert bring(store, slowly()).version == 3  # type: ignore[arg-type]
    assert [event.kind for event in only_entry(store).events] == ["disputed"]
    with pytest.raises(RefusedInput):
        happen(store, number, "resume")


IMPORTER = """
import sys
from engine.identity import synthetic_code
from engine.registry.store import Store
from tests.registry.arriving import bring, row
print("begun", flush=True)
bring(Store(sys.argv[1]), (row(synthetic_code(n), f"{n}号", amount=1) for n in range(int(sys.argv[2]))))
"""


@pytest.mark.slow
def test_answers_stay_quick_while_a_million_rows_arrive(store: Store) -> None:
    """Nearly all within the hundred milliseconds that are promised, on a machine that does other things too."""
    bring(store, many(2_000))
    url, law, taken = store.url.render_as_string(hide_password=False), rulebook(measure("一")), list[float]()
    words = [sys.executable, "-c", IMPORTER, url, "1000000"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=ENVIRONMENT) as importer:
        assert importer.stdout
        assert importer.stdout.readline() == b"begun\n"
        while importer.poll() is None:
            begun = time.perf_counter()
            decide(inquiry(), known(store), law)
            taken.append(time.perf_counter() - begun)
    assert importer.returncode == 0
    assert newest(store) == 2
    parts = quantiles(taken, n=1000)
    print(f"{len(taken)} answers: p50 {parts[499]:.4f} s, p99 {parts[989]:.4f} s, slowest {max(taken):.4f} s")
    assert parts[949] < 0.1
