"""What happens to entries: each verb its event, in an order that can be, found by as much of a number as tells it."""

from datetime import date, timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest

from engine.decide import decide
from engine.errors import MemorandaError, Missing, RefusedInput
from engine.identity import synthetic_code
from engine.registry.deadlines import Deadlines
from engine.registry.due import Worked, due_steps, steps_after
from engine.registry.events import CLOSES, VERBS, may_follow
from engine.registry.store import Store, ask
from engine.services.registering import happened
from engine.services.rulebooks import rulebook_of
from engine.vocabulary import Vocabulary
from tests.builders import A, inquiry, measure, rulebook
from tests.registry.arriving import NOW, bring, broken, happen, known, newest, only_entry, row
from tests.registry.test_persons import NUMBER

# What must have happened before a verb.
BEFORE = {"settle": "object", "resume": "suspend", "restore": "lift", "refuse": "apply"}


@pytest.fixture
def entry(store: Store) -> str:
    """The number of the one entry there is."""
    bring(store, [row(A)])
    return only_entry(store).number


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_is_an_event_of_its_own_version(store: Store, entry: str, verb: str) -> None:
    """Kept with day, document and reason; steps of a procedure change nothing the law looks at."""
    if verb in BEFORE:
        happen(store, entry, BEFORE[verb])
    recorded = happen(store, entry, verb, "2024-06-02")
    assert (recorded.kind, recorded.list, recorded.version) == (VERBS[verb], "black", newest(store))
    kinds = [event.kind for event in only_entry(store).events]
    assert (VERBS[verb] in kinds) == (verb not in ("apply", "refuse"))
    assert only_entry(store, version=1).events == ()
    assert broken(store) == []


@pytest.mark.parametrize(
    ("verbs", "verdict"),
    [
        ((), "ineligible"),
        (("object",), "ineligible"),
        (("suspend",), "eligible"),
        (("suspend", "resume"), "ineligible"),
        (("lift",), "review"),
        (("lift", "restore"), "ineligible"),
        (("apply",), "ineligible"),
        (("apply", "repair"), "eligible"),
        (("remove",), "eligible"),
        (("annul",), "eligible"),
    ],
)
def test_an_event_changes_the_answer_from_its_day(
    store: Store, entry: str, verbs: tuple[str, ...], verdict: str
) -> None:
    """And never the answer as it was known before."""
    law = rulebook(measure("一"))
    for day, verb in enumerate(verbs, 1):
        happen(store, entry, verb, f"2024-06-0{day}")
    assert decide(inquiry(), known(store), law).data["verdict"] == verdict
    assert decide(inquiry(), known(store, version=1), law).data["verdict"] == "ineligible"
    assert decide(inquiry(at="2024-05-30T12:00+08:00"), known(store), law).data["verdict"] == "ineligible"


@pytest.mark.parametrize("verb", sorted(BEFORE))
def test_nothing_is_closed_that_is_not_open(store: Store, entry: str, verb: str) -> None:
    """Neither before it was opened, nor a second time."""
    with pytest.raises(RefusedInput, match=r"no open"):
        happen(store, entry, verb)
    happen(store, entry, BEFORE[verb])
    happen(store, entry, verb)
    with pytest.raises(RefusedInput, match=r"no open"):
        happen(store, entry, verb)
    happen(store, entry, BEFORE[verb])
    assert newest(store) == 4


@pytest.mark.parametrize("verbs", [(), ("object",), ("apply", "repair"), ("lift", "restore"), ("remove",), ("annul",)])
def test_what_may_follow_is_what_is_taken(store: Store, verbs: tuple[str, ...]) -> None:
    """Every verb that is offered can be recorded then, and no other."""
    firms = [synthetic_code(number) for number in range(len(VERBS))]
    bring(store, [row(firm) for firm in firms])
    for number, verb in zip([entry.number for entry in known(store, *firms).entries], VERBS, strict=True):
        for before in verbs:
            happen(store, number, before)
        with store.reading() as connection:
            offered = may_follow(ask(connection, "SELECT kind FROM event WHERE entry = ? ORDER BY id", (number,)))
        if verb in offered:
            happen(store, number, verb)
        else:
            with pytest.raises(RefusedInput):
                happen(store, number, verb)


