import time
from types import SimpleNamespace

import pytest
from airbyte_cdk.models import AirbyteMessage, AirbyteStreamStatus, AirbyteTraceMessage, FailureType, StreamDescriptor
from airbyte_cdk.utils.stream_status_utils import as_airbyte_message
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_intercom import outcomes as module
from source_intercom.outcomes import COMPLETE, FAILED, NOT_BEGUN, UNFINISHED, Outcomes

STARTED, RUNNING = AirbyteStreamStatus.STARTED, AirbyteStreamStatus.RUNNING
ENDED, BROKEN = AirbyteStreamStatus.COMPLETE, AirbyteStreamStatus.INCOMPLETE


def trace_of(message: AirbyteMessage) -> AirbyteTraceMessage:
    assert message.trace is not None
    return message.trace


def status(stream: str, word: AirbyteStreamStatus) -> AirbyteTraceMessage:
    return trace_of(as_airbyte_message(StreamDescriptor(name=stream), word))


def error(stream: str | None, kind: FailureType) -> AirbyteTraceMessage:
    descriptor = StreamDescriptor(name=stream) if stream else None
    return trace_of(AirbyteTracedException("No.", "No.", kind).as_airbyte_message(stream_descriptor=descriptor))


def word_after(*traces: AirbyteTraceMessage) -> str:
    outcomes = Outcomes(["tags"])
    for trace in traces:
        outcomes.note(trace)
    return outcomes.all()["tags"].word


@pytest.mark.parametrize(
    ("statuses", "word"),
    [
        ([], NOT_BEGUN),
        ([STARTED], UNFINISHED),
        ([STARTED, RUNNING], UNFINISHED),
        ([STARTED, RUNNING, ENDED], COMPLETE),
        ([STARTED, RUNNING, BROKEN], FAILED),
        ([BROKEN], FAILED),
    ],
)
def test_the_outcome_of_a_stream_is_its_last_status(statuses: list[AirbyteStreamStatus], word: str) -> None:
    assert word_after(*(status("tags", each) for each in statuses)) == word


def test_a_stream_has_failed_once_its_error_is_told() -> None:
    outcomes = Outcomes(["tags", "admins"])
    outcomes.note(status("tags", STARTED))
    outcomes.note(error("tags", FailureType.config_error))
    assert (outcomes.all()["tags"].word, outcomes.all()["tags"].failure) == (FAILED, "config_error")
    outcomes.note(status("tags", BROKEN))
    assert outcomes.all()["tags"].failure == "config_error"
    assert outcomes.all()["admins"].word == NOT_BEGUN


def test_an_error_of_no_stream_changes_none() -> None:
    assert word_after(status("tags", STARTED), error(None, FailureType.system_error)) == UNFINISHED


def test_a_stream_that_nobody_knows_is_told_of_too() -> None:
    outcomes = Outcomes(["tags"])
    outcomes.note(status("planets", BROKEN))
    assert [*outcomes.all()] == ["tags", "planets"]
    assert outcomes.all()["planets"].seconds(time.monotonic()) is None


def test_the_time_of_a_stream_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(second=5.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.second))
    outcomes = Outcomes(["tags", "admins"])
    for stream in ("tags", "admins"):
        outcomes.note(status(stream, STARTED))
    clock.second = 8.0
    outcomes.note(status("tags", ENDED))
    assert {name: outcome.seconds(20.0) for name, outcome in outcomes.all().items()} == {"tags": 3, "admins": 15}
