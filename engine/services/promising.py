"""Promises as files: kept by whoever got an answer, and held against the log later."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.canonical import canonical
from engine.errors import Missing, refused_input
from engine.ledger.promising import Promise, broken, number_of
from engine.services.books import open_ledger
from engine.services.files import place
from engine.services.moments import utc_now
from engine.vocabulary import Words

MOST_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Held:
    """A promise held against the log: the decision's number if it has one, when it was due, and what is wrong."""

    number: int | None
    due: datetime
    broken: tuple[Words, ...]


def write_promise(path: Path, promise: Mapping[str, object]) -> None:
    """The promise that came with an answer, into a file. Missing where it cannot be written."""
    place(path, canonical(dict(promise)) + b"\n")


def hold(path: Path) -> Held:
    """A promise against the log as it stands: nothing is numbered for the occasion. RefusedInput if it is none."""
    promise, ledger = _read(path), open_ledger()
    with ledger.store.reading() as connection:
        now = utc_now()  # before the look: a number given meanwhile is no fault
        number = number_of(connection, promise)
    return Held(number, promise.due, tuple(broken(promise, number, ledger.keys.public, now)))


def _read(path: Path) -> Promise:
    try:
        with path.open("rb") as file:
            return Promise.read(json.loads(file.read(MOST_BYTES)))
    except OSError:
        raise Missing(f"读不到文件 {path}", f"the file {path} cannot be read") from None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise refused_input("R705", "不是承诺文件", "this is no promise", where=str(path)) from None
