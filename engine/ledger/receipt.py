"""A receipt: a decision with its envelope, its place in the log, the signed head, and what its holder may see.

What the machine answered is its `core`; what persons determined on it stands apart in `determinations`, each a leaf of
the log with an envelope, a proof and openings (officer, grounds) of its own.

The file is canonical JSON. Whoever checks it writes it again and demands the same bytes, lower-case hashes and no
unknown member, so that there is one receipt of a decision at a head and no second that looks the same.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from engine.canonical import NotCanonical, canonical
from engine.errors import Missing
from engine.ledger.envelope import Data, Opened, digest, hashing_of, leaf_of, read_json
from engine.ledger.founding import demand_hash
from engine.ledger.merkle import included
from engine.ledger.proving import prove_inclusion
from engine.ledger.recording import DETERMINATION
from engine.ledger.sequencing import newest
from engine.ledger.signing import genuine
from engine.registry.store import ask
from engine.vocabulary import Words

FORMAT = 1
MOST_BYTES = 8 << 20
_LEAF = {"core", "envelope", "number", "path", "openings"}
_MEMBERS = _LEAF | {"format", "head", "determinations"}
_HEX = re.compile(r"[0-9a-f]{64}")


class NotYet(Missing):
    """The decision is recorded and has no number yet: ask again in a moment."""


def receipt_of(connection: Connection, leaf_id: str, with_openings: bool = True) -> Data:
    """The receipt of a leaf at the newest head. Missing if there is none, NotYet before it has its number."""
    row = leaf_row(connection, leaf_id)
    head = newest(connection)
    if row.number is None or head is None or row.number >= head.size:
        raise NotYet(
            "决定已记录，尚未编入台账", "the decision is recorded and has no number in the log yet",
            "稍候再取", "ask again in a moment",
        )  # fmt: skip
    return {
        "format": FORMAT,
        **_proved(connection, row, head.size, with_openings),
        "head": head.data(),
        "determinations": [
            _proved(connection, one, head.size, with_openings)
            for one in determinations_of(connection, row.id)
            if one.number is not None and one.number < head.size
        ],
    }


def _proved(connection: Connection, row: Any, size: int, with_openings: bool) -> Data:
    """A leaf, its way to the root over so many leaves, and what its commitments hide: of either kind alike."""
    envelope = read_json(row.envelope)
    return {
        "core": read_json(row.core),
        "envelope": envelope,
        "number": row.number,
        "path": prove_inclusion(connection, row.number, size, hashing_of(envelope)),
        "openings": [_opening(one) for one in openings_of(connection, row.id)] if with_openings else [],
    }


def leaf_row(connection: Connection, leaf_id: str) -> Any:
    """The leaf's row, by its id or the beginning of one; Missing if it names none or several."""
    found = ask(connection, "SELECT * FROM leaf WHERE id = ?", (leaf_id,))
    if not found and len(leaf_id) >= 8 and leaf_id.replace("-", "").isalnum():
        # The range is found by the index; "z" comes after every letter that an id is written with.
        query = "SELECT * FROM leaf WHERE id >= ? AND id < ? AND id LIKE ? LIMIT 2"
        found = ask(connection, query, (leaf_id, f"{leaf_id}z", f"{leaf_id}%"))
    if len(found) == 1:
        return found[0]
    raise Missing(f"台账中没有决定 {leaf_id[:40]}", f"the ledger has no decision {leaf_id[:40]}")


def openings_of(connection: Connection, leaf_id: str) -> list[Opened]:
    """What the leaf's commitments hide, as far as it was not erased."""
    rows = ask(connection, "SELECT handle, salt, value FROM opening WHERE leaf = ?", (leaf_id,))
    return sorted((Opened(row.handle, row.salt, read_json(row.value)) for row in rows), key=lambda one: one.handle)


def determinations_of(connection: Connection, leaf_id: str) -> list[Any]:
    """What persons determined on the decision, in the order it was recorded."""
    query = f"SELECT * FROM leaf WHERE of = ? AND kind = '{DETERMINATION}' ORDER BY ticks, id"
    return ask(connection, query, (leaf_id,))


