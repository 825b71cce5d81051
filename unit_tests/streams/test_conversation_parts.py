import re
from types import SimpleNamespace
from typing import Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.api.turns import SENDER
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import ConversationParts
from source_intercom.streams.workspace import Tags
from unit_tests.builders import (
    NOW,
    URL,
    Json,
    SearchServer,
    error_list,
    example,
    ids,
    messages,
    read,
    states,
    whole_conversation,
)
from unit_tests.streams.conversations import SEARCH, parents, serve

HTML_404 = {"status_code": 404, "text": "<html><body>404 Not Found</body></html>"}
JSON_404 = {"status_code": 404, "json": error_list("not_found", "Resource Not Found")}


def test_a_changed_conversation_emits_all_its_parts_again(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, whole_conversation(1, NOW - 50, parts=3), whole_conversation(2, NOW - 9000, parts=2))
    records = read(ConversationParts(context), {"conversation_updated_at": NOW - 60})
    assert parents(records) == ["1"] * 3
    assert all(record["updated_at"] < NOW - 60 for record in records), "the parts themselves are older than the cursor"


def test_a_part_that_is_none_is_skipped_and_counted_and_not_taken_for_one_beyond_the_limit(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    one = whole_conversation(1, NOW - 50, parts=3)
    one["conversation_parts"]["conversation_parts"][1] = None
    serve(requests_mock, one)
    assert len(read(ConversationParts(context))) == 2
    assert context.reports.count("conversation_parts", report.KEYLESS) == 1
    assert context.reports.count("conversation_parts", report.UNREACHABLE) == 0


@pytest.mark.parametrize("body", [None, "none", 5, [], {}, {"conversation_parts": None}, {"conversation_parts": {}}])
def test_a_conversation_without_a_list_of_parts_is_a_broken_answer(
    body: object, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, {**whole_conversation(1, NOW - 50, parts=3), "conversation_parts": body})
    with pytest.raises(AirbyteTracedException, match="empty or broken body") as caught:
        read(ConversationParts(context))
    assert caught.value.failure_type == FailureType.transient_error


def test_parts_have_the_id_that_their_conversation_was_asked_for_by_and_no_time_where_it_has_none(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    one = whole_conversation(1, NOW - 50, parts=1)
    serve(requests_mock, one)
    requests_mock.get(f"{URL}conversations/1", json={**one, "id": None, "updated_at": "soon"})
    (part,) = read(ConversationParts(context))
    assert (part["conversation_id"], part["conversation_updated_at"]) == ("1", None)


def test_edited_and_redacted_parts_come_again_with_their_conversation(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: they stay old."""
    changed = whole_conversation(1, NOW - 50, parts=2)
    changed["conversation_parts"]["conversation_parts"][0].update(redacted=True, body=None)
    serve(requests_mock, changed)
    records = read(ConversationParts(context), {"conversation_updated_at": NOW - 60})
    assert [record["redacted"] for record in records] == [True, False]


@pytest.mark.parametrize("number", ["503", 503])
def test_parts_name_their_conversation_and_its_time(
    number: object, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: the conversation's id is null in parts."""
    one = {**whole_conversation(503, NOW - 50, parts=2), "id": number}
    requests_mock.post(SEARCH, json=SearchServer("conversations", [one]))
    requests_mock.get(f"{URL}conversations/503", json=one)
    records = read(ConversationParts(context))
    assert [(record["conversation_id"], record["conversation_updated_at"]) for record in records] == [
        ("503", NOW - 50)
    ] * 2


def test_part_ids_are_text(now: SimpleNamespace, context: StreamContext, requests_mock: Mocker) -> None:
    found = {**example("conversation"), "updated_at": NOW - 50}
    serve(requests_mock, found)
    assert ids(read(ConversationParts(context))) == ["1", "2", "3", "4"]


def test_a_conversation_without_parts_emits_none(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, whole_conversation(1, NOW - 50, parts=0), whole_conversation(2, NOW - 4, parts=1))
    stream = ConversationParts(context)
    assert parents(read(stream, {})) == ["2"]
    assert states(messages(stream))[-1] == {"conversation_updated_at": NOW - 4}


def test_a_conversation_without_parts_by_its_statistics_is_fetched_all_the_same(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, whole_conversation(1, NOW - 50, parts=2, counted=1))
    assert parents(read(ConversationParts(context), {})) == ["1", "1"]


@pytest.mark.parametrize("gone", [HTML_404, JSON_404, {"status_code": 404, "text": ""}])
def test_a_conversation_deleted_between_search_and_get_is_skipped_and_counted(
    gone: dict[str, Any], now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, sleeps: list[float]
) -> None:
    server = serve(requests_mock, *(whole_conversation(number, NOW - 10 + number, parts=1) for number in (1, 2, 3)))
    server.gone.add("2")
    deleted = requests_mock.get(f"{URL}conversations/2", **gone)
    stream = ConversationParts(context)
    assert parents(read(stream, {})) == ["1", "3"]
    assert deleted.call_count == 1
    assert sleeps == []
    assert context.reports.count("conversation_parts", report.GONE) == 1
    assert states(messages(stream))[-1] == {"conversation_updated_at": NOW - 7}


@pytest.mark.parametrize("status", [401, 403])
def test_a_conversation_that_may_not_be_read_fails_the_stream(
    status: int, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, whole_conversation(1, NOW - 50, parts=1))
    requests_mock.get(f"{URL}conversations/1", status_code=status, json=error_list("forbidden"))
    with pytest.raises(AirbyteTracedException, match="“Read conversations”"):
        read(ConversationParts(context))


def test_a_404_on_the_search_is_no_deleted_conversation(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    requests_mock.post(SEARCH, **HTML_404)  # type: ignore[arg-type]
    with pytest.raises(AirbyteTracedException, match="answered 404 to a search") as error:
        read(ConversationParts(context))
    assert error.value.failure_type == FailureType.transient_error


def test_a_conversation_that_is_found_again_although_it_is_not_there_is_owed(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, sleeps: list[float]
) -> None:
    serve(requests_mock, *(whole_conversation(number, NOW - 10 + number, parts=1) for number in (1, 2, 3)))
    requests_mock.get(f"{URL}conversations/2", **HTML_404)  # type: ignore[arg-type]
    stream, records = ConversationParts(context), list[Json]()
    with pytest.raises(AirbyteTracedException, match=r"conversation 2 .*404 to conversations that it still finds"):
        read(stream, {}, records)
    assert parents(records) == ["1", "3"]
    assert sum(sleeps) >= 90
    assert stream.checkpoints.state["owed"]["ids"] == ["2"]


def test_a_conversation_whose_deletion_reaches_the_search_late_is_waited_for_and_skipped(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(requests_mock, *(whole_conversation(number, NOW - 10 + number, parts=1) for number in (1, 2, 3)))
    requests_mock.get(f"{URL}conversations/2", **HTML_404)  # type: ignore[arg-type]
    monkeypatch.setattr("time.sleep", lambda seconds: server.gone.add("2"))
    stream = ConversationParts(context)
    assert parents(read(stream, {})) == ["1", "3"]
    assert stream.checkpoints.state == {"conversation_updated_at": NOW - 7}


@pytest.mark.parametrize("finds_them", [True, False])
@pytest.mark.parametrize("answer", [HTML_404, JSON_404])
def test_more_conversations_that_are_gone_than_can_be_fail_the_stream_and_are_owed(
    finds_them: bool, answer: dict[str, Any], now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, *(whole_conversation(number, NOW - 99 + number, parts=1) for number in range(40)))
    server.gone = set() if finds_them else {str(number) for number in range(40)}
    requests_mock.get(re.compile(f"{URL}conversations/"), **answer)
    stream = ConversationParts(context)
    with pytest.raises(AirbyteTracedException):
        read(stream, {})
    state = stream.checkpoints.state
    second = state.get("conversation_updated_at", 0)
    assert {str(number) for number in range(40) if NOW - 99 + number < second} <= set(state["owed"]["ids"])


def test_what_is_owed_is_fetched_first_and_then_no_longer_owed(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, *(whole_conversation(number, NOW - 9999 * number, parts=1) for number in (1, 2, 3)))
    stream = ConversationParts(context)
    window = [NOW - 9999 * 3, NOW - 9999 * 3 + 1]
    owed = {"windows": [window], "ids": ["2"]}
    assert parents(read(stream, {"conversation_updated_at": NOW - 9999, "owed": owed})) == ["2", "3", "1"]
    assert stream.checkpoints.state == {"conversation_updated_at": NOW - 9999}


def test_conversations_that_the_search_does_not_deliver_are_owed_as_a_window(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    server = serve(requests_mock, *(whole_conversation(number, NOW - 999 + number, parts=1) for number in range(9)))
    server.bad = {"4": 404}
    stream, records = ConversationParts(context), list[Json]()
    with pytest.raises(AirbyteTracedException, match="1 of the conversations updated from"):
        read(stream, {}, records)
    assert sorted(parents(records)) == [str(number) for number in range(9) if number != 4]
    ((start, end),) = stream.checkpoints.state["owed"]["windows"]
    assert start <= NOW - 995 < end


def test_parts_beyond_the_limit_of_500_are_counted_and_said(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    serve(requests_mock, whole_conversation(1, NOW - 50, parts=500, counted=731))
    assert len(read(ConversationParts(context), {})) == 500
    assert context.reports.count("conversation_parts", report.TRUNCATED) == 1
    assert context.reports.count("conversation_parts", report.UNREACHABLE) == 230
    assert "conversation 1 has 230 older parts" in caplog.text


@pytest.mark.parametrize("counted", [None, 3, 1, 0])
def test_parts_that_are_all_there_are_not_said_to_be_cut(
    counted: int | None, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, whole_conversation(1, NOW - 50, parts=2, counted=counted))
    assert len(read(ConversationParts(context), {})) == 2
    assert context.reports.count("conversation_parts", report.TRUNCATED) == 0


@pytest.mark.parametrize("statistics", [None, {}, {"count_conversation_parts": None}])
def test_a_conversation_without_statistics_is_read(
    statistics: object, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, {**whole_conversation(1, NOW - 50, parts=2), "statistics": statistics})
    assert len(read(ConversationParts(context), {})) == 2


@pytest.mark.parametrize("status", [200, 404])
def test_a_check_searches_conversations_and_fetches_one(
    status: int, context: StreamContext, requests_mock: Mocker
) -> None:
    found = example("conversations_search")
    asked = requests_mock.post(SEARCH, json=found)
    one = requests_mock.get(
        f"{URL}conversations/{found['conversations'][0]['id']}", status_code=status, json=example("conversation")
    )
    ConversationParts(context).probe()
    assert (asked.call_count, one.call_count) == (1, 1)


def test_counts_go_to_the_parts_and_not_to_the_conversations(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, whole_conversation(1, NOW - 50, parts=3))
    read(ConversationParts(context), {})
    assert context.reports.count("conversation_parts", report.REQUESTS) == 2
    assert context.reports.count("conversation_parts", report.EMITTED) == 3
    assert context.reports.count("conversation_parts", report.CHANGED) == 1
    assert context.reports.count("conversations", report.REQUESTS) == 0


def test_requests_are_sent_on_behalf_of_their_stream(context: StreamContext, requests_mock: Mocker) -> None:
    senders: list[str] = []

    def answer(*_: object) -> Any:
        senders.append(SENDER.get())
        return {"data": [], "conversations": []}

    requests_mock.get(f"{URL}tags", json=answer)
    requests_mock.post(SEARCH, json=answer)
    read(Tags(context))
    ConversationParts(context).probe()
    assert senders == ["tags", "conversation_parts"]
