"""What an auditor does: take a receipt, check one, and prove that the log is whole."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.canonical import canonical
from engine.errors import Missing, refused_input
from engine.ledger.auditing import Found, audit, registry_holds
from engine.ledger.envelope import Data, read_json
from engine.ledger.receipt import MOST_BYTES, faults_of_receipt, receipt_of
from engine.ledger.recording import DECISION
from engine.ledger.sequencing import Head, newest, sequence
from engine.ledger.signing import fingerprint_of_public
from engine.registry.store import ask
from engine.services.books import open_books, open_ledger
from engine.services.files import place
from engine.services.moments import utc_now
from engine.services.replaying import decisions, kept_files
from engine.vocabulary import Words


def receipt_bytes(leaf_id: str, openings: bool = True) -> bytes:
    """The receipt of a decision as the file it is."""
    ledger = open_ledger()
    sequence(ledger.store, ledger.keys, utc_now())
    with ledger.store.reading() as connection:
        return canonical(receipt_of(connection, leaf_id, openings)) + b"\n"


def check_receipt(path: Path, key: str) -> tuple[Data, tuple[Words, ...]]:
    """A receipt and everything wrong with it, under a key: the fingerprint of one known here, or a file of keys."""
    data = read_file(path)
    faults = tuple(faults_of_receipt(data, pinned(key)))
    said = {} if faults else json.loads(data)
    return said, faults


def pinned(key: str) -> Mapping[str, str]:
    """Keys to trust, by fingerprint: those of a file (as `memoranda log keys` prints it), or one that we hold."""
    path = Path(key)
    if path.is_file():
        try:
            said = json.loads(read_file(path))
            if not all(fingerprint_of_public(value) == name for name, value in said.items()):
                raise ValueError("a fingerprint that is not its key's")
            return {str(name): str(value) for name, value in said.items()}
        except (ValueError, AttributeError, TypeError):
            raise refused_input("R701", "密钥文件读不懂", "the key file cannot be read", where=str(path)) from None
    known = open_ledger().keys.public
    if key not in known:
        raise Missing(f"没有指纹为 {key[:40]} 的密钥", f"no key here has the fingerprint {key[:40]}")
    return {key: known[key]}


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
        said = json.loads(read_file(path))
        return Head(int(said["size"]), str(said["root"]), str(said["signed_at"]), dict(said["signature"]))
    except (ValueError, KeyError, TypeError):
        raise refused_input("R702", "不是检查点文件", "this is no checkpoint", where=str(path)) from None


def _rulebooks(connection: Any) -> Iterator[Found]:
    """Rulebooks that decisions were judged by and the ledger does not hold as they were."""
    for row in ask(connection, f"SELECT DISTINCT rulebook FROM leaf WHERE kind = '{DECISION}'"):
        if kept_files(connection, row.rulebook) is None:
            zh, en = "规则库已不在或被改动", "the rulebook is not there, or was altered"
            yield Found(f"rulebook {row.rulebook[:12]}", Words(zh, en))


def _versions(connection: Any) -> list[tuple[int, str]]:
    """Every version and digest of the registry that a decision names."""
    found = set[tuple[int, str]]()
    for row in decisions(connection):
        try:
            said = read_json(row.envelope)["registry"]
            found.add((int(said["version"]), str(said["digest"])))
        except (ValueError, KeyError, TypeError):
            continue  # said of its leaf
    return sorted(found)


def read_file(path: Path) -> bytes:
    """A file that somebody brings, at most a byte more than a receipt may have. Missing if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError:
        raise Missing(f"读不到文件 {path}", f"the file {path} cannot be read") from None
