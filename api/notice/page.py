"""The notice as a page of HTML: one file, nothing loaded from anywhere, every text escaped by jinja2."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.notice.contents import contents_of
from api.notice.words import TAGS, day_or_instant, say
from engine.services.noticing import Noted

_TEMPLATES = Path(__file__).with_name("templates")
_FONTS = Path(__file__).with_name("fonts")
_GROUP = 8


def notice_page(noted: Noted, lang: str = "zh") -> str:
    """The notice in `zh` or `en`; the same receipt and rulebook give the same text."""

    def word(key: str, **parts: str) -> str:
        return say(key, lang, **parts)

    def when(text: str) -> str:
        return day_or_instant(text, lang, seconds=True)

    template = _templates().get_template("notice.html")
    return template.render(notice=contents_of(noted, lang), lang=lang, tag=TAGS[lang], say=word, when=when)


def pointed(text: str) -> str:
    """The text; what our font lacks has its code point beside it, and what cannot be seen is only that.

    So a rare name stays certain where its character prints as an empty box, and nothing turns the line about.
    """
    if _characters().issuperset(text):
        return text
    return "".join(one if one in _characters() else _pointed(one) for one in text)


def _pointed(one: str) -> str:
    return " " if one in "\t\r\n" else f"{one if one.isprintable() else ''}〔U+{ord(one):04X}〕"


@cache
def _characters() -> frozenset[str]:
    return frozenset((_FONTS / "characters.txt").read_text(encoding="utf-8").replace("\n", ""))


def _shown(value: object) -> object:
    """What an expression prints: texts of any source go through `pointed` and then are escaped; macros did both."""
    return pointed(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _grouped(text: str) -> list[str]:
    """A long hash in groups that an eye can follow."""
    return [text[at : at + _GROUP] for at in range(0, len(text), _GROUP)]


@cache
def _templates() -> Environment:
    # Always on, not by the file's ending: what a receipt holds is never markup.
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["grouped"] = _grouped
    return templates
