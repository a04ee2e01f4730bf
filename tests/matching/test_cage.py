"""The cage round durable-rules: what lurks in the installed version, and that our judge cannot get there.

The dangers themselves are in `dangers.py`, each run in a process of its own. Beside them stand our limits, fed what
no bucket feeds them, and a watch in the C module's place that holds every call of our judge to the safe cycle.
"""

import ast
import gc
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
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
from engine.matching.limits import Compare, check, fnv1a
from engine.matching.match import match
from engine.matching.rete import ALTERNATIVES, PROPERTIES, Numbered, ReteJudge
from engine.truth import MAYBE, NO, YES, every, negate, some
from tests import strategies
from tests.builders import entry, inquiry, measure, register, rulebook
from tests.strategies import WORDS

DANGERS = Path(__file__).with_name("dangers.py")

# The C module reads its clock by `time`; this one stands before the C library's and can be moved.
CLOCK = """
#include <time.h>
long passed = 0;
time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec + passed;
    return now.tv_sec + passed;
}
"""


def run(danger, timeout=20.0, clock=None):
    """One danger in a process of its own: how it ended, and what it said."""
    # Memory is filled as a busy process fills it: what the C module forgets to set is then never zero by luck.
    environment = os.environ | {"MALLOC_PERTURB_": "165"} | ({"LD_PRELOAD": str(clock)} if clock else {})
    command = [sys.executable, str(DANGERS), danger]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=environment)
    return ended.returncode, ended.stdout


# -- what the installed version does

REFUSED = "error Could not assert fact, error code: "

WRONG = {
    "an_or_of_two_truths_fires_twice": ["r0", "r0"],
    "a_missing_property_alone_fires_twice": ["r0", "r0"],
    "an_empty_and_fires_twice": ["r0", "r0"],
    "missing_and_null_fail_both_a_test_and_its_opposite": [[]] * 8,
    "null_exists": ["r0"],
    "types_are_coerced": [["r0"]] * 4,
    "text_is_compared_as_it_was_written": [["r0"], [], []],
    "text_is_ordered_wrongly": [["r0"], []],
    "any_two_texts_of_65536_characters_are_equal": [[], ["r0"]],
    "integers_past_64_bits_are_all_equal": [[], ["r0"], ["r0"]],
    "floats_are_refused_or_read_as_null": [f"{REFUSED}204", f"{REFUSED}204", f"{REFUSED}202", ["r0"]],
    "a_key_given_twice_fires_twice": [["r0", "r0"], []],
    "a_count_leaves_a_remainder": ["r0", "r0"],
    "a_rule_name_comes_back_escaped": "r\\",
    "an_id_seen_before_is_not_judged": [["r0"], "observed"],
    "a_fact_without_an_id_may_be_taken_for_another": [0, 2],
    "property_names_of_one_hash_are_one": ["r0"],
    "sids_of_one_hash_share_their_facts": "x496069",
    "ids_of_one_hash_are_one": [["r0"], "observed"],
    "one_name_makes_two_rulesets": True,
    "a_retraction_of_nothing_is_answered_like_any_other": 0,
    "sixty_five_truths_at_once": [64, f"{REFUSED}303"],
    "truths_waiting_under_several_nodes_count_together": [94, f"{REFUSED}303"],
    "rules_past_255_in_one_test_spill_into_the_next_list": [False, True],
    "five_hundred_and_eleven_tests_under_one_node": ["r5"],
    "more_than_4096_rules": "error Could not create ruleset, error code: 106",
    "more_than_254_properties": [["r0"], f"{REFUSED}302"],
    "more_than_16_facts_in_a_join": f"{REFUSED}304",
    "more_than_1024_sids": "MemoryError ",
    "malformed_json": [
        *[f"{REFUSED}{code}" for code in (204, 204, 204, 204, 202, 202, 204, 204)],
        "error pyAssertFact Invalid argument",
        [0, 1],  # a number that begins with 0 is none
    ],
    "unknown_sids_and_handles": [
        "error Could not delete state, error code: 309",
        f"{REFUSED}111",
        "error Could not complete and start action, error code: 307",
    ],
    "a_dead_handle_is_given_out_again": "given out again",
    "an_action_left_under_way_silences_the_sid": [],
    "a_raising_callback_is_swallowed": True,
}


