import threading
from collections.abc import Iterable
from typing import Any

import pytest
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.types import Record

from source_intercom.fair_executor import FairExecutor


class Part(Partition):
    """A partition of some stream."""

    def __init__(self, stream: str) -> None:
        self._stream = stream

    def read(self) -> Iterable[Record]:
        return ()

    def to_slice(self) -> None:
        return None

    def stream_name(self) -> str:
        return self._stream

    def __hash__(self) -> int:
        return id(self)


def test_the_partition_of_a_short_stream_does_not_wait_behind_those_of_a_long_one() -> None:
    read: list[str] = []
    begin = threading.Event()
    with FairExecutor(1, "worker") as executor:
        executor.submit(begin.wait, 30)
        for stream in ["conversation_parts"] * 50 + ["tags", "teams"]:
            executor.submit(lambda partition: read.append(partition.stream_name()), Part(stream))
        begin.set()
    assert read[:3] == ["conversation_parts", "tags", "teams"]
    assert len(read) == 52


def test_the_error_of_a_task_is_that_of_a_future() -> None:
    def fail(_: Any) -> None:
        raise ValueError("this one")

    with FairExecutor(1, "worker") as executor:
        futures = [executor.submit(print, end=""), executor.submit(fail, Part("tags"))]
    assert futures[0].result() is None
    with pytest.raises(ValueError, match="this one"):
        futures[1].result()
