"""What is said while requests wait for Intercom's rate limit, or streams for what it makes."""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Final, TypeVar

from airbyte_cdk.models import AirbyteMessage, AirbyteMessageSerializer
from airbyte_cdk.sources.message import MessageRepository

Key = TypeVar("Key")

STATUS_SECONDS: Final = 30.0
"""Seconds between two statuses of a stream that waits."""

STRETCH_SECONDS: Final = 60.0
"""After as many seconds without a long wait the next one is news for the log; until then the lines on the read's
progress say how many requests wait."""


JOB_SECONDS: Final = 300.0
"""Seconds after which the log says again for what a stream waits."""


class WaitingNotice:
    """Tells the log and the platform of waits, as the `waiting` of a rate budget.

    A stream's status goes out by the thread that waits for it, which then goes on to wait: it is always ahead of what
    the stream emits next, so that none follows a stream's end.

    :param messages: where statuses go; None where nobody takes them, as in a check
    """

    def __init__(self, logger: logging.Logger, messages: MessageRepository | None = None) -> None:
        self._logger = logger
        self._messages = messages
        self._lock = threading.Lock()
        self._last_wait = float("-inf")
        self._told: dict[str, float] = {}
        self._told_of_jobs: dict[tuple[str, str], float] = {}

    def __call__(self, sender: str, senders: Sequence[str], seconds: float) -> None:
        """A request has waited long.

        :param sender: the stream that it is for; empty where it is for none
        :param senders: all that wait
        :param seconds: until the rate limit's next window begins
        """
        now = time.monotonic()
        with self._lock:
            is_new_stretch = now - self._last_wait > STRETCH_SECONDS
            is_news = bool(sender) and _is_due(self._told, sender, now, STATUS_SECONDS)
            self._last_wait = now
        if is_new_stretch:
            self._logger.info(
                "Intercom's rate limit is used up, by this sync or by other apps of the workspace; its next window "
                "begins in %.0f s. Waiting: %s.",
                max(seconds, 1),
                ", ".join(filter(None, senders)) or "the connection",
            )
        if is_news and self._messages:
            self._messages.emit_message(_rate_limited(sender, seconds))

    def for_job(self, stream: str, why: str, seconds: float) -> None:
        """A stream waits for a job of Intercom's, as the `waiting` of the open jobs.

        :param why: in words
        :param seconds: until it looks again
        """
        now = time.monotonic()
        with self._lock:
            is_due = _is_due(self._told_of_jobs, (stream, why), now, JOB_SECONDS)
            is_news = _is_due(self._told, stream, now, STATUS_SECONDS)
        if is_due:
            self._logger.info("%s: %s; looking again in %.0f s.", stream, why, max(seconds, 1))
        if is_news and self._messages:
            self._messages.emit_message(_rate_limited(stream, seconds))


def _is_due(told: dict[Key, float], what: Key, now: float, interval: float) -> bool:
    """Whether something is to be told, since it was not for an interval; it counts as told then."""
    is_due = now - told.get(what, float("-inf")) >= interval
    if is_due:
        told[what] = now
    return is_due


def _rate_limited(stream: str, seconds: float) -> AirbyteMessage:
    now = time.time()
    status = {
        "stream_descriptor": {"name": stream},
        "status": "RUNNING",
        "reasons": [{"type": "RATE_LIMITED", "rate_limited": {"quota_reset": int((now + seconds) * 1000)}}],
    }
    trace = {"type": "STREAM_STATUS", "emitted_at": now * 1000, "stream_status": status}
    return AirbyteMessageSerializer.load({"type": "TRACE", "trace": trace})
