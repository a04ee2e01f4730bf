"""Which measures bite on a day: the same as the judge says of a current entry, with the days between which it holds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.bite import Bite, Lack, Tally, bite, bites, bites_of, stance, tally, turns
from engine.analysis.drafts import DraftFor, draft_for
from engine.calendar import read_when, whole_day
from engine.citation import parse_citation
from engine.condition import ALWAYS
from engine.decide import judge
from engine.decision import Finding, State, Why
from engine.gate import LawfulBasis, sufficient
from engine.inquiry import Entry, Event, Inquiry, Party, Register
from engine.model import MOMENTS, Checked, Contested, Effect, Form, Measure, Reach, Rulebook, Window
from engine.packs.library import read_library, shipped
from engine.vocabulary import Edition, Instrument, ListItem, Rank, Span, Vocabulary
from tests.builders import VOCABULARY, A, measure, rulebook, words

BEFORE, GATE = date(2020, 12, 17), date(2020, 12, 18)
STEP = timedelta(days=1)
DAYS = st.dates(date(1999, 1, 1), date(2032, 1, 1))


@cache
def library() -> Rulebook:
    """Every shipped pack."""
    return read_library([shipped()], with_cases=False).rulebook()


SHIPPED = {one.id: one for one in library().measures}


def row(one: Measure, day: date, vocabulary: Vocabulary = VOCABULARY) -> Bite:
    """The measure's row on the day."""
    return bite(one, rulebook(one).memoranda[one.pack], vocabulary, day)


def said(one: Measure, day: date, vocabulary: Vocabulary = VOCABULARY) -> State | Lack:
    """What the measure lacks on the day, or its state."""
    found = row(one, day, vocabulary)
    return found.lack or found.state


def with_instruments(*more: Instrument) -> Vocabulary:
    """The test vocabulary with these instruments too."""
    return replace(VOCABULARY, instruments={**VOCABULARY.instruments, **{one.code: one for one in more}})


# -- the judge says the same


@cache
def alone(name: str) -> Rulebook:
    """A shipped measure that asks nothing but law: no facts, no other clauses, no matter, its own entries."""
    one = SHIPPED[name]
    bare: dict[str, Any] = {
        "when": ALWAYS,
        "unless": None,
        "term": None,
        "given": (),
        "lifts": (),
        "roles": (),
        "matters": (),
    }
    one = replace(one, reaches=(Reach.SELF,), **bare)
    pack = replace(library().memoranda[one.pack], measures=(one,))
    return Rulebook(library().vocabulary, {pack.code: pack}, library().revision)


def judged(name: str, day: date) -> Finding | None:
    """The judge's finding of the measure alone, at noon of the day, on an entry that is current."""
    (one,) = alone(name).measures
    scenario = library().vocabulary.scenarios[one.scenarios[0]]
    noon = read_when(f"{day}T12:00+08:00")
    party = Party(A, next(iter(scenario.roles), ""))
    asked = Inquiry(scenario.code, (party,), dict.fromkeys(MOMENTS, noon), scenario.moment, one.jurisdiction)
    entries = () if one.on_inquiry else (current(one, day),)
    findings = [f for o in judge(asked, Register(entries), alone(name)).outcomes for f in o.findings]
    assert len(findings) <= 1
    return findings[0] if findings else None


def current(one: Measure, day: date) -> Entry:
    """An entry of the measure's first list whose window is open on the day."""
    first, last = whole_day(day - 30 * STEP), whole_day(day + 30 * STEP)
    dates = {"listed": first, "decided": first, "ban_from": first, "ban_until": last, "expires": last}
    ended = (Event("removed", whole_day(day - STEP)),) if one.window is Window.AFTER_END else ()
    return Entry(A, one.lists[0], dates, {"territory": "national"}, ended)


def agree(name: str, day: date) -> None:
    """The row's state and lack are the judge's; a document not in force is never met at all."""
    found = bite(SHIPPED[name], library().memoranda[SHIPPED[name].pack], library().vocabulary, day)
    finding = judged(name, day)
    if found.lack in (Lack.NOT_YET, Lack.ENDED):
        assert finding is None
        return
    assert finding is not None
    assert finding.state is found.state
    causes = {cause.why.value for cause in finding.causes}
    open_question = {Why.CONTESTED.value} if found.state is State.UNDETERMINED else set()
    assert causes == ({found.lack.value} if found.lack else open_question)
    assert finding.edition_not_read == found.footing.edition_not_read


