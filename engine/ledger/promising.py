"""Whether a promise was kept: the signed statement given with an answer, and the log it says the answer will be in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from engine.ledger.envelope import Data
from engine.ledger.sequencer import MAXIMUM_DELAY
from engine.ledger.signing import genuine
from engine.registry.store import ask
from engine.vocabulary import Words


@dataclass(frozen=True, slots=True)
class Promise:
    """That a leaf recorded at a time is in the log soon after; signed. ValueError for another time than ours are."""

    leaf: str
    recorded_at: str
    signature: Data

    @classmethod
    def read(cls, said: Any) -> "Promise":
        """As it was given with the answer. KeyError, TypeError or ValueError if it is no promise."""
        signature = dict(said)
        promise = cls(str(signature.pop("leaf")), str(signature.pop("recorded_at")), signature)
        if promise.due.tzinfo is None:
            raise ValueError("a time without its zone")
        return promise

    @property
    def statement(self) -> Data:
        """What is signed."""
        return {"leaf": self.leaf, "recorded_at": self.recorded_at}

    @property
    def due(self) -> datetime:
        """From when on the log must show the leaf."""
        return datetime.fromisoformat(self.recorded_at) + timedelta(seconds=MAXIMUM_DELAY)


def number_of(connection: Connection, promise: Promise) -> int | None:
    """The number that the promised leaf has in the log; None while it has none."""
    ticks = int(datetime.fromisoformat(promise.recorded_at).timestamp() * 1_000_000)
    rows = ask(connection, "SELECT number FROM leaf WHERE ticks = ? AND leaf = ?", (ticks, promise.leaf))
    return next((row.number for row in rows if row.number is not None), None)


def broken(promise: Promise, number: int | None, keys: Mapping[str, str], now: datetime) -> Iterator[Words]:
    """What is wrong: it is none of ours, or its leaf has no number though it was due."""
    if not genuine(promise.statement, promise.signature, keys):
        yield Words("承诺不是所固定密钥签的", "the promise was not signed by a pinned key")
    elif number is None and now > promise.due:
        zh, en = "承诺已到期，台账中没有该决定", "the promise is overdue: the log has not the decision"
        yield Words(zh, en)
