from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given
from hypothesis import strategies as st

from source_intercom.api.paginators import ListPages, NextUrl, Scroll, SearchCursor, UntilEmpty
from unit_tests.builders import Json, articles_page, company, example, scroll_page
from unit_tests.contracts import CONTRACTS, Way


def after(pages: Any, **body: Any) -> Mapping[str, Any] | None:
    """What follows a page of a list."""
    return ListPages().next_token({"type": "list", "data": [{}], "pages": pages, **body})


@pytest.mark.parametrize("name", [*(each.answer for each in CONTRACTS.values() if each.way == Way.WHOLE), "articles"])
def test_a_list_without_pages_has_no_second(name: str) -> None:
    assert ListPages().next_token(example(name)) is None


def test_numbered_pages_count_up_to_the_last_page() -> None:
    tokens = [ListPages().next_token(articles_page([], page, 3, 0)) for page in (1, 2, 3)]
    assert tokens == [{"page": 2}, {"page": 3}, None]


NEXT_URL = "https://api.intercom.io/articles?per_page=50&page=2"


@pytest.mark.parametrize(
    ("pages", "token"),
    [
        ({"page": 1, "total_pages": 2}, {"page": 2}),
        ({"page": "2", "per_page": "50", "total_pages": "3"}, {"page": 3}),
        ({"page": 1, "total_pages": 1, "next": NEXT_URL}, {"page": 2}),
        ({"page": 1, "total_pages": 0, "next": NEXT_URL}, {"page": 2}),
        ({"next": NEXT_URL}, {"page": 2}),
        ({"next": "/tags?starting_after=WzE3"}, {"starting_after": "WzE3"}),
        ({"page": 1, "next": {"page": 2, "starting_after": "WzE3"}}, {"starting_after": "WzE3"}),
        ({"next": {"page": 2}}, {"page": 2}),
        ({"page": 1, "total_pages": 9, "next": "https://evil.test/articles?page=7"}, {"page": 2}),
    ],
)
def test_a_list_that_says_there_is_more_goes_on(pages: Json, token: Json) -> None:
    assert after(pages) == token


@pytest.mark.parametrize("pages", [{"page": 1, "per_page": 50}, {"page": "1", "per_page": "50", "total_pages": None}])
def test_a_list_goes_on_while_its_count_says_so(pages: Json) -> None:
    assert after(pages, total_count=51) == {"page": 2}
    assert after(pages, total_count=50) is None


def test_a_list_with_a_cursor_beside_it_goes_on_while_it_says_that_there_is_more() -> None:
    assert after(None, next_cursor="abc", has_more=True) == {"cursor": "abc"}
    assert after(None, next_cursor="abc", has_more=False) is None
    assert after(None, next_cursor=None, has_more=False) is None


def test_a_feed_goes_on_until_a_page_is_empty_although_every_page_has_a_cursor() -> None:
    pages = {"type": "pages", "next": {"page": 2, "starting_after": "WzE3"}}
    feed = UntilEmpty()
    assert feed.next_token({"data": [{}], "pages": pages}) == {"starting_after": "WzE3"}
    assert feed.next_token({"data": [], "pages": pages}) is None


def test_a_list_may_number_its_pages_at_the_top() -> None:
    assert after(None, page=1, total_pages=2, per_page=1, total_count=2) == {"page": 2}


@pytest.mark.parametrize(
    "pages",
    [
        None,
        {},
        "pages",
        {"page": 1, "total_pages": 1},
        {"page": 1, "total_pages": 1, "next": None},
        {"page": 1, "total_pages": 0, "next": None},
        {"page": 3, "total_pages": 2},
    ],
)
def test_a_list_ends_where_nothing_says_that_there_is_more(pages: Any) -> None:
    assert after(pages) is None


@pytest.mark.parametrize(
    "pages", [{"next": True}, {"next": "https://[::1"}, {"next": {}, "has_more": True}, {"next": [1]}]
)
def test_a_list_that_cannot_be_followed_is_an_error(pages: Json) -> None:
    with pytest.raises(AirbyteTracedException, match="but not how") as error:
        after({**pages, "total_pages": 2}, has_more=True)
    assert error.value.failure_type == FailureType.system_error


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(["next", "page", "per_page", "total_pages", "starting_after"]), x)
        ),
    )
)
def test_whatever_pages_hold_leads_on_or_ends_or_is_an_error(pages: Any) -> None:
    for paginator in (ListPages(), SearchCursor()):
        with suppress(AirbyteTracedException):
            token = paginator.next_token({"data": [], "pages": pages, "total_count": pages})
            assert token is None or token


