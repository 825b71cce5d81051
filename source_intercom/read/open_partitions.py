"""How far the partitions of one stream are in one read, and whether one of them failed."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MAX_UNDELIVERED: Final = 100
"""Things that one read may leave out before it is given up: so many have one cause, and the state names each."""


class OpenPartitions:
    """Shared by the thread that makes a stream's partitions and those that read them.

    Once a partition has failed the stream is lost for this read: the partitions that are left are not read,
    so that an error that will not go away costs its retries once and not once per partition. What Intercom does not
    deliver of a partition is no such failure: all else is read, and what is lacking is said when all is read.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.open = 0
        """Partitions that are registered and not read."""
        self._all_registered = False
        self._undelivered: list[str] = []
        self._said = False
        self._reason: Exception | None = None
        self.failed = False

    def register(self) -> None:
        """A partition is about to be read."""
        with self._lock:
            self.open += 1

    def all_registered(self) -> None:
        """There are no more partitions to come.

        :raises Exception: what `fail` was given
        """
        with self._lock:
            self._all_registered = True
        if self._reason:
            raise self._reason

    def fail(self, reason: Exception) -> None:
        """The stream is lost, although none of its partitions has met the reason, which is raised when none is left."""
        with self._lock:
            if not self.failed:
                self.failed, self._reason = True, reason

    @contextmanager
    def partition(self) -> Iterator[None]:
        """Around the reading of a partition."""
        try:
            with self.stream_failure():
                yield
        finally:
            with self._lock:
                self.open -= 1

    @contextmanager
    def stream_failure(self) -> Iterator[None]:
        """Around work whose failure is the stream's; of several failures the first one counts."""
        try:
            yield
        except Exception:
            with self._lock:
                is_first, self.failed = not self.failed, True
            if is_first:
                raise

    def stop(self) -> None:
        """The read is over: nothing is read any more."""
        self.failed = True

    def undelivered(self, what: str) -> bool:
        """Note in words what was not delivered; False once that is too much for all else to be read."""
        with self._lock:
            self._undelivered.append(what)
            return len(self._undelivered) <= MAX_UNDELIVERED

    def last_words(self) -> list[str] | None:
        """What was not delivered, for the one who asks first when all is read and nothing failed; None for others.

        It is the list itself: what is left out by then is in it, too.
        """
        with self._lock:
            if self.open or not self._all_registered or self.failed or self._said:
                return None
            self._said = True
            return self._undelivered

    def pause(self, seconds: int) -> None:
        """Sleep, but no longer than until one has failed or the read is over."""
        for _ in range(seconds):
            if self.failed:
                return
            time.sleep(1)
