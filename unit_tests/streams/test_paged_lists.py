"""Lists in pages, whichever way they have to the next one."""

from typing import TYPE_CHECKING, Any

import pytest
from requests_mock import Mocker

from unit_tests.answers import only_page, row_of
from unit_tests.builders import NOW, URL, Json
from unit_tests.contracts import CONTRACTS, Contract, Way, by_way
from unit_tests.syncs import records, sync

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

LAST = 3
SIZES = {
    "articles": "250",
    "collections": "150",
    "internal_articles": "50",
    "activity_logs": "250",
    "macros": "150",
    "content_snippets": "50",
    "audiences": "50",
    "data_connectors": "50",
    "calls": "25",
    "deleted_conversations": "60",
    "inactive_contacts": "150",
}
"""The most rows of a page that are asked for; of the others Intercom documents no parameter."""


def page(contract: Contract, number: int) -> Json:
    """A page of one row, as the example of the list has it."""
    body = only_page(contract, [row_of(contract, number, NOW - number)], total=LAST)
    numbers = body.get("pages") or body
    if contract.way is Way.CURSORS:
        numbers["next"] = {"starting_after": str(number + 1)} if number < LAST else None
        return {**body, "pages": {name: numbers[name] for name in ("type", "per_page", "next")}}
    numbers.update(page=number, per_page=1, total_pages=LAST)
    return body


@pytest.mark.parametrize("name", by_way(Way.PAGES, Way.CURSORS))
def test_a_list_in_pages_is_read_to_its_last_page_at_the_size_that_is_documented(
    name: str, requests_mock: Mocker, now: object
) -> None:
    contract, asked = CONTRACTS[name], list[Any]()

    def answer(request: "Request", context: "Context") -> Json:
        asked.append(request.qs)
        return page(contract, int(request.qs.get("page", request.qs.get("starting_after", ["1"]))[0]))

    requests_mock.get(f"{URL}{contract.path}", json=answer)
    assert [row["id"] for row in records(sync(name, start_date="2025-01-01T00:00:00Z"), name)] == ["1", "2", "3"]
    assert {each.get("per_page", [None])[0] for each in asked} == {SIZES.get(name)}


@pytest.mark.parametrize(
    ("name", "time"), [("macros", "created_at"), ("data_connectors", "updated_at"), ("calls", "ended_at")]
)
@pytest.mark.parametrize("sent", [1_741_079_441, "2025-03-04T09:10:41Z", "2025-03-04T09:10:41.987Z"])
def test_times_come_as_seconds_whether_intercom_sends_numbers_or_texts(
    name: str, time: str, sent: int | str, requests_mock: Mocker, now: object
) -> None:
    contract = CONTRACTS[name]
    requests_mock.get(f"{URL}{contract.path}", json=only_page(contract, [{**row_of(contract, 1), time: sent}]))
    (row,) = records(sync(name), name)
    assert row[time] == 1_741_079_441
