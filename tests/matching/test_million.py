"""A million random cells through the cage, each against the raw judge: no difference is the promise.

Every cell is met for the first time by some meeting; durable-rules judges the cell, the naive judge reads the raw
meeting and the measures' own text. The long form prints its figures.
"""

import time
from collections import Counter

import pytest

from engine.errors import EngineFault
from engine.matching import naive, rete
from engine.matching.bucket import Bucket
from engine.matching.rete import ReteJudge
from engine.truth import MAYBE, NO, YES
from tests.matching.chance import World

MEETINGS = 250  # with each bucket


@pytest.fixture
def judged(monkeypatch):
    """How many cells durable-rules judged so far."""
    count, real = Counter(), ReteJudge.judge

    def judge(self, answers):
        count["cells"] += 1
        return real(self, answers)

    monkeypatch.setattr(ReteJudge, "judge", judge)
    return count


def run(cells, judged):
    """Buckets from seed 0 on, until so many cells were judged; every meeting is compared, measure by measure."""
    seed = 0
    while judged["cells"] < cells:
        world = World(seed)
        for _ in range(MEETINGS):
            compare(world, world.meeting(), judged)
        seed += 1
    judged["buckets"] = seed
    return judged


def compare(world, meeting, figures):
    """One meeting: what the bucket found, and what the raw judge says of each measure."""
    expected = {m.clause: truth for m in world.measures if (truth := naive.judge(m, meeting)) is not NO}
    try:
        found = {one.measure.clause: one.truth for one in world.bucket.match(meeting)}
    except EngineFault:
        found = None
    figures["meetings"] += 1
    figures["judgements"] += len(world.measures)
    figures["fired"] += list(expected.values()).count(YES)
    figures["open"] += list(expected.values()).count(MAYBE)
    figures["differences"] += found != expected


def test_twenty_thousand_cells_without_a_difference(judged):
    """The short form; every kind of answer is there."""
    figures = run(20_000, judged)
    assert figures["differences"] == 0
    assert figures["fired"] > 10_000
    assert figures["open"] > 2_000
    assert not rete.renewals()


def test_a_planted_difference_is_seen(judged, monkeypatch):
    """Rules that take maybe for yes, and a bucket that forgets: neither gets past the comparison."""
    monkeypatch.setattr(rete, "_WRITTEN", {NO: "0", MAYBE: "2", YES: "2"})
    assert run(500, judged)["differences"] > 10
    monkeypatch.setattr(Bucket, "match", lambda self, meeting: iter(()))
    world, figures = World(0), Counter()
    for _ in range(50):
        compare(world, world.meeting(), figures)
    assert figures["differences"] > 10


@pytest.mark.slow
def test_a_million_cells_without_a_difference(judged, capsys):
    """The long form, with its figures."""
    start = time.perf_counter()
    figures = run(1_000_000, judged)
    with capsys.disabled():
        print(f"\n{dict(figures)} in {time.perf_counter() - start:.0f} s")
    assert figures["differences"] == 0
    assert not rete.renewals()
