"""Whether the log is whole: rows against leaves, nodes and heads against both, and whether it only grew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from engine.canonical import LARGEST, canonical
from engine.errors import Unavailable
from engine.ledger.envelope import Data, Opened, leaf_of, read_json
from engine.ledger.merkle import appended, root
from engine.ledger.recording import DECISION
from engine.ledger.sequencing import Head
from engine.ledger.signing import genuine
from engine.registry.chain import CHANGES, EMPTY, Version
from engine.registry.store import Store, ask
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
        try:
            leaf = bytes.fromhex(row.leaf)
        except (ValueError, TypeError):
            return  # said already; the tree cannot be built over it
        nodes.update({(level, at): found for level, at, found in appended(len(leaves), leaf, lambda *at: nodes[at])})
        leaves.append(leaf)
    yield from _nodes(connection, nodes)
    yield from _heads(connection, len(leaves), nodes, keys)
    yield from _openings(connection)
    if checkpoint is not None:
        yield from _since(checkpoint, len(leaves), nodes, keys)


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


def demand_not_older(ledger: Store, registry: Version) -> None:
    """Unavailable if the ledger knows a later version of the registry, or this one with another digest."""
    query = "SELECT version, envelope FROM leaf WHERE kind = 'decision' ORDER BY version DESC LIMIT 1"
    with ledger.reading() as connection:
        newest = ask(connection, query)
    if not newest:
        return
    digest = read_json(newest[0].envelope)["registry"]["digest"]
    if newest[0].version > registry.number or (newest[0].version == registry.number and digest != registry.digest):
        zh = f"名录库（版本 {registry.number}）比台账所知的（版本 {newest[0].version}）旧，或被改动"
        en = (
            f"the registry (version {registry.number}) is older than its ledger knows ({newest[0].version}), or altered"
        )
        help_zh, help_en = "恢复与台账相符的名录库备份", "restore the backup of the registry that goes with the ledger"
        raise Unavailable(zh, en, help_zh, help_en)


def _leaves(connection: Connection) -> Iterator[Any]:
    """Every leaf, numbered ones first in their order."""
    after = -LARGEST
    while rows := ask(connection, f"SELECT * FROM leaf WHERE number > ? ORDER BY number LIMIT {CHUNK}", (after,)):
        yield from rows
        after = rows[-1].number
    yield from ask(connection, "SELECT * FROM leaf WHERE number IS NULL ORDER BY ticks, id")


def _leaf(row: Any, keys: Mapping[str, str]) -> Iterator[Found]:
    where = str(row.number if row.number is not None else row.id)
    try:
        core, envelope, promise = read_json(row.core), read_json(row.envelope), read_json(row.promise)
        if leaf_of(envelope).hex() != row.leaf or canonical(envelope) != row.envelope.encode():
            yield Found(where, Words("信封与叶子不符", "the envelope is not what the leaf was made of"))
        if sha256(row.core.encode()).hexdigest() != envelope["core"]:
            yield Found(where, Words("决定内容被改动", "the decision's content was altered"))
        if _said(row) != _meant(core, envelope):
            yield Found(where, Words("行与信封不符", "the row does not say what its envelope says"))
        statement = {"leaf": row.leaf, "recorded_at": row.recorded_at}
        said, signed = {name: promise.pop(name) for name in statement}, promise
        if said != statement or not genuine(statement, signed, keys):
            yield Found(where, Words("承诺的签名不对", "the promise was not signed by a pinned key"))
    except (KeyError, TypeError, ValueError, AttributeError):
        yield Found(where, Words("行的内容不是所应有的", "the row does not hold what it should"))


def _said(row: Any) -> tuple[Any, ...]:
    return row.id, row.kind, row.of, row.recorded_at, row.ticks, row.scenario, row.verdict, row.rulebook, row.version


def _meant(core: Data, envelope: Data) -> tuple[Any, ...]:
    """What the columns by which a row is found must say."""
    recorded_at, decision = envelope["recorded_at"], envelope["kind"] == DECISION
    ticks = int(datetime.fromisoformat(recorded_at).timestamp() * 1_000_000)
    named = envelope["id"], envelope["kind"], envelope.get("of", ""), recorded_at, ticks
    if not decision:
        return *named, "", core["answer"], "", 0
    version = envelope["registry"]["version"]
    return *named, core["question"]["scenario"], core["verdict"], envelope["rulebook"], version


def _nodes(connection: Connection, nodes: Mapping[tuple[int, int], bytes]) -> Iterator[Found]:
    stored = {(row.level, row.place): row.hash for row in ask(connection, "SELECT level, place, hash FROM node")}
    wrong = [at for at, found in nodes.items() if stored.get(at) != found.hex()] + [*(stored.keys() - nodes.keys())]
    if wrong:
        level, place = wrong[0]
        where = f"leaf {place}" if level == 0 else f"node {level}/{place}"
        zh, en = (
            f"{len(wrong)} 个树节点不对，首个为 {where}",
            f"{len(wrong)} wrong nodes in the tree, first {where}",
        )
        yield Found("nodes", Words(zh, en))


def _heads(
    connection: Connection, size: int, nodes: Mapping[tuple[int, int], bytes], keys: Mapping[str, str]
) -> Iterator[Found]:
    last = 0
    for row in ask(connection, "SELECT size, root, signed_at, signature FROM head ORDER BY size"):
        where, last = f"head {row.size}", row.size
        head = _read_head(row)
        if head is None:
            yield Found(where, Words("行的内容不是所应有的", "the row does not hold what it should"))
        elif head.size > size:
            yield Found(
                where, Words("台账被截短：此头之下的决定不全", "the log was cut: leaves under this head are missing")
            )
        elif root(head.size, lambda *at: nodes[at]).hex() != head.root:
            yield Found(where, Words("台账头与决定不符", "the head does not fit the leaves"))
        if head and not genuine(head.statement, head.signature, keys):
            yield Found(where, Words("台账头的签名不对", "the head was not signed by a pinned key"))
    if last != size:
        yield Found("heads", Words("最新的台账头不全", "the newest head does not cover the log"))


def _read_head(row: Any) -> Head | None:
    try:
        signature = read_json(row.signature)
        sound = row.size > 0 and canonical(signature) == row.signature.encode() and isinstance(signature, dict)
    except (ValueError, AttributeError, TypeError):
        return None
    return Head(row.size, row.root, row.signed_at, signature) if sound else None


def _openings(connection: Connection) -> Iterator[Found]:
    """Openings that do not fit their commitments, and commitments without one that nobody erased."""
    gone, after = 0, ""
    while rows := ask(connection, f"SELECT id, envelope FROM leaf WHERE id > ? ORDER BY id LIMIT {CHUNK}", (after,)):
        shown = ask(
            connection,
            "SELECT * FROM opening WHERE leaf > ? AND leaf <= ? ORDER BY leaf, handle",
            (after, rows[-1].id),
        )
        committed = {row.id: _commitments(row.envelope) for row in rows}
        for one in shown:
            if committed.get(one.leaf, {}).pop(one.handle, None) != _commitment(one):
                said = Words("公开内容与承诺不符", "what opens the commitment does not fit it")
                yield Found(f"opening {one.leaf} {one.handle}", said)
        gone += sum(map(bool, committed.values()))
        after = rows[-1].id
    erased = ask(connection, "SELECT COALESCE(SUM(leaves), 0) AS n FROM erasure")[0].n
    if gone > erased:
        zh = f"{gone} 个决定的承诺缺少公开内容，而抹除的只有 {erased} 个"
        yield Found("openings", Words(zh, f"{gone} leaves lack what opens them, and only {erased} were erased"))


def _commitments(envelope: str) -> dict[str, str]:
    """What an envelope commits to; nothing of one that cannot be read, which is said of its leaf."""
    try:
        return dict(read_json(envelope)["commitments"])
    except (ValueError, KeyError, TypeError):
        return {}


def _commitment(row: Any) -> str:
    """The commitment that an opening's row makes; none if its columns do not agree."""
    try:
        value = read_json(row.value)
        fits = canonical(value) == row.value.encode() and value.get("subject", "") == row.subject
        return Opened(row.handle, row.salt, value).commitment if fits else ""
    except (ValueError, AttributeError, TypeError):
        return ""


def _since(
    checkpoint: Head, size: int, nodes: Mapping[tuple[int, int], bytes], keys: Mapping[str, str]
) -> Iterator[Found]:
    """Whether the log is the one of the checkpoint, grown: its first leaves must have the checkpoint's root."""
    where = f"checkpoint {checkpoint.size}"
    if not genuine(checkpoint.statement, checkpoint.signature, keys):
        yield Found(where, Words("检查点的签名不对", "the checkpoint was not signed by a pinned key"))
    elif checkpoint.size > size:
        yield Found(where, Words("台账比检查点短：被截短", "the log is shorter than the checkpoint: it was cut"))
    elif root(checkpoint.size, lambda *at: nodes[at]).hex() != checkpoint.root:
        zh, en = "台账不是检查点那一份的延续", "the log is not the checkpoint's, grown: it was rewritten"
        yield Found(where, Words(zh, en))
