"""Any sequence of imports, events, codes and ties, beside a model that keeps whole lists in memory: the same answers.

The model copies everything it knows at each version, and finds answers by looking at every row; so whatever the
registry does to find a version's rows among all others, its answer must be the model's.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from engine.calendar import between, read_day, read_when
from engine.errors import RefusedInput
from engine.inquiry import HAPPENINGS, RELATION_KINDS, Candidate, Entry, Event, Register, Relation
from engine.registry import importing
from engine.registry.chain import known_at, latest
from engine.registry.events import VERBS
from engine.registry.importing import Report
from engine.registry.names import LIKE, likeness, normalised
from engine.registry.reading import register_of
from engine.registry.rows import Incoming
from engine.registry.states import state_of
from engine.registry.store import Store
from engine.registry.ties import Named, Tie, record_relations, record_subjects
from engine.vocabulary import Span
from tests.builders import VOCABULARY, A, B, C
from tests.registry.arriving import NOW, bring, broken, digested, emptied, faulty, happen, head, row

# Few of each, so that whatever arrives meets what is there.
LISTS = ("black", "red")
FIRMS = (A, B, C)
NAMES = {A: "钟祥甲乙建设有限公司", B: "丙丁食品有限公司", C: ""}
# As printed where no code is given: the first firm's by another form of company, and nobody's.
PRINTED = ("钟祥甲乙建设有限责任公司", "戊己运输队")
OLD = "420881000000013"
PERSON = "42088119900307011X"
REGISTERED = ("registration-number", OLD)
DAYS = ("2024-01-10", "2024-02-10")
DOCUMENTS = ("", "1号")
ARRIVED = "2024-04-01T08:00+08:00"
HOUR = timedelta(hours=1)

Key = tuple[str, str]  # list and number


@dataclass
class World:
    """Everything known at one version."""

    entries: dict[Key, tuple[Incoming, str]] = field(default_factory=dict)  # a row and under whom it stands
    events: dict[Key, list[tuple[str, str]]] = field(default_factory=dict)
    codes: list[tuple[str, str]] = field(default_factory=list)  # a subject and another code of it
    names: list[tuple[str, str]] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    arrivals: dict[str, list[str]] = field(default_factory=dict)
    latest: datetime | None = None  # of all times at which anything was recorded so far

    def ended(self, key: Key) -> bool:
        """Whether a snapshot cannot end the entry any more."""
        return any(kind in ("absent", "repaired", "removed", "annulled") for kind, _ in self.events.get(key, ()))

    def keys(self, subject: str) -> list[str]:
        """Under what a subject's entries may stand."""
        owners = [subject, *(owner for owner, code in self.codes if code == subject)]
        return [
            key
            for owner in owners
            for key in (owner, owner[8:17], *(code for whose, code in self.codes if whose == owner))
        ]

    def entry(self, key: Key, subject: str) -> Entry:
        """The entry as the engine should get it."""
        said, _ = self.entries[key]
        events = [Event(kind, _when(at)) for kind, at in self.events.get(key, ()) if kind in HAPPENINGS]
        dates = {name: read_when(text) for name, text in said.dates.items()}
        return Entry(subject, key[0], dates, said.facts, tuple(events), said.document, said.body, key[1])

    def register(self, asked: Sequence[str]) -> Register:
        """The answer, by looking at everything."""
        ties = [_tied(tie, near, far) for tie in self.ties for near, far in self._ends(tie, asked)]
        others = {end for tie in ties for end in (tie.near, tie.far)}.difference(asked)
        entries = [
            self.entry(key, subject)
            for subject in (*asked, *others)
            for key, (_, stands) in self.entries.items()
            if stands in self.keys(subject)
        ]
        arrivals = {code: (read_when(said),) for code, said in self._newest().items() if code in VOCABULARY.lists}
        kinds = frozenset(kind for kind in RELATION_KINDS if f"relation:{kind}" in self.arrivals)
        return Register(tuple(entries), tuple(ties), arrivals, kinds, tuple(self._candidates(asked)))

    def _newest(self) -> dict[str, str]:
        return {code: max(said, key=lambda text: read_when(text).first) for code, said in self.arrivals.items()}

    def _ends(self, tie: Tie, asked: Sequence[str]) -> Iterator[tuple[str, str]]:
        nears = [one for one in asked if tie.near in self.keys(one)]
        fars = [one for one in asked if tie.far in self.keys(one)]
        for near in nears or [tie.near]:
            for far in fars or [tie.far]:
                if nears or fars:
                    yield near, far

    def _candidates(self, asked: Sequence[str]) -> Iterator[Candidate]:
        for subject in asked:
            keys = self.keys(subject)
            names = {name for owner, name in self.names if owner in keys}
            names |= {said.name for said, stands in self.entries.values() if stands in keys and said.name}
            for (list_code, number), (said, stands) in self.entries.items():
                if stands.startswith("name:") and any(likeness(name, said.name) >= LIKE for name in names):
                    yield Candidate(subject, list_code, number)


