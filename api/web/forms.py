"""A form as it was sent: every field bounded, every fault kept with its field, and nothing lost of what was typed."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from starlette.datastructures import FormData, UploadFile

from engine.errors import MemorandaError
from engine.vocabulary import Words

Read = TypeVar("Read")

# What nobody types: all but tab and line feed.
_CONTROLS = {number: None for number in range(32) if chr(number) not in "\t\n"} | {127: None}
LINE, TEXT = 200, 4_000  # characters of a field of one line, of several
MISSING = Words("请填写", "fill this in")
CHOOSE = Words("请选择一项", "choose one")


class Form:
    """The fields of a form and what is wrong with them; empty for a page that is only looked at."""

    def __init__(self, sent: FormData | None = None, defaults: Mapping[str, str] | None = None) -> None:
        self._sent = sent
        self.values = {name: _text(value) for name, value in (defaults or {}).items()}
        self.faults: dict[str, Words] = {}
        for name, value in sent.multi_items() if sent else ():
            if isinstance(value, str) and name not in ("_proof", "_once"):
                self.values[name] = _text(value)

    @property
    def sound(self) -> bool:
        """Whether no fault was found so far."""
        return not self.faults

    def raw(self, name: str) -> str:
        """What was typed, as it was."""
        return self.values.get(name, "")

    def all(self, name: str) -> list[str]:
        """Every value of a field that may be ticked several times."""
        return [_text(value) for value in (self._sent.getlist(name) if self._sent else ()) if isinstance(value, str)]

    def file(self, name: str) -> UploadFile | None:
        """The file that was sent, if one was chosen."""
        sent = self._sent.get(name) if self._sent else None
        return sent if isinstance(sent, UploadFile) and sent.filename else None

    def fault(self, name: str, said: Words) -> None:
        """Say what is wrong with a field; the first fault of it is the one that is shown."""
        self.faults.setdefault(name, said)

    def text(self, name: str, needed: bool = True, most: int = LINE, missing: Words = MISSING) -> str:
        """A text without blanks around it; empty where it is missing or too long, which is then said."""
        said = self.raw(name).strip()
        if needed and not said:
            self.fault(name, missing)
        if len(said) > most:
            self.fault(
                name,
                Words(f"过长：{len(said)} 字，最多 {most} 字", f"too long: {len(said)} characters, {most} at most"),
            )
            return ""
        return said

    def choice(self, name: str, among: Iterable[str], needed: bool = True) -> str:
        """One of the words; empty where none was chosen."""
        said = self.raw(name).strip()
        if said in set(among):
            return said
        if said or needed:
            self.fault(name, CHOOSE)
        return ""

    def read(self, name: str, how: Callable[[str], Read]) -> Read | None:
        """A field as something else; what `how` finds wrong with it is said beside it. None for an empty one."""
        if name in self.faults or not self.raw(name).strip():
            return None
        return self.tried(name, lambda: how(self.raw(name).strip()))

    def tried(self, name: str, what: Callable[[], Read]) -> Read | None:
        """What comes of it; what goes wrong is said beside the field."""
        try:
            return what()
        except MemorandaError as error:
            self.fault(name, told(error))
            return None


def told(error: MemorandaError) -> Words:
    """An error of the engine in a sentence, with how to mend it."""
    zh = f"{error.zh}。{error.help_zh}" if error.help_zh else error.zh
    en = f"{error.en}. {error.help_en}" if error.help_en else error.en
    return Words(zh, en)


def _text(sent: str) -> str:
    """What was sent as a text that every book takes: no control character, no half of a character."""
    return sent.translate(_CONTROLS).encode("utf-8", "replace").decode()
