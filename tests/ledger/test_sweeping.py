"""Replay over ledgers of generated decisions: all the same, and with an engine changed exactly those it touches."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.decide import decide
from engine.ledger.replaying import Outcome
from engine.model import Rulebook
from engine.registry.reading import register_of
from engine.resolution import precedence
from engine.services.books import open_books
from engine.services.replaying import how_many, replays
from engine.truth import MAYBE, NO, YES
from tests.ledger.desk import at_home, law
from tests.ledger.generated import Written, write_ledger

ROOT = Path(__file__).resolve().parents[2]
# What is not known counts as what is: one word of the resolution's table.
CHANGED = {YES: precedence.State.EFFECTIVE, MAYBE: precedence.State.EFFECTIVE, NO: precedence.State.WITHOUT_EFFECT}
PROGRAM = """
from engine.resolution import precedence
from engine.truth import MAYBE, YES
precedence._STATES[MAYBE] = precedence._STATES[YES]
from engine.services.replaying import replays
for one in replays():
    print(one.replayed.id, one.replayed.outcome.value, *one.replayed.differs)
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Written]]:
    """A ledger of five hundred decisions."""
    folder = tmp_path_factory.mktemp("generated")
    return folder, write_ledger(folder, 500, 200)


def test_all_are_the_same(swept: tuple[Path, list[Written]]) -> None:
    """Every scenario, place, moment and role, with and without entries, at several versions."""
    folder, written = swept
    with at_home(folder):
        found = list(replays())
        assert how_many() == len(written)
    assert [one.replayed.id for one in found] == [one.id for one in written]
    assert {one.replayed.outcome for one in found} == {Outcome.SAME}
    assert len({one.version for one in found}) > 5
    assert len({one.replayed.then for one in found}) >= 3


def test_a_changed_engine_is_reported_of_what_it_touches_and_of_nothing_else(
    swept: tuple[Path, list[Written]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each decision made here by both engines says which ones the other process must report."""
    folder, written = swept
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True,
        env={"MEMORANDA_HOME": str(folder), "PYTHONUTF8": "1", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[0] for line in lines] == [one.id for one in written]
    reported = {line[0] for line in lines if line[1] == "different"}
    before = _cores(folder, written, law().rulebook())
    monkeypatch.setattr(precedence, "_STATES", CHANGED)
    after = _cores(folder, written, law().rulebook())
    touched = {one.id for one in written if before[one.id] != after[one.id]}
    assert reported == touched
    assert 0 < len(touched) < len(written)
    assert all(pointer.startswith("/") for line in lines if line[1] == "different" for pointer in line[2:])


def _cores(folder: Path, written: list[Written], book: Rulebook) -> dict[str, bytes]:
    """Each question decided on the registry, without the ledger."""
    with at_home(folder), open_books().registry.reading() as known:
        return {
            one.id: decide(one.inquiry, register_of(known, _subjects(one), one.version, book.vocabulary), book).core
            for one in written
        }


def _subjects(one: Written) -> list[str]:
    return [party.subject for party in one.inquiry.parties]


@pytest.mark.slow
def test_a_hundred_thousand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All the same. The rate is told, not judged."""
    import time

    written = write_ledger(tmp_path, 100_000, 3_000, spread=30)
    with at_home(tmp_path):
        began = time.process_time()
        outcomes = [one.replayed.outcome for one in replays()]
        took = time.process_time() - began
    assert outcomes == [Outcome.SAME] * len(written)
    with capsys.disabled():
        print(f"\n100,000 decisions replayed in {took:.0f} s of one core: {100_000 / took:,.0f} a second")
