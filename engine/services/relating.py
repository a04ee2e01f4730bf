"""Who is whose branch, head or controller, and by which other names and codes a subject goes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from engine.calendar import SHANGHAI, instant, read_day
from engine.errors import Fault, Missing, Place, RefusedInput
from engine.identity import WrongCode, read_subject
from engine.inquiry import RELATION_KINDS
from engine.packs.words import advice, shown
from engine.registry.chain import Version
from engine.registry.changes import Head
from engine.registry.sheets import digest, open_sheet
from engine.registry.sources import record_source
from engine.registry.ties import Named, Tie, record_relations, record_subjects
from engine.services.books import open_books
from engine.services.registering import file_name, kept
from engine.services.rulebooks import rulebook_of

# The columns of a file of relations, in Chinese or English.
COLUMNS = {
    "kind": ("kind", "关系"), "near": ("near", "分支或任职方代码"), "far": ("far", "主体代码"),
    "since": ("since", "起始日期"), "until": ("until", "终止日期"),
}  # fmt: skip
MOST_ROWS = 1_000_000
MOST_FAULTS = 1_000


def import_relations(path: Path, who: str) -> tuple[int, Version]:
    """A CSV, XLSX or JSON Lines file of relations, whole or not at all; how many, and the version they make.

    RefusedInput with every row that cannot be read.
    """
    now = datetime.now(UTC)
    ties, faults = list[Tie](), list[Fault]()
    with open_sheet(path) as sheet:
        at = _places(sheet.headings, path)
        for line, cells in sheet:
            if len(ties) >= MOST_ROWS or len(faults) >= MOST_FAULTS:
                break
            row = {name: str(cells[place] or "").strip() if place < len(cells) else "" for name, place in at.items()}
            try:
                ties.append(_tie(row))
            except WrongCode as wrong:
                faults.append(Fault("R651", Place(str(path), line), wrong.zh, wrong.en))
            except ValueError as wrong:
                faults.append(Fault("R652", Place(str(path), line), "关系或日期读不懂", f"not readable: {wrong}"))
    if faults or not ties:
        empty = Fault("R653", Place(str(path)), "文件没有任何关系", "the file holds no relation")
        raise RefusedInput(faults or [empty])
    head = Head("relation", kept(who, "--who"), now, file=file_name(path), file_digest=digest(path))
    arrived = instant(now.astimezone(SHANGHAI).replace(microsecond=0))
    return len(ties), record_relations(open_books().registry, ties, arrived, head)


def name_subject(code: str, name: str, other: str, since: str, who: str) -> Version:
    """A registered name or another code of a subject."""
    try:
        subject = read_subject(code)
        since = read_day(since).isoformat() if since else ""
    except WrongCode as wrong:
        raise RefusedInput([Fault("R651", Place("CODE"), wrong.zh, wrong.en)]) from None
    except ValueError as wrong:
        raise RefusedInput([Fault("R652", Place("--since"), "日期读不懂", str(wrong))]) from None
    name, other, who = kept(name, "--name"), kept(other, "--code"), kept(who, "--who")
    scheme = "unified" if len(other) == 18 else "other" if other else ""
    named = Named(subject, name[:200], other[:64], scheme, since=since)
    return record_subjects(open_books().registry, [named], Head("subject", who, datetime.now(UTC)))


def agree_cadence(code: str, cadence_days: int, who: str) -> Version:
    """After how many days a list is to come again. Missing without such a list."""
    lists = rulebook_of().vocabulary.lists
    if code not in lists:
        raise Missing(f"没有名单 `{shown(code)}`", f"there is no list `{shown(code)}`", *advice(code, lists))
    head = Head("source", kept(who, "--who"), datetime.now(UTC), list=code)
    return record_source(open_books().registry, lists[code], cadence_days, head)


def _places(headings: Sequence[str], path: Path) -> dict[str, int]:
    plain = [heading.strip().casefold() for heading in headings]
    found = {name: next((plain.index(word) for word in words if word in plain), -1) for name, words in COLUMNS.items()}
    missing = [name for name in ("kind", "near", "far") if found[name] < 0]
    if missing:
        words = ["、".join(COLUMNS[name]) for name in missing]
        zh, en = f"缺少列：{'；'.join(words)}", f"columns are missing: {', '.join(missing)}"
        raise RefusedInput([Fault("R654", Place(str(path)), zh, en)])
    return {name: place for name, place in found.items() if place >= 0}


def _tie(row: dict[str, str]) -> Tie:
    if row["kind"] not in RELATION_KINDS:
        helps = advice(row["kind"], RELATION_KINDS)
        raise ValueError(f"`{shown(row['kind'])}`; {helps[1]}")
    days = [read_day(text).isoformat() if (text := row.get(name, "")[:10]) else "" for name in ("since", "until")]
    return Tie(row["kind"], read_subject(row["near"]), read_subject(row["far"]), *days)
