"""Decisions looked for in the ledger: by scenario, verdict and time, those left to a person, those to be revisited.

Pages are bounded twice: so many are given, and so many rows are looked at; a page may be short and still have a next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.calendar import read_when
from engine.decision import Verdict
from engine.errors import Missing, refused_input
from engine.ledger.envelope import read_json
from engine.ledger.recording import DECISION, DETERMINATION
from engine.model import Rulebook
from engine.registry.chain import latest
from engine.registry.shelf import marks
from engine.registry.store import Store, ask
from engine.services.again import rulebook_for
from engine.services.moments import utc_now
from engine.services.replaying import Judges, openings_among
from engine.services.revisiting import Revisited, revisits_among

# Rows looked at for one page; those asked again for a page of the revisit list, each of which is judged.
MOST_ROWS, MOST_ASKED = 1_000, 250
DAY = 86_400 * 1_000_000
_OPEN = f"AND NOT EXISTS (SELECT 1 FROM leaf d WHERE d.of = l.id AND d.kind = '{DETERMINATION}')"

# Whether whoever asks may see a decision of this scenario and place.
Reaches = Callable[[str, str | None], bool]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the ledger, by time and id, at which a page ended."""

    ticks: int
    id: str

    def __str__(self) -> str:
        return f"{self.ticks} {self.id}"

    @classmethod
    def read(cls, said: str) -> "Mark":
        """Back from its text. ValueError if it is none."""
        ticks, _, leaf = said.partition(" ")
        if len(ticks) > 17:
            raise ValueError("no such time")
        return cls(int(ticks), leaf)


FIRST, LAST = Mark(-1, ""), Mark(1 << 62, "")


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; days or instants, both ends included; no limit where nothing is said."""

    scenario: str | None = None
    verdict: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A decision as a list shows it: nothing of whom it concerns. `determined` is what a person last said on it."""

    id: str
    recorded_at: str
    scenario: str
    jurisdiction: str | None
    verdict: str
    determined: str
    number: int | None
    rulebook: str
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, and where the next page begins; None at the end."""

    lines: Sequence[Line]
    following: Mark | None


def search(ledger: Store, wanted: Search, reaches: Reaches, most: int, after: Mark | None) -> Page:
    """Decisions, the newest first. RefusedInput for a time that is none."""
    since, until = _ticks(wanted.since, "since", last=False), _ticks(wanted.until, "until", last=True)
    said = [("scenario = ?", wanted.scenario), ("verdict = ?", wanted.verdict), ("ticks >= ?", since)]
    said += [("ticks <= ?", until)]
    given = [(text, value) for text, value in said if value is not None]
    where = "".join(f" AND {text}" for text, _ in given)
    return _page(ledger, where, [value for _, value in given], reaches, most, after, newest_first=True)


def open_reviews(ledger: Store, reaches: Reaches, most: int, after: Mark | None) -> Page:
    """Decisions left to a person that nobody has determined yet, the oldest first."""
    where = f" AND verdict = '{Verdict.REVIEW.value}' {_OPEN}"
    return _page(ledger, where, [], reaches, most, after, newest_first=False)


def age(line: Line) -> int:
    """For how many whole days a decision has waited."""
    return max(0, int(utc_now().timestamp() * 1_000_000) - read_when(line.recorded_at).first) // DAY


def revisit_page(
    ledger: Store, registry: Store, since: int, reaches: Reaches, after: Mark | None, current: Rulebook
) -> tuple[list[Revisited], Mark | None]:
    """Of the next MOST_ASKED decisions, those whose answer something learned after version `since` would turn.

    The oldest first; the mark is where to go on. RefusedInput for a version that the registry has not reached.
    """
    at = after or FIRST
    with ledger.reading() as connection:
        rows = ask(
            connection,
            f"SELECT * FROM leaf WHERE kind = '{DECISION}' AND ticks >= ? AND (ticks > ? OR id > ?) "
            f"ORDER BY ticks, id LIMIT {MOST_ASKED}",
            (at.ticks, at.ticks, at.id),
        )
        mine = [row for row in rows if reaches(row.scenario, _place(row))]
        opened = openings_among(connection, [row.id for row in mine])
        with registry.reading() as known:
            _demand_version(since, latest(known).number)
            judges = _Judges(ledger, current, connection)
            chunk = [(row, opened.get(row.id, [])) for row in mine]
            found = list(revisits_among(chunk, judges, known, since))
    return found, Mark(rows[-1].ticks, rows[-1].id) if len(rows) == MOST_ASKED else None


class _Judges(Judges):
    """Rulebooks that the process holds already."""

    def __init__(self, ledger: Store, current: Rulebook, connection: Any) -> None:
        super().__init__(connection)
        self._ledger, self._current = ledger, current

    def of(self, row: Any) -> Rulebook | None:
        """As judges do, from memory where it can."""
        try:
            return rulebook_for(self._ledger, row.rulebook, self._current)
        except Missing:
            return None


def _page(
    ledger: Store, where: str, values: list[Any], reaches: Reaches, most: int, after: Mark | None, newest_first: bool
) -> Page:
    order, beyond = ("DESC", "<") if newest_first else ("ASC", ">")
    # Not one condition in two halves: SQLite would read by both, all that there is, and only then sort.
    where += f" AND ticks {beyond}= ? AND (ticks {beyond} ? OR id {beyond} ?)"
    query = f"SELECT * FROM leaf l WHERE kind = '{DECISION}'{where} ORDER BY ticks {order}, id {order} LIMIT {most + 1}"
    at, shown, seen, more = after or (LAST if newest_first else FIRST), list[Any](), 0, True
    with ledger.reading() as connection:
        while more and seen < MOST_ROWS and len(shown) <= most:
            rows = ask(connection, query, [*values, at.ticks, at.ticks, at.id])
            shown += [row for row in rows if reaches(row.scenario, _place(row))]
            seen, more = seen + len(rows), len(rows) > most
            at = Mark(rows[-1].ticks, rows[-1].id) if rows else at
        if len(shown) > most:
            shown, more = shown[:most], True
            at = Mark(shown[-1].ticks, shown[-1].id)
        determined = _determined(connection, [row.id for row in shown])
    lines = [
        Line(
            row.id, row.recorded_at, row.scenario, _place(row), row.verdict, determined.get(row.id, ""),
            row.number, row.rulebook, row.version,
        )
        for row in shown
    ]  # fmt: skip
    return Page(lines, at if more else None)


def _determined(connection: Any, ids: Sequence[str]) -> dict[str, str]:
    """What a person last said on each of these decisions."""
    if not ids:
        return {}
    query = f"SELECT of, verdict FROM leaf WHERE kind = '{DETERMINATION}' AND of IN ({marks(ids)}) ORDER BY ticks, id"
    return {row.of: row.verdict for row in ask(connection, query, ids)}


def _place(row: Any) -> str | None:
    place: str | None = read_json(row.core)["question"].get("jurisdiction")
    return place


def _ticks(said: str | None, name: str, last: bool) -> int | None:
    if said is None:
        return None
    try:
        when = read_when(said)
    except ValueError:
        raise refused_input(
            "R720", "既不是日期也不是时刻", "this is neither a day nor an instant",
            "写 2026-11-20 或 2026-11-20T09:00+08:00", "write 2026-11-20 or 2026-11-20T09:00+08:00", name,
        ) from None  # fmt: skip
    return when.last if last else when.first


def _demand_version(said: int, newest: int) -> None:
    if said > newest:
        zh, en = f"名录库尚无版本 {said}，最新为 {newest}", f"there is no version {said} yet, the newest is {newest}"
        raise refused_input("R724", zh, en, where="since")
