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


def is_refusal(request: object, response: requests.Response, left: int | None) -> bool:
    """Whether an answer says that the rate limit is used up.

    A 429 to a request for an export may as well say that others have asked for one, which has nothing to do with it
    (API notes 10); it does, unless nothing is left.
    """
    is_of_jobs = "/export/" in str(getattr(request, "url", "")) and left != 0
    return response.status_code == requests.codes.too_many_requests and not is_of_jobs
