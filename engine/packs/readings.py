"""How the records of a vocabulary file were checked, read apart: no judge asks for it, an auditor does."""

import re
from collections.abc import Mapping

from engine.packs.source import parse_tree
from engine.packs.words import Node
from engine.reading import Checked

_WORDS = re.compile(r"(\d+)/vocabulary/(?:.*/)?([^/]+)\.yaml")


def checked_words(files: Mapping[str, bytes], name: str) -> dict[str, Checked | None]:
    """By code, how each record of `name` (`instruments`, `lists` …) was checked; None where it does not say.

    `files` are a `Library`'s: of several layers the first that has a code is the one that counts.
    """
    found: dict[str, Checked | None] = {}
    layers = [(int(at[1]), path) for path in files if (at := _WORDS.fullmatch(path)) and at[2] == name]
    for _, path in sorted(layers):
        for node in Node.root(parse_tree(files[path], path)).kids():
            found.setdefault(node.name, node.at("checked").checked())
    return found
