"""A JSON body as the same tree a file gives, all scalars texts; where something stands is said by a JSON pointer."""

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from engine.errors import Fault, Place
from engine.packs.form import SAID
from engine.packs.tree import Path_, Spot, Tree, Value

LIMIT = 1 << 20
DEEPEST = 12
LONGEST = 10_000
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]")
_ANYWHERE = Spot(1, 1, 1)


@dataclass(frozen=True)
class Pointed(Tree):
    """A tree whose places are JSON pointers (RFC 6901)."""

    def place(self, path: Path_, key: bool = False) -> Place:
        """The pointer to the value, or to its key: a body has no lines worth naming."""
        return Place("".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path))


class _Twice(ValueError):
    """A key stands twice in one object."""


def tree_of_json(data: bytes, limit: int = LIMIT) -> Pointed:
    """The body of a request; every fault of form is in the tree, as with a file."""
    if len(data) > limit:
        return _cut("P102", n=f"{limit:,}")
    try:
        # Numbers stay the texts they are: no number of a million digits is ever made.
        said = json.loads(
            data, object_pairs_hook=_once, parse_int=str, parse_float=str, parse_constant=_no_number
        )  # fmt: skip
    except UnicodeDecodeError:
        return _cut("P101")
    except _Twice as twice:
        return _cut("P117", n=str(twice))
    except (ValueError, RecursionError) as error:
        return _cut("P116", en=getattr(error, "msg", "") or "nested too deeply, or no number")
    return tree_of(said)


def tree_of(said: Any) -> Pointed:
    """A body that has been read already: objects, lists, texts and flags."""
    faults, holes = list[Fault](), set[Path_]()
    value = _plain(said, (), faults, holes)
    return Pointed("", value, tuple(faults), (), _ANYWHERE, frozenset(holes))


def _plain(said: Any, path: Path_, faults: list[Fault], holes: set[Path_]) -> Value:
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, dict | list):
        if len(path) >= DEEPEST:
            return _hole("P111", path, faults, holes, n=DEEPEST)
        if isinstance(said, list):
            return [_plain(one, (*path, number), faults, holes) for number, one in enumerate(said)]
        return {key: _plain(one, (*path, key), faults, holes) for key, one in said.items()}
    text = said if isinstance(said, str) else ""
    if not text.strip():
        return _hole("P112", path, faults, holes)
    if len(text) > LONGEST:
        return _hole("P114", path, faults, holes, n=f"{LONGEST:,}")
    if found := _CONTROL.search(text):
        return _hole("P103", path, faults, holes, n=f"{ord(found[0]):04X}")
    return text


def _hole(code: str, path: Path_, faults: list[Fault], holes: set[Path_], **words: Any) -> str:
    holes.add(path)
    faults.append(_fault(code, Pointed("", "", ()).place(path), **words))
    return ""


def _cut(code: str, **words: Any) -> Pointed:
    return Pointed("", {}, (_fault(code, Place(""), **words),), cut=1)


def _fault(code: str, place: Place, **words: Any) -> Fault:
    zh, en, help_zh, help_en = (said.format(**words) for said in SAID[code])
    return Fault(code, place, zh, en, help_zh, help_en)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key[:60] for key in keys if keys.count(key) > 1))
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)
