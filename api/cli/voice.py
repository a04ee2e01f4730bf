"""How the command line speaks: which language, and whether in colour."""

import os
from dataclasses import dataclass
from typing import TextIO

from engine.errors import MemorandaError

_COLOURS = {"green": 32, "red": 31, "yellow": 33, "cyan": 36, "bold": 1, "dim": 2}


@dataclass(frozen=True, slots=True)
class Voice:
    """Chinese unless MEMORANDA_LANG or a `--lang` says English; colour only on a terminal without NO_COLOR."""

    lang: str
    colour: bool

    @staticmethod
    def of_stream(stream: TextIO, lang: str | None = None) -> "Voice":
        """The voice for a stream; `lang` is what the user asked for, if anything."""
        chosen = lang or os.environ.get("MEMORANDA_LANG", "zh")[:2]
        return Voice(chosen if chosen in ("zh", "en") else "zh", stream.isatty() and "NO_COLOR" not in os.environ)

    def paint(self, text: str, colour: str) -> str:
        """The text in a colour, where this voice has colour."""
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self.colour else text

    def say(self, zh: str, en: str) -> str:
        """Whichever of the two this voice speaks."""
        return zh if self.lang == "zh" else en

    def error(self, error: MemorandaError) -> str:
        """An error that points at no line: the sentence and, apart, how to mend."""
        word = self.paint(self.say("错误", "error"), "red")
        help_text = self.say(error.help_zh, error.help_en)
        return f"{word}: {self.say(error.zh, error.en)}" + (f"\n  help: {help_text}" if help_text else "")
