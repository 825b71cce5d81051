import threading
from types import SimpleNamespace
from typing import Any

import pytest
from airbyte_cdk.models import SyncMode
from requests_mock import Mocker

from source_intercom.streams import incremental
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import ConversationParts
from unit_tests.builders import NOW, read, whole_conversation
from unit_tests.streams.conversations import serve


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


def test_a_full_refresh_remembers_every_conversation_until_memory_runs_out(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, *(whole_conversation(number, NOW - 100 + number, parts=1) for number in range(50)))
    stream = ConversationParts(context)
    assert len(read(stream, None)) == 50
    assert len(stream.checkpoint._open) == 0


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