@pytest.mark.parametrize(("danger", "answer"), WRONG.items())
def test_it_answers_wrongly_or_refuses(danger, answer):
    """Without a word mostly; if one of these turns red, the installed version is another one."""
    code, said = run(danger)
    assert (code, json.loads(said)) == (0, answer)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("danger", "answer"),
    [
        ("a_fact_without_an_id_is_taken_for_another_at_131620", 131_620),
        ("a_callback_of_eleven_seconds_silences_the_next", 1),
    ],
)
def test_it_answers_wrongly_after_a_while(danger, answer):
    """The long forms."""
    assert run(danger) == (0, f"{answer}\n")


@pytest.mark.parametrize(
    "danger",
    [
        "a_state_deleted_before_a_rule_fired",
        "an_offset_that_was_never_given",
        "a_completion_at_an_offset_never_given",
    ],
)
def test_it_ends_the_process(danger):
    """By a signal: nothing in Python could catch it."""
    assert run(danger)[0] < 0


def test_it_ends_most_processes_that_join_on_texts_of_one_hash():
    """It depends on what lies beyond a list, so it is tried again if it went well."""
    assert any(run("a_join_on_texts_of_one_hash")[0] < 0 for _ in range(10))


def test_too_many_rules_in_one_test_are_an_error_or_the_end():
    """300 write far past their list: the error code is the lucky case."""
    assert run("three_hundred_rules_in_one_test")[0] != 0


@pytest.mark.parametrize(
    "danger",
    ["five_hundred_and_twelve_tests_under_one_node", "five_hundred_and_twelve_tests_on_as_many_properties"],
)
def test_it_hangs(danger):
    """It loads, and never answers its first fact."""
    with pytest.raises(subprocess.TimeoutExpired) as hung:
        run(danger, timeout=0.7)
    assert hung.value.stdout == b"loaded\n"


def test_threads_without_a_lock_get_wrong_answers():
    """On one sid, without an error."""
    code, wrong = run("one_sid_in_four_threads")
    assert code == 0
    assert int(wrong) > 0


def test_a_ruleset_deleted_with_its_state_leaks():
    """50 of 20 rules: about 0.3 MB each."""
    code, megabytes = run("rulesets_deleted_with_their_state_left")
    assert code == 0
    assert float(megabytes) > 5


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    """A library whose `time` can be moved."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    if not shutil.which(compiler[0]):
        pytest.skip("no C compiler to make a clock that can be moved")
    source = tmp_path_factory.mktemp("clock") / "clock.c"
    source.write_text(CLOCK, encoding="ascii")
    library = source.with_suffix(".so")
    subprocess.run([*compiler, "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    return library


def test_an_action_left_under_way_comes_again_after_a_minute(clock):
    """Nothing until then, and then the old one too."""
    code, said = run("an_action_left_under_way_is_delivered_61_seconds_later", clock=clock)
    assert (code, json.loads(said)) == (0, [[], ["r0", "r0"]])


def test_a_fact_retracted_under_way_ends_the_process_a_minute_later(clock):
    """When the next fact of the sid is asserted."""
    assert run("a_fact_retracted_under_way", clock=clock)[0] < 0


def test_a_machine_that_sleeps_within_a_cycle_does_no_harm(clock):
    """Our own cycle, an hour between any two calls: no action is lost, none comes again."""
    code, said = run("a_cycle_held_up_for_an_hour_is_harmless", clock=clock)
    assert (code, json.loads(said)) == (0, [["r0", "r1", "r2"], ["r0", "r1", "r2"], []])


# -- the limits, fed what no bucket feeds them


def rules(chains):
    """Rules by name."""
    return {f"r{n}": tuple(Compare(*ask) for ask in chain) for n, chain in enumerate(chains)}


def either(n):
    """The number's bits as tests of which only one of a pair can be true."""
    return [("$gte", f"b{bit}", 1) if n >> bit & 1 else ("$lte", f"b{bit}", 0) for bit in range(12)]


