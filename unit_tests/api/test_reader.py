"""The one sender, and the one loop over pages."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.pagination_reset_exception import PaginationResetRequiredException
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.api import reader as module
from source_intercom.api.errors import IntercomErrorHandler
from source_intercom.api.paginators import ListPages
from source_intercom.api.reader import GoneError, Reader, Token
from source_intercom.streams.context import StreamContext
from unit_tests.builders import URL, Json, error_list

TAGS = f"{URL}tags"


def made(context: StreamContext, **rules: Any) -> Reader:
    """A reader on behalf of the tags."""
    handler = IntercomErrorHandler("Read tags", records_key="data", **rules)
    return Reader(context.api, "tags", handler, context.reports, context.messages, logging.getLogger("airbyte"))


def page(number: int, last: int) -> Json:
    return {"data": [{"id": str(number)}], "pages": {"page": number, "total_pages": last}}


def cursor(name: str | None) -> Json:
    return {"data": [{}], "pages": {"next": {"starting_after": name}} if name else {}}


def test_pages_are_asked_for_one_after_another_with_what_leads_to_them(context: StreamContext) -> None:
    asked: list[Token] = []

    def fetch(token: Token) -> Json:
        asked.append(token)
        return page(len(asked), 3)

    assert len(list(made(context).pages(fetch, ListPages()))) == 3
    assert asked == [{}, {"page": 2}, {"page": 3}]


def test_a_cursor_that_was_there_before_ends_the_pages(context: StreamContext) -> None:
    bodies = iter([cursor("a"), cursor("b"), cursor("a"), cursor(None)])
    with pytest.raises(PaginationResetRequiredException):
        list(made(context).pages(lambda token: next(bodies), ListPages()))
    assert next(bodies) == cursor(None), "nothing is asked for after that"


def test_pages_without_end_end(context: StreamContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PAGES", 7)
    taken: list[Json] = []
    with pytest.raises(PaginationResetRequiredException):
        taken.extend(made(context).pages(lambda token: page(token.get("page", 1), 99), ListPages()))
    assert len(taken) == 7


def test_what_is_held_is_held_until_a_page_is_taken(context: StreamContext) -> None:
    held: list[str] = []

    @contextmanager
    def hold() -> Iterator[None]:
        held.append("held")
        yield
        held.append("free")

    pages = made(context).pages(lambda token: page(token.get("page", 1), 2), ListPages(), hold)
    next(pages)
    assert held == ["held"]
    next(pages)
    assert held == ["held", "free", "held"]
    assert list(pages) == []
    assert held == ["held", "free"] * 2


@pytest.mark.parametrize(("status", "code"), [(404, "not_found"), (410, "contact_merged")])
def test_what_is_gone_is_told_where_something_may_be_and_an_error_elsewhere(
    status: int, code: str, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(TAGS, status_code=status, json=error_list(code))
    with pytest.raises(GoneError):
        made(context, may_be_gone=True).get("tags")
    with pytest.raises(AirbyteTracedException) as error:
        made(context).get("tags")
    assert error.value.failure_type == FailureType.system_error


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_a_request_is_repeated_as_often_as_its_sender_says(
    retries: int, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.get(TAGS, status_code=503, text="")
    with pytest.raises(AirbyteTracedException, match="answered 503"):
        made(context).get("tags", retries=retries)
    assert asked.call_count == 1 + retries
    assert context.reports.count("tags", report.REQUESTS) == 1


def test_the_last_trouble_is_kept_in_its_sentence(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(TAGS, [{"status_code": 502, "text": ""}, {"json": {"data": []}}])
    sender = made(context)
    assert sender.trouble == ""
    sender.get("tags")
    assert "answered 502" in sender.trouble
    assert context.reports.count("tags", report.RETRIES) == 1
