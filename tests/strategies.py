"""Every Hypothesis strategy of the tests: random law, random registers, random questions, all within one small world.

    conditions ─→ measures ─→ rulebooks ─┐
    whens ─→ entries, relations, arrivals ─→ registers ─┼─→ situations
    parties, moments, facts ─→ inquiries ─┘

The words are `builders.VOCABULARY` with a few more (`WORDS`): facts of every owner and type, every derived fact, a
figure that depends on a day and a place, and a list whose term depends on a fact. Values are drawn from the cuts
themselves and their neighbours, days from those on which something flips, so that boundaries are met all the time.

A rulebook obeys what the checker (`engine.packs`) demands: a test's operand has its fact's type, `lifts` and `given`
form no circle, only measures on entries have a window. Everything else is free: nonsense law must be judged too.

Strategies are kept once made (`cache`): Hypothesis checks each new one, which costs more than drawing from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from engine.calendar import Period, When, between, read_day, read_when, whole_day
from engine.citation import parse_citation
from engine.condition import ALWAYS, Condition, Every, MomentRef, Op, ParameterRef, Some, Test, opposed
from engine.inquiry import DATES, HAPPENINGS, RELATION_KINDS, UNKNOWN, Entry, Event, Inquiry, Party, Register, Relation
from engine.matching.facts import COMPLAINTS
from engine.model import Checked, Contested, Duty, Effect, Form, Measure, Reach, Rulebook, Term, Window
from engine.vocabulary import (
    Colour,
    DatedValue,
    Derivation,
    Edition,
    FactRecord,
    FactType,
    Instrument,
    ListItem,
    ListRecord,
    Owner,
    Parameter,
    Rank,
    Silence,
    Span,
    TermRule,
    Vocabulary,
)
from tests.builders import CHECKED, DAY, NOON, VOCABULARY, A, B, C, measure, rulebook, words

TODAY = read_day(DAY)
SUBJECTS = (A, B, C)
PERIODS = (Period(years=3), Period(years=2), Period(months=12), Period(months=1, days=3))

_GRADED = ListRecord(
    "graded",
    words("graded"),
    Colour.BLACK,
    "keeper",
    7,
    frozenset({"listed", "ground"}),
    frozenset({"territory", "paid"}),
    (
        TermRule(Span(date(2020, 1, 1)), "listed", Period(years=3), Test("ground", Op.ONE_OF, ("grave",)), ()),
        TermRule(Span(date(2020, 1, 1)), "listed", Period(months=1, days=3), Test("ground", Op.ONE_OF, ("light",)), ()),
        TermRule(Span(), "listed", Period(years=2), ALWAYS, ()),
    ),
)
_FRAUDS = ListRecord(
    "frauds",
    words("frauds"),
    Colour.RECORD,
    "keeper",
    30,
    frozenset({"decided", "permit_matter"}),
    frozenset(),
    (),
)
_COMPLAINTS = ListRecord(
    COMPLAINTS,
    words("complaints"),
    Colour.RECORD,
    "keeper",
    30,
    frozenset({"decided", "ground"}),
    frozenset(),
    (),
)

WORDS: Vocabulary = replace(
    VOCABULARY,
    lists={**VOCABULARY.lists, "graded": _GRADED, "frauds": _FRAUDS, COMPLAINTS: _COMPLAINTS},
    facts={
        **VOCABULARY.facts,
        **{
            record.code: record
            for record in (
                FactRecord("paid", Owner.ENTRY, FactType.DATE, words("paid")),
                FactRecord("permit_matter", Owner.ENTRY, FactType.CODE, words("permit")),
                FactRecord("same_permit", Owner.ENTRY, FactType.FLAG, words("same"), derived=Derivation.SAME_MATTER),
                FactRecord("opened", Owner.INQUIRY, FactType.DATE, words("opened")),
                FactRecord("budget", Owner.INQUIRY, FactType.MONEY, words("budget"), Silence.UNKNOWN),
                FactRecord("staff", Owner.PARTY, FactType.COUNT, words("staff")),
                FactRecord(
                    "complained", Owner.PARTY, FactType.COUNT, words("c"), derived=Derivation.UNFOUNDED_COMPLAINTS
                ),
            )
        },
    },
    instruments={
        **VOCABULARY.instruments,
        "旧法": Instrument("旧法", words("旧法"), Rank.LAW, Span(date(2000, 1, 1), TODAY + timedelta(days=1))),
        "新法": Instrument("新法", words("新法"), Rank.LAW, Span(TODAY + timedelta(days=2))),
    },
    basic_list=replace(
        VOCABULARY.basic_list,
        editions=(Edition("2021", date(2021, 12, 1), "yes"), Edition("2024", TODAY + timedelta(days=1), "no")),
        items={**VOCABULARY.basic_list.items, "M20": ListItem("M20", 3, words("M20"))},
    ),
    parameters={
        **VOCABULARY.parameters,
        "many": Parameter(
            "many",
            words("many"),
            "times",
            (
                DatedValue(date(2024, 1, 1), 4),
                DatedValue(date(2024, 1, 1), 2, "420000"),
                DatedValue(date(2024, 4, 1), 3),
            ),
            "decided",
        ),
    },
)

LISTS = tuple(WORDS.lists)
CODES = {
    "ground": ("grave", "light", "unfounded-complaint", "other"),
    "penalty": ("fine", "ban"),
    "field": ("securities", "food"),
    "territory": ("national", "420000", "110000"),
    "permit_matter": ("food", "works", "elsewhere"),
    "stage": ("open", "award"),
}
CUTS = {FactType.MONEY: (5_000, 200_000_000, 500_000_000), FactType.COUNT: (1, 3)}
DERIVED = frozenset(code for code, record in WORDS.facts.items() if record.derived)


# -- days and hours


@cache
def _pick(*options: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(options)


@cache
def _some(options: tuple[Any, ...], least: int = 0, most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    if not options:
        return st.just(())
    return st.lists(_pick(*options), min_size=least, max_size=most, unique=True).map(tuple)


def _mostly(often: st.SearchStrategy[Any], seldom: st.SearchStrategy[Any], times: int) -> st.SearchStrategy[Any]:
    """`often` so many times out of one more; a plain `one_of` counts a strategy named twice only once."""
    return _pick(*[True] * times, False).flatmap(lambda usual: often if usual else seldom)


def _before(period: Period) -> date:
    """The day from which the period ends about today."""
    return TODAY - (period.after(TODAY) - TODAY)


_PAST = (date(2024, 1, 1), date(2023, 10, 1), date(2020, 12, 18), date(2022, 2, 8), date(2024, 2, 29))
_CENTRES = (TODAY, TODAY, *map(_before, PERIODS), *_PAST)
_DAYS = tuple(centre + timedelta(days=step) for centre in _CENTRES for step in (-1, 0, 1))
_LATER = tuple(TODAY + timedelta(days=n) for n in (2, 3, 10, 400))
_HOURS = ("00:00", "11:59:59.999999", "12:00", "12:00:00.000001", "23:59:59.999999")


@cache
def days() -> st.SearchStrategy[date]:
    """Days on which something flips: about the day asked, whole periods before it, the gate, a figure's first day."""
    return _pick(*_DAYS, *_LATER)


