"""Canonical JSON (RFC 8785) of what the engine says: texts, integers, flags, lists and objects, and nothing else.

Numbers with a fraction have no place in a decision, so the rule that is hard to keep, how they are written,
is not needed.
"""

import json
from typing import Any

# Beyond this an integer is not the same number in every reader.
LARGEST = 2**53 - 1
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode


class NotCanonical(ValueError):
    """A value that canonical JSON of this kind cannot say."""


def canonical(data: Any) -> bytes:
    """The bytes. NotCanonical for a fraction, an integer beyond 2**53, a key that is no text, or a lone surrogate."""
    _check(data)
    text = _encode(data)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("a lone surrogate") from None


def _check(data: Any) -> None:
    """Raises NotCanonical for what cannot be said; no key of ours leaves the plane where both orders agree."""
    kind = data.__class__
    if kind is dict:
        for name, value in data.items():
            if name.__class__ is not str or not (name.isascii() or max(name) < "\ud800"):
                raise NotCanonical("a key that is no text of the basic plane")
            if value.__class__ is not str:  # most values are: they need no call
                _check(value)
    elif kind is list or kind is tuple:
        for value in data:
            if value.__class__ is not str:
                _check(value)
    elif data is not None and not isinstance(data, str) and not (isinstance(data, int) and -LARGEST <= data <= LARGEST):
        raise NotCanonical(f"not a text, an integer up to 2**53, a flag, a list or an object: {kind.__name__}")
