"""Threads that read streams side by side, whatever is to be read of each."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition

from source_intercom.round_robin import RoundRobin


class FairExecutor(ThreadPoolExecutor):
    """Lets the partitions of streams take turns: a short list does not wait behind hundreds of conversations."""

    def __init__(self, max_workers: int, thread_name_prefix: str) -> None:
        super().__init__(max_workers, thread_name_prefix)
        self._turns = RoundRobin[Callable[[], Any]]()
        self._lock = threading.Lock()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a thread do a task when it is its turn.

        The future stands for one of the tasks: as many are done as there are tasks done, in whatever order.
        """
        owner = args[0].stream_name() if args and isinstance(args[0], Partition) else ""
        with self._lock:
            self._turns.add(owner, partial(fn, *args, **kwargs))
        return super().submit(self._next)

    def _next(self) -> Any:
        with self._lock:
            task = self._turns.take()
        return task()
