"""`python -m benchmarks`: runs the benchmarks, prints the page, and writes it where `--write` says."""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks import families, micro, rates, workspace
from benchmarks.connectors import Connector, Failure, connectors
from benchmarks.report import page, write
from benchmarks.results import Results
from benchmarks.suite import compare

PARTS: Final = ("sizes", "micro", "families", "rates")


def main() -> int:
    """Run what the arguments ask for; the exit code."""
    arguments = _parse()
    command = " ".join(["python -m benchmarks", *sys.argv[1:]])
    results = Results(command)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            _say("installing the connectors, unless they are there")
            pair = connectors(Path(temporary))
            _measure(results, arguments, pair, Path(temporary))
    except Failure as failure:
        _say(str(failure))
        return 1
    _say("done")
    if arguments.write:
        write(results, arguments.write)
    sys.stdout.write(page(results))
    return 0


def _measure(
    results: Results, arguments: argparse.Namespace, pair: tuple[Connector, Connector], directory: Path
) -> None:
    quick = arguments.quick
    if "sizes" in arguments.only:
        sizes = workspace.QUICK_SIZES if quick else workspace.SIZES
        chosen = [size for size in sizes if size.name in arguments.sizes] if arguments.sizes else list(sizes)
        _say(f"initial sync, {len(chosen)} sizes")
        for comparison in compare(*pair, directory, chosen):
            results.comparisons.append(comparison)
            _say(f"{comparison.size.name}: {comparison.theirs.wall:.1f} s, ours {comparison.ours.wall:.1f} s")
    if "micro" in arguments.only:
        _say("CPU per record")
        cpu_sizes = micro.QUICK_CPU_SIZES if quick else micro.CPU_SIZES
        results.cpu.extend(micro.cpu_per_record(pair, directory, cpu_sizes, 1 if quick else micro.CPU_RUNS))
        _say("times as text")
        formats = micro.formats(pair[1])
        results.formats.extend(micro.cpu_per_record(formats, directory, cpu_sizes, 1 if quick else micro.CPU_RUNS))
        _say("what keeps it low")
        results.steps.extend(micro.steps(pair[1], directory, cpu_sizes, 1 if quick else micro.CPU_RUNS))
        _say("cold start")
        results.starts.extend(micro.cold_start(pair, directory, 1 if quick else micro.STARTS))
        results.loading.extend(micro.loading(pair[1], 1 if quick else micro.STARTS))
        _say("sync without changes")
        size = (workspace.QUICK_SIZES if quick else workspace.SIZES)[0]
        results.unchanged.extend(micro.no_changes(pair, directory, size))
    if "families" in arguments.only:
        _say("one walk per family")
        size = (workspace.QUICK_SIZES if quick else workspace.SIZES)[-1]
        results.walks.extend(families.walks(pair[1], directory, size))
    if "rates" in arguments.only:
        scenarios = rates.QUICK_SCENARIOS if quick else rates.SCENARIOS
        _say(f"use of the rate limit, {len(scenarios)} scenarios")
        for use in rates.use_of_limit(pair[1], directory, scenarios):
            results.rates.append(use)
            _say(f"limit {use.scenario.limit}: {use.used:.1%} used, {use.run.refused} of {use.run.requests} refused")
        _say("what the sandbox can deliver")
        results.capacity.extend(rates.capacity(directory, 1 if quick else 5))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="everything at tiny sizes, to see that it works")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="some of the benchmarks")
    names = [size.name for size in (*workspace.SIZES, *workspace.QUICK_SIZES)]
    parser.add_argument("--sizes", nargs="+", choices=names, help="the initial sync in these sizes only")
    parser.add_argument(
        "--write", nargs="?", type=Path, const=Path("docs"), help="write the page and its pictures here (default: docs)"
    )
    return parser.parse_args()


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


if __name__ == "__main__":
    sys.exit(main())
