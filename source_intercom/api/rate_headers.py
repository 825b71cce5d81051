"""What the headers of an answer say about the rate limit (API notes 6)."""

import time
from email.utils import parsedate_to_datetime

import requests


def retry_after(response: requests.Response) -> float | None:
    """Seconds to wait by the header `Retry-After`, which holds seconds or a date; None without one that makes sense."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max(parsedate_to_datetime(value).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def rate_limit(response: requests.Response, name: str) -> int | None:
    """The number in `X-RateLimit-<name>`: `Limit`, `Remaining` or `Reset`; None without one."""
    value = response.headers.get(f"X-RateLimit-{name}", "").strip()
    return int(value) if value.isdecimal() else None
