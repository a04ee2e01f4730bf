"""Canonical JSON against another's writer, and what it refuses to say."""

import json
from enum import IntEnum, StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.canonical import LARGEST, NotCanonical, canonical

TEXTS = st.text()  # surrogates are not among them, every other plane is
KEYS = st.text(st.characters(max_codepoint=0xD7FF), max_size=6)
LEAVES = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))


@given(TREES)
def test_it_writes_what_rfc_8785_says(tree: Any) -> None:
    """The same bytes as the oracle's, whatever is in the texts, and they read back as the same value."""
    assert canonical(tree) == rfc8785.dumps(tree)
    assert json.loads(canonical(tree)) == tree


@given(st.dictionaries(st.text(max_size=3), st.just(1), max_size=5))
def test_a_key_is_written_rightly_or_refused(tree: dict[str, int]) -> None:
    """Keys beyond the basic plane sort otherwise in UTF-16: refused, never written in another order."""
    try:
        written = canonical(tree)
    except NotCanonical:
        assert any(max(key, default="") >= "\ud800" for key in tree)
    else:
        assert written == rfc8785.dumps(tree)


class _Word(StrEnum):
    ONE = "一"


class _Number(IntEnum):
    TWO = 2


def test_words_and_numbers_of_a_closed_set_are_written_as_what_they_are() -> None:
    """An enumeration's member is its value; a tuple is a list."""
    assert canonical({"a": (_Word.ONE, _Number.TWO)}) == '{"a":["一",2]}'.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.0, float("nan"), float("inf"), LARGEST + 1, -LARGEST - 1, 10**400, "\ud800", {"\udfff": 1}, {1: 1}, {None: 1},
        {True: 1}, {"😀": 1}, {"\ue000": 1}, {_Word.ONE: 1}, b"bytes", {1, 2}, object(), [[0.5]], {"a": {"b": 1e3}},
    ],
)  # fmt: skip
def test_what_it_cannot_say_is_refused(value: Any) -> None:
    """Fractions, numbers not the same everywhere, lone surrogates, odd keys and foreign things."""
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize("value", [LARGEST, -LARGEST, 0, True, None, "", "\x7f\x00\u2028", {"": ""}, [], {}], ids=repr)
def test_the_edges_are_taken(value: Any) -> None:
    """The largest numbers, empty things, control characters."""
    assert canonical(value) == rfc8785.dumps(value)
