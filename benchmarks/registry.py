"""The registry beside the plainest way of doing the same: batched inserts, and one prepared statement for a look-up."""

import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Column, Index, MetaData, Table

from engine.calendar import read_when
from engine.identity import synthetic_code
from engine.packs.library import read_library, shipped
from engine.registry.chain import table_of
from engine.registry.changes import Head, insert_many
from engine.registry.headings import columns_of
from engine.registry.importing import Wanted, import_rows
from engine.registry.migrating import upgrade
from engine.registry.reading import entry_rows, register_of
from engine.registry.rows import reader_of
from engine.registry.sheets import open_sheet
from engine.registry.states import state_of
from engine.registry.store import Store
from engine.registry.tables import NAMING, EntryRow, row_id

LIST = "judgment-defaulters"
HEADINGS = "名称,统一社会信用代码,文号,列入机关,列入日期,公布日期,ground"
BATCH = 10_000
LOOKUPS = 4_000


def measured(entries: int, small: int, url: str | None) -> dict[str, Any]:
    """Import and look-up at two sizes on SQLite and, if a URL gives an empty one, on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="memoranda-bench-") as folder:
        file = Path(folder) / "list.csv"
        report: dict[str, Any] = {"entries": entries, "small": small}
        for name, store in _stores(Path(folder), url):
            report[name] = {"import": _importing(store, file, small), "lookup": {}}
            report[name]["lookup"][str(small)] = _looking(store, small)
            report[name]["import_large"] = _importing(store, file, entries)
            report[name]["lookup"][str(entries)] = _looking(store, entries)
            store.close()
        return report


def _stores(folder: Path, url: str | None) -> Iterator[tuple[str, Store]]:
    for name, at in (("sqlite", f"sqlite:///{folder / 'registry.db'}"), ("postgresql", url)):
        if at:
            store = Store(at)
            upgrade(store)
            yield name, store


def write_list(file: Path, entries: int) -> None:
    """A list's CSV file of so many invented entries."""
    with file.open("w", encoding="utf-8") as lines:
        lines.write(HEADINGS + "\n")
        for number in range(entries):
            row = (f"合成样本{number}有限公司", synthetic_code(number), f"（2025）测执{number}号", "测试法院")
            lines.write(",".join((*row, "2025-01-10", "2025-01-12", "3")) + "\n")


def _importing(store: Store, file: Path, entries: int) -> dict[str, Any]:
    """The file through the whole import, then the same rows plainly into a table made alike."""
    write_list(file, entries)
    vocabulary = read_library([shipped()], with_cases=False).vocabulary
    wanted = Wanted(LIST, read_when("2025-02-01T08:00+08:00"))
    head = Head("import", "bench", datetime.now(UTC), list=LIST)
    begun = time.perf_counter()
    with open_sheet(file) as sheet:
        read = reader_of(columns_of(sheet.headings, vocabulary, LIST), vocabulary, LIST)
        report = import_rows(store, (read(line, cells) for line, cells in sheet), wanted, head, str)
    ours = time.perf_counter() - begun
    with open_sheet(file) as sheet:
        rows = [
            (row_id(0, line), 0, *state_of(read(line, cells), LIST, str).row(LIST))  # type: ignore[arg-type]
            for line, cells in sheet
        ]
    plain = _plainly(store, rows)
    return {
        "new": report.new,
        "rows_per_second": round(entries / ours),
        "plain_rows_per_second": round(entries / plain),
        "times_plain": round(ours / plain, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _plainly(store: Store, rows: list[tuple[Any, ...]]) -> float:
    """Batched inserts of finished rows into a copy of the table with the same indexes; seconds."""
    columns = [
        Column(column.name, column.type, primary_key=column.primary_key) for column in table_of(EntryRow).columns
    ]
    table = Table("plain_entry", MetaData(naming_convention=NAMING), *columns)
    Index(None, table.c.subject)
    Index(None, table.c.list, table.c.change)
    Index(None, table.c.number, table.c.change, unique=True)
    with store.writing() as connection:
        table.drop(connection, checkfirst=True)
        table.create(connection)
    begun = time.perf_counter()
    for first in range(0, len(rows), BATCH):
        with store.writing() as connection:
            insert_many(connection, table, rows[first : first + BATCH])
    return time.perf_counter() - begun


def _looking(store: Store, entries: int) -> dict[str, Any]:
    """One subject's entries, by us and by the raw statement, in turns; and the whole register of a decision."""
    vocabulary = read_library([shipped()], with_cases=False).vocabulary
    chance = Random(7)
    codes = [synthetic_code(chance.randrange(entries)) for _ in range(LOOKUPS)]
    with store.reading() as connection:
        raw = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
        mark = "?" if isinstance(raw, sqlite3.Cursor) else "%s"
        statement = f"SELECT * FROM entry WHERE subject = {mark}"
        found = _in_turns(
            codes,
            {
                "raw": lambda code: raw.execute(statement, (code,)).fetchall(),
                "entries": lambda code: entry_rows(connection, {code: (code,)}, 1_000_000),
                "register": lambda code: register_of(connection, (code,), 1_000_000, vocabulary),
            },
        )
    found["times_raw"] = round(found["entries"]["p50_us"] / found["raw"]["p50_us"], 2)
    return found


def _in_turns(codes: list[str], ask: dict[str, Callable[[str], Any]]) -> dict[str, Any]:
    taken: dict[str, list[float]] = {name: [] for name in ask}
    for code in codes:
        for name, look in ask.items():
            begun = time.perf_counter()
            look(code)
            taken[name].append(time.perf_counter() - begun)
    return {
        name: {
            "p50_us": round(sorted(times)[len(times) // 2] * 1e6, 1),
            "p99_us": round(sorted(times)[len(times) * 99 // 100] * 1e6, 1),
        }
        for name, times in taken.items()
    }


def told(report: dict[str, Any]) -> str:
    """The figures for people, with what was to be reached."""
    lines = []
    for name in ("sqlite", "postgresql"):
        for size, key in ((report["small"], "import"), (report["entries"], "import_large")) if name in report else ():
            row = report[name][key]
            lines.append(
                f"{name:10}  import {size:>9,}: {row['rows_per_second']:>7,} rows/s, plain "
                f"{row['plain_rows_per_second']:,}, {row['times_plain']} times (at most 6), peak {row['peak_mb']} MB"
            )
        for size, found in report[name]["lookup"].items() if name in report else ():
            figures = ", ".join(
                f"{what} p50 {found[what]['p50_us']} p99 {found[what]['p99_us']} us"
                for what in ("raw", "entries", "register")
            )
            lines.append(
                f"{name:10}  look-up in {int(size):,}: {figures}; entries/raw {found['times_raw']} (at most 5)"
            )
    return "\n".join(lines)
