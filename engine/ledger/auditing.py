"""Whether the log is whole: rows against leaves, nodes and heads against both, and whether it only grew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from engine.ledger.envelope import leaf_of, read_json
from engine.ledger.merkle import appended, consistent, root
from engine.ledger.sequencing import Head, heads, prove_consistency, size_of
from engine.ledger.signing import genuine
from engine.registry.chain import CHANGES, EMPTY
from engine.registry.store import ask
from engine.vocabulary import Words

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """Something that does not hold, and where: a leaf's number or id, or a head's size."""

    where: str
    what: Words


def audit(connection: Connection, keys: Mapping[str, str], checkpoint: Head | None = None) -> Iterator[Found]:
    """Everything that does not hold, from the first leaf on."""
    leaves: list[bytes] = []
    nodes: dict[tuple[int, int], bytes] = {}
    for row in _leaves(connection):
        yield from _leaf(row, keys)
        if row.number is None:
            continue
        if row.number != len(leaves):
            yield Found(str(len(leaves)), Words(f"缺少第 {len(leaves)} 号", f"leaf {len(leaves)} is missing"))
            return
        for level, place, found in appended(len(leaves), bytes.fromhex(row.leaf), lambda *at: nodes[at]):
            nodes[level, place] = found
        leaves.append(bytes.fromhex(row.leaf))
    yield from _nodes(connection, nodes)
    yield from _heads(connection, len(leaves), nodes, keys)
    if checkpoint is not None:
        yield from _since(connection, checkpoint, len(leaves), keys)


def registry_holds(connection: Connection, known: Sequence[tuple[int, str]]) -> Iterator[Found]:
    """Versions the ledger knows and the registry has not, or with another digest: it is older, or was altered."""
    digests = {
        row.version: row.digest for row in connection.execute(CHANGES.select().where(CHANGES.c.version.is_not(None)))
    }
    for version, digest in known:
        if (version and digests.get(version) != digest) or (not version and digest != EMPTY):
            said = Words(
                f"名录库没有台账所知的版本 {version}",
                f"the registry has not the version {version} that the ledger knows",
            )
            yield Found(f"registry {version}", said)


def _leaves(connection: Connection) -> Iterator[Any]:
    """Every leaf, numbered ones first in their order."""
    after = -1
    while rows := ask(connection, f"SELECT * FROM leaf WHERE number > ? ORDER BY number LIMIT {CHUNK}", (after,)):
        yield from rows
        after = rows[-1].number
    yield from ask(connection, "SELECT * FROM leaf WHERE number IS NULL ORDER BY ticks, id")


def _leaf(row: Any, keys: Mapping[str, str]) -> Iterator[Found]:
    where = str(row.number if row.number is not None else row.id)
    try:
        envelope, promise = read_json(row.envelope), read_json(row.promise)
        if leaf_of(envelope).hex() != row.leaf:
            yield Found(where, Words("信封与叶子不符", "the envelope is not what the leaf was made of"))
        if sha256(row.core.encode()).hexdigest() != envelope["core"]:
            yield Found(where, Words("决定内容被改动", "the decision's content was altered"))
        if envelope["id"] != row.id or envelope["recorded_at"] != row.recorded_at or envelope["kind"] != row.kind:
            yield Found(where, Words("行与信封不符", "the row does not say what its envelope says"))
        statement = {"leaf": row.leaf, "recorded_at": row.recorded_at}
        if not genuine(statement, promise, keys):
            yield Found(where, Words("承诺的签名不对", "the promise was not signed by a pinned key"))
    except (KeyError, TypeError, ValueError):
        yield Found(where, Words("行的内容不是所应有的", "the row does not hold what it should"))


def _nodes(connection: Connection, nodes: Mapping[tuple[int, int], bytes]) -> Iterator[Found]:
    stored = {(row.level, row.place): row.hash for row in ask(connection, "SELECT level, place, hash FROM node")}
    wrong = sum(stored.get(at) != found.hex() for at, found in nodes.items()) + len(stored.keys() - nodes.keys())
    if wrong:
        yield Found("nodes", Words(f"{wrong} 个树节点不对", f"{wrong} nodes of the tree are wrong"))


def _heads(
    connection: Connection, size: int, nodes: Mapping[tuple[int, int], bytes], keys: Mapping[str, str]
) -> Iterator[Found]:
    last = 0
    for head in heads(connection):
        where, last = f"head {head.size}", head.size
        if head.size > size:
            yield Found(
                where, Words("台账被截短：此头之下的决定不全", "the log was cut: leaves under this head are missing")
            )
        elif root(head.size, lambda *at: nodes[at]).hex() != head.root:
            yield Found(where, Words("台账头与决定不符", "the head does not fit the leaves"))
        if not genuine(head.statement, head.signature, keys):
            yield Found(where, Words("台账头的签名不对", "the head was not signed by a pinned key"))
    if last != size:
        yield Found("heads", Words("最新的台账头不全", "the newest head does not cover the log"))


def _since(connection: Connection, checkpoint: Head, size: int, keys: Mapping[str, str]) -> Iterator[Found]:
    """Whether the log is the one of the checkpoint, grown."""
    where = f"checkpoint {checkpoint.size}"
    if not genuine(checkpoint.statement, checkpoint.signature, keys):
        yield Found(where, Words("检查点的签名不对", "the checkpoint was not signed by a pinned key"))
        return
    newest_head = [*heads(connection)][-1:] if size else []
    if checkpoint.size > size_of(connection) or not newest_head:
        yield Found(where, Words("台账比检查点短：被截短", "the log is shorter than the checkpoint: it was cut"))
        return
    top = newest_head[0]
    proof = [bytes.fromhex(part) for part in prove_consistency(connection, checkpoint.size, top.size)]
    grown = consistent(checkpoint.size, top.size, bytes.fromhex(checkpoint.root), bytes.fromhex(top.root), proof)
    if not grown:
        yield Found(
            where, Words("台账不是检查点那一份的延续", "the log is not the checkpoint's, grown: it was rewritten")
        )
