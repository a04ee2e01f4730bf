"""What a file says, as nested dicts, lists and texts, and where in it each of them stands."""

from dataclasses import dataclass, field
from typing import TypeAlias, Union

from engine.errors import Fault, Place

# A Union, not a text, so that annotations may say `Value | None` without quotes.
Value: TypeAlias = Union["dict[str, Value]", "list[Value]", str]
Path_: TypeAlias = tuple[str | int, ...]


def step_into(value: Value | None, step: str | int) -> Value | None:
    """What stands under a key or a number; None if nothing does."""
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return None


@dataclass(slots=True)
class Spot:
    """Where a value stands in the text, where its key stands, and the spots of what it holds."""

    line: int
    column: int
    length: int
    key: "Spot | None" = None
    kids: "dict[str | int, Spot]" = field(default_factory=dict)


@dataclass(frozen=True)
class Tree:
    """A file as nested dicts, lists and texts; `holes`: paths of refused values; `cut`: line where reading stopped."""

    file: str
    value: Value
    faults: tuple[Fault, ...]
    lines: tuple[str, ...] = ()
    root: Spot | None = None
    holes: frozenset[Path_] = frozenset()
    cut: int = 0

    @property
    def whole(self) -> bool:
        """Whether the file was read to its end."""
        return not self.cut

    def place(self, path: Path_, key: bool = False) -> Place:
        """Where the value at `path` stands, or its key; the nearest thing around it if there is no such value."""
        spot = self.root
        if spot is None:
            return Place(self.file)
        for step in path:
            if step not in spot.kids:
                break
            spot = spot.kids[step]
        else:
            spot = spot.key if key and spot.key else spot
        return place_of(self.file, self.lines, spot)


def place_of(file: str, lines: "tuple[str, ...] | list[str]", spot: Spot) -> Place:
    """The spot as messages show it, with its line."""
    source = lines[spot.line - 1] if spot.line <= len(lines) else ""
    return Place(file, spot.line, spot.column, spot.length, source)
