"""What an auditor does: take a receipt, check one, replay decisions, prove the log, and see what corrections change."""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.canonical import canonical
from engine.errors import Missing, refused_input
from engine.inquiry import Register
from engine.ledger.auditing import Found, audit, registry_holds
from engine.ledger.envelope import Data, read_json
from engine.ledger.receipt import MOST_BYTES, faults_of_receipt, leaf_row, openings_of, receipt_of
from engine.ledger.recording import DECISION, kept_rulebook
from engine.ledger.replaying import Known, Outcome, Replayed, replay
from engine.ledger.sequencing import Head, newest, sequence
from engine.ledger.signing import fingerprint_of_public
from engine.model import Rulebook
from engine.packs.library import read_library, revision_of
from engine.registry.chain import latest
from engine.registry.reading import register_of
from engine.registry.store import ask
from engine.services.books import open_books, open_ledger
from engine.services.files import place
from engine.services.moments import utc_now
from engine.services.rulebooks import sound
from engine.vocabulary import Words

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Swept:
    """A replay, and the rulebook and version it was first made by."""

    replayed: Replayed
    rulebook: str
    version: int


def receipt_bytes(leaf_id: str, openings: bool = True) -> bytes:
    """The receipt of a decision as the file it is."""
    ledger = open_ledger()
    sequence(ledger.store, ledger.keys, utc_now())
    with ledger.store.reading() as connection:
        return canonical(receipt_of(connection, leaf_id, openings)) + b"\n"


def check_receipt(path: Path, key: str) -> tuple[Data, tuple[Words, ...]]:
    """A receipt and everything wrong with it, under a key: the fingerprint of one known here, or a file of keys."""
    data = _read(path)
    faults = tuple(faults_of_receipt(data, pinned(key)))
    said = {} if faults else json.loads(data)
    return said, faults


def pinned(key: str) -> Mapping[str, str]:
    """Keys to trust, by fingerprint: those of a file (as `memoranda log keys` prints it), or one that we hold."""
    path = Path(key)
    if path.is_file():
        try:
            said = json.loads(_read(path))
            if not all(fingerprint_of_public(value) == name for name, value in said.items()):
                raise ValueError("a fingerprint that is not its key's")
            return {str(name): str(value) for name, value in said.items()}
        except (ValueError, AttributeError, TypeError):
            raise refused_input("R701", "密钥文件读不懂", "the key file cannot be read", where=str(path)) from None
    known = open_ledger().keys.public
    if key not in known:
        raise Missing(f"没有指纹为 {key[:40]} 的密钥", f"no key here has the fingerprint {key[:40]}")
    return {key: known[key]}


def replays(since: str = "", against: Path | None = None, one: str = "") -> Iterator[Swept]:
    """Every decision made again (of one id, or recorded since), by its own rulebook or that of a folder."""
    ledger, registry = open_ledger(), open_books().registry
    judged: dict[str, Rulebook | None] = {}
    other = sound(read_library([against], with_cases=False)) if against else None
    with ledger.store.reading() as connection, registry.reading() as known:
        for row in _decisions(connection, since, one):
            if not other and row.rulebook not in judged:
                judged[row.rulebook] = _kept(connection, row.rulebook)
            book = other or judged[row.rulebook]
            if book is None:
                done = Replayed(row.id, Outcome.IMPOSSIBLE, then=row.verdict, why=f"no rulebook {row.rulebook[:12]}")
            else:
                done = replay(row, openings_of(connection, row.id), _known(known, book), book)
            yield Swept(done, row.rulebook, row.version)


def revisits(since: int) -> Iterator[Swept]:
    """Decisions made on a registry before the newest whose answer would now differ, for corrections came after them."""
    ledger, registry = open_ledger(), open_books().registry
    judged: dict[str, Rulebook | None] = {}
    with ledger.store.reading() as connection, registry.reading() as known:
        now = latest(known).number
        touched = _touched(known, since)
        for row in _decisions(connection, "", ""):
            opened = openings_of(connection, row.id)
            subjects = {one.value.get("subject", "") for one in opened}
            if row.version >= now or not subjects & touched:
                continue
            if row.rulebook not in judged:
                judged[row.rulebook] = _kept(connection, row.rulebook)
            book = judged[row.rulebook]
            if book is None:
                continue  # `log verify` says so
            done = replay(row, opened, _known(known, book, now), book)
            if done.outcome is not Outcome.SAME and done.now != done.then:
                yield Swept(done, row.rulebook, row.version)


