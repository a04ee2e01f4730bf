"""The first judge: durable-rules, held by its safe subset (one sid, one id, integer answers, assert, drain, retract).

It sees the answers 0, 1 and 2 of numbered tests, never a value from outside. Every limit of the C module is far
away by construction: a ruleset holds at most 28 alternatives, so at most 56 rules and as many tests at a node.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from threading import Lock

import durable_rules_engine as durable

from engine.errors import EngineFault
from engine.truth import MAYBE, NO, YES, Truth

# What a rule set may hold: 64 tests true at once under one node is the C module's limit, 254 properties the fact's.
ALTERNATIVES = 28
PROPERTIES = 240
RENEWALS = 2

_SID, _ID, _ONE = "s", "1", "u"
_names = count(1)
_renewals = count(1)


@dataclass(frozen=True, slots=True)
class Numbered:
    """One alternative for the judge: whose it is, and the numbers of its tests with their direction."""

    owner: int
    tests: tuple[tuple[int, bool], ...]


class ReteJudge:
    """All alternatives of one bucket, in as many rulesets as the limits ask for."""

    def __init__(self, alternatives: Sequence[Numbered]) -> None:
        self._chunks = [_Chunk(part) for part in _parted(alternatives)]

    def judge(self, answers: Sequence[Truth]) -> dict[int, Truth]:
        """Owners that hold or may hold under these answers; the rest do not."""
        found: dict[int, Truth] = {}
        for chunk in self._chunks:
            for owner, truth in chunk.judge(answers):
                found[owner] = max(truth, found.get(owner, NO))
        return found


class _Chunk:
    """One ruleset behind a lock; a surprise drops its handle and makes a new one."""

    def __init__(self, alternatives: Sequence[Numbered]) -> None:
        self._owners = {f"{kind}{i}": a.owner for i, a in enumerate(alternatives) for kind in "hp"}
        self._tests = sorted({number for a in alternatives for number, _ in a.tests})
        rules = {f"{kind}{i}": _rule(a, kind) for kind in "hp" for i, a in enumerate(alternatives)}
        self._rules = json.dumps(rules)
        self._lock = Lock()
        self._handle: int | None = None

    def judge(self, answers: Sequence[Truth]) -> Iterator[tuple[int, Truth]]:
        fact = {"sid": _SID, "id": _ID, _ONE: 1} | {f"t{number}": answers[number] for number in self._tests}
        with self._lock:
            fired = self._cycle(json.dumps(fact))
        for name in fired:
            yield self._owners[name], YES if name[0] == "h" else MAYBE

    def _cycle(self, fact: str) -> list[str]:
        # Taken away while in use: a cycle that is broken off, by whatever, leaves no handle behind.
        handle, self._handle = self._handle, None
        try:
            if handle is None:
                handle = durable.create_ruleset(f"m{next(_names)}", self._rules)
            fired = _assert_drain_retract(handle, fact)
        except Exception as surprise:
            # The state behind the handle is unknown: never retract or delete on it, only let it go.
            if next(_renewals) > RENEWALS:
                raise EngineFault(
                    "规则引擎多次异常，停止判断", f"durable-rules failed repeatedly: {surprise}"
                ) from surprise
            return self._cycle(fact)
        self._handle = handle
        return fired


def _assert_drain_retract(handle: int, fact: str) -> list[str]:
    fired: list[str] = []
    status, offset = durable.assert_fact(handle, fact)
    if status == 0:
        started = durable.start_action_for_state(handle, offset)
        message = started[1] if started else None
        while message:
            fired.append(message[2 : message.index('"', 2)])
            message = durable.complete_and_start_action(handle, offset)
    elif status != 1:
        raise RuntimeError(f"assert_fact answered {status}")
    if status == 0:
        durable.retract_fact(handle, fact)
    return fired


def _rule(alternative: Numbered, kind: str) -> dict[str, object]:
    """`h` holds: every test is yes (a denied one no); `p` possible: none is no (a denied one yes)."""
    tests: list[dict[str, object]] = [
        ({"$gte": {f"t{n}": 2 if kind == "h" else 1}} if positive else {"$lte": {f"t{n}": 0 if kind == "h" else 1}})
        for n, positive in alternative.tests
    ] or [{_ONE: 1}]
    return {"all": [{"m": {"$and": tests} if len(tests) > 1 else tests[0]}]}


def _parted(alternatives: Sequence[Numbered]) -> Iterator[list[Numbered]]:
    part: list[Numbered] = []
    properties: set[int] = set()
    for alternative in alternatives:
        own = {number for number, _ in alternative.tests}
        if part and (len(part) == ALTERNATIVES or len(properties | own) > PROPERTIES):
            yield part
            part, properties = [], set()
        part.append(alternative)
        properties |= own
    if part:
        yield part
