import base64
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import requests
from airbyte_cdk.models import AirbyteMessage, EstimateType, FailureType, SyncMode, Type
from airbyte_cdk.sources.streams.concurrent.cursor import FinalStateCursor
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given, settings
from hypothesis import strategies as st
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams import incremental
from source_intercom.streams.base import StreamContext
from source_intercom.streams.conversations import Conversations
from source_intercom.streams.tickets import Tickets
from source_intercom.streams.windows import Window
from unit_tests import builders
from unit_tests.builders import NOW, START, URL, Json, SearchServer, error_list, ids, messages, read, states, ticket

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

SEARCH = f"{URL}tickets/search"
GUARD = 600
DAY = 86_400
SERVERS = pytest.mark.parametrize("inclusive", [False, True], ids=["strict", "inclusive"])


def serve(mocker: Mocker, records: list[Json], **options: Any) -> SearchServer:
    server = SearchServer("tickets", records, **options)
    mocker.post(SEARCH, json=server)
    return server


def every(step: int, count: int, last: int = NOW) -> list[Json]:
    """Tickets that end at `last`, one every `step` seconds."""
    return [ticket(number, last - step * (count - 1 - number)) for number in range(count)]


def bounds(server: SearchServer) -> list[tuple[int, int]]:
    """What each request asked for."""
    return [(body["query"]["value"][0]["value"], body["query"]["value"][1]["value"]) for body in server.bodies]


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental, "WINDOW_RECORDS", 3)


# Edges


@SERVERS
@pytest.mark.usefixtures("small_windows")
def test_the_last_second_of_a_window_is_read(
    inclusive: bool, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, every(1, 40), inclusive=inclusive)
    records = read(Tickets(context), {"updated_at": NOW - 30})
    assert sorted(ids(records)) == sorted(ids(every(1, 40)))
    assert len(set(bounds(server))) > 10, "there were hardly any edges"


