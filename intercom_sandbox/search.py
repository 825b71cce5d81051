"""The search endpoints: one page of a query, by keyset (API notes 2.1)."""

import operator
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from intercom_sandbox.cursors import NULL, Cursor, decode, encode
from intercom_sandbox.errors import ApiError, UnreadableBody, invalid
from intercom_sandbox.query import Dialect, Plan, View, compile_query
from intercom_sandbox.settings import Settings
from intercom_sandbox.store import Entry, Index, Object, Record
from intercom_sandbox.versions import Version

MAX_PER_PAGE = 150


@dataclass(frozen=True)
class Searchable:
    """How one kind of object is searched and listed: envelope, key of its rows, page size of searches, and dialect.

    ``unsorted`` is the date field by which it is sorted when a request names none. ``days_until`` is the last version
    in which its dates are days of the workspace's zone (None: they always were seconds).
    """

    envelope: str
    key: str
    per_page: int
    dialect: Dialect
    unsorted: str = "updated_at"
    days_until: Version | None = None


@dataclass(frozen=True)
class Search:
    """A validated search: what to find, in which order, and which page of it. ``sort_field`` is a date field."""

    query: object
    sort_field: str
    descending: bool
    per_page: int
    cursor: Cursor | None


@dataclass(frozen=True)
class Page:
    """A page of results: the records, how many match in all, and the cursor after it (None on the last page)."""

    records: list[Record]
    total: int
    number: int
    next: Cursor | None


def parse(body: bytes, searchable: Searchable, *, numeric_ids: bool) -> Search:
    """The search that a request body asks for. Raises ``ApiError`` as the API does.

    ``per_page`` counts inside ``pagination`` only and is clamped to 150; the order defaults to descending. Contacts
    that are not sorted come last seen first (API notes 14).
    """
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise UnreadableBody from None
    if not isinstance(request, dict) or not isinstance(request.get("query"), dict):
        raise invalid("A search needs a query")
    pagination, sort = request.get("pagination") or {}, request.get("sort") or {}
    if not isinstance(pagination, dict) or not isinstance(sort, dict):
        raise invalid("pagination and sort are objects")
    order = sort.get("order", "descending")
    if order not in ("ascending", "descending"):
        message = f"Invalid sort order '{order}'. Must be one of: ascending, descending"
        raise ApiError(400, "invalid_sort_order", message)
    field = sort.get("field", searchable.unsorted)
    if field not in searchable.dialect.dates:
        raise invalid(f"Cannot sort by {field}")
    per_page = page_size(pagination.get("per_page"), searchable.per_page)
    cursor = cursor_of(pagination.get("starting_after"), numeric_ids=numeric_ids)
    return Search(request["query"], field, order == "descending", per_page, cursor)


def page_size(asked: object, default: int, most: int = MAX_PER_PAGE, refusal: str = "parameter_invalid") -> int:
    """The page size of a request: ``default`` when absent, at most ``most``, 400 when it is no positive number."""
    if asked is None:
        return default
    try:
        size = int(str(asked))
    except ValueError:
        size = 0
    if size < 1:
        raise ApiError(400, refusal, "per_page must be a positive number")
    return min(size, most)


def cursor_of(text: object, *, numeric_ids: bool) -> Cursor | None:
    """The cursor of a request; None when it asks for the first page."""
    return None if text is None or text == "" else decode(text, numeric_ids=numeric_ids)


def dialect_for(searchable: Searchable, settings: Settings, version: Version) -> Dialect:
    """The dialect under the present settings. Contact dates are days of the workspace's zone up to 2.16."""
    if searchable.days_until is None:
        return replace(searchable.dialect, inclusive=settings.bounds == "inclusive")
    if settings.contact_dates == "day" and version <= searchable.days_until:
        return replace(searchable.dialect, zone=ZoneInfo(settings.timezone))
    return searchable.dialect


def run(search: Search, index: Index, dialect: Dialect, *, hide_tickets: bool = False) -> Page:
    """One page. Nothing is remembered between pages: each evaluates the query anew (API notes 2.1)."""
    order = index.order(search.sort_field)
    plan = compile_query(search.query, dialect, search.sort_field if order is not None else None)
    if order is None:
        order = _order_by(search.sort_field, index)
    entries, low, high = _matching(plan, index, order, hide_tickets)
    if search.descending:
        end = high if search.cursor is None else min(high, bisect_left(entries, search.cursor.entry))
        start = max(low, end - search.per_page)
        chosen = entries[start:end][::-1]
        more = start > low
    else:
        start = low if search.cursor is None else max(low, bisect_right(entries, search.cursor.entry))
        chosen = entries[start : min(high, start + search.per_page)]
        more = start + search.per_page < high
    number = search.cursor.page if search.cursor else 1
    following = Cursor(chosen[-1], number + 1) if more and chosen else None
    return Page([index.version(key) for _, key in chosen], high - low, number, following)


def _order_by(field: str, index: Index) -> list[Entry]:
    """All entries ascending by a field that has no standing order, nulls first."""
    values = ((View(record).values(field)[0], record.key) for record in index)
    return sorted((NULL if value is None else value, key) for value, key in values)


def _matching(plan: Plan, index: Index, order: list[Entry], hide_tickets: bool) -> tuple[list[Entry], int, int]:
    """The matching entries as a slice of a sorted list. A mere range costs two bisections."""
    low = bisect_left(order, plan.interval.low, key=operator.itemgetter(0))
    high = bisect_right(order, plan.interval.high, key=operator.itemgetter(0))
    if plan.predicate is None and not hide_tickets:
        return order, low, max(low, high)
    matching = []
    for entry in order[low:high]:
        record = index.version(entry[1])
        if not (hide_tickets and record.is_ticket) and (plan.predicate is None or plan.predicate(View(record))):
            matching.append(entry)
    return matching, 0, len(matching)


def envelope(searchable: Searchable, search: Search, page: Page, items: list[bytes]) -> bytes:
    """The JSON of a page; the last one has no key ``next`` (API notes 2.1)."""
    pages: Object = {"type": "pages"}
    if page.next:
        pages["next"] = {"page": page.next.page, "starting_after": encode(page.next)}
    pages |= {"page": page.number, "per_page": search.per_page, "total_pages": -(-page.total // search.per_page)}
    head: dict[str, Any] = {"type": searchable.envelope, "pages": pages, "total_count": page.total}
    return b'%b,"%b":[%b]}' % (orjson.dumps(head)[:-1], searchable.key.encode(), b",".join(items))
