"""The cage round durable-rules: whatever law and entries say, our judge keeps to the safe cycle.

`dangers.py` with `test_dangers.py` has what is outside the cage. Here a watch stands in the C module's place and holds
every call of our judge to the rules; threads judge and free at once, and decide as one does.
"""

import ast
import gc
import json
import random
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import wraps
from itertools import product
from pathlib import Path
from threading import Barrier

import durable_rules_engine as durable
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.condition import Op
from engine.condition import Test as Ask
from engine.decide import decide
from engine.errors import EngineFault
from engine.matching import limits, rete
from engine.matching.match import match
from engine.matching.rete import ALTERNATIVES, PROPERTIES, Numbered, ReteJudge
from engine.truth import MAYBE, NO, YES, every, negate, some
from tests import strategies
from tests.builders import entry, inquiry, measure, register, rulebook
from tests.strategies import WORDS


def watched(method):
    """Watch only handles made under the watch: an older judge may happen to be freed while it stands."""

    @wraps(method)
    def call(self, handle, *arguments):
        known = handle in self._stage
        return method(self, handle, *arguments) if known else getattr(durable, method.__name__)(handle, *arguments)

    return call


class Watch:
    """In the C module's place: passes every call on, and notes each that leaves the safe cycle.

    `surprises` says at which calls, by number, what is raised, and whether after the C module did its part.
    """

    def __init__(self, surprises=None):
        self.faults, self.calls, self.fired, self.surprised = [], [], set(), []
        self._stage, self._offset, self._fact, self._names = {}, {}, {}, {}
        self._surprises = surprises or {}

    @property
    def kept(self):
        """Handles neither freed nor let go."""
        return [handle for handle, stage in list(self._stage.items()) if stage not in ("dead", "let go")]

    def create_ruleset(self, name, text):
        self._expect(plain_rules(text), f"rules {text}")
        handle = self._call(0, durable.create_ruleset, name, text)
        self._stage[handle], self._names[handle] = "idle", set(re.findall(r'"(t\d+|u)"', text))
        return handle

    @watched
    def assert_fact(self, handle, fact):
        self._in(handle, "idle")
        self._expect(plain_fact(fact, self._names[handle]), f"fact {fact}")
        status, offset = self._call(handle, durable.assert_fact, handle, fact)
        self._stage[handle] = "matched" if status == 0 else "idle"
        self._offset[handle], self._fact[handle] = offset, fact
        return status, offset

    @watched
    def start_action_for_state(self, handle, offset):
        self._in(handle, "matched")
        self._expect(offset == self._offset[handle], "a wrong offset")
        self._stage[handle] = "under way"
        return self._call(handle, durable.start_action_for_state, handle, offset)

    @watched
    def complete_and_start_action(self, handle, offset):
        self._in(handle, "under way")
        self._expect(offset == self._offset[handle], "a wrong offset")
        message = self._call(handle, durable.complete_and_start_action, handle, offset)
        self._stage[handle] = "under way" if message else "drained"
        return message

    @watched
    def retract_fact(self, handle, fact):
        self._in(handle, "drained")
        self._expect(fact == self._fact[handle], "another fact retracted")
        result = self._call(handle, durable.retract_fact, handle, fact)
        self._stage[handle] = "idle"
        self.fired.add(handle)
        return result

    @watched
    def delete_state(self, handle, sid):
        self._in(handle, "idle")
        self._expect(sid == "s" and handle in self.fired, "a state deleted in which no rule fired")
        self._call(handle, durable.delete_state, handle, sid)
        self._stage[handle] = "empty"

    @watched
    def delete_ruleset(self, handle):
        self._in(handle, "empty")
        self._call(handle, durable.delete_ruleset, handle)
        self._stage[handle] = "dead"

    def _in(self, handle, stage):
        self._expect(self._stage[handle] == stage, f"{self._stage[handle]}, not {stage}")

    def _expect(self, holds, otherwise):
        # Noted, not raised: the judge would take it for a surprise of the C module and go on.
        if not holds:
            self.faults.append(otherwise)

    def _call(self, handle, function, *arguments):
        surprise, late = self._surprises.get(len(self.calls), (None, False))
        self.calls.append(function.__name__)
        result = function(*arguments) if surprise is None or late else None
        if surprise is not None:
            self._stage[handle] = "let go"
            self.surprised.append(surprise)
            raise surprise
        return result


