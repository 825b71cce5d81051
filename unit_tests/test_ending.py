import threading
from collections.abc import Callable
from functools import partial
from queue import Full
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.ending import ClosableQueue, Ended, starting_threads


class Waiting(threading.Thread):
    """A thread that does one thing; its outcome is what it returned or raised."""

    def __init__(self, task: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._task = task
        self.outcome: Any = None
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self._task()
        except BaseException as error:
            self.outcome = error

    def ended(self) -> Any:
        """The outcome; waits for it, not for ever."""
        self.join(30)
        assert not self.is_alive()
        return self.outcome


@given(st.lists(st.integers(), max_size=9))
def test_items_come_out_in_the_order_in_which_they_went_in(items: list[int]) -> None:
    queue = ClosableQueue[int](9)
    for item in items:
        queue.put(item)
    assert [queue.get() for _ in items] == items
    assert queue.empty()


def test_who_puts_waits_for_room_and_who_takes_for_an_item() -> None:
    queue = ClosableQueue[int](1)
    taking = Waiting(queue.get)
    queue.put(1)
    assert taking.ended() == 1
    queue.put(2)
    putting = Waiting(lambda: queue.put(3))
    assert [queue.get(), queue.get()] == [2, 3]
    assert putting.ended() is None


def test_all_who_wait_for_room_get_it_however_few_of_them_are_woken() -> None:
    queue = ClosableQueue[tuple[int, int]](4)

    def put_five(thread: int) -> None:
        for number in range(5):
            queue.put((thread, number))

    putting = [Waiting(partial(put_five, thread)) for thread in range(6)]
    taking = Waiting(lambda: [queue.get() for _ in range(30)])
    taken = taking.ended()
    assert [each.ended() for each in putting] == [None] * 6
    for thread in range(6):
        assert [item for item in taken if item[0] == thread] == [(thread, number) for number in range(5)]


def test_who_does_not_wait_is_told_that_there_is_no_room() -> None:
    queue = ClosableQueue[int](1)
    queue.put(1, block=False)
    with pytest.raises(Full):
        queue.put(2, block=False)


def test_closing_wakes_all_that_wait_and_drops_what_waits() -> None:
    full, empty = ClosableQueue[int](1), ClosableQueue[int](1)
    full.put(1)
    putting = [Waiting(lambda: full.put(2)) for _ in range(3)]
    taking = Waiting(empty.get)
    for queue in (full, empty):
        queue.close(KeyboardInterrupt())
    assert {type(each.ended()) for each in [*putting, taking]} == {Ended}
    assert full.empty()


def test_a_closed_queue_stays_closed_and_the_first_reason_counts() -> None:
    queue = ClosableQueue[int](9)
    queue.close(ValueError("first"))
    queue.close(ValueError("second"))
    with pytest.raises(Ended):
        queue.put(1)
    for _ in range(2):
        with pytest.raises(Ended):
            queue.get()
    assert str(queue.reason) == "first"


def test_that_no_thread_can_be_started_is_told_with_what_to_do() -> None:
    with pytest.raises(AirbyteTracedException, match="start no more threads") as error, starting_threads():
        raise RuntimeError("can't start new thread")
    assert error.value.failure_type == FailureType.config_error