@cache
def whens() -> st.SearchStrategy[When]:
    """A day alone, or an instant at the edge of a day or at the very microsecond that is asked about."""
    instants = st.builds(lambda day, hour: read_when(f"{day}T{hour}+08:00"), days(), _pick(*_HOURS))
    return days().map(whole_day) | instants


@cache
def absences() -> st.SearchStrategy[When]:
    """Gone between two snapshots."""
    return st.builds(lambda day, length: between(day, day + timedelta(days=length)), days(), _pick(0, 1, 2, 3))


# -- conditions


@cache
def tests_on(fact: str) -> st.SearchStrategy[Test]:
    """Every operator and kind of operand that the fact's type allows, plain and opposed."""
    kind = WORDS.facts[fact].type
    if kind in (FactType.CODE, FactType.FLAG):
        named = _some(CODES.get(fact, ("yes", "no")), least=1)
        return st.builds(lambda words, turn: Test(fact, Op.ONE_OF, words, turn), named, st.booleans())
    if kind is FactType.DATE:
        bounds = days() | _pick(*map(MomentRef, ("prevailing", "as_of", "award")))
        dated = st.tuples(_pick(Op.BEFORE, Op.ON_OR_AFTER), bounds)
        counted = st.tuples(st.just(Op.WITHIN), _pick(*PERIODS))
        return st.builds(lambda pair, turn: Test(fact, *pair, turn), dated | counted, st.booleans())
    figure = ParameterRef("large-fine" if kind is FactType.MONEY else "many")
    operators = _pick(Op.AT_LEAST, Op.ABOVE, Op.AT_MOST, Op.BELOW)
    return st.builds(Test, st.just(fact), operators, _pick(*CUTS[kind], figure), st.booleans())


