"""How far the partitions of one read are, and whether one of them failed."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MAX_UNDELIVERED: Final = 100
"""Things that one read may leave out before it is given up: so many have one cause, and the state names each."""


class Progress:
    """Shared by the thread that makes a stream's partitions and those that read them.

    Once a partition has failed the stream is lost for this read: the partitions that are left are not read,
    so that an error that will not go away costs its retries once and not once per partition. What Intercom does not
    deliver of a partition is no such failure: all else is read, and what is lacking is said when all is read.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open = 0
        self._generating = True
        self._undelivered: list[str] = []
        self._said = False
        self.failed = False

    def undelivered(self, what: str) -> bool:
        """Note in words what was not delivered; False once that is too much for all else to be read."""
        with self._changed:
            self._undelivered.append(what)
            return len(self._undelivered) <= MAX_UNDELIVERED

    def last_words(self) -> list[str] | None:
        """What was not delivered, for the one who asks first when all is read and nothing failed; None for others."""
        with self._changed:
            if self._open or self._generating or self.failed or self._said:
                return None
            self._said = True
            return self._undelivered

    def opened(self) -> None:
        """A partition is about to be read."""
        with self._changed:
            self._open += 1

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Around work whose failure is the stream's; of several failures the first one counts."""
        try:
            yield
        except Exception:
            if self._is_first_failure():
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Around the reading of a partition."""
        try:
            with self.failing():
                yield
        finally:
            with self._changed:
                self._open -= 1
                self._changed.notify_all()

    def generated(self) -> None:
        """There are no more partitions to come."""
        with self._changed:
            self._generating = False

    def stop(self) -> None:
        """The read is over: nothing is read any more, and nobody waits."""
        with self._changed:
            self.failed = True
            self._changed.notify_all()

    def pause(self, seconds: int) -> None:
        """Sleep, but no longer than until one has failed or the read is over."""
        for _ in range(seconds):
            if self.failed:
                return
            time.sleep(1)

    def _is_first_failure(self) -> bool:
        with self._changed:
            first, self.failed = not self.failed, True
            return first

    def wait_for_others(self, own: int = 0) -> None:
        """Wait until all partitions that were opened are read, but for the caller's own, or one has failed."""
        with self._changed:
            self._changed.wait_for(lambda: self._open == own or self.failed)
