"""What durable-rules 2.0.28 does when it is held as its manual shows: `python dangers.py NAME` prints one answer.

Each function is one danger of the design's document on durable-rules. `test_dangers.py` runs each in a process of its
own, for some end it; `test_cage.py` shows that our judge cannot get there. Nothing of the engine is imported here.
"""

import ctypes
import json
import os
import resource
import sys
import threading
import time

import durable_rules_engine as durable

# Two texts with one FNV-1a-32 hash, and two facts whose made-up ids have one.
TWINS = ("x496069", "x1035124")
NAMELESS = (91_257, 131_619)


def ruleset(*tests, **settings):
    """A ruleset of one rule for each test, `r0`, `r1` …"""
    rules = {f"r{i}": {"all": [{"m": test}]} | settings for i, test in enumerate(tests)}
    return durable.create_ruleset("dangers", json.dumps(rules, ensure_ascii=False))


def ask(handle, said, *, keep=False):
    """The rules that fire for a fact (text, or values beside the usual sid and id), or what the C module answered."""
    fact = said if isinstance(said, str) else json.dumps({"sid": "s", "id": "1"} | said, ensure_ascii=False)
    try:
        status, offset = durable.assert_fact(handle, fact)
    except Exception as error:
        return f"{type(error).__name__} {error}"
    fired = drained(handle, offset) if status == 0 else {1: [], 2: "observed"}[status]
    if not keep:
        durable.retract_fact(handle, fact)
    return fired


def drained(handle, offset):
    """Every action to the end."""
    started = durable.start_action_for_state(handle, offset)
    message, fired = started[1] if started else None, []
    while message:
        fired.append(next(iter(json.loads(message))))
        message = durable.complete_and_start_action(handle, offset)
    return fired


def one(test, **fact):
    """The answer of one rule to one fact."""
    try:
        return ask(ruleset(test), fact)
    except Exception as error:
        return f"{type(error).__name__} {error}"


def refused(call, *arguments):
    """The error that a call raises, else its result."""
    try:
        return call(*arguments)
    except Exception as error:
        return f"{type(error).__name__} {error}"


# -- wrong answers about one rule


def an_or_of_two_truths_fires_twice():
    return one({"$or": [{"a": 1}, {"b": 1}]}, a=1, b=1)


def a_missing_property_alone_fires_twice():
    """The engine's own message on the state lacks it too."""
    return one({"$nex": {"b": 1}}, a=1)


def an_empty_and_fires_twice():
    return one({"$and": []}, a=1)


def missing_and_null_fail_both_a_test_and_its_opposite():
    tests = {"a": 1}, {"$neq": {"a": 1}}, {"$gte": {"a": 1}}, {"$lt": {"a": 1}}
    return [one(test, **fact) for test in tests for fact in ({"b": 1}, {"a": None})]


def null_exists():
    return one({"$ex": {"a": 1}}, a=None)


def types_are_coerced():
    return [one({"a": 1}, a=True), one({"a": 1}, a="1"), one({"a": 1}, a=""), one({"$gte": {"a": 1}}, a="x")]


def text_is_compared_as_it_was_written():
    handle = ruleset({"a": "失信"})
    escaped = '{"sid": "s", "id": "1", "a": "\\u5931\\u4fe1"}'
    return [ask(handle, {"a": "失信"}), ask(handle, escaped), one({"a": "é"}, a="e\u0301")]


def text_is_ordered_wrongly():
    return [one({"$lt": {"a": "ab0"}}, a="ab"), one({"$lt": {"a": "ab!"}}, a="ab")]


def any_two_texts_of_65536_characters_are_equal():
    return [one({"a": "x" * n}, a="y" * n) for n in (65_535, 65_536)]


def integers_past_64_bits_are_all_equal():
    return [one({"a": n - 1}, a=n) for n in (2**63 - 1, 2**63, 10**30)]


