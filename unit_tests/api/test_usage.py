"""What is told of the rate limit: how much of each window was whose, and who waited for it."""

import pytest

from source_intercom.api import usage as module
from source_intercom.api.budget import RateBudget
from source_intercom.api.turns import SENDER
from source_intercom.api.usage import MOST, Span, Usage
from unit_tests.api.meter import END, T0, Clock, Server, answer, ask


@pytest.fixture
def used(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Usage:
    """A usage by the clock of the tests."""
    monkeypatch.setattr(module, "time", clock)
    return Usage()


@pytest.fixture
def metered(budget: RateBudget, used: Usage) -> RateBudget:
    """A budget that keeps it."""
    budget.usage = used
    return budget


def test_nothing_is_told_before_the_first_answer(used: Usage) -> None:
    assert used.spans() == (10, [])
    assert used.waits() == (0, {})


def test_each_window_tells_what_we_sent_and_what_others_spent(clock: Clock, metered: RateBudget) -> None:
    server = Server(clock, limit=50, others=7)
    for begins, requests in ((T0 + 1, 20), (END + 4, 30)):
        clock.second = begins
        for _ in range(requests):
            ask(metered, server.receive())
    assert metered.usage.spans() == (10, [Span(T0, 50, 20, 7, 0), Span(END, 50, 30, 7, 0)])


@pytest.mark.parametrize("counts_itself", [True, False])
def test_what_we_spend_is_not_taken_for_others(clock: Clock, metered: RateBudget, counts_itself: bool) -> None:
    server = Server(clock, limit=20, counts_itself=counts_itself)
    for _ in range(10):
        ask(metered, server.receive())
    (span,) = metered.usage.spans()[1]
    assert (span.sent, span.by_others) == (10, 0)


def test_an_answer_that_comes_late_counts_in_its_own_window(clock: Clock, metered: RateBudget) -> None:
    for _ in range(3):
        metered.acquire_call(None)
    metered.update_from_response(None, answer(left=164))
    clock.second = END + 1
    metered.update_from_response(None, answer(left=165, reset=END + 16))
    metered.update_from_response(None, answer(left=164))
    assert [span.sent for span in metered.usage.spans()[1]] == [2, 1]


def test_a_429_is_no_request_that_was_let_through(clock: Clock, metered: RateBudget) -> None:
    ask(metered, answer(left=1))
    ask(metered, answer(left=0, status=429))
    assert metered.usage.spans() == (10, [Span(T0, 166, 1, 165, 1)])
    assert metered.usage.refused == 1


def test_without_a_word_on_the_limit_requests_are_told_by_our_clock(clock: Clock, metered: RateBudget) -> None:
    silent = answer(left=None, reset=None)
    del silent.headers["X-RateLimit-Limit"]
    for second in (T0 + 3, T0 + 4, END + 2):
        clock.second = second
        ask(metered, silent)
    assert metered.usage.spans() == (10, [Span(T0, 0, 2), Span(END, 0, 1)])


def test_an_answer_without_a_word_on_the_limit_counts_in_the_window_that_the_next_one_names(
    clock: Clock, metered: RateBudget
) -> None:
    silent = answer(left=None, reset=None, status=500)
    ask(metered, silent)
    ask(metered, answer(left=160))
    ask(metered, silent)
    assert metered.usage.spans() == (10, [Span(T0, 166, 3, 3)])


@pytest.mark.parametrize("skew", [-3, 0, 3])
def test_windows_stay_apart_whatever_our_clock_says(clock: Clock, metered: RateBudget, skew: int) -> None:
    server = Server(clock, limit=50)
    clock.skew = skew
    for number in range(4):
        clock.second = T0 + 10 * number + (5 if number == 0 else 0)
        ask(metered, server.receive())
    begins = [span.begins for span in metered.usage.spans()[1]]
    assert [second - begins[0] for second in begins] == [0, 10, 20, 30]


def test_a_limit_whose_windows_turn_with_every_answer_does_not_run_ahead_of_the_clock(used: Usage) -> None:
    for reset in range(T0, T0 + 500):
        used.answered(reset, reset, 10, 5, False)
    length, spans = used.spans()
    assert length == 10
    assert spans[-1].begins <= T0 + 10
    assert sum(span.sent for span in spans) == 500


def test_a_long_read_is_told_in_longer_spans_and_nothing_is_lost(clock: Clock, used: Usage) -> None:
    windows = 10 * MOST
    for number in range(windows):
        clock.second = T0 + 10 * number
        used.answered(T0 + 10 * number, T0 + 10 * number, 100, 70, False)
    length, spans = used.spans()
    assert MOST / 2 <= len(spans) <= MOST + 1
    assert length == 160
    assert all(span.begins % length == 0 for span in spans)
    assert sum(span.sent for span in spans) == windows
    assert sum(span.by_others for span in spans) == 29 * windows
    assert {span.limit for span in spans} == {100}


def test_a_long_pause_makes_spans_longer_too(clock: Clock, used: Usage) -> None:
    for second in (T0, T0 + 100_000):
        clock.second = second
        used.answered(second, second, 100, 99, False)
    length, spans = used.spans()
    assert length * MOST >= 100_000
    assert [span.sent for span in spans] == [1, 1]


# Waits


def sent_by(sender: str, budget: RateBudget) -> None:
    token = SENDER.set(sender)
    budget.acquire_call(None)
    SENDER.reset(token)


def test_a_stream_waits_while_the_limit_holds_it_up(clock: Clock, metered: RateBudget) -> None:
    clock.second = T0 + 4
    ask(metered, answer(left=0))
    sent_by("tags", metered)
    assert clock.second == END
    assert metered.usage.waits() == (6, {"tags": 6})


def test_waits_of_streams_are_told_apart_and_added_up(clock: Clock, metered: RateBudget) -> None:
    for sender, second, reset in (
        ("tags", T0 + 4, END + 6),
        ("admins", END + 7, END + 16),
        ("tags", END + 15, END + 26),
    ):
        clock.second = second
        ask(metered, answer(left=0, reset=reset))
        sent_by(sender, metered)
        metered.update_from_response(None, answer(left=90, reset=reset + 10))
    assert metered.usage.waits() == (6 + 3 + 5, {"tags": 6 + 5, "admins": 3})


def test_waiting_for_a_429_is_waiting_for_the_limit(clock: Clock, metered: RateBudget) -> None:
    refused = answer(left=None, status=429)
    refused.headers["Retry-After"] = "7"
    ask(metered, answer(left=100))
    ask(metered, refused)
    sent_by("tags", metered)
    assert metered.usage.waits() == (7, {"tags": 7})


def test_a_stream_that_waits_for_others_to_be_answered_does_not_wait_for_the_limit(clock: Clock, used: Usage) -> None:
    used.note_waits(5.0, 0.0, ["tags"])
    used.note_waits(9.0, 0.0, ["tags"])
    assert used.waits() == (0, {})


def test_streams_that_wait_at_the_same_time_wait_once_in_all(used: Usage) -> None:
    used.note_waits(5.0, 0.0, [])
    used.note_waits(8.0, 20.0, ["tags", "admins"])
    used.note_waits(9.0, 20.0, ["admins"])
    used.note_waits(25.0, 20.0, ["admins"])
    assert used.waits() == (15, {"tags": 3, "admins": 15})
