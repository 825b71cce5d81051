from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from source_intercom.streams.base import Record, StreamContext
from source_intercom.streams.partitions import SlicePartitions
from source_intercom.streams.reference import Tags

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
