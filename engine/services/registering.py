"""What a registrar does: a list's file in, an event on an entry, relations; each write with who and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.calendar import SHANGHAI, When, instant, read_when
from engine.errors import Missing, refused_input
from engine.registry.cells import holds_a_person
from engine.registry.changes import Head
from engine.registry.events import LONGEST, Happened, Recorded, record_event
from engine.registry.faults import RowFault
from engine.registry.headings import columns_of, read_mapping
from engine.registry.importing import Report, Row, Wanted, import_rows
from engine.registry.rows import Reader, reader_of
from engine.registry.sheets import Sheet, digest, open_sheet
from engine.services.books import Books
from engine.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class FileToImport:
    """A list's file and how it is to be taken; `data_time` is the moment its data show, now if nobody says."""

    path: Path
    list: str
    who: str
    snapshot: bool = False
    partial: bool = False
    dry_run: bool = False
    accept_endings: int = 0
    data_time: When | None = None
    mapping: Path | None = None
    reason: str = ""
    name: str = ""  # what its sender calls it, where that is not the path's


def import_file(
    books: Books,
    vocabulary: Vocabulary,
    wanted: FileToImport,
    refused: Callable[[RowFault], None] = lambda fault: None,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> Report:
    """Take the file into the registry, whole or not at all (`partial`: the good rows).

    Missing without such a list; RefusedInput where the file or its headings cannot be read.
    """
    if wanted.list not in vocabulary.lists:
        known = "、".join(sorted(vocabulary.lists))
        raise Missing(
            f"没有名单 `{wanted.list[:60]}`",
            f"there is no list `{wanted.list[:60]}`",
            f"现有：{known}",
            f"there are: {known}",
        )
    now = datetime.now(UTC)
    data_time = wanted.data_time or instant(now.astimezone(SHANGHAI).replace(microsecond=0))
    if data_time.first > instant(now).last:
        raise refused_input("R613", "数据时点在将来", "the moment the data show lies ahead", where="--data-time")
    mapping = read_mapping(wanted.mapping, vocabulary, wanted.list) if wanted.mapping else None
    who, reason = kept(wanted.who, "--who"), kept(wanted.reason, "--reason")
    name = file_name(Path(wanted.name)) if wanted.name else file_name(wanted.path)
    head = Head("import", who, now, reason, wanted.list, name, digest(wanted.path), data_time.text)
    how = Wanted(wanted.list, data_time, wanted.snapshot, wanted.partial, wanted.dry_run, wanted.accept_endings)
    with open_sheet(wanted.path) as sheet:
        columns = columns_of(sheet.headings, vocabulary, wanted.list, mapping, str(wanted.path))
        rows = _rows(sheet, reader_of(columns, vocabulary, wanted.list), progress)
        report = import_rows(books.registry, rows, how, head, books.persons.digest, refused)
        report.notes = (*sheet.notes, *columns.notes)
        return report


def moment_of(text: str) -> When:
    """A day or an instant as a person types it."""
    try:
        return read_when(text)
    except ValueError as wrong:
        raise refused_input(
            "R641", "日期或时刻读不懂", f"this is no day or instant: {wrong}",
            "写 2024-06-10 或 2024-06-10T09:00+08:00", "write 2024-06-10 or 2024-06-10T09:00+08:00",
        ) from None  # fmt: skip


def happened(entry: str, verb: str, on: str, document: str, reason: str) -> Happened:
    """An event as a person reports it, its day read and its texts bounded."""
    document, reason = kept(document, "--document"), kept(reason, "--reason")
    if not document:
        raise refused_input("R645", "须写明所依据的文书号", "the document it rests on must be named")
    return Happened(entry, verb, moment_of(on).text, document, reason)


def record(books: Books, happened: Happened, who: str) -> Recorded:
    """Add an event to an entry, with its document and reason."""
    head = Head("event", kept(who, "--who"), datetime.now(UTC), happened.reason)
    return record_event(books.registry, happened, head)


def kept(text: str, where: str) -> str:
    """A text as the books keep it: one line, bounded, and no person's number in it; RefusedInput otherwise."""
    line = " ".join(text.split())
    if len(line) > LONGEST:
        raise refused_input(
            "R644", f"文字过长，最多 {LONGEST} 字", f"too long, at most {LONGEST} characters", where=where
        )
    if not line.isprintable():
        raise refused_input("R646", "含有不能显示的字符", "there is a character that cannot be shown", where=where)
    if holds_a_person(line):
        raise refused_input(
            "R647",
            "文字中有公民身份号码，不接收",
            "there is a citizen's number in the text, which is never taken",
            where=where,
        )
    return line


def file_name(path: Path) -> str:
    """A file's name as the books keep it; bytes that are no text become marks."""
    return kept(path.name.encode("utf-8", "replace").decode(), "FILE")


def _rows(sheet: Sheet, read: Reader, progress: Callable[[int, int], None]) -> Iterator[Row]:
    for number, (line, cells) in enumerate(sheet, 1):
        if number % 5_000 == 0:
            progress(*sheet.position())
        yield read(line, cells)
    progress(*sheet.position())
