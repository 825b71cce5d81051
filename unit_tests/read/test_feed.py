import logging
from typing import TYPE_CHECKING

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.concurrent.cursor import FinalStateCursor
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.context import StreamContext
from source_intercom.streams.deletions import ContactActivities
from unit_tests import builders
from unit_tests.builders import START, URL, Json, error_list, example, ids, messages, partitions, read, states

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

ACTIVITIES = f"{URL}contacts/activities"
SIZE = 3
"""Events of a page of the server."""


def event(number: int, created_at: int = START) -> Json:
    """The event with that number; as texts, ids are not in the order of the feed."""
    row: Json = example("contact_activities")["data"][0]
    return {**row, "id": f"{number}.a", "created_at": created_at + number}


class Server:
    """A feed: a page is what stands behind a place, and says where it ends; a place that it does not know is refused.

    `is_down`: as it answers while its store is.
    """

    def __init__(self, events: list[Json]) -> None:
        self.events = events
        self.is_down = False
        self.refusal = (400, "client_error")
        self.asked: list[str | None] = []

    def __call__(self, request: "Request", answer: "Context") -> Json:
        assert request.headers["Intercom-Version"] == "2.17"
        assert request.qs["per_page"] == ["150"]
        (after,) = request.qs.get("starting_after", [None])
        self.asked.append(after)
        known = ids(self.events)
        if after is not None and after not in known:
            answer.status_code, code = self.refusal
            return error_list(code, "Invalid starting_after param.")
        start = 0 if after is None else known.index(after) + 1
        page = [] if self.is_down else self.events[start : start + SIZE]
        place = page[-1]["id"] if page else after
        following = {"starting_after": place} if place and not self.is_down else None
        pages = {"type": "pages", "per_page": SIZE, "next": following}
        return {"type": "list", "data": [dict(row) for row in page], "pages": pages}


@pytest.fixture
def server(requests_mock: Mocker) -> Server:
    """Seven events, of which the last one is alone on its page."""
    server = Server([event(number) for number in range(7, 14)])
    requests_mock.get(ACTIVITIES, json=server)
    return server


def activities() -> ContactActivities:
    return ContactActivities(builders.context())


def test_a_feed_is_read_until_an_empty_page_and_its_state_is_the_place_behind_the_last_event(server: Server) -> None:
    stream = activities()
    assert ids(read(stream, {})) == ids(server.events)
    assert server.asked == [None, "9.a", "12.a", "13.a"]
    assert states(messages(stream))[-1] == {"starting_after": "13.a"}


def test_the_next_sync_goes_on_where_the_last_one_ended(server: Server) -> None:
    server.events.append(event(14))
    stream = activities()
    assert ids(read(stream, {"starting_after": "13.a"})) == ["14.a"]
    assert server.asked == ["13.a", "14.a"]
    assert states(messages(stream))[-1] == {"starting_after": "14.a"}


def test_a_feed_without_events_keeps_its_state(server: Server) -> None:
    stream = activities()
    assert read(stream, {"starting_after": "13.a"}) == []
    assert states(messages(stream)) == [{"starting_after": "13.a"}]


def test_an_empty_feed_moves_no_state_while_its_store_is_down_and_the_events_come_when_it_is_back(
    server: Server,
) -> None:
    """The symptom without it: an empty feed moved the cursor."""
    server.is_down = True
    for state in ({}, {"starting_after": "9.a"}):
        stream = activities()
        assert read(stream, state) == []
        assert [each for each in states(messages(stream)) if each] == ([state] if state else [])
    server.is_down = False
    assert ids(read(activities(), {"starting_after": "9.a"})) == ["10.a", "11.a", "12.a", "13.a"]


def test_a_store_that_goes_down_between_two_pages_costs_no_event(server: Server) -> None:
    stream, got = activities(), list[Json]()
    cursor = stream.new_cursor({})
    for partition in partitions(stream):
        for record in partition.read():
            got.append(dict(record.data))
            server.is_down = len(got) == SIZE
        cursor.close_partition(partition)
    cursor.ensure_at_least_one_state_emitted()
    state = states(messages(stream))[-1]
    assert state == {"starting_after": "9.a"}
    server.is_down = False
    assert ids(got + read(activities(), state)) == ids(server.events)


