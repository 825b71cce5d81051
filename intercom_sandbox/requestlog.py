"""What was asked of the API: counts, and the last requests."""

import re
import time
from collections import Counter, deque
from typing import Any

from intercom_sandbox.limits import RateWindows

_ID = re.compile(r"/(?:\d+|[0-9a-f]{24}|[0-9a-z]{15}\d)(?=/|$)")
_REMEMBERED = 5000


class RequestLog:
    """Counts requests by path and status; the control endpoint's own requests are not among them."""

    def __init__(self) -> None:
        self.last: deque[dict[str, Any]] = deque(maxlen=_REMEMBERED)
        self._by_path: Counter[str] = Counter()
        self._by_status: Counter[str] = Counter()
        self._in_flight = 0
        self._most_in_flight = 0

    def arrived(self) -> None:
        """A request has come that is not answered yet."""
        self._in_flight += 1
        self._most_in_flight = max(self._most_in_flight, self._in_flight)

    def left(self) -> None:
        """The end of an answer is about to leave."""
        self._in_flight -= 1

    def add(self, method: str, path: str, query: str, status: int | str, body: Any) -> None:
        """Counts one answered request; ``status`` is a text when the answer was cut off."""
        self._by_path[f"{method} {_ID.sub('/{id}', path)}"] += 1
        self._by_status[str(status)] += 1
        entry = {"at": time.time(), "method": method, "path": path, "query": query, "status": status, "body": body}
        self.last.append(entry)

    def summary(self, limits: RateWindows) -> dict[str, Any]:
        """Counts so far, the most in flight at a time, and ``[start, allowed, rejected]`` of each rate window."""
        return {
            "total": self._by_path.total(),
            "by_path": dict(self._by_path),
            "by_status": dict(self._by_status),
            "most_in_flight": self._most_in_flight,
            "rate_limited": sum(window.rejected for window in limits.windows),
            "windows": [[window.start, window.allowed, window.rejected] for window in limits.windows],
        }
