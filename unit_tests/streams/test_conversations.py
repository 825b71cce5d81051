import threading
from contextlib import ExitStack
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from airbyte_cdk.models import FailureType, SyncMode
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.api import flights
from source_intercom.streams import incremental
from source_intercom.streams.base import StreamContext
from source_intercom.streams.conversations import ConversationParts, Conversations
from unit_tests import builders
from unit_tests.builders import (
    NOW,
    URL,
    Json,
    SearchServer,
    conversation,
    error_list,
    example,
    ids,
    messages,
    read,
    states,
    whole_conversation,
)

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

SEARCH = f"{URL}conversations/search"
HTML_404 = {"status_code": 404, "text": "<html><body>404 Not Found</body></html>"}
JSON_404 = {"status_code": 404, "json": error_list("not_found", "Resource Not Found")}


def serve(mocker: Mocker, *conversations: Json) -> SearchServer:
    """A search that finds conversations, and each of them by its id."""
    server = SearchServer("conversations", conversations)
    mocker.post(SEARCH, json=server)
    for one in conversations:
        mocker.get(f"{URL}conversations/{one['id']}", json=one)
    return server


def parents(records: list[Json]) -> list[str]:
    """The conversation of each part."""
    return [record["conversation_id"] for record in records]


# Conversations


