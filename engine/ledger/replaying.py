"""Decide again from what was recorded: question, entries as then known, and the rulebook that was kept whole."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.canonical import canonical
from engine.decide import decide
from engine.errors import MemorandaError
from engine.inquiry import Register
from engine.ledger.envelope import Data, Opened, read_json
from engine.ledger.questions import question_of
from engine.model import Rulebook
from engine.vocabulary import Words

# What is known of subjects at a version of the registry.
Known = Callable[[list[str], int], Register]


UNREADABLE = Words("记录无法读取", "the record cannot be read")


class Outcome(StrEnum):
    """What came of a replay."""

    SAME = "same"
    DIFFERENT = "different"
    ERASED = "erased-input"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One replay: the outcome, where the cores differ (JSON pointers), the verdicts then and now, or why not."""

    id: str
    outcome: Outcome
    differs: tuple[str, ...] = ()
    then: str = ""
    now: str = ""
    why: Words | None = None


def replay(row: Any, opened: list[Opened], known: Known, rulebook: Rulebook) -> Replayed:
    """The decision of a leaf, made again by the rulebook on the registry as then known."""
    names = {one.handle: one.value for one in opened}
    try:
        core: Data = read_json(row.core)
        erased = any(party["party"] not in names for party in core["question"]["parties"])
    except (ValueError, KeyError, TypeError):
        return Replayed(row.id, Outcome.IMPOSSIBLE, then=row.verdict, why=UNREADABLE)
    if erased:
        return Replayed(row.id, Outcome.ERASED, then=row.verdict)
    try:
        inquiry = question_of(core, names, rulebook)
        again = decide(inquiry, known([party.subject for party in inquiry.parties], row.version), rulebook)
    except MemorandaError as error:
        return Replayed(row.id, Outcome.IMPOSSIBLE, then=row.verdict, why=Words(error.zh, error.en))
    if again.core == row.core.encode():
        return Replayed(row.id, Outcome.SAME, then=row.verdict, now=row.verdict)
    differs = tuple(differences(core, read_json(again.core.decode())))
    return Replayed(row.id, Outcome.DIFFERENT, differs, row.verdict, again.answer.verdict.value)


def differences(then: Any, now: Any, at: str = "") -> Iterator[str]:
    """JSON pointers to the smallest parts in which two cores differ."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in sorted({*then, *now}):
            if name not in then or name not in now:
                yield f"{at}/{name}"
            else:
                yield from differences(then[name], now[name], f"{at}/{name}")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for place, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from differences(one, other, f"{at}/{place}")
    elif canonical(then) != canonical(now):
        yield at or "/"
