"""One walk per family: the requests of streams that one search finds, read one by one and in one read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.connectors import Connector
from benchmarks.run import Run, read
from benchmarks.workspace import NO_LIMIT, Size
from intercom_sandbox.client import start

FAMILIES: Final = (
    ("conversations", "conversation_tags", "conversation_parts"),
    ("tickets", "ticket_parts"),
    ("contacts", "contact_notes"),
)


@dataclass(frozen=True)
class Walk:
    """A family read stream by stream, and together; `missing` are rows that did not come together, by stream."""

    alone: Mapping[str, Run]
    together: Run
    missing: Mapping[str, int]

    @property
    def separate(self) -> int:
        """Requests of all separate reads."""
        return sum(run.requests for run in self.alone.values())


def walks(ours: Connector, directory: Path, size: Size, families: Sequence[Sequence[str]] = FAMILIES) -> Iterator[Walk]:
    """Each family on the same sandbox, without latency and without a limit: what is counted does not depend on them."""
    with start(tls=directory, rate_limit=NO_LIMIT, **size.settings) as sandbox:
        for streams in families:
            alone = {stream: read(ours, sandbox, directory, [stream]) for stream in streams}
            together = read(ours, sandbox, directory, streams)
            yield Walk(alone, together, together.missing(sandbox))
