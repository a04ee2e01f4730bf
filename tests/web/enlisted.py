"""A subject with a past: on three lists, banned, objected to, suspended, resumed, one entry annulled, with a branch."""

from datetime import UTC, datetime

from engine.calendar import read_when, whole_day
from engine.identity import synthetic_code
from engine.registry.changes import Head
from engine.registry.events import Happened, record_event
from engine.registry.importing import Wanted, import_rows
from engine.registry.rows import Incoming
from engine.registry.ties import Named, Tie, record_relations, record_subjects
from engine.services.books import Books
from engine.services.sampling import TODAY

# Beyond those of the sample registry.
CODE, BRANCH, FORMER = synthetic_code(7_001), synthetic_code(7_002), "123456788"
NAME = "合成时间线（测试）有限公司"
# Of the standard itself (GB 11643-1999), nobody's.
NUMBER = "11010519491231002X"
_EVENTS = (
    ("procurement-violators", "object", "2024-03-05", "异议1号"),
    ("procurement-violators", "suspend", "2024-03-20", "中止1号"),
    ("procurement-violators", "settle", "2024-06-01", "复核1号"),
    ("procurement-violators", "resume", "2024-06-01", "恢复1号"),
    ("judgment-defaulters", "annul", "2025-09-10", "撤销1号"),
)


def enlist(books: Books, code: str = CODE) -> int:
    """Write it all; the registry's version before the events were known."""
    record_subjects(
        books.registry,
        [
            Named(code, "旧名（测试）有限公司", since="2015-01-01", until="2019-12-31"),
            Named(code, NAME, since="2020-01-01"), Named(code, code=FORMER, scheme="organisation-code"),
            Named(BRANCH, "合成时间线（测试）有限公司分公司", since="2020-01-01"),
        ],
        _head("subject"),
    )  # fmt: skip
    ban = {"listed": "2024-02-01", "ban_from": "2024-02-01", "ban_until": "2026-01-31", "expires": "2027-01-31"}
    _import(books, "procurement-violators", code, ban, {"territory": "national"})
    _import(books, "judgment-defaulters", code, {"listed": "2025-03-01"}, {})
    _import(books, "tax-violators", FORMER, {"listed": "2016-05-01"}, {})
    record_relations(
        books.registry, [Tie("branch-of", BRANCH, code, "2020-01-01")], whole_day(TODAY), _head("relation")
    )
    with books.registry.reading() as connection:
        version: int = connection.exec_driver_sql('SELECT MAX(version) FROM "change"').scalar_one()
        rows = connection.exec_driver_sql("SELECT number, list FROM entry WHERE subject = ?", (code,)).all()
    numbers = {row.list: row.number for row in rows}
    for listed, verb, day, document in _EVENTS:
        happened = Happened(numbers[listed], verb, day, document, "测试理由")
        record_event(books.registry, happened, _head("event"))
    return version


def enlist_person(books: Books) -> None:
    """A natural person on a list, known by the digest of a number."""
    row = Incoming(2, "张三丰", "", (), NUMBER, "natural-person", {"listed": "2025-01-01"}, {}, "人1号", "合成单位")
    _take(books, "judgment-defaulters", row)


def _import(books: Books, listed: str, code: str, dates: dict[str, str], facts: dict[str, int | str | bool]) -> None:
    owned = (code, ()) if len(code) == 18 else ("", (("organisation-code", code),))
    _take(books, listed, Incoming(2, NAME, *owned, "", "", dates, facts, f"测{dates['listed'][:4]}第1号", "合成单位"))


def _take(books: Books, listed: str, row: Incoming) -> None:
    wanted = Wanted(listed, read_when(f"{TODAY.isoformat()}T07:00+08:00"))
    report = import_rows(books.registry, [row], wanted, _head("import", listed), books.persons.digest)
    assert report.new == 1, report


def _head(kind: str, listed: str = "") -> Head:
    return Head(kind, "tests", datetime.now(UTC), "tests", listed)
