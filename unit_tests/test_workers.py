import threading

import pytest

from source_intercom import workers as module
from source_intercom.workers import Workers


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST", 3)
    monkeypatch.setattr(module, "STEP", 2)


def busy(workers: Workers, tasks: int, expected: int) -> int:
    """How many of some tasks, of which none ends before, are worked on at the same time; waits for those expected."""
    working, end = threading.Semaphore(0), threading.Event()

    def work() -> None:
        working.release()
        end.wait(9)

    for _ in range(tasks):
        workers.submit(work)
    count = sum(working.acquire(timeout=9) for _ in range(expected)) + working.acquire(timeout=0.2)
    end.set()
    return count


def test_workers_that_do_not_spend_the_limit_become_more_up_to_the_most() -> None:
    with Workers(6) as workers:
        assert busy(workers, 9, 3) == 3
        for expected in (5, 6, 6):
            workers.grow()
            assert busy(workers, 9, expected) == expected


def test_no_more_workers_than_asked_for() -> None:
    with Workers(2) as workers:
        workers.grow()
        assert busy(workers, 5, 2) == 2
