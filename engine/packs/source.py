"""YAML to a tree of texts with places: one pass over PyYAML's events builds the values and finds faults of form."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from engine.errors import Fault, Missing
from engine.packs.form import PROBLEMS, SAID
from engine.packs.tree import Path_, Spot, Tree, Value, place_of

PACK_LIMIT = 1 << 20
ENTRIES_LIMIT = 16 << 20
MOST_FAULTS = 200
DEEPEST = 12
LONGEST = 10_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# Control characters, invisible marks that change the reading direction, zero-width characters, foreign line breaks.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")


def read_bytes(path: Path, limit: int = PACK_LIMIT) -> bytes:
    """The file's bytes, at most one more than `limit`. Missing if it is not there, a folder, or unreadable."""
    try:
        with path.open("rb") as stream:
            return stream.read(limit + 1)
    except FileNotFoundError:
        raise Missing(f"没有文件 `{path}`", f"there is no file `{path}`", "请检查路径", "check the path") from None
    except IsADirectoryError:
        raise Missing(f"`{path}` 是文件夹，不是文件", f"`{path}` is a folder, not a file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise Missing(f"无法读取 `{path}`：{reason}", f"cannot read `{path}`: {reason}") from None


def read_tree(path: Path, limit: int = PACK_LIMIT) -> Tree:
    """Read a YAML or JSON file; every fault of form is in the tree. Missing if the file cannot be read."""
    return parse_tree(read_bytes(path, limit), str(path), limit)


def parse_tree(data: bytes, file: str, limit: int = PACK_LIMIT) -> Tree:
    """Read YAML or JSON from bytes; `file` is the name that places carry."""
    builder = _Builder(file)
    if len(data) > limit:
        builder.report("P102", Spot(1, 1, 1), n=f"{limit:,}")
        return builder.tree(cut=True)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace").split("\n")
        builder.lines = tuple(before)
        builder.report("P101", Spot(len(before), len(before[-1]) + 1, 1))
        return builder.tree(cut=True)
    return builder.read(_plain_json(text.replace("\r\n", "\n").replace("\r", "\n")))


def _plain_json(text: str) -> str:
    """JSON made readable as YAML: tabs between tokens become spaces, surrogate pairs the character they mean."""
    if not text.lstrip().startswith(("{", "[")) or not ("\t" in text or "\\u" in text):
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    # A raw tab inside a string is not JSON, so every one that is left stands between tokens.
    return _PAIR.sub(lambda found: found[1] + json.loads(f'"{found[2]}"'), text.replace("\t", " "))


class _Enough(Exception):
    """So many faults that more would not help anybody."""


class _Builder:
    """Events into values, spots and faults. A container is attached before it is filled, so a syntax error cuts nothing
    that stands before it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: tuple[str, ...] = ()
        self.faults: list[Fault] = []
        self.holes: set[Path_] = set()
        self.value: Value = ""
        self.root: Spot | None = None
        self.events: Iterator[Any] = iter(())

    def tree(self, cut: bool = False) -> Tree:
        line = self.faults[-1].place.line if cut else 0
        return Tree(self.file, self.value, tuple(self.faults), self.lines, self.root, frozenset(self.holes), line)

    def report(self, code: str, spot: Spot, **words: Any) -> None:
        zh, en, help_zh, help_en = (said.format(**words) for said in SAID[code])
        self.faults.append(Fault(code, place_of(self.file, self.lines, spot), zh, en, help_zh, help_en))
        if len(self.faults) == MOST_FAULTS:
            self.report("P115", spot)
        elif len(self.faults) > MOST_FAULTS:
            raise _Enough

    def read(self, text: str) -> Tree:
        self.lines = tuple(text.split("\n"))
        try:
            text = self._without_controls(text)
            self.events = iter(yaml.parse(text, Loader=_LOADER))
            self._documents()
        except _Enough:
            return self.tree(cut=True)
        except yaml.YAMLError as error:
            self._syntax(error)
            return self.tree(cut=True)
        if self.root is None:
            self.report("P105", Spot(1, 1, 1))
        return self.tree(cut=self.root is None)

    def _without_controls(self, text: str) -> str:
        for number, line in enumerate(self.lines, 1):
            for found in _CONTROL.finditer(line):
                self.report("P103", Spot(number, found.start() + 1, 1), n=f"{ord(found[0]):04X}")
        return _CONTROL.sub("\ufffd", text)

    def _syntax(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        zh = next((said for known, said in PROBLEMS.items() if known in problem), problem)
        line = min(mark.line + 1, len(self.lines)) if mark else 1  # a mark may lie past the last line
        column = mark.column + 1 if mark and mark.line + 1 == line else len(self.lines[line - 1]) + 1
        zh, en, help_zh, help_en = (said.format(zh=zh, en=problem) for said in SAID["P104"])
        place = place_of(self.file, self.lines, Spot(line, column, 1))
        self.faults.append(Fault("P104", place, zh, en, help_zh, help_en))

    def _documents(self) -> None:
        for event in self.events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            if self.root is not None:
                self.report("P106", self._spot(event))
                return
            if event.tags:
                self.report("P110", self._spot(event), n="%TAG")
            first = next(self.events)
            if isinstance(first, yaml.ScalarEvent) and not first.style and not first.value:
                return
            self.value, self.root = self._begin(first, ())
            self._fill(self.value, self.root, ())

    def _spot(self, event: Any) -> Spot:
        start, end = event.start_mark, event.end_mark
        line = self.lines[start.line] if start.line < len(self.lines) else ""
        stop = end.column if end.line == start.line and end.column > start.column else len(line)
        return Spot(start.line + 1, start.column + 1, max(stop - start.column, 1))

    def _begin(self, event: Any, path: Path_, key: Spot | None = None) -> tuple[Value, Spot]:
        """The value an event starts: a scalar is complete, a container still empty."""
        spot = self._spot(event)
        spot.key = key
        if isinstance(event, yaml.AliasEvent):
            self._refuse("P109", spot, path, n=event.anchor)
            return "", spot
        if event.anchor:
            self.report("P108", spot, n=event.anchor)
        if event.tag:
            self.report("P110", spot, n=event.tag)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path, spot), spot
        return ([] if isinstance(event, yaml.SequenceStartEvent) else {}), spot

    def _refuse(self, code: str, spot: Spot, path: Path_, **words: Any) -> None:
        self.holes.add(path)
        self.report(code, spot, **words)

    def _scalar(self, event: Any, path: Path_, spot: Spot) -> str:
        text: str = event.value
        if not text.strip() or (not event.style and text in _NULLS):
            self._refuse("P112", spot.key or spot, path)
            return ""
        if len(text) > LONGEST:
            self._refuse("P114", spot, path, n=f"{LONGEST:,}")
            return ""
        if event.style == '"' and (found := _CONTROL.search(text)):  # an escape may smuggle one in
            self._refuse("P103", spot, path, n=f"{ord(found[0]):04X}")
            return ""
        return text

    def _fill(self, value: Value, spot: Spot, path: Path_) -> None:
        if isinstance(value, str):
            return
        if len(path) >= DEEPEST:
            self._refuse("P111", spot, path, n=DEEPEST)
            self._skip()
        elif isinstance(value, list):
            self._sequence(value, spot, path)
        else:
            self._mapping(value, spot, path)

    def _sequence(self, items: list[Value], spot: Spot, path: Path_) -> None:
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            inner = (*path, len(items))
            value, child = self._begin(event, inner)
            spot.kids[len(items)] = child
            items.append(value)
            self._fill(value, child, inner)
        self._close(spot, event)

    def _mapping(self, mapping: dict[str, Value], spot: Spot, path: Path_) -> None:
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event)
            inner = (*path, key or "")
            value, child = self._begin(next(self.events), inner, self._spot(event))
            if key is not None and key in mapping:
                first = spot.kids[key].key
                self.report("P107", self._spot(event), n=key, at=first.line if first else 0)
            elif key is not None:
                mapping[key] = value
                spot.kids[key] = child
            self._fill(value, child, inner)
        self._close(spot, event)

    def _close(self, spot: Spot, event: Any) -> None:
        """A container on one line is underlined to its bracket."""
        end = event.end_mark
        if end.line + 1 == spot.line and end.column >= spot.column:
            spot.length = end.column + 1 - spot.column

    def _key(self, event: Any) -> str | None:
        spot = self._spot(event)
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor:
                self.report("P108", spot, n=event.anchor)
            if event.tag:
                self.report("P110", spot, n=event.tag)
            text: str = event.value
            if text.strip() and not (not event.style and text in _NULLS):
                return text
        self.report("P113", spot)
        if isinstance(event, yaml.CollectionStartEvent):
            self._skip()
        return None

    def _skip(self) -> None:
        """Pass over the rest of the container that has just begun."""
        depth = 1
        while depth:
            event = next(self.events)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:  # libyaml takes quadratic time on very deep nesting
                    raise _Enough
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
