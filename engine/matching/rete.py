"""The first judge: durable-rules, held by its safe subset (one sid, one id, integer answers, assert, drain, retract).

It sees the answers 0, 1 and 2 of numbered tests, never a value from outside. Every limit of the C module is far
away by construction: a ruleset holds at most 28 alternatives, so at most 56 rules; `limits` looks once more.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from threading import Lock
from weakref import finalize

import durable_rules_engine as durable

from engine.errors import EngineFault
from engine.matching.limits import Chain, Compare, check
from engine.truth import MAYBE, NO, YES, Truth

ALTERNATIVES = 28
PROPERTIES = 240
RENEWALS = 2

Tests = tuple[tuple[int, bool], ...]
Shared = tuple[Tests, list[int]]

_SID, _ID, _ONE = "s", "1", "u"
# All that ever reaches the C module; any other answer fails here, before it.
_WRITTEN = {NO: "0", MAYBE: "1", YES: "2"}
_names = count(1)
_surprises: list[str] = []


def renewals() -> tuple[str, ...]:
    """Why this process had to let rulesets go, in order; each leaks some memory, and the third is an engine fault."""
    return tuple(_surprises)


@dataclass(frozen=True, slots=True)
class Numbered:
    """One alternative for the judge: whose it is, and the numbers of its tests with their direction."""

    owner: int
    tests: Tests


class ReteJudge:
    """All alternatives of one bucket, in as many rulesets as the limits ask for."""

    def __init__(self, alternatives: Sequence[Numbered]) -> None:
        # Alternatives that say the same share their rules.
        owners: dict[Tests, list[int]] = {}
        for alternative in alternatives:
            owners.setdefault(tuple(sorted({*alternative.tests})), []).append(alternative.owner)
        self._chunks = [_Chunk(part) for part in _parted(owners.items())]

    def judge(self, answers: Sequence[Truth]) -> dict[int, Truth]:
        """Owners that hold or may hold under these answers; the rest do not."""
        found: dict[int, Truth] = {}
        for chunk in self._chunks:
            for owner, truth in chunk.judge(answers):
                found[owner] = max(truth, found.get(owner, NO))
        return found

    def close(self) -> None:
        """Free the rulesets and the memory behind them; a question asked later makes new ones."""
        for chunk in self._chunks:
            chunk.close()


class _Chunk:
    """One ruleset behind a lock; a surprise drops it, and a new one is made."""

    def __init__(self, alternatives: Sequence[Shared]) -> None:
        self._owners = {f"{kind}{i}": owners for kind in "hp" for i, (_, owners) in enumerate(alternatives)}
        self._tests = sorted({number for tests, _ in alternatives for number, _ in tests})
        # Numbered anew, so that all rulesets use the same few property names.
        names = {number: f"t{place}" for place, number in enumerate(self._tests)}
        rules = {f"{kind}{i}": _chain(kind, a[0], names) for kind in "hp" for i, a in enumerate(alternatives)}
        check(rules, (_ONE, *names.values()))
        self._rules = json.dumps({name: _rule(chain) for name, chain in rules.items()})
        fact = {"sid": _SID, "id": _ID, _ONE: 1} | dict.fromkeys(names.values(), "%s")
        self._fact = json.dumps(fact).replace('"%s"', "%s")
        self._lock = Lock()
        # The ruleset between two cycles; empty before the first, while one is under way, and after a surprise.
        self._sound: list[_Ruleset] = []
        finalize(self, _free, self._sound).atexit = False

    def judge(self, answers: Sequence[Truth]) -> Iterator[tuple[int, Truth]]:
        fact = self._fact % tuple(_WRITTEN[answers[number]] for number in self._tests)
        with self._lock:
            fired = self._cycle(fact)
        for name in fired:
            for owner in self._owners[name]:
                yield owner, YES if name[0] == "h" else MAYBE

    def close(self) -> None:
        with self._lock:
            _free(self._sound)

    def _cycle(self, fact: str) -> list[str]:
        while True:
            # Taken away while in use: a cycle that is broken off, by whatever, leaves no ruleset behind.
            ruleset = self._sound.pop() if self._sound else self._new()
            try:
                fired = ruleset.ask(fact)
            except BaseException as surprise:
                _let_go(surprise)
            else:
                self._sound.append(ruleset)
                return fired

    def _new(self) -> "_Ruleset":
        if len(_surprises) > RENEWALS:
            raise EngineFault("规则引擎多次异常，停止判断", f"durable-rules failed repeatedly: {_surprises[-1]}")
        return _Ruleset(self._rules, self._fact % (("1",) * len(self._tests)))


class _Ruleset:
    """A handle of the C module, made when first asked, with the one state behind it."""

    def __init__(self, rules: str, open_fact: str) -> None:
        self._rules, self._open_fact = rules, open_fact
        self._handle = 0
        self._fired = False

    def ask(self, fact: str) -> list[str]:
        """The rules that the fact fires: assert, drain every action to the end, retract."""
        self._handle = self._handle or durable.create_ruleset(f"m{next(_names)}", self._rules)
        fired: list[str] = []
        status, offset = durable.assert_fact(self._handle, fact)
        if status == 1:
            return fired
        if status != 0:
            raise RuntimeError(f"assert_fact answered {status}")
        started = durable.start_action_for_state(self._handle, offset)
        message = started[1] if started else None
        while message:
            fired.append(message[2 : message.index('"', 2)])
            message = durable.complete_and_start_action(self._handle, offset)
        if not fired:
            raise RuntimeError("a match without an action")
        durable.retract_fact(self._handle, fact)
        self._fired = True
        return fired

    def free(self) -> None:
        """Give the memory back."""
        if not self._handle:
            return
        # A state may be deleted only once a rule fired in it (else a segmentation fault); one left behind would leak.
        if not self._fired and not self.ask(self._open_fact):
            raise RuntimeError("not even the open fact fires a rule")
        durable.delete_state(self._handle, _SID)
        durable.delete_ruleset(self._handle)


def _free(sound: list[_Ruleset]) -> None:
    while sound:
        ruleset = sound.pop()
        try:
            ruleset.free()
        except BaseException as surprise:
            _let_go(surprise)


def _let_go(surprise: BaseException) -> None:
    """Count it by its words, which hold an error code and never data; what is no failure (Ctrl-C) goes on up.

    The state behind the handle is not known any more: never retract or delete on it, only forget it.
    """
    _surprises.append(str(surprise) or type(surprise).__name__)
    if not isinstance(surprise, Exception):
        raise surprise


def _chain(kind: str, tests: Tests, names: dict[int, str]) -> Chain:
    """`h` holds: every test is yes (a denied one no); `p` possible: none is no (a denied one yes)."""
    least, most = (2, 0) if kind == "h" else (1, 1)
    chain = [Compare("$gte", names[n], least) if yes else Compare("$lte", names[n], most) for n, yes in tests]
    return tuple(chain) or (Compare("$gte", _ONE, 1),)


def _rule(chain: Chain) -> dict[str, object]:
    tests = [{op: {name: bound}} for op, name, bound in chain]
    return {"all": [{"m": {"$and": tests} if len(tests) > 1 else tests[0]}]}


def _parted(alternatives: Iterable[Shared]) -> Iterator[list[Shared]]:
    part: list[Shared] = []
    properties: set[int] = set()
    for alternative in alternatives:
        own = {number for number, _ in alternative[0]}
        if part and (len(part) == ALTERNATIVES or len(properties | own) > PROPERTIES):
            yield part
            part, properties = [], set()
        part.append(alternative)
        properties |= own
    if part:
        yield part
