import threading

import pytest

from source_intercom.read.open_partitions import Progress


def test_a_failed_partition_fails_the_read() -> None:
    progress = Progress()
    progress.opened()
    with pytest.raises(ValueError, match="first"), progress.reading():
        raise ValueError("first")
    assert progress.failed


def test_only_the_first_failure_is_told() -> None:
    progress = Progress()
    progress.opened()
    progress.opened()
    with pytest.raises(ValueError, match="first"), progress.reading():
        raise ValueError("first")
    with progress.reading():
        raise ValueError("second")


def test_a_partition_that_is_read_fails_nothing() -> None:
    progress = Progress()
    progress.opened()
    with progress.reading():
        pass
    assert not progress.failed


def waiting(progress: Progress) -> threading.Thread:
    """A partition that waits for the others, in a thread of its own."""

    def wait() -> None:
        with progress.reading():
            progress.wait_for_others(own=1)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def test_the_last_partition_waits_for_the_others() -> None:
    progress = Progress()
    for _ in range(3):
        progress.opened()
    thread = waiting(progress)
    with progress.reading():
        pass
    assert thread.is_alive()
    with progress.reading():
        pass
    thread.join(9)
    assert not thread.is_alive()


def test_a_failure_ends_the_waiting() -> None:
    progress = Progress()
    for _ in range(3):
        progress.opened()
    thread = waiting(progress)
    with pytest.raises(ValueError, match="first"), progress.reading():
        raise ValueError("first")
    thread.join(9)
    assert not thread.is_alive()


def test_a_partition_alone_waits_for_nobody() -> None:
    progress = Progress()
    progress.opened()
    thread = waiting(progress)
    thread.join(9)
    assert not thread.is_alive()
