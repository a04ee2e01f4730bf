"""The ledger's benchmark at a tiny size: every figure is there, and every proof and replay in it holds."""

from benchmarks import ledger


def test_every_figure_is_measured() -> None:
    """On SQLite alone; the benchmark itself asserts that proofs hold and replays are the same."""
    report = ledger.measured(leaves=64, appends=4)
    assert report["append"]["sqlite"].keys() == {1, 32}
    assert report["bytes_a_decision"] > 1000
    assert min(report["replays_per_second"], report["check_ms"], report["proof_ms"]["p50"]) > 0
    assert "replay on one core" in ledger.told(report)
