"""How a page's body leads to the next page, for each way in which Intercom does it.

A paginator's `next_token` returns what the next request needs on top of the first one's, or None after
the last page. Which endpoint has which shape, and how it says that it is done, is in API notes 2.2. A body that says
that there is more is never the last page.
"""

from collections.abc import Collection, Hashable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, parse_qsl, urlsplit

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom.api.bodies import Body, records_in
from source_intercom.api.sentences import ISSUES

NO_WAY_ON: Final = f"Intercom says that a list goes on, but not how; please report this at {ISSUES}."

_MOST_DIGITS: Final = 9


class Paginator(Protocol):
    """Finds the way from one page to the next."""

    def next_token(self, body: Body) -> Mapping[str, Any] | None:
        """What the request of the page after `body` adds, or None where `body` is the last page."""
        ...

    def page_key(self, body: Body, token: Mapping[str, Any]) -> Hashable:
        """What no other page has unless paging goes round in circles; None where nothing tells."""
        ...


class ListPages:
    """Lists, whole or in pages (styles A, C, D, E, G and H).

    There is more while `next` is there, as an object or a URL, or `has_more`, and while the page's number is less than
    `total_pages`, or than `total_count` makes it. Of a URL only the parameters are used: it may name another host.
    """

    def next_token(self, body: Body) -> Mapping[str, Any] | None:
        """`{"starting_after": cursor}` or `{"cursor": cursor}`, else `{"page": n}`, while there are pages left.

        :raises AirbyteTracedException: a system error if there is more and no way to it
        """
        pages = body.get("pages")
        told = pages if isinstance(pages, dict) else body
        following = told.get("next") or body.get("has_more") is True
        page, last = _number(told.get("page")), _last_page(told, body)
        if not following and (page is None or last is None or page >= last):
            return None
        if body.get("next_cursor"):
            return {"cursor": body["next_cursor"]}
        cursor, number = _way(following, "starting_after"), _number(_way(following, "page"))
        if cursor:
            return {"starting_after": cursor}
        if page is None and number is None:
            raise AirbyteTracedException(NO_WAY_ON, NO_WAY_ON, FailureType.system_error)
        return {"page": number if page is None else page + 1}

    def page_key(self, body: Body, token: Mapping[str, Any]) -> Hashable:
        """The cursor; numbers go up by themselves."""
        return token.get("starting_after") or token.get("cursor")


class UntilEmpty(ListPages):
    """A feed in which a cursor comes with every page, the last one too: a page without records ends it (style A)."""

    def __init__(self, records_key: str = "data") -> None:
        self._records_key = records_key

    def next_token(self, body: Body) -> Mapping[str, Any] | None:
        """As for lists, while a page has records."""
        return super().next_token(body) if body.get(self._records_key) else None


class NextUrl:
    """Pages without numbers, where `pages.next` is a URL with whatever leads to the next one (API notes 3.20).

    A page without records is the last one, whatever it says of another.

    :param own: parameters that every page is asked for with; what the URL says of them does not count
    """

    def __init__(self, records_key: str, own: Collection[str]) -> None:
        self._records_key = records_key
        self._own = own

    def next_token(self, body: Body) -> Mapping[str, Any] | None:
        """The other parameters, while there are pages left.

        :raises AirbyteTracedException: a system error if there is more and no way to it
        """
        pages = body.get("pages")
        following = pages.get("next") if isinstance(pages, dict) else None
        if not following or not body.get(self._records_key):
            return None
        token = {name: value for name, value in _parameters(following) if name not in self._own}
        if not token:
            raise AirbyteTracedException(NO_WAY_ON, NO_WAY_ON, FailureType.system_error)
        return token

    def page_key(self, body: Body, token: Mapping[str, Any]) -> Hashable:
        """The parameters."""
        return tuple(sorted(token.items()))


class SearchCursor:
    """A cursor for the search body in `pages.next.starting_after`; no `next` on the last page (style B)."""

    def next_token(self, body: Body) -> Mapping[str, Any] | None:
        """`{"starting_after": cursor}` while there are pages left."""
        pages = body.get("pages")
        cursor = _way(pages.get("next"), "starting_after") if isinstance(pages, dict) else None
        return {"starting_after": cursor} if cursor else None

    def page_key(self, body: Body, token: Mapping[str, Any]) -> Hashable:
        """The cursor."""
        return str(token["starting_after"])


SCROLL_LEADS_NOWHERE: Final = (
    "Intercom's scroll through the companies does not say how it goes on (scroll_param is missing); trying again "
    "later helps."
)


class Scroll:
    """The companies' scroll: every page, the last one too, carries `scroll_param`; empty `data` ends it (style F)."""

    def next_token(self, body: Body) -> Mapping[str, Any] | None:
        """`{"scroll_param": latest}` until a page without data comes.

        :raises PaginationResetRequiredException: if there is none although the page has data, with what to say of it
        """
        if not body.get("data"):
            return None
        if not body.get("scroll_param"):
            raise PaginationResetRequiredException(SCROLL_LEADS_NOWHERE)
        return {"scroll_param": body["scroll_param"]}

    def page_key(self, body: Body, token: Mapping[str, Any]) -> Hashable:
        """The first record's id: a scroll passes every company once, under the same parameter."""
        first = next(iter(records_in(body, "data") or ()), None)
        return str(first.get("id")) if isinstance(first, dict) else ""


def _last_page(told: Mapping[str, Any], body: Body) -> int | None:
    last, size, total = (
        _number(told.get("total_pages")),
        _number(told.get("per_page")),
        _number(body.get("total_count")),
    )
    by_count = -(-total // size) if size and total is not None else None
    return by_count if last is None else last


def _parameters(following: object) -> list[tuple[str, str]]:
    """The parameters of a URL's query; none where it is no URL."""
    if not isinstance(following, str):
        return []
    try:
        return parse_qsl(urlsplit(following).query)
    except ValueError:
        return []


def _way(following: object, name: str) -> Any:
    """A parameter of the next page, from an object or the URL's query."""
    if isinstance(following, dict):
        value = following.get(name)
        return value if isinstance(value, str | int) else None
    if not isinstance(following, str):
        return None
    try:
        return parse_qs(urlsplit(following).query).get(name, [None])[0]
    except ValueError:
        return None


def _number(value: object) -> int | None:
    """A whole number, which may come as text (API notes 2.2)."""
    if isinstance(value, str) and value.isdecimal() and len(value) <= _MOST_DIGITS:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
