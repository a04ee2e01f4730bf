"""The Merkle tree of RFC 9162, section 2.1: hashes, roots, proofs of inclusion and consistency, and their checks.

Complete nodes are stored by (level, place): the node covers the leaves from `place * 2**level` on, `2**level` of them.
Nothing is rebuilt to prove: every question reads about as many nodes as the tree is high.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import new as _hash

# Reads the stored node at a level and place.
Node = Callable[[int, int], bytes]
SHA256, SM3 = "sha256", "sm3"


def leaf_hash(data: bytes, hashing: str = SHA256) -> bytes:
    """The hash of a leaf; its prefix keeps a leaf from passing for a node."""
    return _hash(hashing, b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes, hashing: str = SHA256) -> bytes:
    """The hash of two subtrees side by side."""
    return _hash(hashing, b"\x01" + left + right).digest()


def appended(size: int, leaf: bytes, node: Node, hashing: str = SHA256) -> Iterator[tuple[int, int, bytes]]:
    """The complete nodes that a new leaf adds to a tree of this size: (level, place, hash), itself first."""
    level, place, found = 0, size, leaf
    yield level, place, found
    while place % 2:
        found = node_hash(node(level, place - 1), found, hashing)
        level, place = level + 1, place // 2
        yield level, place, found


class Frontier:
    """A growing tree by its right edge alone: one complete node for each bit of its size, and no other is kept.

    `edge` holds them by level; together they cover every leaf.
    """

    __slots__ = ("edge", "hashing", "size")

    def __init__(self, size: int = 0, edge: Mapping[int, bytes] | None = None, hashing: str = SHA256) -> None:
        self.size, self.edge, self.hashing = size, dict(edge or {}), hashing

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Grow by a leaf; the complete nodes it adds, as `appended` says them."""
        added = list(appended(self.size, leaf, lambda level, _: self.edge.pop(level), self.hashing))
        level, _, found = added[-1]
        self.edge[level] = found
        self.size += 1
        return added

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        return root(self.size, lambda level, _: self.edge[level], self.hashing)


def edge_of(size: int) -> list[tuple[int, int]]:
    """Level and place of the complete nodes at the right edge of a tree of this size, the lowest first."""
    return [(level, (size >> level) - 1) for level in range(size.bit_length()) if size >> level & 1]


def root(size: int, node: Node, hashing: str = SHA256) -> bytes:
    """The root of the first `size` leaves; of none, the hash of nothing."""
    return _hash(hashing, b"").digest() if size == 0 else _range(0, size, node, hashing)


def inclusion(index: int, size: int, node: Node, hashing: str = SHA256) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `size` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    return list(_path(index, 0, size, node, hashing))


def consistency(old: int, new: int, node: Node, hashing: str = SHA256) -> list[bytes]:
    """The proof that the tree of `old` leaves is the beginning of that of `new` (RFC 9162, 2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError("the older tree is empty or larger")
    return list(_subproof(old, 0, new, True, node, hashing))


def included(index: int, size: int, leaf: bytes, proof: Sequence[bytes], top: bytes, hashing: str = SHA256) -> bool:
    """Whether the proof leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node_hash(part, found, hashing)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, part, hashing)
        place, last = place >> 1, last >> 1
    return last == 0 and found == top


def consistent(old: int, new: int, first: bytes, second: bytes, proof: Sequence[bytes], hashing: str = SHA256) -> bool:
    """Whether the proof shows the older root in the newer (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not proof and first == second
    if not 0 < old < new or not proof:
        return False
    parts = [first, *proof] if old & (old - 1) == 0 else [*proof]
    place, last = old - 1, new - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    older = newer = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            older, newer = node_hash(part, older, hashing), node_hash(part, newer, hashing)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, part, hashing)
        place, last = place >> 1, last >> 1
    return last == 0 and older == first and newer == second


def _split(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << (count - 1).bit_length() - 1


def _range(first: int, end: int, node: Node, hashing: str) -> bytes:
    """The root of the leaves from `first` to `end`; complete subtrees are read, the ragged edge is put together."""
    count = end - first
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, first >> level)
    middle = first + _split(count)
    return node_hash(_range(first, middle, node, hashing), _range(middle, end, node, hashing), hashing)


def _path(index: int, first: int, end: int, node: Node, hashing: str) -> Iterator[bytes]:
    if end - first == 1:
        return
    middle = first + _split(end - first)
    if index < middle:
        yield from _path(index, first, middle, node, hashing)
        yield _range(middle, end, node, hashing)
    else:
        yield from _path(index, middle, end, node, hashing)
        yield _range(first, middle, node, hashing)


def _subproof(old: int, first: int, end: int, whole: bool, node: Node, hashing: str) -> Iterator[bytes]:
    """`old` counts from `first`; `whole` says that the older tree is this very subtree so far."""
    count = end - first
    if old == count:
        if not whole:
            yield _range(first, end, node, hashing)
        return
    split = _split(count)
    if old <= split:
        yield from _subproof(old, first, first + split, whole, node, hashing)
        yield _range(first + split, end, node, hashing)
    else:
        yield from _subproof(old - split, first + split, end, False, node, hashing)
        yield _range(first, first + split, node, hashing)
