"""Whether a receipt, or what a notice's code says, is of this ledger: for anybody, and never a word of whom it names.

Who does not hold what proves a record (its receipt, or its leaf's hash) learns nothing: not even that it is there.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from engine.errors import Missing
from engine.ledger.envelope import Data, leaf_of
from engine.ledger.proving import root_of
from engine.ledger.receipt import determinations_of, faults_of_receipt, leaf_row
from engine.ledger.recording import DECISION, DETERMINATION
from engine.ledger.sequencing import size_of
from engine.registry.store import ask
from engine.services.books import Ledger
from engine.vocabulary import Words

_OTHER_HEAD = Words(
    "所载台账头不是本台账签署的，或与本台账不一致",
    "the tree head it names was not signed by this ledger, or does not agree with it",
)
_NOT_UNDER = Words("所载台账头尚不包含这条记录", "the record is not under the tree head it names")
_GONE = Words(
    "签名真实，但本台账中没有这条记录：台账可能被换过，请向记录单位查询",
    "it is signed, but this ledger does not hold the record: it may have been replaced; ask whoever keeps it",
)


@dataclass(frozen=True, slots=True)
class Code:
    """What a notice's code says: the record's number and leaf hash, and a head by its size, root and signing key."""

    id: str
    leaf: str
    size: int
    root: str
    key: str


@dataclass(frozen=True, slots=True)
class Person:
    """What a person determined, and when it was recorded."""

    verdict: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Record:
    """All that is told of a genuine record; `kind` says whether it is a decision or a determination by itself.

    `number` is None before it has its place in the log; `persons` is what was determined on a decision, the last holds.
    """

    kind: str
    recorded_at: str
    verdict: str
    number: int | None
    persons: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of it: the record where everything held, otherwise what did not; neither where it is not known."""

    record: Record | None = None
    faults: tuple[Words, ...] = ()


NOT_KNOWN = Confirmed()


def confirm_receipt(ledger: Ledger, data: bytes) -> Confirmed:
    """A receipt's bytes, under the keys of the ledger and against what it holds now."""
    if faults := tuple(faults_of_receipt(data, ledger.keys.public)):
        return Confirmed(faults=faults)
    said: Data = json.loads(data)
    head, envelope = said["head"], said["envelope"]
    row = _held(ledger, envelope["id"], leaf_of(envelope).hex())
    if row is None:
        return Confirmed(faults=(_GONE,))
    code = Code(row.id, row.leaf, head["size"], head["root"], head["signature"]["key"])
    return _of_head(ledger, row, code)


def confirm_code(ledger: Ledger, code: Code) -> Confirmed:
    """What a notice's code says, against the ledger. NOT_KNOWN for a record that is not there with that leaf hash."""
    row = _held(ledger, code.id, code.leaf)
    return NOT_KNOWN if row is None else _of_head(ledger, row, code)


def confirm_leaf(ledger: Ledger, number: str, leaf: str) -> Confirmed:
    """A record by its number and leaf hash alone, without any head; NOT_KNOWN as above."""
    row = _held(ledger, number, leaf)
    return NOT_KNOWN if row is None else Confirmed(_told(ledger, row))


def _held(ledger: Ledger, number: str, leaf: str) -> Any:
    """The row of that number, whole, if its leaf has that hash; None otherwise, whichever of the two differs."""
    with ledger.store.reading() as connection:
        try:
            row = leaf_row(connection, number)
        except Missing:
            return None
    same = compare_digest(row.leaf.encode(), leaf.encode()) and row.id == number
    return row if same and row.kind in (DECISION, DETERMINATION) else None


def _of_head(ledger: Ledger, row: Any, code: Code) -> Confirmed:
    faults = tuple(_faults(ledger, row, code))
    return Confirmed(faults=faults) if faults else Confirmed(_told(ledger, row))


def _faults(ledger: Ledger, row: Any, code: Code) -> Iterator[Words]:
    """Whether the head is one that this ledger signed, still agrees with it, and has the record under it."""
    with ledger.store.reading() as connection:
        heads = ask(connection, "SELECT root, signature FROM head WHERE size = ?", (code.size,))
        signed = bool(heads) and heads[0].root == code.root and json.loads(heads[0].signature)["key"] == code.key
        if not signed or code.size > size_of(connection) or root_of(connection, code.size, ledger.hashing) != code.root:
            yield _OTHER_HEAD
        elif row.number is None or row.number >= code.size:
            yield _NOT_UNDER


def _told(ledger: Ledger, row: Any) -> Record:
    with ledger.store.reading() as connection:
        persons = determinations_of(connection, row.id) if row.kind == DECISION else []
    told = tuple(Person(one.verdict, one.recorded_at) for one in persons)
    return Record(row.kind, row.recorded_at, row.verdict, row.number, told)
