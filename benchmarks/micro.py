"""Smaller questions: CPU per record and what keeps it low, cold start to first record, a sync without changes."""

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.connectors import Connector
from benchmarks.environments import ROOT
from benchmarks.run import Run, first_record, read
from benchmarks.without import STEPS
from benchmarks.workspace import LATENCY, NO_LIMIT, RATE_LIMIT, Size
from intercom_sandbox.client import start

CPU_STREAMS: Final = ("contacts", "conversation_parts")
ALL_STREAMS: Final = "all that both have"
CPU_SIZES: Final = {"contacts": 15_000, "conversations": 1_000, "parts": 10_000}
QUICK_CPU_SIZES: Final = {"contacts": 1_000, "conversations": 200, "parts": 2_000}
CPU_RUNS: Final = 5

STARTS: Final = 5
LOADING: Final = {
    "the CDK": "import airbyte_cdk",
    "our connector, which loads the CDK": "from source_intercom.run import load; load()",
}
"""What processes do that load modules and nothing else."""
START_STREAM: Final = "tags"


@dataclass(frozen=True)
class CpuPerRecord:
    """What a stream costs a connector: a read of it, and the CPU seconds of a read that yields next to nothing.

    `stream` may be ALL_STREAMS.
    """

    connector: str
    stream: str
    run: Run
    start_cpu: float

    @property
    def whole(self) -> float:
        """CPU seconds per record, the start included."""
        return self.run.cpu / self.run.records

    @property
    def marginal(self) -> float:
        """CPU seconds per record beyond the start."""
        return (self.run.cpu - self.start_cpu) / self.run.records


@dataclass(frozen=True)
class Step:
    """A stream read by our connector without one of the things that make it cheap."""

    without: str
    stream: str
    run: Run


@dataclass(frozen=True)
class ColdStart:
    """Seconds from the start of the process to its first record: the median, the least and the most."""

    connector: str
    seconds: Sequence[float]

    @property
    def median(self) -> float:
        """The one in the middle."""
        return median(self.seconds)


@dataclass(frozen=True)
class Loading:
    """Seconds that a process lives which does nothing but load modules: the least of several."""

    what: str
    seconds: float


@dataclass(frozen=True)
class NoChanges:
    """A sync that goes on from the states of the one before, while the workspace stays as it is."""

    connector: str
    streams: Sequence[str]
    run: Run


def cpu_per_record(
    pair: Sequence[Connector], directory: Path, sizes: Mapping[str, int], times: int
) -> Iterator[CpuPerRecord]:
    """By stream and connector, without latency and without a limit.

    Both in turn, several times, of which the cheapest counts: what else runs on the machine only adds.
    """
    with start(tls=directory, rate_limit=NO_LIMIT, **sizes) as sandbox:
        cheapest: dict[tuple[str, str], Run] = {}
        for _ in range(times):
            for stream in (START_STREAM, *CPU_STREAMS, ALL_STREAMS):
                names = () if stream == ALL_STREAMS else (stream,)
                for connector in pair:
                    run = read(connector, sandbox, directory, connector.own_names(*names))
                    known = cheapest.setdefault((connector.name, stream), run)
                    cheapest[connector.name, stream] = min(known, run, key=lambda each: each.cpu)
    for stream in (*CPU_STREAMS, ALL_STREAMS):
        for name in (connector.name for connector in pair):
            yield CpuPerRecord(name, stream, cheapest[name, stream], cheapest[name, START_STREAM].cpu)


def steps(ours: Connector, directory: Path, sizes: Mapping[str, int], times: int) -> list[Step]:
    """Each step left out in turn, several times, of which the cheapest counts; the first one leaves out nothing."""
    script = Path(__file__).with_name("without.py")
    cheapest: dict[tuple[str, str], Run] = {}
    with start(tls=directory, rate_limit=NO_LIMIT, **sizes) as sandbox:
        for _ in range(times):
            for without in STEPS:
                connector = replace(ours, command=[ours.command[0], str(script), without])
                for stream in CPU_STREAMS:
                    run = read(connector, sandbox, directory, connector.own_names(stream))
                    known = cheapest.setdefault((without, stream), run)
                    cheapest[without, stream] = min(known, run, key=lambda each: each.cpu)
    return [Step(without, stream, run) for (without, stream), run in cheapest.items()]


def formats(ours: Connector) -> Sequence[Connector]:
    """Our connector with each of the formats in which it gives times."""
    return [replace(ours, name=each, options={"time_format": each}) for each in ("unix", "date-time")]


def cold_start(pair: Sequence[Connector], directory: Path, times: int) -> list[ColdStart]:
    """Both in turn, several times, without latency; each one's first start, which fills caches, does not count."""
    measured: dict[str, list[float]] = {connector.name: [] for connector in pair}
    with start(tls=directory, rate_limit=NO_LIMIT) as sandbox:
        for _ in range(times + 1):
            for connector in pair:
                streams = connector.own_names(START_STREAM)
                measured[connector.name].append(first_record(connector, sandbox, directory, streams))
    return [ColdStart(name, seconds[1:]) for name, seconds in measured.items()]


def loading(ours: Connector, times: int) -> list[Loading]:
    """The CDK alone and our connector with it, in turn."""
    least = dict.fromkeys(LOADING, float("inf"))
    for _ in range(times + 1):
        for what, code in LOADING.items():
            began = time.monotonic()
            subprocess.run([ours.command[0], "-c", code], cwd=ROOT, check=True)  # noqa: S603
            least[what] = min(least[what], time.monotonic() - began)
    return [Loading(what, seconds) for what, seconds in least.items()]


def no_changes(pair: Sequence[Connector], directory: Path, size: Size) -> Iterator[NoChanges]:
    """Both with the streams that they share, and our connector with all of its streams."""
    ours = pair[-1]
    chosen: list[tuple[Connector, list[str]]] = [(each, each.own_names()) for each in pair]
    with start(tls=directory, rate_limit=RATE_LIMIT, **size.settings) as sandbox:
        for connector, streams in [*chosen, (ours, list(ours.catalog))]:
            sandbox.configure(**dict.fromkeys(LATENCY, 0.0))
            states = read(connector, sandbox, directory, streams).states
            sandbox.configure(**LATENCY)
            yield NoChanges(connector.name, streams, read(connector, sandbox, directory, streams, states))
