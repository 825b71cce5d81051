"""The rate limit, shared by everything that sends requests.

Intercom meters requests in windows of ten seconds. Each answer tells what is left of the window
(`X-RateLimit-Remaining`, of `X-RateLimit-Limit`) and, some seconds too late, when it ends (`X-RateLimit-Reset`);
other clients of the workspace spend from the same window (API notes 6).
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import requests
from airbyte_cdk.sources.streams.call_rate import AbstractAPIBudget, AbstractCallRatePolicy

from source_intercom.api.rate_headers import is_refusal, rate_limit, retry_after
from source_intercom.api.turns import Turn, gives_up, released
from source_intercom.api.usage import WINDOW_SECONDS, Usage
from source_intercom.ending import Ended
from source_intercom.round_robin import RoundRobin

FIRST: Final = 40
"""In flight at first: enough to spend 1,667 requests per window of ten seconds (API notes 6) when an answer takes a
fifth of a second. Each more makes one thread more compete for the processor with the others."""

STEP: Final = 20
"""In flight beside them after a window that was not spent."""

UNSPENT: Final = 0.05
"""The share of a window's limit that must be left at its end for it to count as unspent."""

RESERVE: Final = 0.03
"""The share of the limit that is left to others at most when none of ours is in flight: what they have spent at once
they may not spend again."""

