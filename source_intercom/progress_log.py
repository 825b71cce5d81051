"""How far a read is, said in one line of the log from time to time."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from types import TracebackType
from typing import Final, Self

from source_intercom import report
from source_intercom.api.budget import RateBudget
from source_intercom.report import Reading, Reports

INTERVAL: Final = 30.0
"""Seconds between two lines."""

END_SECONDS: Final = 1.0
"""How long the end of a read waits for a line that is being printed: nobody may take it any more."""

_SENT: Final = (report.REQUESTS, report.RETRIES, report.REFUSALS)


@dataclass(frozen=True)
class _Step:
    """How far a stream was when a line was said: what was done of it, and the requests that were sent."""

    done: int = 0
    sent: int = 0


class ProgressLog:
    """A context around a read: every INTERVAL a line goes to the log, by a thread that never keeps the process alive.

    For each stream that is being read it says what is done of how much, requests a second, and the minutes left at the
    pace since the line before; then how many requests are under way, and how many wait.
    """

    def __init__(self, reports: Reports, budget: RateBudget, logger: logging.Logger) -> None:
        self._reports = reports
        self._budget = budget
        self._logger = logger
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="progress-log", daemon=True)
        self._steps: dict[str, _Step] = {}
        self._said_at = time.monotonic()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join(END_SECONDS)

    def _run(self) -> None:
        while not self._ended.wait(INTERVAL):
            if line := self.line():
                self._logger.info(line)

    def line(self) -> str:
        """How far the read is; empty when no stream is being read. Each line goes on from the one before."""
        in_flight, waiting = self._budget.load()
        now = time.monotonic()
        seconds, self._said_at = max(now - self._said_at, 0.001), now
        streams = [self._stream(*each, waiting, seconds) for each in self._reports.reading().items()]
        if not streams:
            return ""
        return f"Reading {'; '.join(streams)}. Requests under way: {in_flight}, waiting: {sum(waiting.values())}."

    def _stream(self, name: str, reading: Reading, waiting: Mapping[str, int], seconds: float) -> str:
        before = self._steps.get(name, _Step())
        done, total, unit = _done(reading)
        # A request is counted before it waits.
        sent = sum(reading.counts[what] for what in _SENT) - waiting.get(name, 0)
        self._steps[name] = _Step(done, sent)
        of_total = f" of {total}" if total else ""
        left = _left((total or 0) - done, (done - before.done) / seconds)
        return f"{name} {done}{of_total} {unit}, {max(sent - before.sent, 0) / seconds:.1f} requests a second{left}"


def _done(reading: Reading) -> tuple[int, int | None, str]:
    counts = reading.counts
    if report.CHANGED in counts:
        # Windows that are searched are partitions, too.
        return min(reading.partitions, counts[report.CHANGED]), counts[report.CHANGED], "conversations"
    return counts[report.EMITTED], counts.get(report.EXPECTED), "records"


def _left(missing: int, pace: float) -> str:
    if missing <= 0 or pace <= 0:
        return ""
    minutes = ceil(missing / pace / 60)
    return f", {minutes} minutes left" if minutes > 1 else ", less than a minute left"
