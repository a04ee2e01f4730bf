"""A recorded decision with everything that was not recorded because it follows: its answer, ways back and words."""

from functools import lru_cache
from typing import Any

from engine.decide import decide
from engine.decision import Decision
from engine.errors import EngineFault, Missing
from engine.ledger.envelope import read_json
from engine.ledger.questions import question_of
from engine.ledger.receipt import openings_of
from engine.ledger.replaying import Outcome, Replayed, replay
from engine.model import Rulebook
from engine.registry.reading import register_of
from engine.registry.store import Store
from engine.services.replaying import recorded_rulebook
from engine.vocabulary import Words

# Earlier rulebooks that stay in memory: reading one out of the ledger takes about as long as reading the packs.
MOST_KEPT = 4


class Erased(Missing):
    """What named the parties was erased: who they are is no longer known here."""


def decided_again(ledger: Store, registry: Store, row: Any, current: Rulebook | None = None) -> Decision:
    """The decision of a leaf's row, made again from what was recorded; its core has the recorded bytes.

    `current` is a rulebook at hand that may be the one. Erased if its parties were erased, EngineFault if it differs.
    """
    rulebook = rulebook_for(ledger, row.rulebook, current)
    with ledger.reading() as connection:
        names = {one.handle: one.value for one in openings_of(connection, row.id)}
    core = read_json(row.core)
    if any(party["party"] not in names for party in core["question"]["parties"]):
        raise Erased("当事方信息已依法删除", "what named the parties was erased")
    inquiry = question_of(core, names, rulebook)
    subjects = [party.subject for party in inquiry.parties]
    with registry.reading() as connection:
        register = register_of(connection, subjects, row.version, rulebook.vocabulary)
    again = decide(inquiry, register, rulebook)
    if again.core != row.core.encode():
        raise EngineFault("复现的结果与记录不同", "the decision made again differs from what was recorded")
    return again


def replayed_again(ledger: Store, registry: Store, row: Any, current: Rulebook | None = None) -> Replayed:
    """What comes of replaying the decision of a leaf's row; `current` as above."""
    try:
        rulebook = rulebook_for(ledger, row.rulebook, current)
    except Missing as missing:
        return Replayed(row.id, Outcome.IMPOSSIBLE, then=row.verdict, why=Words(missing.zh, missing.en))
    with ledger.reading() as connection:
        opened = openings_of(connection, row.id)
    with registry.reading() as connection:
        return replay(row, opened, lambda who, at: register_of(connection, who, at, rulebook.vocabulary), rulebook)


def rulebook_for(ledger: Store, revision: str, current: Rulebook | None = None) -> Rulebook:
    """The rulebook a decision was made by; the last few are kept. Missing if the ledger does not hold it as it was."""
    if current is not None and current.revision == revision:
        return current
    return _kept(ledger, revision)


@lru_cache(maxsize=MOST_KEPT)
def _kept(ledger: Store, revision: str) -> Rulebook:
    with ledger.reading() as connection:
        found = recorded_rulebook(connection, revision)
    if found is None:
        raise Missing("规则库已不在或被改动", "the rulebook is not there, or was altered")
    return found
