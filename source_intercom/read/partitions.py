"""The partitions of a stream as the CDK reads them side by side.

The CDK's own adapter copies every slice, hashes it and transforms every record to its schema; these hand slices and
records on as they are.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.streams.concurrent.partitions.partition_generator import PartitionGenerator
from airbyte_cdk.sources.types import Record

from source_intercom.read.family import Family
from source_intercom.read.member import Member, Task
from source_intercom.report import Reports


class TaskPartition(Partition):
    """One task of a family's. Two partitions are the same only if they are one object."""

    def __init__(self, name: str, task: Task, reports: Reports) -> None:
        self._name = name
        self._task = task
        self._reports = reports

    def read(self) -> Iterable[Record]:
        """The task's records, of whichever of the family's streams they are."""
        try:
            for name, row in self._task.read():
                yield Record(row, name)
        finally:
            self._reports.read(self._name)

    def to_slice(self) -> Mapping[str, Any] | None:
        """What the cursor closes."""
        return self._task.stream_slice

    def stream_name(self) -> str:
        """The name of the stream whose states and end the partition belongs to."""
        return self._name

    def __hash__(self) -> int:
        return id(self)


class TaskPartitions(PartitionGenerator):
    """A partition for each task of a member."""

    def __init__(self, family: Family, member: Member, reports: Reports) -> None:
        self._family = family
        self._member = member
        self._reports = reports

    def generate(self) -> Iterable[Partition]:
        """The partitions, in the order of the tasks."""
        name = self._member.name
        with self._reports.finding(name):
            for task in self._family.tasks(self._member):
                self._reports.found(name)
                yield TaskPartition(name, task, self._reports)