@cache
def conditions(facts: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    """Up to five tests on these facts under `all`, `any` and `not`."""
    tests = st.one_of([tests_on(fact) for fact in facts])

    def joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        some = st.lists(parts, min_size=1, max_size=3).map(tuple)
        return some.map(Every) | some.map(Some) | parts.map(opposed)

    return st.recursive(tests, joined, max_leaves=5)


# -- law


@dataclass(frozen=True)
class Free:
    """What random law may contain; some properties hold only for law without one of these."""

    derived: bool = True  # tests on facts worked out from other entries
    wide_lifts: bool = True  # lifts with `scope: inquiry`
    tied_lifts: bool = True  # lifts that wait for a `given`
    after_end: bool = True  # `while: after-end`

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts a condition may test."""
        return tuple(code for code in WORDS.facts if self.derived or code not in DERIVED)


FREE = Free()

_DRAFT = Checked("memory", TODAY, "low")
_EVER = Span(date(2010, 1, 1))


@st.composite
def measures(draw: st.DrawFn, number: int, count: int, free: Free = FREE) -> Measure:
    """Measure `number` of `count`: it may wait for earlier ones (`given`) and lift later ones, so never a circle."""
    effect = draw(_pick(Effect.BAR, Effect.BAR, Effect.LIFT, Effect.LIFT, *Effect))
    changes: dict[str, Any] = {"effect": effect, "scenarios": draw(_pick(*_SCENARIOS))}
    if (effect is not Effect.LIFT or free.tied_lifts) and draw(_pick(False, False, True)):
        changes["given"] = draw(_some(tuple(_id(n) for n in range(number)), most=1))
    if effect is Effect.WITHHOLD:
        changes["withholds"] = draw(_pick(("all",), ("commitment",), ("green_channel", "spare")))
    changes |= draw(_grounds(free)) | draw(_text(free)) | draw(_law())
    if effect is Effect.LIFT:
        changes["lifts"] = draw(_some(tuple(_id(n) for n in range(number + 1, count)), most=4))
        changes["lifts_inquiry"] = free.wide_lifts and draw(st.booleans())
        changes["lists"] = () if changes.get("on_inquiry") else LISTS
    pack, clause = _id(number).split("#")
    return measure(clause, pack=pack, route="commitment" if effect is Effect.ROUTE else "", **changes)


_SCENARIOS = (("procurement", "permit"), ("procurement", "permit"), ("procurement",), ("permit",))


def _id(number: int) -> str:
    """Two packs take turns."""
    return f"{'ab'[number % 2]}#{number}"


@cache
def _grounds(free: Free) -> st.SearchStrategy[dict[str, Any]]:
    """What the measure stands on: entries of some lists within a window, or the inquiry alone."""
    windows = [w for w in Window if free.after_end or w is not Window.AFTER_END]
    on_lists = st.fixed_dictionaries(
        {
            "lists": _some(LISTS, least=3, most=6),
            "window": _pick(Window.LISTED, Window.LISTED, *windows),
            "ends": _pick((), (), ("repaired",), ("removed", "repaired")),
            "reaches": _pick(
                (Reach.SELF,), (Reach.SELF, Reach.BRANCH), (Reach.SELF, Reach.LEGAL_REPRESENTATIVE), tuple(Reach)
            ),
        }
    )
    alone = st.just({"lists": (), "on_inquiry": True, "window": None})
    return _mostly(on_lists, alone, 4)


@cache
def _text(free: Free) -> st.SearchStrategy[dict[str, Any]]:
    """What the clause says besides its effect."""
    either = conditions(free.facts)
    terms = st.builds(Term, _pick(*DATES), _pick(*PERIODS))
    return st.fixed_dictionaries(
        {
            "when": _mostly(st.just(ALWAYS), either, 1),
            "unless": _mostly(st.none(), either, 3),
            "at": _pick(*["prevailing"] * 6, "as_of", "award"),
            "term": _mostly(st.none(), terms, 4),
            "roles": _pick((), (), (), (), (), ("supplier", "applicant"), ("agency",), ("consortium-member",)),
            "duty": _pick(Duty.MUST, Duty.MUST, Duty.MAY),
            "matters": _pick(*[()] * 6, ("all",), ("food",)),
        }
    )


@cache
def _law() -> st.SearchStrategy[dict[str, Any]]:
    """What carries the clause, where and when."""
    places = _pick(*[("national", Form.STATUTE)] * 4, ("420000", Form.LOCAL_PLAN), ("420000", Form.STATUTE)).map(
        lambda pair: {"jurisdiction": pair[0], "form": pair[1]}
    )
    usual, others = (
        ("某法 1",),
        (("某规 2",), ("某备忘录 三", "旧法 1"), ("某省条例 4",), ("旧法 1",), ("新法 1", "某规 2")),
    )
    contested = st.builds(Contested, st.just("keeper"), st.just(words("?")), st.none() | days())
    fixed = st.fixed_dictionaries(
        {
            "span": _pick(*[_EVER] * 5, Span(TODAY), Span(None, TODAY + timedelta(days=3)), Span()),
            "basis": _pick(*[usual] * 6, *others).map(lambda texts: tuple(map(parse_citation, texts))),
            "list_item": _pick("", "", "M1", "M10", "M20"),
            "by": _pick(*[("keeper",)] * 4, ("old",), ("all-issuers",)),
            "checked": _pick(*[CHECKED] * 7, _DRAFT),
            "contested": _mostly(st.none(), contested, 5),
        }
    )
    return st.builds(lambda law, place: law | place | {"draft": law["checked"].draft}, fixed, places)


@cache
def rulebooks(most: int = 7, free: Free = FREE) -> st.SearchStrategy[Rulebook]:
    """Four to `most` measures in two packs."""
    books = [st.tuples(*(measures(n, count, free) for n in range(count))) for count in range(4, most + 1)]
    return st.one_of(books).map(lambda some: rulebook(*some, vocabulary=WORDS))


# -- what is known


def about_cuts(fact: str) -> tuple[Any, ...]:
    """Every value worth trying: each cut of a figure or day with both neighbours, each word."""
    match WORDS.facts[fact].type:
        case FactType.CODE:
            return CODES[fact]
        case FactType.FLAG:
            return (True, False)
        case FactType.DATE:
            return _DAYS
        case kind:
            return tuple(cut + step for cut in CUTS[kind] for step in (-1, 0, 1))


@cache
def known(fact: str) -> st.SearchStrategy[Any]:
    """A value of the fact: a cut of some test, or its neighbour."""
    return _pick(*about_cuts(fact))


@cache
def values(fact: str) -> st.SearchStrategy[Any]:
    """A value of the fact, now and then `UNKNOWN`."""
    return _mostly(known(fact), st.just(UNKNOWN), 7)


@cache
def entries(subjects: tuple[str, ...] = SUBJECTS, lists: tuple[str, ...] = LISTS) -> st.SearchStrategy[Entry]:
    """An entry of some list: what the list requires is usually there, the rest half the time, and things happened."""
    return st.one_of([_entries(code, subjects) for code in lists])


def _entries(list_code: str, subjects: tuple[str, ...]) -> st.SearchStrategy[Entry]:
    record = WORDS.lists[list_code]
    carried = {fact: fact in record.required for fact in sorted(record.required | record.optional)}
    carried |= {fact: False for fact in ("listed", "decided") if fact not in carried}
    stated = {fact: _mostly(_stated(fact), st.none(), 9 if must else 1) for fact, must in carried.items()}
    return st.builds(_entry, _pick(*subjects), st.just(list_code), st.fixed_dictionaries(stated), events())


@cache
def _stated(fact: str) -> st.SearchStrategy[Any]:
    if fact not in DATES:
        return values(fact)
    dated = days().map(whole_day) if fact in ("expires", "ban_from", "ban_until") else whens()
    return _mostly(dated, st.just(UNKNOWN), 9)


def _entry(subject: str, list_code: str, stated: dict[str, Any], happened: tuple[Event, ...]) -> Entry:
    dates = {name: value for name, value in stated.items() if isinstance(value, When)}
    facts = {name: value for name, value in stated.items() if value is not None and name not in dates}
    return Entry(subject, list_code, dates, facts, happened)


@cache
def events(most: int = 2) -> st.SearchStrategy[tuple[Event, ...]]:
    """What happened to an entry, in any order."""
    plain = st.builds(Event, _pick(*(kind for kind in HAPPENINGS if kind != "absent")), whens())
    some = _mostly(plain, st.builds(Event, st.just("absent"), absences()), 4)
    return _mostly(st.just(()), st.lists(some, min_size=1, max_size=most).map(tuple), 1)


@cache
def relations() -> st.SearchStrategy[Relation]:
    """A dated tie between two different subjects."""
    pairs = _pick(*((near, far) for near in SUBJECTS for far in SUBJECTS if near != far))
    spans = _pick(Span(), Span(TODAY), Span(until=TODAY), Span(until=TODAY - timedelta(days=1)))
    kinds = _pick("branch-of", "branch-of", *RELATION_KINDS)
    return st.builds(lambda kind, pair, span: Relation(kind, *pair, span), kinds, pairs, spans)


_FRESH = (read_when(NOON),)
_STALE = (read_when("2024-06-09T11:59:59.999999+08:00"),)


@cache
def arrivals() -> st.SearchStrategy[dict[str, tuple[When, ...]]]:
    """For each list when it arrived: fresh mostly; else too old by a microsecond, by day alone, or never."""
    times = _pick(*[_FRESH] * 8, _STALE, (read_when("2024-01-01"), whole_day(TODAY)), ())
    return st.fixed_dictionaries({code: times for code in WORDS.lists})


@cache
def registers(most: int = 4) -> st.SearchStrategy[Register]:
    """Entries, relations, arrivals; seldom a kind of relation that never arrived."""
    every = frozenset(RELATION_KINDS)
    known = _pick(every, every, every, frozenset({"branch-of"}))
    some = st.lists(entries(), min_size=2, max_size=most).map(tuple)
    return st.builds(Register, some, st.lists(relations(), max_size=3).map(tuple), arrivals(), known)


# -- what is asked


@cache
def parties(scenario: str) -> st.SearchStrategy[tuple[Party, ...]]:
    """One to three different subjects: alone, in one consortium, or in two."""
    roles = _pick(*sorted(WORDS.scenarios[scenario].roles))
    consortia = _pick("", "", "east", "west") if scenario == "procurement" else st.just("")
    kind = st.just("legal-person")
    each = [st.builds(Party, st.just(subject), roles, consortia, kind, _facts(Owner.PARTY)) for subject in SUBJECTS]
    return st.one_of(each[0].map(lambda party: (party,)), st.tuples(*each[:2]), st.tuples(*each))


@cache
def _facts(owner: Owner) -> st.SearchStrategy[dict[str, Any]]:
    own = [code for code, record in WORDS.facts.items() if record.owner is owner and not record.derived]
    return st.fixed_dictionaries({}, optional={code: values(code) for code in own})


_MOMENTS = (None, whole_day(TODAY - timedelta(days=1)), whole_day(TODAY + timedelta(days=1)), read_when(NOON))


@cache
def inquiries(scenario: str | None = None) -> st.SearchStrategy[Inquiry]:
    """A question at noon of the usual day, or on that day without an hour; other moments the day before and after."""
    if scenario is None:
        return _mostly(inquiries("procurement"), inquiries("permit"), 2)
    permit = scenario == "permit"
    return st.builds(
        lambda at, award, **asked: Inquiry(scenario, moments=_moments(scenario, at, award), **asked),
        at=_pick(read_when(NOON), whole_day(TODAY)),
        award=_pick(*_MOMENTS),
        prevails=st.just(WORDS.scenarios[scenario].moment),
        parties=parties(scenario),
        jurisdiction=_pick("national", "420881", "420881", "110000", None),
        matter=_pick(None, "food", "food", "works") if permit else st.none(),
        authority=_pick(None, None, "keeper", "new"),
        facts=_facts(Owner.INQUIRY),
    )


def _moments(scenario: str, at: When, award: When | None) -> dict[str, When]:
    stated = {"as_of": read_when(NOON), WORDS.scenarios[scenario].moment: at}
    return stated | ({"award": award} if award else {})


@dataclass(frozen=True)
class Situation:
    """A question, what is known, and the law."""

    inquiry: Inquiry
    register: Register
    rulebook: Rulebook

    def __iter__(self) -> Iterator[Any]:
        return iter((self.inquiry, self.register, self.rulebook))


@cache
def situations(free: Free = FREE) -> st.SearchStrategy[Situation]:
    """Random law on random entries under a random question."""
    return st.builds(Situation, inquiries(), registers(), rulebooks(free=free))