def _tied(tie: Tie, near: str, far: str) -> Relation:
    return Relation(tie.kind, near, far, Span(read_day(tie.since) if tie.since else None))


def _when(at: str) -> Any:
    first, slash, last = at.partition("/")
    return between(read_day(first), read_day(last)) if slash else read_when(at)


def plain(register: Register) -> tuple[Any, ...]:
    """A register as it is compared: what stands in it, in no order; the events of an entry in theirs."""
    return (
        sorted(map(repr, register.entries)),
        {*register.relations},
        dict(register.arrivals),
        register.relations_known,
        {*register.candidates},
    )


@st.composite
def incoming(draw: st.DrawFn) -> Incoming:
    """A row: of a firm by its code, by an old one or by both, of a person, or by a name alone."""
    dates = {"listed": draw(st.sampled_from(DAYS))}
    said: dict[str, Any] = {"dates": dates, "document": draw(st.sampled_from(DOCUMENTS))}
    said["facts"] = draw(st.sampled_from([{}, {"amount": 100}, {"amount": 200, "territory": "420881"}]))
    who = draw(st.sampled_from([*FIRMS, "both", "old", "person", *PRINTED]))
    if who in FIRMS:
        return row(who, name=NAMES[who], **said)
    if who in PRINTED:
        return row("", name=who, **said)
    if who == "person":
        return row("", name="张三", person=PERSON, **said)
    return row(B if who == "both" else "", name="丙丁食品有限公司", other_codes=(REGISTERED,), **said)


def two_of(some: Sequence[str], others: Sequence[str]) -> st.SearchStrategy[tuple[str, str]]:
    """One of each that are not the same."""
    return st.sampled_from([(one, other) for one in some for other in others if one != other])


def _whose(said: Incoming) -> tuple[Any, ...]:
    return (said.code or said.name, said.person, said.document or said.dates["listed"])


# Mostly a file as it should be; else one with rows that cannot be read, or that stand in it twice.
SOUND = st.lists(incoming(), max_size=9, unique_by=_whose)
ROWS = st.one_of(SOUND, SOUND, SOUND, st.lists(incoming() | st.just(faulty()), max_size=9))


