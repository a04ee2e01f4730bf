"""The body of a question: an inquiry, and beside it what it is asked for, in which matter, and what to answer with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from api.rest.desk import Desk
from engine.calendar import SHANGHAI, instant
from engine.errors import Fault, MemorandaError, Place, RefusedInput
from engine.inquiry import Inquiry
from engine.packs.pointers import Pointed, tree_of_json
from engine.packs.questions import read_inquiry
from engine.services.looking import person_of
from engine.services.moments import utc_now
from engine.services.registering import kept

BESIDE = ("purpose", "case", "known_at", "include")
INCLUDES = ("remedies", "words")


@dataclass(frozen=True, slots=True)
class Posed:
    """A question as it came over the wire, read and bounded."""

    inquiry: Inquiry
    purpose: str
    case: str = ""
    known_at: str | None = None
    include: tuple[str, ...] = ("remedies",)


def posed(data: bytes, desk: Desk) -> Posed:
    """Read a body. RefusedInput with every fault and its pointer; a citizen's number is digested here and dropped."""
    tree = tree_of_json(data)
    if not tree.whole or not isinstance(tree.value, dict):
        if tree.faults:
            raise RefusedInput(tree.faults)
        raise RefusedInput([Fault("P124", Place(""), "此处应为一组键值", "this should be a mapping of keys")])
    return posed_in(tree, desk)


def posed_in(tree: Pointed, desk: Desk, included: Sequence[str] = ("remedies",)) -> Posed:
    """The same from a tree that is an object; `included` is what is added if the body does not say."""
    assert isinstance(tree.value, dict)
    value = dict(tree.value)
    faults = list(tree.faults)
    beside = {name: value.pop(name) for name in BESIDE if name in value}
    value["parties"] = _without_numbers(value.get("parties"), desk, faults)
    if value["parties"] is None:
        del value["parties"]
    purpose = _text(beside, "purpose", faults)
    if not purpose and "purpose" not in beside:
        faults.append(Fault("A721", Place("/purpose"), "须写明查询用途", "say what it is asked for"))
    case, known_at = _text(beside, "case", faults), _text(beside, "known_at", faults)
    include = _include(beside.get("include", [*included]), faults)
    now = instant(utc_now().astimezone(SHANGHAI).replace(microsecond=0))
    kept_faults = tuple(fault for fault in faults if fault not in tree.faults)
    try:
        inquiry = read_inquiry(replace(tree, value=value), desk.law.now.vocabulary, now)
    except RefusedInput as refused:
        raise RefusedInput([*kept_faults, *refused.faults]) from None
    if kept_faults:
        raise RefusedInput(kept_faults)
    return Posed(inquiry, purpose, case, known_at or None, include)


def _without_numbers(parties: Any, desk: Desk, faults: list[Fault]) -> Any:
    """Parties given by a citizen's number, by the key under which the registry knows them instead."""
    if not isinstance(parties, list):
        return parties
    found = list[Any]()
    for number, party in enumerate(parties):
        if isinstance(party, dict) and "person" in party and "subject" not in party:
            party = {"kind": "natural-person"} | party
            said = party.pop("person")
            key = _tried(partial(person_of, str(said), desk.books), f"/parties/{number}/person", faults)
            party["subject"] = key or "person:00000000:" + "0" * 64
        found.append(party)
    return found


def _text(beside: dict[str, Any], name: str, faults: list[Fault]) -> str:
    said = beside.get(name, "")
    if not isinstance(said, str):
        faults.append(Fault("P124", Place(f"/{name}"), "此处应为文本", "this should be a text"))
        return ""
    return _tried(lambda: kept(said, f"/{name}"), f"/{name}", faults)


def _include(said: Any, faults: list[Fault]) -> tuple[str, ...]:
    if isinstance(said, list) and all(one in INCLUDES for one in said):
        return tuple(said)
    words = ", ".join(INCLUDES)
    faults.append(Fault("A722", Place("/include"), f"此处是列表，可含 {words}", f"a list of any of {words}"))
    return ()


def _tried(read: Callable[[], str], pointer: str, faults: list[Fault]) -> str:
    try:
        return read()
    except MemorandaError as error:
        faults.append(Fault(_code(error), Place(pointer), error.zh, error.en, error.help_zh, error.help_en))
        return ""


def _code(error: MemorandaError) -> str:
    return error.faults[0].code if isinstance(error, RefusedInput) else "P603"
