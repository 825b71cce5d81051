"""One processor for all threads.

They take turns at the interpreter anyhow. On several processors each turn moves what they share from one cache to
another, which costs more than a second processor gives (docs/benchmarks.md).
"""

import ctypes
import os
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Final

SECONDS: Final = 1.0
"""After which the threads follow to where there is room now: others may have come to their processor."""


@contextmanager
def share_one_processor() -> Iterator[None]:
    """Keep all threads of the process on one processor, and let them go at the end.

    A thread of its own stays free. Where the system wakes it there is room, and the others follow. What does not
    have Linux's calls for this, or forbids them, leaves the threads where they are.
    """
    try:
        allowed, current = os.sched_getaffinity(0), ctypes.CDLL(None).sched_getcpu
    except (AttributeError, TypeError):  # Windows has no library by the name of None
        yield
        return
    done = threading.Event()
    scout = threading.Thread(target=_scout, args=(current, done), name="scout")
    scout.start()
    try:
        yield
    finally:
        done.set()
        scout.join()
        _bring(threading.enumerate(), allowed)


def _scout(current: Callable[[], int], done: threading.Event) -> None:
    while True:
        _bring(set(threading.enumerate()) - {threading.current_thread()}, {current()})
        if done.wait(SECONDS):
            return


def _bring(threads: Collection[threading.Thread], processors: set[int]) -> None:
    for thread in threads:
        if thread.native_id:  # else it is about to start, where the one is that starts it
            with suppress(OSError):  # it has ended meanwhile, or the system forbids it
                os.sched_setaffinity(thread.native_id, processors)
