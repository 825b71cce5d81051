"""Reading ahead: one source of items after another, while threads read those that follow."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event, Lock, Semaphore
from typing import Any, Final, TypeVar

from source_intercom.ending import starting_threads

Item = TypeVar("Item")

_END: Final = object()


def read_ahead(sources: Iterator[Iterable[Item]], at_once: int) -> Iterator[Item]:
    """The items of all sources in order.

    `at_once` threads read a source each, wholly, and one thread at a time asks for the next source. No more than
    `at_once` sources are read or kept ahead of the one whose items are taken. After an error none is read on; the
    error is raised when the threads have stopped.
    """
    read: SimpleQueue[SimpleQueue[Any] | None] = SimpleQueue()
    room = Semaphore(at_once + 1)
    turn = Lock()
    stopped = Event()

    def begin() -> tuple[Iterable[Item], SimpleQueue[Any]] | None:
        room.acquire()
        with turn:
            source = None if stopped.is_set() else next(sources, None)
            if source is None:
                return None
            items: SimpleQueue[Any] = SimpleQueue()
            read.put(items)
            return source, items

    def work() -> None:
        try:
            for source, items in iter(begin, None):
                try:
                    for item in source:
                        if stopped.is_set():
                            break
                        items.put(item)
                finally:
                    items.put(_END)
        except BaseException:
            stopped.set()
            raise
        finally:
            room.release()
            read.put(None)

    with ThreadPoolExecutor(at_once, thread_name_prefix="ahead") as pool:
        try:
            with starting_threads():
                workers = [pool.submit(work) for _ in range(at_once)]
            for _ in workers:
                for items in iter(read.get, None):
                    yield from iter(items.get, _END)
                    room.release()
        finally:
            stopped.set()
            room.release(at_once)
    for worker in workers:
        worker.result()