BITS = [f"b{bit}" for bit in range(12)]
# what is said, how much is allowed, the chains and the properties for so much of it
LIMITS = [
    pytest.param("rules", limits.RULES, lambda n: map(either, range(n)), BITS, id="rules"),
    pytest.param(
        "rules ending in the same test", limits.ENDING, lambda n: [[("$gte", "a", 1)]] * n, ["a"], id="one end"
    ),
    pytest.param(
        "tests true at once", limits.AT_ONCE, lambda n: [[("$gte", f"p{i}", 1)] for i in range(n)], None, id="at once"
    ),
    pytest.param(
        "tests true at once",
        limits.AT_ONCE,
        lambda n: (
            [[("$lte", "a", i)] for i in range(n - 20)] + [[("$lte", "a", 0), ("$gte", "b", i)] for i in range(21)]
        ),
        ["a", "b"],
        id="at once under several nodes",
    ),
    pytest.param("properties of a fact", limits.PROPERTIES, lambda n: [[("$gte", "p0", 1)]], None, id="properties"),
]


def named(properties, n):
    """The properties given, or so many of them."""
    return properties or [f"p{i}" for i in range(n)]


@pytest.mark.parametrize(("said", "limit", "chains", "properties"), LIMITS)
def test_a_ruleset_at_a_limit_passes_and_one_past_it_is_a_fault_that_names_it(said, limit, chains, properties):
    """In both languages, with what was found and what is allowed."""
    fits, over = limit, limit + 1
    if said.startswith("properties"):
        fits, over = fits - 2, over - 2  # `sid` and `id` count
    check(rules(chains(fits)), named(properties, fits))
    with pytest.raises(EngineFault, match=rf"{said} \({limit + 1}, at most {limit}\)") as fault:
        check(rules(chains(over)), named(properties, over))
    assert f"（{limit + 1}，至多 {limit}）" in fault.value.zh


@pytest.mark.parametrize(
    ("said", "chains", "properties"),
    [
        ("different tests under one node", [[("$gte", f"p{i % 50}", i)] for i in range(401)], named(None, 50)),
        ("tests of one property under one node", [[("$gte", "a", i)] for i in range(201)], ["a"]),
        ("a rule without a test", [[]], ["a"]),
        (r"the operator \$neq", [[("$neq", "a", 1)]], ["a"]),
        (r"the operator \$or", [[("$or", "a", 1)]], ["a"]),
        ("a property no fact carries: b", [[("$gte", "b", 1)]], ["a"]),
        ("no integer within 2\\^62", [[("$gte", "a", 2**62 + 1)]], ["a"]),
        ("no integer within 2\\^62", [[("$lte", "a", -(2**62) - 1)]], ["a"]),
        ("no integer", [[("$gte", "a", 1.0)]], ["a"]),
        ("no integer", [[("$gte", "a", True)]], ["a"]),
        ("no integer", [[("$gte", "a", "1")]], ["a"]),
        ("no integer", [[("$gte", "a", None)]], ["a"]),
        ("plain and short", [[("$gte", "a b", 1)]], ["a b"]),
        ("plain and short", [[("$gte", "名", 1)]], ["名"]),
        ("plain and short", [[("$gte", "a" * 1_001, 1)]], ["a" * 1_001]),
        ("two property names with one hash", [[("$gte", "x496069", 1)]], ["x496069", "x1035124"]),
        ("two property names with one hash", [[("$gte", "sid", 1)]], ["sid"]),
        ("two property names with one hash", [[("$gte", "id", 1)]], ["id"]),
        ("two property names with one hash", [[("$gte", "$and", 1)]], ["$and"]),
    ],
)
def test_what_is_past_a_limit_or_outside_the_subset_is_a_fault_that_names_it(said, chains, properties):
    """None of it would be refused by the C module, which would hang, answer wrongly or coerce."""
    with pytest.raises(EngineFault, match=said) as fault:
        check(rules(chains), properties)
    assert fault.value.zh.startswith("规则集超出 durable-rules 的限度：")


