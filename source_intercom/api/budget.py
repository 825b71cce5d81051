"""The rate limit, shared by everything that sends requests.

Intercom meters requests in windows of ten seconds. Each answer tells what is left of the window
(`X-RateLimit-Remaining`, of `X-RateLimit-Limit`) and, some seconds too late, when it ends (`X-RateLimit-Reset`);
other clients of the workspace spend from the same window (API notes 6).
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import requests
from airbyte_cdk.sources.streams.call_rate import AbstractAPIBudget, AbstractCallRatePolicy, CallRateLimitHit

WINDOW_SECONDS: Final = 10
UNSPENT: Final = 0.05
"""The share of a window's limit that must be left at its end for it to count as unspent."""

RESERVE: Final = 0.03
"""The share of the limit that is left to others at most when none of ours is in flight: what they have spent at once
they may not spend again."""

LATE_SECONDS: Final = 60
"""For how long after its window an answer may come; what tells of an earlier window is no late answer."""

MAX_PAUSE: Final = 60.0
"""Seconds for which a `Retry-After` is obeyed at most."""

PROBE_SECONDS: Final = 0.5
"""When a window should have turned but no answer has shown it yet: seconds between two tries."""


class RateBudget(AbstractAPIBudget):
    """Lets requests pass while the window has some left, and holds them until it turns.

    Invariant: a request passes only while what the server last said is left exceeds what is in flight, and what other
    clients will spend meanwhile if they go on as they did in this window.
    A window is told from the next by its `Reset`. Once it is used up, single requests probe from its
    presumed end on, and the first answer that shows a new window lets the others go.
    What one answer says is believed for as long as a window lasts, and until then no other answer whose `Reset` is more
    than two windows ahead: a header that lies costs seconds, not the rest of the process.
    `Retry-After` (of 429 and 503) pauses everything; so does, for a moment, a 429 that comes although much is left.

    `unspent` is called when a window has ended of which more than UNSPENT was left.
    """

    def __init__(self) -> None:
        self.unspent: Callable[[], None] = lambda: None
        self._answered = threading.Condition()
        self._in_flight = 0
        self._most_in_flight = 0
        """At the same time, in this window."""
        self._window: int | None = None
        self._limit = 0
        self._left: int | None = None
        self._left_at_first = 0
        self._answers = 0
        """Since the window's first, which told `_left_at_first`."""
        self._uncounted = 0
        """1 once the first request of a window was told that all is left: answers do not count their own request."""
        self._turns_at = 0.0
        self._ends_at = 0.0
        """When the window must have ended, whatever its `Reset` says."""
        self._paused_until = 0.0
        self._pause = PROBE_SECONDS
        """How long the next pause lasts; it doubles while one follows the other."""
        self._probing = False
        self.requests = 0
        self.rate_limited = 0

    def get_matching_policy(self, request: Any) -> AbstractCallRatePolicy | None:
        """None: one budget holds for all requests, it has no policies."""
        return None

    def acquire_call(self, request: Any, block: bool = True, timeout: float | None = None) -> None:
        """Wait until a request may be sent, and count it as in flight.

        :param timeout: seconds after which to give up; None waits as long as it takes
        :raises CallRateLimitHit: if it may not be sent and `block` is false or `timeout` has passed
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._answered:
            while not self._may_send():
                now = time.monotonic()
                if not block or (deadline is not None and now >= deadline):
                    raise CallRateLimitHit(
                        error="Intercom's rate limit is used up.",
                        item=request,
                        weight=1,
                        rate=f"per {WINDOW_SECONDS} seconds",
                        time_to_wait=timedelta(seconds=max(self._held_until() - now, 0)),
                    )
                until = self._held_until() if deadline is None else min(self._held_until(), deadline)
                self._answered.wait(max(until - now, 0))
            self._in_flight += 1
            self._most_in_flight = max(self._most_in_flight, self._in_flight)
            self.requests += 1

    def update_from_response(self, request: Any, response: Any) -> None:
        """Learn from an answer; its request is no longer in flight."""
        limit, left, reset = (_number(response, name) for name in ("Limit", "Remaining", "Reset"))
        with self._answered:
            self._in_flight -= 1
            is_refusal = response.status_code == requests.codes.too_many_requests
            self.rate_limited += is_refusal
            if is_refusal or response.status_code == requests.codes.unavailable:
                self._obey(retry_after(response))
            if is_refusal:
                self._refused(left, limit or self._limit, reset)
            elif left is None or reset is None:
                # A probe that is answered without a word on the rate shows that there is no limit any more.
                self._left = None if self._probing and response.ok else self._left
            else:
                if left == limit:
                    self._uncounted = 1
                self._learn(left - self._uncounted, reset, limit or 0)
            self._probing = False
            self._answered.notify_all()

    def release(self) -> None:
        """Take a request that got no answer out of flight."""
        with self._answered:
            self._in_flight -= 1
            self._answered.notify_all()

    def _has_left(self) -> bool:
        return self._left is None or self._left > self._in_flight + self._others_meanwhile()

    def _others_meanwhile(self) -> float:
        """What others spend while an answer is on its way: in that time as many come as are in flight side by side."""
        # What is in flight may have been counted already.
        others = self._left_at_first - (self._left or 0) - self._answers - self._in_flight
        for_each_answer = max(others, 0) / max(self._answers, 1)
        at_the_end = min(self._most_in_flight * for_each_answer, RESERVE * self._limit)
        return max(self._in_flight * for_each_answer, at_the_end)

    def _held_until(self) -> float:
        return max(self._paused_until, 0.0 if self._has_left() else self._turns_at)

    def _may_send(self) -> bool:
        now = time.monotonic()
        if now < self._paused_until:
            return False
        if self._has_left():
            return True
        if now < self._turns_at:
            return False
        self._turns_at = now + PROBE_SECONDS
        self._probing = True
        return True

    def _is_another(self, reset: int, now: float) -> bool:
        """Whether an answer is of another window than the last one: of the next, or of any once that has ended."""
        if self._window is None or now >= self._ends_at:
            return reset != self._window
        ahead = reset - self._window
        return 0 < ahead <= 2 * WINDOW_SECONDS or ahead < -LATE_SECONDS

    def _turn(self, reset: int, now: float) -> None:
        self._window = reset
        self._turns_at = now + _seconds_to_turn(reset)
        self._ends_at = now + WINDOW_SECONDS

    def _learn(self, left: int, reset: int, limit: int) -> None:
        now = time.monotonic()
        self._pause = PROBE_SECONDS
        if self._is_another(reset, now):
            if self._window is not None and (self._left or 0) > UNSPENT * limit:
                self.unspent()
            self._turn(reset, now)
            self._limit, self._left = limit, left
            self._left_at_first, self._answers = left, 0
            self._most_in_flight = self._in_flight
        elif reset == self._window:
            self._left = left if self._left is None else min(self._left, left)
            self._answers += 1

    def _obey(self, seconds: float | None) -> None:
        if seconds is not None:
            self._paused_until = max(self._paused_until, time.monotonic() + min(seconds, MAX_PAUSE))

    def _refused(self, left: int | None, limit: int, reset: int | None) -> None:
        now = time.monotonic()
        if left is None and now < self._ends_at:
            left = self._left
        if left and left > UNSPENT * limit:
            if now >= self._paused_until:
                self._paused_until = now + self._pause
                self._pause = min(2 * self._pause, WINDOW_SECONDS)
        else:
            self._use_up(reset, now)

    def _use_up(self, reset: int | None, now: float) -> None:
        if reset is not None and self._is_another(reset, now):
            self._turn(reset, now)
        elif self._window is None:
            self._turns_at = now + _seconds_to_turn(None)
        elif reset is not None and reset < self._window:
            return
        self._left = 0
        self._turns_at = max(self._turns_at, now + PROBE_SECONDS)


def retry_after(response: requests.Response) -> float | None:
    """Seconds to wait by the header `Retry-After`, which holds seconds or a date; None without one that makes sense."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max(parsedate_to_datetime(value).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _number(response: requests.Response, name: str) -> int | None:
    value = response.headers.get(f"X-RateLimit-{name}", "").strip()
    return int(value) if value.isdecimal() else None


def _seconds_to_turn(reset: int | None) -> float:
    """Seconds until the current window ends, at least one probe and at most a window long.

    Windows end at multiples of ten seconds and `Reset` is the end or a few seconds after it (API notes 6);
    the bounds hold when our clock and Intercom's disagree.
    """
    now = time.time()
    end = now - now % WINDOW_SECONDS + WINDOW_SECONDS if reset is None else reset - reset % WINDOW_SECONDS
    return min(max(end - now, PROBE_SECONDS), WINDOW_SECONDS)
