from collections.abc import Mapping
from typing import Any

import pytest

from source_intercom.api.paginators import PageNumbers, Scroll, SearchCursor, SinglePage
from unit_tests.builders import Json, articles_page, company, example, scroll_page


@pytest.mark.parametrize(
    "name", ["admins", "teams", "tags", "segments", "data_attributes", "articles", "conversations_search"]
)
def test_a_single_page_has_no_second(name: str) -> None:
    assert SinglePage().next_token(example(name)) is None


def test_page_numbers_count_up_to_the_last_page() -> None:
    tokens = [PageNumbers().next_token(articles_page([], page, 3, 0)) for page in (1, 2, 3)]
    assert tokens == [{"page": 2}, {"page": 3}, None]


@pytest.mark.parametrize(
    "pages",
    [
        None,
        {},
        {"page": 1, "total_pages": 1},
        {"page": 1, "total_pages": 1, "next": None},
        {"page": 2, "total_pages": 2, "next": "https://api.intercom.io/articles?page=3"},
        {"page": 1, "total_pages": 0, "next": None},
    ],
)
def test_page_numbers_end_where_next_is_absent_or_null_or_beyond_the_end(pages: Json | None) -> None:
    assert PageNumbers().next_token({"pages": pages, "data": []}) is None


def test_page_numbers_may_come_as_text() -> None:
    body = {"pages": {"page": "2", "per_page": "50", "total_pages": "3", "next": "https://api.intercom.io/x?page=3"}}
    assert PageNumbers().next_token(body) == {"page": 3}


def test_the_url_of_the_next_page_is_not_followed() -> None:
    body = {"pages": {"page": 1, "total_pages": 9, "next": "https://evil.test/articles?page=7"}}
    assert PageNumbers().next_token(body) == {"page": 2}


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
        {},
    ],
)
def test_a_search_ends_where_there_is_no_cursor(body: Mapping[str, Any]) -> None:
    assert SearchCursor().next_token(dict(body)) is None


def test_a_scroll_goes_on_while_there_is_data() -> None:
    assert Scroll().next_token(scroll_page(company(1), scroll_param="a")) == {"scroll_param": "a"}


def test_a_scroll_ends_with_an_empty_page_that_still_carries_the_parameter() -> None:
    assert Scroll().next_token(scroll_page(scroll_param="a")) is None


def test_a_scroll_knows_nothing_of_parameters_it_has_seen() -> None:
    scroll = Scroll()
    page = scroll_page(company(1), scroll_param="a")
    assert [scroll.next_token(page) for _ in range(3)] == [{"scroll_param": "a"}] * 3
