"""How far the partitions of one read are, and whether one of them failed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """Shared by the thread that makes a stream's partitions and those that read them.

    Once a partition has failed the stream is lost for this read: the partitions that are left are not read,
    so that an error that will not go away costs its retries once and not once per partition.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open = 0
        self.failed = False

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

    def stop(self) -> None:
        """The read is over: nothing is read any more, and nobody waits."""
        with self._changed:
            self.failed = True
            self._changed.notify_all()

    def _is_first_failure(self) -> bool:
        with self._changed:
            first, self.failed = not self.failed, True
            return first

    def wait_for_others(self, own: int = 0) -> None:
        """Wait until all partitions that were opened are read, but for the caller's own, or one has failed."""
        with self._changed:
            self._changed.wait_for(lambda: self._open == own or self.failed)
