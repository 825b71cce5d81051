import base64
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.read import family
from source_intercom.read.families import families
from source_intercom.read.windows import Window
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import Conversations
from source_intercom.streams.tickets import Tickets
from unit_tests.builders import (
    NOW,
    START,
    URL,
    Json,
    SearchServer,
    error_list,
    ids,
    messages,
    partitions,
    read,
    serve_tickets,
    states,
    ticket,
    tickets_every,
)
from unit_tests.read.finders import records_in, search_of

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

SEARCH = f"{URL}tickets/search"


# Paging


def test_a_search_of_many_pages_is_read_to_its_end(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve_tickets(requests_mock, tickets_every(1, 451))
    assert ids(read(Tickets(context), {})) == ids(tickets_every(1, 451))
    assert [body["pagination"]["per_page"] for body in server.bodies] == [150] * 4
    assert ["starting_after" in body["pagination"] for body in server.bodies] == [False, True, True, True]


def test_a_small_sync_is_one_request(now: SimpleNamespace, context: StreamContext, requests_mock: Mocker) -> None:
    server = serve_tickets(requests_mock, tickets_every(1, 10))
    read(Tickets(context), {"updated_at": NOW - 60})
    assert len(server.bodies) == 1


def paged(records: list[Json], cursor: str | None, total: int = 4) -> Json:
    """A page with the cursor of the next, of a search that counts `total` records."""
    pages: Json = {"type": "pages", "page": 1, "per_page": 150, "total_pages": 9}
    if cursor:
        pages["next"] = {"page": 2, "starting_after": cursor}
    return {"json": {"type": "ticket.list", "tickets": records, "total_count": total, "pages": pages}}


def test_paging_that_comes_back_to_a_page_begins_again_and_no_row_comes_twice(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: pages a, b, a, b without end."""
    one, two, three, four = tickets_every(1, 4)
    asked = requests_mock.post(
        SEARCH,
        [
            paged([one], "a"),
            paged([two], "b"),
            paged([one], "a"),  # a cursor that was there before
            paged([one, two], "c"),
            paged([three, four], None),
        ],
    )
    assert ids(read(Tickets(context), {})) == ["0", "1", "2", "3"]
    assert context.reports.count("tickets", report.RESTARTS) == 1
    assert context.reports.count("tickets", report.EMITTED) == 4
    assert "starting_after" not in asked.request_history[3].json()["pagination"]


def test_a_cursor_that_intercom_refuses_starts_the_window_again(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    one, two, three, _ = tickets_every(1, 4)
    refused = {"status_code": 400, "json": error_list("client_error", "Invalid starting_after param.")}
    requests_mock.post(SEARCH, [paged([one, two], "a"), refused, paged([one, two], "b"), paged([three], None, 3)])
    assert ids(read(Tickets(context), {})) == ["0", "1", "2"]
    assert context.reports.count("tickets", report.OVERCOUNTED) == 0


def test_a_search_that_ends_short_of_its_count_is_read_again(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: 95 percent of the rows are gone, and the sync is green."""
    one, two, three, four = tickets_every(1, 4)
    short = [paged([one], "a"), paged([four], None), paged([], None)]
    requests_mock.post(SEARCH, [*short, paged([one, two], "b"), paged([three, four], None)])
    assert sorted(ids(read(Tickets(context), {}))) == ["0", "1", "2", "3"]
    assert context.reports.count("tickets", report.RESTARTS) == 2
    assert context.reports.count("tickets", report.OVERCOUNTED) == 0


def test_records_that_intercom_counts_and_never_returns_are_reported(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    asked = requests_mock.post(SEARCH, [paged(tickets_every(1, 2), None)])
    assert ids(read(Tickets(context), {})) == ["0", "1"]
    assert context.reports.count("tickets", report.OVERCOUNTED) == 2
    assert asked.call_count == 4
    assert "Intercom counts 2 more after 2 records" in caplog.text


def test_a_search_that_is_known_to_count_more_than_it_returns_is_walked_twice(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.post(SEARCH, [paged(tickets_every(1, 2), None)])
    search = search_of(Tickets(context))
    requests = []
    for window in (Window(START, NOW + 1), Window(START, NOW + 2)):
        assert ids(records_in(search, window)) == ["0", "1"]
        requests.append(asked.call_count)
    assert requests == [4, 6]


def test_a_search_that_counts_too_many_still_may_lose_its_way_as_often_as_others(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    one, two, three, _ = tickets_every(1, 4)
    short = [paged([one], None, 3)]
    lost = [paged([one], "a", 3), paged([one], "a", 3)]
    requests_mock.post(SEARCH, [*short * 4, *lost, *lost, *lost, paged([one, two, three], None, 3)])
    search = search_of(Tickets(context))
    assert ids(records_in(search, Window(START, NOW + 2))) == ["0"]
    assert ids(records_in(search, Window(START, NOW + 1))) == ["0", "1", "2"]


@pytest.mark.parametrize("total", [None, 0, 1])
def test_a_count_that_is_too_low_is_no_reason_to_search_again(
    total: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.post(SEARCH, [paged(tickets_every(1, 2), None, total)])
    assert ids(read(Tickets(context), {})) == ["0", "1"]
    assert asked.call_count == 1


@pytest.mark.parametrize(
    "again", [paged(tickets_every(1, 1), "a"), {"status_code": 400, "json": error_list("client_error", "Invalid")}]
)
def test_paging_that_leads_nowhere_ends_in_an_error(
    again: Json, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.post(
        SEARCH, [paged(tickets_every(1, 1), "a"), again, *[paged(tickets_every(1, 1), "a"), again] * 50]
    )
    with pytest.raises(AirbyteTracedException, match="loses its way again and again") as error:
        read(Tickets(context), {})
    assert error.value.failure_type == FailureType.transient_error
    assert asked.call_count < 10


def test_a_search_refused_although_it_had_no_cursor_is_told_in_a_sentence(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.post(SEARCH, status_code=400, json=error_list("client_error", "no such field"))
    with pytest.raises(AirbyteTracedException) as error:
        read(Tickets(context), {})
    assert str(error.value).startswith("Intercom")


@pytest.mark.parametrize("largest", [75, 37, 9])
def test_pages_that_time_out_are_asked_for_in_smaller_sizes(
    largest: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: one page of 150 rows times out for ever."""
    server = serve_tickets(requests_mock, tickets_every(1, 200), largest_page=largest)
    assert ids(read(Tickets(context), {})) == ids(tickets_every(1, 200))
    assert min(body["pagination"]["per_page"] for body in server.pages) == largest


def test_one_heavy_page_in_the_middle_is_asked_for_in_smaller_sizes(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    class Heavy(SearchServer):
        def __call__(self, request: "Request", answer: "Context") -> Json:
            cursor = request.json()["pagination"].get("starting_after")
            at = json.loads(base64.b64decode(cursor))[0] if cursor else 0
            self.largest_page = 40 if NOW - 300 < at < NOW - 100 else 150
            return super().__call__(request, answer)

    server = Heavy("tickets", tickets_every(1, 500))
    requests_mock.post(SEARCH, json=server)
    assert ids(read(Tickets(context), {})) == ids(tickets_every(1, 500))
    assert 37 in [body["pagination"]["per_page"] for body in server.bodies]


def test_a_search_that_always_times_out_ends_in_an_error(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.post(SEARCH, exc=requests.ReadTimeout)
    with pytest.raises(AirbyteTracedException, match="could not be reached") as error:
        read(Tickets(context), {})
    assert error.value.failure_type == FailureType.transient_error


def test_a_refused_token_is_not_asked_for_in_smaller_pages(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.post(SEARCH, status_code=401, json=error_list("unauthorized"))
    with pytest.raises(AirbyteTracedException):
        read(Tickets(context), {})
    assert asked.call_count == 1


def test_once_a_window_has_failed_the_others_are_not_read(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "WINDOW_RECORDS", 10)
    serve_tickets(requests_mock, tickets_every(1, 100))
    stream = Tickets(context)
    stream.new_cursor({})
    tasks = families([stream])["tickets"].tasks(stream)
    next(tasks)
    with pytest.raises(RuntimeError), stream.partitions.partition():
        raise RuntimeError
    assert list(tasks) == []


# Records that are newer than their places


def test_what_stands_behind_a_record_that_has_changed_since_it_was_indexed_is_read(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    records = tickets_every(1, 400, last=NOW - 5000)
    server = serve_tickets(requests_mock, records)
    server.fresh = {"7": NOW - 30, **{str(number): NOW - 20 for number in range(150, 300)}}
    found = records_in(search_of(Tickets(context)), Window(START, NOW - 4000))
    assert sorted(ids(found)) == sorted(ids(records))


def test_no_state_promises_the_time_of_a_record_that_stands_before_it(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "WINDOW_RECORDS", 10)
    server = serve_tickets(requests_mock, tickets_every(100, 40, last=NOW - 5000))
    server.fresh = {"3": NOW - 30}
    stream = Tickets(context)
    cursor = stream.new_cursor({})
    first = next(iter(partitions(stream)))
    for record in first.read():
        cursor.observe(record)
    cursor.close_partition(first)
    cursor.ensure_at_least_one_state_emitted()
    assert states(messages(stream))[-1]["updated_at"] < NOW - 5000


# Odd records


@pytest.mark.parametrize("second", [None, "2025-01-01T11:00:00Z", NOW - 5.5])
def test_a_record_without_integer_seconds_is_emitted(
    second: object, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.post(SEARCH, **paged([{**ticket(1, NOW), "updated_at": second}, ticket(2, NOW - 1)], None))
    stream = Tickets(context)
    assert ids(read(stream, {})) == ["1", "2"]
    assert states(messages(stream))[-1] == {"updated_at": NOW - 1}


def test_a_probe_asks_for_one_record(context: StreamContext, requests_mock: Mocker) -> None:
    server = SearchServer("conversations", [])
    requests_mock.post(f"{URL}conversations/search", json=server)
    Conversations(context).probe()
    assert [body["pagination"] for body in server.bodies] == [{"per_page": 1}]


def test_a_page_is_asked_for_with_the_bounds_of_its_window(context: StreamContext, requests_mock: Mocker) -> None:
    server = serve_tickets(requests_mock, [])
    pages = search_of(Tickets(context)).pages
    pages.search(Window(100, 200), per_page=7, order="descending", starting_after="WzE1MCwgIjEiXQ==")
    (body,) = server.bodies
    assert body["query"]["value"] == [
        {"field": "updated_at", "operator": ">", "value": 99},
        {"field": "updated_at", "operator": "<", "value": 200},
    ]
    assert body["sort"]["order"] == "descending"
    assert body["pagination"] == {"per_page": 7, "starting_after": "WzE1MCwgIjEiXQ=="}
    assert requests_mock.request_history[0].query == ""
