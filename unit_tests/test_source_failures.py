import logging
import threading

import pytest
from airbyte_cdk.models import FailureType, SyncMode, Type
from airbyte_cdk.sources.streams.concurrent import partition_reader
from airbyte_cdk.test.state_builder import StateBuilder
from airbyte_cdk.utils.airbyte_secrets_utils import update_secrets
from requests_mock import Mocker

from source_intercom.source import SourceIntercom
from source_intercom.streams.workspace import Tags
from unit_tests.builders import TOKEN, URL, catalog, config, error_list
from unit_tests.contracts import STREAMS
from unit_tests.syncs import FULL, INCREMENTAL, Workspace, logs, records, states, sync, told


def test_a_missing_permission_fails_its_stream_and_no_other(workspace: Workspace) -> None:
    """The symptom without it: an empty table, and a sync that is green."""
    refused = workspace.mocker.get(f"{URL}tags", status_code=401, json=error_list("token_unauthorized"))
    output = sync("tags", "companies", "tickets", fails=True)
    ((message, failure),) = told(output, "tags")
    assert "“Read tags”" in message
    assert failure == FailureType.config_error
    assert refused.call_count == 1
    assert len(records(output, "companies")) == 2
    assert len(records(output, "tickets")) == 12
    assert [status.value for status in output.get_stream_statuses("companies")][-1] == "COMPLETE"
    assert [status.value for status in output.get_stream_statuses("tags")][-1] == "INCOMPLETE"


def test_one_conversation_that_is_not_delivered_costs_no_other_and_is_asked_for_again(workspace: Workspace) -> None:
    workspace.mocker.get(f"{URL}conversations/7", status_code=500, text="<html>")
    output = sync("conversation_parts", mode=INCREMENTAL, num_workers=2, fails=True)
    ((message, failure),) = told(output, "conversation_parts")
    assert message.startswith("Intercom does not deliver the parts of conversation 7 (Intercom answered 500")
    assert failure == FailureType.transient_error
    assert {record["conversation_id"] for record in records(output, "conversation_parts")} == set(
        workspace.conversations
    ) - {"7"}
    reached = states(output, "conversation_parts")[-1]
    assert reached == {"conversation_updated_at": workspace.times[-1], "owed": {"windows": [], "ids": ["7"]}}
    state = StateBuilder().with_stream_state("conversation_parts", reached).build()
    workspace.mocker.get(f"{URL}conversations/7", json=workspace.conversations["7"])
    rest = sync("conversation_parts", mode=INCREMENTAL, state=state)
    assert "7" in {record["conversation_id"] for record in records(rest, "conversation_parts")}
    assert states(rest, "conversation_parts")[-1] == {"conversation_updated_at": workspace.times[-1]}


def test_a_permanent_5xx_keeps_the_state_that_was_reached(workspace: Workspace) -> None:
    for number in range(5, 12):
        workspace.mocker.get(f"{URL}conversations/{number}", status_code=500, text="<html>")
    output = sync("conversation_parts", mode=INCREMENTAL, num_workers=2, fails=True)
    ((message, failure),) = told(output, "conversation_parts")
    assert message == "Intercom answered 500 several times in a row; trying again later helps."
    assert failure == FailureType.transient_error
    state = StateBuilder().with_stream_state("conversation_parts", states(output, "conversation_parts")[-1]).build()
    for number in range(5, 12):
        workspace.mocker.get(f"{URL}conversations/{number}", json=workspace.conversations[str(number)])
    rest = sync("conversation_parts", mode=INCREMENTAL, state=state)
    both = records(output, "conversation_parts") + records(rest, "conversation_parts")
    assert {record["conversation_id"] for record in both} == set(workspace.conversations)


def test_one_error_per_stream_however_many_partitions_fail(workspace: Workspace) -> None:
    for number in range(12):
        workspace.mocker.get(f"{URL}conversations/{number}", status_code=401, json=error_list("token_revoked"))
    output = sync("conversation_parts", mode=INCREMENTAL, num_workers=8, fails=True)
    assert len(told(output, "conversation_parts")) == 1


def test_a_stream_that_does_not_exist_fails_the_sync(workspace: Workspace) -> None:
    output = sync("tags", "deleted_users", fails=True)
    errors = [message.trace.error for message in output.errors if message.trace and message.trace.error]
    (error,) = [one for one in errors if "deleted_users" in (one.internal_message or "")][:1]
    assert error.failure_type == FailureType.config_error
    assert "has no stream deleted_users" in error.message
    assert len(records(output, "tags")) == 1


def test_a_stream_that_does_not_exist_leaves_the_report_of_the_others(workspace: Workspace) -> None:
    output = sync("tags", "deleted_users", fails=True)
    said = logs(output)
    assert any(line.startswith("tags: 1 record emitted, 1 request; complete") for line in said)
    assert "deleted_users: 0 records emitted, 0 requests; failed (config_error)" in said


def test_an_error_that_nobody_expected_tells_no_secret_either(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(f"cannot send Bearer {TOKEN}")

    monkeypatch.setattr(Tags, "rows_of", fail)
    output = sync("tags", fails=True)
    update_secrets([])
    traces = [message.trace.error for message in output.errors if message.trace and message.trace.error]
    assert any("ValueError: cannot send Bearer ****" in (error.stack_trace or "") for error in traces)
    assert all(TOKEN not in str(error) for error in traces)
    assert not any(TOKEN in line for line in logs(output))


def test_an_error_that_keeps_a_failed_partition_from_being_told_ends_the_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*arguments: object) -> None:
        raise MemoryError

    workspace.mocker.get(f"{URL}tags", status_code=401, json=error_list("token_unauthorized"))
    monkeypatch.setattr(partition_reader, "StreamThreadException", no_memory)
    output = sync("tags", "companies", fails=True)
    assert "MemoryError" in output.get_formatted_error_message()


@pytest.mark.parametrize("taken", [0, 1, 10])
@pytest.mark.parametrize("mode", [FULL, INCREMENTAL])
def test_a_read_that_nobody_takes_to_its_end_ends_its_threads(
    mode: SyncMode, taken: int, requests_mock: Mocker, now: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("source_intercom.sync.QUEUE_SIZE", 3)
    Workspace(requests_mock, size=60)
    before = threading.active_count()
    messages = SourceIntercom().read(logging.getLogger("airbyte"), config(num_workers=8), catalog(*STREAMS, mode=mode))
    for _ in range(taken):
        next(messages)
    del messages
    for thread in set(threading.enumerate()) - {threading.main_thread()}:
        if thread.name.startswith(("worker", "ahead", "companies")):
            thread.join(30)
            assert not thread.is_alive(), thread.name
    assert threading.active_count() <= before


def test_a_source_that_has_read_can_read_again(workspace: Workspace) -> None:
    reader = SourceIntercom()
    for _ in range(2):
        messages = list(reader.read(logging.getLogger("airbyte"), config(), catalog("tags", "tickets"), []))
        assert sum(message.type == Type.RECORD for message in messages) == 13


def test_a_read_that_is_stopped_raises_the_reason(workspace: Workspace) -> None:
    reader = SourceIntercom()
    messages = reader.read(logging.getLogger("airbyte"), config(), catalog(*STREAMS), [])
    next(messages)
    reader.stop(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        list(messages)
