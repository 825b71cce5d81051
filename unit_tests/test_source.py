import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from airbyte_cdk.models import AirbyteMessage, AirbyteStateMessage, FailureType, Level, SyncMode, Type
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput
from airbyte_cdk.test.entrypoint_wrapper import read as run_read
from airbyte_cdk.test.models.scenario import ExpectedOutcome
from airbyte_cdk.test.state_builder import StateBuilder
from jsonschema import Draft7Validator
from requests_mock import Mocker

from source_intercom.source import SourceIntercom
from source_intercom.streams import incremental
from unit_tests.builders import (
    NOW,
    TOKEN,
    URL,
    Json,
    SearchServer,
    articles_page,
    catalog,
    company,
    config,
    contact,
    conversation,
    error_list,
    example,
    me,
    scroll_page,
    ticket,
    whole_conversation,
)

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

FULL, INCREMENTAL = SyncMode.full_refresh, SyncMode.incremental

# Stream: modes, cursor field, primary key.
CATALOGUE: dict[str, tuple[list[SyncMode], list[str], list[list[str]]]] = {
    "contacts": ([FULL, INCREMENTAL], ["updated_at"], [["id"]]),
    "conversations": ([FULL, INCREMENTAL], ["updated_at"], [["id"]]),
    "conversation_parts": ([FULL, INCREMENTAL], ["conversation_updated_at"], [["id"]]),
    "tickets": ([FULL, INCREMENTAL], ["updated_at"], [["id"]]),
    "companies": ([FULL], [], [["id"]]),
    "admins": ([FULL], [], [["id"]]),
    "teams": ([FULL], [], [["id"]]),
    "tags": ([FULL], [], [["id"]]),
    "segments": ([FULL], [], [["id"]]),
    "data_attributes": ([FULL], [], [["model"], ["full_name"]]),
    "articles": ([FULL], [], [["id"]]),
}
SEARCHES = ["contacts", "conversations", "conversation_parts", "tickets"]


class Workspace:
    """A workspace with a little of everything."""

    def __init__(self, mocker: Mocker, size: int = 12, step: int = 500) -> None:
        self.mocker = mocker
        self.times = [NOW - 100 - step * (size - 1 - number) for number in range(size)]
        whole = [whole_conversation(number, at, parts=2) for number, at in enumerate(self.times)]
        self.conversations = {one["id"]: one for one in whole}
        self.contacts = SearchServer("data", [contact(number, at) for number, at in enumerate(self.times)])
        self.found = SearchServer("conversations", [conversation(n, at) for n, at in enumerate(self.times)])
        self.tickets = SearchServer("tickets", [ticket(number, at) for number, at in enumerate(self.times)])
        mocker.get(f"{URL}me", json=me("Europe/London"))
        mocker.post(f"{URL}contacts/search", json=self.contacts)
        mocker.post(f"{URL}conversations/search", json=self.found)
        mocker.post(f"{URL}tickets/search", json=self.tickets)
        for one in whole:
            mocker.get(f"{URL}conversations/{one['id']}", json=one)
        mocker.get(f"{URL}companies/scroll", json=self.scroll)
        mocker.get(f"{URL}articles", json=articles_page(example("articles")["data"], 1, 1, 1))
        for name in ("admins", "teams", "tags", "segments", "data_attributes"):
            mocker.get(f"{URL}{name}", json=example(name))

    def scroll(self, request: "Request", answer: "Context") -> Json:
        """One page of companies and the end."""
        return scroll_page(*([] if "scroll_param" in request.qs else [company(1), company(2)]))


@pytest.fixture
def workspace(requests_mock: Mocker, now: object) -> Workspace:
    return Workspace(requests_mock)


def sync(
    *names: str,
    mode: SyncMode = FULL,
    state: list[AirbyteStateMessage] | None = None,
    fails: bool = False,
    **changes: Any,
) -> EntrypointOutput:
    """One sync, in this process."""
    outcome = ExpectedOutcome.EXPECT_EXCEPTION if fails else ExpectedOutcome.EXPECT_SUCCESS
    output = run_read(SourceIntercom(), config(**changes), catalog(*names, mode=mode), state, expected_outcome=outcome)
    assert bool(output.errors) == fails, output.get_formatted_error_message()
    return output


