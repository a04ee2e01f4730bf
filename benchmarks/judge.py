"""Matching against the peers on the laboratory's workload; filling a book's cells beforehand."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from typing import Any

from benchmarks import ours, peers
from benchmarks.clock import milliseconds, peak, resident, take_turns
from benchmarks.workload import Answer, Request, book_of, expected, requests_of
from engine.matching.match import Matcher

OURS = "memoranda"
PEERS: dict[str, Callable[[Any], Callable[[Request], Answer]]] = {
    "durable-rules": peers.durable_rules,
    "python index": peers.index,
    "zen-engine": peers.zen_engine,
}


def missing() -> dict[str, str]:
    """Peers that cannot take part, and why."""
    return {} if find_spec("zen") else {"zen-engine": "the package zen-engine is not installed"}


class Disagreement(Exception):
    """Somebody answered otherwise than the definition; then no time is worth telling."""


def compare(size: int, count: int, rounds: int) -> dict[str, Any]:
    """All who can take part on the book of that size: first every answer is compared, then the clock runs."""
    book, requests = book_of(size), requests_of(size, count)
    rulebook = ours.rulebook_of(book, {request.place for request in requests})
    inquiries, register = ours.questions_of(requests)
    askers: dict[str, tuple[Callable[[Any], Answer], Sequence[Any]]] = {
        OURS: (ours.matching(book, register, Matcher(rulebook)), inquiries)
    }
    askers |= {name: (make(book), requests) for name, make in PEERS.items() if name not in missing()}
    # The index is held against the definition on a share of the requests (it is slow), the others against the index.
    reference = askers["python index"][0]
    for request in requests[: max(1, 400_000 // size)]:
        if reference(request) != expected(book, request):
            raise Disagreement(f"python index at {size}: {request}")
    for name, (ask, own) in askers.items():
        for request, asked in zip(requests, own, strict=True):
            if ask(asked) != reference(request):
                raise Disagreement(f"{name} at {size}: {request}")
    times = take_turns(askers, [bool(request.rows) for request in requests], rounds)
    return {name: one.data() for name, one in times.items()}


def load(name: str, size: int) -> dict[str, Any]:
    """Loading one of them and its memory; to be called in a process of its own."""
    book = book_of(size)
    if name == OURS:
        rulebook = ours.rulebook_of(book, {request.place for request in requests_of(size, 4_000)})
        make: Callable[[], object] = lambda: _filled(Matcher(rulebook))  # noqa: E731
    else:
        make = lambda: PEERS[name](book)  # noqa: E731
    if name == "zen-engine":
        import zen  # noqa: F401
    kept: list[object] = []
    gc.collect()
    before = resident()
    taken = milliseconds(lambda: kept.append(make()))
    return {"load_ms": taken, "memory_mb": round(resident() - before, 1)}


def _filled(matcher: Matcher) -> Matcher:
    matcher.fill()
    return matcher


def fill(size: int) -> dict[str, Any]:
    """Judging all cells of the capped buckets beforehand, by both judges; in a process of its own for the peak."""
    rulebook = ours.rulebook_of(book_of(size), {request.place for request in requests_of(size, 4_000)})
    matcher = Matcher(rulebook)
    gc.collect()
    before, found = resident(), []
    started = time.process_time()
    taken = milliseconds(lambda: found.append(matcher.fill()))
    cpu = round((time.process_time() - started) * 1_000, 1)
    return {"fill_ms": taken, "fill_cpu_ms": cpu, "peak_mb": round(peak() - before, 1), **asdict(found[0])}
