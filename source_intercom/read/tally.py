"""How many of the parents that were asked for were not there, and how many that may be."""

import threading
from typing import Final

SHARE: Final = 0.05
"""The share of parents that may be gone, or not be delivered."""

FEW: Final = 20
"""Parents below which a share says nothing of how many can have been deleted."""

SINGLE: Final = 3
"""Parents that may be gone or fail each for a reason of its own, however few were asked for yet."""


class Tally:
    """Counts, from all threads, how the parents of one read answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.asked = 0
        self.gone = 0
        self._failed = 0
        self._waiting = 0

    def ask(self) -> None:
        """Another one is asked for."""
        with self._lock:
            self.asked += 1

    def is_gone(self) -> bool:
        """Another one is gone; False once more are than can have been deleted."""
        with self._lock:
            self.gone += 1
            return self.asked < FEW or self.gone <= max(SINGLE, SHARE * self.asked)

    def fails(self) -> bool:
        """Another one failed; False once so many have that it is not for reasons of their own."""
        with self._lock:
            self._failed += 1
            return self._failed <= max(SINGLE, SHARE * self.asked)

    def may_wait(self) -> bool:
        """Another one may be gone by and by; False once so many may that it is no use to wait for each."""
        with self._lock:
            self._waiting += 1
            return self._waiting <= max(SINGLE, SHARE * self.asked)
