import threading

import pytest
import requests
from airbyte_cdk.sources.streams.call_rate import CallRateLimitHit

from source_intercom.api.budget import RateBudget
from unit_tests.api.meter import END, T0, Clock, answer, ask, may_send


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
    ask(budget, answer(left=10))  # the others took 89, all at once
    assert [may_send(budget), may_send(budget)] == [True, False]


def test_what_other_apps_will_spend_while_ours_are_in_flight_is_left_to_them(budget: RateBudget) -> None:
    for left in range(200, 18, -2):  # another app spends as much as we do
        ask(budget, answer(left=left, limit=1000))
    assert sum(may_send(budget) for _ in range(20)) == 11


def test_the_end_of_a_window_is_left_to_other_apps_with_nothing_in_flight_too(budget: RateBudget, clock: Clock) -> None:
    ask(budget, answer(left=60, limit=1000))
    assert all(may_send(budget) for _ in range(20))
    for left in range(58, 18, -2):  # another app spends as much as we do
        budget.update_from_response(None, answer(left=left, limit=1000))
    assert not may_send(budget)
    clock.second = END
    for left in (60, 50):
        ask(budget, answer(left=left, reset=END + 16, limit=10_000))
    assert may_send(budget)


def test_answers_that_overtake_each_other_are_no_other_apps(budget: RateBudget) -> None:
    ask(budget, answer(left=60))
    assert all(may_send(budget) for _ in range(20))
    budget.update_from_response(None, answer(left=40))  # the last of them, and the first to be answered
    assert all(may_send(budget) for _ in range(19))


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
    assert budget.usage.refused == 1


@pytest.mark.parametrize("late", [0, 1, 6, 9])
def test_a_used_up_window_is_waited_for_to_its_end_and_not_to_a_later_reset(
    late: int, budget: RateBudget, clock: Clock
) -> None:
    """The symptom without it: waiting for the reset wastes a third of the time."""
    clock.second = T0 + 4
    ask(budget, answer(left=0, reset=END + late))
    budget.acquire_call(None)
    assert clock.second == END


def test_a_used_up_window_is_waited_out_once(budget: RateBudget, clock: Clock) -> None:
    ask(budget, answer(left=0))
    ask(budget, answer(left=100, reset=END + 16))
    assert sum(clock.waits) == 10


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
    assert budget.usage.refused == 1


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
    budget = RateBudget(2)
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


@pytest.mark.parametrize(("left", "is_held"), [(None, False), (900, False), (0, True)])
def test_jobs_of_others_hold_up_no_request_but_a_used_up_limit_does(left: int | None, is_held: bool) -> None:
    """Both are answered 429, with one code: all streams stood still while one waited for an export."""
    budget = RateBudget(10)
    request = requests.Request("POST", "https://api.intercom.io/export/content/data").prepare()
    budget.acquire_call(request)
    answer = requests.Response()
    answer.status_code = 429
    if left is not None:
        answer.headers.update({"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": str(left)})
    budget.update_from_response(request, answer)
    if is_held:
        with pytest.raises(CallRateLimitHit):
            budget.acquire_call(request, block=False)
    else:
        budget.acquire_call(request, block=False)
