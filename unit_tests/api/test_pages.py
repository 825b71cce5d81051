"""The one loop over pages, and the one judge of whether they were all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException

from source_intercom.api import pages as module
from source_intercom.api.pages import Pages, Token
from source_intercom.api.paginators import ListPages
from unit_tests.builders import Json


def page(number: int, last: int) -> Json:
    return {"data": [{"id": str(number)}], "pages": {"page": number, "total_pages": last}}


def cursor(name: str | None) -> Json:
    return {"data": [{}], "pages": {"next": {"starting_after": name}} if name else {}}


def test_pages_are_asked_for_one_after_another_with_what_leads_to_them() -> None:
    asked: list[Token] = []

    def fetch(token: Token) -> Json:
        asked.append(token)
        return page(len(asked), 3)

    assert len(list(Pages(fetch, ListPages()))) == 3
    assert asked == [{}, {"page": 2}, {"page": 3}]


def test_a_cursor_that_was_there_before_ends_the_pages() -> None:
    bodies = iter([cursor("a"), cursor("b"), cursor("a"), cursor(None)])
    with pytest.raises(PaginationResetRequiredException):
        list(Pages(lambda token: next(bodies), ListPages()))
    assert next(bodies) == cursor(None), "nothing is asked for after that"


def test_pages_without_end_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PAGES", 7)
    taken: list[Json] = []
    with pytest.raises(PaginationResetRequiredException):
        taken.extend(Pages(lambda token: page(token.get("page", 1), 99), ListPages()))
    assert len(taken) == 7


def test_what_is_held_is_held_until_a_page_is_taken() -> None:
    held: list[str] = []

    @contextmanager
    def hold() -> Iterator[None]:
        held.append("held")
        yield
        held.append("free")

    pages = iter(Pages(lambda token: page(token.get("page", 1), 2), ListPages(), hold))
    next(pages)
    assert held == ["held"]
    next(pages)
    assert held == ["held", "free", "held"]
    assert list(pages) == []
    assert held == ["held", "free"] * 2


def counting(*counts: Any) -> Pages:
    """Pages that were read, each with a count; None stands for none."""
    bodies = [
        page(number, len(counts)) | ({} if count is None else {"total_count": count})
        for number, count in enumerate(counts, start=1)
    ]
    pages = Pages(lambda token: bodies[token.get("page", 1) - 1], ListPages())
    assert len(list(pages)) == pages.number == len(counts)
    return pages


@pytest.mark.parametrize(
    ("counts", "came", "are_all"),
    [
        ([2, 2], 2, True),
        (["2", 2.0], 2, True),
        ([2, 2], 1, False),
        ([2, 2], 3, False),
        ([2, 3], 3, False),
        ([3, None], 3, False),
        ([None], 7, True),
        ([None, None], 7, False),
        ([0], 0, True),
        (["many"], 1, False),
    ],
)
def test_pages_are_all_if_each_counts_as_many_as_came(counts: Sequence[Any], came: int, are_all: bool) -> None:
    assert counting(*counts).are_all(came) == are_all


@pytest.mark.parametrize(
    ("counts", "came", "lacking"), [([5, 5], 3, 2), ([5, 4], 3, 1), ([2], 3, -1), ([None], 0, 0), ([3, None], 1, -1)]
)
def test_what_is_lacking_is_what_the_last_page_counts_beside_what_came(
    counts: Sequence[Any], came: int, lacking: int
) -> None:
    assert counting(*counts).lacking(came) == lacking


@pytest.mark.parametrize(("counts", "nothing"), [([None, None], True), ([None, 1], False), ([0], False)])
def test_pages_count_nothing_if_none_of_them_does(counts: Sequence[Any], nothing: bool) -> None:
    assert counting(*counts).count_nothing == nothing


@pytest.mark.parametrize(
    ("counts", "came", "are_all"),
    [
        ([3, 3], 3, True),
        ([3, 5], 3, True),
        ([3, 5], 5, True),
        ([3, 5], 2, False),
        ([3, 5], 6, False),
        ([3, 2, 5], 4, False),
        ([3, None], 3, False),
        ([None, None], 3, False),
    ],
)
def test_pages_are_all_of_the_first_if_none_went_and_as_many_came_as_it_counts(
    counts: Sequence[Any], came: int, are_all: bool
) -> None:
    assert counting(*counts).are_all_of_the_first(came) == are_all


@pytest.mark.parametrize(
    ("counts", "grew"), [([2, 2, 3], True), ([2, 3, 2], False), ([2], True), ([2, None, 2], False), ([None], False)]
)
def test_pages_only_grew_if_each_counts_at_least_as_many_as_the_one_before(counts: Sequence[Any], grew: bool) -> None:
    assert counting(*counts).only_grew == grew
