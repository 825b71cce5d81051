"""Handling events and side conversations: a request for each conversation, but for those that can have none."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import ConversationHandlingEvents, SideConversations
from unit_tests.builders import NOW, URL, Json, conversation, example, read
from unit_tests.streams.conversations import serve

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

EVENTS = example("conversation_handling_events")
THREAD = example("side_conversations")["side_conversations"][0]


def timed(number: int, statistics: object) -> Json:
    """A conversation with these statistics."""
    return conversation(number, NOW - 5000 + number, statistics=statistics)


@pytest.mark.parametrize(
    ("statistics", "is_asked"),
    [
        ({"handling_time": 2310, "adjusted_handling_time": 1800}, True),
        ({"handling_time": 2310, "adjusted_handling_time": 2310}, False),
        ({"handling_time": 0, "adjusted_handling_time": 0}, False),
        ({"handling_time": 2310, "adjusted_handling_time": None}, True),
        ({"handling_time": None, "adjusted_handling_time": None}, True),
        ({"handling_time": 2310}, True),
        ({}, True),
        (None, True),
        ("none", True),
    ],
)
def test_handling_events_are_asked_for_where_the_time_was_adjusted_or_is_not_known(
    statistics: object, is_asked: bool, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, timed(1, statistics))
    events = requests_mock.get(f"{URL}conversations/1/handling_events", json=EVENTS)
    assert len(read(ConversationHandlingEvents(context))) == 2 * is_asked
    assert events.call_count == is_asked


def test_a_handling_event_has_its_second_and_its_teammate_in_its_key(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, timed(1, None))
    paused, resumed = EVENTS["handling_events"]
    bot = {"type": "bot", "id": 9, "name": "Fin"}
    same_second = {**resumed, "timestamp": paused["timestamp"], "teammate": bot}
    nobody = {**paused, "teammate": None}
    sent = {"handling_events": [paused, same_second, resumed, nobody, {**paused, "timestamp": "soon"}]}
    requests_mock.get(f"{URL}conversations/1/handling_events", json=sent)
    stream = ConversationHandlingEvents(context)
    rows = read(stream)
    assert [stream.rows.key_of(row) for row in rows] == [
        ("1", 1767949200, "123", "paused"),
        ("1", 1767949200, "9", "resumed"),
        ("1", 1767949800, "123", "resumed"),
    ]
    assert rows[0]["teammate"] == {"type": "admin", "id": "123", "name": "Jane Example", "email": "jane@example.com"}
    assert (rows[0]["reason"], rows[0]["conversation_updated_at"]) == ("Paused", NOW - 4999)
    assert context.reports.count("conversation_handling_events", report.KEYLESS) == 2


@pytest.mark.parametrize("count", [0, 1, 50, 51, 123])
def test_side_conversations_come_from_all_pages_although_none_names_the_next(
    count: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, timed(1, None))
    threads = [{**THREAD, "side_conversation_id": str(number)} for number in range(count)]

    def page(request: "Request", answer: "Context") -> Any:
        size, number = int(request.qs["per_page"][0]), int(request.qs.get("page", ["1"])[0])
        assert size == 50
        pages = {"type": "pages", "page": number, "per_page": size, "total_pages": -(-count // size)}
        shown = threads[(number - 1) * size : number * size]
        return {"type": "side_conversation.list", "side_conversations": shown, "total_count": count, "pages": pages}

    asked = requests_mock.get(f"{URL}conversations/1/side_conversations", json=page)
    rows = read(SideConversations(context))
    assert [row["side_conversation_id"] for row in rows] == [str(number) for number in range(count)]
    assert {row["conversation_id"] for row in rows} <= {"1"}
    assert asked.call_count == max(1, -(-count // 50))


def test_messages_of_side_conversations_that_are_counted_and_not_there_are_told(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, timed(1, None))
    body = {**example("side_conversations"), "side_conversations": [{**THREAD, "total_count": 4}]}
    requests_mock.get(f"{URL}conversations/1/side_conversations", json=body)
    (row,) = read(SideConversations(context))
    assert [part["id"] for part in row["conversation_parts"]] == ["789"]
    assert context.reports.count("side_conversations", report.LACKING) == 3
