"""Rate windows: ten seconds, aligned to the clock, told by headers."""

from collections.abc import Iterator

import pytest
import requests

from integration_tests.sandbox.api import Api, error
from intercom_sandbox.client import Sandbox

SETTINGS = {"contacts": 10, "companies": 10, "conversations": 0}


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    """A reader at the beginning of a window of five requests."""
    sandbox.configure(rate_limit=5)
    sandbox.reset_requests()
    return Api(sandbox)


def until_limited(api: Api) -> Iterator[requests.Response]:
    """Responses up to the first refusal; a window may turn meanwhile, so there may be more of them than the limit."""
    for _ in range(1000):
        response = api.get("/me")
        yield response
        if response.status_code == 429:
            return
    raise AssertionError("Nothing limits the requests")


def test_the_first_request_of_a_window_reports_the_whole_limit(api: Api) -> None:
    headers = api.get("/me").headers
    assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("5", "5")


def test_remaining_counts_down_within_a_window(api: Api) -> None:
    remaining = [int(response.headers["x-ratelimit-remaining"]) for response in until_limited(api)]
    assert remaining[-6:] == [5, 4, 3, 2, 1, 0]


def test_reset_is_six_seconds_after_the_end_of_the_window(api: Api) -> None:
    assert (int(api.get("/me").headers["x-ratelimit-reset"]) - 6) % 10 == 0
    api.sandbox.configure(reset_late=0)
    assert int(api.get("/me").headers["x-ratelimit-reset"]) % 10 == 0


def test_a_request_over_the_limit_is_refused(api: Api) -> None:
    *_, response = until_limited(api)
    assert error(response) == (429, "rate_limit_exceeded")
    assert response.json()["errors"][0]["message"] == "Exceeded rate limit of 5 in 10_seconds"
    assert "retry-after" not in response.headers


def test_windows_and_refusals_are_counted(api: Api) -> None:
    answered = list(until_limited(api))
    summary = api.sandbox.requests()
    assert summary["rate_limited"] == 1
    assert sum(allowed for _, allowed, _ in summary["windows"]) == len(answered) - 1
    assert all(start % 10 == 0 for start, _, _ in summary["windows"])


def test_other_apps_consume_their_share(api: Api) -> None:
    api.sandbox.configure(rate_limit=100000, other_clients=1)
    remaining = [int(api.get("/me").headers["x-ratelimit-remaining"]) for _ in range(3)]
    # three requests of ours alone would leave 99998 before the last of them
    assert min(remaining) < 99998


def test_refused_tokens_do_not_count(api: Api) -> None:
    api.get("/me", headers={"Authorization": "Bearer nonsense"})
    assert api.get("/me").headers["x-ratelimit-remaining"] == "5"


def test_errors_count_and_carry_the_headers(api: Api) -> None:
    assert "x-ratelimit-limit" in api.get("/nowhere").headers
    assert api.sandbox.requests()["windows"][-1][1] == 1


def test_zero_means_no_limit(api: Api) -> None:
    api.sandbox.configure(rate_limit=0)
    responses = [api.get("/me") for _ in range(50)]
    assert {response.status_code for response in responses} == {200}
    assert "x-ratelimit-limit" not in responses[0].headers
