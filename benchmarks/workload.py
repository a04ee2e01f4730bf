"""The laboratory's workload: a book of measures and requests with 0 to 4 entries, from fixed seeds.

A measure applies to an entry if list code, scenario and kind are the same, its place is the nation or the request's
province, the day lies in its span, the entry is dated by the day, and the amount reaches its threshold if it has one.
The answer is the numbers of all measures that apply, and the worst effect. Days are written as whole numbers, 20260615.
"""

from dataclasses import dataclass
from random import Random

SCENARIOS = ("procurement", "bidding", "subsidy", "permit")
KINDS = ("enterprise", "individual")
# The first two digits of a place.
PROVINCES = (
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37",
    "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64",
)  # fmt: skip
EFFECTS = ("benefit", "scrutinise", "restrict", "prohibit")  # each worse than the one before
NOTHING = "none"
FOR_EVER = 99991231
TODAY = 20260615
THRESHOLDS = (1000, 5000, 10000, 50000, 100000, 1000000)

Answer = tuple[list[int], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A measure as every peer is given it; an empty place is the nation."""

    number: int
    code: str
    scenario: str
    kind: str
    place: str
    since: int
    until: int
    threshold: int | None
    effect: str


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of a request."""

    code: str
    day: int
    amount: int


@dataclass(frozen=True, slots=True)
class Request:
    """One question; `place` is a province and four digits more."""

    kind: str
    scenario: str
    place: str
    day: int
    rows: tuple[Row, ...]


def book_of(size: int) -> list[Rule]:
    """The book of that many measures; the draws come in the laboratory's order, so it is the laboratory's book."""
    draw = Random(7000 + size)
    return [_rule(draw, number, max(1, size // 20)) for number in range(size)]


def _rule(draw: Random, number: int, codes: int) -> Rule:
    since = _day(draw, 2014, 2024)
    until = FOR_EVER if draw.random() < 0.6 else _day(draw, 2025, 2030)
    scenario, kind = draw.choice(SCENARIOS), draw.choice(KINDS)
    place = "" if draw.random() < 0.5 else draw.choice(PROVINCES)
    threshold = draw.choice(THRESHOLDS) if draw.random() < 0.2 else None
    effect = draw.choices(EFFECTS, (10, 30, 35, 25))[0]
    return Rule(number, _code(number % codes), scenario, kind, place, since, until, threshold, effect)


def requests_of(size: int, count: int, seed: int = 1) -> list[Request]:
    """Requests to the book of that size: 70 % without entries, 20 % with one, 8 % with two, 2 % with four."""
    draw = Random(seed * 1000003 + size)
    return [_request(draw, max(1, size // 20)) for _ in range(count)]


def _request(draw: Random, codes: int) -> Request:
    share = draw.random()
    entries = 0 if share < 0.7 else 1 if share < 0.9 else 2 if share < 0.98 else 4
    day = TODAY if draw.random() < 0.8 else _day(draw, 2014, 2030)
    kind, scenario = draw.choice(KINDS), draw.choice(SCENARIOS)
    place = f"{draw.choice(PROVINCES)}{draw.randint(0, 99):04d}"
    return Request(kind, scenario, place, day, tuple(_row(draw, codes) for _ in range(entries)))


def _row(draw: Random, codes: int) -> Row:
    return Row(_code(draw.randrange(codes)), _day(draw, 2014, 2026), int(10 ** draw.uniform(2, 7)))


def _code(number: int) -> str:
    return f"名单_{number:04d}"


def _day(draw: Random, first: int, last: int) -> int:
    return draw.randint(first, last) * 10000 + draw.randint(1, 12) * 100 + draw.randint(1, 28)


def expected(book: list[Rule], request: Request) -> Answer:
    """The answer by the definition, word for word."""
    found = {
        rule.number
        for row in request.rows
        for rule in book
        if (rule.code, rule.scenario, rule.kind) == (row.code, request.scenario, request.kind)
        and request.place.startswith(rule.place)
        and rule.since <= request.day <= rule.until
        and row.day <= request.day
        and (rule.threshold is None or row.amount >= rule.threshold)
    }
    return sorted(found), max((book[number].effect for number in found), key=EFFECTS.index, default=NOTHING)
