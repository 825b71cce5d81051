from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from source_intercom.streams.partitions import SlicePartitions

from source_intercom.streams.base import Record, StreamContext
from source_intercom.streams.workspace import Tags

SLICES = [{"start": 1, "end": 5}, {"start": 5, "end": 9}]
RECORDS = [{"id": "1"}, {"id": "2"}]


@pytest.fixture
def stream(context: StreamContext, monkeypatch: pytest.MonkeyPatch) -> Tags:
    """A stream with two slices and the same records in each."""

    def read_records(_: object, stream_slice: Mapping[str, Any]) -> Iterable[Record]:
        assert any(stream_slice is one for one in SLICES)
        return iter(RECORDS)

    stream = Tags(context)
    monkeypatch.setattr(stream, "stream_slices", lambda **_: iter(SLICES))
    monkeypatch.setattr(stream, "read_records", read_records)
    return stream


def test_slices_and_records_are_handed_on_as_they_are(stream: Tags) -> None:
    partitions = list(SlicePartitions(stream).generate())
    assert [partition.to_slice() for partition in partitions] == SLICES
    for partition, stream_slice in zip(partitions, SLICES, strict=True):
        for record, expected in zip(partition.read(), RECORDS, strict=True):
            assert record.data is expected
            assert id(record.associated_slice) == id(stream_slice)
            assert record.stream_name == partition.stream_name() == "tags"


def test_partitions_with_equal_slices_are_two(stream: Tags) -> None:
    first, second = [next(iter(SlicePartitions(stream).generate())) for _ in range(2)]
    assert len({first, second}) == 2


def test_a_stream_is_being_read_from_its_first_partition_to_the_end_of_its_last(stream: Tags) -> None:
    reading = stream.context.reports.reading
    assert not reading()
    partitions = []
    for partition in SlicePartitions(stream).generate():
        assert reading()
        partitions.append(partition)
    for number, partition in enumerate(partitions):
        assert reading()["tags"].partitions == number
        for _ in partition.read():
            assert reading()
    assert not reading()


def test_a_partition_that_fails_is_not_being_read_any_more(stream: Tags, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Iterable[Record]:
        raise LookupError

    monkeypatch.setattr(stream, "read_records", fail)
    for partition in list(SlicePartitions(stream).generate()):
        with pytest.raises(LookupError):
            list(partition.read())
    assert not stream.context.reports.reading()
