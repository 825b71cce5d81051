"""Fault rules of the sandbox, by stream."""

from typing import Any

from unit_tests.contracts import CONTRACTS


def fault(path: str, *, after: int = 0, times: int | None = None, **action: Any) -> dict[str, Any]:
    """A rule for all requests whose path matches, but for the first `after`; None: for as long as it is there."""
    return {"path": path, "after": after, "times": times, "action": action}


def fault_of(stream: str, *, after: int = 0, times: int | None = None, **action: Any) -> dict[str, Any]:
    """A rule for the requests that bring a stream's rows."""
    return fault(CONTRACTS[stream].pattern, after=after, times=times, **action)
