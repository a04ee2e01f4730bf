"""Killed with -9 at any moment: what was acknowledged is there, what was not is nowhere, and the rest is cleared up."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from engine.registry.chain import unpublished
from engine.registry.migrating import upgrade
from engine.registry.store import Store
from tests.builders import A
from tests.registry.arriving import bring, broken, known, newest, row, rows_kept

ROOT = Path(__file__).parents[2]
ROWS = 600
# By which the server knows the process that will be killed.
NAME = "to be killed"

# Imports list after list, each row with the number of its import, and says so of each that was accepted.
IMPORTER = """
import sys
from engine.identity import synthetic_code
from engine.registry import importing
from engine.registry.store import Store
from tests.registry.arriving import bring, row
importing.CHUNK = 50
store, count, first, waits = Store(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "waits"

def rows(amount):
    for number in range(count):
        if waits and number == count // 2:
            print("half", flush=True)
            sys.stdin.readline()
        name = f"第{number}建设有限公司"
        yield row(synthetic_code(number) if number % 5 else "", str(number), name=name, amount=amount)

print("ready", flush=True)
while True:
    report = bring(store, rows(first), snapshot=True)
    assert not report.refusal, report.refusal
    print(first, flush=True)
    first += 1
    if waits:
        break
"""


@contextmanager
def importer(store: Store, first: int, waits: bool = False) -> Iterator["subprocess.Popen[str]"]:
    """A process that imports; whatever happens, it is gone in the end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    url = store.url if store.is_sqlite else store.url.update_query_dict({"application_name": NAME})
    words = [url.render_as_string(hide_password=False), str(ROWS), str(first), "waits" if waits else "runs"]
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORTER, *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def killed(store: Store, process: "subprocess.Popen[str]") -> list[int]:
    """Kill it now; which imports it had acknowledged. A server may take a moment to notice."""
    process.send_signal(signal.SIGKILL)
    said, _ = process.communicate()
    for _ in range(100):
        if store.is_sqlite or not _still_connected(store):
            break
        time.sleep(0.05)
    return [int(line) for line in said.split() if line.isdigit()]


def _still_connected(store: Store) -> bool:
    query = f"SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = '{NAME}'"
    with store.reading() as connection:
        return bool(connection.execute(text(query)).scalar_one())


def amounts(store: Store) -> set[object]:
    """The numbers of imports that are seen in rows; the rows of one are all there."""
    with store.reading() as connection:
        seen = 'FROM entry t JOIN "change" c ON c.id = t.change AND c.version IS NOT NULL WHERE NOT EXISTS '
        seen += '(SELECT 1 FROM closing x JOIN "change" y ON y.id = x.change AND y.version IS NOT NULL '
        seen += "WHERE x.book = 'entry' AND x.row_id = t.id)"
        counts = connection.execute(text(f"SELECT t.facts, COUNT(*) {seen} GROUP BY t.facts")).all()
    assert [count for _, count in counts] in ([], [ROWS])
    return {facts for facts, _ in counts}


def drafts(store: Store) -> list[int]:
    """Changes that somebody began and nobody published."""
    with store.reading() as connection:
        return unpublished(connection)


def lock_files(store: Store) -> list[Path]:
    """Files by which drafts are known to be alive."""
    return [*store.file.parent.glob("*-draft-*")] if store.file else []


@pytest.mark.parametrize("kills", [3, pytest.param(120, marks=pytest.mark.slow)])
def test_an_import_killed_at_any_moment_is_whole_or_nothing(store: Store, kills: int) -> None:
    """Version after version, whatever was killed between; the chain holds, and no draft outlives the next import."""
    chance, acknowledged, number = random.Random(kills), 0, 1
    for _ in range(kills):
        with importer(store, number) as process:
            time.sleep(chance.uniform(0, 0.6))
            said = killed(store, process)
        acknowledged = said[-1] if said else acknowledged
        seen = newest(store)
        assert acknowledged <= seen <= acknowledged + 1  # it may have been killed before it could say so
        assert amounts(store) == ({f'{{"amount":{seen}}}'} if seen else set())
        assert broken(store) == []
        acknowledged, number = seen, seen + 1
    bring(store, [row(A)], "red")
    assert (drafts(store), lock_files(store)) == ([], [])
    assert rows_kept(store)["change"] == acknowledged + 1


def test_what_a_killed_import_left_goes_with_the_next(store: Store) -> None:
    """Until then it is there and seen by nobody; and it closes nothing that another import closes."""
    with importer(store, 1, waits=True) as process:
        assert process.stdin
        print("go on", file=process.stdin, flush=True)
        assert [process.stdout.readline() for _ in "12"] == ["half\n", "1\n"]  # type: ignore[union-attr]
    before = rows_kept(store)
    with importer(store, 2, waits=True) as process:
        assert process.stdout.readline() == "half\n"  # type: ignore[union-attr]
        assert killed(store, process) == []
    left = drafts(store)
    assert len(left) == 1
    assert rows_kept(store)["entry"] > before["entry"]
    assert (newest(store), amounts(store), broken(store)) == (1, {'{"amount":1}'}, [])
    assert known(store, A, version=1).arrivals.keys() == {"black"}
    with importer(store, 3, waits=True) as process:
        assert process.stdin
        print("go on", file=process.stdin, flush=True)
        assert [process.stdout.readline() for _ in "12"] == ["half\n", "3\n"]  # type: ignore[union-attr]
    assert (drafts(store), lock_files(store)) == ([], [])
    assert (newest(store), amounts(store), broken(store)) == (2, {'{"amount":3}'}, [])
    assert rows_kept(store)["entry"] == 2 * before["entry"]


def test_an_import_that_is_alive_is_left_alone(store: Store) -> None:
    """However many others begin and end meanwhile, it is published whole."""
    with importer(store, 1, waits=True) as process:
        assert process.stdin
        assert process.stdout.readline() == "half\n"  # type: ignore[union-attr]
        alive = drafts(store)
        assert len(alive) == 1
        for number in range(3):
            assert bring(store, [row(A, amount=number)], "red").version == number + 1
            assert drafts(store) == alive
        print("go on", file=process.stdin, flush=True)
        assert process.stdout.readline() == "1\n"  # type: ignore[union-attr]
    assert (newest(store), drafts(store), lock_files(store)) == (4, [], [])
    assert broken(store) == []
    assert len(known(store, A, version=4).arrivals) == 2


UPGRADER = """
import os, signal, sys
from engine.registry import migrating
from engine.registry.store import Store
made = migrating.command.upgrade

def killed(*given):
    made(*given)
    os.kill(os.getpid(), signal.SIGKILL)

migrating.command.upgrade = killed
migrating.upgrade(Store(sys.argv[1]))
"""


def test_an_upgrade_killed_before_it_was_done_made_nothing(address: str) -> None:
    """All tables or none; and the next one makes them."""
    died = subprocess.run([sys.executable, "-c", UPGRADER, address], env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert died.returncode == -signal.SIGKILL
    store = Store(address)
    with store.reading() as connection:
        assert inspect(connection).get_table_names() == []
    assert upgrade(store).current
    assert bring(store, [row(A)]).version == 1
    store.close()
