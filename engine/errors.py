"""What can be wrong, said in two languages, with where and how to mend.

MemorandaError
├── Refused            input that was read and found faulty: every fault at once
│   ├── RefusedPacks       a pack or vocabulary file
│   └── RefusedInput       an inquiry, an entries file, a code
├── Missing            a file, folder or word that is not there
│   └── Unpublished        the working days of a year that no notice in the vocabulary arranges
├── Occupied           a folder to write that holds something else: it is left alone
├── Unavailable        a database that is away, full, locked or read-only: nothing half written stays
└── EngineFault        the two judges disagree, or durable-rules surprised us: nothing is guessed
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: line and column count from 1, `length` in characters, `source` is the whole line."""

    file: str
    line: int = 0
    column: int = 0
    length: int = 1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding about a text: a stable code, a severity (error, warning, note), a sentence and a way out."""

    code: str
    place: Place
    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""
    severity: str = "error"
    clause: str = ""
    title: str = ""


class MemorandaError(Exception):
    """Base of all; `zh` and `en` are one sentence each, `help_*` say how to mend."""

    def __init__(self, zh: str, en: str, help_zh: str = "", help_en: str = "") -> None:
        super().__init__(en)
        self.zh, self.en, self.help_zh, self.help_en = zh, en, help_zh, help_en


class Refused(MemorandaError):
    """Input read and refused, with every fault found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        super().__init__(first.zh, first.en, first.help_zh, first.help_en)
        self.faults = tuple(faults)


class RefusedPacks(Refused):
    """A rulebook that cannot be built from these packs and words."""


class RefusedInput(Refused):
    """An inquiry or an entries file that cannot be judged."""


def refused_input(code: str, zh: str, en: str, help_zh: str = "", help_en: str = "", where: str = "") -> RefusedInput:
    """One fault of something that came from no file; `where` names the option or field."""
    return RefusedInput([Fault(code, Place(where), zh, en, help_zh, help_en)])


class Missing(MemorandaError):
    """A file, a folder or a name that does not exist."""


class Occupied(MemorandaError):
    """A place to write where something stands that is not ours to replace."""


class Unpublished(Missing):
    """Working days that nobody has announced, or that are not entered yet; they are never guessed."""


class Unavailable(MemorandaError):
    """A store that cannot be used now; nothing was half written."""


class EngineFault(MemorandaError):
    """The engine contradicted itself; the question is refused rather than guessed."""
