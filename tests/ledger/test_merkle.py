"""The tree against RFC 9162's own words, another's library, and every way to spoil a proof."""

from functools import cache
from hashlib import sha256
from itertools import chain, combinations

import gmalg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from engine.ledger.envelope import digest
from engine.ledger.merkle import (
    SM3,
    Frontier,
    appended,
    consistency,
    consistent,
    edge_of,
    included,
    inclusion,
    leaf_hash,
    node_hash,
    root,
)

LARGEST = 70
# The eight inputs of the Certificate Transparency reference tests, and their roots (RFC 6962's log, same hashes).
INPUTS = [
    bytes.fromhex(said)
    for said in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
Nodes = dict[tuple[int, int], bytes]


def grown(leaves: list[bytes], hashing: str = "sha256") -> Nodes:
    """The stored nodes of a tree, leaf by leaf."""
    nodes: Nodes = {}
    for size, leaf in enumerate(leaves):
        for level, place, found in appended(size, leaf_hash(leaf, hashing), lambda *at: nodes[at], hashing):
            assert (level, place) not in nodes, "a node is made once"
            nodes[level, place] = found
    return nodes


def defined(leaves: list[bytes]) -> bytes:
    """The root of these inputs as RFC 9162, 2.1.1 defines it."""
    return defined_over([leaf_hash(leaf) for leaf in leaves])


def defined_over(hashes: list[bytes]) -> bytes:
    """The same over the hashes of leaves, recursively."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"").digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(defined_over(hashes[:split]), defined_over(hashes[split:]))


@cache
def large() -> tuple[Nodes, InmemoryTree]:
    """Our nodes and the other library's tree over the same leaves."""
    leaves = [b"leaf %d" % number for number in range(LARGEST)]
    other = InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        other.append_entry(leaf)
    return grown(leaves), other


def test_the_roots_of_the_reference_tests() -> None:
    """Eight inputs, nine roots."""
    nodes = grown(INPUTS)
    assert [root(size, lambda *at: nodes[at]).hex() for size in range(9)] == ROOTS


def test_rfc_9162_example_of_seven_leaves() -> None:
    """Section 2.1.5: which nodes the proofs over seven leaves are made of."""
    leaves = [b"%d" % number for number in range(7)]
    nodes = grown(leaves)
    a, b, c, d, e, f, j = (leaf_hash(leaf) for leaf in leaves)
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, m = node_hash(g, h), node_hash(i, j)
    assert inclusion(0, 7, lambda *at: nodes[at]) == [b, h, m]
    assert inclusion(3, 7, lambda *at: nodes[at]) == [c, g, m]
    assert inclusion(4, 7, lambda *at: nodes[at]) == [f, j, k]
    assert inclusion(6, 7, lambda *at: nodes[at]) == [i, k]
    assert consistency(3, 7, lambda *at: nodes[at]) == [c, d, g, m]
    assert consistency(4, 7, lambda *at: nodes[at]) == [m]
    assert consistency(6, 7, lambda *at: nodes[at]) == [i, j, k]


@given(st.lists(st.binary(max_size=9), max_size=40))
def test_the_root_is_the_defined_one(leaves: list[bytes]) -> None:
    """From stored nodes as from the definition."""
    nodes = grown(leaves)
    assert root(len(leaves), lambda *at: nodes[at]) == defined(leaves)


def test_every_root_is_the_other_librarys() -> None:
    """Sizes up to seventy."""
    nodes, other = large()
    for size in range(1, LARGEST + 1):
        assert root(size, lambda *at: nodes[at]) == other.get_root(size)


def test_every_inclusion_proof_holds_and_no_spoilt_one() -> None:
    """Every leaf under every size; another leaf, place, size, root or a changed part fails."""
    nodes, other = large()
    node = lambda *at: nodes[at]  # noqa: E731
    for size in range(1, LARGEST + 1):
        top = root(size, node)
        for index in range(size):
            proof, leaf = inclusion(index, size, node), nodes[0, index]
            assert included(index, size, leaf, proof, top)
            if size % 7 == 0:
                assert [leaf, *proof] == _path(other, index, size)
            assert not any(included(index, size, leaf, spoilt, top) for spoilt in _spoilt(proof))
            assert not included(index, size, node_hash(leaf, leaf), proof, top)
            assert not any(included(near, size, leaf, proof, top) for near in (index - 1, index + 1, size, -1))
            assert not included(index, size, leaf, proof, sha256(top).digest())


def test_an_inclusion_proof_holds_at_one_place_only() -> None:
    """No other index of a tree of the same size takes the proof."""
    nodes, _ = large()
    for size in range(1, 35):
        top = root(size, lambda *at: nodes[at])
        for index in range(size):
            proof = inclusion(index, size, lambda *at: nodes[at])
            assert [n for n in range(size) if included(n, size, nodes[0, index], proof, top)] == [index]


def test_every_consistency_proof_holds_and_no_spoilt_one() -> None:
    """Every pair of sizes; a changed part, another root or size fails."""
    nodes, _ = large()
    roots = [root(size, lambda *at: nodes[at]) for size in range(LARGEST + 1)]
    for old, new in combinations(range(1, LARGEST + 1), 2):
        proof = consistency(old, new, lambda *at: nodes[at])
        assert consistent(old, new, roots[old], roots[new], proof)
        assert not any(consistent(old, new, roots[old], roots[new], spoilt) for spoilt in _spoilt(proof))
        assert not consistent(old, new, roots[old - 1], roots[new], proof)
        assert not consistent(old, new, roots[old], roots[old], proof)
        assert not consistent(new, old, roots[new], roots[old], proof)


def test_a_tree_is_consistent_with_itself_by_no_proof() -> None:
    """And only with itself."""
    assert consistent(3, 3, b"a", b"a", [])
    assert not consistent(3, 3, b"a", b"b", [])
    assert not consistent(3, 3, b"a", b"a", [b"a"])
    assert not consistent(0, 3, b"a", b"a", [b"a"])
    assert not consistent(1, 3, b"a", b"a", [])


def test_what_cannot_be_proved_is_refused() -> None:
    """No proof of a leaf outside, none from an empty or a larger tree."""
    nodes, _ = large()
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(ValueError, match="not in the tree"):
            inclusion(index, size, lambda *at: nodes[at])
    for old, new in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="empty or larger"):
            consistency(old, new, lambda *at: nodes[at])


