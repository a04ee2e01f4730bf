"""`--explain P304`: what a code means and why, with a wrong and a right example, from explanations.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.errors import Missing
from engine.packs.source import read_tree
from engine.packs.words import Node, advice, shown
from engine.vocabulary import Words

_FILE = Path(__file__).with_name("explanations.yaml")
_WRONG = Words("错误", "wrong")
_RIGHT = Words("正确", "right")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code: what it says at length, and the examples as a pack would have them."""

    code: str
    says: Words
    wrong: str
    right: str

    @property
    def title(self) -> Words:
        """The first sentence alone."""
        return Words(self.says.zh.partition("。")[0], self.says.en.partition(". ")[0].removesuffix("."))


@cache
def explanations() -> Mapping[str, Explanation]:
    """Every code with its explanation, in order."""
    root = Node.root(read_tree(_FILE))
    return {
        node.name: Explanation(node.name, node.both(), node.at("wrong").text, node.at("right").text)
        for node in root.kids()
    }


def explanation(code: str) -> Explanation:
    """The explanation of one code; Missing says which codes are near, or which there are."""
    known = explanations()
    found = known.get(code.strip().upper())
    if found is None:
        span = f"{min(known)} … {max(known)}"
        near, near_en = advice(code.upper(), known)
        zh, en = f"没有代码 `{shown(code)}`", f"there is no code `{shown(code)}`"
        raise Missing(zh, en, near or f"代码：{span}", near_en or f"codes: {span}")
    return found


def explained(code: str, lang: str) -> str:
    """The explanation as text in `zh` or `en`."""
    found = explanation(code)
    examples = (f"{head.say(lang)}\n{_indented(text)}" for head, text in ((_WRONG, found.wrong), (_RIGHT, found.right)))
    return "\n\n".join((f"{found.code}  {found.says.say(lang)}", *examples))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
