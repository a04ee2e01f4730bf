"""A recorded decision for whoever works with it: told at once, also before it has its number in the log."""

from dataclasses import dataclass
from typing import Any

from engine.decide import ways_back
from engine.decision import Decision
from engine.errors import EngineFault, Missing
from engine.explanation.ways import remedies_told
from engine.ledger.envelope import read_json
from engine.ledger.receipt import determinations_of, leaf_row, openings_of
from engine.ledger.recording import DECISION
from engine.model import Rulebook
from engine.registry.store import Store
from engine.services.again import Erased, decided_again, rulebook_for
from engine.services.books import Ledger
from engine.services.noticing import Noted


@dataclass(frozen=True, slots=True)
class Told:
    """A decision's row, what a notice of it is made from, and the decision made again; None if that cannot be."""

    row: Any
    noted: Noted
    again: Decision | None

    @property
    def subjects(self) -> list[str]:
        """Whom it concerns, as far as that was not erased."""
        return sorted({value["subject"] for value in self.noted.openings.values() if "subject" in value})

    @property
    def place(self) -> str | None:
        """The place it was asked for."""
        place: str | None = self.noted.receipt["core"]["question"].get("jurisdiction")
        return place

    def ways(self, lang: str) -> list[str]:
        """What would change it, a line each; nothing where its parties were erased."""
        if self.again is None:
            return []
        rulebook = self.noted.rulebook
        said = remedies_told(ways_back(self.again, rulebook), self.again, rulebook, lang)
        return [line for line in said.splitlines() if line.strip()]


def row_of(ledger: Store, decision: str) -> Any:
    """The row of a decision. Missing if there is none of that number, or it is a person's determination."""
    with ledger.reading() as connection:
        row = leaf_row(connection, decision)
    if row.kind != DECISION:
        raise Missing("这是人工认定，不是决定", "this is a person's determination, no decision")
    return row


def told_in(ledger: Ledger, registry: Store, row: Any, current: Rulebook) -> Told:
    """All of a decision's row; `current` is a rulebook at hand that may be the one it was made by."""
    noted = noted_now(ledger, row, current)
    try:
        again = decided_again(ledger.store, registry, row, current)
    except (Erased, EngineFault):  # the record stands for itself; its replay says what differs
        again = None
    return Told(row, noted, again)


def noted_now(ledger: Ledger, row: Any, current: Rulebook) -> Noted:
    """What a decision's row says, with what persons determined on it, without deciding it again."""
    rulebook = rulebook_for(ledger.store, row.rulebook, current)
    with ledger.store.reading() as connection:
        opened = {one.handle: one.value for one in openings_of(connection, row.id)}
        persons = determinations_of(connection, row.id)
        shown = {one.id: {said.handle: said.value for said in openings_of(connection, one.id)} for one in persons}
    receipt = _data(row) | {"determinations": [_data(one) for one in persons]}
    return Noted(receipt, row.leaf, rulebook, opened, shown, closed=False, whole=True)


def _data(row: Any) -> dict[str, Any]:
    return {"core": read_json(row.core), "envelope": read_json(row.envelope)}