class Machine(RuleBasedStateMachine):
    """The registry and its model, step by step."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = emptied(store)
        self.history = [World()]
        self.read: list[tuple[int, tuple[str, ...], Register]] = []
        self.hour = 0

    @property
    def world(self) -> World:
        """What is known now."""
        return self.history[-1]

    def publish(self, world: World, now: datetime) -> None:
        """The next version."""
        world.latest = max(now, self.world.latest or now)
        self.history.append(world)

    def now(self, back: int) -> datetime:
        """The clock goes on an hour each time it is read, or was set back by some."""
        self.hour += 1
        return NOW + (self.hour - back) * HOUR

    # -- writes

    @rule(
        list_code=st.sampled_from(LISTS),
        rows=ROWS,
        late=st.sampled_from([0, 0, 0, 9]),
        partial=st.booleans(),
        snapshot=st.booleans(),
        dry_run=st.sampled_from([False, False, False, True]),
        accept=st.sampled_from([0, 100, 100]),
        back=st.sampled_from([0, 0, 5]),
    )
    def a_list_arrives(self, list_code: str, rows: list[Any], late: int, accept: int, back: int, **how: bool) -> None:
        """The report and what is known afterwards are the model's; each file shows a later day, or comes too late."""
        now = self.now(back)
        at = f"{(NOW + (self.hour - late) * 24 * HOUR).date().isoformat()}T08:00+08:00"
        report = bring(self.store, rows, list_code, at, now, accept_endings=accept, **how)
        expected, world = self._arrived(list_code, rows, at, accept, **how)
        assert report.refusal == expected.refusal
        if expected.refusal != "rows":
            said = ("new", "changed", "ended", "unchanged", "refused", "by_name", "current", "would_end")
            assert {name: getattr(report, name) for name in said} == {name: getattr(expected, name) for name in said}
        if expected.refusal or how["dry_run"]:
            assert report.version == 0
        else:
            assert report.version == len(self.history)
            self.publish(world, now)

    def _arrived(
        self, list_code: str, rows: list[Any], at: str, accept: int, snapshot: bool, partial: bool, dry_run: bool
    ) -> tuple[Report, World]:
        world, report = deepcopy(self.world), Report()
        before, file = dict(world.entries), dict[Key, tuple[Incoming, str]]()
        for said in rows:
            state = state_of(said, list_code, digested) if isinstance(said, Incoming) else None
            if state is None or (list_code, state.number) in file:
                report.refused += 1
                continue
            kept = replace(said, name=state.name, person="", other_codes=())
            file[list_code, state.number] = kept, state.subject
            codes = [(state.subject, code) for _, code in state.codes]
            world.codes += [code for code in codes if code not in world.codes]
        first = list_code not in world.arrivals
        for key, (said, stands) in file.items():
            report.by_name += stands.startswith("name:") and before.get(key) != (said, stands)
            if key not in before:
                report.new += 1
            elif before[key] != (said, stands) or ("absent" in dict(world.events.get(key, ()))):
                report.changed += 1
            else:
                report.unchanged += 1
            world.entries[key] = said, stands
            world.events[key] = [event for event in world.events.get(key, ()) if event[0] != "absent"]
        if report.refused and not partial:
            report.refusal = "rows"
            return report, world
        if snapshot and not first:
            newest = max(read_when(text).first for text in world.arrivals[list_code])
            standing = [key for key in before if key[0] == list_code and not world.ended(key)]  # and those back again
            gone = [key for key in standing if key not in file]
            if newest > read_when(at).last:
                report.refusal = "older"
                return report, world
            report.current, report.would_end = len(standing), len(gone)
            if len(gone) * 20 > len(standing) and len(gone) > accept:
                report.refusal = "endings"
                return report, world
            for key in gone:
                world.events.setdefault(key, []).append(("absent", _days(newest, at)))
            report.ended = len(gone)
        if not file and not report.ended:
            report.refusal = "empty"
        world.arrivals.setdefault(list_code, []).append(at)
        return report, world

    @precondition(lambda self: self.world.entries)
    @rule(
        data=st.data(),
        verb=st.sampled_from(sorted(VERBS)),
        day=st.sampled_from(["2024-03-01", "2024-05-20T09:00+08:00", "2030-01-01"]),
        back=st.sampled_from([0, 0, 5]),
    )
    def something_happens(self, data: st.DataObject, verb: str, day: str, back: int) -> None:
        """An event that fits what happened before is kept, any other refused."""
        key, now = data.draw(st.sampled_from(sorted(self.world.entries))), self.now(back)
        world = deepcopy(self.world)
        events = world.events.setdefault(key, [])
        kind = VERBS[verb]
        if not _fits(kind, [before for before, _ in events]) or day.startswith("2030"):
            with pytest.raises(RefusedInput):
                happen(self.store, key[1], verb, day, now)
            return
        recorded = happen(self.store, key[1], verb, day, now)
        assert (recorded.entry, recorded.kind, recorded.list) == (key[1], kind, key[0])
        assert recorded.version == len(self.history)
        events.append((kind, day))
        self.publish(world, now)

    @rule(pair=two_of(FIRMS, (A, C, OLD)), name=st.sampled_from(["", *PRINTED]))
    def a_subject_is_registered(self, pair: tuple[str, str], name: str) -> None:
        """Another code of it, and perhaps a name."""
        subject, other = pair
        world, now = deepcopy(self.world), self.now(0)
        record_subjects(self.store, [Named(subject, name, other, "former")], head("subject", now))
        world.codes.append((subject, other))
        world.names += [(subject, name)] if name else []
        self.publish(world, now)

    @rule(pair=two_of((*FIRMS, OLD), FIRMS), kind=st.sampled_from(RELATION_KINDS[:3]))
    def a_tie_is_registered(self, pair: tuple[str, str], kind: str) -> None:
        """Between two of them, or from somebody known by an old code."""
        world, now = deepcopy(self.world), self.now(0)
        tie = Tie(kind, *pair, "2020-01-01")
        record_relations(self.store, [tie], read_when(ARRIVED), head("relation", now))
        world.ties.append(tie)
        world.arrivals.setdefault(f"relation:{kind}", []).append(ARRIVED)
        self.publish(world, now)

    # -- questions

    @invariant()
    def every_answer_is_the_models(self) -> None:
        """Now, and at an earlier version, whoever is asked about."""
        for version in {len(self.history) - 1, self.hour * 7 % len(self.history)}:
            asked = FIRMS[: 1 + (self.hour + version) % 3] if self.hour % 2 else FIRMS[::-1][: 1 + version % 3]
            with self.store.reading() as connection:
                answer = register_of(connection, asked, version, VOCABULARY)
            assert plain(answer) == plain(self.history[version].register(asked))
            self.read.append((version, asked, answer))

    @rule(hours=st.integers(-10, 60))
    def somebody_asks_by_time(self, hours: int) -> None:
        """A time means the newest version before which nothing was recorded later, whatever the clock said."""
        moment = NOW + hours * HOUR
        number = max((n for n, world in enumerate(self.history) if n and world.latest <= moment), default=0)
        with self.store.reading() as connection:
            assert known_at(connection, moment).number == number

    @invariant()
    def versions_follow_one_another(self) -> None:
        """As many as there were accepted writes."""
        with self.store.reading() as connection:
            assert latest(connection).number == len(self.history) - 1

    def teardown(self) -> None:
        """In the end all answers ever given are still the same, and the chain holds."""
        for version, asked, answer in self.read:
            with self.store.reading() as connection:
                assert register_of(connection, asked, version, VOCABULARY) == answer
        assert broken(self.store) == []


