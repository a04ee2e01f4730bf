"""Whether the log is whole: rows against leaves, nodes and heads against both, and whether it only grew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.canonical import LARGEST, canonical
from engine.ledger.envelope import Data, Opened, digest, hashing_of, leaf_of, read_json
from engine.ledger.founding import demand_hash, hash_of
from engine.ledger.merkle import Frontier
from engine.ledger.recording import DECISION
from engine.ledger.sequencing import Head
from engine.ledger.signing import genuine
from engine.registry.chain import CHANGES, EMPTY, Version
from engine.registry.store import ask
from engine.vocabulary import Words

# Rows held at a time; of the tree only the right edge is, so a log of any length takes the same memory.
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """Something that does not hold, and where: a leaf's number or id, or a head's size."""

    where: str
    what: Words


def audit(connection: Connection, keys: Mapping[str, str], checkpoint: Head | None = None) -> Iterator[Found]:
    """Everything that does not hold, from the first leaf on: the tree is grown again beside the stored one."""
    try:
        hashing = demand_hash(hash_of(connection))
    except ValueError:
        yield Found("founding", Words("台账的杂凑算法不认识", "the ledger's hash is unknown"))
        return
    tree, nodes, heads = Frontier(hashing=hashing), _Nodes(connection), _Heads(connection, keys)
    first = b""  # the root at the checkpoint's size
    for rows in _numbered(connection):
        added = list[tuple[int, int, bytes]]()
        for row in rows:
            yield from _leaf(row, keys, hashing)
            if row.number != tree.size:
                zh, en = f"缺少第 {tree.size} 号", f"leaf {tree.size} is missing"
                yield Found(str(tree.size), Words(zh, en))
                return
            try:
                added += tree.append(bytes.fromhex(row.leaf))
            except (ValueError, TypeError):
                return  # said already; the tree cannot be built over it
            yield from heads.of(tree)
            first = tree.root if checkpoint and checkpoint.size == tree.size else first
        nodes.compare(added)
    for row in _waiting(connection):
        yield from _leaf(row, keys, hashing)
    yield from nodes.found(tree.size)
    yield from heads.beyond(tree.size)
    yield from _openings(connection, hashing)
    if checkpoint is not None:
        yield from _since(checkpoint, tree.size, first, keys)


def registry_holds(connection: Connection, known: Sequence[tuple[int, str]]) -> Iterator[Found]:
    """Versions the ledger knows and the registry has not, or with another digest: it is older, or was altered."""
    digests = {
        row.version: row.digest for row in connection.execute(CHANGES.select().where(CHANGES.c.version.is_not(None)))
    }
    for version, told in known:
        if (version and digests.get(version) != told) or (not version and told != EMPTY):
            said = Words(
                f"名录库没有台账所知的版本 {version}",
                f"the registry has not the version {version} that the ledger knows",
            )
            yield Found(f"registry {version}", said)


def newest_known(connection: Connection) -> Version | None:
    """The newest version of the registry that a decision was made by; None before the first."""
    query = "SELECT version, envelope FROM leaf WHERE kind = 'decision' ORDER BY version DESC LIMIT 1"
    found = ask(connection, query)
    return Version(found[0].version, read_json(found[0].envelope)["registry"]["digest"]) if found else None


def _numbered(connection: Connection) -> Iterator[list[Any]]:
    """Leaves in the order of their numbers, some at a time."""
    after = -LARGEST
    while rows := ask(connection, f"SELECT * FROM leaf WHERE number > ? ORDER BY number LIMIT {CHUNK}", (after,)):
        yield rows
        after = rows[-1].number


def _waiting(connection: Connection) -> Iterator[Any]:
    """Leaves without a number."""
    after = ""
    query = f"SELECT * FROM leaf WHERE number IS NULL AND id > ? ORDER BY id LIMIT {CHUNK}"
    while rows := ask(connection, query, (after,)):
        yield from rows
        after = rows[-1].id


def _leaf(row: Any, keys: Mapping[str, str], hashing: str) -> Iterator[Found]:
    where = str(row.number if row.number is not None else row.id)
    try:
        core, envelope, promise = read_json(row.core), read_json(row.envelope), read_json(row.promise)
        if hashing_of(envelope) != hashing:
            yield Found(where, Words("杂凑算法不是台账的", "its hash is not the ledger's"))
        if leaf_of(envelope).hex() != row.leaf or canonical(envelope) != row.envelope.encode():
            yield Found(where, Words("信封与叶子不符", "the envelope is not what the leaf was made of"))
        if digest(row.core.encode(), hashing) != envelope["core"]:
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
        return *named, "", core.get("answer", ""), "", 0
    version = envelope["registry"]["version"]
    return *named, core["question"]["scenario"], core["verdict"], envelope["rulebook"], version


class _Nodes:
    """Compares the stored nodes with those of the tree as it grows, and counts what differs."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._wrong, self._first = connection, 0, ""

    def compare(self, added: Sequence[tuple[int, int, bytes]]) -> None:
        """The nodes that some leaves added: at each level one stretch of places."""
        levels: dict[int, dict[int, str]] = {}
        for level, place, found in added:
            levels.setdefault(level, {})[place] = found.hex()
        for level, wanted in sorted(levels.items()):
            query = "SELECT place, hash FROM node WHERE level = ? AND place >= ? AND place <= ?"
            rows = ask(self._connection, query, (level, min(wanted), max(wanted)))
            stored = {row.place: row.hash for row in rows}
            for place in sorted(wanted.keys() | stored.keys()):
                if stored.get(place) != wanted.get(place):
                    self._add(1, level, place)

    def found(self, size: int) -> Iterator[Found]:
        """What differed, together with nodes that a tree of this size has not at all."""
        levels = range(size.bit_length())
        inside = [f"(level = {level} AND place >= 0 AND place < {size >> level})" for level in levels]
        outside = f"FROM node WHERE NOT ({' OR '.join(inside) or '0 = 1'})"
        count = ask(self._connection, f"SELECT COUNT(*) AS n {outside}")[0].n
        if count:
            row = ask(self._connection, f"SELECT level, place {outside} ORDER BY level, place LIMIT 1")[0]
            self._add(count, row.level, row.place)
        if self._wrong:
            zh = f"{self._wrong} 个树节点不对，首个为 {self._first}"
            yield Found("nodes", Words(zh, f"{self._wrong} wrong nodes in the tree, first {self._first}"))

    def _add(self, count: int, level: Any, place: Any) -> None:
        self._wrong += count
        self._first = self._first or (f"leaf {place}" if level == 0 else f"node {level}/{place}")


