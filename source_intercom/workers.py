"""The threads that read partitions."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from source_intercom.ending import starting_threads
from source_intercom.fair_executor import FairExecutor


class Workers(FairExecutor):
    """So many threads at most.

    :param number: how many
    :param failed: is told what ended a task without a word to the CDK, which would wait for one for ever
    """

    def __init__(self, number: int, failed: Callable[[BaseException], None]) -> None:
        super().__init__(number, thread_name_prefix="worker")
        self._failed = failed

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        """Have a thread do a task.

        :raises AirbyteTracedException: a config error if the system starts no thread for it
        """
        with starting_threads():
            future = super().submit(task, *arguments, **options)
        future.add_done_callback(self._tell_failure)
        return future

    def _tell_failure(self, done: Future[Any]) -> None:
        if not done.cancelled() and (error := done.exception()):
            self._failed(error)