@SERVERS
def test_a_record_at_either_edge_of_the_sync_is_read(
    inclusive: bool, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    cursor = NOW - DAY
    first, before, last, after = cursor - GUARD, cursor - GUARD - 1, NOW, NOW + 1
    serve(requests_mock, [ticket(n, at) for n, at in enumerate([first, before, last, after])], inclusive=inclusive)
    assert ids(read(Tickets(context), {"updated_at": cursor})) == ["0", "2"]


@SERVERS
def test_the_second_of_the_start_date_is_read(
    inclusive: bool, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, [ticket(1, START - 1), ticket(2, START), ticket(3, START + 1)], inclusive=inclusive)
    assert ids(read(Tickets(context), {})) == ["2", "3"]


def test_a_record_changed_twice_in_one_second_is_stale_for_ever(
    now: SimpleNamespace, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incremental, "GUARD_SECONDS", 0)
    server = serve(requests_mock, [ticket(1, NOW, open=True)])
    first = Tickets(builders.context())
    assert [record["open"] for record in read(first, {})] == [True]
    server.stored = [ticket(1, NOW, open=False)]
    again = read(Tickets(builders.context()), states(messages(first))[-1])
    assert [record["open"] for record in again] == [False]


def test_a_record_that_reaches_the_search_minutes_late_never_arrives(
    now: SimpleNamespace, requests_mock: Mocker
) -> None:
    late = ticket(2, NOW - 300)
    server = serve(requests_mock, [ticket(1, NOW - 5)])
    first = Tickets(builders.context())
    assert ids(read(first, {})) == ["1"]
    server.stored.append(late)
    now.second += 3600
    assert ids(read(Tickets(builders.context()), states(messages(first))[-1])) == ["2", "1"]


@settings(max_examples=40)
@given(
    seconds=st.lists(st.integers(NOW - 400, NOW), max_size=25),
    inclusive=st.booleans(),
    largest=st.integers(1, 8),
    cursor=st.none() | st.integers(NOW - 500, NOW + 5),
)
def test_every_record_in_range_comes_exactly_once(
    seconds: list[int], inclusive: bool, largest: int, cursor: int | None
) -> None:
    records = [ticket(number, second) for number, second in enumerate(seconds)]
    server = SearchServer("tickets", records, inclusive=inclusive)
    with pytest.MonkeyPatch.context() as patch, Mocker() as mocker:
        patch.setattr(incremental, "WINDOW_RECORDS", largest)
        patch.setattr(incremental, "GUARD_SECONDS", 60)
        patch.setattr(incremental, "time", SimpleNamespace(time=lambda: NOW))
        mocker.post(SEARCH, json=server)
        stream = Tickets(builders.context(start_date="2025-01-01T00:00:00Z"))
        got = read(stream, {} if cursor is None else {"updated_at": cursor})
    since = 0 if cursor is None else min(cursor, NOW + 1) - 60
    wanted = [record["id"] for record in records if record["updated_at"] >= since]
    assert sorted(ids(got)) == sorted(wanted)
    latest = max([*(record["updated_at"] for record in got), cursor or 0])
    assert states(messages(stream))[-1] == ({"updated_at": latest} if latest else {})


# The range


def test_a_first_sync_begins_at_the_start_date_and_ends_now(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, [])
    read(Tickets(context), {})
    assert bounds(server) == [(START - 1, NOW + 1)]


def test_conversations_are_stuck_open_because_the_upper_bound_moves(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    class Busy(SearchServer):
        def __call__(self, request: "Request", answer: "Context") -> Json:
            now.second += 100  # time passes with every request
            return super().__call__(request, answer)

    server = Busy("tickets", every(10, 400))
    requests_mock.post(SEARCH, json=server)
    stream = Tickets(context)
    read(stream, {})
    assert len(server.bodies) == 3
    assert {upper for _, upper in bounds(server)} == {NOW + 1}
    assert states(messages(stream))[-1] == {"updated_at": NOW}


def test_a_full_refresh_meets_again_what_moves_while_it_reads(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    class Moving(SearchServer):
        def __call__(self, request: "Request", answer: "Context") -> Json:
            page = super().__call__(request, answer)
            if len(self.bodies) == 1:  # ticket 350 changes after the first page
                self.stored[350] = {**self.stored[350], "updated_at": NOW + 7}
            return page

    requests_mock.post(SEARCH, json=Moving("tickets", every(1, 400)))
    assert set(ids(read(Tickets(context), None))) == set(ids(every(1, 400)))


@pytest.mark.parametrize(("days", "start"), [(0, NOW - 2 * DAY - GUARD), (3, NOW - 5 * DAY - GUARD), (365, START)])
def test_the_lookback_window_is_read_on_top_of_the_guard_interval(
    days: int, start: int, now: SimpleNamespace, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, [])
    read(Tickets(builders.context(lookback_window=days)), {"updated_at": NOW - 2 * DAY})
    assert bounds(server) == [(start - 1, NOW + 1)]


@pytest.mark.parametrize("ahead", [1, 3600, DAY])
def test_a_state_ahead_of_the_clock_reads_the_guard_interval(
    ahead: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, [])
    stream = Tickets(context)
    read(stream, {"updated_at": NOW + ahead})
    assert bounds(server) == [(NOW + 1 - GUARD - 1, NOW + 1)]
    assert states(messages(stream))[-1] == {"updated_at": NOW + ahead}


def test_a_start_date_after_the_state_wins(now: SimpleNamespace, requests_mock: Mocker) -> None:
    server = serve(requests_mock, [])
    read(Tickets(builders.context(start_date="2024-12-31T00:00:00Z")), {"updated_at": START})
    assert bounds(server) == [(1_735_603_200 - 1, NOW + 1)]


def test_a_state_that_makes_no_sense_is_said_and_read_from_the_start_date(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(requests_mock, [])
    read(Tickets(context), {"updated_at": "yesterday"})
    assert bounds(server) == [(START - 1, NOW + 1)]
    assert "tickets: the state {'updated_at': 'yesterday'} is not usable" in caplog.text


@pytest.mark.parametrize("state", [{"updated_at": str(NOW - DAY)}, {"updated_at": "2024-12-31T12:00:34Z"}])
def test_older_states_are_moved_on_in_todays_shape(
    state: Json, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, [ticket(1, NOW - 5)])
    stream = Tickets(context)
    read(stream, state)
    assert bounds(server) == [(NOW - DAY - GUARD - 1, NOW + 1)]
    assert states(messages(stream))[-1] == {"updated_at": NOW - 5}


def test_full_refresh_ignores_state_and_keeps_none(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, [ticket(1, START + 5)])
    stream = Tickets(context)
    assert isinstance(stream.new_cursor(None), FinalStateCursor)
    assert ids(read(stream, None)) == ["1"]
    assert bounds(server)[0] == (START - 1, NOW + 1)
    assert states(messages(stream)) == [{"__ab_no_cursor_state_message": True}]


# State


def test_the_state_comes_from_the_records(now: SimpleNamespace, context: StreamContext, requests_mock: Mocker) -> None:
    serve(requests_mock, [ticket(1, NOW - 5000), ticket(2, NOW - 4000)])
    stream = Tickets(context)
    read(stream, {})
    assert states(messages(stream))[-1] == {"updated_at": NOW - 4000}


def test_a_sync_without_news_keeps_its_state(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, [])
    stream = Tickets(context)
    read(stream, {"updated_at": NOW - DAY})
    assert states(messages(stream))[-1] == {"updated_at": NOW - DAY}


@pytest.mark.usefixtures("small_windows")
def test_the_state_is_never_ahead_of_the_records(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    class Failing(SearchServer):
        def __call__(self, request: "Request", answer: "Context") -> Json:
            asked = request.json()
            if asked["query"]["value"][0]["value"] > NOW - 20 and asked["pagination"]["per_page"] > 1:
                answer.status_code = 401
                return error_list("token_revoked")
            return super().__call__(request, answer)

    requests_mock.post(SEARCH, json=Failing("tickets", every(1, 60)))
    stream = Tickets(context)
    got: list[Json] = []
    with pytest.raises(AirbyteTracedException, match="refused the access token"):
        read(stream, {}, got)
    stream.checkpoint.ensure_at_least_one_state_emitted()
    state = states(messages(stream))[-1]["updated_at"]
    missing = set(ids(every(1, 60))) - set(ids(got))
    assert missing
    assert all(record["updated_at"] >= state for record in every(1, 60) if record["id"] in missing)


# Paging


def test_a_search_of_many_pages_is_read_to_its_end(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, every(1, 451))
    assert ids(read(Tickets(context), {})) == ids(every(1, 451))
    assert [body["pagination"]["per_page"] for body in server.bodies] == [150] * 4
    assert ["starting_after" in body["pagination"] for body in server.bodies] == [False, True, True, True]


def test_a_small_sync_is_one_request(now: SimpleNamespace, context: StreamContext, requests_mock: Mocker) -> None:
    server = serve(requests_mock, every(1, 10))
    read(Tickets(context), {"updated_at": NOW - 60})
    assert len(server.bodies) == 1


def paged(records: list[Json], cursor: str | None, total: int = 4) -> Json:
    """A page with the cursor of the next, of a search that counts `total` records."""
    pages: Json = {"type": "pages", "page": 1, "per_page": 150, "total_pages": 9}
    if cursor:
        pages["next"] = {"page": 2, "starting_after": cursor}
    return {"json": {"type": "ticket.list", "tickets": records, "total_count": total, "pages": pages}}


def test_paging_revisits_pages_a_b_a_b(now: SimpleNamespace, context: StreamContext, requests_mock: Mocker) -> None:
    one, two, three, four = every(1, 4)
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
    one, two, three, _ = every(1, 4)
    refused = {"status_code": 400, "json": error_list("client_error", "Invalid starting_after param.")}
    requests_mock.post(SEARCH, [paged([one, two], "a"), refused, paged([one, two], "b"), paged([three], None, 3)])
    assert ids(read(Tickets(context), {})) == ["0", "1", "2"]
    assert context.reports.count("tickets", report.WITHHELD) == 0


def test_95_percent_of_rows_gone_and_a_green_sync(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    one, two, three, four = every(1, 4)
    short = [paged([one], "a"), paged([four], None), paged([], None)]
    requests_mock.post(SEARCH, [*short, paged([one, two], "b"), paged([three, four], None)])
    assert sorted(ids(read(Tickets(context), {}))) == ["0", "1", "2", "3"]
    assert context.reports.count("tickets", report.RESTARTS) == 2
    assert context.reports.count("tickets", report.WITHHELD) == 0


def test_records_that_intercom_counts_and_never_returns_are_reported(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    asked = requests_mock.post(SEARCH, [paged(every(1, 2), None)])
    assert ids(read(Tickets(context), {})) == ["0", "1"]
    assert context.reports.count("tickets", report.WITHHELD) == 2
    assert asked.call_count == 4
    assert "Intercom counts 2 more after 2 records" in caplog.text


@pytest.mark.parametrize("total", [None, 0, 1])
def test_a_count_that_is_too_low_is_no_reason_to_search_again(
    total: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.post(SEARCH, [paged(every(1, 2), None, total)])
    assert ids(read(Tickets(context), {})) == ["0", "1"]
    assert asked.call_count == 1


@pytest.mark.parametrize(
    "again", [paged(every(1, 1), "a"), {"status_code": 400, "json": error_list("client_error", "Invalid")}]
)
def test_paging_that_leads_nowhere_ends_in_an_error(
    again: Json, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    asked = requests_mock.post(SEARCH, [paged(every(1, 1), "a"), again, *[paged(every(1, 1), "a"), again] * 50])
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
def test_one_search_page_times_out_for_ever_at_150_rows(
    largest: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, every(1, 200), largest_page=largest)
    assert ids(read(Tickets(context), {})) == ids(every(1, 200))
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

    server = Heavy("tickets", every(1, 500))
    requests_mock.post(SEARCH, json=server)
    assert ids(read(Tickets(context), {})) == ids(every(1, 500))
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
    monkeypatch.setattr(incremental, "WINDOW_RECORDS", 10)
    serve(requests_mock, every(1, 100))
    stream = Tickets(context)
    stream.new_cursor({})
    slices = iter(stream.stream_slices(sync_mode=SyncMode.incremental))
    next(slices)
    with pytest.raises(RuntimeError), stream.progress.reading():
        raise RuntimeError
    assert list(slices) == []


# Odd records


@pytest.mark.parametrize("second", [None, "2025-01-01T11:00:00Z", NOW - 5.5])
def test_a_record_without_integer_seconds_is_emitted(
    second: object, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.post(SEARCH, **paged([{**ticket(1, NOW), "updated_at": second}, ticket(2, NOW - 1)], None))
    stream = Tickets(context)
    assert ids(read(stream, {})) == ["1", "2"]
    assert states(messages(stream))[-1] == {"updated_at": NOW - 1}


# What is told


def estimates(sent: list[AirbyteMessage]) -> list[tuple[str, int | None]]:
    found = [message.trace.estimate for message in sent if message.type == Type.TRACE and message.trace]
    return [(one.name, one.row_estimate) for one in found if one and one.type == EstimateType.STREAM]


def test_the_platform_is_told_how_many_rows_will_come(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, every(1, 200))
    stream = Tickets(context)
    read(stream, {})
    assert estimates(messages(stream)) == [("tickets", 200)]
    assert context.reports.count("tickets", report.EXPECTED) == 200
    assert context.reports.count("tickets", report.EMITTED) == 200


def test_a_probe_asks_for_one_record(context: StreamContext, requests_mock: Mocker) -> None:
    server = SearchServer("conversations", [])
    requests_mock.post(f"{URL}conversations/search", json=server)
    Conversations(context).probe()
    assert [body["pagination"] for body in server.bodies] == [{"per_page": 1}]


def test_a_page_is_asked_for_with_the_bounds_of_its_window(context: StreamContext, requests_mock: Mocker) -> None:
    server = serve(requests_mock, [])
    Tickets(context).search(Window(100, 200), per_page=7, order="descending", starting_after="WzE1MCwgIjEiXQ==")
    (body,) = server.bodies
    assert body["query"]["value"] == [
        {"field": "updated_at", "operator": ">", "value": 99},
        {"field": "updated_at", "operator": "<", "value": 200},
    ]
    assert body["sort"]["order"] == "descending"
    assert body["pagination"] == {"per_page": 7, "starting_after": "WzE1MCwgIjEiXQ=="}
    assert requests_mock.request_history[0].query == ""
