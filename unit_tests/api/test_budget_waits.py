"""What a request that waits for the rate limit says, and what it leaves behind when it waits no longer."""

import threading
from collections.abc import Sequence
from queue import SimpleQueue

import pytest
from airbyte_cdk.sources.streams.call_rate import CallRateLimitHit

from source_intercom.api import budget as module
from source_intercom.api.budget import RateBudget
from source_intercom.api.turns import SENDER
from unit_tests.api.meter import END, Clock, answer, ask, may_send

FAR = 4_102_444_806
"""The reset of a window that does not end in a test."""


def test_a_request_that_gave_up_takes_no_turn(budget: RateBudget, clock: Clock) -> None:
    ask(budget, answer(left=0))
    with pytest.raises(CallRateLimitHit):
        budget.acquire_call(None, timeout=3)
    clock.second = END
    assert may_send(budget)


def test_a_listener_that_ends_the_wait_leaves_nothing_behind(budget: RateBudget, clock: Clock) -> None:
    def end(*_: object) -> None:
        raise SystemExit

    budget.waiting = end
    ask(budget, answer(left=0))
    with pytest.raises(SystemExit):
        budget.acquire_call(None)
    budget.waiting = lambda *_: None
    ask(budget, answer(left=1, reset=END + 16))
    assert may_send(budget)


def test_a_long_wait_is_told_with_the_time_that_is_left_of_it(budget: RateBudget) -> None:
    told: list[tuple[str, list[str], float]] = []
    budget.waiting = lambda sender, senders, seconds: told.append((sender, list(senders), seconds))
    ask(budget, answer(left=0))
    token = SENDER.set("tags")
    budget.acquire_call(None)
    SENDER.reset(token)
    assert told == [("tags", ["tags"], 7), ("tags", ["tags"], 4), ("tags", ["tags"], 1)]


def test_the_short_pause_at_the_end_of_a_window_is_not_told(budget: RateBudget, clock: Clock) -> None:
    told: list[object] = []
    budget.waiting = lambda *what: told.append(what)
    clock.second = END - 2.5
    ask(budget, answer(left=0))
    budget.acquire_call(None)
    assert clock.second == END
    assert told == []


def test_others_go_on_while_a_wait_is_told(budget: RateBudget) -> None:
    budget.waiting = lambda *_: budget.update_from_response(None, answer(left=9, reset=END + 16))
    for _ in range(2):
        assert may_send(budget)
    budget.update_from_response(None, answer(left=0))
    budget.acquire_call(None)
    assert budget.requests == 3


def test_streams_take_turns_when_the_limit_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    monkeypatch.setattr(module, "WINDOW_SECONDS", 600)
    budget = RateBudget(100)
    for _ in range(4):
        budget.acquire_call(None)
    budget.update_from_response(None, answer(left=0, reset=FAR))
    wait: SimpleQueue[str] = SimpleQueue()
    go: SimpleQueue[str] = SimpleQueue()
    known: set[int] = set()

    def note(sender: str, senders: Sequence[str], seconds: float) -> None:
        if threading.get_ident() not in known:
            known.add(threading.get_ident())
            wait.put(sender)

    def send(sender: str) -> None:
        SENDER.set(sender)
        budget.acquire_call(None)
        go.put(sender)

    budget.waiting = note
    for sender in ("parts", "parts", "parts", "tags"):
        threading.Thread(target=send, args=(sender,), daemon=True).start()
        assert wait.get(timeout=30) == sender
    went = []
    for _ in range(3):
        budget.update_from_response(None, answer(left=3, reset=FAR + 600))
        went.append(go.get(timeout=30))
    assert went == ["parts", "tags", "parts"]
