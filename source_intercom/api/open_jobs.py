"""The jobs that are open, of all streams together: how many at a time, who waits, and their end with the read."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import requests

from source_intercom.ending import Ended

CANCEL_SECONDS: Final = 2.0
"""For which the end of a read waits until jobs are cancelled."""

_LOGGER = logging.getLogger("airbyte")


class OpenJob:
    """A job that has begun and may not have come to its end.

    :param cancel: asks Intercom to end it; None where it cannot be asked for that
    """

    def __init__(self, jobs: "OpenJobs", cancel: Callable[[], None] | None) -> None:
        self._jobs = jobs
        self._cancel = cancel
        self._lock = threading.Lock()

    def cancel(self) -> None:
        """End the job, so that it holds up nobody: once, and in vain where Intercom does not answer.

        When it returns that is done, whoever does it.
        """
        with self._lock:
            cancel, self._cancel = self._cancel, None
            if cancel is None:
                return
            try:
                cancel()
            except requests.RequestException as error:
                _LOGGER.info("An export that is not wanted any more was not cancelled (%s).", type(error).__name__)
            else:
                _LOGGER.info("An export that is not wanted any more was cancelled.")

    def forget(self) -> None:
        """It has come to its end, or was cancelled."""
        self._jobs.forget(self)


class OpenJobs:
    """Safe to use from all threads.

    `waiting`  called by who waits, before it does: with the stream's name, the reason, and for how many seconds
    """

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.waiting: Callable[[str, str, float], None] = lambda stream, why, seconds: None
        self._closed = False
        self._open: set[OpenJob] = set()
        self._beginning = 0
        self._places: Counter[str] = Counter()

    @contextmanager
    def place(self, kind: str, most: int) -> Iterator[None]:
        """Around a job of a kind, of which there are so many at a time.

        :raises Ended: if the read is over
        """
        with self.changed:
            self.changed.wait_for(lambda: self._closed or self._places[kind] < most)
            if self._closed:
                raise Ended
            self._places[kind] += 1
        try:
            yield
        finally:
            with self.changed:
                self._places[kind] -= 1
                self.changed.notify_all()

    @contextmanager
    def beginning(self) -> Iterator[Callable[[Callable[[], None] | None], OpenJob]]:
        """Around the request for a job; what it gives is called with what cancels the job that came of it."""
        with self.changed:
            self._beginning += 1
        try:
            yield self._register
        finally:
            with self.changed:
                self._beginning -= 1
                self.changed.notify_all()

    def _register(self, cancel: Callable[[], None] | None) -> OpenJob:
        job = OpenJob(self, cancel)
        with self.changed:
            self._open.add(job)
        return job

    def forget(self, job: OpenJob) -> None:
        """A job is not open any more."""
        with self.changed:
            self._open.discard(job)
            self.changed.notify_all()

    def wait(self, stream: str, why: str, seconds: float) -> None:
        """Wait, and say so.

        :raises Ended: if the read is over
        """
        self.waiting(stream, why, seconds)
        if pause(self.changed, lambda: self._closed, seconds):
            raise Ended

    def close(self) -> None:
        """The read is over: nobody waits any longer, and all jobs are cancelled, within CANCEL_SECONDS."""
        with self.changed:
            self._closed = True
            self.changed.notify_all()
            self.changed.wait_for(lambda: not self._beginning, CANCEL_SECONDS / 2)
            jobs = list(self._open)
        threads = [threading.Thread(target=job.cancel, name="cancel", daemon=True) for job in jobs]
        with suppress(RuntimeError):  # the system starts no more threads
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(CANCEL_SECONDS)


def pause(changed: threading.Condition, is_over: Callable[[], bool], seconds: float) -> bool:
    """Wait for so many seconds, or until it is over; whether it is."""
    with changed:
        return changed.wait_for(is_over, seconds)
