"""What the figures should be, what they are, and by how much a target is missed."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from benchmarks.judge import OURS

INDEX, ZEN = "python index", "zen-engine"


class Target(NamedTuple):
    """A figure with its bound; `least` if it must not be below the bound, else it must not be above."""

    name: str
    bound: float
    figure: float
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure keeps to the bound."""
        return self.figure >= self.bound if self.least else self.figure <= self.bound

    @property
    def missed_by(self) -> str:
        """By what share of the bound; empty if met."""
        return "" if self.met else f"{abs(self.figure / self.bound - 1):.0%}"


def targets(report: dict[str, Any]) -> Iterator[Target]:
    """All targets for which the report has figures."""
    sizes = report["sizes"]
    for size, row in sizes.items():
        yield Target(f"p50 at {size}, ours / Python index", 1.0, _ratio(row, OURS, INDEX))
    for size, row in sizes.items():
        if ZEN in row and (size == "1000" or len(sizes) == 1):
            yield Target(f"p50 at {size}, zen-engine / ours", 20, _ratio(row, ZEN, OURS), least=True)
    small, large = next(iter(sizes)), list(sizes)[-1]
    yield Target(
        f"p50 grows from {small} to {large}", 1.3, round(sizes[large][OURS]["p50"] / sizes[small][OURS]["p50"], 2)
    )
    yield Target("fill, ms", 3_000, report["fill"]["fill_ms"])
    yield Target("fill, peak MB", 100, report["fill"]["peak_mb"])
    packs = report["shipped"]
    yield Target("shipped packs, decide p50 with entries, us", 100, packs["decide"]["p50"])
    yield Target("shipped packs, decide p50 of the mix, us", 100, packs["decide"]["mix_p50"])
    yield Target("shipped packs, remedies p50, ms", 5, packs["remedies_p50_ms"])
    yield Target("shipped packs, load and check, ms", 1_000, packs["load_and_check_ms"])


def _ratio(row: dict[str, Any], over: str, under: str) -> float:
    return round(float(row[over]["p50"]) / float(row[under]["p50"]), 2)
