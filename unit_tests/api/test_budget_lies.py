"""Rate headers that lie, `Retry-After`, and refusals that no window explains."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
import requests

from source_intercom.api.budget import RateBudget
from unit_tests.api.meter import END, T0, Clock, Server, answer, ask, install, may_send

YEAR = 31_536_000


@pytest.mark.parametrize("told", [0, 150, 100_000])
@pytest.mark.parametrize("lies_first", [True, False])
def test_a_reset_far_ahead_blinds_for_no_longer_than_a_window(
    told: int, lies_first: bool, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget, server = install(clock, monkeypatch.setattr), Server(clock, limit=200)
    for number in range(1_200):
        budget.acquire_call(None)
        got = server.receive()
        if number == (0 if lies_first else 1):
            got = answer(left=told, reset=END + YEAR, limit=200)
        budget.update_from_response(None, got)
        clock.second += 0.01
    assert server.refused <= 3
    assert clock.second - T0 <= 80


def test_a_server_whose_clock_jumps_is_believed_after_a_window(budget: RateBudget, clock: Clock) -> None:
    ask(budget, answer(left=0))
    ask(budget, answer(left=100, reset=END + YEAR))
    assert clock.second == END
    assert may_send(budget)


def refusal(left: int | None = None, reset: int | None = None, status: int = 429, **headers: str) -> requests.Response:
    made = answer(left=left, reset=reset, status=status)
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return made


def held_for(budget: RateBudget, clock: Clock) -> float:
    began = clock.second
    budget.acquire_call(None)
    return clock.second - began


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("after", ["30", format_datetime(datetime.fromtimestamp(T0 + 30, UTC), usegmt=True)])
def test_retry_after_is_obeyed(status: int, after: str, budget: RateBudget, clock: Clock) -> None:
    ask(budget, refusal(status=status, Retry_After=after))
    assert held_for(budget, clock) == 30


@pytest.mark.parametrize("after", ["86400", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_retry_after_is_obeyed_for_a_minute_at_most(after: str, budget: RateBudget, clock: Clock) -> None:
    ask(budget, refusal(Retry_After=after))
    assert held_for(budget, clock) == 60


@pytest.mark.parametrize("after", ["", "soon", "-5", "1.5", "Thu, 99 Foo", "0", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_retry_after_that_makes_no_sense_holds_nothing(after: str, budget: RateBudget, clock: Clock) -> None:
    ask(budget, refusal(status=503, Retry_After=after))
    assert held_for(budget, clock) == 0


@pytest.mark.parametrize("told", [None, 150])
def test_a_429_with_much_left_of_the_window_pauses_shortly(told: int | None, budget: RateBudget, clock: Clock) -> None:
    ask(budget, answer(left=150))
    ask(budget, refusal(left=told))
    assert held_for(budget, clock) == 0.5
    assert may_send(budget)


def test_pauses_grow_while_one_follows_the_other(budget: RateBudget, clock: Clock) -> None:
    ask(budget, answer(left=150, reset=END + 6))
    held = []
    for _ in range(6):
        held.append(held_for(budget, clock))
        budget.update_from_response(None, refusal(left=150))
    assert held == [0, 0.5, 1, 2, 4, 8]
    budget.acquire_call(None)
    budget.update_from_response(None, answer(left=150, reset=END + 16))
    ask(budget, refusal(left=149))
    assert held_for(budget, clock) == 0.5


def test_many_refusals_at_once_are_one_pause(budget: RateBudget, clock: Clock) -> None:
    ask(budget, answer(left=150))
    assert all(may_send(budget) for _ in range(20))
    for _ in range(20):
        budget.update_from_response(None, refusal(left=130))
    assert held_for(budget, clock) == 0.5
