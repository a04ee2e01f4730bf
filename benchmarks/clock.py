"""Time and memory, taken the same way for everybody: warmed up, in turns, the collector off while the clock runs."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# A whole round of requests without looking at the clock, for decisions a second.
MICROSECOND = 1_000


@dataclass(frozen=True, slots=True)
class Times:
    """Microseconds a request: half and 99 of 100 of those with entries, the same of the mix; and requests a second."""

    p50: float
    p99: float
    mix_p50: float
    mix_p99: float
    per_second: int

    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def take_turns(
    askers: Mapping[str, tuple[Callable[[Any], object], Sequence[Any]]], hits: Sequence[bool], rounds: int
) -> dict[str, Times]:
    """Every asker answers all its requests each round, after one round unmeasured; `hits` marks those with entries."""
    samples: dict[str, list[list[int]]] = {name: [] for name in askers}
    for ask, requests in askers.values():
        for request in requests:
            ask(request)
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, (ask, requests) in askers.items():
                samples[name].append(_timed(ask, requests))
        return {name: _times(samples[name], hits, _per_second(*askers[name], rounds)) for name in askers}
    finally:
        gc.enable()


def _timed(ask: Callable[[Any], object], requests: Sequence[Any]) -> list[int]:
    now = time.perf_counter_ns
    found = []
    for request in requests:
        start = now()
        ask(request)
        found.append(now() - start)
    return found


def _per_second(ask: Callable[[Any], object], requests: Sequence[Any], rounds: int) -> int:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        for request in requests:
            ask(request)
        taken.append(time.perf_counter_ns() - start)
    return round(len(requests) * 1e9 / median(taken))


def _times(rounds: list[list[int]], hits: Sequence[bool], per_second: int) -> Times:
    """The median of the rounds' figures, so that one disturbed round does not count."""

    def over(share: float, chosen: Callable[[list[int]], list[int]]) -> float:
        return round(median([_rank(chosen(one), share) for one in rounds]) / MICROSECOND, 2)

    def with_entries(taken: list[int]) -> list[int]:
        return [t for t, hit in zip(taken, hits, strict=True) if hit]

    return Times(over(0.5, with_entries), over(0.99, with_entries), over(0.5, list), over(0.99, list), per_second)


def median(values: Sequence[float]) -> float:
    """The middle one, or the upper of the two."""
    return sorted(values)[len(values) // 2]


def _rank(values: list[int], share: float) -> int:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def milliseconds(work: Callable[[], object], rounds: int = 1) -> float:
    """How long the work takes, the median of the rounds."""
    taken = []
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter_ns()
        work()
        taken.append((time.perf_counter_ns() - start) / 1e6)
    return round(median(taken), 1)


def resident() -> float:
    """Megabytes this process holds now."""
    return _status("VmRSS")


def peak() -> float:
    """Most megabytes this process ever held."""
    return _status("VmHWM")


def _status(name: str) -> float:
    """A line of what Linux says of this process; `ru_maxrss` will not do, a child inherits its parent's."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024, 1)