def floats_are_refused_or_read_as_null():
    values = 1e16, 1e-5, float("inf")
    return [one({"$gt": {"a": 0}}, a=value) for value in values] + [one({"a": None}, a=float("nan"))]


def a_key_given_twice_fires_twice():
    twice = '{"sid": "s", "id": "1", "a": 1, "a": 2}'
    return [ask(ruleset({"a": 1}), twice), ask(ruleset({"a": 2}), twice)]


def a_count_leaves_a_remainder():
    handle = ruleset({"a": 1}, count=3)
    offset = [durable.assert_fact(handle, json.dumps({"sid": "s", "id": str(i), "a": 1})) for i in range(7)][-1][1]
    return drained(handle, offset)


def a_rule_name_comes_back_escaped():
    handle = durable.create_ruleset("dangers", json.dumps({'r"': {"all": [{"m": {"a": 1}}]}}))
    offset = durable.assert_fact(handle, '{"sid": "s", "id": "1", "a": 1}')[1]
    message = durable.start_action_for_state(handle, offset)[1]
    return message[2 : message.index('"', 2)]


# -- identities


def an_id_seen_before_is_not_judged():
    handle = ruleset({"$ex": {"a": 1}})
    return [ask(handle, {"a": 1}, keep=True), ask(handle, {"a": 2}, keep=True)]


def a_fact_without_an_id_may_be_taken_for_another():
    handle = ruleset({"$ex": {"i": 1}})
    return [durable.assert_fact(handle, json.dumps({"sid": "s", "i": i}))[0] for i in NAMELESS]


def a_fact_without_an_id_is_taken_for_another_at_131620():
    handle = ruleset({"$ex": {"i": 1}})
    return next(i + 1 for i in range(150_000) if durable.assert_fact(handle, json.dumps({"sid": "s", "i": i}))[0] == 2)


def property_names_of_one_hash_are_one():
    return one({TWINS[0]: 1}, **{TWINS[1]: 1})


def sids_of_one_hash_share_their_facts():
    handle = ruleset({"a": 1})
    ask(handle, {"sid": TWINS[0], "a": 1}, keep=True)
    return json.loads(durable.get_facts(handle, TWINS[1]))[0]["sid"]


def ids_of_one_hash_are_one():
    handle = ruleset({"a": 1})
    return [ask(handle, {"id": id_, "a": 1}, keep=True) for id_ in TWINS]


def one_name_makes_two_rulesets():
    return ruleset({"a": 1}) != ruleset({"a": 1})


def a_retraction_of_nothing_is_answered_like_any_other():
    handle = ruleset({"a": 1})
    ask(handle, {"a": 1})
    return durable.retract_fact(handle, '{"sid": "s", "id": "never", "a": 1}')[0]


# -- limits


def sixty_five_truths_at_once():
    handles = [ruleset(*({"$gte": {"a": i}} for i in range(n))) for n in (64, 65)]
    return [len(found) if isinstance(found := ask(handle, {"a": 99}), list) else found for handle in handles]


def truths_waiting_under_several_nodes_count_together():
    """32 first tests and 32 below one of them make 63 that wait; 33 and 33 make 65."""
    answers = []
    for n in (32, 33):
        pairs = [(i, j) for i in range(n) for j in (range(n) if i in (0, n - 1) else [0])]
        handle = ruleset(*({"$and": [{"$gte": {"a": i}}, {"$gte": {"b": j}}]} for i, j in pairs))
        found = ask(handle, {"a": 99, "b": 99})
        answers.append(len(found) if isinstance(found, list) else found)
    return answers


def rules_past_255_in_one_test_spill_into_the_next_list():
    """The rule on `b` fires though the fact has no `b`."""
    handles = [ruleset(*[{"a": 1}] * n, {"b": 1}) for n in (255, 256)]
    return [f"r{n}" in ask(handle, {"a": 1}) for n, handle in zip((255, 256), handles, strict=True)]


def three_hundred_rules_in_one_test():
    return len(ask(ruleset(*[{"a": 1}] * 300), {"a": 1}))


