"""What a person decided on a `review`, and whose traces are erased: each with who, why and the document it rests on."""

import secrets
from dataclasses import dataclass

from uuid_utils.compat import uuid7

from engine.canonical import canonical
from engine.decision import Verdict
from engine.errors import Missing, refused_input
from engine.ledger.envelope import Caller, naming, openings
from engine.ledger.erasing import ERASURE, erase_subject, leave_no_trace
from engine.ledger.receipt import leaf_row
from engine.ledger.recording import DECISION, DETERMINATION, Entered, demand_newest, enter, record
from engine.ledger.sequencing import sequence
from engine.registry.cells import holds_a_person
from engine.registry.store import ask
from engine.services.books import Ledger, open_ledger
from engine.services.moments import utc_now

LONGEST = 4_000
ANSWERS = tuple(verdict.value for verdict in Verdict if verdict is not Verdict.REVIEW)


@dataclass(frozen=True, slots=True)
class Determined:
    """A person's answer to a decision left to a person; `supersedes` names an earlier one whose place it takes."""

    decision: str
    answer: str
    officer: str
    reasons: str
    document: str
    supersedes: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """A decision that waits for a person."""

    id: str
    scenario: str
    recorded_at: str
    days: int


def determine(said: Determined) -> str:
    """Record the determination as a leaf of its own; its id. Missing or RefusedInput where it does not fit."""
    ledger = open_ledger()
    leaf = determination(ledger, said)
    record(ledger.store, [leaf])
    sequence(ledger.store, ledger.keys, utc_now())
    return leaf.id


def determination(ledger: Ledger, said: Determined) -> Entered:
    """The determination as a leaf to be recorded. Missing or RefusedInput where it does not fit."""
    _bounded(said)
    now = utc_now()
    with ledger.store.reading() as connection:
        row = leaf_row(connection, said.decision)
        if row.kind != DECISION or row.verdict != Verdict.REVIEW.value:
            zh, en = "只有结论为“人工审查”的决定可由人认定", "only a decision left to a person can be determined by one"
            raise refused_input("R711", zh, en)
        demand_newest(connection, row.id, said.supersedes)  # soon said; what counts is the look when it is written
    core = {"of": row.id, "answer": said.answer, "supersedes": said.supersedes}
    named = {"officer": {"name": said.officer}, "grounds": {"reasons": said.reasons, "document": said.document}}
    fields = {"of": row.id, "verdict": said.answer}
    return enter(
        str(uuid7()), DETERMINATION, canonical(core), now, openings(named, secrets.token_bytes),
        Caller(said.officer), {"of": row.id, **naming(ledger.hashing)}, fields, ledger.keys,
    )  # fmt: skip


def waiting() -> list[Open]:
    """Decisions left to a person that nobody has determined yet, the oldest first."""
    now = utc_now()
    with open_ledger().store.reading() as connection:
        rows = ask(
            connection,
            f"SELECT id, scenario, recorded_at, ticks FROM leaf l WHERE kind = '{DECISION}' AND verdict = 'review' AND "
            f"NOT EXISTS (SELECT 1 FROM leaf d WHERE d.of = l.id AND d.kind = '{DETERMINATION}') ORDER BY ticks, id",
        )
    day = 86_400 * 1_000_000
    return [Open(r.id, r.scenario, r.recorded_at, (int(now.timestamp() * 1_000_000) - r.ticks) // day) for r in rows]


def erase(subject: str, reason: str, who: str) -> int:
    """Remove salts and plain values of what names the subject or leads to it; proofs stay valid.

    In how many decisions it was; Missing if in none. Who erased and why is a leaf of the log.
    """
    if not reason.strip() or len(reason) > LONGEST:
        raise refused_input("R713", "须写明理由，且不过长", "a reason must be given, and not too long a one")
    ledger, now = open_ledger(), utc_now()

    def leaf(leaves: int) -> Entered:
        named = {"officer": {"name": who}, "grounds": {"reasons": reason}}
        opened = openings(named, secrets.token_bytes)
        core = canonical({"leaves": leaves})
        return enter(str(uuid7()), ERASURE, core, now, opened, Caller(who), naming(ledger.hashing), {}, ledger.keys)

    try:
        erased = erase_subject(ledger.store, subject, reason, who, now.isoformat(timespec="microseconds"), leaf)
    except Missing:
        leave_no_trace(ledger.store)  # it may have been erased before, while somebody was reading
        raise
    leave_no_trace(ledger.store)
    sequence(ledger.store, ledger.keys, utc_now())
    return erased


def _bounded(said: Determined) -> None:
    if said.answer not in ANSWERS:
        zh, en = f"认定须是 {'、'.join(ANSWERS)} 之一", f"the answer is one of {', '.join(ANSWERS)}"
        raise refused_input("R714", zh, en)
    for part in (said.officer, said.reasons, said.document):
        if not part.strip() or len(part) > LONGEST:
            zh, en = (
                "须写明经办人、理由和文书号，且不过长",
                "officer, reasons and document must be given, and not too long",
            )
            raise refused_input("R715", zh, en)
    for part, name in ((said.reasons, "reasons"), (said.document, "document")):
        if holds_a_person(part):
            zh, en = "文字中有公民身份号码，不接收", "there is a citizen's number in the text, which is never taken"
            raise refused_input("R647", zh, en, where=name)