@pytest.mark.parametrize("pack", sorted(library().memoranda))
def test_the_judge_says_the_same_on_every_turn(pack: str) -> None:
    """Every measure of the library, on each day its stance may change and the day before."""
    for one in library().memoranda[pack].measures:
        for turn in turns(one, library().vocabulary):
            agree(one.id, turn - STEP)
            agree(one.id, turn)


@settings(max_examples=150)
@given(st.sampled_from(sorted(SHIPPED)), DAYS)
def test_the_judge_says_the_same_on_any_day(name: str, day: date) -> None:
    """Any measure of the library on any day."""
    agree(name, day)


# -- every measure of the library, any day


@settings(max_examples=25)
@given(DAYS)
def test_rows_of_the_library_hold_together(day: date) -> None:
    """One row a measure, in order; what is lacking is said exactly where there is no effect; the tally adds up."""
    rows = bites_of(library(), day)
    assert [found.measure.id for found in rows] == list(SHIPPED)
    for found in rows:
        assert (found.lack is None) == (found.state is not State.WITHOUT_EFFECT)
        assert bool(found.draft_for) == found.measure.draft
        assert (found.state is State.UNDETERMINED) <= (found.contested is not None)
        assert (found.item is None) == (not found.measure.list_item)
        assert [one.citation for one in found.support] == list(found.measure.basis)
        assert all(one.in_force for one in found.support if one.carries)
    counted = tally(rows)
    assert counted.measures == len(rows)
    assert 0 not in counted.without.values()


@settings(max_examples=25)
@given(DAYS)
def test_what_is_carried_is_carried_by_something(day: date) -> None:
    """The basis suffices if and only if one of the instruments alone does, class 3 of the basic list apart."""
    for found in bites_of(library(), day):
        if found.item is None or found.item.level != 3:
            assert found.footing.ok == any(one.carries for one in found.support), found.measure.id


@settings(max_examples=25)
@given(DAYS)
def test_a_row_holds_until_the_day_it_says(day: date) -> None:
    """The first and the last of its days say the same as it does, the days beside them something else."""
    words_ = library().vocabulary
    for found in bites_of(library(), day):
        now, holds = (found.state, found.lack), found.holds
        assert holds.holds(day)
        if holds.since:
            assert stance(found.measure, words_, holds.since) == now
            assert stance(found.measure, words_, holds.since - STEP) != now
        if holds.until:
            assert stance(found.measure, words_, holds.until) == now
            assert stance(found.measure, words_, holds.until + STEP) != now


@given(st.sampled_from(sorted(SHIPPED)), DAYS)
def test_nothing_changes_between_turns(name: str, day: date) -> None:
    """A day that is no turn says what the day before said."""
    one, words_ = SHIPPED[name], library().vocabulary
    if day not in turns(one, words_):
        assert stance(one, words_, day) == stance(one, words_, day - STEP)


def test_drafts_of_the_library_say_why() -> None:
    """Whatever the reader makes a draft has a reason here, and nothing else has one."""
    for one in SHIPPED.values():
        assert bool(draft_for(one, library().vocabulary)) == one.draft, one.id


# -- the gate day, an ending, and each lack


def test_a_memorandum_alone_bites_through_the_eve_of_the_gate() -> None:
    """On 2020-12-17 it is effective, on 2020-12-18 it has lapsed, and each row says until or since when."""
    one = measure("一", basis=(parse_citation("某备忘录 3"),), form=Form.MEMORANDUM)
    eve, gate = row(one, BEFORE), row(one, GATE)
    assert (eve.state, eve.lack, eve.holds) == (State.EFFECTIVE, None, Span(date(2010, 1, 1), BEFORE))
    assert (gate.state, gate.lack, gate.holds) == (State.WITHOUT_EFFECT, Lack.LAPSED, Span(GATE))
    assert [one.carries for one in eve.support] == [True]
    assert [(one.in_force, one.carries) for one in gate.support] == [(True, False)]


