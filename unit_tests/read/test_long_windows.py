"""Windows that no search can cut, such as a day on which all contacts were imported."""

from types import SimpleNamespace

import pytest
from requests_mock import Mocker

from source_intercom.api.search import INDEX_LAG_SECONDS
from source_intercom.read import open_window
from source_intercom.streams.context import StreamContext
from source_intercom.streams.tickets import Tickets
from unit_tests.builders import NOW, messages, partitions, serve_tickets, states, tickets_every


def test_the_state_moves_within_a_window_that_is_long(
    now: SimpleNamespace, context: StreamContext, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_window, "LONG_WINDOW", 7)
    monkeypatch.setattr("source_intercom.read.checkpoints.STATE_INTERVAL", 0.0)
    serve_tickets(requests_mock, tickets_every(60, 60))
    stream = Tickets(context)
    stream.new_cursor({})
    partition = next(iter(partitions(stream)))
    sent: list[int] = []
    reached: list[int] = []
    for record in partition.read():
        reached += [state["updated_at"] for state in states(messages(stream))]
        assert all(second <= NOW - INDEX_LAG_SECONDS for second in reached), "what changed lately may stand anywhere"
        assert not reached or reached[-1] <= sent[-1]
        sent.append(record.data["updated_at"])
    assert len(reached) == (60 - 10) // 7
