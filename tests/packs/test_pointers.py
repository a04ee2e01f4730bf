"""A JSON body gives the tree that the same document gives as a file, and names what is wrong by its pointer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.packs.pointers import DEEPEST, LIMIT, LONGEST, tree_of_json
from engine.packs.source import parse_tree

TEXTS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8).map("x".__add__)
DOCUMENTS = st.dictionaries(
    TEXTS,
    st.recursive(
        TEXTS | st.integers(-(10**20), 10**20) | st.booleans(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=10,
    ),
    min_size=1,
    max_size=4,
)


@given(DOCUMENTS)
def test_the_same_tree_as_a_file(document: dict[str, object]) -> None:
    """YAML takes JSON too: both readers must say the same of it."""
    data = json.dumps(document).encode()
    found, other = tree_of_json(data), parse_tree(data, "file")
    assert found.value == other.value
    assert {fault.code for fault in found.faults} == {fault.code for fault in other.faults}


def _codes(data: bytes) -> list[tuple[str, str]]:
    return [(fault.code, fault.place.file) for fault in tree_of_json(data).faults]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", ("P116", "")),
        (b"{", ("P116", "")),
        (b"NaN", ("P116", "")),
        (b"[" * 100_000, ("P116", "")),
        (b'{"a": "\xff"}', ("P101", "")),
        (b'{"a": 1, "a": 2}', ("P117", "")),
        (b'{"a": {"b/c": null}}', ("P112", "/a/b~1c")),
        (b'{"a": [1, " "]}', ("P112", "/a/1")),
        (b'{"~": "\\u202e"}', ("P103", "/~0")),
        (json.dumps({"a": "x" * (LONGEST + 1)}).encode(), ("P114", "/a")),
        (b" " * (LIMIT + 1), ("P102", "")),
        (b'{"a":' * 40 + b"1" + b"}" * 40, ("P111", "/a" * DEEPEST)),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(data: bytes, said: tuple[str, str]) -> None:
    """One fault each, and its pointer."""
    assert _codes(data) == [said]


def test_a_number_of_a_million_digits_is_a_text() -> None:
    """It is refused for its length; no integer is made of it."""
    assert _codes(b'{"a": ' + b"9" * 100_000 + b"}") == [("P114", "/a")]
    assert tree_of_json(b'{"a": 12.50}').value == {"a": "12.50"}
