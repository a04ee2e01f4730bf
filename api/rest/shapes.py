"""Shapes of plain bodies and answers for the OpenAPI document, and words as answers give them."""

from collections.abc import Mapping
from typing import Any

from api.rest.caching import TAGGED
from api.rest.documented import Answers
from engine.vocabulary import Words

Shape = Mapping[str, Any]

TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "integer"}
FLAG: Shape = {"type": "boolean"}
WORDS: Shape = {"type": "object", "required": ["zh", "en"], "properties": {"zh": TEXT, "en": TEXT}}
OBJECT: Shape = {"type": "object"}
OBJECTS: Shape = {"type": "array", "items": OBJECT}
TEXTS: Shape = {"type": "array", "items": TEXT}
NOT_CHANGED: Answers = {304: {"description": "没有变化。Not changed.", "headers": TAGGED}}


def many(shape: Shape) -> Shape:
    """A list of such."""
    return {"type": "array", "items": shape}


def or_null(shape: Shape) -> Shape:
    """That, or nothing."""
    return {"anyOf": [shape, {"type": "null"}]}


def having(**members: Shape) -> Shape:
    """An answer that has all of these members; later programs may add others."""
    return {"type": "object", "required": [*members], "properties": members}


def body(*needed: str, **members: Shape) -> Shape:
    """A body of these members and no others."""
    closed = {"type": "object", "properties": members, "additionalProperties": False}
    return closed | ({"required": [*needed]} if needed else {})


def line(zh: str, en: str, **more: Any) -> Shape:
    """A text of a body, and what it is for."""
    return {"type": "string", "description": f"{zh}。{en}.", "minLength": 1, **more}


def said(words: Words) -> dict[str, str]:
    """Words as an answer gives them: in both languages."""
    return {"zh": words.zh, "en": words.en}
