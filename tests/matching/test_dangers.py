"""What lurks in the installed durable-rules: every crash, hang and wrong answer that the cage is built against.

Each danger of `dangers.py` runs in a process of its own. If one of these turns red, the installed version is another
one, and `test_limits.py` and `test_cage.py`, which show that our judge cannot get there, must be thought over.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

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


def begin(danger, clock=None):
    """One danger in a process of its own."""
    # Memory is filled as a busy process fills it: what the C module forgets to set is then never zero by luck.
    environment = os.environ | {"MALLOC_PERTURB_": "165"} | ({"LD_PRELOAD": str(clock)} if clock else {})
    command = [sys.executable, str(DANGERS), danger]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def run(danger, clock=None):
    """How it ended, and what it said."""
    with begin(danger, clock) as process:
        said, _ = process.communicate(timeout=120)
        return process.returncode, said


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
    """Mostly without a word."""
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
    with begin(danger) as process:
        assert process.stdout.readline() == "loaded\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.communicate(timeout=0.6)
        process.kill()


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
