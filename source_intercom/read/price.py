"""What reading costs: requests, and the minutes that Intercom's rate limit gives them (docs/scale.md)."""

from typing import Final

from source_intercom import report
from source_intercom.api.search import MAX_PAGE_SIZE
from source_intercom.api.usage import WINDOW_SECONDS
from source_intercom.read.ranges import RANGE
from source_intercom.read.transcripts import CONVERSATIONS
from source_intercom.read.windows import window_size

SCROLL_PAGE: Final = 100
"""Companies of a page of the scroll (API notes 5)."""


def of_search(records: int, largest: int) -> int:
    """Requests that find so many records, in windows of at most `largest`: their pages, and what cuts the windows.

    A window costs a count, and half a page more, since its last page is not full.
    """
    windows = _parts(records, window_size(records, MAX_PAGE_SIZE, largest))
    return max(_parts(records, MAX_PAGE_SIZE), 1) + (windows + windows // 2 if windows > 1 else 0)


def of_list(records: int, per_page: int | None) -> int:
    """Requests for a list in pages of so many; all at once without."""
    return max(_parts(records, per_page), 1) if per_page else 1


def of_ranges(records: int, per_page: int, seconds: int) -> int:
    """Requests for a list that is asked for range by range."""
    return max(_parts(seconds, RANGE), _parts(records, per_page), 1)


def of_scroll(records: int) -> int:
    """Requests of a scroll, with the one for the empty page at its end."""
    return _parts(records, SCROLL_PAGE) + 1


def of_children(parents: int) -> int:
    """Requests for the children of so many parents, one for each, unless one has more than a page of them."""
    return parents


def of_segments(segments: int, contacts: int) -> int:
    """Requests that find so many contacts segment by segment; the last page of each is not full."""
    return segments + _parts(contacts, MAX_PAGE_SIZE)


def of_transcripts(calls: int, per_page: int) -> int:
    """Requests that list so many calls, and search for their conversations, of which each may be another."""
    return of_list(calls, per_page) + _parts(calls, CONVERSATIONS)


def of_exports(number: int) -> int:
    """Requests for so many exports at least: each is asked for, looked at once, and fetched."""
    return 3 * number


def told_of_exports(number: int) -> str:
    """What so many exports may cost, in words."""
    least = report.counted(of_exports(number), report.REQUESTS)
    return f"at least {least}, one for each look at a job, and minutes or hours that only Intercom knows"


def minutes(requests: int, limit: int) -> int:
    """How long a limit of so many requests in a window of ten seconds takes for them, rounded up."""
    return _parts(requests * WINDOW_SECONDS, limit * 60)


def told(parents: int, limit: int) -> str:
    """What asking for the children of parents may cost, in words; the time only where a limit is known."""
    requests = of_children(parents)
    said = f"up to {report.counted(requests, report.REQUESTS)}, one for each"
    if not limit:
        return said
    time = report.counted(minutes(requests, limit), "minutes")
    return f"{said}, {time} at Intercom's rate limit of {limit} in {WINDOW_SECONDS} seconds"


def _parts(whole: int, part: int) -> int:
    return -(-whole // part)