class _Heads:
    """Compares the signed heads with the tree as it grows past their sizes."""

    def __init__(self, connection: Connection, keys: Mapping[str, str]) -> None:
        self._keys, self._last = keys, 0
        self._rows = _head_rows(connection)
        self._next: Any = next(self._rows, None)

    def of(self, tree: Frontier) -> Iterator[Found]:
        """Heads up to the tree's size that do not fit it."""
        while self._next is not None and self._next.size <= tree.size:
            head = _read_head(self._next)
            if head is not None and head.root != tree.root.hex():
                yield Found(f"head {head.size}", Words("台账头与决定不符", "the head does not fit the leaves"))
            yield from self._step(head)

    def beyond(self, size: int) -> Iterator[Found]:
        """Heads of a longer log than there is, and a newest one that is missing."""
        while self._next is not None:
            head = _read_head(self._next)
            if head is not None:
                zh, en = "台账被截短：此头之下的决定不全", "the log was cut: leaves under this head are missing"
                yield Found(f"head {head.size}", Words(zh, en))
            yield from self._step(head)
        if self._last != size:
            yield Found("heads", Words("最新的台账头不全", "the newest head does not cover the log"))

    def _step(self, head: Head | None) -> Iterator[Found]:
        where, self._last = f"head {self._next.size}", self._next.size
        if head is None:
            yield Found(where, Words("行的内容不是所应有的", "the row does not hold what it should"))
        elif not genuine(head.statement, head.signature, self._keys):
            yield Found(where, Words("台账头的签名不对", "the head was not signed by a pinned key"))
        self._next = next(self._rows, None)


def _head_rows(connection: Connection) -> Iterator[Any]:
    """Signed heads in the order of their sizes, some at a time."""
    after = -LARGEST
    query = f"SELECT size, root, signed_at, signature FROM head WHERE size > ? ORDER BY size LIMIT {CHUNK}"
    while rows := ask(connection, query, (after,)):
        yield from rows
        after = rows[-1].size


def _read_head(row: Any) -> Head | None:
    try:
        signature = read_json(row.signature)
        sound = row.size > 0 and canonical(signature) == row.signature.encode() and isinstance(signature, dict)
    except (ValueError, AttributeError, TypeError):
        return None
    return Head(row.size, row.root, row.signed_at, signature) if sound else None


def _openings(connection: Connection, hashing: str) -> Iterator[Found]:
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
            if committed.get(one.leaf, {}).pop(one.handle, None) != _commitment(one, hashing):
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


def _commitment(row: Any, hashing: str) -> str:
    """The commitment that an opening's row makes; none if its columns do not agree."""
    try:
        value = read_json(row.value)
        fits = canonical(value) == row.value.encode() and value.get("subject", "") == row.subject
        return Opened(row.handle, row.salt, value).commitment(hashing) if fits else ""
    except (ValueError, AttributeError, TypeError):
        return ""


def _since(checkpoint: Head, size: int, first: bytes, keys: Mapping[str, str]) -> Iterator[Found]:
    """Whether the log is the one of the checkpoint, grown: `first` is the root of as many of its leaves."""
    where = f"checkpoint {checkpoint.size}"
    if not genuine(checkpoint.statement, checkpoint.signature, keys):
        yield Found(where, Words("检查点的签名不对", "the checkpoint was not signed by a pinned key"))
    elif checkpoint.size > size:
        yield Found(where, Words("台账比检查点短：被截短", "the log is shorter than the checkpoint: it was cut"))
    elif first.hex() != checkpoint.root:
        zh, en = "台账不是检查点那一份的延续", "the log is not the checkpoint's, grown: it was rewritten"
        yield Found(where, Words(zh, en))
