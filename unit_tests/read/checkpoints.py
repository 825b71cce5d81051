"""Checkpoints, and what they are given: a clock, partitions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from airbyte_cdk.sources.message import InMemoryMessageRepository
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.types import Record
from hypothesis import strategies as st

from source_intercom.read.checkpoints import PLACE, Checkpoints
from source_intercom.read.open_partitions import OpenPartitions
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
    """The monotonic clock of the checkpoints."""

    second: float = 1000.0

    def monotonic(self) -> float:
        return self.second


@dataclass
class Made:
    """What checkpoints are made with."""

    messages: InMemoryMessageRepository = field(default_factory=InMemoryMessageRepository)
    partitions: OpenPartitions = field(default_factory=OpenPartitions)

    def checkpoints(self, second: int | None = None) -> Checkpoints:
        return Checkpoints("contacts", "updated_at", second, self.messages, self.partitions)

    def emitted(self) -> list[int | None]:
        return [next(iter(state.values()), None) for state in states(self.messages.consume_queue())]


def second_of(checkpoints: Checkpoints) -> int | None:
    return next(iter(checkpoints.state.values()), None)


def close(checkpoints: Checkpoints, place: int) -> None:
    checkpoints.close_partition(Done({PLACE: place}))
