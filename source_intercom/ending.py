"""The end of a read before its time: whoever waits for others is woken, so that whoever ends, ends all."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Full, Queue
from typing import Final, TypeVar

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

Item = TypeVar("Item")

NO_THREADS: Final = (
    "The system lets the connector start no more threads; raise its limit of processes (ulimit -u, or the container's "
    "pids limit), or lower num_workers."
)


class Ended(BaseException):
    """Raised in the threads of a read that is over; no stream's error, so that nothing handles it but the thread."""


@contextmanager
def starting_threads() -> Iterator[None]:
    """Around the start of threads.

    :raises AirbyteTracedException: a config error if the system starts none
    """
    try:
        yield
    except RuntimeError as error:
        raise AirbyteTracedException(str(error), NO_THREADS, FailureType.config_error) from error


class ClosableQueue(Queue[Item]):
    """A bounded queue that can be closed: then nobody waits any longer, be it for an item or for room."""

    def __init__(self, maxsize: int) -> None:
        super().__init__(maxsize)
        self.reason: BaseException | None = None
        """Why it was closed; None while it is open."""

    def close(self, reason: BaseException) -> None:
        """Drop what waits, and raise Ended to all who put or take. The first reason is kept."""
        with self.mutex:
            if self.reason is None:
                self.reason = reason
            self.queue.clear()
            self.not_empty.notify_all()
            self.not_full.notify_all()

    def put(self, item: Item, block: bool = True, timeout: float | None = None) -> None:
        """Append an item as soon as there is room.

        :param timeout: is not looked at, as nobody gives one
        :raises Full: if there is no room and `block` is false
        :raises Ended: if the queue is closed
        """
        with self.mutex:
            while self.reason is None and len(self.queue) >= self.maxsize:
                if not block:
                    raise Full
                self.not_full.wait()
            if self.reason is not None:
                raise Ended
            self.queue.append(item)
            self.not_empty.notify()

    def get(self, block: bool = True, timeout: float | None = None) -> Item:
        """Take the first item as soon as there is one.

        Of those that wait for room one is woken when half of it is free, which often fills it, and all when all is.

        :param block: like `timeout` is not looked at, as nobody wants less than to wait
        :raises Ended: if the queue is closed
        """
        with self.mutex:
            while self.reason is None and not self.queue:
                self.not_empty.wait()
            if self.reason is not None:
                raise Ended
            item: Item = self.queue.popleft()
            # Not sooner, nor all at once: each would fill a few places, and wait again.
            if not self.queue:
                self.not_full.notify_all()
            elif len(self.queue) == self.maxsize // 2:
                self.not_full.notify()
            return item
