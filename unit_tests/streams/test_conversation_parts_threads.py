import threading
from types import SimpleNamespace

import pytest
from requests_mock import Mocker

from source_intercom.read import family
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import ConversationParts
from unit_tests.builders import NOW, partitions, read, whole_conversation
from unit_tests.streams.conversations import serve


def test_conversations_of_later_windows_are_found_before_those_of_earlier_ones_are_fetched(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "PARENT_RECORDS", 4)
    serve(requests_mock, *(whole_conversation(number, NOW - 9000 + number, parts=1) for number in range(40)))
    stream = ConversationParts(context)
    stream.new_cursor({})
    windows = iter(partitions(stream))
    found = [next(windows) for _ in range(family.PREFETCHED_WINDOWS)]
    assert all("start" in (one.to_slice() or {}) for one in found), "nobody waits until a window is searched"
    for window in found:
        assert list(window.read()) == []
    fetched = [next(windows) for _ in range(10)]
    assert [(one.to_slice() or {}).get("id") for one in fetched] == [str(number) for number in range(10)]


def test_a_full_refresh_remembers_no_conversation(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    serve(requests_mock, *(whole_conversation(number, NOW - 100 + number, parts=1) for number in range(50)))
    stream = ConversationParts(context)
    assert len(read(stream, None)) == 50
    assert len(stream.checkpoints._open) == 0


def test_an_older_answer_does_not_overtake_a_newer_one_in_a_full_refresh(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker
) -> None:
    old = whole_conversation(1, NOW - 100, parts=2)
    server = serve(requests_mock, old)
    stream = ConversationParts(context)
    stream.new_cursor(None)
    generated = iter(partitions(stream))
    list(next(generated).read())
    first = next(generated)
    server.stored[0] = {**old, "updated_at": NOW + 5}
    later = []
    thread = threading.Thread(target=lambda: later.append(next(generated)), daemon=True)
    thread.start()
    thread.join(0.1)
    assert later == []
    list(first.read())
    thread.join(9)
    list(later[0].read())
    assert [(one.to_slice() or {})["id"] for one in (first, next(generated))] == ["1", "1"]
