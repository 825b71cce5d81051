"""Lists that are read until their rows are surely there."""

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.api import pages
from source_intercom.streams.base import IntercomStream
from source_intercom.streams.context import StreamContext
from source_intercom.streams.help_center import Articles
from source_intercom.streams.kinds import ListStream
from source_intercom.streams.workspace import Admins, DataAttributes, Segments, Tags, Teams
from unit_tests.builders import URL, Json, article, articles_page, ids, read

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

ARTICLES, TAGS = f"{URL}articles", f"{URL}tags"
WHOLE_LISTS = [Tags, Teams, Admins, Segments, DataAttributes]


def tags(*numbers: int, **body: Any) -> Json:
    """A page of tags."""
    return {"type": "list", "data": [{"type": "tag", "id": str(number)} for number in numbers], **body}


def failure(stream: IntercomStream, records: list[Json] | None = None) -> AirbyteTracedException:
    with pytest.raises(AirbyteTracedException) as error:
        read(stream, records=records)
    return error.value


# More than one page


@pytest.mark.parametrize("stream_class", WHOLE_LISTS)
@pytest.mark.parametrize(
    "told",
    [
        {"page": 1, "per_page": 1, "total_pages": 2},
        {"next": "https://elsewhere.test/x?page=2"},
        {"page": 1, "per_page": 1, "next": {"page": 2, "starting_after": "cursor"}},
    ],
)
def test_a_list_that_says_there_is_more_is_read_on(
    stream_class: type[ListStream], told: Json, context: StreamContext, requests_mock: Mocker
) -> None:
    stream = stream_class(context)

    def answer(request: "Request", made: "Context") -> Json:
        number = 2 if {"page", "starting_after"} & request.qs.keys() else 1
        walk = str(request.qs.get("type") or request.qs.get("model"))
        row = dict.fromkeys(stream.primary_key, f"{walk}{number}")
        return {stream.records_key: [row], "pages": told if number == 1 else {"page": 2, "total_pages": 2}}

    requests_mock.get(f"{URL}{stream.endpoint}", json=answer)
    assert len(read(stream)) == 2 * len(stream.parameter_sets)
    assert {request.hostname for request in requests_mock.request_history} == {"api.intercom.io"}


def test_a_list_that_cannot_be_followed_fails_instead_of_being_short(
    context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.get(TAGS, json=tags(1, has_more=True))
    assert failure(Tags(context)).failure_type == FailureType.system_error


# Counts


def test_a_list_in_one_page_without_a_count_is_read_once(context: StreamContext, requests_mock: Mocker) -> None:
    page = articles_page([article(2), article(1)], 1, 1, 2)
    del page["total_count"]
    asked = requests_mock.get(ARTICLES, json=page)
    assert ids(read(Articles(context))) == ["2", "1"]
    assert asked.call_count == 1


def test_pages_without_a_count_are_read_until_two_readings_agree(context: StreamContext, requests_mock: Mocker) -> None:
    def page(number: int, *articles: int) -> Json:
        made = articles_page([article(one) for one in articles], number, 2, 0)
        del made["total_count"]
        return {"json": made}

    answers = [page(1, 1, 2), page(2, 4), page(1, 3, 1), page(2, 2, 4), page(1, 3, 1), page(2, 2, 4)]
    asked = requests_mock.get(ARTICLES, answers)
    assert sorted(ids(read(Articles(context)))) == ["1", "2", "3", "4"]
    assert asked.call_count == 6
    assert context.reports.count("articles", report.OVERCOUNTED) == 0
    assert context.reports.count("articles", report.RESTARTS) == 1  # of three readings the second was sure to come


@pytest.mark.parametrize(("total", "overcounted"), [(3, 1), (99, 97), (1, 0), (0, 0), (-1, 0)])
def test_a_count_that_stays_wrong_is_said_and_fails_nothing(
    total: int, overcounted: int, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.get(TAGS, json=tags(1, 2, total_count=total))
    assert ids(read(Tags(context))) == ["1", "2"]
    assert asked.call_count == 2
    assert context.reports.count("tags", report.OVERCOUNTED) == overcounted


@pytest.mark.parametrize("total", ["2", None, [], {}, 2.5])
def test_a_count_that_is_no_number_is_no_count(total: Any, context: StreamContext, requests_mock: Mocker) -> None:
    asked = requests_mock.get(TAGS, json=tags(1, 2, total_count=total))
    assert ids(read(Tags(context))) == ["1", "2"]
    assert asked.call_count == 1


def test_a_list_that_never_comes_to_rest_ends_in_an_error(context: StreamContext, requests_mock: Mocker) -> None:
    numbers = count(1)
    asked = requests_mock.get(ARTICLES, json=lambda *_: articles_page([article(next(numbers))], 1, 1, total=2))
    error = failure(Articles(context))
    assert str(error).startswith("The list of articles kept changing")
    assert error.failure_type == FailureType.transient_error
    assert asked.call_count == 5


# Pages without end


def endless(known: Iterator[int]) -> Any:
    return lambda *_: articles_page([article(next(known))], 1, 2, total=1)


@pytest.mark.parametrize("period", [1, 2, 3])
def test_pages_that_go_round_in_circles_end_in_an_error(
    period: int, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.get(ARTICLES, json=endless(number % period for number in count()))
    records: list[Json] = []
    error = failure(Articles(context), records)
    assert str(error) == "Intercom's list of articles has pages without end; trying again later helps."
    assert error.failure_type == FailureType.transient_error
    assert len(records) == period
    assert asked.call_count == period + 4


def test_pages_that_always_bring_something_new_end_too(
    context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MAX_PAGES", 20)
    asked = requests_mock.get(ARTICLES, json=endless(count()))
    assert "pages without end" in str(failure(Articles(context)))
    assert asked.call_count == 20


# Broken bodies


@pytest.mark.parametrize("data", [None, {}, "", 0, False, "text", {"data": None}])
def test_a_list_that_is_none_is_a_broken_body(data: Any, context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(TAGS, [{"json": {"data": data}}, {"json": tags(1)}])
    assert ids(read(Tags(context))) == ["1"]
    requests_mock.get(TAGS, json={"data": data})
    error = failure(Tags(context))
    assert error.failure_type == FailureType.transient_error
    assert "empty or broken body" in str(error)


@pytest.mark.parametrize("odd", [None, 7, "text", [], True])
def test_what_is_no_record_is_skipped_and_counted(odd: Any, context: StreamContext, requests_mock: Mocker) -> None:
    page = tags(1, 2)
    page["data"].insert(1, odd)
    requests_mock.get(TAGS, json=page)
    assert ids(read(Tags(context))) == ["1", "2"]
    assert context.reports.count("tags", report.KEYLESS) == 1


def test_characters_that_were_replaced_are_counted(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(TAGS, text='{"data": [{"id": "1", "name": "smile \\ud83d"}]}')
    assert read(Tags(context)) == [{"id": "1", "name": "smile \ufffd"}]
    assert context.reports.count("tags", report.REPLACED) == 1
