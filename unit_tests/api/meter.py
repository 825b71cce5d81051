"""Intercom's rate limit, the clock it is measured by, and requests that a budget lets pass."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import requests
from airbyte_cdk.sources.streams.call_rate import CallRateLimitHit

from source_intercom.api import budget as module
from source_intercom.api import rate_headers, turns
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

    def condition(self, lock: object) -> Any:
        """A Condition on which nobody waits for real."""

        class Waiting:
            def notify(self) -> None: ...

            def wait(waiting, seconds: float) -> None:  # noqa: N805 - self is the clock
                self.waits.append(seconds)
                self.second += max(seconds, 0.001)

        return Waiting()


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


def install(clock: Clock, patch: Callable[[Any, str, Any], None]) -> RateBudget:
    for each in (module, rate_headers):
        patch(each, "time", clock)
    patch(turns, "threading", SimpleNamespace(Condition=clock.condition))
    patch(module, "FIRST", 1_000)
    return RateBudget(1_000)


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
