"""What a question gets to know: everything of its parties at its version, and nothing that came later or of others."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.calendar import between, read_day, read_when
from engine.errors import Missing, RefusedInput
from engine.identity import synthetic_code
from engine.inquiry import Relation
from engine.registry import reading, shelf
from engine.registry.chain import known_at
from engine.registry.knowing import version_of
from engine.registry.overview import knows_persons, lists_at, timeline_of
from engine.registry.store import Store
from engine.registry.ties import Named, Tie, record_relations, record_subjects
from engine.vocabulary import Span
from tests.builders import VOCABULARY, A, B, C, D
from tests.registry.arriving import NOW, bring, happen, head, known, newest, only_entry, row

OLD, OLDER = synthetic_code(91), "420881000000013"
HOUR = timedelta(hours=1)


def named(store: Store, *said: Named) -> None:
    """Names and codes recorded."""
    record_subjects(store, said, head("subject"))


def tied(store: Store, *ties: Tie) -> None:
    """Relations recorded."""
    record_relations(store, ties, read_when("2024-06-01"), head("relation"))


# -- whose entries


def test_nobody_asked_about_nothing_known(store: Store) -> None:
    """An empty question is answered too, and so is one about an empty registry."""
    bring(store, [row(A)])
    with store.reading() as connection:
        assert reading.register_of(connection, [], 1, VOCABULARY).entries == ()
        assert reading.register_of(connection, [A], 0, VOCABULARY).arrivals == {}


def test_only_the_lists_of_the_vocabulary_count(store: Store) -> None:
    """Another layer's list may be in the same registry."""
    bring(store, [row(A)], "elsewhere")
    bring(store, [row(A)])
    assert [entry.list for entry in known(store).entries] == ["black"]
    assert [*known(store).arrivals] == ["black"]


def test_values_are_what_the_engine_reads(store: Store) -> None:
    """Days as days, money in fen, flags as flags; number, document and body stay with the entry."""
    facts = {"amount": 12_345, "count": 3, "published": "2024-02-01", "ground": "a"}
    bring(store, [row(A, facts=facts, dates={"listed": "2024-01-10T09:00+08:00"}, body="某局")])
    entry = only_entry(store)
    assert entry.facts == {"amount": 12_345, "count": 3, "published": date(2024, 2, 1), "ground": "a"}
    assert entry.dates == {"listed": read_when("2024-01-10T09:00+08:00")}
    assert (entry.document, entry.body, len(entry.number)) == ("1号", "某局", 20)


def test_an_old_code_leads_to_everything_of_its_subject(store: Store) -> None:
    """Asked by either code: entries under the old one, the new one, another old one, and the code inside."""
    named(store, Named(A, code=OLD, scheme="unified"), Named(A, code=OLDER, scheme="registration-number"))
    stands = [row(A), row(OLD), row("", other_codes=(("r", OLDER),)), row("", other_codes=(("o", A[8:17]),)), row(B)]
    bring(store, stands)
    assert len(known(store, A).entries) == 4
    assert len(known(store, OLD).entries) == 4
    assert {entry.subject for entry in known(store, OLD).entries} == {OLD}


def test_two_subjects_with_one_old_code_both_answer_for_it(store: Store) -> None:
    """Not whichever was asked about last: either may be the one."""
    named(store, Named(A, code=OLDER), Named(B, code=OLDER))
    bring(store, [row("", other_codes=(("r", OLDER),))])
    for asked in ((A, B), (B, A)):
        assert sorted(entry.subject for entry in known(store, *asked).entries) == sorted(asked)


def test_those_tied_to_a_party_are_known_with_their_entries(store: Store) -> None:
    """Whichever end it is, under an old code too; ties of the tied are not followed."""
    named(store, Named(A, code=OLD))
    tied(store, Tie("branch-of", B, OLD, "2020-01-01", "2023-01-01"), Tie("controller-of", C, B))
    bring(store, [row(A), row(B), row(C)])
    register = known(store, A)
    span = Span(date(2020, 1, 1), date(2023, 1, 1))
    assert register.relations == (Relation("branch-of", B, A, span),)
    assert {entry.subject for entry in register.entries} == {A, B}
    assert register.relations_known == {"branch-of", "controller-of"}
    assert known(store, D).relations == ()


def test_however_many_keys_there_are_all_are_asked_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database takes only so many values at once."""
    firms = [synthetic_code(number) for number in range(7)]
    tied(store, *[Tie("branch-of", firm, A) for firm in firms if firm != A])
    bring(store, [row(firm) for firm in firms])
    whole = known(store, A)
    monkeypatch.setattr(shelf, "MOST_KEYS", 2)
    parts = known(store, A)
    assert len(whole.entries) == len(firms)
    assert {*map(repr, parts.entries)} == {*map(repr, whole.entries)}
    assert {*parts.relations} == {*whole.relations}


def test_a_candidate_is_found_by_any_name_of_the_subject(store: Store) -> None:
    """By a registered name, a former one, or one printed with an entry; not by another subject's."""
    named(store, Named(A, "甲乙丙丁建设有限公司"), Named(A, "戊己庚辛建设有限公司", since="2010-01-01"))
    bring(store, [row(B, name="壬癸子丑建设有限公司")])
    for name in ("甲乙丙丁建设有限公司", "戊己庚辛建设有限责任公司", "壬癸子丑建设有限公司"):
        bring(store, [row("", name=name)], "red")
    assert len(known(store, A).candidates) == 2
    assert len(known(store, B).candidates) == 1
    assert known(store, A, version=2).candidates == ()


# -- at which version


