from collections.abc import Iterator

import pytest

from source_intercom.read.member import Row, Task
from source_intercom.read.partitions import TaskPartitions
from source_intercom.streams.context import StreamContext
from source_intercom.streams.workspace import Tags

SLICES = [{"start": 1, "end": 5}, {"start": 5, "end": 9}]
ROWS: list[Row] = [("tags", {"id": "1"}), ("teams", {"id": "2"})]


class Tasks:
    """A family with two slices and the same rows in each."""

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails

    def tasks(self, member: object) -> Iterator[Task]:
        """A task for each slice."""
        return (Task(stream_slice, self.rows) for stream_slice in SLICES)

    def rows(self) -> Iterator[Row]:
        """The rows of each."""
        if self.fails:
            raise LookupError
        return iter(ROWS)


def partitions_of(context: StreamContext, family: Tasks) -> TaskPartitions:
    return TaskPartitions(family, Tags(context), context.reports)  # type: ignore[arg-type]


def test_slices_and_rows_are_handed_on_as_they_are(context: StreamContext) -> None:
    partitions = list(partitions_of(context, Tasks()).generate())
    for partition, stream_slice in zip(partitions, SLICES, strict=True):
        assert partition.to_slice() is stream_slice
        assert partition.stream_name() == "tags"
        for record, (name, row) in zip(partition.read(), ROWS, strict=True):
            assert record.data is row
            assert record.stream_name == name


def test_partitions_with_equal_slices_are_two(context: StreamContext) -> None:
    first, second = [next(iter(partitions_of(context, Tasks()).generate())) for _ in range(2)]
    assert len({first, second}) == 2


def test_a_stream_is_being_read_from_its_first_partition_to_the_end_of_its_last(context: StreamContext) -> None:
    reading = context.reports.reading
    assert not reading()
    partitions = []
    for partition in partitions_of(context, Tasks()).generate():
        assert reading()
        partitions.append(partition)
    for number, partition in enumerate(partitions):
        assert reading()["tags"].partitions == number
        for _ in partition.read():
            assert reading()
    assert not reading()


def test_a_partition_that_fails_is_not_being_read_any_more(context: StreamContext) -> None:
    for partition in list(partitions_of(context, Tasks(fails=True)).generate()):
        with pytest.raises(LookupError):
            list(partition.read())
    assert not context.reports.reading()
