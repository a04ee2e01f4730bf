"""The workload as our own law and questions: real measures, a rulebook, entries, inquiries; and our answer to them."""

from collections.abc import Callable
from datetime import date

from benchmarks.workload import EFFECTS, FOR_EVER, KINDS, NOTHING, SCENARIOS, Answer, Request, Rule
from engine.calendar import whole_day
from engine.citation import parse_citation
from engine.condition import ALWAYS, Op, Test
from engine.inquiry import Entry, Inquiry, Party, Register
from engine.matching.match import Matcher
from engine.model import Effect, Form, Measure, Memorandum, Rulebook
from engine.reading import Checked
from engine.vocabulary import (
    NATIONAL,
    BasicList,
    Colour,
    FactRecord,
    FactType,
    Issuer,
    Jurisdiction,
    ListRecord,
    Owner,
    Scenario,
    Span,
    Vocabulary,
    Words,
)

OUR_EFFECT = dict(zip(EFFECTS, (Effect.PREFER, Effect.SCRUTINISE, Effect.LIMIT, Effect.BAR), strict=True))
_CHECKED = Checked("text", date(2026, 11, 21), "high")
_BASIS = (parse_citation("某法 1"),)


def day_of(number: int) -> date:
    """20260615 as a day."""
    return date(number // 10000, number // 100 % 100, number % 100)


def rulebook_of(book: list[Rule], places: set[str]) -> Rulebook:
    """The book as a rulebook of one pack, and the places that requests speak of."""
    measures = tuple(_measure(rule) for rule in book)
    words, code = Words("账", "book"), "book"
    pack = Memorandum(
        code,
        words,
        "",
        "mixed",
        Form.STATUTE,
        NATIONAL,
        date(2010, 1, 1),
        Span(),
        ("keeper",),
        (),
        measures,
        "book.yaml",
    )
    return Rulebook(_vocabulary({rule.code for rule in book}, places), {code: pack}, "0" * 64)


def _measure(rule: Rule) -> Measure:
    return Measure(
        pack="book",
        clause=f"{rule.number:05d}",
        says=Words("措施", "measure"),
        effect=OUR_EFFECT[rule.effect],
        scenarios=(rule.scenario,),
        basis=_BASIS,
        by=("keeper",),
        checked=_CHECKED,
        span=Span(day_of(rule.since), None if rule.until == FOR_EVER else day_of(rule.until)),
        form=Form.STATUTE,
        jurisdiction=_place(rule.place) if rule.place else NATIONAL,
        lists=(rule.code,),
        roles=(rule.kind,),
        when=Test("amount", Op.AT_LEAST, rule.threshold) if rule.threshold else ALWAYS,
    )


def _place(province: str) -> str:
    return f"{province}-province"


def _vocabulary(codes: set[str], places: set[str]) -> Vocabulary:
    words = Words("词", "word")
    provinces = {_place(place[:2]) for place in places}
    # A list's entries must state their amount, so one that is left out is unknown.
    required = frozenset({"listed", "amount"})
    return Vocabulary(
        lists={c: ListRecord(c, words, Colour.BLACK, "keeper", 1, required, frozenset(), ()) for c in codes},
        facts={
            "listed": FactRecord("listed", Owner.ENTRY, FactType.DATE, words),
            "amount": FactRecord("amount", Owner.ENTRY, FactType.MONEY, words),
        },
        scenarios={
            s: Scenario(s, words, "as_of", dict.fromkeys(KINDS, words), (), (), False, (), False, {}) for s in SCENARIOS
        },
        issuers={"keeper": Issuer("keeper", words, Span())},
        instruments={},
        basic_list=BasicList(date(2020, 12, 18), (), (), {}),
        parameters={},
        jurisdictions={p: Jurisdiction(p, words, NATIONAL, Span()) for p in provinces}
        | {p: Jurisdiction(p, words, _place(p[:2]), Span()) for p in places},
        matters={},
    )


def questions_of(requests: list[Request]) -> tuple[list[Inquiry], Register]:
    """Each request as the inquiry of a subject of its own, and the register in which all their entries stand."""
    inquiries, entries = [], []
    for number, request in enumerate(requests):
        party = Party(f"S{number}", request.kind)
        moments = {"as_of": whole_day(day_of(request.day))}
        inquiries.append(Inquiry(request.scenario, (party,), moments, "as_of", request.place))
        for row in request.rows:
            dates = {"listed": whole_day(day_of(row.day))}
            entries.append(Entry(party.subject, row.code, dates, {"amount": row.amount}))
    register = Register(tuple(entries))
    assert register.by_subject is not None  # the index of entries is made once, as it is for the peers
    return inquiries, register


def matching(book: list[Rule], register: Register, matcher: Matcher) -> Callable[[Inquiry], Answer]:
    """Our answer to an inquiry: what matching finds among the entries dated by the moment, and the worst effect."""
    worse = [EFFECTS.index(rule.effect) for rule in book]
    met = matcher.met

    def decide(inquiry: Inquiry) -> Answer:
        hits = met(inquiry, register)
        if not hits:
            return [], NOTHING
        last = inquiry.moments["as_of"].last
        found = [hit[4].places for hit in hits if hit[1] and hit[1].dates["listed"].first <= last]
        if not found:
            return [], NOTHING
        # What one cell says is ready and in order; only several need to be put together.
        places = found[0] if len(found) == 1 else sorted(set().union(*found))
        return list(places), EFFECTS[max(map(worse.__getitem__, places))]

    return decide