def plain_rules(text):
    """Whether each rule is one conjunction of >= and <= with whole numbers: no join, text, float or setting."""
    parsed = json.loads(text)
    for rule in parsed.values():
        (message,) = rule["all"]
        tests = message["m"].get("$and", [message["m"]])
        if rule.keys() != {"all"} or message.keys() != {"m"} or len(message["m"]) != 1 or not tests:
            return False
        for test in tests:
            ((op, compared),) = test.items()
            ((name, bound),) = compared.items()
            if op not in ("$gte", "$lte") or not re.fullmatch(r"t\d+|u", name) or type(bound) is not int:
                return False
    return 0 < len(parsed) <= 2 * ALTERNATIVES and all(re.fullmatch(r"[hp]\d+", name) for name in parsed)


def plain_fact(text, names):
    """Whether the fact has the one sid, the one id, and for every property of the rules one answer: 0, 1 or 2."""
    sid, id_, *answers = json.loads(text, object_pairs_hook=list)
    return (
        (sid, id_) == (("sid", "s"), ("id", "1"))
        and len(dict(answers)) == len(answers) <= PROPERTIES + 1
        and names <= dict(answers).keys()
        and all(type(answer) is int and 0 <= answer <= 2 for _, answer in answers)
        and text.isascii()
    )


@contextmanager
def watching(surprises=None):
    """A watch in the C module's place, with a clean record of surprises."""
    watch = Watch(surprises)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rete, "durable", watch)
        patch.setattr(rete, "_surprises", [])
        yield watch


@st.composite
def buckets(draw, most=120, tests=300, length=40):
    """Any number of alternatives of any length over any number of tests, and some rows of answers."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    size, width, longest = draw(st.integers(0, most)), draw(st.integers(1, tests)), draw(st.integers(0, length))
    alternatives = [
        Numbered(
            chance.randrange(1 + size // 2),
            tuple((n, chance.random() < 0.7) for n in chance.choices(range(width), k=chance.randint(0, longest))),
        )
        for _ in range(size)
    ]
    weights = draw(st.sampled_from([(1, 1, 1), (0, 0, 1), (0, 1, 0), (0, 1, 9), (9, 1, 0)]))
    return alternatives, [chance.choices((NO, MAYBE, YES), weights, k=width) for _ in range(draw(st.integers(0, 4)))]


def plainly(alternatives, answers):
    """The same question without durable-rules."""
    found = {}
    for alternative in alternatives:
        truth = every(answers[n] if positive else negate(answers[n]) for n, positive in alternative.tests)
        found[alternative.owner] = some((truth, found.get(alternative.owner, NO)))
    return {owner: truth for owner, truth in found.items() if truth is not NO}


@given(buckets(), st.integers(0, 4))
def test_every_call_keeps_to_the_cycle(bucket, closed):
    """Plain rules, the one sid and id, every property an answer; assert, drain, retract; freed only after firing."""
    alternatives, rows = bucket
    with watching() as watch:
        judge = ReteJudge(alternatives)
        for number, answers in enumerate(rows):
            assert judge.judge(answers) == plainly(alternatives, answers)
            if number == closed:
                judge.close()
                assert watch.kept == []
        judge.close()
        judge.close()
    assert (watch.faults, watch.kept, watch.surprised) == ([], [], [])


SURPRISES = st.sampled_from([durable.error("error code: 303"), MemoryError(), KeyboardInterrupt()])


@given(buckets(most=60, tests=30, length=6), st.dictionaries(st.integers(0, 60), st.tuples(SURPRISES, st.booleans())))
def test_after_a_surprise_the_handle_is_never_used_again(bucket, surprises):
    """Before or after any call of the C module: each is counted, and what is answered is right or refused."""
    alternatives, rows = bucket
    with watching(surprises) as watch:
        judge = ReteJudge(alternatives)
        for answers in rows * 3:
            with suppress(KeyboardInterrupt):
                try:
                    assert judge.judge(answers) == plainly(alternatives, answers)
                except EngineFault:
                    assert len(watch.surprised) > rete.RENEWALS
        with suppress(KeyboardInterrupt):
            judge.close()
        assert len(rete.renewals()) == len(watch.surprised)
    assert watch.faults == []


@given(strategies.situations())
def test_random_law_keeps_to_the_cycle(situation):
    """The same seen from above: whatever packs and entries say."""
    inquiry, register, book = situation
    with watching() as watch:
        match(inquiry, register, book)
    assert (watch.faults, watch.surprised) == ([], [])


def test_text_from_outside_never_reaches_it():
    """Quotation marks, the C module's own words, half a character: each is a class number before."""
    words = ('x"y', "$and", "\x00", "失信", "\ud800", "x496069", "x1035124", "t0", "a" * 65_536)
    book = rulebook(
        *(measure(f"{n}", when=Ask("ground", Op.ONE_OF, (word,))) for n, word in enumerate(words)), vocabulary=WORDS
    )
    with watching() as watch:
        for number, word in enumerate(words):
            (found,) = match(inquiry(), register(entry(listed="2024-01-01", ground=word)), book).found
            assert found.measure.clause == str(number)
    assert (watch.faults, watch.surprised) == ([], [])


