import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from airbyte_cdk.sources.streams.call_rate import CallRateLimitHit
from hypothesis import given, settings
from hypothesis import strategies as st

from source_intercom.api import budget as module
from source_intercom.api.budget import RateBudget
from unit_tests.builders import response

T0 = 1_700_000_000  # the start of a window
END = T0 + 10


@dataclass
class Clock:
    """Wall clock and monotonic clock; waiting moves them on. `skew` is what our wall clock is ahead of Intercom's."""

    second: float = float(T0)
    skew: float = 0.0
    waits: list[float] = field(default_factory=list)

    def time(self) -> float:
        return self.second + self.skew

    def monotonic(self) -> float:
        return self.second - T0 + 5_000

    def condition(self) -> Any:
        """A Condition on which nobody waits for real."""

        class Waiting:
            def __enter__(self) -> None: ...

            def __exit__(self, *_: object) -> None: ...

            def notify_all(self) -> None: ...

            def wait(waiting, seconds: float) -> None:  # noqa: N805 - self is the clock
                self.waits.append(seconds)
                self.second += max(seconds, 0.001)

        return Waiting()


def install(clock: Clock, patch: Callable[[Any, str, Any], None], **options: Any) -> RateBudget:
    patch(module, "time", clock)
    patch(module, "threading", SimpleNamespace(Condition=clock.condition))
    return RateBudget(**options)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def budget(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> RateBudget:
    return install(clock, monkeypatch.setattr)


def answer(
    left: int | None = None, reset: int | None = END + 6, limit: int = 166, status: int = 200
) -> requests.Response:
    made = response(status, {})
    made.headers["X-RateLimit-Limit"] = str(limit)
    if left is not None:
        made.headers["X-RateLimit-Remaining"] = str(left)
    if reset is not None:
        made.headers["X-RateLimit-Reset"] = str(reset)
    return made


def ask(budget: RateBudget, got: requests.Response) -> None:
    """One request and its answer."""
    budget.acquire_call(None)
    budget.update_from_response(None, got)


def may_send(budget: RateBudget) -> bool:
    """Whether a request may be sent now; if so it stays in flight."""
    try:
        budget.acquire_call(None, block=False)
    except CallRateLimitHit:
        return False
    return True


def test_nothing_is_held_before_the_first_answer(budget: RateBudget) -> None:
    assert all(may_send(budget) for _ in range(50))
    assert budget.requests == 50


def test_a_request_passes_while_more_is_left_than_is_in_flight(budget: RateBudget) -> None:
    ask(budget, answer(left=3))
    assert [may_send(budget) for _ in range(5)] == [True, True, True, False, False]


def test_an_answer_lets_the_next_request_go(budget: RateBudget) -> None:
    ask(budget, answer(left=1))
    assert may_send(budget)
    assert not may_send(budget)
    budget.update_from_response(None, answer(left=1))
    assert may_send(budget)


def test_a_request_without_an_answer_is_given_back(budget: RateBudget) -> None:
    ask(budget, answer(left=1))
    assert may_send(budget)
    budget.release()
    assert may_send(budget)


def test_the_first_request_of_a_window_does_not_count_itself(budget: RateBudget) -> None:
    ask(budget, answer(left=2, limit=2))
    assert [may_send(budget), may_send(budget)] == [True, False]


def test_what_is_left_never_grows_within_a_window(budget: RateBudget) -> None:
    for _ in range(2):
        assert may_send(budget)
    budget.update_from_response(None, answer(left=0))
    budget.update_from_response(None, answer(left=9))
    assert not may_send(budget)


def test_other_apps_share_the_workspaces_limit(budget: RateBudget) -> None:
    ask(budget, answer(left=100))
    ask(budget, answer(left=1))  # the others took 98
    assert [may_send(budget), may_send(budget)] == [True, False]


def test_what_other_apps_will_spend_while_ours_are_in_flight_is_left_to_them(budget: RateBudget) -> None:
    for left in range(200, 18, -2):  # another app spends as much as we do
        ask(budget, answer(left=left, limit=1000))
    assert sum(may_send(budget) for _ in range(20)) == 11


def test_answers_that_overtake_each_other_are_no_other_apps(budget: RateBudget) -> None:
    ask(budget, answer(left=60))
    assert all(may_send(budget) for _ in range(20))
    budget.update_from_response(None, answer(left=40))  # the last of them, and the first to be answered
    assert all(may_send(budget) for _ in range(19))


@pytest.mark.parametrize(("left", "times"), [(0, 0), (8, 0), (9, 1), (165, 1)])
def test_a_window_that_ends_unspent_is_told(
    left: int, times: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    budget = install(clock, monkeypatch.setattr, unspent=lambda: told.append(True))
    ask(budget, answer(left=165))
    ask(budget, answer(left=left))
    clock.second = END
    ask(budget, answer(left=165, reset=END + 16))
    ask(budget, answer(left=164, reset=END + 16))
    assert len(told) == times


def test_a_late_answer_from_the_last_window_changes_nothing(budget: RateBudget, clock: Clock) -> None:
    for _ in range(2):
        assert may_send(budget)
    clock.second = END + 1
    budget.update_from_response(None, answer(left=5, reset=END + 16))
    budget.update_from_response(None, answer(left=0))
    assert may_send(budget)


def test_a_late_429_from_the_last_window_changes_nothing(budget: RateBudget, clock: Clock) -> None:
    for _ in range(2):
        assert may_send(budget)
    clock.second = END + 1
    budget.update_from_response(None, answer(left=5, reset=END + 16))
    budget.update_from_response(None, answer(left=0, status=429))
    assert may_send(budget)
    assert budget.rate_limited == 1


@pytest.mark.parametrize("late", [0, 1, 6, 9])
def test_waiting_for_reset_wastes_a_third_of_the_time(late: int, budget: RateBudget, clock: Clock) -> None:
    clock.second = T0 + 4
    ask(budget, answer(left=0, reset=END + late))
    budget.acquire_call(None)
    assert clock.second == END


def test_a_used_up_window_is_waited_out_once(budget: RateBudget, clock: Clock) -> None:
    ask(budget, answer(left=0))
    ask(budget, answer(left=100, reset=END + 16))
    assert clock.waits == [10]


def test_while_a_window_does_not_turn_single_requests_probe_it(budget: RateBudget, clock: Clock) -> None:
    ask(budget, answer(left=0))
    clock.second = END
    assert [may_send(budget), may_send(budget)] == [True, False]
    clock.second += 0.5
    assert [may_send(budget), may_send(budget)] == [True, False]


def test_a_429_holds_everything_until_the_window_turns(budget: RateBudget, clock: Clock) -> None:
    clock.second = T0 + 3
    ask(budget, answer(left=None, status=429))
    assert not may_send(budget)
    clock.second = END
    assert may_send(budget)
    assert budget.rate_limited == 1


def test_a_429_without_headers_holds_everything_until_the_window_turns(budget: RateBudget, clock: Clock) -> None:
    clock.second = T0 + 3
    ask(budget, answer(reset=None, status=429))
    clock.second = END - 0.1
    assert not may_send(budget)
    clock.second = END
    assert may_send(budget)


def test_a_429_while_some_is_left_is_believed(budget: RateBudget) -> None:
    ask(budget, answer(left=50))
    ask(budget, answer(left=50, status=429))
    assert not may_send(budget)


@pytest.mark.parametrize("skew", [-86_400, -30, 30, 86_400])
def test_a_wrong_clock_waits_no_longer_than_a_window(skew: float, budget: RateBudget, clock: Clock) -> None:
    clock.skew = skew
    ask(budget, answer(left=0))
    budget.acquire_call(None)
    assert 0 < sum(clock.waits) <= 10


@pytest.mark.parametrize("header", ["", "soon", "-1", "1.5", "\u00b2"])
def test_headers_that_are_no_numbers_are_no_headers(header: str, budget: RateBudget) -> None:
    odd = answer(left=None)
    odd.headers["X-RateLimit-Remaining"] = header
    ask(budget, odd)
    assert all(may_send(budget) for _ in range(20))


def test_answers_without_headers_hold_nothing_back(budget: RateBudget) -> None:
    for _ in range(20):
        ask(budget, answer(left=None, reset=None))
    assert may_send(budget)


def test_an_answer_without_headers_does_not_open_a_used_up_window(budget: RateBudget) -> None:
    for _ in range(2):
        assert may_send(budget)
    budget.update_from_response(None, answer(left=0))
    budget.update_from_response(None, answer(left=None, reset=None, status=502))
    assert not may_send(budget)


@pytest.mark.parametrize(("status", "opens"), [(200, True), (502, False), (404, False)])
def test_a_probe_answered_without_headers_shows_whether_there_is_a_limit_any_more(
    status: int, opens: bool, budget: RateBudget, clock: Clock
) -> None:
    ask(budget, answer(left=0))
    clock.second = END
    ask(budget, answer(left=None, reset=None, status=status))
    assert may_send(budget) == opens


def test_a_refusal_says_how_long_to_wait(budget: RateBudget, clock: Clock) -> None:
    clock.second = T0 + 4
    ask(budget, answer(left=0))
    with pytest.raises(CallRateLimitHit) as hit:
        budget.acquire_call(None, block=False)
    assert hit.value.time_to_wait.total_seconds() == 6


def test_a_timeout_gives_up_when_it_has_passed(budget: RateBudget, clock: Clock) -> None:
    ask(budget, answer(left=0))
    with pytest.raises(CallRateLimitHit):
        budget.acquire_call(None, timeout=3)
    assert clock.second == T0 + 3
    assert budget.requests == 1


def test_a_timeout_longer_than_the_window_is_not_used_up(budget: RateBudget, clock: Clock) -> None:
    ask(budget, answer(left=0))
    budget.acquire_call(None, timeout=60)
    assert clock.second == END


def test_one_budget_holds_for_all_requests(budget: RateBudget) -> None:
    assert budget.get_matching_policy("any request") is None


def test_a_waiting_thread_goes_on_as_soon_as_an_answer_shows_a_new_window() -> None:
    budget = RateBudget()
    for _ in range(2):
        budget.acquire_call(None)
    far = 4_102_444_800
    budget.update_from_response(None, answer(left=0, reset=far + 6))
    passed = threading.Event()

    def wait() -> None:
        budget.acquire_call(None)
        passed.set()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    assert not passed.is_set()
    budget.update_from_response(None, answer(left=9, reset=far + 16))
    thread.join(9)
    assert passed.is_set()


@dataclass
class Server:
    """Intercom's meter: windows of ten seconds; `Remaining` with or without the request itself, `Reset` late."""

    clock: Clock
    limit: int
    others: int = 0
    late: int = 6
    counts_itself: bool = True
    window: int = 0
    used: int = 0
    refused: int = 0

    def receive(self) -> requests.Response:
        window = int(self.clock.second) // 10 * 10
        if window != self.window:
            self.window, self.used = window, self.others
        reset = window + 10 + self.late
        if self.used >= self.limit:
            self.refused += 1
            return answer(left=0, reset=reset, limit=self.limit, status=429)
        before = self.limit - self.used
        self.used += 1
        first = self.used == 1
        left = before - 1 if self.counts_itself and not first else before
        return answer(left=left, reset=reset, limit=self.limit)


servers = st.fixed_dictionaries(
    {
        "limit": st.integers(5, 60),
        "late": st.integers(0, 6),
        "counts_itself": st.booleans(),
    }
)


@given(servers, st.integers(1, 300), st.floats(0, 9.9))
def test_one_worker_spends_what_the_headers_allow(options: dict[str, Any], requests_: int, begin: float) -> None:
    clock = Clock(T0 + begin)
    server = Server(clock, **options)
    with pytest.MonkeyPatch.context() as patch:
        budget = install(clock, patch.setattr)
        while budget.requests - budget.rate_limited < requests_:
            budget.acquire_call(None)
            budget.update_from_response(None, server.receive())
    # Where only the first answer of a window leaves its own request out, one request of each is left unspent.
    windows = (requests_ - 1) // (server.limit - server.counts_itself)
    assert clock.second <= max(T0 + begin, T0 + windows * 10 + (windows > 0) * 0.5)
    assert server.refused <= windows  # at most one a window, and none where Remaining counts the request itself
    if server.counts_itself:
        assert server.refused == 0


@settings(max_examples=50)
@given(servers, st.integers(1, 8), st.integers(0, 4), st.data())
def test_workers_side_by_side_never_overrun_a_window(
    options: dict[str, Any], workers: int, others: int, data: st.DataObject
) -> None:
    clock = Clock(T0 + 1.0)
    server = Server(clock, others=others, **options)
    with pytest.MonkeyPatch.context() as patch:
        budget = install(clock, patch.setattr)
        ask(budget, server.receive())
        for _ in range(60):
            flying: list[requests.Response] = []
            while len(flying) < workers and may_send(budget):
                flying.append(server.receive())
            for got in data.draw(st.permutations(flying)):
                budget.update_from_response(None, got)
            if not flying:
                clock.second += 0.25
    assert server.refused <= (clock.second - T0) // 0.5 + 1
    if server.counts_itself and not others:
        assert server.refused == 0
