"""The initial sync, by both connectors in turn, on workspaces of growing size."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.connectors import Connector
from benchmarks.run import Run, read
from benchmarks.workspace import LATENCY, RATE_LIMIT, Size
from intercom_sandbox.client import start


@dataclass(frozen=True)
class Comparison:
    """One workspace read by both: the official connector's run, ours, and the rows that each one missed."""

    size: Size
    rows: int
    theirs: Run
    ours: Run
    theirs_missing: Mapping[str, int]
    ours_missing: Mapping[str, int]


def compare(theirs: Connector, ours: Connector, directory: Path, sizes: Sequence[Size]) -> Iterator[Comparison]:
    """A comparison per size: each on one sandbox, the official connector first.

    It sends so few requests that the rate limit's window, which the second one may begin in, is hardly touched.
    """
    for size in sizes:
        with start(tls=directory, rate_limit=RATE_LIMIT, **LATENCY, **size.settings) as sandbox:
            first, second = (read(each, sandbox, directory, each.own_names()) for each in (theirs, ours))
            counts = sandbox.counts()
            rows = sum(counts[name] for name in second.rows)
            yield Comparison(size, rows, first, second, first.missing(sandbox), second.missing(sandbox))