PATIENCE: Final = 3.0
"""Seconds for which a request waits before it says so: the short pauses at the ends of busy windows are no news."""

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
    A window is told from the next by its `Reset`. Once it is used up, single requests probe from its presumed end on,
    and the first answer that shows a new window lets the others go. Those that wait take turns by sender.
    FIRST requests are in flight at most, and STEP more after each window of which more than UNSPENT was left.
    What one answer says is believed for as long as a window lasts, and until then no other answer whose `Reset` is more
    than two windows ahead: a header that lies costs seconds, not the rest of the process.
    `Retry-After` (of 429 and 503) pauses everything; so does, for a moment, a 429 that comes although much is left.

    `waiting` is called by a thread that the limit has held up for PATIENCE, and again each time that it has waited as
    long: with its sender, the names of all that wait, and the seconds until the window turns. No lock is held, and the
    thread does not send before the call returns.

    :param most: how many may ever be in flight, whoever sends them
    """

    def __init__(self, most: int) -> None:
        self.waiting: Callable[[str, Sequence[str], float], None] = lambda sender, senders, seconds: None
        self._most = most
        self._allowed_in_flight = min(FIRST, most)
        self._closed = False
        self._lock = threading.Lock()
        self._waiting = RoundRobin[Turn]()
        self._in_flight = 0
        self._most_in_flight = 0
        """At the same time, in this window."""
        self._window: int | None = None
        self.limit = 0
        """Requests that Intercom allows in a window; 0 while it has not told."""
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
        self.usage = Usage()

    def get_matching_policy(self, request: Any) -> AbstractCallRatePolicy | None:
        """None: one budget holds for all requests, it has no policies."""
        return None

    def acquire_call(self, request: Any, block: bool = True, timeout: float | None = None) -> None:
        """Wait until a request may be sent, and count it as in flight.

        :param timeout: seconds after which to give up; None waits as long as it takes
        :raises CallRateLimitHit: if it may not be sent and `block` is false or `timeout` has passed
        :raises Ended: if the budget is closed
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._lock:
            if self._closed:
                raise Ended
            self._note_waits()
            if not self._waiting and self._may_send():
                self._count_in_flight()
                return
            turn = Turn(self._lock)
            self._waiting.add(turn.sender, turn)
            try:
                self._wait_for(turn, request, block, deadline)
            except BaseException:
                self._give_up(turn)
                raise

    def _wait_for(self, turn: Turn, request: Any, block: bool, deadline: float | None) -> None:
        speak_at = time.monotonic() + PATIENCE
        while True:
            self._note_waits()
            if self._closed:
                raise Ended
            self._give_turns()
            if turn.given:
                return
            now = time.monotonic()
            if not block or (deadline is not None and now >= deadline):
                raise gives_up(request, WINDOW_SECONDS, self._held_until() - now)
            if now >= speak_at:
                speak_at = now + PATIENCE
                if now < self._held_until():
                    what = (turn.sender, list(self._waiting.counts()), self._held_until() - now)
                    with released(self._lock):  # whoever listens may take long
                        self.waiting(*what)
                continue
            # Those that wait for others to be answered are woken by an answer, the others by the clock.
            until = speak_at if self._is_full() else min(self._held_until(), speak_at)
            turn.wait((until if deadline is None else min(until, deadline)) - now)

    def close(self) -> None:
        """No request may be sent any more, and nobody waits to send one."""
        with self._lock:
            self._closed = True
            for turn in self._waiting:
                turn.wake()

    def _give_turns(self) -> None:
        while self._waiting and self._may_send():
            self._count_in_flight()
            self._waiting.take().give()

    def _give_up(self, turn: Turn) -> None:
        if turn.given:
            self._in_flight -= 1
            self._give_turns()
        else:
            self._waiting.remove(turn.sender, turn)

    def _count_in_flight(self) -> None:
        self._in_flight += 1
        self._most_in_flight = max(self._most_in_flight, self._in_flight)
        self.requests += 1

    def update_from_response(self, request: Any, response: Any) -> None:
        """Learn from an answer; its request is no longer in flight."""
        limit, left, reset = (rate_limit(response, name) for name in ("Limit", "Remaining", "Reset"))
        with self._lock:
            self._note_waits()
            self._in_flight -= 1
            refused = is_refusal(request, response, left)
            if refused or response.status_code == requests.codes.unavailable:
                self._obey(retry_after(response))
            if refused:
                self._refused(left, limit or self.limit, reset)
            elif left is None or reset is None:
                # A probe that is answered without a word on the rate shows that there is no limit any more.
                self._left = None if self._probing and response.ok else self._left
            else:
                if left == limit:
                    self._uncounted = 1
                self._learn(left - self._uncounted, reset, limit or 0)
            self.usage.answered(reset, self._window, limit or self.limit, left, refused)
            self._probing = False
            self._give_turns()

    def release(self) -> None:
        """Take a request that got no answer out of flight."""
        with self._lock:
            self._note_waits()
            self._in_flight -= 1
            self._give_turns()

    def load(self) -> tuple[int, dict[str, int]]:
        """How many requests are in flight, and how many of each sender wait."""
        with self._lock:
            return self._in_flight, self._waiting.counts()

    def _note_waits(self) -> None:
        # Before anything changes: as it is now it has been since this was called before.
        held_until = self._held_until() if self._waiting else 0.0
        self.usage.note_waits(time.monotonic(), held_until, self._waiting.counts())

    def _is_full(self) -> bool:
        return self._in_flight >= self._allowed_in_flight

    def _has_left(self) -> bool:
        return self._left is None or self._left > self._in_flight + self._others_meanwhile()

    def _others_meanwhile(self) -> float:
        """What others spend while an answer is on its way: in that time as many come as are in flight side by side."""
        # What is in flight may have been counted already.
        others = self._left_at_first - (self._left or 0) - self._answers - self._in_flight
        for_each_answer = max(others, 0) / max(self._answers, 1)
        at_the_end = min(self._most_in_flight * for_each_answer, RESERVE * self.limit)
        return max(self._in_flight * for_each_answer, at_the_end)

    def _held_until(self) -> float:
        return max(self._paused_until, 0.0 if self._has_left() else self._turns_at)

    def _may_send(self) -> bool:
        now = time.monotonic()
        if self._closed or self._is_full() or now < self._paused_until:
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
                self._allowed_in_flight = min(self._allowed_in_flight + STEP, self._most)
            self._turn(reset, now)
            self.limit, self._left = limit, left
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


def _seconds_to_turn(reset: int | None) -> float:
    """Seconds until the current window ends, at least one probe and at most a window long.

    Windows end at multiples of ten seconds and `Reset` is the end or a few seconds after it (API notes 6);
    the bounds hold when our clock and Intercom's disagree.
    """
    now = time.time()
    end = now - now % WINDOW_SECONDS + WINDOW_SECONDS if reset is None else reset - reset % WINDOW_SECONDS
    return min(max(end - now, PROBE_SECONDS), WINDOW_SECONDS)
