"""The rate limit: windows of ten seconds, aligned to the clock (API notes 6)."""

from dataclasses import dataclass
from typing import NamedTuple

from intercom_sandbox.settings import Settings

WINDOW = 10
_REMEMBERED = 1000


class Verdict(NamedTuple):
    """Whether a request may pass, and the values of the three headers; ``limit`` is 0 when nothing is limited."""

    allowed: bool
    limit: int
    remaining: int
    reset: int

    def headers(self) -> list[tuple[bytes, bytes]]:
        """``X-RateLimit-*``; none when nothing is limited."""
        if not self.limit:
            return []
        return [
            (b"x-ratelimit-limit", b"%d" % self.limit),
            (b"x-ratelimit-remaining", b"%d" % self.remaining),
            (b"x-ratelimit-reset", b"%d" % self.reset),
        ]


@dataclass
class Window:
    """What one window has seen of our own requests."""

    start: int
    allowed: int = 0
    rejected: int = 0


class RateWindows:
    """Counts requests per window. Time is the wall clock, in Unix seconds."""

    def __init__(self) -> None:
        self.windows: list[Window] = []

    def admit(self, now: float, settings: Settings) -> Verdict:
        """Counts a request and judges it.

        ``remaining`` is what was left before this request: the first one of a window reports the whole limit. Other
        apps spend their share of the limit evenly over the window. Refused requests cost nothing.
        """
        start = int(now) // WINDOW * WINDOW
        if not self.windows or self.windows[-1].start != start:
            self.windows.append(Window(start))
            del self.windows[:-_REMEMBERED]
        window = self.windows[-1]
        limit = settings.rate_limit
        others = int(limit * settings.other_clients * (now - start) / WINDOW)
        remaining = max(0, limit - window.allowed - others)
        allowed = not limit or remaining > 0
        if allowed:
            window.allowed += 1
        else:
            window.rejected += 1
        return Verdict(allowed, limit, remaining, start + WINDOW + settings.reset_late)
