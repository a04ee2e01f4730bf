"""After corrections: decisions that would now be answered otherwise, and what was learned that makes the difference."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.decide import decide
from engine.errors import MemorandaError
from engine.inquiry import Inquiry
from engine.ledger.envelope import Data, Opened, read_json
from engine.ledger.questions import question_of
from engine.ledger.replaying import differences
from engine.model import Rulebook
from engine.registry.chain import latest
from engine.registry.reading import register_of
from engine.registry.shelf import Watch
from engine.services.books import open_books, open_ledger
from engine.services.replaying import Chunk, Judges, chunks, take_out_for

# The most versions between then and now that are judged one by one to find where an answer turned; the latest ones.
MOST_STEPS = 200
# By whom an answer was turned if it differs on the very version it was given on.
ENGINE = "engine"
_TABLES = {"subject_name": "name", "subject_code": "code"}


@dataclass(frozen=True, slots=True)
class Cause:
    """Something learned after a decision that turned its answer: in which version, and what it says.

    `what` is entry, event, relation, name, code, arrival or engine; `change` how it was written (import, event …);
    `of` the subject, or both ends of a relation; texts are empty where there is nothing to say.
    """

    version: int
    what: str
    kind: str = ""
    of: str = ""
    list: str = ""
    entry: str = ""
    day: str = ""
    document: str = ""
    recorded_at: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Revisited:
    """A decision whose answer would now differ: both answers, where they differ (JSON pointers), and why."""

    id: str
    version: int
    rulebook: str
    then: Data
    now: Data
    differs: tuple[str, ...]
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A decision's question with the rulebook that judged it, and where what is known comes from."""

    version: int
    core: Data
    inquiry: Inquiry
    book: Rulebook
    watch: Watch

    def answer(self, version: int) -> Data:
        """The answer on the registry at another version."""
        subjects = [party.subject for party in self.inquiry.parties]
        register = register_of(self.watch, subjects, version, self.book.vocabulary)
        return answer_of(dict(decide(self.inquiry, register, self.book).data))


def revisits(since: int, step: Callable[[], object] = lambda: None) -> Iterator[Revisited]:
    """Decisions that something learned after version `since` concerns, and whose answer would now differ.

    `step` is called for every decision looked at. A decision whose party was erased, or whose rulebook is not there,
    cannot be asked again: a replay says so.
    """
    ledger, registry = open_ledger(), open_books().registry
    with ledger.store.reading() as connection, registry.reading() as known:
        judges = Judges(connection)
        for chunk in chunks(connection):
            yield from revisits_among(chunk, judges, known, since, step)


def revisits_among(
    chunk: Chunk, judges: Judges, known: Any, since: int, step: Callable[[], object] = lambda: None
) -> Iterator[Revisited]:
    """Those of some decisions, by the registry as it is now."""
    watch, now = Watch(known), latest(known).number
    take_out_for(watch, chunk, now)
    for row, opened in chunk:
        step()
        found = _revisited(row, opened, judges, watch, since, now)
        if found is not None:
            yield found


def answer_of(core: Data) -> Data:
    """What counts as the answer in a core: verdicts, channel, conditions and benefits granted or offered."""
    return {"verdict": core["verdict"], "parties": [_party(party) for party in core["parties"]]}


def _party(party: Data) -> Data:
    had = [one["benefit"] for one in party["benefits"] if one["state"] in ("granted", "offered")]
    said = {name: party[name] for name in ("party", "verdict", "channel", "conditions")}
    return said | {"benefits": sorted(set(had))}


def _revisited(row: Any, opened: list[Opened], judges: Judges, watch: Watch, since: int, now: int) -> Revisited | None:
    names, core = {one.handle: one.value for one in opened}, read_json(row.core)
    book = judges.of(row) if row.version < now else None
    if book is None or any(party["party"] not in names for party in core["question"]["parties"]):
        return None
    try:
        asked = _Asked(row.version, core, question_of(core, names, book), book, watch)
        watch.begin(max(since, row.version), now)
        then, answer = answer_of(core), None
        if _touched(asked, now):
            answer = asked.answer(now)
        if answer is None or answer == then:
            return None
        causes = tuple(_causes(asked, then, now))
    except MemorandaError:
        return None
    return Revisited(row.id, row.version, row.rulebook, then, answer, tuple(differences(then, answer)), causes)


def _touched(asked: _Asked, now: int) -> bool:
    """Whether anything its register is made of was learned in the versions watched."""
    subjects = [party.subject for party in asked.inquiry.parties]
    register_of(asked.watch, subjects, now, asked.book.vocabulary)
    return bool(asked.watch.noted) or any(True for _ in _awaited(asked))


def _awaited(asked: _Asked) -> Iterator[Any]:
    """Arrivals of what was not known of: a list, or a kind of relation. Any other arrival only makes known longer."""
    lists = {one["list"] for one in asked.core["lists"] if not one["known"]}
    kinds = {f"relation:{one['of']}" for one in asked.core["flags"] if one["flag"] == "relation-unknown"}
    return (row for row in asked.watch.arrived() if row.list in lists | kinds)


def _causes(asked: _Asked, then: Data, now: int) -> Iterator[Cause]:
    """What was learned in each version at which the answer turned."""
    asked.watch.begin(asked.version, now)
    before = asked.answer(asked.version)
    asked.answer(now)
    noted = asked.watch.noted | {("arrival", row.id): row for row in _awaited(asked)}
    if before != then:
        yield Cause(asked.version, ENGINE)
    steps = sorted({at for row in noted.values() for at in (row.born, row.gone) if asked.version < at <= now})
    if len(steps) > MOST_STEPS:
        before = asked.answer(steps[-MOST_STEPS - 1])
    for at in steps[-MOST_STEPS:]:
        answer = asked.answer(at)
        if answer != before:
            yield from _learned(asked.watch, at, [(book, noted[book, number]) for book, number in sorted(noted)])
        before = answer


def _learned(watch: Watch, at: int, noted: Iterable[tuple[str, Any]]) -> Iterator[Cause]:
    """The rows written or closed in the version."""
    change = watch.change(at)
    rows = [(book, row) for book, row in noted if at in (row.born, row.gone)]
    again = {row.number for book, row in rows if book == "entry" and row.born == at}
    for book, row in rows:
        if book == "entry" and row.gone == at and row.number in again:
            continue  # its new state is named
        yield _cause(book, row, at, change, watch)


def _cause(book: str, row: Any, at: int, change: Any, watch: Watch) -> Cause:
    kind, said = "closed" if row.gone == at else "new", {"recorded_at": change.recorded_at, "change": change.kind}
    if book == "event":
        entry = watch.rows_about("entry", at, ("number",), [row.entry])[-1]
        return Cause(at, book, row.kind, entry.subject, entry.list, row.entry, row.at, row.document, **said)
    if book == "entry":
        listed = str(json.loads(row.dates).get("listed", ""))
        return Cause(at, book, kind, row.subject, row.list, row.number, listed, row.document, **said)
    if book == "relation":
        return Cause(at, book, f"{kind} {row.kind}", f"{row.near} {row.far}", day=row.since, **said)
    if book == "arrival":
        return Cause(at, book, kind, list=row.list, day=row.data_time, **said)
    return Cause(at, _TABLES[book], kind, row.subject, **said)
