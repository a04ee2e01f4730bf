"""The benchmark at a tiny size: all who take part give the same answers, and every target has its line."""

import json
from collections.abc import Callable

import pytest

from benchmarks import judge, ours, run, shipped, workload
from benchmarks.targets import Target
from benchmarks.workload import Answer, Request


def test_all_peers_give_the_answers_of_the_definition() -> None:
    """Sixty measures, each answer compared; figures for everybody who could take part."""
    rows = judge.compare(60, count=300, rounds=1)
    assert rows.keys() >= {judge.OURS, "python index", "durable-rules"}
    assert {*rows} | {*judge.missing()} == {judge.OURS, *judge.PEERS}
    assert all(row["p50"] > 0 and row["per_second"] > 0 for row in rows.values())


def test_a_wrong_answer_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time is told of who answers otherwise."""

    def lying(book: list[workload.Rule]) -> Callable[[Request], Answer]:
        return lambda request: ([], workload.NOTHING)

    monkeypatch.setitem(judge.PEERS, "durable-rules", lying)
    with pytest.raises(judge.Disagreement, match="durable-rules at 60"):
        judge.compare(60, count=300, rounds=1)


def test_the_book_is_the_laboratorys() -> None:
    """Its first and last measure, as the laboratory's seeds draw them; half the measures are national."""
    book = workload.book_of(1000)
    assert (book[0].number, book[0].code, book[-1].code) == (0, "名单_0000", "名单_0049")
    assert 400 < sum(not rule.place for rule in book) < 600
    requests = workload.requests_of(1000, 4000)
    assert 0.67 < sum(not request.rows for request in requests) / 4000 < 0.73
    assert len(list(ours.rulebook_of(book, {r.place for r in requests}).measures)) == 1000


def test_filling_says_what_it_did() -> None:
    """Every bucket of a small book has few cells."""
    figures = judge.fill(60)
    assert figures["buckets"] > 20
    assert figures["cells"] > figures["buckets"]
    assert figures["lazily"] == 0


def test_the_whole_report_is_printed_both_ways(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a table with a line for each target, and as JSON; the shipped packs have a slow test of their own."""
    decided = {"p50": 1.0, "mix_p50": 1.0}
    packs = {"packs": 1, "measures": 1, "load_and_check_ms": 1.0, "decide": decided, "remedies_p50_ms": 1.0}
    monkeypatch.setattr(shipped, "measured", lambda rounds, most: packs)
    tiny = ["judge", "--sizes", "40", "--requests", "40", "--rounds", "1"]
    assert run.main([*tiny, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {target["met"] for target in report["targets"]} <= {True, False}
    printed = run.table(report)
    assert all(target["name"] in printed for target in report["targets"])


@pytest.mark.slow
def test_the_shipped_packs_are_measured() -> None:
    """A few of their cases."""
    figures = shipped.measured(rounds=1, most=12)
    assert figures["decide"]["p50"] > 0
    assert figures["remedies_p50_ms"] > 0


def test_a_missed_target_says_by_how_much() -> None:
    """Too slow by half, too few by half; what is met says nothing."""
    assert Target("a", 100, 150).missed_by == "50%"
    assert Target("b", 20, 10, least=True).missed_by == "50%"
    assert Target("c", 20, 20).missed_by == ""
