from types import SimpleNamespace

from requests_mock import Mocker

from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import Conversations
from unit_tests.builders import NOW, SearchServer, conversation, read
from unit_tests.streams.conversations import SEARCH


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
