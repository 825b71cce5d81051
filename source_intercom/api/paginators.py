"""One paginator per wire shape: what of a page's body leads to the next page.

A paginator's `next_token` returns what the next request needs on top of the first one's, or None after
the last page. Which endpoint has which shape, and how it says that it is done, is in API notes 2.2.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from source_intercom.api.bodies import Body
from source_intercom.api.shapes import as_count, as_object


class Paginator(Protocol):
    """Finds the way from one page to the next."""

    def next_token(self, body: Body) -> Mapping[str, Any] | None:
        """What the request of the page after `body` adds, or None where `body` is the last page."""
        ...


class SinglePage:
    """Endpoints that answer with everything at once (style G)."""

    def next_token(self, body: Body) -> Mapping[str, Any] | None:
        """There is no second page."""
        return None


class PageNumbers:
    """Numbered pages; `pages.next` is a URL, null, or absent on the last page (style C).

    Only the number is used, never the URL: it may name another host.
    """

    def next_token(self, body: Body) -> Mapping[str, Any] | None:
        """`{"page": n}` while there are pages left."""
        pages = as_object(body.get("pages"))
        page = as_count(pages.get("page")) or 1
        if not pages.get("next") or page >= as_count(pages.get("total_pages")):
            return None
        return {"page": page + 1}


class SearchCursor:
    """A cursor for the search body in `pages.next.starting_after`; no `next` on the last page (style B)."""

    def next_token(self, body: Body) -> Mapping[str, Any] | None:
        """`{"starting_after": cursor}` while there are pages left."""
        cursor = as_object(as_object(body.get("pages")).get("next")).get("starting_after")
        return {"starting_after": cursor} if cursor else None


class Scroll:
    """The companies' scroll: every page, the last one too, carries `scroll_param`; empty `data` ends it (style F)."""

    def next_token(self, body: Body) -> Mapping[str, Any] | None:
        """`{"scroll_param": latest}` until a page without data comes."""
        return {"scroll_param": body.get("scroll_param")} if body.get("data") else None
