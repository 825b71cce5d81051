from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom.read import family
from source_intercom.streams import base
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import ConversationParts
from unit_tests import builders
from unit_tests.builders import (
    NOW,
    URL,
    Json,
    SearchServer,
    error_list,
    ids,
    messages,
    read,
    states,
    whole_conversation,
)
from unit_tests.streams.conversations import SEARCH, parents, serve

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context


def test_a_resumed_sync_reads_every_conversation_whatever_its_id(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    """The symptom without it: ids are compared as text, and everything is skipped."""
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


def test_a_conversation_that_cannot_be_fetched_is_owed_and_the_state_moves_on(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, *(whole_conversation(number, NOW - 10 + number, parts=1) for number in (1, 2, 3)))
    requests_mock.get(f"{URL}conversations/2", status_code=500, text="<html>")
    stream = ConversationParts(context)
    with pytest.raises(AirbyteTracedException, match=r"conversation 2 .*answered 500"):
        read(stream, {})
    stream.checkpoints.ensure_at_least_one_state_emitted()
    assert states(messages(stream))[-1] == {
        "conversation_updated_at": NOW - 7,
        "owed": {"windows": [], "ids": ["2"]},
    }


def test_wherever_a_sync_is_killed_the_resumed_one_brings_all_parts_that_are_missing(
    now: SimpleNamespace, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The symptom without it: parts of a conversation are missing after a resumed sync."""
    monkeypatch.setattr(base, "GUARD_SECONDS", 0)
    monkeypatch.setattr(family, "PARENT_RECORDS", 4)
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
        stream.checkpoints.ensure_at_least_one_state_emitted()
        resumed = states(messages(stream))[-1]
        asked = kill_at  # no second kill
        rest = read(ConversationParts(builders.context(**recent)), resumed)
        assert set(ids(got + rest)) == clean, f"killed at request {kill_at} with state {resumed}"
