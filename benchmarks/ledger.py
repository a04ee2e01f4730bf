"""The ledger on this machine: appending beside a raw insert of the same bytes, proofs, checks, replay, growth."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text

from engine.canonical import canonical
from engine.ledger.merkle import Frontier, included
from engine.ledger.migrating import LEDGER
from engine.ledger.proving import prove_inclusion
from engine.ledger.receipt import faults_of_receipt, leaf_row, openings_of, receipt_of
from engine.ledger.recorder import Recorder
from engine.ledger.recording import Entered
from engine.ledger.replaying import replay
from engine.ledger.signing import LogKeys
from engine.ledger.tables import LedgerTable, NodeRow
from engine.registry.changes import insert_many
from engine.registry.migrating import upgrade
from engine.registry.reading import register_of
from engine.registry.store import Store
from engine.services.books import open_books, open_ledger
from tests.ledger.desk import Chance, at_home, furnish, law, made

CLIENTS = (1, 32)
PROOFS = 300


def measured(leaves: int, appends: int, address: str = "") -> dict[str, Any]:
    """All figures; appends also on the PostgreSQL of `address`."""
    report: dict[str, Any] = {"append": {}, "leaves": leaves}
    with TemporaryDirectory(prefix="memoranda-bench-") as folder:
        home = Path(folder)
        places = {"sqlite": home / "append.db"} | ({"postgresql": address} if address else {})
        for name, where in places.items():
            report["append"][name] = {clients: _append(where, home, appends, clients) for clients in CLIENTS}
        report |= _proofs(home, leaves) | _decisions(home / "home")
    return report


class _Raw(Recorder):
    """The same sharing of commits around an insert of the same bytes, and nothing else."""

    def _fault_of(self, leaves: list[Entered]) -> None:
        rows = [dict(zip("icep", (leaf.id, leaf.row[5], leaf.row[6], leaf.row[8]), strict=True)) for leaf in leaves]
        with self._ledger.writing() as connection:
            connection.execute(text("INSERT INTO raw VALUES (:i, :c, :e, :p)"), rows)


def _append(where: Path | str, home: Path, count: int, clients: int) -> dict[str, float]:
    """Leaves a second through the recorder, and through a group-committed insert of the same bytes."""
    keys = LogKeys.open(home / "key", Chance("bench"))
    store = Store(where)
    upgrade(store, LEDGER)
    with store.writing() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS raw (id TEXT, core TEXT, envelope TEXT, promise TEXT)"))
    first, raw, ours = clients * 1_000_000, _Raw(store), Recorder(store)
    leaves = [made(first + number, keys) for number in range(count)]

    def recorded(number: int) -> None:  # with the making of envelope, hash and promise
        ours.record(made(first + count + number, keys))

    found = {"raw": _rate(raw.record, leaves, clients), "ours": _rate(recorded, range(count), clients)}
    store.close()
    return found | {"share": round(found["ours"] / found["raw"], 2)}


def _rate(work: Callable[[Any], None], items: Any, clients: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(work, items))
    return round(len(items) / (time.perf_counter() - began))


def _proofs(home: Path, size: int) -> dict[str, Any]:
    """A tree of made-up leaves, its nodes stored; the time of a proof of inclusion read from the database."""
    store, tree, rows = Store(home / "proofs.db"), Frontier(), list[tuple[int, int, str]]()
    upgrade(store, LEDGER)
    for number in range(size):
        rows += [(level, place, found.hex()) for level, place, found in tree.append(_leaf(number))]
    rows.sort()
    with store.writing() as connection:
        insert_many(connection, LedgerTable.metadata.tables[str(NodeRow.__tablename__)], rows)
    rows.clear()  # millions of rows, that the collector would walk in the middle of a proof
    times, busy, chance = list[float](), list[float](), Random(1)
    with store.reading() as connection:
        for _ in range(PROOFS):
            number = chance.randrange(size)
            began, worked = time.perf_counter(), time.thread_time()
            proof = prove_inclusion(connection, number, size)
            busy.append((time.thread_time() - worked) * 1e3)
            times.append((time.perf_counter() - began) * 1e3)
            assert included(number, size, _leaf(number), [bytes.fromhex(part) for part in proof], tree.root)
    store.close()
    p99 = int(PROOFS * 0.99)
    found = {"p50": statistics.median(times), "p99": sorted(times)[p99], "p99_processor": sorted(busy)[p99]}
    return {"proof_ms": {name: _round(value) for name, value in found.items()}}


def _leaf(number: int) -> bytes:
    return sha256(b"%d" % number).digest()


def _decisions(home: Path) -> dict[str, Any]:
    """Real decisions on the sample: the check of a receipt, replay on one core, bytes on disk."""
    ids, book = furnish(home), law().rulebook()
    with at_home(home):
        ledger, registry = open_ledger(), open_books().registry
        with ledger.store.reading() as connection, registry.reading() as known:
            receipt = canonical(receipt_of(connection, ids[0])) + b"\n"
            check = _each(lambda: list(faults_of_receipt(receipt, ledger.keys.public)), 200)

            def again(one: str) -> None:
                done = replay(
                    leaf_row(connection, one), openings_of(connection, one),
                    lambda subjects, version: register_of(known, subjects, version, book.vocabulary), book,
                )  # fmt: skip
                assert done.outcome.value == "same"

            for one in ids:  # warm, as a sweep soon is
                again(one)
            began = time.perf_counter()
            for one in ids * 10:
                again(one)
            speed = len(ids) * 10 / (time.perf_counter() - began)
            query = "SELECT SUM(length(core) + length(envelope) + length(promise) + 64) FROM leaf"
            total = connection.execute(text(query)).scalar_one()
            openings = connection.execute(text("SELECT SUM(length(value) + 32) FROM opening")).scalar_one()
    size = round((total + openings) / (len(ids) + 2))
    return {"check_ms": _round(check), "replays_per_second": round(speed), "bytes_a_decision": size}


def _each(work: Callable[[], Any], count: int) -> float:
    began = time.perf_counter()
    for _ in range(count):
        work()
    return (time.perf_counter() - began) / count * 1e3


def _round(value: float) -> float:
    return round(value, 3)


def told(report: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [
        f"append, {name}, {clients} clients: {row['ours']:,} a second, raw insert {row['raw']:,}: {row['share']} of it"
        for name, found in report["append"].items()
        for clients, row in found.items()
    ]
    proof = report["proof_ms"]
    return "\n".join(
        [
            *lines,
            f"proof at {report['leaves']:,} leaves: p50 {proof['p50']} ms, p99 {proof['p99']} ms (to reach: 2), "
            f"of the processor's time {proof['p99_processor']} ms",
            f"check of a receipt: {report['check_ms']} ms",
            f"replay on one core: {report['replays_per_second']:,} a second (to reach: 2,000)",
            f"a decision: {report['bytes_a_decision']:,} bytes of rows, without indexes and nodes",
        ]
    )
