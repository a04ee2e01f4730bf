"""A small JSON body, field by field: every fault is kept until all are read, and none repeats what was sent."""

from collections.abc import Callable, Collection
from typing import NoReturn, TypeVar

from engine.errors import Fault, MemorandaError, Place, RefusedInput
from engine.packs.pointers import tree_of_json
from engine.services.registering import kept

_T = TypeVar("_T")


class Fields:
    """An object of texts with known keys. RefusedInput at once for what is no object."""

    def __init__(self, data: bytes, known: Collection[str]) -> None:
        tree = tree_of_json(data)
        self._faults = list(tree.faults)
        if not isinstance(tree.value, dict) or not tree.whole:
            self._faults = self._faults or [Fault("P124", Place(""), "此处应为一组键值", "this should be an object")]
            raise RefusedInput(self._faults)
        self._said = tree.value
        if not set(self._said) <= set(known):  # which one is not repeated: anything may stand in a key
            words = ", ".join(known)
            self.fault("P121", "", "有不认识的键", "there is an unknown key", (f"可用：{words}", f"there are: {words}"))

    def __contains__(self, name: str) -> bool:
        return name in self._said

    def text(self, name: str, needed: bool = False) -> str:
        """A line of text, bounded and without a person's number; empty where it is not there."""
        return self.read(name, lambda said: kept(said, f"/{name}"), needed) or ""

    def read(self, name: str, how: Callable[[str], _T], needed: bool = False) -> _T | None:
        """What the field's text says, read in some way; None where it is not there or cannot be read."""
        if name not in self._said:
            if needed:
                self.fault("P122", f"/{name}", f"缺少键 `{name}`", f"the key `{name}` is missing")
            return None
        said = self._said[name]
        if not isinstance(said, str):
            self.fault("P124", f"/{name}", "此处应为文本", "this should be a text")
            return None
        try:
            return how(said)
        except MemorandaError as error:
            code = error.faults[0].code if isinstance(error, RefusedInput) else "P125"
            self.fault(code, f"/{name}", error.zh, error.en, (error.help_zh, error.help_en))
            return None

    def fault(self, code: str, pointer: str, zh: str, en: str, help: tuple[str, str] = ("", "")) -> None:
        """Keep a fault; one about the same place is enough."""
        if all(one.place.file != pointer for one in self._faults):
            self._faults.append(Fault(code, Place(pointer), zh, en, *help))

    def done(self) -> None:
        """RefusedInput with every fault there was."""
        if self._faults:
            self.refuse()

    def refuse(self) -> NoReturn:
        """Stop here."""
        raise RefusedInput(self._faults)