def test_a_register_read_at_a_version_stays_the_same(store: Store) -> None:
    """Whatever comes later: other content, events, ties, arrivals."""
    bring(store, [row(A), row("", name="甲乙丙丁建设有限公司")])
    named(store, Named(A, "甲乙丙丁建设有限公司"))
    at = {version: known(store, A, B, version=version) for version in range(newest(store) + 1)}
    bring(store, [row(A, amount=5)], at="2024-06-11")
    happen(store, only_entry(store).number, "annul")
    tied(store, Tie("branch-of", B, A))
    named(store, Named(A, code=OLD))
    bring(store, [row(OLD), row(B)], at="2024-06-12")
    assert {version: known(store, A, B, version=version) for version in at} == at
    assert len(known(store, A, B).entries) == 3


def test_a_clock_set_back_never_makes_an_earlier_version_known_later(store: Store) -> None:
    """The third write is recorded an hour before the second; at no time is it known without that."""
    for number, hours in enumerate((0, 2, 1, 3)):
        bring(store, [row(synthetic_code(number))], now=NOW + hours * HOUR)
    found = {}
    with store.reading() as connection:
        for halves in range(-1, 8):
            found[halves / 2] = known_at(connection, NOW + halves * HOUR / 2).number
    assert found == {-0.5: 0, 0.0: 1, 0.5: 1, 1.0: 1, 1.5: 1, 2.0: 3, 2.5: 3, 3.0: 4, 3.5: 4}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(hours=st.lists(st.integers(-5, 5), min_size=1, max_size=6), asked=st.integers(-6, 30))
def test_known_times_only_ever_go_on(store: Store, hours: list[int], asked: int) -> None:
    """However the clock jumps: a later time knows no less, and the exact time of recording knows the write."""
    first = newest(store)
    start = NOW + first * 100 * HOUR
    for number, hour in enumerate(hours, first + 1):
        bring(store, [row(synthetic_code(number))], now=start + hour * HOUR)
    with store.reading() as connection:
        versions = [known_at(connection, start + (asked + more) * HOUR).number for more in range(3)]
        assert versions == sorted(versions)
        assert known_at(connection, start + max(hours) * HOUR).number == first + len(hours)


def test_a_version_is_named_by_number_time_or_day(store: Store) -> None:
    """A day is its end in Shanghai; a time without an offset is Shanghai's."""
    bring(store, [row(A)], now=datetime(2024, 6, 10, 15, 30, tzinfo=UTC))  # 23:30 in Shanghai
    bring(store, [row(B)], now=datetime(2024, 6, 10, 16, 30, tzinfo=UTC))  # 00:30 of the next day
    asked = {
        None: 2, "0": 0, "1": 1, "2": 2, "2024-06-09": 0, "2024-06-10": 1, "2024-06-11": 2,
        "2024-06-10T23:29": 0, "2024-06-10T23:30": 1, "2024-06-10T15:30Z": 1, "2024-06-10T16:30+00:00": 2,
    }  # fmt: skip
    with store.reading() as connection:
        found = {said: version_of(connection, said) for said in asked}
        assert {said: version.number for said, version in found.items()} == asked
        assert len({version.digest for version in found.values()}) == 3
        with pytest.raises(Missing, match="no version 3"):
            version_of(connection, "3")
        for said in ("", "soon", "-1", "1.0", "2024-06-31", "2024-13", "１"):
            with pytest.raises(RefusedInput):
                version_of(connection, said)


# -- for people


def test_a_timeline_has_names_days_and_versions(store: Store) -> None:
    """Printed names as well as registered ones; an absence with both its days; as known at the version."""
    named(store, Named(A, "甲建设有限公司"))
    bring(store, [row(A, name="甲建设公司"), *[row(synthetic_code(n)) for n in range(10, 30)]], at="2024-06-03")
    bring(store, [row(synthetic_code(n)) for n in range(10, 30)], at="2024-06-10", snapshot=True)
    with store.reading() as connection:
        timeline = timeline_of(connection, A, 3, VOCABULARY)
        before = timeline_of(connection, A, 2, VOCABULARY)
    assert timeline.names == ("甲建设有限公司", "甲建设公司")
    said = [(line.at, line.what, line.version) for line in timeline.lines]
    absent = (between(read_day("2024-06-03"), read_day("2024-06-10")), "absent", 3)
    assert said == [(read_when("2024-01-10"), "listed", 2), absent]
    assert [line.what for line in before.lines] == ["listed"]


def test_each_list_is_shown_with_its_age(store: Store) -> None:
    """Relied on for as long as it is fresh, counted from the moment its data show; as known at the version."""
    bring(store, [row(A), row(B)], at="2024-06-10T08:00+08:00")
    with store.reading() as connection:
        lines = {line.record.code: line for line in lists_at(connection, 1, VOCABULARY)}
        assert not any(line.data_time for line in lists_at(connection, 0, VOCABULARY))
    assert [*lines] == [*VOCABULARY.lists]
    assert (lines["black"].entries, lines["black"].wanted_by) == (2, ("procurement", "permit"))
    assert lines["black"].known(read_when("2024-06-11T08:00+08:00"))
    assert not lines["black"].known(read_when("2024-06-11T08:00:01+08:00"))
    assert not lines["red"].known(read_when("2024-06-10"))


def test_whether_anybody_is_a_natural_person_is_known(store: Store) -> None:
    """Then their key must be there."""
    bring(store, [row(A)])
    assert not knows_persons(store)
    bring(store, [row("", name="张三", person="42088119900307011X")], "red")
    assert knows_persons(store)
