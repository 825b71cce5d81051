import pytest

from source_intercom.read.open_partitions import OpenPartitions


@pytest.fixture
def partitions() -> OpenPartitions:
    """Those of a stream two of which are about to be read."""
    partitions = OpenPartitions()
    partitions.register()
    partitions.register()
    return partitions


def test_a_failed_partition_fails_the_read(partitions: OpenPartitions) -> None:
    with pytest.raises(ValueError, match="first"), partitions.partition():
        raise ValueError("first")
    assert partitions.failed


def test_only_the_first_failure_is_told(partitions: OpenPartitions) -> None:
    with pytest.raises(ValueError, match="first"), partitions.partition():
        raise ValueError("first")
    with partitions.partition():
        raise ValueError("second")
    assert partitions.open == 0


def test_a_partition_that_is_read_fails_nothing(partitions: OpenPartitions) -> None:
    with partitions.partition():
        pass
    assert not partitions.failed


def test_the_last_words_are_said_once_when_all_is_read(partitions: OpenPartitions) -> None:
    partitions.undelivered("a row")
    for _ in range(2):
        assert partitions.last_words() is None
        with partitions.partition():
            pass
    assert partitions.last_words() is None
    partitions.all_registered()
    assert partitions.last_words() == ["a row"]
    assert partitions.last_words() is None


def test_who_failed_has_no_last_words(partitions: OpenPartitions) -> None:
    partitions.undelivered("a row")
    partitions.all_registered()
    with pytest.raises(ValueError, match="first"), partitions.partition():
        raise ValueError("first")
    with partitions.partition():
        pass
    assert partitions.last_words() is None