def test_names_of_rules_are_plain_too():
    """A quotation mark would come back escaped."""
    with pytest.raises(EngineFault, match="plain and short"):
        check({'r"': (Compare("$gte", "a", 1),)}, ["a"])


@pytest.mark.parametrize(
    ("text", "value"),
    [("sid", 3593476751), ("id", 926444256), ("$and", 3746487396), ("$nex", 2605470202), ("$forward", 739185624)],
)
def test_the_hash_is_the_c_modules(text, value):
    """The figures are those of its source."""
    assert fnv1a(text) == value
    assert fnv1a("x496069") == fnv1a("x1035124")


def test_every_name_the_judge_may_use_has_a_hash_of_its_own():
    """All 240 properties with those of the C module's messages and the words of its language; sid and ids likewise."""
    names = ["u", *(f"t{n}" for n in range(PROPERTIES)), *limits.TAKEN]
    assert len({fnv1a(name) for name in names}) == len(names)
    ids = [f"s!{id_}" for id_ in ("1", "sid-s")]  # ours, and that of the state's own message
    assert len({fnv1a(id_) for id_ in ids}) == len(ids)


one = st.builds(Compare, st.just("$gte"), st.sampled_from("abcdef"), st.integers(0, 40))
chained = st.lists(st.lists(one, min_size=1, max_size=3), min_size=30, max_size=150)


@given(chained)
def test_the_count_of_truths_at_once_is_never_too_low(chains):
    """Facts that pass every test: what the check counts as at most 64 never meets error 303."""
    made = {f"r{n}": tuple(chain) for n, chain in enumerate(chains)}
    handle = durable.create_ruleset("cage", json.dumps({name: rete._rule(chain) for name, chain in made.items()}))
    fact = json.dumps({"sid": "s", "id": "1"} | dict.fromkeys("abcdef", 99))
    counted = limits._at_once(limits._network(made.values()))
    with suppress(durable.error) if counted > 64 else nullcontext():
        durable.assert_fact(handle, fact)


# -- our judge under watch


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

    def assert_fact(self, handle, fact):
        self._in(handle, "idle")
        self._expect(plain_fact(fact, self._names[handle]), f"fact {fact}")
        status, offset = self._call(handle, durable.assert_fact, handle, fact)
        self._stage[handle] = "matched" if status == 0 else "idle"
        self._offset[handle], self._fact[handle] = offset, fact
        return status, offset

    def start_action_for_state(self, handle, offset):
        self._in(handle, "matched")
        self._expect(offset == self._offset[handle], "a wrong offset")
        self._stage[handle] = "under way"
        return self._call(handle, durable.start_action_for_state, handle, offset)

    def complete_and_start_action(self, handle, offset):
        self._in(handle, "under way")
        self._expect(offset == self._offset[handle], "a wrong offset")
        message = self._call(handle, durable.complete_and_start_action, handle, offset)
        self._stage[handle] = "under way" if message else "drained"
        return message

    def retract_fact(self, handle, fact):
        self._in(handle, "drained")
        self._expect(fact == self._fact[handle], "another fact retracted")
        result = self._call(handle, durable.retract_fact, handle, fact)
        self._stage[handle] = "idle"
        self.fired.add(handle)
        return result

    def delete_state(self, handle, sid):
        if handle not in self._stage:  # made before the watch began, freed by chance now
            return durable.delete_state(handle, sid)
        self._in(handle, "idle")
        self._expect(sid == "s" and handle in self.fired, "a state deleted in which no rule fired")
        self._call(handle, durable.delete_state, handle, sid)
        self._stage[handle] = "empty"

    def delete_ruleset(self, handle):
        if handle not in self._stage:
            return durable.delete_ruleset(handle)
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