def test_a_repair_settles_its_application(store: Store, entry: str) -> None:
    """There is nothing left to refuse."""
    happen(store, entry, "apply")
    happen(store, entry, "repair")
    with pytest.raises(RefusedInput, match=r"no open"):
        happen(store, entry, "refuse")


def test_an_end_comes_once_and_an_annulment_last(store: Store, entry: str) -> None:
    """Repaired and then annulled it may be; nothing follows an annulment."""
    for verb in ("repair", "remove", "annul"):
        happen(store, entry, verb)
        with pytest.raises(RefusedInput, match="already"):
            happen(store, entry, verb)
    for verb in sorted({*VERBS} - {*BEFORE}):
        with pytest.raises(RefusedInput, match="already annulled"):
            happen(store, entry, verb)
    assert newest(store) == 4


def test_nothing_has_happened_that_lies_ahead(store: Store, entry: str) -> None:
    """Today may; an instant later than now may not."""
    for ahead in ("2024-06-11", "2024-06-10T12:00:01+08:00"):
        with pytest.raises(RefusedInput, match="ahead"):
            happen(store, entry, "object", ahead)
    happen(store, entry, "object", "2024-06-10")
    happen(store, entry, "settle", "2024-06-10T12:00+08:00")


def test_an_entry_is_found_by_the_beginning_of_its_number(store: Store) -> None:
    """In either case, if six characters or more tell it from all others; Missing otherwise."""
    firms = [synthetic_code(number) for number in range(8)]
    bring(store, [row(firm) for firm in firms])
    one = min(entry.number for entry in known(store, *firms).entries)
    assert happen(store, one[:6].upper(), "object").entry == one
    assert happen(store, f" {one[:12]} ", "settle").entry == one
    for wrong in (one[:5], "", "ffffffffffffffffffff0", "%%%%%%%%", "______", "g" * 20, "\u0660" * 8, one + "0"):
        with pytest.raises(Missing, match="no such entry"):
            happen(store, wrong, "object")


