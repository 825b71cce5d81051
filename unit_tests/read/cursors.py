"""Cursors, and what they are given: a clock, records, partitions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from airbyte_cdk.sources.message import InMemoryMessageRepository
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.types import Record, StreamSlice
from hypothesis import strategies as st
from source_intercom.streams.cursors import CheckpointCursor, WatermarkCursor, WindowCursor

from source_intercom.read.open_partitions import Progress
from source_intercom.read.windows import Window
from unit_tests.builders import states

RESUMED = st.none() | st.integers(0, 120)


@dataclass
class Done(Partition):
    """A partition that has been read."""

    stream_slice: Mapping[str, Any]

    def read(self) -> Iterable[Record]:
        return []

    def to_slice(self) -> Mapping[str, Any]:
        return self.stream_slice

    def stream_name(self) -> str:
        return "contacts"

    def __hash__(self) -> int:
        return id(self)


@dataclass
class Clock:
    """The monotonic clock of the cursors."""

    second: float = 1000.0

    def monotonic(self) -> float:
        return self.second


@dataclass
class Made:
    """What cursors are made with."""

    messages: InMemoryMessageRepository = field(default_factory=InMemoryMessageRepository)
    progress: Progress = field(default_factory=Progress)

    def windows(self, second: int | None = None) -> WindowCursor:
        return WindowCursor("contacts", "updated_at", second, self.messages, self.progress)

    def watermark(self, second: int | None = None) -> WatermarkCursor:
        return WatermarkCursor("parts", "conversation_updated_at", second, self.messages, self.progress)

    def emitted(self) -> list[int | None]:
        return [next(iter(state.values()), None) for state in states(self.messages.consume_queue())]


def second_of(cursor: CheckpointCursor) -> int | None:
    return next(iter(cursor.state.values()), None)


def observe(cursor: WindowCursor, window: Window, second: Any) -> None:
    cursor.observe(
        Record(
            data={"updated_at": second},
            stream_name="contacts",
            associated_slice=StreamSlice(partition={}, cursor_slice=window._asdict()),
        )
    )


def close(cursor: CheckpointCursor, stream_slice: Mapping[str, Any]) -> None:
    cursor.close_partition(Done(stream_slice))
