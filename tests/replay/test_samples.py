"""Ledgers that earlier versions wrote: every decision in them is made again, byte for byte, and their proofs hold.

A version whose answers differ raises `semantics` and commits the differences with it, decision by decision; any other
difference fails here.
"""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from engine.decision import SEMANTICS
from engine.ledger.auditing import audit
from engine.ledger.receipt import faults_of_receipt
from engine.services.auditing import read_checkpoint
from engine.services.books import open_books, open_ledger
from engine.services.keeping import bring_back
from engine.services.replaying import replays
from tests.ledger.desk import at_home
from tests.replay.make import keys_at

SAMPLES = sorted(path.parent for path in Path(__file__).parent.glob("*/about.json"))


@pytest.fixture(params=SAMPLES, ids=lambda path: path.name)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A committed sample, brought back into a home of this test; it is brought up to this version's schema there."""
    folder: Path = request.param
    home, kept = tmp_path / "home", tmp_path / "kept"
    shutil.copytree(folder, kept)
    keys_at(home)
    with at_home(home):
        bring_back(kept)
        yield folder


def test_there_is_a_sample() -> None:
    """Or nothing below would be tried."""
    assert SAMPLES


def test_every_decision_is_made_again(written: Path) -> None:
    """The same bytes, save for what a raised `semantics` explains; the erased say so."""
    about = json.loads((written / "about.json").read_text(encoding="ascii"))
    told = written / "differences.json"
    known = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}
    assert not known or about["semantics"] < SEMANTICS
    found, outcomes = dict[str, list[str]](), Counter[str]()
    for swept in replays():
        outcomes[swept.replayed.outcome.value] += 1
        if swept.replayed.outcome.value not in ("same", "erased-input"):
            found[swept.replayed.id] = list(swept.replayed.differs)
    assert found == known
    assert outcomes["same"] > 50
    assert outcomes["erased-input"] > 0


def test_its_log_still_proves_itself(written: Path) -> None:
    """Against the checkpoint that was written then."""
    head = read_checkpoint(written / "checkpoint.json")
    ledger = open_ledger()
    pinned = json.loads((written / "keys.json").read_text(encoding="ascii"))
    assert ledger.keys.public == pinned
    with ledger.store.snapshot() as connection:
        assert [*audit(connection, pinned, head)] == []


def test_its_receipt_is_still_genuine(written: Path) -> None:
    """A receipt handed out then, under the key pinned then; one byte off and it is not."""
    data = (written / "receipt.json").read_bytes()
    pinned = json.loads((written / "keys.json").read_text(encoding="ascii"))
    assert [*faults_of_receipt(data, pinned)] == []
    assert [*faults_of_receipt(data.replace(b'"number":', b'"number": '), pinned)]


def test_its_registry_is_what_it_was(written: Path) -> None:
    """Every version of it has the digest the ledger knows."""
    from engine.registry.chain import Broken, latest, verify

    with open_books().registry.reading() as connection:
        assert not [found for found in verify(connection) if isinstance(found, Broken)]
        newest = latest(connection)
    assert newest.number > 1
