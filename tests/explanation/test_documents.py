"""The words for kinds of documents: one for every rank, form, kind and reading of an edition, in both languages."""

from collections.abc import Iterable, Mapping
from typing import get_args

import pytest

from engine.explanation.documents import EDITIONS_READ, FORMS, KINDS, RANKS
from engine.explanation.phrases import DUTIES
from engine.model import Duty, Form
from engine.packs.pack_shape import PackShape
from engine.packs.vocabulary_shapes import EditionShape
from engine.vocabulary import Rank, Words

SAID = [
    pytest.param(RANKS, Rank, id="ranks"),
    pytest.param(FORMS, Form, id="forms"),
    pytest.param(DUTIES, Duty, id="duties"),
    pytest.param(KINDS, get_args(PackShape.model_fields["kind"].annotation), id="kinds"),
    pytest.param(EDITIONS_READ, get_args(EditionShape.model_fields["read"].annotation), id="editions"),
]


@pytest.mark.parametrize(("words", "codes"), SAID)
def test_every_code_has_a_word(words: Mapping[str, Words], codes: Iterable[str]) -> None:
    """No code without its word, no word without its code; no word is used for two codes."""
    assert set(words) == set(codes)
    assert all(said.zh and said.en for said in words.values())
    assert len({said.zh for said in words.values()}) == len({said.en for said in words.values()}) == len(words)