def test_a_search_goes_on_from_its_cursor() -> None:
    body = {"pages": {"page": 1, "total_pages": 2, "next": {"page": 2, "starting_after": "WzE3"}}}
    assert SearchCursor().next_token(body) == {"starting_after": "WzE3"}


@pytest.mark.parametrize(
    "body",
    [
        example("contacts_search"),
        example("conversations_search"),
        example("tickets_search"),
        {"pages": {"next": None}},
        {"pages": {"next": {"page": 2, "starting_after": None}}},
        {"pages": None},
        {"pages": "none"},
        {"pages": {"next": "https://api.intercom.io/contacts/search"}},
        {},
    ],
)
def test_a_search_ends_where_there_is_no_cursor(body: Mapping[str, Any]) -> None:
    assert SearchCursor().next_token(dict(body)) is None


@pytest.mark.parametrize("cursor", [["a"], {"id": "a"}, 1.5])
def test_a_cursor_that_can_be_no_parameter_is_no_way_on(cursor: Any) -> None:
    with pytest.raises(AirbyteTracedException, match="goes on, but not how"):
        after({"next": {"starting_after": cursor}})


def test_a_scroll_goes_on_while_there_is_data() -> None:
    assert Scroll().next_token(scroll_page(company(1), scroll_param="a")) == {"scroll_param": "a"}


def test_a_scroll_ends_with_an_empty_page_that_still_carries_the_parameter() -> None:
    assert Scroll().next_token(scroll_page(scroll_param="a")) is None


def test_a_scroll_without_a_parameter_begins_again() -> None:
    with pytest.raises(PaginationResetRequiredException):
        Scroll().next_token({"data": [company(1)]})


def test_a_scroll_knows_nothing_of_parameters_it_has_seen() -> None:
    scroll = Scroll()
    page = scroll_page(company(1), scroll_param="a")
    assert [scroll.next_token(page) for _ in range(3)] == [{"scroll_param": "a"}] * 3


@pytest.mark.parametrize("data", [{"data": [{"id": "a"}]}, [{"id": "a"}], {"id": "a"}, [7], [None], "text", 5])
def test_a_scroll_tells_its_pages_apart_whatever_is_in_them(data: Any) -> None:
    key = Scroll().page_key({"data": data, "scroll_param": "x"}, {"scroll_param": "x"})
    assert key in ("a", "")


EVENTS = NextUrl("events", own=("type", "intercom_user_id"))


@pytest.mark.parametrize(
    ("following", "token"),
    [
        ("https://evil.test/events?before=7&type=lead&intercom_user_id=9", {"before": "7"}),
        ('/events?type=user"&before=7&since=8', {"before": "7", "since": "8"}),
        ("https://api.intercom.io/events?before=a%20b", {"before": "a b"}),
        (None, None),
        ("", None),
    ],
)
def test_of_the_url_of_the_next_page_the_parameters_count_that_no_page_is_asked_with(
    following: Any, token: Json | None
) -> None:
    body = {"events": [{}], "pages": {"next": following}}
    assert EVENTS.next_token(body) == token
    if token:
        assert EVENTS.page_key(body, token) != EVENTS.page_key(body, {"before": "8"})


@pytest.mark.parametrize("pages", [None, [], "x", {}])
def test_a_page_that_names_no_url_is_the_last(pages: Any) -> None:
    assert EVENTS.next_token({"events": [{}], "pages": pages}) is None


def test_a_page_without_records_is_the_last_whatever_it_names() -> None:
    assert EVENTS.next_token({"events": [], "pages": {"next": "http://api.intercom.test/events?next page"}}) is None


@pytest.mark.parametrize("following", ["/events", "/events?type=user", "http://[", {"page": 2}, True])
def test_a_url_that_leads_nowhere_is_an_error(following: Any) -> None:
    with pytest.raises(AirbyteTracedException, match="but not how"):
        EVENTS.next_token({"events": [{}], "pages": {"next": following}})
