"""How many requests of a kind may be on their way at the same time."""

import threading
from types import TracebackType
from typing import Final

FIRST: Final = 50
"""Enough to spend 1,667 requests per window of ten seconds (API notes 6) at answers of 0.3 seconds; the fewer threads
compete for the processor, the less each request costs."""

STEP: Final = 25


class Flights:
    """Room for some requests, and for more once those do not spend the rate limit: `with flights: …` is one of them.

    :param most: as many as there are threads
    """

    def __init__(self, most: int) -> None:
        self._allowed = min(FIRST, most)
        self._most = most
        self._room = threading.Semaphore(self._allowed)

    def widen(self) -> None:
        """Make room for STEP more, up to the most."""
        more = min(STEP, self._most - self._allowed)
        if more > 0:
            self._allowed += more
            self._room.release(more)

    def __enter__(self) -> None:
        self._room.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._room.release()