def test_two_entries_whose_numbers_begin_alike_are_told_apart(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many characters as were typed must fit one only."""
    from engine.registry import events

    monkeypatch.setattr(events, "SHORTEST_NUMBER", 1)
    firms = [synthetic_code(number) for number in range(40)]
    bring(store, [row(firm) for firm in firms])
    numbers = sorted(entry.number for entry in known(store, *firms).entries)
    first = next(one[0] for one, other in pairwise(numbers) if one[0] == other[0])
    with pytest.raises(Missing, match="fits several"):
        happen(store, first, "object")


def test_a_persons_number_typed_for_an_entrys_is_not_repeated(store: Store, entry: str) -> None:
    """Nor kept in a reason or a document."""
    with pytest.raises(Missing) as missing:
        happen(store, NUMBER, "repair")
    assert NUMBER[:8] not in f"{missing.value.zh}{missing.value.en}"
    for document, reason in ((NUMBER, ""), ("1号", f"{NUMBER[:6]} {NUMBER[6:]}")):
        with pytest.raises(RefusedInput) as refused:
            happened(entry, "repair", "2024-06-01", document, reason)
        assert NUMBER not in repr(refused.value.faults)


@pytest.mark.parametrize(
    ("on", "document", "reason"),
    [
        ("2024-06-31", "1号", ""),
        ("soon", "1号", ""),
        ("", "1号", ""),
        ("2024-06-01T09:00", "1号", ""),
        ("1024-06-01", "1号", ""),
        ("2024-06-01", " ", ""),
        ("2024-06-01", "1号", "长" * 2_001),
        ("2024-06-01", "\udcff", ""),
        ("2024-06-01", "1号", "a\0b"),
    ],
)
def test_what_cannot_be_kept_is_refused(on: str, document: str, reason: str) -> None:
    """A day that there is not, a document not named, a text without end or that nobody can read."""
    with pytest.raises(RefusedInput):
        happened("0" * 20, "repair", on, document, reason)


def test_of_two_at_once_the_second_sees_the_first(store: Store, entry: str) -> None:
    """An entry is annulled once, however many say so at the same time, and each is told its own version."""
    told: list[object] = []
    ready = Barrier(6)

    def annul() -> None:
        ready.wait()
        try:
            told.append(happen(store, entry, "annul").version)
        except MemorandaError as error:
            told.append(type(error))

    threads = [Thread(target=annul) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, told)) == sorted(["2", *[str(RefusedInput)] * 5])


# -- what is still to be done


# After the national rules of 2025.
LATER = NOW + timedelta(days=700)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """The library's words, with its deadlines."""
    return rulebook_of().vocabulary


def test_what_was_begun_is_due_until_it_is_closed(store: Store, vocabulary: Vocabulary) -> None:
    """An objection until it is settled, an application until it is decided; as known earlier, both are still open."""
    bring(store, [row(A)], "judgment-defaulters")
    with store.reading() as connection:
        number = str(connection.exec_driver_sql("SELECT number FROM entry").scalar_one())
    for day, verb in enumerate(("object", "apply", "settle", "repair"), 1):
        happen(store, number, verb, f"2025-07-0{day}", LATER)
    open_then: list[set[str]] = []
    with store.reading() as connection:
        for version in range(6):
            steps = due_steps(connection, version, vocabulary, "420881")
            assert all(step.entry == number and step.list == "judgment-defaulters" for step in steps)
            assert [step.deadline.due for step in steps] == sorted(step.deadline.due for step in steps)
            open_then.append({step.procedure for step in steps})
    assert open_then == [set(), set(), {"objection"}, {"objection", "repair"}, {"repair"}, set()]


def test_what_was_worked_out_holds_for_the_next_version(store: Store, vocabulary: Vocabulary) -> None:
    """The same steps with and without what an earlier version left, also for another entry of the same day."""
    bring(store, [row(A), row(synthetic_code(1))], "judgment-defaulters")
    worked: Worked = {}
    with store.reading() as connection:
        numbers = [one.number for one in ask(connection, "SELECT number FROM entry ORDER BY number")]
    for number in numbers:
        happen(store, number, "object", "2025-07-01", LATER)
        with store.reading() as connection:
            kept = due_steps(connection, newest(store), vocabulary, "420881", worked)
            assert kept == due_steps(connection, newest(store), vocabulary, "420881")
    assert {step.entry for step in kept} == set(numbers)
    assert len(worked) == 1


def test_deadlines_count_from_the_decision_that_an_event_is(vocabulary: Vocabulary) -> None:
    """An objection that is settled is corrected in three working days; a lifting begins nothing."""
    deadlines, day = Deadlines.of(vocabulary), date(2026, 11, 20)
    settled = steps_after("", "judgment-defaulters", "settled", day, deadlines, None)
    assert [(step.step, step.deadline.due) for step in settled] == [("correct", date(2026, 11, 25))]
    objection = steps_after("", "judgment-defaulters", "disputed", day, deadlines, None)
    assert [step.step for step in objection] == ["decide", "reconsider"]
    assert steps_after("", "judgment-defaulters", "lifted", day, deadlines, None) == []


def test_closings_name_what_they_close() -> None:
    """Every kind that closes another is a verb's, and so is the other."""
    assert {*CLOSES, *CLOSES.values()} <= {*VERBS.values()}
    assert {VERBS[verb]: VERBS[before] for verb, before in BEFORE.items()} == CLOSES
