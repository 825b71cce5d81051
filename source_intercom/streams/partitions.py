"""The partitions of a stream as the CDK reads them side by side.

The CDK's own adapter copies every slice, hashes it and transforms every record to its schema; these hand slices and
records on as they are.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from airbyte_cdk.models import AirbyteStream, SyncMode
from airbyte_cdk.sources.streams.concurrent.default_stream import DefaultStream
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.streams.concurrent.partitions.partition_generator import PartitionGenerator
from airbyte_cdk.sources.types import Record

from source_intercom.streams.base import IntercomStream


class SlicePartition(Partition):
    """The records of one slice of a stream. Two partitions are the same only if they are one object."""

    def __init__(self, stream: IntercomStream, stream_slice: Mapping[str, Any] | None) -> None:
        self._stream = stream
        self._name = stream.name
        self._slice = stream_slice

    def read(self) -> Iterable[Record]:
        """The slice's records, with the slice, which cursors look at."""
        for record in self._stream.read_records(SyncMode.full_refresh, stream_slice=self._slice):
            yield Record(record, self._name, self._slice)  # type: ignore[arg-type]  # as in the CDK's own adapter

    def to_slice(self) -> Mapping[str, Any] | None:
        """The slice."""
        return self._slice

    def stream_name(self) -> str:
        """The name of the stream."""
        return self._name

    def __hash__(self) -> int:
        return id(self)


class SlicePartitions(PartitionGenerator):
    """A partition for each slice of a stream."""

    def __init__(self, stream: IntercomStream) -> None:
        self._stream = stream

    def generate(self) -> Iterable[Partition]:
        """The partitions, in the order of the slices."""
        for stream_slice in self._stream.stream_slices(sync_mode=SyncMode.full_refresh):
            yield SlicePartition(self._stream, stream_slice)


class StreamOfPartitions(DefaultStream):
    """A stream as the CDK reads it side by side.

    A full refresh is not resumable: one that was cut off begins again, whatever state it is given. The CDK declares all
    streams with a cursor resumable; Airbyte's platform would then keep the rows of the attempt that was cut off beside
    those of the next.
    """

    def as_airbyte_stream(self) -> AirbyteStream:
        """What discover says of the stream."""
        stream = super().as_airbyte_stream()
        stream.is_resumable = False
        return stream
