"""Decide again from what was recorded: question, entries as then known, and the rulebook that was kept whole."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.canonical import canonical
from engine.decide import decide
from engine.errors import MemorandaError
from engine.inquiry import Inquiry, Register
from engine.ledger.envelope import Data, Opened, read_json
from engine.model import Rulebook
from engine.packs.questions import read_inquiry
from engine.packs.source import parse_tree

# What is known of subjects at a version of the registry.
Known = Callable[[list[str], int], Register]


class Outcome(StrEnum):
    """What came of a replay."""

    SAME = "same"
    DIFFERENT = "different"
    ERASED = "erased-input"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One replay: the outcome, where the cores differ (JSON pointers), and the verdicts then and now."""

    id: str
    outcome: Outcome
    differs: tuple[str, ...] = ()
    then: str = ""
    now: str = ""
    why: str = ""


def replay(row: Any, opened: list[Opened], known: Known, rulebook: Rulebook) -> Replayed:
    """The decision of a leaf, made again by the rulebook on the registry as then known."""
    core: Data = read_json(row.core)
    names = {one.handle: one.value for one in opened}
    wanted = [party["party"] for party in core["question"]["parties"]]
    if any(handle not in names for handle in wanted):
        return Replayed(row.id, Outcome.ERASED, then=core["verdict"])
    try:
        inquiry = question_of(core, names, rulebook)
        again = decide(inquiry, known([party.subject for party in inquiry.parties], row.version), rulebook)
    except MemorandaError as error:
        return Replayed(row.id, Outcome.IMPOSSIBLE, then=core["verdict"], why=error.en)
    if again.core == row.core.encode():
        return Replayed(row.id, Outcome.SAME, then=core["verdict"], now=core["verdict"])
    differs = tuple(differences(core, read_json(again.core.decode())))
    return Replayed(row.id, Outcome.DIFFERENT, differs, core["verdict"], again.answer.verdict.value)


def question_of(core: Data, names: Mapping[str, Data], rulebook: Rulebook) -> Inquiry:
    """The inquiry a core answers, its parties by the subjects their handles stand for."""
    question = core["question"]
    moments = dict(question["moments"])
    parties = [
        {
            "subject": names[party["party"]]["subject"], "role": party["role"], "kind": party["kind"],
            **({"consortium": party["consortium"]} if party.get("consortium") else {}),
            **({"facts": party["facts"]} if party["facts"] else {}),
        }
        for party in question["parties"]
    ]  # fmt: skip
    asked: Data = {"scenario": question["scenario"], "parties": parties, "as_of": moments.pop("as_of")}
    asked |= {"moments": moments} if moments else {}
    asked |= {"prevails": question["prevails"]} if question["prevails"] != "as_of" else {}
    asked |= {name: question[name] for name in ("jurisdiction", "matter", "authority") if name in question}
    asked |= {"facts": question["facts"]} if question["facts"] else {}
    text = json.dumps(asked, ensure_ascii=False).encode()
    return read_inquiry(parse_tree(text, "ledger"), rulebook.vocabulary)


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
