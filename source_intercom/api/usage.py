"""What was made of the rate limit, window by window, and who waited for it."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

WINDOW_SECONDS: Final = 10
"""How long a limit holds (API notes 6)."""

MOST: Final = 180
"""Spans that are kept: where a read takes longer than so many windows, several are put together."""


@dataclass(frozen=True)
class Span:
    """What happened to the rate limit in one span of time.

    :param begins: its first second, a multiple of its length
    :param limit: requests that each window of it allowed; 0 where Intercom did not tell
    :param sent: our requests that were let through
    :param by_others: what other clients of the workspace spent
    :param refused: our requests that were answered 429
    """

    begins: int
    limit: int = 0
    sent: int = 0
    by_others: int = 0
    refused: int = 0

    def with_added(self, other: "Span") -> "Span":
        """Both together."""
        return Span(
            self.begins,
            max(self.limit, other.limit),
            self.sent + other.sent,
            self.by_others + other.by_others,
            self.refused + other.refused,
        )


@dataclass
class _Window:
    """A window to which answers may still belong.

    :param name: by which its answers know it: their `Reset`; a negative number where they have none
    :param left: the least that was left of it; None where Intercom did not tell
    """

    name: int
    span: Span
    left: int | None = None

    def closed(self) -> Span:
        """With what others have spent: what is neither left nor ours."""
        others = self.span.limit - self.left - self.span.sent if self.left is not None else 0
        return replace(self.span, by_others=max(others, 0))


class Usage:
    """Safe to use from all threads; takes bounded memory however long a read is."""

    def __init__(self) -> None:
        self.refused = 0
        """Requests that were answered 429."""
        self._lock = threading.Lock()
        self._length = WINDOW_SECONDS
        self._spans: list[Span] = []
        self._open: list[_Window] = []
        """The last two windows: answers of the one before come behind the first of the last."""
        self._waits = defaultdict[str, float](float)
        self._waited = 0.0
        self._noted_at = 0.0

    def answered(self, own: int | None, current: int | None, limit: int, left: int | None, is_refusal: bool) -> None:
        """A request was answered.

        :param own: the `Reset` of the answer
        :param current: that of the window which is believed to be the current one; None while none is known
        :param left: what the answer says is left; whether that counts its own request does not matter here
        """
        second = int(time.time())
        with self._lock:
            self.refused += is_refusal
            name = -(second // WINDOW_SECONDS) if current is None else current
            window = next((each for each in self._open if each.name == own), None) or self._window(name, second)
            window.span = window.span.with_added(
                Span(0, max(limit, 0), sent=int(not is_refusal), refused=int(is_refusal))
            )
            if window.name == own and left is not None:
                window.left = left if window.left is None else min(window.left, left)

    def note_waits(self, now: float, held_until: float, senders: Iterable[str]) -> None:
        """Since this was called before, these have waited: for the rate limit as long as it held them up.

        :param now: on the clock that never goes back, as `held_until`
        """
        with self._lock:
            seconds = min(now, held_until) - self._noted_at
            self._noted_at = now
            waiting = list(senders)
            if seconds > 0 and waiting:
                self._waited += seconds
                for sender in waiting:
                    self._waits[sender] += seconds

    def waits(self) -> tuple[float, dict[str, float]]:
        """The seconds in which anybody waited for the rate limit, and those in which each sender did."""
        with self._lock:
            return self._waited, dict(self._waits)

    def spans(self) -> tuple[int, list[Span]]:
        """The length of all spans, in seconds, and those in which something was answered, in their order."""
        with self._lock:
            length, spans = self._length, [*self._spans]
            for window in self._open:
                length = _add(spans, window.closed(), length)
            return length, spans

    def _window(self, name: int, second: int) -> _Window:
        last = self._open[-1] if self._open else None
        begins = second - second % WINDOW_SECONDS
        if last and last.name < 0 <= name and last.span.begins == begins:
            last.name = name  # what went before told of no window
        if last and last.name == name:
            return last
        if last:
            # Our clock may be behind Intercom's: what turns is a window further. Unless it turns too often for that.
            begins = max(begins, last.span.begins + WINDOW_SECONDS)
            if begins > second + WINDOW_SECONDS:
                last.name = name
                return last
        self._open.append(_Window(name, Span(begins)))
        if len(self._open) > 2:
            self._length = _add(self._spans, self._open.pop(0).closed(), self._length)
        return self._open[-1]


def _add(spans: list[Span], span: Span, length: int) -> int:
    """Append a span, or add it to the last; returns the length of spans, which doubles until all find room."""
    while spans and span.begins - spans[0].begins >= MOST * length:
        length *= 2
        longer: list[Span] = []
        for each in spans:
            _put(longer, each, length)
        spans[:] = longer
    _put(spans, span, length)
    return length


def _put(spans: list[Span], span: Span, length: int) -> None:
    begins = span.begins - span.begins % length
    if spans and spans[-1].begins >= begins:
        spans[-1] = spans[-1].with_added(span)
    else:
        spans.append(replace(span, begins=begins))
