"""How many requests are in flight at the same time, whoever sends them, and how waiting for one to be answered ends."""

import threading

import pytest

from source_intercom.api import budget as module
from source_intercom.api.budget import RateBudget
from source_intercom.ending import Ended
from unit_tests.api.meter import END, Clock, answer, ask, may_send


@pytest.fixture
def few(budget: RateBudget, monkeypatch: pytest.MonkeyPatch) -> RateBudget:
    """A budget of at most six in flight, three of them at first."""
    monkeypatch.setattr(module, "FIRST", 3)
    monkeypatch.setattr(module, "STEP", 2)
    return RateBudget(6)


def in_flight(budget: RateBudget) -> int:
    """How many may be in flight; none of them stays."""
    count = 0
    while may_send(budget):
        count += 1
        assert count < 99
    for _ in range(count):
        budget.release()
    return count


def test_no_more_are_in_flight_than_asked_for(budget: RateBudget) -> None:
    few = RateBudget(2)
    assert [may_send(few) for _ in range(3)] == [True, True, False]
    few.release()
    assert [may_send(few) for _ in range(2)] == [True, False]


@pytest.mark.parametrize(("left", "more"), [(0, 3), (8, 3), (9, 5), (165, 5)])
def test_more_are_in_flight_once_a_window_ends_unspent(left: int, more: int, few: RateBudget, clock: Clock) -> None:
    assert in_flight(few) == 3
    for each in (165, left):
        ask(few, answer(left=each))
    clock.second = END
    ask(few, answer(left=165, reset=END + 16))
    assert in_flight(few) == more


def test_there_are_never_more_than_the_most(few: RateBudget, clock: Clock) -> None:
    for window in range(9):
        clock.second = END + 10 * window
        ask(few, answer(left=165, reset=END + 16 + 10 * window))
    assert in_flight(few) == 6


def test_each_answer_lets_one_of_many_that_wait_go_and_closing_ends_all() -> None:
    budget = RateBudget(2)
    sent, ended = threading.Semaphore(0), threading.Semaphore(0)

    def send() -> None:
        try:
            budget.acquire_call(None)
        except Ended:
            ended.release()
        else:
            sent.release()

    threads = [threading.Thread(target=send, daemon=True) for _ in range(9)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        assert sent.acquire(timeout=30)
        budget.update_from_response(None, answer(left=1000))
    assert all(sent.acquire(timeout=30) for _ in range(2))
    assert not sent.acquire(timeout=0.2)
    budget.close()
    assert all(ended.acquire(timeout=30) for _ in range(3))
    with pytest.raises(Ended):
        budget.acquire_call(None)


def test_closing_ends_the_wait_for_a_window_too() -> None:
    budget = RateBudget(2)
    ask(budget, answer(left=0, reset=4_102_444_800))
    ended = threading.Event()

    def send() -> None:
        with pytest.raises(Ended):
            budget.acquire_call(None)
        ended.set()

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    budget.close()
    assert ended.wait(30)
    thread.join(30)
