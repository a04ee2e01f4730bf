"""What the ledger's tests stand on: leaves made by hand, and a home with a sample registry and decisions about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from engine.canonical import canonical
from engine.identity import synthetic_code
from engine.ledger.envelope import Caller, naming, openings
from engine.ledger.merkle import SHA256
from engine.ledger.recording import DECISION, Entered, enter
from engine.ledger.signing import LogKeys
from engine.packs.library import Library
from engine.registry.chain import EMPTY
from engine.services import ask
from engine.services.ask import Asked, Known, ShortQuestion, ask_short
from engine.services.books import HOME, URL, open_books, open_ledger
from engine.services.deciding import record_decision
from engine.services.determining import Determined, determine
from engine.services.rulebooks import law_of
from engine.services.sampling import sample

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SAMPLE = 300
SUBJECTS = 24
AT, PLACE = "2026-11-20T09:00+08:00", "420881"


@cache
def law() -> Library:
    """The shipped library, read once for all tests."""
    return law_of()


def chance(seed: str) -> "Chance":
    """Bytes that are the same in every run."""
    return Chance(seed)


class Chance:
    """A source of bytes for keys and salts, by seed."""

    def __init__(self, seed: str) -> None:
        self._seed, self._calls = seed, 0

    def __call__(self, count: int) -> bytes:
        """So many bytes, others each time."""
        self._calls += 1
        return sha256(f"{self._seed} {self._calls}".encode()).digest()[:count]


def made(number: int, keys: LogKeys, now: datetime | None = None, hashing: str = SHA256) -> Entered:
    """A leaf about nothing in particular, recorded `number` milliseconds after noon unless it is said when."""
    when = now or NOON + timedelta(milliseconds=number)
    core = canonical({"number": number, "question": {"scenario": "procurement"}, "verdict": "eligible"})
    names = {"p1": {"subject": synthetic_code(number)}}
    about = {"registry": {"version": 0, "digest": EMPTY}, "rulebook": "none", **naming(hashing)}
    fields = {"scenario": "procurement", "verdict": "eligible", "rulebook": "none"}
    opened = openings(names, chance(f"salt {number}"))
    return enter(f"leaf-{number:06d}", DECISION, core, when, opened, Caller("tests"), about, fields, keys)


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """Within, the books are those in the folder, and the shipped library is not read again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME, str(folder))
        patch.delenv(URL, raising=False)
        patch.setattr(ask, "law_of", lambda layers=(): law())
        yield


def asked(number: int, scenario: str = "procurement", at: str = AT, place: str = PLACE) -> Asked:
    """The decision on a subject of the sample."""
    return ask_short(ShortQuestion(synthetic_code(number), scenario, at, place), Known())


def furnish(folder: Path) -> list[str]:
    """A home: a sample registry, a decision on each subject, and one review determined; the decisions' ids."""
    with at_home(folder):
        sample(open_books(), law().vocabulary, SAMPLE)
        ledger, ids, review = open_ledger(), list[str](), ""
        for number in (*range(SUBJECTS - 1), 60):  # 60 is for a person to decide
            found = asked(number)
            ids.append(record_decision(ledger, found, Caller("tests", "why")).id)
            review = review or (ids[-1] if found.decision.data["verdict"] == "review" else "")
        assert review, "the sample has a review"
        first = determine(Determined(review, "ineligible", "测试员", "理由", "测认1号"))
        determine(Determined(review, "eligible", "测试员", "另有理由", "测认2号", first))
    return ids
