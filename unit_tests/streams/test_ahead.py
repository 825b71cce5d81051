import threading
from collections.abc import Iterator

import pytest

from source_intercom.streams.ahead import read_ahead


def numbers(begin: int, count: int = 3) -> Iterator[int]:
    yield from range(begin, begin + count)


def test_items_come_in_the_order_of_their_sources() -> None:
    sources = (numbers(begin) for begin in range(0, 60, 3))
    assert list(read_ahead(sources, 4)) == list(range(60))


def test_without_sources_there_are_no_items() -> None:
    assert list(read_ahead(iter(()), 3)) == []


def test_sources_that_follow_are_read_meanwhile() -> None:
    read = threading.Event()

    def first() -> Iterator[int]:
        yield 1
        assert read.wait(9), "nobody reads the second one"
        yield 2

    def second() -> Iterator[int]:
        yield 3
        read.set()

    assert list(read_ahead(iter([first(), second()]), 2)) == [1, 2, 3]


def test_no_more_sources_than_asked_for_are_ahead() -> None:
    begun = threading.Semaphore(0)

    def source(number: int) -> Iterator[int]:
        begun.release()
        yield number

    items = read_ahead((source(number) for number in range(20)), 2)
    for taken in range(20):
        assert next(items) == taken
        expected = 3 if taken == 0 else 1 if taken < 18 else 0
        assert all(begun.acquire(timeout=9) for _ in range(expected))
        assert not begun.acquire(timeout=0.05)
    assert list(items) == []


def test_an_error_in_a_source_ends_them_all_and_is_raised() -> None:
    begun: list[int] = []

    def source(number: int) -> Iterator[int]:
        begun.append(number)
        yield number
        if number == 1:
            raise ValueError("lost")

    with pytest.raises(ValueError, match="lost"):
        list(read_ahead((source(number) for number in range(100)), 2))
    assert len(begun) < 10


def test_an_error_while_asking_for_a_source_is_raised() -> None:
    def sources() -> Iterator[Iterator[int]]:
        yield numbers(0)
        raise ValueError("lost")

    items: list[int] = []
    with pytest.raises(ValueError, match="lost"):
        items.extend(read_ahead(sources(), 3))


def test_who_takes_no_more_items_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    endless = (iter(range(begin, begin + 10**9)) for begin in range(100))
    items = read_ahead(endless, 3)
    assert [next(items), next(items)] == [0, 1]
    items.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
