"""How an entry is repaired or challenged: by its list, by who keeps that list, by place and by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from engine.reading import Checked, Span, Words


@dataclass(frozen=True, slots=True)
class Sought:
    """An entry whose way back is sought: its list and colour, the keeper with its heirs, the places around it (nearest
    first), and the day."""

    list_code: str
    colour: str
    keepers: frozenset[str]
    places: tuple[str, ...]
    day: date


@dataclass(frozen=True, slots=True)
class Scope:
    """Which entries a rule is for: of these lists, of these keepers, or of these colours; all, if none is named."""

    span: Span
    jurisdiction: str
    lists: frozenset[str] = frozenset()
    keepers: frozenset[str] = frozenset()
    colours: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()

    @property
    def breadth(self) -> int:
        """How broad the rule is, the narrowest being the one that counts: lists 0, keepers 1, colours 2, all 3."""
        return 0 if self.lists else 1 if self.keepers else 2 if self.colours else 3

    @property
    def named(self) -> frozenset[str]:
        """The lists, keepers or colours it is for; none for all."""
        return self.lists or self.keepers or self.colours

    def covers(self, sought: Sought) -> bool:
        """Whether the rule is for this entry, in one of its places, on that day."""
        known = (frozenset({sought.list_code}), sought.keepers, frozenset({sought.colour}), self.named)[self.breadth]
        return (
            self.span.holds(sought.day)
            and self.jurisdiction in sought.places
            and sought.list_code not in self.spared
            and (not self.named or bool(self.named & known))
        )


@dataclass(frozen=True, slots=True)
class RepairRegime:
    """A regime of repair; None where no source states it. `doubt` is what must be said with it."""

    code: str
    name: Words
    scope: Scope
    apply_to: Words
    conditions: Words
    minimum: Words | None
    maximum: Words | None
    deadline: Words | None
    basis: tuple[str, ...]
    checked: Checked
    doubt: Words | None = None
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """How an entry is challenged; `mark` is what becomes of it meanwhile, `after` what follows a refusal."""

    code: str
    name: Words
    scope: Scope
    apply_to: Words
    mark: Words | None
    deadline: Words | None
    after: Words | None
    basis: tuple[str, ...]
    checked: Checked
    doubt: Words | None = None
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class NoRepair:
    """Why an entry has no repair, only its term."""

    code: str
    name: Words
    scope: Scope
    basis: tuple[str, ...]
    checked: Checked
    doubt: Words | None = None
    note: Words | None = None


class Scoped(Protocol):
    """Any rule that is for some entries only."""

    @property
    def scope(self) -> Scope:
        """Which entries."""


R = TypeVar("R", bound=Scoped)


@dataclass(frozen=True, slots=True)
class RepairRules:
    """The ways back of all layers, and where there is none."""

    regimes: tuple[RepairRegime, ...] = ()
    objections: tuple[Objection, ...] = ()
    not_repairable: tuple[NoRepair, ...] = ()

    def repair(self, sought: Sought) -> RepairRegime | NoRepair | None:
        """The regime that counts for the entry, or the rule that it has none; None where no source is known."""
        ways: list[RepairRegime | NoRepair] = [*self.not_repairable, *self.regimes]
        return narrowest(ways, sought)

    def objection(self, sought: Sought) -> Objection | None:
        """How the entry is challenged; None where no source is known."""
        return narrowest(self.objections, sought)


def narrowest(rules: Iterable[R], sought: Sought) -> R | None:
    """The rule of the narrowest scope, then of the nearest place. The checker sees to it that there is only one."""
    fit = [rule for rule in rules if rule.scope.covers(sought)]
    return min(fit, key=lambda rule: (rule.scope.breadth, sought.places.index(rule.scope.jurisdiction)), default=None)
