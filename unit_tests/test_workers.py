import threading

import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.ending import Ended
from source_intercom.workers import Workers


def unexpected(error: BaseException) -> None:
    raise AssertionError from error


def test_as_many_tasks_as_asked_for_are_done_side_by_side() -> None:
    working, end = threading.Semaphore(0), threading.Event()

    def work() -> None:
        working.release()
        end.wait(30)

    with Workers(3, failed=unexpected) as workers:
        for _ in range(5):
            workers.submit(work)
        assert all(working.acquire(timeout=30) for _ in range(3))
        assert not working.acquire(timeout=0.2)
        end.set()


@pytest.mark.parametrize("error", [MemoryError(), Ended(), KeyError()], ids=lambda error: type(error).__name__)
def test_an_error_that_a_task_tells_nobody_is_told(error: BaseException) -> None:
    told: list[BaseException] = []

    def fail() -> None:
        raise error

    with Workers(2, failed=told.append) as workers:
        workers.submit(fail)
        workers.submit(str)
    assert told == [error]


def test_tasks_that_are_cancelled_are_no_error() -> None:
    end = threading.Event()
    with Workers(1, failed=unexpected) as workers:
        workers.submit(end.wait, 30)
        waits = workers.submit(str)
        workers.shutdown(wait=False, cancel_futures=True)
        assert waits.cancelled()
        end.set()


def test_a_thread_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with (
        pytest.raises(AirbyteTracedException, match="start no more threads"),
        Workers(1, failed=unexpected) as workers,
    ):
        workers.submit(str)
