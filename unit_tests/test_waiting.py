import logging
from types import SimpleNamespace
from typing import Any

import pytest
from airbyte_cdk.models import AirbyteMessage, AirbyteMessageSerializer
from airbyte_cdk.sources.message import InMemoryMessageRepository

from source_intercom import waiting as module
from source_intercom.waiting import JOB_SECONDS, STATUS_SECONDS, STRETCH_SECONDS, WaitingNotice

NOW = 1_700_000_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that tests move on."""
    clock = SimpleNamespace(second=0.0)
    times = SimpleNamespace(monotonic=lambda: clock.second, time=lambda: NOW + clock.second)
    monkeypatch.setattr(module, "time", times)
    return clock


@pytest.fixture(autouse=True)
def _info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


@pytest.fixture
def repository() -> InMemoryMessageRepository:
    """Where statuses go."""
    return InMemoryMessageRepository()


@pytest.fixture
def notice(clock: object, repository: InMemoryMessageRepository) -> WaitingNotice:
    """A notice that has not told anything."""
    return WaitingNotice(logging.getLogger("airbyte"), repository)


def statuses(repository: InMemoryMessageRepository) -> list[dict[str, Any]]:
    """The statuses that went out since the last call."""
    return [as_json(message)["trace"]["stream_status"] for message in repository.consume_queue()]


def as_json(message: AirbyteMessage) -> dict[str, Any]:
    return dict(AirbyteMessageSerializer.dump(message))


def test_a_stream_that_waits_is_shown_as_rate_limited_until_the_next_window(
    notice: WaitingNotice, repository: InMemoryMessageRepository
) -> None:
    notice("tags", ["tags"], 7.0)
    (status,) = statuses(repository)
    assert status["stream_descriptor"]["name"] == "tags"
    assert status["status"] == "RUNNING"
    assert status["reasons"] == [{"type": "RATE_LIMITED", "rate_limited": {"quota_reset": (NOW + 7) * 1000}}]


def test_the_log_says_who_waits_and_until_when(notice: WaitingNotice, caplog: pytest.LogCaptureFixture) -> None:
    notice("tags", ["conversation_parts", "tags"], 7.0)
    (line,) = caplog.messages
    assert "rate limit is used up" in line
    assert "begins in 7 s" in line
    assert line.endswith("Waiting: conversation_parts, tags.")


def test_a_stretch_of_waiting_is_one_line_of_the_log(
    notice: WaitingNotice, clock: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(40):
        for _ in range(100):
            notice("conversation_parts", ["conversation_parts"], 7.0)
        clock.second += 10
    assert len(caplog.messages) == 1
    clock.second += STRETCH_SECONDS
    notice("conversation_parts", ["conversation_parts"], 7.0)
    assert len(caplog.messages) == 2


def test_each_stream_that_waits_is_shown_and_not_with_every_request(
    notice: WaitingNotice, clock: SimpleNamespace, repository: InMemoryMessageRepository
) -> None:
    waiting = ["conversation_parts", "tags"]
    for stream in waiting * 50:
        notice(stream, waiting, 7.0)
    assert [status["stream_descriptor"]["name"] for status in statuses(repository)] == waiting
    clock.second += STATUS_SECONDS
    notice("tags", waiting, 7.0)
    assert [status["stream_descriptor"]["name"] for status in statuses(repository)] == ["tags"]


def test_a_request_of_no_stream_has_a_line_and_no_status(
    notice: WaitingNotice, repository: InMemoryMessageRepository, caplog: pytest.LogCaptureFixture
) -> None:
    notice("", [""], 7.0)
    assert statuses(repository) == []
    assert caplog.messages[0].endswith("Waiting: the connection.")


def test_a_check_that_waits_says_so_in_the_log(clock: object, caplog: pytest.LogCaptureFixture) -> None:
    WaitingNotice(logging.getLogger("airbyte"))("tags", ["tags"], 7.0)
    assert len(caplog.messages) == 1


def test_who_waits_for_a_job_is_shown_as_rate_limited_until_the_next_look(
    notice: WaitingNotice, repository: InMemoryMessageRepository, caplog: pytest.LogCaptureFixture
) -> None:
    notice.for_job("message_receipts", "Intercom makes the export", 10.0)
    (status,) = statuses(repository)
    assert status["stream_descriptor"]["name"] == "message_receipts"
    assert status["reasons"] == [{"type": "RATE_LIMITED", "rate_limited": {"quota_reset": (NOW + 10) * 1000}}]
    assert caplog.messages == ["message_receipts: Intercom makes the export; looking again in 10 s."]


def test_a_job_that_is_waited_for_long_is_told_of_now_and_then(
    notice: WaitingNotice,
    repository: InMemoryMessageRepository,
    clock: SimpleNamespace,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for second in range(0, 1200, 10):
        clock.second = float(second)
        notice.for_job("message_receipts", "Intercom makes the export", 10.0)
    assert len(caplog.messages) == 1200 / JOB_SECONDS
    assert len(statuses(repository)) == 1200 / STATUS_SECONDS
    notice.for_job("message_receipts", "jobs that others have asked for come first", 10.0)
    assert caplog.messages[-1].startswith("message_receipts: jobs that others")
