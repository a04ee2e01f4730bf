"""Long answers in pages: a cursor says after what to go on, and means nothing to its holder."""

import binascii
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from engine.errors import refused_input

MOST, PAGE = 200, 50
LONGEST_CURSOR = 400
_T = TypeVar("_T")

Limit = Annotated[int, Query(ge=1, le=MOST, description="每页条数。How many at most.")]
Cursor = Annotated[
    str | None,
    Query(min_length=1, max_length=LONGEST_CURSOR, description="上一页的 `next`。`next` of the page before."),
]


def page(
    found: Sequence[_T], key: Callable[[_T], str], limit: int, cursor: str | None
) -> tuple[Sequence[_T], str | None]:
    """The part after the cursor of what stands in the order of its keys, and the next page's cursor if there is one."""
    after = read_cursor(cursor)
    left = [one for one in found if after is None or key(one) > after]
    return left[:limit], cursor_of(key(left[limit - 1])) if len(left) > limit else None


def cursor_of(key: str) -> str:
    """A cursor after what has this key."""
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> str | None:
    """The key a cursor goes on after; None for none. RefusedInput for what is no cursor."""
    if not cursor:
        return None
    try:
        return b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise refused_input("A731", "不是本接口给出的 cursor", "this is no cursor of ours", where="cursor") from None
