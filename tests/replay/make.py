"""Writes a sample ledger with this version of the program, for every later one to replay.

    .venv/bin/python -m tests.replay.make tests/replay/2026-11

A folder once committed is never written again: a later version that answers otherwise raises `semantics` and commits
what differs beside it, as `differences.json`.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.canonical import canonical
from engine.decision import SEMANTICS
from engine.identity import synthetic_code
from engine.ledger.envelope import Caller
from engine.ledger.signing import LogKeys
from engine.services.auditing import receipt_bytes
from engine.services.books import open_books, open_ledger
from engine.services.deciding import number, record_decision
from engine.services.determining import Determined, determine, erase
from engine.services.keeping import back_up
from engine.services.sampling import sample
from tests.ledger.desk import Chance, asked, at_home, law

SUBJECTS, SIZE = 30, 200
MOMENTS = ("2018-06-01T09:00+08:00", "2020-12-17T09:00+08:00", "2020-12-18T09:00+08:00", "2026-11-20T09:00+08:00")
KEY = "sample ledger"


def keys_at(home: Path) -> LogKeys:
    """The sample's signing key, put where the ledger looks for it: it is made anew from its seed each time."""
    return LogKeys.open(home / "keys" / "ledger.key", Chance(KEY))


def main(folder: Path) -> None:
    """A sample registry, decisions over all scenarios and moments, one determined, one erased; backed up."""
    with TemporaryDirectory() as home, at_home(Path(home)):
        keys = keys_at(Path(home))
        sample(open_books(), law().vocabulary, SIZE)
        ledger, reviews, made = open_ledger(), list[str](), list[str]()
        for count in range(SUBJECTS * 4):
            scenario = sorted(law().vocabulary.scenarios)[count % len(law().vocabulary.scenarios)]
            found = asked(count % SUBJECTS, scenario, MOMENTS[count // SUBJECTS], "420881" if count % 3 else "410000")
            made.append(record_decision(ledger, found, Caller("sample", "replay")).id)
            if found.decision.data["verdict"] == "review":
                reviews.append(made[-1])
        determine(Determined(reviews[0], "eligible", "样例员", "样例理由", "样认1号"))
        erase(synthetic_code(SUBJECTS - 1), "样例", "sample")
        head = number(ledger)
        assert head is not None
        back_up(folder)
        (folder / "checkpoint.json").write_bytes(canonical(head.data()) + b"\n")
        (folder / "receipt.json").write_bytes(receipt_bytes(reviews[0]))
        (folder / "keys.json").write_text(json.dumps(dict(keys.public)) + "\n", encoding="ascii")
        said = {"semantics": SEMANTICS, "written": datetime.now(UTC).date().isoformat(), "leaves": head.size}
        (folder / "about.json").write_text(json.dumps(said) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