def test_the_gate_takes_some_of_the_shipped_memoranda() -> None:
    """No shipped measure lapses before the gate day; on it some of the memoranda's do."""
    eve, gate = tally(bites_of(library(), BEFORE)), tally(bites_of(library(), GATE))
    assert not {Lack.LAPSED, Lack.LOCAL} & set(eve.without)
    lapsed = [found for found in bites_of(library(), GATE) if found.lack is Lack.LAPSED]
    assert gate.without[Lack.LAPSED] == len(lapsed) > 0
    assert Form.MEMORANDUM in {found.measure.form for found in lapsed}
    assert eve.effective > gate.effective > 0


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 1, 1), State.EFFECTIVE),
        (date(2022, 6, 30), State.EFFECTIVE),
        (date(2022, 7, 1), Lack.LAPSED),
        (date(2023, 7, 1), Lack.NOT_IN_FORCE),
    ],
)
def test_an_instrument_that_ends_takes_the_measure_with_it(day: date, expected: State | Lack) -> None:
    """Its last day counts; what is left may stand a while and not suffice; then nothing stands."""
    ended = Instrument("旧法", words("旧法"), Rank.LAW, Span(date(2000, 1, 1), date(2022, 6, 30)))
    notice = Instrument("通知", words("通知"), Rank.NORMATIVE_DOCUMENT, Span(date(2000, 1, 1), date(2023, 6, 30)))
    one = measure("一", basis=(parse_citation("旧法 1"), parse_citation("通知 2")))
    vocabulary = with_instruments(ended, notice)
    assert said(one, day, vocabulary) is expected
    carrying = [s.citation.instrument for s in row(one, day, vocabulary).support if s.carries]
    assert carrying == {date(2019, 1, 1): ["旧法", "通知"], date(2022, 6, 30): ["旧法"]}.get(day, [])


def test_an_unregistered_instrument_carries_nothing() -> None:
    """It is shown as cited, and that it is not registered can be told from the row."""
    (support,) = row(measure("一", basis=(parse_citation("没有的法 1"),)), GATE).support
    assert (support.instrument, support.in_force, support.carries) == (None, False, False)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2018, 12, 31), Lack.NOT_YET),
        (date(2019, 1, 1), State.EFFECTIVE),
        (date(2021, 5, 1), State.EFFECTIVE),
        (date(2021, 5, 2), Lack.ENDED),
    ],
)
def test_a_document_bites_on_its_own_days(day: date, expected: State | Lack) -> None:
    """From its first to its last, both inclusive."""
    assert said(measure("一", span=Span(date(2019, 1, 1), date(2021, 5, 1))), day) is expected


def test_a_document_not_in_force_comes_before_its_other_lacks() -> None:
    """The judge does not even meet it; on its days a draft is a draft first, whatever its basis."""
    weak = Checked("memory", date(2026, 1, 1), "low")
    basis = (parse_citation("某备忘录 3"),)
    one = measure("一", draft=True, checked=weak, basis=basis, span=Span(date(2019, 1, 1), date(2021, 5, 1)))
    assert said(one, date(2018, 12, 31)) is Lack.NOT_YET
    assert said(one, GATE) is Lack.DRAFT
    assert row(one, GATE).footing.basis is LawfulBasis.LAPSED


@pytest.mark.parametrize("effect", [Effect.BAR, Effect.LIMIT, Effect.WITHHOLD])
def test_a_local_document_may_not_deprive(effect: Effect) -> None:
    """From the gate day on, whatever law it cites; none of it carries such a measure."""
    one = measure("一", effect, form=Form.LOCAL_PLAN, jurisdiction="420881", withholds=("all",))
    assert said(one, BEFORE) is State.EFFECTIVE
    assert said(one, GATE) is Lack.LOCAL
    assert [(s.in_force, s.carries) for s in row(one, GATE).support] == [(True, False)]


@pytest.mark.parametrize("since", [None, date(2024, 8, 1)])
def test_a_contested_measure_is_left_to_a_person(since: date | None) -> None:
    """From the day the question stands; before it the measure has effect."""
    one = measure("一", contested=Contested("法制机构", words("?"), since))
    day = since or GATE
    assert (row(one, day).state, row(one, day).lack, row(one, day).contested) == (
        State.UNDETERMINED,
        None,
        one.contested,
    )
    assert said(one, day - STEP) is (State.EFFECTIVE if since else State.UNDETERMINED)
    assert (row(one, day - STEP).contested is None) is (since is not None)


