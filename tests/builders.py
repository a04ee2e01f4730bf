"""Small rulebooks, entries and inquiries made by hand, so that a test of the judge reads no file."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.calendar import Period, read_day, read_when
from engine.citation import parse_citation
from engine.condition import ALWAYS
from engine.identity import synthetic_code
from engine.inquiry import DATES, HAPPENINGS, Entry, Event, Inquiry, Party, Register
from engine.model import Checked, Effect, Form, Measure, Memorandum, Rulebook, Window
from engine.vocabulary import (
    BasicList,
    Colour,
    DatedValue,
    Derivation,
    FactRecord,
    FactType,
    Instrument,
    Issuer,
    Jurisdiction,
    ListItem,
    ListRecord,
    Matter,
    Owner,
    Parameter,
    Rank,
    Scenario,
    Silence,
    Span,
    TermRule,
    Vocabulary,
    Words,
)

A, B, C, D = (synthetic_code(n) for n in range(4))
DAY = "2024-06-10"
NOON = f"{DAY}T12:00+08:00"
CHECKED = Checked("text", date(2026, 11, 21), "high")


def words(text: str) -> Words:
    """The same text in both languages."""
    return Words(text, text)


def _list(
    code: str, colour: Colour, required: Sequence[str], optional: Sequence[str] = (), years: int = 0
) -> ListRecord:
    terms = (TermRule(Span(), "listed", Period(years=years), ALWAYS, ()),) if years else ()
    return ListRecord(code, words(code), colour, "keeper", 1, frozenset(required), frozenset(optional), terms)


def _instrument(code: str, rank: Rank, since: str = "2000-01-01", place: str = "national") -> Instrument:
    return Instrument(code, words(code), rank, Span(read_day(since)), (), place)


VOCABULARY = Vocabulary(
    lists={
        record.code: record
        for record in (
            _list("black", Colour.BLACK, ["listed"], ["ground", "territory", "expires", "amount"], years=2),
            _list("endless", Colour.BLACK, ["listed"], ["territory"]),
            _list("red", Colour.RED, ["listed"], ["expires"]),
            _list("watch", Colour.WATCH, ["listed"], years=2),
            _list(
                "record",
                Colour.RECORD,
                ["decided", "amount", "penalty"],
                ["field", "ban_from", "ban_until", "territory", "count"],
            ),
        )
    },
    facts={
        record.code: record
        for record in (
            FactRecord("ground", Owner.ENTRY, FactType.CODE, words("ground")),
            FactRecord("penalty", Owner.ENTRY, FactType.CODE, words("penalty")),
            FactRecord("field", Owner.ENTRY, FactType.CODE, words("field")),
            FactRecord("territory", Owner.ENTRY, FactType.CODE, words("territory")),
            FactRecord("amount", Owner.ENTRY, FactType.MONEY, words("amount")),
            FactRecord("count", Owner.ENTRY, FactType.COUNT, words("count")),
            *(FactRecord(name, Owner.ENTRY, FactType.DATE, words(name)) for name in DATES),
            FactRecord("ended", Owner.ENTRY, FactType.DATE, words("ended"), derived=Derivation.ENDED_DAY),
            FactRecord(
                "repeat_listing", Owner.ENTRY, FactType.FLAG, words("repeat"), derived=Derivation.REPEAT_LISTING
            ),
            FactRecord("related", Owner.PARTY, FactType.FLAG, words("related"), derived=Derivation.RELATED_PARTIES),
            FactRecord("alleged", Owner.INQUIRY, FactType.FLAG, words("alleged")),
            FactRecord("mandatory", Owner.INQUIRY, FactType.FLAG, words("mandatory"), Silence.UNKNOWN),
            FactRecord("stage", Owner.INQUIRY, FactType.CODE, words("stage")),
        )
    },
    scenarios={
        "procurement": Scenario(
            "procurement",
            words("procurement"),
            "cut_off",
            {role: words(role) for role in ("supplier", "consortium-member", "agency")},
            ("black",),
            (),
            True,
            (),
            False,
            {},
        ),
        "permit": Scenario(
            "permit",
            words("permit"),
            "as_of",
            {"applicant": words("applicant")},
            (),
            ("black",),
            False,
            (),
            True,
            {"commitment": words("commitment")},
        ),
    },
    issuers={
        "keeper": Issuer("keeper", words("keeper"), Span()),
        "old": Issuer("old", words("old"), Span(until=date(2018, 3, 1)), ("new",)),
        "new": Issuer("new", words("new"), Span(since=date(2018, 3, 1))),
    },
    instruments={
        i.code: i
        for i in (
            _instrument("某法", Rank.LAW),
            _instrument("某规", Rank.DEPARTMENT_RULE),
            _instrument("某备忘录", Rank.MEMORANDUM),
            _instrument("某省条例", Rank.LOCAL_REGULATION, place="420000"),
        )
    },
    basic_list=BasicList(
        date(2020, 12, 18),
        ("国办发〔2020〕49号",),
        (),
        {"M1": ListItem("M1", 1, words("M1")), "M10": ListItem("M10", 2, words("M10"))},
    ),
    parameters={
        "large-fine": Parameter(
            "large-fine",
            words("large fine"),
            "CNY",
            (DatedValue(date(2022, 2, 8), 200_000_000),),
            "prevailing",
            "field",
            {"securities": 500_000_000},
        )
    },
    jurisdictions={
        "420000": Jurisdiction("420000", words("Hubei"), "national", Span()),
        "420881": Jurisdiction("420881", words("Zhongxiang"), "420000", Span()),
        "110000": Jurisdiction("110000", words("Beijing"), "national", Span()),
    },
    matters={"food": Matter("food", words("food"), ("permit",)), "works": Matter("works", words("works"), ("permit",))},
)


def measure(clause: str, effect: Effect = Effect.BAR, **changes: Any) -> Measure:
    """A measure of the pack `pack` on the list `black` in procurement, standing on a law, unless changed."""
    given: dict[str, Any] = {
        "pack": "pack",
        "clause": clause,
        "says": words(f"says {clause}"),
        "effect": effect,
        "scenarios": ("procurement",),
        "basis": (parse_citation("某法 1"),),
        "by": ("keeper",),
        "checked": CHECKED,
        "span": Span(date(2010, 1, 1)),
        "form": Form.STATUTE,
        "lists": ("black",),
        "window": Window.LISTED,
    }
    return Measure(**(given | changes))


def rulebook(*measures: Measure, vocabulary: Vocabulary = VOCABULARY) -> Rulebook:
    """A rulebook of these measures, grouped by their packs."""
    packs: dict[str, list[Measure]] = {}
    for one in measures:
        packs.setdefault(one.pack, []).append(one)
    return Rulebook(vocabulary, {code: _memorandum(code, found) for code, found in packs.items()}, "0" * 64)


def _memorandum(code: str, measures: Sequence[Measure]) -> Memorandum:
    first = measures[0]
    return Memorandum(
        code,
        words(code),
        "第1号",
        "mixed",
        first.form,
        first.jurisdiction,
        date(2010, 1, 1),
        first.span,
        ("keeper",),
        (),
        tuple(measures),
        f"{code}.yaml",
    )


def entry(list_code: str = "black", subject: str = A, **said: Any) -> Entry:
    """An entry; dates and events as text, facts as values."""
    dates = {name: read_when(said.pop(name)) for name in DATES if name in said}
    events = tuple(Event(kind, read_when(said.pop(kind))) for kind in HAPPENINGS if kind in said)
    return Entry(subject, list_code, dates, said, events)


def inquiry(*parties: Party, at: str = NOON, scenario: str = "procurement", **changes: Any) -> Inquiry:
    """An inquiry whose prevailing moment is `at`; by default of one supplier A."""
    role = {"procurement": "supplier", "permit": "applicant"}[scenario]
    prevails = {"procurement": "cut_off", "permit": "as_of"}[scenario]
    moments = {"as_of": read_when(at), prevails: read_when(at)} | changes.pop("moments", {})
    return Inquiry(scenario, parties or (Party(A, role),), moments, prevails, **changes)


def register(*entries: Entry, arrived: str | None = NOON, **changes: Any) -> Register:
    """A register in which every list arrived at `arrived`, noon of the usual day unless said; None: never."""
    arrivals: Mapping[str, Any] = {code: (read_when(arrived),) for code in VOCABULARY.lists} if arrived else {}
    return Register(tuple(entries), arrivals=arrivals, **changes)
