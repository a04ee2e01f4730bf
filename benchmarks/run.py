"""`python3 dev.py bench judge|registry|ledger|api|pages [--json]`: against others and the targets, on this machine."""

import argparse
import json
import subprocess
import sys
from typing import Any

from benchmarks import judge, shipped
from benchmarks.targets import targets

SIZES = (200, 1000, 3000)
HEAD = ("M", "engine", "p50 us", "p99 us", "mix p50", "mix p99", "decisions/s", "load ms", "memory MB")


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, measure, print; exit code 0 also where a target is missed, 1 where answers differ."""
    options = _parser().parse_args(arguments)
    if options.part:  # a child process: one figure that needs a memory of its own
        name, size = options.part
        print(json.dumps(judge.fill(int(size)) if name == "fill" else judge.load(name, int(size))))
        return 0
    if options.what == "registry":
        return _registry(*options.entries, as_json=options.json)
    if options.what == "ledger":
        return _ledger(options.leaves, options.appends, as_json=options.json)
    if options.what == "api":
        return _api(options.seconds, options.rounds, as_json=options.json)
    if options.what == "pages":
        return _pages(options.subjects, as_json=options.json)
    try:
        report = measured(options.sizes or SIZES, options.requests, options.rounds, options.questions)
    except judge.Disagreement as difference:
        print(f"answers differ: {difference}", file=sys.stderr)
        return 1
    print(json.dumps(report, ensure_ascii=False, indent=1) if options.json else table(report))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("what", choices=["judge", "registry", "ledger", "api", "pages"], nargs="?", default="judge")
    parser.add_argument("--entries", type=int, nargs=2, default=(30_000, 3_000_000), help="registry: small and large")
    parser.add_argument("--leaves", type=int, default=1_000_000, help="ledger: size of the log that is proved from")
    parser.add_argument("--appends", type=int, default=2_000, help="ledger: how many leaves are appended")
    parser.add_argument("--seconds", type=float, default=5, help="api: how long each round asks")
    parser.add_argument("--subjects", type=int, default=100_000, help="pages: of the sample registry")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--sizes", type=int, nargs="+", help="measures in a book (default: 200 1000 3000)")
    parser.add_argument("--requests", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--questions", type=int, default=200, help="cases of the shipped packs to ask")
    parser.add_argument("--part", nargs=2, help=argparse.SUPPRESS)
    return parser


def measured(sizes: tuple[int, ...], requests: int, rounds: int, questions: int) -> dict[str, Any]:
    """All figures; loads, memory and the fill each in a process of its own."""
    report: dict[str, Any] = {"missing": judge.missing(), "sizes": {}}
    for size in sizes:
        rows = judge.compare(size, requests, rounds)
        report["sizes"][str(size)] = {name: row | _apart(name, size) for name, row in rows.items()}
    report["fill"] = {"size": sizes[-1]} | _apart("fill", sizes[-1])
    report["shipped"] = shipped.measured(rounds, questions)
    report["targets"] = [{**one._asdict(), "met": one.met, "missed_by": one.missed_by} for one in targets(report)]
    return report


def _apart(name: str, size: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.run", "--part", name, str(size)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _registry(small: int, large: int, as_json: bool) -> int:
    from benchmarks import registry  # the database's libraries are slow to load and not wanted by the judge's bench
    from tests.postgres import cluster

    with cluster() as server:
        report = registry.measured(large, small, server.database())
    print(json.dumps(report, indent=1) if as_json else registry.told(report))
    return 0


def _ledger(leaves: int, appends: int, as_json: bool) -> int:
    from benchmarks import ledger
    from tests.postgres import cluster

    with cluster() as server:
        report = ledger.measured(leaves, appends, server.database())
    print(json.dumps(report, indent=1) if as_json else ledger.told(report))
    return 0


def _api(seconds: float, rounds: int, as_json: bool) -> int:
    from benchmarks import api

    report = api.measured(seconds, min(rounds, 3))
    print(json.dumps(report, indent=1) if as_json else api.told(report))
    return 0


def _pages(subjects: int, as_json: bool) -> int:
    from benchmarks import pages

    report = pages.measured(subjects)
    print(json.dumps(report, indent=1) if as_json else pages.told(report))
    return 0


def table(report: dict[str, Any]) -> str:
    """The figures for people."""
    columns = ("p50", "p99", "mix_p50", "mix_p99", "per_second", "load_ms", "memory_mb")
    rows = [
        (size, name, *(f"{row[column]:,}" for column in columns))
        for size, found in report["sizes"].items()
        for name, row in found.items()
    ]
    widths = [max(len(row[n]) for row in [HEAD, *rows]) for n in range(len(HEAD))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [HEAD, *rows]]
    lines += [f"skipped: {name}: {why}" for name, why in report["missing"].items()]
    return "\n".join([*lines, "", *_notes(report), "", *_targets(report)])


def _notes(report: dict[str, Any]) -> list[str]:
    fill, packs = report["fill"], report["shipped"]
    share = fill["lazily"] / (fill["buckets"] + fill["lazily"])
    return [
        "All answers agree. p50, p99: requests with entries. Ours is Matcher.met, the path decide takes, and then",
        "what the peers do too: the day of each entry, the union, the worst effect; no Match objects are made. Cells",
        "are warm for us, as is everybody's memory; load includes filling the cells. Garbage collection is off.",
        f"fill, M = {fill['size']}: {fill['fill_ms']:,} ms ({fill['fill_cpu_ms']:,} of CPU), "
        f"peak {fill['peak_mb']} MB, {fill['cells']:,} cells in "
        f"{fill['buckets']:,} buckets; {share:.1%} of buckets are met lazily.",
        f"shipped: {packs['packs']} packs, {packs['measures']} measures; decide to the reason tree p50 "
        f"{packs['decide']['p50']} us with entries, {packs['decide']['mix_p50']} us of the mix; remedies p50 "
        f"{packs['remedies_p50_ms']} ms; load and check {packs['load_and_check_ms']:,} ms.",
    ]


def _targets(report: dict[str, Any]) -> list[str]:
    return [
        f"{'met   ' if one['met'] else 'MISSED'}  {one['name']}: {one['figure']:,} "
        f"({'at least' if one['least'] else 'at most'} {one['bound']:,})"
        + (one["missed_by"] and f", by {one['missed_by']}")
        for one in report["targets"]
    ]


if __name__ == "__main__":
    sys.exit(main())
