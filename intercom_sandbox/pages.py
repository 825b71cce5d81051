"""Numbered pages: the wire shapes C, D and E (API notes 2.2)."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request

from intercom_sandbox.asked import Asked
from intercom_sandbox.errors import ApiError, invalid
from intercom_sandbox.kind import Links
from intercom_sandbox.search import page_size
from intercom_sandbox.store import Object, Record

_DAY = 86_400


class Next(Enum):
    """What follows a page, and how that is said."""

    URL_OR_ABSENT = auto()
    """C: ``pages.next`` is a URL, and the last page has no such key."""
    URL_OR_NULL = auto()
    """C: ``pages.next`` is a URL, and null on the last page."""
    NUMBERS = auto()
    """D: ``pages`` has numbers only."""
    TOP_LEVEL = auto()
    """E: the numbers are beside the rows, and there is no ``pages``."""


@dataclass(frozen=True)
class Numbered:
    """Pages of ``per_page`` rows, up to ``most`` when a request asks for them; page 0 shows what page 1 shows.

    ``rows`` are those that a request asks for, in the order in which they are shown. ``counted``: whether
    ``total_count`` is told. ``refusal`` is the code of the error about a page size that is none.
    """

    rows: Callable[[Asked], Sequence[bytes]]
    next: Next
    per_page: int
    most: int
    envelope: str = "list"
    key: str = "data"
    counted: bool = True
    refusal: str = "parameter_invalid"

    async def answer(self, asked: Asked) -> bytes:
        """``{"type", "pages", "total_count", <key>: […]}``."""
        per_page = page_size(asked.parameter("per_page"), self.per_page, self.most, self.refusal)
        number = _number(asked)
        rows = self.rows(asked)
        numbers = {"page": number, "per_page": per_page, "total_pages": -(-len(rows) // per_page)}
        head: Object = {"type": self.envelope}
        if self.next is Next.TOP_LEVEL:
            head |= numbers
        else:
            head["pages"] = {"type": "pages", **self._following(asked.request, numbers), **numbers}
        if self.counted:
            head["total_count"] = len(rows)
        start = (max(number, 1) - 1) * per_page
        shown = b",".join(rows[start : start + per_page])
        return b'%b,"%b":[%b]}' % (orjson.dumps(head)[:-1], self.key.encode(), shown)

    def _following(self, request: Request, numbers: dict[str, int]) -> dict[str, str | None]:
        """The key ``next`` of a page, if it has one."""
        if self.next is Next.NUMBERS:
            return {}
        if numbers["page"] >= numbers["total_pages"]:
            return {"next": None} if self.next is Next.URL_OR_NULL else {}
        kept = [(name, value) for name, value in request.query_params.multi_items() if name not in numbers]
        query = urlencode([*kept, ("per_page", numbers["per_page"]), ("page", numbers["page"] + 1)])
        return {"next": str(request.url.replace(query=query))}


def _number(asked: Asked) -> int:
    text = asked.parameter("page")
    if text is not None and not text.isdecimal():
        raise invalid("page must be a number")
    return 1 if text is None else int(text)


def last_updated_first(asked: Asked) -> list[bytes]:
    """All objects of the kind, by their last update; ties by id."""
    return [record.raw for record in sorted(asked.collection, key=lambda record: (-record.updated_at, record.key))]


def newest_first_in_range(asked: Asked) -> list[bytes]:
    """The objects created between ``created_at_after`` and ``created_at_before``, newest first (API notes 3.9).

    Whether these two are included follows the setting ``bounds``. A range of more days than the setting
    ``activity_log_days`` is an internal error. Without ``created_at_after``: 404 ``parameter_not_found``.
    """
    settings = asked.state.settings
    after, before = _second(asked, "created_at_after"), _second(asked, "created_at_before")
    if after is None:
        raise ApiError(404, "parameter_not_found", "created_at_after is required")
    last = time.time() if before is None else before
    if settings.activity_log_days and last - after > settings.activity_log_days * _DAY:
        raise ApiError(500, "server_error", "Something went wrong")
    inside = int(settings.bounds == "strict")
    low, high = after + inside, None if before is None else before - inside
    chosen = [each for each in asked.collection if low <= each.created_at and (high is None or each.created_at <= high)]
    return [record.raw for record in sorted(chosen, key=_by_creation, reverse=True)]


def _by_creation(record: Record) -> tuple[int, Any]:
    return record.created_at, record.key


def _second(asked: Asked, name: str) -> int | None:
    text = asked.parameter(name)
    if text is None:
        return None
    if not text.isdecimal():
        raise invalid(f"{name} must be a Unix timestamp")
    return int(text)


def newest_first_of_parent(missing: Callable[[Asked, str], Exception]) -> Callable[[Asked], list[bytes]]:
    """The rows of the parent with the ``id`` in the path, newest first; ``missing`` makes the error without one.

    In place of links there are the objects that they lead to.
    """

    def rows(asked: Asked) -> list[bytes]:
        workspace, item_id = asked.state.workspace, asked.request.path_params["id"]
        _, parent = workspace.parent_of(asked.kind, item_id)
        if parent is None:
            raise missing(asked, item_id)
        found, nested = workspace.served(asked.kind, parent)[::-1], asked.kind.nested
        if not isinstance(nested, Links):
            return found
        return [orjson.dumps(nested.whole(workspace, orjson.loads(link))) for link in found]

    return rows
