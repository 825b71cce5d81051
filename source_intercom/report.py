"""What a read does, counted per stream: nothing is skipped in silence. What is made of it: summary.py."""

import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from airbyte_cdk.models import (
    AirbyteEstimateTraceMessage,
    AirbyteMessage,
    AirbyteTraceMessage,
    EstimateType,
    TraceType,
    Type,
)

EXPECTED: Final = "expected"
EMITTED: Final = "emitted"
CHANGED: Final = "changed conversations"
GONE: Final = "skipped as deleted since they were found"
TRUNCATED: Final = "conversations with more parts than Intercom returns"
UNREACHABLE: Final = "parts beyond Intercom's limit of 500 per conversation"
CUT: Final = "records with lists that Intercom cut short"
LACKING: Final = "entries missing in them"
FULL: Final = "tickets with 500 parts, the most that Intercom returns"
UNDELIVERED: Final = "not delivered by Intercom"
UNKNOWN: Final = "types skipped that Intercom does not know"
UNREAD: Final = "rows in tables of an export that no stream reads"
ALTERED: Final = "attributes of the dataset that are gone or new"
CAPPED: Final = "exports with more rows than Intercom gives"
OVERCOUNTED: Final = "counted by Intercom and not returned"
REPEATED: Final = "met again and not emitted twice"
REPLACED: Final = "values replaced that JSON cannot hold"
MISFITS: Final = "values that did not fit their column and became null"
KEYLESS: Final = "rows without their primary key skipped"
RESTARTS: Final = "restarts"
RETRIES: Final = "repeated requests"
REFUSALS: Final = "429 answers"
REQUESTS: Final = "requests"


_COUNTED: Final = (
    "answer|attribute|character|contact|conversation|export|minute|page|part|record|request|restart|row|ticket|type|"
    "value"
)
_FIRST: Final = (EXPECTED, EMITTED, REQUESTS)
_PLURAL: Final = re.compile(rf"\b({_COUNTED})s\b")


@dataclass(frozen=True)
class Reading:
    """How far a stream is that is being read.

    :param counts: what was counted so far
    :param partitions: how many of its partitions are read
    """

    counts: Counter[str]
    partitions: int


class Reports:
    """Counters by stream and what is counted; safe to use from all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._open: Counter[str] = Counter()
        self._read: Counter[str] = Counter()

    def add(self, stream: str, what: str, count: int = 1) -> None:
        """Count something of a stream."""
        with self._lock:
            self._counts[stream][what] += count

    def add_cut(self, stream: str, entries: int) -> None:
        """Count a record whose lists lack so many entries; nothing where they lack none."""
        if entries:
            self.add(stream, CUT)
            self.add(stream, LACKING, entries)

    def count(self, stream: str, what: str) -> int:
        """How often something was counted."""
        with self._lock:
            return self._counts.get(stream, Counter())[what]

    @contextmanager
    def finding(self, stream: str) -> Iterator[None]:
        """Around the search for a stream's partitions: meanwhile it is being read."""
        with self._lock:
            self._open[stream] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open[stream] -= 1

    def found(self, stream: str) -> None:
        """A partition of the stream is known: until it is read the stream is being read."""
        with self._lock:
            self._open[stream] += 1

    def read(self, stream: str) -> None:
        """A partition is read, or has failed."""
        with self._lock:
            self._open[stream] -= 1
            self._read[stream] += 1

    def reading(self) -> dict[str, Reading]:
        """The streams that are being read."""
        with self._lock:
            streams = [stream for stream, partitions in self._open.items() if partitions]
            return {one: Reading(Counter(self._counts.get(one)), self._read[one]) for one in streams}

    def counts(self) -> dict[str, Counter[str]]:
        """What was counted of each stream so far."""
        with self._lock:
            return {stream: Counter(counts) for stream, counts in self._counts.items()}


def counted(number: int, what: str) -> str:
    """`3 requests`, `1 request`: the first of the words that are counted loses its plural."""
    return f"{number} {what}" if number != 1 else f"1 {_PLURAL.sub(lambda plural: plural[1], what, count=1)}"


def sentence(counts: Counter[str]) -> str:
    """What was counted of a stream, in words."""
    always = f"{counted(counts[EMITTED], 'records')} emitted, {counted(counts[REQUESTS], REQUESTS)}"
    expected = [f"{counts[EXPECTED]} expected"] if EXPECTED in counts else []
    others = [counted(count, what) for what, count in counts.items() if count and what not in _FIRST]
    return ", ".join([*expected, always, *others])


def estimate(stream: str, rows: int) -> AirbyteMessage:
    """Tells the platform how many rows of a stream will come, for its progress bar."""
    trace = AirbyteTraceMessage(
        type=TraceType.ESTIMATE,
        emitted_at=time.time() * 1000,
        estimate=AirbyteEstimateTraceMessage(name=stream, type=EstimateType.STREAM, row_estimate=rows),
    )
    return AirbyteMessage(type=Type.TRACE, trace=trace)