def _days(ticks: int, at: str) -> str:
    """Between the day of the newest data and that of these."""
    return f"{(datetime.fromtimestamp(ticks / 1e6, NOW.tzinfo) + 8 * HOUR).date().isoformat()}/{at[:10]}"


def _fits(kind: str, before: list[str]) -> bool:
    """What may follow: a closing after its opening, nothing after an annulment, no end twice."""
    openings = {"settled": "disputed", "resumed": "suspended", "restored": "lifted", "refused": "applied"}
    opened = set[str]()
    for past in before:
        opened.add(past)
        opened.discard(openings.get(past, ""))
        if past == "repaired":
            opened.discard("applied")
    if kind in openings and openings[kind] not in opened:
        return False
    return "annulled" not in before and not (kind in ("repaired", "removed") and kind in before)


def test_the_model_is_followed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of three rows, so that what is known of a file lies in several of them."""
    monkeypatch.setattr(importing, "CHUNK", 3)
    examples = settings.default.max_examples // (2 if store.is_sqlite else 8)
    run_state_machine_as_test(lambda: Machine(store), settings=settings(max_examples=examples, stateful_step_count=40))


def test_an_example_that_the_model_names() -> None:
    """The two names that the model takes for one firm's are alike, and the other is nobody's."""
    assert likeness(PRINTED[0], NAMES[A]) >= LIKE
    assert likeness(PRINTED[1], NAMES[A]) < LIKE
    assert normalised(PRINTED[0]) != PRINTED[0]
