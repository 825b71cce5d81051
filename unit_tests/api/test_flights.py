import threading

import pytest

from source_intercom.api import flights as module
from source_intercom.api.flights import Flights


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST", 3)
    monkeypatch.setattr(module, "STEP", 2)


def begin(flights: Flights, threads: int) -> tuple[threading.Semaphore, threading.Event]:
    """Threads that take off when there is room, and land when told; the semaphore counts those that took off."""
    away, land = threading.Semaphore(0), threading.Event()

    def fly() -> None:
        with flights:
            away.release()
            land.wait(9)

    for _ in range(threads):
        threading.Thread(target=fly, daemon=True).start()
    return away, land


def took_off(away: threading.Semaphore) -> int:
    """How many take off within a moment."""
    count = 0
    while away.acquire(timeout=0.2):
        count += 1
    return count


def test_no_more_than_there_is_room_for_are_on_their_way_at_once() -> None:
    away, land = begin(Flights(9), 9)
    assert took_off(away) == 3
    land.set()
    assert took_off(away) == 6


def test_what_does_not_spend_the_limit_gets_more_room_up_to_the_most() -> None:
    flights = Flights(6)
    away, land = begin(flights, 9)
    assert took_off(away) == 3
    for more in (2, 1, 0):
        flights.widen()
        assert took_off(away) == more
    land.set()


def test_few_threads_need_no_more_room_than_they_are() -> None:
    flights = Flights(2)
    flights.widen()
    away, land = begin(flights, 5)
    assert took_off(away) == 2
    land.set()


def test_an_error_makes_room() -> None:
    flights = Flights(1)
    with pytest.raises(ValueError, match="lost"), flights:
        raise ValueError("lost")
    away, land = begin(flights, 1)
    assert took_off(away) == 1
    land.set()
