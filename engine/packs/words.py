"""Reading a tree without trusting its shape: texts, days and known words, a fault at the place of each wrong one."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from engine.calendar import Period, When, read_day, read_when
from engine.errors import Fault
from engine.packs.tree import Path_, Tree, Value, step_into
from engine.reading import Checked
from engine.vocabulary import Span, Words

W = TypeVar("W", bound=StrEnum)
# Where two lines of Chinese were joined.
_FOLD = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # fromisoformat also takes weeks, which nobody means


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """The known word nearest to a mistaken one; empty if none is near."""
    known = {plain_text(choice).casefold(): choice for choice in choices}
    plain = plain_text(word).casefold()
    for variant in (plain, plain.replace("_", "-"), plain.replace("-", "_")):
        if variant in known:
            return known[variant]
    near = get_close_matches(plain[:80], known, n=1, cutoff=0.6)
    return known[near[0]] if near else ""


def advice(word: str, choices: Iterable[str], most: int = 12) -> tuple[str, str]:
    """The help for an unknown word, zh and en: the nearest one, or all if they are few."""
    known = list(choices)
    near = did_you_mean(word, known)
    if near:
        return f"是否指 `{near}`？", f"did you mean `{near}`?"
    if known and len(known) <= most:
        return "可用：" + "、".join(known), "known: " + ", ".join(known)
    return "", ""


def plain_text(text: str) -> str:
    """Full-width letters and digits as ordinary ones, without blanks at the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def word_of(words: type[W], text: str, default: W) -> W:
    """The member of an enumeration that the text names; `default` for what the schema refuses anyway."""
    try:
        return words(text)
    except ValueError:
        return default


def shown(text: str, most: int = 60) -> str:
    """A text as a message quotes it: one line, not too long."""
    line = " ".join(text.split()).replace("`", "'")
    return line if len(line) <= most else line[: most - 1] + "…"


