"""Bodies of search requests, as pure functions (API notes 2.1).

All bounds are half open, `[start, end)`, in integer Unix seconds. What comes back may be more than was
asked for: the caller keeps exactly the records within its bounds.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Literal

Order = Literal["ascending", "descending"]

MAX_PAGE_SIZE = 150

INDEX_LAG_SECONDS = 600
"""How far the index behind the searches is trusted to lag: which records match, and in which order, is that old.

The records themselves may be newer than their places (API notes 2.1, 14).
"""


def search_body(
    bounds: tuple[int, int], per_page: int, order: Order = "ascending", starting_after: str | None = None
) -> dict[str, Any]:
    """The body of a search for records with bounds[0] < `updated_at` < bounds[1], sorted by `updated_at`."""
    pagination: dict[str, Any] = {"per_page": per_page}
    if starting_after:
        pagination["starting_after"] = starting_after
    return {
        "query": {
            "operator": "AND",
            "value": [
                {"field": "updated_at", "operator": ">", "value": bounds[0]},
                {"field": "updated_at", "operator": "<", "value": bounds[1]},
            ],
        },
        "sort": {"field": "updated_at", "order": order},
        "pagination": pagination,
    }


def id_search_body(record_id: str) -> dict[str, Any]:
    """The body of a search for one record by its id."""
    return {
        "query": {"field": "id", "operator": "=", "value": record_id},
        "pagination": {"per_page": MAX_PAGE_SIZE},
    }


def segment_search_body(segment_id: str, per_page: int, starting_after: str | None = None) -> dict[str, Any]:
    """The body of a search for the contacts of a segment: those created while it is paged come at its end."""
    pagination: dict[str, Any] = {"per_page": per_page}
    if starting_after:
        pagination["starting_after"] = starting_after
    return {
        "query": {"field": "segment_id", "operator": "=", "value": segment_id},
        "sort": {"field": "created_at", "order": "ascending"},
        "pagination": pagination,
    }


def since_search_body(
    fields: Sequence[str], after: int, per_page: int, order: Order, starting_after: str | None = None
) -> dict[str, Any]:
    """The body of a search for records with any of these times behind a second, sorted by `updated_at`."""
    pagination: dict[str, Any] = {"per_page": per_page}
    if starting_after:
        pagination["starting_after"] = starting_after
    return {
        "query": {"operator": "OR", "value": [{"field": name, "operator": ">", "value": after} for name in fields]},
        "sort": {"field": "updated_at", "order": order},
        "pagination": pagination,
    }


def second_bounds(start: int, end: int) -> tuple[int, int]:
    """Values for `>` and `<` that find all of [start, end) whether the operators are strict or inclusive.

    Conversations and tickets match seconds, but the notes leave open whether the bounds belong to the
    result: strict operators find exactly [start, end), inclusive ones a second more on either side.
    """
    return start - 1, end


def day_bounds(start: int, end: int, zone: tzinfo | None) -> tuple[int, int]:
    """Values for `>` and `<` that find all of [start, end) although dates may be cut to whole days.

    Up to API 2.16 contact dates match days of the workspace's `zone`: `>` means from the start of the
    next day, `<` means before the start of that day. So `>` gets the second before the first day begins
    and `<` the instant at which the day after the last begins; on servers that match seconds the same
    values find the same days. An unknown zone is at most a day off, hence a day more on either side.
    """
    if zone is None:
        return start - 2 * 86_400, end + 2 * 86_400
    return start_of_day(start, zone) - 1, start_of_next_day(end - 1, zone)


def start_of_day(second: int, zone: tzinfo) -> int:
    """The first second of the day of `zone` that `second` falls in."""
    return _midnight(datetime.fromtimestamp(second, zone).date(), zone)


def start_of_next_day(second: int, zone: tzinfo) -> int:
    """The first second of the day of `zone` after the one that `second` falls in."""
    return _midnight(datetime.fromtimestamp(second, zone).date() + timedelta(days=1), zone)


def _midnight(day: date, zone: tzinfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
