"""Many questions judged together: read, reached, decided and handed to the ledger, each a line of its own.

What is known of all their parties is read at once, and their leaves share commits. Nothing is answered here: a line
carries what it waits for, and its answer is written only when that is durable.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from fastapi import Request

from api.rest import metrics
from api.rest.auth import within
from api.rest.desk import Desk, desk_of
from api.rest.posed import Posed, posed_in
from api.rest.problems import Problem, problem_of
from api.rest.recalling import answered_before, fresh, repeated
from engine.access.roles import Grant
from engine.errors import Fault, MemorandaError, Place, RefusedInput
from engine.ledger.envelope import Caller
from engine.ledger.recording import Entered
from engine.packs.pointers import Pointed, tree_of_json
from engine.packs.tree import Value
from engine.services.ask import Asked, Sitting
from engine.services.deciding import leaf_for

LOG = logging.getLogger("memoranda")
LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Asker:
    """Who sends the lines: their request, their grant, and the idempotency key of the whole, if they name one."""

    request: Request
    grant: Grant
    key: str

    @property
    def desk(self) -> Desk:
        """Where they are served."""
        return desk_of(self.request)

    def key_of(self, number: int) -> str:
        """The key of one line, that of the whole for a question of its own; empty without one."""
        return sha256(f"{self.key}\n{number}".encode()).hexdigest() if self.key and number else self.key


@dataclass(slots=True)
class Line:
    """One line: its number from 1 (0: a question of its own), what was sent, who asks, and how far it came.

    In the end there is a `body` or a `problem`; a decision waiting for its record is `pending`. `include` is what is
    answered with where the line does not say.
    """

    number: int
    data: bytes
    asker: Asker
    include: tuple[str, ...] = ()
    id: str = ""
    asked: Posed | None = None
    found: Asked | None = None
    leaf: Entered | None = None
    pending: "Future[None] | None" = None
    decision: str = ""
    body: bytes = b""
    problem: Problem | None = None

    @property
    def open(self) -> bool:
        """Whether there is something to do about it still."""
        return not self.body and self.problem is None


def judge(lines: Sequence[Line], gone: Callable[[], bool] = lambda: False) -> None:
    """Bring every line as far as its record; with the askers gone the rest is left alone."""
    for line in lines:
        _trying(line, _read)
    _together([line for line in lines if line.open], gone)
    if gone():
        return
    for line in lines:  # all at once, so that they share a commit
        if line.leaf is not None and line.problem is None:
            line.pending = line.asker.desk.ledger.recorder.submit(line.leaf)


def settle(line: Line) -> None:
    """Write the answer of a line whose record is durable, or why there is none."""
    if line.pending is not None:
        _trying(line, _settle)


def _read(line: Line) -> None:
    asker, tree = line.asker, tree_of_json(line.data)
    if not tree.whole or not isinstance(tree.value, dict):
        said = Fault("P124", Place(""), "此处应为一组键值", "this should be a mapping of keys")
        raise RefusedInput(tree.faults or [said])
    if line.number:
        line.id, tree = _without_id(tree, tree.value)
    line.asked = posed_in(tree, asker.desk, line.include)
    inquiry = line.asked.inquiry
    within(asker.request, asker.grant, inquiry.scenario, inquiry.jurisdiction)
    if asker.key and (again := answered_before(asker.desk, asker.key_of(line.number), _digest(line))):
        _repeat(line, again, line.asked.include)


def _without_id(tree: Pointed, said: dict[str, Value]) -> tuple[str, Pointed]:
    """The client's own word for the line, and the question without it."""
    value = dict(said)
    own = value.pop("id", "")
    if not isinstance(own, str) or len(own) > LONGEST_ID:
        zh, en = f"此处应为文本，最多 {LONGEST_ID} 字", f"a text of at most {LONGEST_ID} characters"
        raise RefusedInput([Fault("A751", Place("/id"), zh, en)])
    return own, replace(tree, value=value)


def _together(lines: Sequence[Line], gone: Callable[[], bool]) -> None:
    """What befalls the reading of the registry befalls all of them: nobody is left waiting."""
    try:
        _decide(lines, gone)
        return
    except MemorandaError as error:
        problem = problem_of(error)
    except Exception as fault:  # as anywhere in the service: nothing of it is shown
        LOG.error("questions judged together failed: %s", type(fault).__name__)
        problem = Problem(500)
    for line in lines:
        if line.open and line.leaf is None:
            line.problem = problem


def _decide(lines: Sequence[Line], gone: Callable[[], bool]) -> None:
    subjects = sorted({party.subject for line in lines if line.asked for party in line.asked.inquiry.parties})
    if not subjects:
        return
    desk = lines[0].asker.desk
    law = desk.law.now
    with desk.books.registry.reading() as connection:
        sitting = Sitting(law.library, law.rulebook, connection, subjects)
        for line in lines:
            if gone():
                return
            _trying(line, lambda line: _decided(line, sitting))


def _decided(line: Line, sitting: Sitting) -> None:
    assert line.asked is not None
    asker = line.asker
    line.found = sitting.ask(line.asked.inquiry, line.asked.known_at)
    leaf = leaf_for(asker.desk.ledger, line.found, Caller(asker.grant.id, line.asked.purpose), line.asked.case)
    line.leaf = leaf.answering(asker.key_of(line.number), _digest(line)) if asker.key else leaf


def _settle(line: Line) -> None:
    asked, found, leaf, pending, asker = line.asked, line.found, line.leaf, line.pending, line.asker
    if asked is None or found is None or leaf is None or pending is None:
        return  # it was answered before
    try:
        pending.result()
    except Exception:
        # The same request came twice at once, and the other was first: its answer is the answer.
        if asker.key and (again := answered_before(asker.desk, asker.key_of(line.number), _digest(line))):
            _repeat(line, again, asked.include)
            return
        raise
    metrics.DECISIONS.labels(asked.inquiry.scenario, found.decision.data["verdict"]).inc()
    line.decision, line.body = leaf.id, fresh(leaf, asked, found)


def _repeat(line: Line, decision: str, include: Sequence[str]) -> None:
    line.decision, line.body = decision, repeated(line.asker.desk, decision, include)


def _trying(line: Line, step: Callable[[Line], Any]) -> None:
    """Whatever is wrong with a line is said of that line, and of no other."""
    if not line.open:
        return
    try:
        step(line)
    except Problem as problem:
        line.problem = problem
    except MemorandaError as error:
        line.problem = problem_of(error)
    except Exception as fault:  # as anywhere in the service: nothing of it is shown
        LOG.error("a line of a batch failed: %s", type(fault).__name__)
        line.problem = Problem(500)


def _digest(line: Line) -> str:
    return sha256(line.data).hexdigest()