def audited(checkpoint: Path | None = None) -> tuple[Head | None, list[Found]]:
    """The newest head, and everything that does not hold of the log and of the registry under it."""
    ledger, registry = open_ledger(), open_books().registry
    sequence(ledger.store, ledger.keys, utc_now())
    head = read_checkpoint(checkpoint) if checkpoint else None
    with ledger.store.snapshot() as connection, registry.reading() as known:
        found = list(audit(connection, ledger.keys.public, head))
        found += _rulebooks(connection)
        found += registry_holds(known, _versions(connection))
        return newest(connection), found


def write_checkpoint(path: Path) -> Head:
    """The newest signed head into a file, for operators to copy elsewhere.

    Missing while the log is empty, or where the file cannot be written.
    """
    ledger = open_ledger()
    head = sequence(ledger.store, ledger.keys, utc_now())
    if head is None:
        raise Missing("台账还是空的", "the log is still empty")
    place(path, canonical(head.data()) + b"\n")
    return head


def read_checkpoint(path: Path) -> Head:
    """A checkpoint as it was written. RefusedInput if it is none."""
    try:
        said = json.loads(_read(path))
        return Head(int(said["size"]), str(said["root"]), str(said["signed_at"]), dict(said["signature"]))
    except (ValueError, KeyError, TypeError):
        raise refused_input("R702", "不是检查点文件", "this is no checkpoint", where=str(path)) from None


def _known(connection: Any, book: Rulebook, at: int | None = None) -> Known:
    """What was known of subjects at the version a decision read, or at another one for all."""

    def known(subjects: list[str], version: int) -> Register:
        return register_of(connection, subjects, version if at is None else at, book.vocabulary)

    return known


def _decisions(connection: Any, since: str, one: str) -> Iterator[Any]:
    if one:
        row = leaf_row(connection, one)
        if row.kind != DECISION:
            raise Missing("这是人工认定，不是决定", "this is a person's determination, no decision")
        yield row
        return
    ticks, last = -1, ""
    while rows := ask(
        connection,
        f"SELECT * FROM leaf WHERE kind = '{DECISION}' AND recorded_at >= ? AND (ticks > ? OR (ticks = ? AND id > ?)) "
        f"ORDER BY ticks, id LIMIT {CHUNK}",
        (since, ticks, ticks, last),
    ):
        yield from rows
        ticks, last = rows[-1].ticks, rows[-1].id


def _kept(connection: Any, revision: str) -> Rulebook | None:
    """A rulebook out of the ledger, read as any other; None if it is not there or is not what its revision says."""
    files = _files(connection, revision)
    if files is None:
        return None
    with TemporaryDirectory(prefix="memoranda-rulebook-") as folder:
        layers = sorted({name.partition("/")[0] for name in files}, key=int)
        for name, data in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return read_library([Path(folder) / layer for layer in layers], with_cases=False).rulebook()


def _files(connection: Any, revision: str) -> dict[str, bytes] | None:
    """The files of a rulebook, if they are those the revision was made of."""
    try:
        files = kept_rulebook(connection, revision)
    except (ValueError, AttributeError, TypeError, zlib.error):
        return None
    return files if files is not None and revision_of(files) == revision else None


def _touched(known: Any, since: int) -> set[str]:
    """Subjects that something was learned of after the version."""
    query = (
        'SELECT t.subject FROM entry t JOIN "change" c ON c.id = t.change WHERE c.version > ? '
        "UNION SELECT e.subject FROM event t JOIN entry e ON e.number = t.entry "
        'JOIN "change" c ON c.id = t.change WHERE c.version > ?'
    )
    return {row.subject for row in ask(known, query, (since, since))}


def _rulebooks(connection: Any) -> Iterator[Found]:
    """Rulebooks that decisions were judged by and the ledger does not hold as they were."""
    for row in ask(connection, f"SELECT DISTINCT rulebook FROM leaf WHERE kind = '{DECISION}'"):
        if _files(connection, row.rulebook) is None:
            zh, en = "规则库已不在或被改动", "the rulebook is not there, or was altered"
            yield Found(f"rulebook {row.rulebook[:12]}", Words(zh, en))


def _versions(connection: Any) -> list[tuple[int, str]]:
    """Every version and digest of the registry that a decision names."""
    found = set[tuple[int, str]]()
    for row in _decisions(connection, "", ""):
        try:
            said = read_json(row.envelope)["registry"]
            found.add((int(said["version"]), str(said["digest"])))
        except (ValueError, KeyError, TypeError):
            continue  # said of its leaf
    return sorted(found)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError:
        raise Missing(f"读不到文件 {path}", f"the file {path} cannot be read") from None