def test_a_proof_reads_as_many_nodes_as_the_tree_is_high() -> None:
    """Logarithmic: a made-up tree of a million leaves, whose nodes are counted as they are read."""
    size, read = 1_000_003, list[tuple[int, int]]()

    def node(level: int, place: int) -> bytes:
        assert (place + 1) << level <= size, "only complete nodes are stored"
        read.append((level, place))
        return b"%d %d" % (level, place)

    for asked in (lambda: inclusion(1_000_002, size, node), lambda: consistency(777_777, size, node)):
        read.clear()
        asked()
        assert len(read) <= 4 * size.bit_length()
    read.clear()
    assert len(list(appended(size, b"leaf", node))) + len(read) <= 2 * size.bit_length()


def test_the_edge_alone_grows_the_same_tree() -> None:
    """Every node, every root, and a tree taken up at any size, with no more nodes than the size has bits."""
    nodes, _ = large()
    tree = Frontier()
    for size in range(LARGEST):
        taken_up = Frontier(size, {level: nodes[level, place] for level, place in edge_of(size)})
        assert taken_up.edge == tree.edge
        for one in (tree, taken_up):
            for level, place, found in one.append(nodes[0, size]):
                assert nodes[level, place] == found
            assert one.root == root(size + 1, lambda *at: nodes[at])
        assert len(tree.edge) == (size + 1).bit_count()
    assert Frontier().root == sha256(b"").digest()


def test_the_edge_of_a_long_log_stays_small() -> None:
    """Twenty thousand leaves, fifteen nodes at most, and each stored node made once."""
    tree, most, made = Frontier(), 0, 0
    for number in range(20_000):
        made += len(tree.append(b"%d" % number))
        most = max(most, len(tree.edge))
    assert most <= 15
    assert made == sum(20_000 >> level for level in range(15))


def test_the_vector_of_sm3() -> None:
    """GB/T 32905, examples 1 and 2."""
    assert digest(b"abc", SM3) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert digest(b"abcd" * 16, SM3) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_the_other_tree_by_its_definition() -> None:
    """Roots under SM3 as RFC 9162 defines them, with SM3 from another hand."""
    nodes, hashed = grown(INPUTS, SM3), [gmalg_sm3(b"\x00" + said) for said in INPUTS]

    def over(hashes: list[bytes]) -> bytes:
        if len(hashes) == 1:
            return hashes[0]
        split = 1 << (len(hashes) - 1).bit_length() - 1
        return gmalg_sm3(b"\x01" + over(hashes[:split]) + over(hashes[split:]))

    for size in range(1, 9):
        assert root(size, lambda *at: nodes[at], SM3) == over(hashed[:size])


def gmalg_sm3(data: bytes) -> bytes:
    """SM3 in Python."""
    hashing = gmalg.SM3()
    hashing.update(data)
    return bytes(hashing.value())


def test_sm3_is_another_tree() -> None:
    """The same shape under the Chinese hash."""
    nodes = grown(INPUTS, SM3)
    top = root(8, lambda *at: nodes[at], SM3)
    assert top.hex() not in ROOTS
    proof = inclusion(5, 8, lambda *at: nodes[at], SM3)
    assert included(5, 8, leaf_hash(INPUTS[5], SM3), proof, top, SM3)
    assert not included(5, 8, leaf_hash(INPUTS[5], SM3), proof, top)


def _spoilt(proof: list[bytes]) -> list[list[bytes]]:
    changed = [[*proof[:n], bytes([part[0] ^ 1]) + part[1:], *proof[n + 1 :]] for n, part in enumerate(proof)]
    dropped = [proof[:n] + proof[n + 1 :] for n in range(len(proof))]
    swapped = [[*proof[:n], proof[n + 1], proof[n], *proof[n + 2 :]] for n in range(len(proof) - 1)]
    added = [[*proof, b"\x00" * 32], [b"\x00" * 32, *proof]]
    return list(chain(changed, dropped, swapped, added))


def _path(other: InmemoryTree, index: int, size: int) -> list[bytes]:
    found = other.prove_inclusion(index + 1, size)
    return [bytes.fromhex(part) for part in found.serialize()["path"]]
