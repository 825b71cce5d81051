from typing import Any

from requests_mock import Mocker

from source_intercom.streams.companies import CompanyTags
from source_intercom.streams.context import StreamContext
from unit_tests.builders import URL, Json, company, error_list, read, scroll_page
from unit_tests.syncs import records, sync

SCROLL = f"{URL}companies/scroll"
BROKEN = {"status_code": 500, "json": error_list("server_error", "Please restart the scroll operation.")}
END = {"json": scroll_page()}


def tagged(number: int, *tags: int) -> Json:
    """A company with these tags."""
    rows = [{"type": "tag", "id": str(tag), "name": f"Tag {tag}"} for tag in tags]
    return company(number, tags={"type": "tag.list", "tags": rows})


def pairs(rows: list[Json]) -> list[tuple[int, str]]:
    """The company and the tag of each row."""
    return [(int(row["company_id"], 16), row["id"]) for row in rows]


def test_a_tag_of_two_companies_is_a_row_of_each(context: StreamContext, requests_mock: Mocker) -> None:
    requests_mock.get(SCROLL, [{"json": scroll_page(tagged(1, 94, 95), tagged(2), tagged(3, 94))}, END])
    assert pairs(read(CompanyTags(context))) == [(1, "94"), (1, "95"), (3, "94")]


def test_a_scroll_that_begins_again_brings_no_tag_twice(
    context: StreamContext, requests_mock: Mocker, sleeps: list[float]
) -> None:
    first = {"json": scroll_page(tagged(1, 94), tagged(2, 95))}
    requests_mock.get(SCROLL, [first, BROKEN, first, {"json": scroll_page(tagged(3, 96))}, END])
    assert pairs(read(CompanyTags(context))) == [(1, "94"), (2, "95"), (3, "96")]


def test_companies_without_a_list_of_tags_have_none(context: StreamContext, requests_mock: Mocker) -> None:
    no_lists: list[Any] = [None, [], {}, {"tags": None}, {"tags": {}}]
    odd = [company(number, tags=tags) for number, tags in enumerate(no_lists)]
    requests_mock.get(SCROLL, [{"json": scroll_page(*odd)}, END])
    assert read(CompanyTags(context)) == []


def test_companies_and_their_tags_are_read_in_one_scroll(requests_mock: Mocker) -> None:
    requests_mock.get(SCROLL, [{"json": scroll_page(tagged(1, 94))}, END])
    output = sync("company_tags", "companies")
    assert pairs(records(output, "company_tags")) == [(1, "94")]
    assert len(records(output, "companies")) == 1
    assert [one.path for one in requests_mock.request_history] == ["/companies/scroll"] * 2