def test_a_contested_measure_without_effect_stays_without() -> None:
    """A question to a lawyer gives no draft an effect; that it stands is told all the same."""
    one = measure("一", contested=Contested("法制机构", words("?"), None), draft=True)
    assert said(one, GATE) is Lack.DRAFT
    assert row(one, GATE).contested is one.contested


@pytest.mark.parametrize(
    ("day", "code", "read"),
    [
        (date(2021, 12, 15), None, None),
        (date(2021, 12, 16), "2021", "partly"),
        (date(2022, 12, 27), "2021", "partly"),
        (date(2022, 12, 28), "2022", "no"),
    ],
)
def test_the_edition_is_that_of_the_day(day: date, code: str | None, read: str | None) -> None:
    """Only for a measure on the basic list, and whether it was read goes with it."""
    editions = (Edition("2022", date(2022, 12, 28), "no"), Edition("2021", date(2021, 12, 16), "partly"))
    vocabulary = replace(VOCABULARY, basic_list=replace(VOCABULARY.basic_list, editions=editions))
    found = row(measure("一", list_item="M10"), day, vocabulary)
    assert found.item == ListItem("M10", 2, words("M10"))
    assert (found.edition and found.edition.code, found.edition and found.edition.read) == (code, read)
    assert found.footing.edition_not_read is (read == "no")
    assert row(measure("一"), day, vocabulary).edition is None


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"checked": Checked("memory", GATE, "high")}, (DraftFor.MEMORY,)),
        ({"checked": Checked("text", GATE, "low")}, (DraftFor.LOW,)),
        ({"checked": Checked("memory", GATE, "low")}, (DraftFor.MEMORY, DraftFor.LOW)),
        ({"scenarios": ("permit",)}, (DraftFor.NO_MATTER,)),
        ({"scenarios": ("permit",), "checked": Checked("text", GATE, "low")}, (DraftFor.LOW, DraftFor.NO_MATTER)),
    ],
)
def test_a_draft_says_all_that_makes_it_one(changes: dict[str, object], reasons: tuple[DraftFor, ...]) -> None:
    """Memory, low confidence, no matter named where the scenario asks for one."""
    one = measure("一", draft=True, **changes)
    assert draft_for(one, VOCABULARY) == row(one, GATE).draft_for == reasons
    assert draft_for(replace(one, draft=False), VOCABULARY) == ()


# -- counting, and the words the judge has


def test_the_tally_counts_by_lack_in_a_fixed_order() -> None:
    """What has effect, what a person decides, and the rest by what it lacks."""
    contested = Contested("法制机构", words("?"), None)
    rows = list(_some(measure("1"), measure("2", contested=contested), measure("3", draft=True), measure("4")))
    ended = list(_some(measure("5", span=Span(until=BEFORE))))
    assert tally(rows + ended) == Tally(2, 1, {Lack.ENDED: 1, Lack.DRAFT: 1})
    assert tally([]) == Tally(0, 0, {})


def _some(*measures: Measure) -> Iterator[Bite]:
    book = rulebook(*measures)
    yield from bites(book.memoranda.values(), book.vocabulary, GATE)


def test_every_lack_of_law_has_the_judges_word() -> None:
    """Whatever the gate can find against a measure is a lack here, by the same word."""
    against = {basis.value for basis in LawfulBasis if basis is not LawfulBasis.OK}
    assert against | {Why.DRAFT.value} == {lack.value for lack in Lack} - {Lack.NOT_YET.value, Lack.ENDED.value}


def test_class_3_bites_without_any_basis() -> None:
    """What others decide for themselves needs no instrument in force, and none is shown as carrying it."""
    items = {**VOCABULARY.basic_list.items, "M20": ListItem("M20", 3, words("M20"))}
    vocabulary = replace(VOCABULARY, basic_list=replace(VOCABULARY.basic_list, items=items))
    one = measure("一", list_item="M20", basis=(parse_citation("没有的法 1"),))
    assert sufficient(one, vocabulary, GATE).ok
    assert (said(one, GATE, vocabulary), [s.carries for s in row(one, GATE, vocabulary).support]) == (
        State.EFFECTIVE,
        [False],
    )