def records(output: EntrypointOutput, stream: str) -> list[Json]:
    found = [message.record for message in output.records if message.record]
    return [dict(record.data) for record in found if record.stream == stream]


def logs(output: EntrypointOutput) -> list[str]:
    return [message.log.message for message in output.logs if message.log]


def states(output: EntrypointOutput, stream: str) -> list[Json]:
    return [state for _, name, state in positions(output) if name == stream]


def positions(output: EntrypointOutput) -> Iterator[tuple[int, str, Json]]:
    """Where state messages stand among all messages, with their streams and states."""
    for index, message in enumerate(output.get_message_iterator()):
        if message.type == Type.STATE and message.state and message.state.stream:
            state = message.state.stream
            yield index, state.stream_descriptor.name, json.loads(json.dumps(state.stream_state.__dict__))


def told(output: EntrypointOutput, stream: str) -> list[tuple[str, FailureType | None]]:
    """The errors of a stream."""
    errors = [message.trace.error for message in output.errors if message.trace and message.trace.error]
    return [
        (one.message, one.failure_type)
        for one in errors
        if one.stream_descriptor and one.stream_descriptor.name == stream
    ]


# Discover


@pytest.fixture(scope="module")
def discovered() -> dict[str, Any]:
    streams = SourceIntercom().discover(logging.getLogger("airbyte"), config()).streams
    return {stream.name: stream for stream in streams}


