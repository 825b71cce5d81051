"""Requests that wait until they may be sent, and on whose behalf they are sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, Final

from airbyte_cdk.sources.streams.call_rate import CallRateLimitHit

SENDER: Final = ContextVar("sender", default="")
"""On whose behalf this thread sends requests: the name of the stream that last did; empty before."""


class Turn:
    """One request that waits; all methods are called under the lock that it is made with.

    `given` tells whether its turn has come.
    """

    def __init__(self, lock: threading.Lock) -> None:
        self.sender = SENDER.get()
        self.given = False
        self._changed = threading.Condition(lock)

    def wait(self, seconds: float) -> None:
        """Wait until its turn comes, at most that long; others have the lock meanwhile."""
        self._changed.wait(seconds)

    def wake(self) -> None:
        """Whoever waits for its turn sees whether it still has to."""
        self._changed.notify()

    def give(self) -> None:
        """Its turn has come."""
        self.given = True
        self._changed.notify()


def gives_up(request: Any, window: float, seconds: float) -> CallRateLimitHit:
    """What a request raises that does not wait for its turn any longer.

    :param window: seconds for which the rate limit holds
    :param seconds: for which it would have to wait
    """
    return CallRateLimitHit(
        error="Intercom's rate limit is used up.",
        item=request,
        weight=1,
        rate=f"per {window} seconds",
        time_to_wait=timedelta(seconds=max(seconds, 0)),
    )


@contextmanager
def released(lock: threading.Lock) -> Iterator[None]:
    """Gives a lock away that the thread holds, and takes it back."""
    lock.release()
    try:
        yield
    finally:
        lock.acquire()
