"""How the reading of each stream began and ended, as the platform was told."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from airbyte_cdk.models import AirbyteStreamStatus, AirbyteTraceMessage

NOT_BEGUN: Final = "not begun"
UNFINISHED: Final = "unfinished"
COMPLETE: Final = "complete"
FAILED: Final = "failed"


@dataclass(frozen=True)
class Outcome:
    """What has become of one stream.

    :param word: NOT_BEGUN, UNFINISHED, COMPLETE or FAILED
    :param failure: the CDK's type of the error with which it failed: `config_error`, `transient_error`, `system_error`
    :param began: when it began, on the clock that never goes back; None before
    :param ended: when it ended, on the same clock
    """

    word: str = NOT_BEGUN
    failure: str = ""
    began: float | None = None
    ended: float | None = None

    def seconds(self, now: float) -> float | None:
        """How long it was read, by now or in all; None if it has not begun."""
        if self.began is None:
            return None
        return (now if self.ended is None else self.ended) - self.began


class Outcomes:
    """Follows the traces of a read; safe to use from all threads.

    :param streams: those that are to be read
    """

    def __init__(self, streams: Iterable[str]) -> None:
        self._lock = threading.Lock()
        self._of = {stream: Outcome() for stream in streams}

    def note(self, trace: AirbyteTraceMessage) -> None:
        """A trace is printed: the status of a stream, or its error."""
        now = time.monotonic()
        with self._lock:
            if status := trace.stream_status:
                name = status.stream_descriptor.name
                self._of[name] = _after(status.status, self._of.get(name, Outcome()), now)
            elif trace.error and trace.error.stream_descriptor:
                name, kind = trace.error.stream_descriptor.name, trace.error.failure_type
                failed = self._of.get(name, Outcome())
                self._of[name] = replace(failed, word=FAILED, failure=kind.value if kind else failed.failure)

    def all(self) -> dict[str, Outcome]:
        """The outcome of each stream so far."""
        with self._lock:
            return dict(self._of)


def _after(status: AirbyteStreamStatus, outcome: Outcome, now: float) -> Outcome:
    match status:
        case AirbyteStreamStatus.STARTED:
            return replace(outcome, word=UNFINISHED, began=now)
        case AirbyteStreamStatus.COMPLETE:
            return replace(outcome, word=COMPLETE, ended=now)
        case AirbyteStreamStatus.INCOMPLETE:
            return replace(outcome, word=FAILED, ended=now)
        case _:
            return outcome
