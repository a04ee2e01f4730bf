"""What a notice is made from: a genuine receipt, what persons determined, and the words of the recorded rulebook."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.canonical import canonical
from engine.errors import Missing, refused_input
from engine.ledger.envelope import Data, leaf_of
from engine.ledger.receipt import faults_of_receipt, receipt_of
from engine.ledger.recording import DECISION
from engine.model import Rulebook
from engine.services.again import rulebook_for
from engine.services.auditing import pinned, read_file
from engine.services.books import Ledger, open_ledger
from engine.services.deciding import number

# The rulebook of a revision.
Judge = Callable[[str], Rulebook]


@dataclass(frozen=True, slots=True)
class Noted:
    """A decision to give notice of.

    `leaf` is the hash that stands for it in the log, in hex; `openings` are the values its holder may see, by handle;
    `determined` are those of each determination, by the determination's id. `whole` says that whatever is not opened
    was erased: a receipt from a file may just as well have been taken without its openings.
    """

    receipt: Data
    leaf: str
    rulebook: Rulebook
    openings: Mapping[str, Data]
    determined: Mapping[str, Mapping[str, Data]]
    closed: bool
    whole: bool


def noted(decision: str, closed: bool = False) -> Noted:
    """From the ledger, by the decision's number or its beginning; `closed`: without what names anybody."""
    ledger = open_ledger()
    number(ledger)
    return noted_in(ledger, decision, closed)


def noted_in(ledger: Ledger, decision: str, closed: bool, judge: Rulebook | None = None) -> Noted:
    """From a ledger at hand; `judge` is a rulebook that may be the one. NotYet before the decision has its number."""
    with ledger.store.reading() as connection:
        said = receipt_of(connection, decision)
        others = [receipt_of(connection, one["envelope"]["id"]) for one in said["determinations"]]
    receipts = [canonical(one) for one in (said, *others)]
    return _noted(receipts, ledger.keys.public, closed, lambda revision: _rulebook(ledger, revision, judge), whole=True)


def noted_from(files: Sequence[Path], key: str | None = None, closed: bool = False) -> Noted:
    """From receipts in files: the decision's, and those of its determinations if who made them is to be shown.

    `key` is a fingerprint or a file of keys; this ledger's own by default. RefusedInput for a receipt that is not
    genuine under them.
    """
    ledger = open_ledger()
    keys = pinned(key) if key else ledger.keys.public
    read = [read_file(path) for path in files]
    return _noted(read, keys, closed, lambda revision: _rulebook(ledger, revision), whole=False)


def _noted(receipts: list[bytes], keys: Mapping[str, str], closed: bool, judge: Judge, whole: bool) -> Noted:
    said = [_genuine(data, keys) for data in receipts]
    decisions = [one for one in said if one["envelope"]["kind"] == DECISION]
    if len(decisions) != 1:
        raise refused_input(
            "R722", "须有且只有一个决定，不能只有人工认定",
            "one decision is wanted, not a determination by itself",
            "用决定编号，人工认定会一并载明", "name the decision: what was determined on it is said with it",
        )  # fmt: skip
    receipt = decisions[0]
    determined = {one["envelope"]["id"]: _opened(one, closed) for one in said if one is not receipt}
    if not determined.keys() <= {one["envelope"]["id"] for one in receipt["determinations"]}:
        raise refused_input("R723", "人工认定不属于这个决定", "a determination is of another decision")
    openings, leaf = _opened(receipt, closed), leaf_of(receipt["envelope"]).hex()
    return Noted(receipt, leaf, judge(receipt["envelope"]["rulebook"]), openings, determined, closed, whole)


def _genuine(data: bytes, keys: Mapping[str, str]) -> Data:
    for fault in faults_of_receipt(data, keys):
        raise refused_input(
            "R721", f"凭证不真实：{fault.zh}", f"the receipt is not genuine: {fault.en}",
            "别处的凭证要用 --key 给出其公钥文件", "a receipt from elsewhere needs its keys: --key FILE",
        )  # fmt: skip
    said: Data = json.loads(data)
    return said


def _opened(receipt: Data, closed: bool) -> Mapping[str, Data]:
    return {} if closed else {one["handle"]: one["value"] for one in receipt["openings"]}


def _rulebook(ledger: Ledger, revision: str, judge: Rulebook | None = None) -> Rulebook:
    try:
        return rulebook_for(ledger.store, revision, judge)
    except Missing:
        raise Missing(
            f"台账中没有规则库 {revision[:12]}，不能写出告知书的文字",
            f"the ledger does not hold the rulebook {revision[:12]}, whose words the notice needs",
            "在作出该决定的台账上生成告知书", "make the notice where the decision was recorded",
        ) from None  # fmt: skip