@given(buckets(most=400, tests=500, length=60))
def test_chunks_stay_far_from_every_limit(bucket):
    """Checked against limits much tighter than those of the C module, before any call to it."""
    with watching() as watch, pytest.MonkeyPatch.context() as patch:
        for name, tight in (("RULES", 56), ("ENDING", 2), ("UNDER", 56), ("OF_ONE", 4), ("AT_ONCE", 56)):
            patch.setattr(limits, name, tight)
        ReteJudge(bucket[0])
    assert watch.calls == []


def test_one_alternative_past_the_limits_is_a_fault_before_it_is_a_ruleset():
    """It cannot be cut in two; the check of packs refuses it long before."""
    with watching() as watch, pytest.raises(EngineFault, match="properties of a fact"):
        ReteJudge([Numbered(0, tuple((n, True) for n in range(300)))])
    assert watch.calls == []


@pytest.mark.parametrize("answer", [3, -1, None, "2", 1.5, 10**30])
def test_only_the_three_answers_can_be_written(answer):
    """Anything else fails before the C module is called."""
    with watching() as watch, pytest.raises(KeyError):
        ReteJudge([Numbered(0, ((0, True),))]).judge((answer,))
    assert watch.calls == []


def test_only_seven_functions_of_the_c_module_are_ever_named():
    """No host, no timers, no events, no update of the state; `test_architecture` keeps the module to this file."""
    tree = ast.parse(Path(rete.__file__).read_text(encoding="utf-8"))
    named_ = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "durable"
    }
    assert named_ == {
        "create_ruleset",
        "assert_fact",
        "start_action_for_state",
        "complete_and_start_action",
        "retract_fact",
        "delete_state",
        "delete_ruleset",
    }


# -- freed


def test_a_ruleset_that_never_fired_is_made_to_fire_before_it_is_freed():
    """With the open fact, to which every `possible` rule answers, even one that can never hold."""
    never = [Numbered(0, ((0, True), (0, False)))]
    with watching() as watch:
        judge = ReteJudge(never)
        assert judge.judge((NO,)) == judge.judge((YES,)) == {}
        assert watch.fired == set()
        judge.close()
    assert watch.calls[-2:] == ["delete_state", "delete_ruleset"]
    assert (watch.faults, watch.kept) == ([], [])


