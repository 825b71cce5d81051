"""One walk per family: the requests of streams that one search finds, read one by one and in one read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.connectors import Connector
from benchmarks.run import Run, read
from benchmarks.workspace import NO_LIMIT, Size
from intercom_sandbox.client import Sandbox, start

FAMILIES: Final = (
    ("conversations", "conversation_tags", "conversation_parts"),
    ("tickets", "ticket_parts"),
    ("contacts", "contact_notes"),
)


@dataclass(frozen=True)
class Reading:
    """A read of some streams: what it gave, and how many of its requests were searches."""

    run: Run
    searches: int


@dataclass(frozen=True)
class Walk:
    """A family read stream by stream, and together; `missing` are rows that did not come together, by stream."""

    alone: Mapping[str, Reading]
    together: Reading
    missing: Mapping[str, int]


def walks(ours: Connector, directory: Path, size: Size, families: Sequence[Sequence[str]] = FAMILIES) -> Iterator[Walk]:
    """Each family on the same sandbox, without latency and without a limit: what is counted does not depend on them."""
    with start(tls=directory, rate_limit=NO_LIMIT, tickets=size.conversations, **size.settings) as sandbox:
        for streams in families:
            alone = {stream: _reading(ours, sandbox, directory, [stream]) for stream in streams}
            together = _reading(ours, sandbox, directory, streams)
            yield Walk(alone, together, together.run.missing(sandbox))


def _reading(ours: Connector, sandbox: Sandbox, directory: Path, streams: Sequence[str]) -> Reading:
    before = _searches(sandbox)
    run = read(ours, sandbox, directory, streams)
    return Reading(run, _searches(sandbox) - before)


def _searches(sandbox: Sandbox) -> int:
    by_path: Mapping[str, int] = sandbox.requests()["by_path"]
    return sum(count for path, count in by_path.items() if path.endswith("/search"))
