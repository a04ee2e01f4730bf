"""What happens to an entry after it was made: objection, suspension, repair, annulment … each a row of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.calendar import read_when
from engine.errors import Missing, refused_input
from engine.registry.chain import latest
from engine.registry.changes import Head, change
from engine.registry.reading import ENDS, rows_seen
from engine.registry.store import Store
from engine.registry.tables import EventRow
from engine.vocabulary import Words

# What a person may record, by the verb it is recorded with.
VERBS = {
    "object": "disputed", "settle": "settled", "suspend": "suspended", "resume": "resumed", "apply": "applied",
    "refuse": "refused", "repair": "repaired", "remove": "removed", "annul": "annulled", "lift": "lifted",
    "restore": "restored",
}  # fmt: skip
# Steps of a procedure: they change nothing the law looks at, so reasons never speak of them.
STEPS = {"applied": Words("申请信用修复", "repair applied for"), "refused": Words("不予修复", "repair refused")}
# What must be open before it can be closed.
CLOSES = {"settled": "disputed", "resumed": "suspended", "restored": "lifted", "refused": "applied"}
# With so many characters a number may be left unfinished; it is hexadecimal.
SHORTEST_NUMBER, AFTER_EVERY_DIGIT = 6, "g"
# The longest reason or document number that is kept.
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as a registrar reports it: `at` is a day or an instant, as its document says."""

    entry: str
    verb: str
    at: str
    document: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The event as it stands, and the version from which the registry knows it."""

    entry: str
    kind: str
    list: str
    version: int


def record_event(store: Store, happened: Happened, head: Head) -> Recorded:
    """Add the event to its entry. Missing without such an entry; RefusedInput where it cannot follow what happened."""
    kind = VERBS[happened.verb]
    when = read_when(happened.at)
    with change(store, head) as (draft, connection):
        version = latest(connection).number  # nobody else publishes until this is the next one
        entry = entry_row(connection, happened.entry, version)
        before = rows_seen(connection, "event", "t.kind, t.at", version, "t.entry = ?", (entry.number,))
        _must_fit(kind, before, entry.number)
        _must_not_be_ahead(when.first, head)
        draft.add(connection, EventRow, [(entry.number, kind, happened.at, happened.document, happened.reason)])
        number = version + 1
    return Recorded(entry.number, kind, entry.list, number)


def entry_row(connection: Connection, number: str, version: int) -> Any:
    """The entry's row at the version; Missing if there is none, or if the start of a number fits several."""
    number = number.strip().lower()
    found = rows_seen(connection, "entry", "t.*", version, "t.number = ?", (number,))
    if not found and len(number) >= SHORTEST_NUMBER:
        begins = (number, number + AFTER_EVERY_DIGIT)
        found = rows_seen(connection, "entry", "t.*", version, "t.number >= ? AND t.number < ?", begins, most=2)
    if len(found) == 1:
        return found[0]
    zh, en = (
        ("没有这条记录", "there is no such entry") if not found else ("编号不完整", "the number fits several entries")
    )
    help_zh, help_en = "memoranda subject CODE 列出编号", "memoranda subject CODE lists the numbers"
    said = number[:SHORTEST_NUMBER] + "…"  # no more of it: somebody may have typed a person's number
    raise Missing(f"{zh}：{said}", f"{en}: {said}", help_zh, help_en)


def may_follow(events: Sequence[Any]) -> list[str]:
    """The verbs of what may be recorded after these events, in the order of VERBS."""
    return [verb for verb, kind in VERBS.items() if not _lacks(kind, events) and not _ended_by(kind, events)]


def is_open(kind: str, events: Sequence[Any]) -> bool:
    """Whether what was begun with `kind` has not been closed since."""
    closers = {close for close, opened in CLOSES.items() if opened == kind}
    closers |= {"repaired"} if kind == "applied" else set()
    begun = [n for n, event in enumerate(events) if event.kind == kind]
    return bool(begun) and not any(event.kind in closers for event in events[begun[-1] + 1 :])


def _must_fit(kind: str, before: Sequence[Any], number: str) -> None:
    if wanted := _lacks(kind, before):
        raise refused_input(
            "R611", f"记录 {number} 没有待处理的{_ZH[wanted]}", f"entry {number} has no open {_EN[wanted]}"
        )
    if ended := _ended_by(kind, before):
        raise refused_input("R612", f"记录 {number} 已{_ZH[ended]}", f"entry {number} is already {_EN[ended]}")


def _lacks(kind: str, before: Sequence[Any]) -> str:
    """What must be open for the kind to close it, and is not; empty if nothing is lacking."""
    wanted = CLOSES.get(kind, "")
    return wanted if wanted and not is_open(wanted, before) else ""


def _ended_by(kind: str, before: Sequence[Any]) -> str:
    """What happened already so that the kind cannot happen any more; empty if nothing did."""
    return min({event.kind for event in before} & {"annulled", kind} & ENDS, default="")


def _must_not_be_ahead(first: int, head: Head) -> None:
    if first > int(head.now.timestamp() * 1_000_000):
        raise refused_input("R613", "日期在将来，尚未发生", "the day lies ahead: it has not happened yet")


_ZH = {
    "disputed": "异议",
    "suspended": "中止",
    "lifted": "暂时解除",
    "applied": "修复申请",
    "repaired": "修复",
    "removed": "移出",
    "annulled": "撤销",
}
_EN = {
    "disputed": "objection",
    "suspended": "suspension",
    "lifted": "lifting",
    "applied": "application for repair",
    "repaired": "repaired",
    "removed": "removed",
    "annulled": "annulled",
}