def test_eleven_streams_are_discovered(discovered: dict[str, Any]) -> None:
    assert list(discovered) == list(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_stream_is_discovered_with_its_modes_cursor_and_key(name: str, discovered: dict[str, Any]) -> None:
    modes, cursor_field, key = CATALOGUE[name]
    stream = discovered[name]
    assert stream.supported_sync_modes == modes
    assert (stream.default_cursor_field or []) == cursor_field
    assert bool(stream.source_defined_cursor) == bool(cursor_field)
    assert stream.source_defined_primary_key == key
    assert stream.namespace is None


def test_discover_asks_intercom_nothing(requests_mock: Mocker) -> None:
    SourceIntercom().discover(logging.getLogger("airbyte"), config())
    assert requests_mock.call_count == 0


# Records


def test_all_streams_are_read_and_every_record_is_valid(workspace: Workspace, discovered: dict[str, Any]) -> None:
    output = sync(*CATALOGUE)
    assert {name: len(records(output, name)) for name in CATALOGUE} == {
        "contacts": 12,
        "conversations": 12,
        "conversation_parts": 24,
        "tickets": 12,
        "companies": 2,
        "admins": 1,
        "teams": 0,
        "tags": 1,
        "segments": 2,
        "data_attributes": len(example("data_attributes")["data"]),
        "articles": 1,
    }
    for name, stream in discovered.items():
        validator = Draft7Validator(stream.json_schema)
        for record in records(output, name):
            assert [error.message for error in validator.iter_errors(record)] == [], name


@pytest.mark.parametrize("mode", [FULL, INCREMENTAL])
@pytest.mark.parametrize("workers", [2, 3, 50])
def test_any_number_of_workers_reads_the_same(mode: SyncMode, workers: int, workspace: Workspace) -> None:
    output = sync(*SEARCHES, "companies", "tags", mode=mode, num_workers=workers)
    assert [len(records(output, name)) for name in (*SEARCHES, "companies", "tags")] == [12, 12, 24, 12, 2, 1]


def test_every_request_is_intercoms(workspace: Workspace) -> None:
    sync(*CATALOGUE, region="US")
    asked = workspace.mocker.request_history
    assert {request.hostname for request in asked} == {"api.intercom.io"}
    assert {request.headers["Intercom-Version"] for request in asked} == {"2.16"}
    assert {request.headers["Authorization"] for request in asked} == {f"Bearer {TOKEN}"}


# State


@pytest.mark.parametrize("name", SEARCHES)
def test_incremental_resumes(name: str, workspace: Workspace) -> None:
    state_name = CATALOGUE[name][1][0]
    cursor = workspace.times[-1] - 100
    output = sync(name, mode=INCREMENTAL, state=StateBuilder().with_stream_state(name, {state_name: cursor}).build())
    seconds = {record[state_name] for record in records(output, name)}
    assert seconds == set(workspace.times[-2:])  # the guard interval is ten minutes
    assert states(output, name)[-1] == {state_name: workspace.times[-1]}


@pytest.mark.parametrize("name", SEARCHES)
def test_full_refresh_ignores_state(name: str, workspace: Workspace) -> None:
    state_name = CATALOGUE[name][1][0]
    state = StateBuilder().with_stream_state(name, {state_name: NOW}).build()
    output = sync(name, mode=FULL, state=state)
    assert {record[state_name] for record in records(output, name)} == set(workspace.times)
    assert states(output, name) == [{"__ab_no_cursor_state_message": True}]


def test_each_stream_has_a_state_of_its_own(workspace: Workspace) -> None:
    state = StateBuilder().with_stream_state("tickets", {"updated_at": workspace.times[-1]}).build()
    output = sync("contacts", "tickets", mode=INCREMENTAL, state=state)
    assert len(records(output, "tickets")) == 2
    assert len(records(output, "contacts")) == 12


@pytest.mark.parametrize("name", SEARCHES)
def test_a_second_sync_brings_only_what_is_new(name: str, workspace: Workspace) -> None:
    state_name = CATALOGUE[name][1][0]
    first = sync(name, mode=INCREMENTAL)
    state = StateBuilder().with_stream_state(name, states(first, name)[-1]).build()
    second = sync(name, mode=INCREMENTAL, state=state)
    assert {record[state_name] for record in records(second, name)} == set(workspace.times[-2:])
    assert states(second, name)[-1] == states(first, name)[-1]


@pytest.mark.parametrize("name", SEARCHES)
def test_a_state_comes_after_the_records_it_covers(
    name: str, requests_mock: Mocker, now: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incremental, "WINDOW_RECORDS", 4)
    monkeypatch.setattr("source_intercom.streams.cursors.STATE_INTERVAL", 0.0)
    workspace = Workspace(requests_mock, size=30, step=6 * 3600)
    output = sync(name, mode=INCREMENTAL, num_workers=8, start_date="2024-12-20T00:00:00Z")
    state_name = CATALOGUE[name][1][0]
    sent = list(output.get_message_iterator())
    everything = [message.record.data[state_name] for message in sent if message.record]
    assert len(everything) == len(workspace.times) * (2 if name == "conversation_parts" else 1)
    seconds = []
    for index, _, state in positions(output):
        if state:
            before = [message.record.data[state_name] for message in sent[:index] if message.record]
            assert sorted(one for one in everything if one < state[state_name]) == sorted(
                one for one in before if one < state[state_name]
            )
            seconds.append(state[state_name])
    assert len(seconds) > 1
    assert seconds == sorted(seconds)
    assert seconds[-1] == max(workspace.times)


@pytest.mark.parametrize("name", SEARCHES)
def test_streams_of_a_workspace_without_records_end_with_a_state(name: str, requests_mock: Mocker, now: object) -> None:
    Workspace(requests_mock, size=0)
    output = sync(name, mode=INCREMENTAL)
    assert records(output, name) == []
    assert states(output, name)[-1] == {}


# Failures


def test_missing_permission_is_an_empty_table_and_a_green_sync(workspace: Workspace) -> None:
    refused = workspace.mocker.get(f"{URL}tags", status_code=401, json=error_list("token_unauthorized"))
    output = sync("tags", "teams", "segments", "tickets", fails=True)
    ((message, failure),) = told(output, "tags")
    assert "“Read tags”" in message
    assert failure == FailureType.config_error
    assert refused.call_count == 1
    assert len(records(output, "segments")) == 2
    assert len(records(output, "tickets")) == 12
    assert [status.value for status in output.get_stream_statuses("segments")][-1] == "COMPLETE"
    assert [status.value for status in output.get_stream_statuses("tags")][-1] == "INCOMPLETE"


def test_a_permanent_5xx_keeps_the_state_that_was_reached(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.mocker.get(f"{URL}conversations/7", status_code=500, text="<html>")
    output = sync("conversation_parts", mode=INCREMENTAL, num_workers=2, fails=True)
    ((message, failure),) = told(output, "conversation_parts")
    assert message == "Intercom answered 500 several times in a row; trying again later helps."
    assert failure == FailureType.transient_error
    reached = states(output, "conversation_parts")[-1].get("conversation_updated_at", 0)
    assert reached <= workspace.times[7]
    state = StateBuilder().with_stream_state("conversation_parts", states(output, "conversation_parts")[-1]).build()
    workspace.mocker.get(f"{URL}conversations/7", json=workspace.conversations["7"])
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
    assert "tags: 1 records emitted, 1 requests" in logs(output)


# Report


def test_rows_are_gone_and_nobody_counts(workspace: Workspace) -> None:
    workspace.mocker.get(f"{URL}conversations/3", status_code=404, text="<html>")
    output = sync("tags", "segments", "tickets", "conversation_parts", mode=INCREMENTAL)
    said = logs(output)
    assert "tags: 1 records emitted, 1 requests" in said
    assert "segments: 2 records emitted, 2 requests, 2 met again and not emitted twice" in said
    assert "tickets: 12 expected, 12 records emitted, 1 requests" in said
    (parts,) = [line for line in said if line.startswith("conversation_parts: ")]
    assert "22 records emitted" in parts
    assert "1 skipped as deleted since they were found" in parts
    assert any("0 of them answered 429" in line for line in said)


def test_a_failed_sync_says_what_it_read(workspace: Workspace) -> None:
    workspace.mocker.get(f"{URL}tags", status_code=401, json=error_list("token_revoked"))
    output = sync("tags", "segments", fails=True)
    assert any(line.startswith("segments: 2 records emitted") for line in logs(output))
    assert any(line.startswith("tags: 0 records emitted") for line in logs(output))


# Config


def test_an_older_config_is_moved_and_the_platform_is_told(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    flat = {"access_token": TOKEN, "start_date": "2024-01-01T00:00:00Z"}
    moved = SourceIntercom().configure(flat, "")
    assert moved == config()
    (line,) = capsys.readouterr().out.splitlines()
    control = json.loads(line)["control"]
    assert control["type"] == "CONNECTOR_CONFIG"
    assert control["connectorConfig"]["config"] == config()


def test_todays_config_is_not_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert SourceIntercom().configure(config(), "") == config()
    assert capsys.readouterr().out == ""


def test_an_older_config_is_read(workspace: Workspace) -> None:
    flat = {"access_token": TOKEN, "start_date": "2024-01-01T00:00:00Z", "activity_logs_time_step": 30}
    messages: list[AirbyteMessage] = list(
        SourceIntercom().read(logging.getLogger("airbyte"), flat, catalog("tags"), [])
    )
    assert sum(message.type == Type.RECORD for message in messages) == 1


def test_a_start_date_after_the_records_reads_none(workspace: Workspace) -> None:
    output = sync("tickets", start_date="2025-01-01T12:00:34Z", mode=INCREMENTAL)
    assert len(records(output, "tickets")) == 0


def test_no_message_holds_the_token(workspace: Workspace) -> None:
    workspace.mocker.get(f"{URL}tags", status_code=401, json=error_list("token_revoked"))
    workspace.mocker.get(f"{URL}segments", status_code=400, text="<html>")
    output = sync("tags", "segments", "tickets", fails=True)
    assert not any(TOKEN in str(message) for message in output.get_message_iterator())


def test_a_good_sync_logs_no_error(workspace: Workspace) -> None:
    output = sync("tags")
    assert [message for message in output.logs if message.log and message.log.level in (Level.ERROR, Level.FATAL)] == []
