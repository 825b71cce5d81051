"""What a read took of the connector, of Intercom's rate limit, and of whoever loads the rows."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import requests

from integration_tests.demo.attempt import Attempt
from intercom_sandbox.client import Sandbox

WINDOW: Final = 10
"""Seconds for which Intercom counts requests, aligned to the clock (API notes 6)."""

BAD: Final = "502"


@dataclass(frozen=True)
class Measured:
    """A read.

    `loading` are the seconds that passed beside those of the connector; of the `requests` so many were answered 502 as
    `bad` says; `allowed` are those that the rate limit allows in the windows that the read touched, None without one.
    """

    name: str
    attempt: Attempt
    loading: float
    requests: int
    bad: int
    allowed: int | None

    @property
    def rows(self) -> int:
        """All rows that the connector printed."""
        return sum(self.attempt.rows.values())


def measure(name: str, sandbox: Sandbox, limit: int | None, read: Callable[[], Attempt]) -> Measured:
    """Do a read, and measure it.

    :param limit: requests that the rate limit allows in a window, None if there is none
    """
    before, began = sandbox.requests(), time.monotonic()
    attempt = read()
    seconds, after = time.monotonic() - began, sandbox.requests()
    windows = int(attempt.ended) // WINDOW - int(attempt.ended - attempt.seconds) // WINDOW + 1
    return Measured(
        name,
        attempt,
        loading=seconds - attempt.seconds,
        requests=after["total"] - before["total"],
        bad=after["by_status"].get(BAD, 0) - before["by_status"].get(BAD, 0),
        allowed=limit * windows if limit else None,
    )


def rate_limit(sandbox: Sandbox) -> int | None:
    """Requests that are allowed in a window, as the API tells; None where it has no limit."""
    headers = {"Authorization": f"Bearer {sandbox.access_token}"}
    answer = requests.get(f"{sandbox.url}/me", headers=headers, timeout=60)
    told = answer.headers.get("X-RateLimit-Limit")
    return int(told) if told else None