def test_a_state_comes_behind_the_events_that_it_covers(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("source_intercom.read.checkpoints.STATE_INTERVAL", 0.0)
    stream, got, told = activities(), list[Json](), list[tuple[str, str]]()
    stream.new_cursor({})
    for partition in partitions(stream):
        for record in partition.read():
            told += [(state["starting_after"], got[-1]["id"]) for state in states(messages(stream))]
            got.append(dict(record.data))
    told += [(state["starting_after"], got[-1]["id"]) for state in states(messages(stream))]
    assert told == [("9.a", "9.a"), ("12.a", "12.a"), ("13.a", "13.a")]


def test_there_is_a_state_a_second_at_most(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("source_intercom.read.checkpoints.STATE_INTERVAL", 1e9)
    stream = activities()
    read(stream, {})
    assert states(messages(stream)) == [{"starting_after": "13.a"}]


@pytest.mark.parametrize("refusal", [(400, "client_error"), (400, "parameter_invalid"), (400, "bad_request")])
def test_a_place_that_intercom_does_not_know_any_more_is_said_and_read_from_the_beginning(
    refusal: tuple[int, str], server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.refusal = refusal
    stream = activities()
    assert ids(read(stream, {"starting_after": "5.a"})) == ids(server.events)
    said = (
        "contact_activities: Intercom does not go on from the state {'starting_after': '5.a'}; reading from the begin"
    )
    assert said in caplog.text
    assert stream.context.reports.count("contact_activities", report.RESTARTS) == 1
    assert states(messages(stream))[-1] == {"starting_after": "13.a"}


@pytest.mark.parametrize("state", [{"starting_after": 5}, {"starting_after": ""}, {"created_at": START}, {"a": {}}])
def test_a_state_that_names_no_place_is_said_and_read_from_the_beginning(
    state: Json, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    assert ids(read(activities(), state)) == ids(server.events)
    assert "is not usable; reading from the beginning." in caplog.text


def test_a_first_sync_says_nothing_of_a_state(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    read(activities(), {})
    assert caplog.text == ""


def test_a_refusal_in_the_middle_of_the_feed_keeps_the_state_of_what_came_before(server: Server) -> None:
    stream, got = activities(), list[Json]()
    cursor = stream.new_cursor({})

    def read_on() -> None:
        for partition in partitions(stream):
            for record in partition.read():
                got.append(dict(record.data))
                if len(got) == SIZE:
                    server.events = server.events[SIZE:]

    with pytest.raises(AirbyteTracedException) as raised:
        read_on()
    cursor.ensure_at_least_one_state_emitted()
    assert raised.value.failure_type == FailureType.transient_error
    assert states(messages(stream))[-1] == {"starting_after": "9.a"}


def test_a_full_refresh_reads_all_and_keeps_no_state(server: Server, context: StreamContext) -> None:
    stream = ContactActivities(context)
    assert isinstance(stream.new_cursor(None), FinalStateCursor)
    assert ids(read(stream, None)) == ids(server.events)
    assert states(messages(stream)) == [{"__ab_no_cursor_state_message": True}]


def test_a_full_refresh_after_an_incremental_sync_begins_at_the_beginning(server: Server) -> None:
    stream = activities()
    read(stream, {"starting_after": "12.a"})
    assert ids(read(stream, None)) == ids(server.events)


def test_events_before_the_start_date_are_not_emitted_and_the_state_passes_them(server: Server) -> None:
    server.events[:0] = [event(number, START - 100) for number in range(4)]
    stream = activities()
    assert ids(read(stream, {})) == ids(server.events[4:])
    assert states(messages(stream))[-1] == {"starting_after": "13.a"}


def test_a_feed_that_goes_round_in_circles_is_an_error(requests_mock: Mocker) -> None:
    requests_mock.get(ACTIVITIES, json=example("contact_activities"))
    with pytest.raises(AirbyteTracedException, match="pages without end"):
        read(activities(), {})
