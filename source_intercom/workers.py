"""The threads that read partitions."""

from threading import Semaphore
from typing import Final

from source_intercom.fair_executor import FairExecutor

FIRST: Final = 40
"""Enough to spend 1,667 requests per window of ten seconds (API notes 6) when an answer takes a fifth of a second. Each
thread more competes for the processor with the others."""

STEP: Final = 20


class Workers(FairExecutor):
    """Some threads, and more once those do not spend the rate limit.

    :param most: as many as there may be
    """

    def __init__(self, most: int) -> None:
        self.first = min(FIRST, most)
        self._most = most
        super().__init__(self.first, thread_name_prefix="worker")
        self._idle_semaphore = _NeverIdle()

    def grow(self) -> None:
        """From now on there may be STEP more; they start with the next partitions."""
        self._max_workers = min(self._max_workers + STEP, self._most)


class _NeverIdle(Semaphore):
    # The pool starts no thread while it knows of an idle one; it takes every task that has ended for one.
    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        return False
