"""Memory stays flat: a ruleset leaves nothing behind when it is freed, and a kept one does not grow with its facts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# A process of its own, so that nobody else's memory is counted; `resident` is in megabytes.
OPENING = """
import json
from engine.matching.rete import ALTERNATIVES, Numbered, ReteJudge
from tests.matching.dangers import resident

def bucket(salt=0):
    return ReteJudge([Numbered(n, (((n + salt) % 30, n % 3 > 0), (30 + n, True))) for n in range(ALTERNATIVES)])

def row(n):
    return [(n * (k + 3) + k) % 7 % 3 for k in range(60)]
"""

FREED = """
seen = []
for n in range(350):
    judge = bucket(n)
    fired = sum(len(judge.judge({answers})) for k in range(40))
    {free}
    if n % 50 == 49:
        seen.append(resident())
print(json.dumps([fired, *seen]))
"""

KEPT = """
judge, fired, seen = bucket(), 0, []
for n in range(120_000):
    fired += len(judge.judge(row(n)))
    if n % 20_000 == 19_999:
        seen.append(resident())
print(json.dumps([fired, *seen]))
"""

# what is asked, what frees it, whether anything fires
WAYS = [
    pytest.param("row(k)", "judge.close()", True, id="closed"),
    pytest.param("row(k)", "del judge", True, id="forgotten"),
    pytest.param("[0] * 60", "judge.close()", False, id="closed before any rule fired"),
]


def figures(script):
    """What the script prints: how much fired, and the memory at every stage."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", OPENING + script], capture_output=True, env=environment, check=True)
    fired, *seen = json.loads(ended.stdout)
    print(fired, [f"{megabytes:.1f}" for megabytes in seen])
    return fired, seen


@pytest.mark.slow
@pytest.mark.parametrize(("answers", "free", "fires"), WAYS)
def test_buckets_built_filled_and_freed_leave_nothing_behind(answers, free, fires):
    """300 rulesets of 28 alternatives after a first 50: left behind, they would be some 200 MB."""
    fired, seen = figures(FREED.format(answers=answers, free=free))
    assert bool(fired) is fires
    assert max(seen) - seen[0] < 1


@pytest.mark.slow
def test_a_kept_ruleset_does_not_grow():
    """100,000 facts after a first 20,000."""
    fired, seen = figures(KEPT)
    assert fired > 100_000
    assert max(seen) - seen[0] < 1


def test_what_is_not_freed_is_seen():
    """The measure itself: fifty rulesets kept on purpose."""
    script = "kept = []\n" + FREED.format(answers="row(k)", free="kept.append(judge)")
    fired, seen = figures(script.replace("350", "100"))
    assert fired
    assert seen[-1] - seen[0] > 10