@dataclass(slots=True)
class Node:
    """A spot in a tree. What has the wrong shape reads as absent: the schema has already spoken of it."""

    tree: Tree
    path: Path_
    faults: list[Fault]
    value: Value | None  # what stands here; None if nothing does, or if it was refused

    @classmethod
    def root(cls, tree: Tree, faults: list[Fault] | None = None) -> "Node":
        """The whole of a tree."""
        return cls(tree, (), [] if faults is None else faults, None if () in tree.holes else tree.value)

    @property
    def text(self) -> str:
        """The text that stands here, or nothing."""
        value = self.value
        return value if isinstance(value, str) else ""

    @property
    def map(self) -> dict[str, Value]:
        """The mapping that stands here, or an empty one."""
        value = self.value
        return value if isinstance(value, dict) else {}

    @property
    def name(self) -> str:
        """The key under which this stands."""
        return str(self.path[-1]) if self.path else ""

    def at(self, key: str | int) -> "Node":
        """What stands under a key, which may be nothing."""
        path = (*self.path, key)
        return Node(self.tree, path, self.faults, None if path in self.tree.holes else step_into(self.value, key))

    def apart(self, faults: list[Fault]) -> "Node":
        """The same spot, whose faults are noted elsewhere."""
        return Node(self.tree, self.path, faults, self.value)

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self.map

    def kids(self) -> Iterator["Node"]:
        """What a mapping or a list holds, in the order written."""
        value = self.value
        steps: Iterable[str | int] = (
            value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        )
        for step in steps:
            yield self.at(step)

    def fault(
        self,
        code: str,
        zh: str,
        en: str,
        help: tuple[str, str] = ("", ""),
        *,
        key: bool = False,
        severity: str = "error",
    ) -> None:
        """Note a fault at this place, or at its key."""
        place = self.tree.place(self.path, key)
        if not self.tree.whole and place.line >= self.tree.cut:
            return
        self.faults.append(Fault(code, place, zh, en, help[0], help[1], severity))

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list, or of a single text standing in its place."""
        return tuple(node.text for node in self.each(key))

    def each(self, key: str) -> tuple["Node", ...]:
        """The text nodes of a list, or the one text standing in its place."""
        node = self.at(key)
        if node.text:
            return (node,)
        return tuple(kid for kid in node.kids() if kid.text) if isinstance(node.value, list) else ()

    def known(self, code: str, choices: Iterable[str], zh: str, en: str) -> bool:
        """Whether the text here is one of the choices; if not, a fault that calls it by `zh` and `en`."""
        known = choices if isinstance(choices, dict | frozenset | set) else list(choices)
        if not self.text or self.text in known:
            return bool(self.text)
        word = shown(self.text)
        self.fault(code, f"没有这个{zh}：`{word}`", f"there is no {en} `{word}`", advice(word, known))
        return False

    def words(self, key: str, code: str, choices: Iterable[str], zh: str, en: str) -> tuple[str, ...]:
        """The texts of a list that are among the choices; a fault for each other, and for one written twice."""
        known, found = list(choices), list[str]()
        for node in self.each(key):
            if node.text in found:
                node.fault("P229", f"`{shown(node.text)}` 写了两次", f"`{shown(node.text)}` is written twice")
            elif node.known(code, known, zh, en):
                found.append(node.text)
        return tuple(found)

    def day(self, key: str | int, code: str = "P201") -> date | None:
        """The day under the key; an impossible one is a fault, a text that is no day at all is the schema's."""
        node = self.at(key)
        text = plain_text(node.text)
        if not _DAY.fullmatch(text):
            return None
        try:
            return read_day(text)
        except ValueError as error:
            node.impossible(code, error)
            return None

    def moment(self, key: str | int, code: str = "P201") -> When | None:
        """The day or instant under the key; an impossible one is a fault."""
        node = self.at(key)
        text = plain_text(node.text)
        if not _DAY.match(text):
            return None
        try:
            return read_when(text)
        except (ValueError, OverflowError) as error:
            node.impossible(code, error)
            return None

    def impossible(self, code: str, error: Exception) -> None:
        """The fault of a day or instant that cannot be read."""
        text = shown(self.text)
        helps = (
            "日期写作 2024-06-10，时刻写作 2024-06-10T09:00+08:00，介于 1949-10-01 与 2199-12-31 之间",
            "a day is written 2024-06-10, an instant 2024-06-10T09:00+08:00, between 1949-10-01 and 2199-12-31",
        )
        self.fault(code, f"`{text}` 不是可能的日期或时刻", f"`{text}` is not a possible day or instant: {error}", helps)

    def span(self, since: str = "from", until: str = "until", code: str = "P228") -> Span:
        """The days from one key to another, both inclusive; a span that ends before it begins is a fault."""
        first, last = self.day(since), self.day(until)
        if first and last and last < first:
            self.at(until).fault(code, f"止于 {last}，早于起始 {first}", f"ends on {last}, before it begins on {first}")
        return Span(first, last)

    def period(self) -> Period | None:
        """Years, months and days written here; None if there are none."""
        counts = {
            key: int(plain_text(text)) for key in ("years", "months", "days") if _count(text := self.at(key).text)
        }
        return Period(**counts) if any(counts.values()) else None

    def both(self) -> Words:
        """The `zh` and `en` written here."""
        return Words(self.at("zh").text, self.at("en").text)

    def remark(self) -> Words | None:
        """What is written here in one language, for both, or in both; None if nothing is.

        A text of several lines is folded with blanks, which Chinese has none of.
        """
        both = self.both() if self.map else Words(self.text, self.text)
        return Words(_FOLD.sub("", both.zh), both.en) if both.en else None

    def checked(self) -> Checked | None:
        """How a reading was checked, by what is written here; None if it is not said."""
        on = self.day("on")
        return Checked(self.at("by").text, on, self.at("confidence").text) if on else None


def _count(text: str) -> bool:
    plain = plain_text(text)
    return plain.isascii() and plain.isdigit() and len(plain) <= 4


def titled(faults: Iterable[Fault], clause: str, title: str) -> list[Fault]:
    """The faults with the clause and the document they stand in."""
    return [replace(fault, clause=fault.clause or clause, title=fault.title or title) for fault in faults]
