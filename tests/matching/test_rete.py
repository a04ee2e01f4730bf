"""The first judge: durable-rules against plain evaluation, within its safe limits, and what a surprise costs."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineFault
from engine.matching import rete
from engine.matching.rete import ALTERNATIVES, PROPERTIES, Numbered, ReteJudge
from engine.truth import MAYBE, NO, YES, every, negate, some

TESTS = st.tuples(st.integers(0, 5), st.booleans())
NUMBERED = st.builds(Numbered, st.integers(0, 7), st.lists(TESTS, max_size=4, unique=True).map(tuple))
ANSWERS = st.lists(st.sampled_from((NO, MAYBE, YES)), min_size=6, max_size=6).map(tuple)


def plainly(alternatives, answers):
    """The same question without durable-rules: owners that hold or may hold."""
    found = {}
    for alternative in alternatives:
        truth = every(answers[n] if positive else negate(answers[n]) for n, positive in alternative.tests)
        found[alternative.owner] = some((truth, found.get(alternative.owner, NO)))
    return {owner: truth for owner, truth in found.items() if truth is not NO}


@given(st.lists(NUMBERED, max_size=12), st.lists(ANSWERS, min_size=1, max_size=5))
def test_it_answers_as_plain_evaluation_does(alternatives, rows):
    """Random alternatives, several cells one after another on one judge."""
    judge = ReteJudge(alternatives)
    assert [judge.judge(answers) for answers in rows] == [plainly(alternatives, answers) for answers in rows]


@pytest.mark.parametrize("positive", [True, False])
@pytest.mark.parametrize("answer", [NO, MAYBE, YES])
def test_one_test_and_its_denial(answer, positive):
    """Yes holds, maybe may hold, no is not in the answer; a denied test the other way round."""
    truth = answer if positive else negate(answer)
    assert ReteJudge([Numbered(7, ((0, positive),))]).judge((answer,)) == ({7: truth} if truth else {})


def test_an_alternative_without_tests_always_holds():
    """A measure on every entry of a list: it fires alone, and beside others."""
    assert ReteJudge([Numbered(3, ())]).judge(()) == {3: YES}
    assert ReteJudge([Numbered(3, ()), Numbered(4, ((0, True),))]).judge((NO,)) == {3: YES}


def test_no_alternatives_at_all():
    """A bucket without measures makes no ruleset."""
    assert ReteJudge([]).judge(()) == {}


def test_the_strongest_alternative_of_an_owner_counts():
    """One may hold, another holds: it holds, whichever chunk or order they stand in."""
    alternatives = [
        Numbered(0, ((0, True),)),
        *(Numbered(n, ((2, True),)) for n in range(1, 60)),
        Numbered(0, ((1, True),)),
    ]
    for order in (alternatives, alternatives[::-1]):
        assert ReteJudge(order).judge((MAYBE, YES, NO)) == {0: YES}


@pytest.mark.parametrize("size", [ALTERNATIVES - 1, ALTERNATIVES, ALTERNATIVES + 1, 3 * ALTERNATIVES + 5, 400])
def test_many_alternatives_true_at_once(size):
    """Past 32 of them one ruleset would answer error 303 and nothing else; each has its own test, or all the same."""
    own = [Numbered(n, ((n, True),)) for n in range(size)]
    shared = [Numbered(n, ((0, True), (1, n % 2 == 0))) for n in range(size)]
    for truth in (YES, MAYBE):
        assert ReteJudge(own).judge((truth,) * size) == dict.fromkeys(range(size), truth)
    assert ReteJudge(shared).judge((YES, YES)) == dict.fromkeys(range(0, size, 2), YES)


def test_every_ruleset_stays_far_from_the_limits(monkeypatch):
    """At most 28 alternatives and 240 answers in a ruleset; each fact carries every answer its rules ask for."""
    made, facts = {}, []
    create, assert_fact = rete.durable.create_ruleset, rete.durable.assert_fact

    def creating(name, rules):
        handle = create(name, rules)
        made[handle] = json.loads(rules)
        return handle

    def asserting(handle, fact):
        facts.append((handle, json.loads(fact)))
        return assert_fact(handle, fact)

    monkeypatch.setattr(rete.durable, "create_ruleset", creating)
    monkeypatch.setattr(rete.durable, "assert_fact", asserting)
    tests = [tuple((n * 30 + k, True) for k in range(30)) for n in range(40)]
    ReteJudge([Numbered(n, own) for n, own in enumerate(tests)]).judge((YES,) * 1200)
    assert len(made) > 1
    for handle, fact in facts:
        rules = [test for rule in made[handle].values() for test in rule["all"][0]["m"]["$and"]]
        asked = {name for rule in rules for compared in rule.values() for name in compared}
        assert len(made[handle]) <= 2 * ALTERNATIVES
        assert asked <= fact.keys()
        assert len(asked) <= PROPERTIES
        assert (fact["sid"], fact["id"]) == ("s", "1")
        assert all(isinstance(value, int) for name, value in fact.items() if name.startswith("t"))


def test_every_cell_of_a_small_judge_twice():
    """All 27 cells over three tests, forwards and backwards: what was asked before leaves no trace."""
    alternatives = [
        Numbered(0, ((0, True), (1, False))),
        Numbered(0, ((2, True),)),
        Numbered(1, ((1, True), (2, False))),
        Numbered(2, ((0, False), (1, False), (2, False))),
    ]
    judge = ReteJudge(alternatives)
    cells = list(product((NO, MAYBE, YES), repeat=3))
    for cell in [*cells, *cells[::-1]]:
        assert judge.judge(cell) == plainly(alternatives, cell)


def test_eight_threads_share_one_judge():
    """Its lock makes each cycle whole."""
    alternatives = [Numbered(n, ((n % 3, n % 2 == 0), ((n + 1) % 3, True))) for n in range(40)]
    judge = ReteJudge(alternatives)
    cells = list(product((NO, MAYBE, YES), repeat=3)) * 30
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(judge.judge, cells)) == [plainly(alternatives, cell) for cell in cells]


# -- surprises


@pytest.fixture
def handles(monkeypatch):
    """A fresh count of renewals, and every handle that the C module is called with, by function."""
    monkeypatch.setattr(rete, "_surprises", [])
    seen = {name: [] for name in ("assert_fact", "retract_fact", "delete_state", "delete_ruleset")}

    def spied(name, real):
        def call(handle, *rest):
            seen[name].append(handle)
            return real(handle, *rest)

        return call

    for name in seen:
        monkeypatch.setattr(rete.durable, name, spied(name, getattr(rete.durable, name)))
    return seen


def failing(monkeypatch, surprise, times, name="assert_fact"):
    """Let a function of the C module raise so many times, then work again."""
    real, left = getattr(rete.durable, name), iter([surprise] * times)

    def call(*args):
        for surprise_ in left:
            raise surprise_
        return real(*args)

    monkeypatch.setattr(rete.durable, name, call)


@pytest.mark.parametrize(
    "name", ["assert_fact", "start_action_for_state", "complete_and_start_action", "create_ruleset"]
)
def test_a_surprise_drops_the_handle_and_is_asked_again(monkeypatch, handles, name):
    """The answer comes from a new ruleset; the old handle is never touched again, not even to retract."""
    judge = ReteJudge([Numbered(0, ((0, True),)), Numbered(1, ((0, True),))])
    assert judge.judge((YES,)) == {0: YES, 1: YES}
    dropped = handles["assert_fact"][-1]
    if name == "create_ruleset":
        judge = ReteJudge([Numbered(0, ((0, True),)), Numbered(1, ((0, True),))])
    failing(monkeypatch, RuntimeError("error code: 303"), 1, name)
    touched = {call: len(seen) for call, seen in handles.items()}
    assert judge.judge((YES,)) == {0: YES, 1: YES}
    assert judge.judge((NO,)) == {}
    later = [handle for call, seen in handles.items() for handle in seen[touched[call] :]]
    if name in ("assert_fact", "create_ruleset"):
        assert dropped not in later
    else:
        assert dropped not in handles["retract_fact"][touched["retract_fact"] :]
        assert later.count(dropped) == 1, "asserted once more, then let go"


def test_a_status_never_seen_is_a_surprise_too(monkeypatch, handles):
    """2 would mean that the fact was there before: the state is not what we think."""
    judge = ReteJudge([Numbered(0, ((0, True),))])
    real, strange = rete.durable.assert_fact, iter([(2, 1)])
    monkeypatch.setattr(rete.durable, "assert_fact", lambda handle, fact: next(strange, None) or real(handle, fact))
    assert judge.judge((YES,)) == {0: YES}


def test_the_third_renewal_is_a_fault(monkeypatch, handles):
    """A dropped handle leaks, and who fails again and again is not to be trusted: nothing is guessed."""
    failing(monkeypatch, RuntimeError("error code: 303"), 3)
    with pytest.raises(EngineFault, match="303") as fault:
        ReteJudge([Numbered(0, ((0, True),))]).judge((YES,))
    assert "规则引擎" in fault.value.zh


def test_renewals_are_counted_over_the_whole_process(monkeypatch, handles):
    """Three judges that fail once each are as bad as one that fails thrice."""
    for times in range(2):
        failing(monkeypatch, RuntimeError("error code: 303"), 1)
        assert ReteJudge([Numbered(0, ())]).judge(()) == {0: YES}, times
    failing(monkeypatch, RuntimeError("error code: 303"), 1)
    with pytest.raises(EngineFault):
        ReteJudge([Numbered(0, ())]).judge(())


def test_a_cycle_broken_off_leaves_no_handle_behind(monkeypatch, handles):
    """Ctrl-C between start and complete: the half-drained ruleset must never be asked again."""
    judge = ReteJudge([Numbered(n, ((0, True),)) for n in range(3)])
    assert judge.judge((YES,)) == {0: YES, 1: YES, 2: YES}
    dropped = handles["assert_fact"][-1]
    failing(monkeypatch, KeyboardInterrupt(), 1, "complete_and_start_action")
    with pytest.raises(KeyboardInterrupt):
        judge.judge((YES,))
    assert rete.renewals() == ("KeyboardInterrupt",)
    touched = len(handles["assert_fact"])
    assert judge.judge((YES,)) == {0: YES, 1: YES, 2: YES}
    assert dropped not in handles["assert_fact"][touched:]


def test_after_the_third_no_ruleset_is_made_and_sound_ones_go_on(monkeypatch, handles):
    """Each one let go has leaked: a process that kept trying would fill the memory."""
    sound = ReteJudge([Numbered(0, ((0, True),))])
    assert sound.judge((YES,)) == {0: YES}
    failing(monkeypatch, RuntimeError("error code: 303"), 3, "create_ruleset")
    for _ in range(2):
        with pytest.raises(EngineFault):
            ReteJudge([Numbered(1, ())]).judge(())
        assert rete.renewals() == ("error code: 303",) * 3
    assert sound.judge((YES,)) == {0: YES}


def test_a_match_without_an_action_is_a_surprise(monkeypatch, handles):
    """So answers a state whose action is still under way: silence is no answer."""
    judge = ReteJudge([Numbered(0, ((0, True),))])
    real, silent = rete.durable.start_action_for_state, iter([True])

    def quiet(*arguments):
        return None if next(silent, False) else real(*arguments)

    monkeypatch.setattr(rete.durable, "start_action_for_state", quiet)
    assert judge.judge((YES,)) == {0: YES}
    assert rete.renewals() == ("a match without an action",)