def test_conversations_are_read_as_the_search_returns_them(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    found = conversation(1, NOW - 50)
    requests_mock.post(SEARCH, json=SearchServer("conversations", [found]))
    (record,) = read(Conversations(context))
    assert record.keys() == found.keys()
    assert record["source"] == found["source"]
    assert record["updated_at"] == NOW - 50
    assert all(request.method == "POST" for request in requests_mock.request_history)


def test_integer_ids_of_conversations_become_text(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    found = conversation(1, NOW - 50, admin_assignee_id=0, statistics={"last_closed_by_id": 10553731})
    requests_mock.post(SEARCH, json=SearchServer("conversations", [{**found, "id": 215474207061545}]))
    (record,) = read(Conversations(context))
    assert record["id"] == "215474207061545"
    assert record["admin_assignee_id"] == "0"
    assert record["statistics"]["last_closed_by_id"] == "10553731"


# Parts


def test_a_changed_conversation_emits_all_its_parts_again(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, whole_conversation(1, NOW - 50, parts=3), whole_conversation(2, NOW - 9000, parts=2))
    records = read(ConversationParts(context), {"conversation_updated_at": NOW - 60})
    assert parents(records) == ["1"] * 3
    assert all(record["updated_at"] < NOW - 60 for record in records), "the parts themselves are older than the cursor"


def test_edited_and_redacted_parts_stay_old(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    changed = whole_conversation(1, NOW - 50, parts=2)
    changed["conversation_parts"]["conversation_parts"][0].update(redacted=True, body=None)
    serve(requests_mock, changed)
    records = read(ConversationParts(context), {"conversation_updated_at": NOW - 60})
    assert [record["redacted"] for record in records] == [True, False]


@pytest.mark.parametrize("number", ["503", 503])
def test_conversation_id_is_null_in_parts(
    number: object, now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
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
    serve(requests_mock, *(whole_conversation(number, NOW - 10 + number, parts=1) for number in (1, 2, 3)))
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
    with pytest.raises(AirbyteTracedException) as error:
        read(ConversationParts(context))
    assert error.value.failure_type == FailureType.system_error


def test_more_than_500_parts(
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


def test_resume_skips_everything_because_ids_are_compared_as_text(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(
        requests_mock,
        whole_conversation(999, NOW - 9, parts=1),
        whole_conversation(1000, NOW - 8, parts=1),
        whole_conversation(20, NOW - 8, parts=1),
    )
    assert sorted(parents(read(ConversationParts(context), {"conversation_updated_at": NOW - 9}))) == [
        "1000",
        "20",
        "999",
    ]


def test_the_state_is_what_the_search_said_and_not_a_later_time_of_the_conversation(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, whole_conversation(1, NOW - 50, parts=1))
    requests_mock.get(f"{URL}conversations/1", json=whole_conversation(1, NOW + 5, parts=2))
    stream = ConversationParts(context)
    records = read(stream, {})
    assert [record["conversation_updated_at"] for record in records] == [NOW + 5] * 2
    assert states(messages(stream))[-1] == {"conversation_updated_at": NOW - 50}


def test_a_conversation_that_cannot_be_fetched_holds_the_state_back(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, *(whole_conversation(number, NOW - 10 + number, parts=1) for number in (1, 2, 3)))
    requests_mock.get(f"{URL}conversations/2", status_code=500, text="<html>")
    stream = ConversationParts(context)
    with pytest.raises(AirbyteTracedException, match="answered 500"):
        read(stream, {})
    stream.checkpoint.ensure_at_least_one_state_emitted()
    assert states(messages(stream))[-1]["conversation_updated_at"] <= NOW - 8


def test_children_of_a_conversation_are_missing_after_a_resumed_sync(
    now: SimpleNamespace, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incremental, "GUARD_SECONDS", 0)
    monkeypatch.setattr(incremental, "WINDOW_RECORDS", 4)
    conversations = [whole_conversation(number, NOW - 500 + 100 * (number // 2), parts=2) for number in range(6)]
    asked = 0
    kill_at = 0

    def killed(request: "Request", answer: "Context") -> bool:
        nonlocal asked
        asked += 1
        if asked == kill_at:
            answer.status_code = 401
        return asked == kill_at

    def search(request: "Request", answer: "Context") -> Json:
        return error_list("token_revoked") if killed(request, answer) else server(request, answer)

    def get(request: "Request", answer: "Context") -> Json:
        number = int(request.path.rpartition("/")[2])
        return error_list("token_revoked") if killed(request, answer) else conversations[number]

    server = SearchServer("conversations", conversations)
    requests_mock.post(SEARCH, json=search)
    for one in conversations:
        requests_mock.get(f"{URL}conversations/{one['id']}", json=get)
    recent = {"start_date": "2025-01-01T11:00:00Z"}
    clean = set(ids(read(ConversationParts(builders.context(**recent)), {})))
    total = asked
    assert len(clean) == 12
    assert total > 10
    for kill_at in range(1, total + 1):
        asked = 0
        stream = ConversationParts(builders.context(**recent))
        got: list[Json] = []
        with pytest.raises(AirbyteTracedException):
            read(stream, {}, got)
        stream.checkpoint.ensure_at_least_one_state_emitted()
        resumed = states(messages(stream))[-1]
        asked = kill_at  # no second kill
        rest = read(ConversationParts(builders.context(**recent)), resumed)
        assert set(ids(got + rest)) == clean, f"killed at request {kill_at} with state {resumed}"


def test_conversations_of_later_windows_are_found_while_those_of_one_are_fetched(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incremental, "WINDOW_RECORDS", 4)
    server = serve(requests_mock, *(whole_conversation(number, NOW - 9000 + number, parts=1) for number in range(40)))
    stream = ConversationParts(context)
    stream.new_cursor({})
    slices = iter(stream.stream_slices(sync_mode=SyncMode.incremental))
    found = [next(slices)]
    walked: set[int] = set()
    for _ in range(90):
        walked = {body["query"]["value"][0]["value"] for body in server.pages}
        if len(walked) > 3:
            break
        threading.Event().wait(0.1)
    assert len(walked) > 3, "only the windows that were counted and the first one have been asked for"
    found.extend(slices)
    assert [one["id"] for one in found] == [str(number) for number in range(40)]


def test_no_more_conversations_are_fetched_at_once_than_there_is_room_for(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, whole_conversation(1, NOW - 50, parts=1))
    stream = ConversationParts(context)
    stream.new_cursor({})
    (found,) = stream.stream_slices(sync_mode=SyncMode.incremental)
    reading = threading.Thread(target=lambda: list(stream.read_records(SyncMode.incremental, stream_slice=found)))
    with ExitStack() as taken:
        for _ in range(flights.FIRST):
            taken.enter_context(context.api.flights)
        reading.start()
        reading.join(0.2)
        assert context.reports.count("conversation_parts", report.EMITTED) == 0
    reading.join(9)
    assert context.reports.count("conversation_parts", report.EMITTED) == 1


def test_a_full_refresh_remembers_every_conversation_until_memory_runs_out(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, *(whole_conversation(number, NOW - 100 + number, parts=1) for number in range(50)))
    stream = ConversationParts(context)
    assert len(read(stream, None)) == 50
    assert len(stream.checkpoint._open) == 0


def test_a_check_searches_conversations(context: StreamContext, requests_mock: Mocker) -> None:
    asked = requests_mock.post(SEARCH, json=example("conversations_search"))
    ConversationParts(context).probe()
    assert asked.call_count == 1


def test_counts_go_to_the_parts_and_not_to_the_conversations(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, whole_conversation(1, NOW - 50, parts=3))
    read(ConversationParts(context), {})
    assert context.reports.count("conversation_parts", report.REQUESTS) == 2
    assert context.reports.count("conversation_parts", report.EMITTED) == 3
    assert context.reports.count("conversation_parts", report.CHANGED) == 1
    assert context.reports.count("conversations", report.REQUESTS) == 0


def test_an_older_answer_does_not_overtake_a_newer_one_in_a_full_refresh(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    old = whole_conversation(1, NOW - 100, parts=2)
    server = serve(requests_mock, old)
    stream = ConversationParts(context)
    stream.new_cursor(None)
    slices: list[Any] = []
    generated = iter(stream.stream_slices(sync_mode=SyncMode.full_refresh))
    first = next(generated)
    server.stored[0] = {**old, "updated_at": NOW + 5}
    thread = threading.Thread(target=lambda: slices.extend(generated), daemon=True)
    thread.start()
    thread.join(0.1)
    assert slices == []
    list(stream.read_records(SyncMode.full_refresh, stream_slice=first))
    thread.join(9)
    assert slices == [first]
