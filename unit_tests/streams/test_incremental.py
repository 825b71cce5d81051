from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from airbyte_cdk.sources.streams.concurrent.cursor import FinalStateCursor
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from hypothesis import given, settings
from hypothesis import strategies as st
from requests_mock import Mocker

from source_intercom import report
from source_intercom.read import family
from source_intercom.streams import base
from source_intercom.streams.context import StreamContext
from source_intercom.streams.tickets import Tickets
from unit_tests import builders
from unit_tests.builders import (
    NOW,
    START,
    URL,
    Json,
    SearchServer,
    error_list,
    estimates,
    ids,
    messages,
    read,
    serve_tickets,
    states,
    ticket,
    tickets_every,
)
from unit_tests.clock import set_clock
from unit_tests.examples import tries

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

SEARCH = f"{URL}tickets/search"
GUARD = 600
DAY = 86_400
SERVERS = pytest.mark.parametrize("inclusive", [False, True], ids=["strict", "inclusive"])


def bounds(server: SearchServer) -> list[tuple[int, int]]:
    """What each request asked for."""
    return [(body["query"]["value"][0]["value"], body["query"]["value"][1]["value"]) for body in server.bodies]


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(family, "WINDOW_RECORDS", 3)


# Edges


@SERVERS
@pytest.mark.usefixtures("small_windows")
def test_the_last_second_of_a_window_is_read(
    inclusive: bool, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve_tickets(requests_mock, tickets_every(1, 40), inclusive=inclusive)
    records = read(Tickets(context), {"updated_at": NOW - 30})
    assert sorted(ids(records)) == sorted(ids(tickets_every(1, 40)))
    assert len(set(bounds(server))) > 10, "there were hardly any edges"


@SERVERS
def test_a_record_at_either_edge_of_the_sync_is_read(
    inclusive: bool, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    cursor = NOW - DAY
    first, before, last, after = cursor - GUARD, cursor - GUARD - 1, NOW, NOW + 1
    serve_tickets(
        requests_mock, [ticket(n, at) for n, at in enumerate([first, before, last, after])], inclusive=inclusive
    )
    assert ids(read(Tickets(context), {"updated_at": cursor})) == ["0", "2"]


@SERVERS
def test_the_second_of_the_start_date_is_read(
    inclusive: bool, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve_tickets(requests_mock, [ticket(1, START - 1), ticket(2, START), ticket(3, START + 1)], inclusive=inclusive)
    assert ids(read(Tickets(context), {})) == ["2", "3"]


def test_a_record_that_changes_again_within_the_second_of_the_state_comes_again(
    now: SimpleNamespace, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The symptom without it: it is stale for ever."""
    monkeypatch.setattr(base, "GUARD_SECONDS", 0)
    server = serve_tickets(requests_mock, [ticket(1, NOW, open=True)])
    first = Tickets(builders.context())
    assert [record["open"] for record in read(first, {})] == [True]
    server.stored = [ticket(1, NOW, open=False)]
    again = read(Tickets(builders.context()), states(messages(first))[-1])
    assert [record["open"] for record in again] == [False]


def test_a_record_that_reaches_the_search_minutes_late_arrives_with_the_next_sync(
    now: SimpleNamespace, requests_mock: Mocker
) -> None:
    """The symptom without it: it never arrives."""
    late = ticket(2, NOW - 300)
    server = serve_tickets(requests_mock, [ticket(1, NOW - 5)])
    first = Tickets(builders.context())
    assert ids(read(first, {})) == ["1"]
    server.stored.append(late)
    now.second += 3600
    assert ids(read(Tickets(builders.context()), states(messages(first))[-1])) == ["2", "1"]


@settings(max_examples=tries(40))
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
        patch.setattr(family, "WINDOW_RECORDS", largest)
        patch.setattr(base, "GUARD_SECONDS", 60)
        set_clock(patch, lambda: NOW)
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
    server = serve_tickets(requests_mock, [])
    read(Tickets(context), {})
    assert bounds(server) == [(START - 1, NOW + 1)]


def test_the_upper_bound_stays_where_it_was_when_the_read_began(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: conversations are stuck open."""

    class Busy(SearchServer):
        def __call__(self, request: "Request", answer: "Context") -> Json:
            now.second += 100  # time passes with every request
            return super().__call__(request, answer)

    server = Busy("tickets", tickets_every(10, 400))
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

    requests_mock.post(SEARCH, json=Moving("tickets", tickets_every(1, 400)))
    assert set(ids(read(Tickets(context), None))) == set(ids(tickets_every(1, 400)))


@pytest.mark.parametrize(("days", "start"), [(0, NOW - 2 * DAY - GUARD), (3, NOW - 5 * DAY - GUARD), (365, START)])
def test_the_lookback_window_is_read_on_top_of_the_guard_interval(
    days: int, start: int, now: SimpleNamespace, requests_mock: Mocker
) -> None:
    server = serve_tickets(requests_mock, [])
    read(Tickets(builders.context(lookback_window=days)), {"updated_at": NOW - 2 * DAY})
    assert bounds(server) == [(start - 1, NOW + 1)]


@pytest.mark.parametrize("ahead", [1, 3600, DAY])
def test_a_state_ahead_of_the_clock_reads_the_guard_interval(
    ahead: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve_tickets(requests_mock, [])
    stream = Tickets(context)
    read(stream, {"updated_at": NOW + ahead})
    assert bounds(server) == [(NOW + 1 - GUARD - 1, NOW + 1)]
    assert states(messages(stream))[-1] == {"updated_at": NOW + ahead}


def test_a_start_date_after_the_state_wins(now: SimpleNamespace, requests_mock: Mocker) -> None:
    server = serve_tickets(requests_mock, [])
    read(Tickets(builders.context(start_date="2024-12-31T00:00:00Z")), {"updated_at": START})
    assert bounds(server) == [(1_735_603_200 - 1, NOW + 1)]


def test_a_state_that_makes_no_sense_is_said_and_read_from_the_start_date(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve_tickets(requests_mock, [])
    read(Tickets(context), {"updated_at": "yesterday"})
    assert bounds(server) == [(START - 1, NOW + 1)]
    assert "tickets: the state {'updated_at': 'yesterday'} is not usable" in caplog.text


@pytest.mark.parametrize("state", [{"updated_at": str(NOW - DAY)}, {"updated_at": "2024-12-31T12:00:34Z"}])
def test_older_states_are_moved_on_in_todays_shape(
    state: Json, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve_tickets(requests_mock, [ticket(1, NOW - 5)])
    stream = Tickets(context)
    read(stream, state)
    assert bounds(server) == [(NOW - DAY - GUARD - 1, NOW + 1)]
    assert states(messages(stream))[-1] == {"updated_at": NOW - 5}


def test_full_refresh_ignores_state_and_keeps_none(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve_tickets(requests_mock, [ticket(1, START + 5)])
    stream = Tickets(context)
    assert isinstance(stream.new_cursor(None), FinalStateCursor)
    assert ids(read(stream, None)) == ["1"]
    assert bounds(server)[0] == (START - 1, NOW + 1)
    assert states(messages(stream)) == [{"__ab_no_cursor_state_message": True}]


# State


def test_the_state_comes_from_the_records(now: SimpleNamespace, context: StreamContext, requests_mock: Mocker) -> None:
    serve_tickets(requests_mock, [ticket(1, NOW - 5000), ticket(2, NOW - 4000)])
    stream = Tickets(context)
    read(stream, {})
    assert states(messages(stream))[-1] == {"updated_at": NOW - 4000}


def test_a_sync_without_news_keeps_its_state(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve_tickets(requests_mock, [])
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

    requests_mock.post(SEARCH, json=Failing("tickets", tickets_every(1, 60)))
    stream = Tickets(context)
    got: list[Json] = []
    with pytest.raises(AirbyteTracedException, match="refused the access token"):
        read(stream, {}, got)
    stream.checkpoints.ensure_at_least_one_state_emitted()
    state = states(messages(stream))[-1]["updated_at"]
    missing = set(ids(tickets_every(1, 60))) - set(ids(got))
    assert missing
    assert all(record["updated_at"] >= state for record in tickets_every(1, 60) if record["id"] in missing)


# What is told


def test_the_platform_is_told_how_many_rows_will_come(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve_tickets(requests_mock, tickets_every(1, 200))
    stream = Tickets(context)
    read(stream, {})
    assert estimates(messages(stream)) == [("tickets", 200)]
    assert context.reports.count("tickets", report.EXPECTED) == 200
    assert context.reports.count("tickets", report.EMITTED) == 200