def faults_of_receipt(data: bytes, keys: Mapping[str, str]) -> Iterator[Words]:
    """Everything about the bytes that a genuine receipt under one of the pinned keys would not have."""
    if len(data) > MOST_BYTES:
        yield Words("文件过大", "the file is too large")
        return
    try:
        said = json.loads(data)
        same = canonical(said) == data.removesuffix(b"\n")
    except (ValueError, NotCanonical, RecursionError):
        yield Words("不是规范 JSON", "this is not canonical JSON")
        return
    if not same or not isinstance(said, dict) or set(said) != _MEMBERS:
        yield Words("字节与规范写法不同，或成员不对", "the bytes are not its canonical form, or members are wrong")
        return
    try:
        yield from _faults(said, keys)
    except (KeyError, TypeError, AttributeError, ValueError):
        yield Words("成员的内容不对", "a member does not hold what it should")


def _faults(said: Data, keys: Mapping[str, str]) -> Iterator[Words]:
    head, determined = said["head"], said["determinations"]
    # A flag passes for a number and an object for a list, where nobody asks: there must be one way to say it.
    if type(said["format"]) is not int or type(head["size"]) is not int or type(determined) is not list:
        yield Words("成员的内容不对", "a member does not hold what it should")
        return
    if said["format"] != FORMAT:
        yield Words("凭证格式不认识", "the receipt's format is unknown")
    if not _HEX.fullmatch(head["root"]):
        yield Words("哈希写法不对", "a hash is not written as it should be")
        return
    statement = {"root": head["root"], "signed_at": head["signed_at"], "size": head["size"]}
    if set(head) != {*statement, "signature"} or not genuine(statement, head["signature"], keys):
        yield Words("台账头的签名不是所固定密钥的", "the head was not signed by a pinned key")
    hashing = demand_hash(hashing_of(said["envelope"]))
    yield from _faults_of_leaf(said, head, hashing)
    if not _ascending([one["number"] for one in determined]):
        yield Words("人工认定的次序不对", "determinations are out of order")
    for one in determined:
        if set(one) != _LEAF or not _belongs(one, said["envelope"]["id"]):
            yield Words("人工认定与决定不符", "a determination does not belong to the decision")
        yield from _faults_of_leaf(one, head, hashing)


def _faults_of_leaf(said: Data, head: Data, hashing: str) -> Iterator[Words]:
    """Whether core, envelope, place in the log and openings of a decision or determination fit each other."""
    envelope, opened = said["envelope"], said["openings"]
    if type(said["number"]) is not int or type(said["path"]) is not list or type(opened) is not list:
        yield Words("成员的内容不对", "a member does not hold what it should")
        return
    if not all(_HEX.fullmatch(part) for part in said["path"]) or hashing_of(envelope) != hashing:
        yield Words("哈希写法不对", "a hash is not written as it should be")
        return
    if digest(canonical(said["core"]), hashing) != envelope["core"]:
        yield Words("决定内容与信封不符", "the decision is not the one in the envelope")
    path = [bytes.fromhex(part) for part in said["path"]]
    if not included(said["number"], head["size"], leaf_of(envelope), path, bytes.fromhex(head["root"]), hashing):
        yield Words("包含证明不成立：此决定不在该台账头之下", "the proof fails: this decision is not under that head")
    if not _ascending([one["handle"] for one in opened]):
        yield Words("公开内容的次序不对", "openings are out of order")
    for one in opened:
        shown = Opened(one["handle"], one["salt"], one["value"]).commitment(hashing)
        if set(one) != {"handle", "salt", "value"} or envelope["commitments"].get(one["handle"]) != shown:
            zh, en = "的公开内容与承诺不符", "does not fit its commitment"
            yield Words(f"{one['handle']} {zh}", f"what opens {one['handle']} {en}")


def _belongs(one: Data, decision: str) -> bool:
    """Whether it is a determination, and one on this decision."""
    return bool(one["envelope"]["kind"] == DETERMINATION and one["core"]["of"] == one["envelope"]["of"] == decision)


def _ascending(said: list[Any]) -> bool:
    return all(one < other for one, other in pairwise(said))


def _opening(one: Opened) -> Data:
    return {"handle": one.handle, "salt": one.salt, "value": one.value}