def test_a_judge_never_asked_has_nothing_to_free():
    """No ruleset is made before the first question."""
    with watching() as watch:
        ReteJudge([Numbered(0, ((0, True),))]).close()
    assert watch.calls == []


def test_a_closed_judge_answers_again():
    """With a new ruleset, which is freed in its turn."""
    with watching() as watch:
        judge = ReteJudge([Numbered(0, ((0, True),))])
        for _ in range(3):
            assert judge.judge((YES,)) == {0: YES}
            judge.close()
    assert watch.calls.count("create_ruleset") == watch.calls.count("delete_ruleset") == 3


def test_a_judge_that_nobody_holds_is_freed():
    """So a rulebook that is replaced takes its rulesets with it."""
    with watching() as watch:
        judge = ReteJudge([Numbered(n, ((n, True),)) for n in range(100)])
        judge.judge((YES,) * 100)
        assert len(watch.kept) == 4
        del judge
        gc.collect()
    assert (watch.faults, watch.kept) == ([], [])


@pytest.mark.parametrize("call", ["delete_state", "delete_ruleset"])
def test_a_surprise_while_freeing_is_counted_and_not_raised(call):
    """There is no question that it could spoil; the memory is lost, and the third is still a fault."""
    with watching() as watch:
        judge = ReteJudge([Numbered(0, ((0, True),))])
        judge.judge((YES,))
        watch._surprises = {len(watch.calls) + (call == "delete_ruleset"): (durable.error("error code: 309"), False)}
        judge.close()
        assert rete.renewals() == ("error code: 309",)
        assert judge.judge((YES,)) == {0: YES}
    assert watch.faults == []


# -- threads


@pytest.fixture
def _restless():
    """Threads take turns all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_restless")
def test_no_two_threads_are_ever_in_one_cycle():
    """Eight of them judge and free at once; the watch would see a call out of turn, or a second ruleset of a chunk."""
    alternatives = [Numbered(n, ((n % 5, n % 2 == 0), ((n + 1) % 5, True))) for n in range(10)]
    cells = list(product((NO, MAYBE, YES), repeat=5))
    with watching() as watch:
        judge, kept = ReteJudge(alternatives), []

        def work(number):
            if number % 20 == 0:
                judge.close()
            answered = judge.judge(cells[number % len(cells)])
            kept.append(len(watch.kept))
            return answered

        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(work, range(600)))
    assert found == [plainly(alternatives, cells[number % len(cells)]) for number in range(600)]
    assert (watch.faults, watch.surprised, max(kept)) == ([], [], 1)


@st.composite
def crowds(draw):
    """A rulebook, and many questions about many registers."""
    book = draw(strategies.rulebooks())
    registers = draw(st.lists(strategies.registers(), min_size=4, max_size=4))
    return book, draw(st.lists(st.tuples(strategies.inquiries(), st.sampled_from(registers)), min_size=30, max_size=30))


def decide_in_crowds(book, questions):
    """Eight threads start together on a rulebook nobody asked before; all answers in order."""
    fresh = replace(book)
    start = Barrier(8)

    def share(first):
        start.wait()
        return [(n, decide(*questions[n], fresh).core) for n in range(first, len(questions), 8)]

    with ThreadPoolExecutor(8) as threads:
        return [core for _, core in sorted(pair for part in threads.map(share, range(8)) for pair in part)]


@pytest.mark.usefixtures("_restless")
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(crowds())
def test_eight_threads_decide_as_one_does(crowd):
    """240 decisions on random law, buckets and rulesets being made by whichever thread comes first."""
    book, questions = crowd
    assert decide_in_crowds(book, questions) == [decide(*question, book).core for question in questions]


@pytest.mark.slow
@pytest.mark.usefixtures("_restless")
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(crowds())
def test_eight_threads_decide_as_one_does_9000_times(crowd):
    """The long form."""
    book, questions = crowd
    assert decide_in_crowds(book, questions) == [decide(*question, book).core for question in questions]