def five_hundred_and_eleven_tests_under_one_node():
    return ask(ruleset(*({"a": i} for i in range(511))), {"a": 5})


def five_hundred_and_twelve_tests_under_one_node():
    handle = ruleset(*({"a": i} for i in range(512)))
    print("loaded", flush=True)
    return ask(handle, {"a": 5})


def five_hundred_and_twelve_tests_on_as_many_properties():
    """Never mind which property they ask for."""
    handle = ruleset(*({f"p{i}": 1} for i in range(512)))
    print("loaded", flush=True)
    return ask(handle, {"p5": 1})


def more_than_4096_rules():
    return refused(ruleset, *({"$and": [{"a": i % 100}, {"b": i // 100}]} for i in range(4_097)))


def more_than_254_properties():
    return [one({"a": 1}, a=1, **{f"p{i}": i for i in range(n - 3)}) for n in (254, 255)]


def more_than_16_facts_in_a_join():
    rules = {"r": {"all": [{f"f{i}": {"t": i}} for i in range(17)]}}
    handle = durable.create_ruleset("dangers", json.dumps(rules))
    return [ask(handle, {"id": str(i), "t": i}, keep=True) for i in range(17)][-1]


def more_than_1024_sids():
    handle = ruleset({"a": 1})
    facts = [json.dumps({"sid": f"s{i}", "id": "1", "a": 1}) for i in range(1_025)]
    return [refused(durable.assert_fact, handle, fact) for fact in facts][-1]


def malformed_json():
    handle = ruleset({"a": 1})
    facts = "", "{", "[]", "null", '{"a": }', '{"a": tru}', '{"a": 1e5}', '{"a": 1 "b": 2}', '{"a": "\0"}', '{"a": 01}'
    return [refused(durable.assert_fact, handle, fact) for fact in facts]


def unknown_sids_and_handles():
    handle, dead = ruleset({"a": 1}), ruleset({"a": 1})
    durable.delete_ruleset(dead)
    ask(handle, {"a": 1})
    offset = durable.assert_fact(handle, '{"sid": "s", "id": "1", "a": 1}')[1]
    drained(handle, offset)
    return [
        refused(durable.delete_state, handle, "never"),
        refused(durable.assert_fact, dead, '{"a": 1}'),
        refused(durable.complete_and_start_action, handle, offset),
    ]


def a_dead_handle_is_given_out_again():
    dead = ruleset({"a": 1})
    durable.delete_ruleset(dead)
    for _ in range(131_080):
        handle = durable.create_ruleset("dangers", "{}")
        if handle == dead:
            return "given out again"
        durable.delete_ruleset(handle)


# -- ends of the process


def a_state_deleted_before_a_rule_fired():
    """With the memory filled as a busy process fills it (MALLOC_PERTURB_)."""
    handle = ruleset(*({"$and": [{"a": i}, {"$gte": {"b": 1}}]} for i in range(40)))
    for i in range(2_000):
        durable.assert_fact(handle, json.dumps({"sid": f"s{i}", "id": "1", "a": -1}))
        durable.delete_state(handle, f"s{i}")


def an_offset_that_was_never_given():
    durable.start_action_for_state(ruleset({"a": 1}), 77_777)


def a_completion_at_an_offset_never_given():
    durable.complete_and_start_action(ruleset({"a": 1}), 77_777)


def a_join_on_texts_of_one_hash():
    """Past the end of a list it looks for a byte of a certain value; after many rules it seldom finds one in time."""
    join = [{"x": {"t": "M"}}, {"y": {"$and": [{"t": "E"}, {"k": {"x": "k"}}]}}]
    rules = {f"r{i}": {"all": [{"m": {"t": i}}]} for i in range(300)} | {"join": {"all": join}}
    handle = durable.create_ruleset("dangers", json.dumps(rules))
    ask(handle, {"t": "M", "k": TWINS[0]}, keep=True)
    return ask(handle, {"id": "2", "t": "E", "k": TWINS[1]}, keep=True)


# -- an action under way


def an_action_left_under_way_silences_the_sid():
    handle = ruleset({"a": 1})
    durable.start_action_for_state(handle, durable.assert_fact(handle, '{"sid": "s", "id": "1", "a": 1}')[1])
    return ask(handle, {"id": "2", "a": 1})


def an_action_left_under_way_is_delivered_61_seconds_later():
    handle = ruleset({"a": 1})
    durable.start_action_for_state(handle, durable.assert_fact(handle, '{"sid": "s", "id": "1", "a": 1}')[1])
    silent = ask(handle, {"id": "2", "a": 0}, keep=True)
    pass_time(62)
    return [silent, ask(handle, {"id": "3", "a": 1})]


def a_fact_retracted_under_way():
    handle = ruleset({"a": 1})
    fact = '{"sid": "s", "id": "1", "a": 1}'
    durable.start_action_for_state(handle, durable.assert_fact(handle, fact)[1])
    durable.retract_fact(handle, fact)
    pass_time(62)
    return ask(handle, {"id": "2", "a": 1})


def a_cycle_held_up_for_an_hour_is_harmless():
    """Our own cycle, should the machine sleep between two of its calls."""
    handle = ruleset(*[{"a": 1}] * 3)
    fact = '{"sid": "s", "id": "1", "a": 1}'
    offset = durable.assert_fact(handle, fact)[1]
    message, fired = durable.start_action_for_state(handle, offset)[1], []
    while message:
        fired.append(message[2:4])
        pass_time(3_600)
        message = durable.complete_and_start_action(handle, offset)
    durable.retract_fact(handle, fact)
    return [fired, ask(handle, {"a": 1}), ask(handle, {"a": 2})]


def pass_time(seconds):
    """Move the clock that the C module reads: the test puts this library before the C library's own."""
    ctypes.c_long.in_dll(ctypes.CDLL(None), "passed").value += seconds


def one_sid_in_four_threads():
    sys.setswitchinterval(1e-5)
    handle = ruleset(*({"$and": [{"a": i % 10}, {"$gte": {"b": i}}]} for i in range(20)))
    wrong = []

    def work(thread):
        for i in range(5_000):
            a, b = i % 12, (i + thread) % 30
            expected = sorted(f"r{j}" for j in range(20) if j % 10 == a and b >= j)
            wrong.append(sorted(ask(handle, {"id": str(thread), "a": a, "b": b})) != expected)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(wrong)


# -- memory


def rulesets_deleted_with_their_state_left():
    before = resident()
    for _ in range(50):
        handle = ruleset(*({"$and": [{"a": i}, {"$gte": {"b": 1}}]} for i in range(20)))
        ask(handle, {"a": 3, "b": 5})
        durable.delete_ruleset(handle)
    return resident() - before


def resident():
    """Megabytes of this process in memory."""
    with open("/proc/self/statm", encoding="ascii") as numbers:
        return int(numbers.read().split()[1]) * 4_096 / 2**20


# -- the host class


def a_raising_callback_is_swallowed():
    from durable.engine import Host

    def failing(context):
        raise ValueError

    host = Host()
    host.set_rulesets({"h": {"r": {"all": [{"m": {"a": 1}}], "run": failing}}})
    host.assert_fact("h", {"sid": "s", "id": "1", "a": 1})
    return "exception" in host.get_state("h", "s")


def a_callback_of_eleven_seconds_silences_the_next():
    from durable.engine import Host

    ran = []
    host = Host()
    host.set_rulesets({"h": {"r": {"all": [{"m": {"a": 1}}], "run": lambda context: (ran.append(1), time.sleep(11))}}})
    host.assert_fact("h", {"sid": "s", "id": "1", "a": 1})
    host.assert_fact("h", {"sid": "s", "id": "2", "a": 1})
    return len(ran)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(json.dumps(globals()[sys.argv[1]](), ensure_ascii=False), flush=True)
    os._exit(0)  # the host's threads would keep the process alive
