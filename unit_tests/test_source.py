import json
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from airbyte_cdk.models import AirbyteMessage, AirbyteStreamStatus, Level, SyncMode, Type
from jsonschema import Draft7Validator
from requests_mock import Mocker

from source_intercom.api.session import IntercomSession
from source_intercom.source import SourceIntercom
from unit_tests import builders
from unit_tests.builders import TOKEN, URL, catalog, config, error_list
from unit_tests.contracts import CONTRACTS, STREAMS
from unit_tests.syncs import FULL, INCREMENTAL, Workspace, keys_of, logs, records, sync

# Discover


@pytest.fixture(scope="module")
def discovered() -> dict[str, Any]:
    return {stream.name: stream for stream in builders.discovered()}


def test_the_streams_of_the_contracts_are_discovered_and_no_others(discovered: dict[str, Any]) -> None:
    assert list(discovered) == list(STREAMS)


@pytest.mark.parametrize("name", STREAMS)
def test_each_stream_is_discovered_with_its_modes_cursor_and_key(name: str, discovered: dict[str, Any]) -> None:
    contract, stream = CONTRACTS[name], discovered[name]
    assert stream.supported_sync_modes == ([FULL, INCREMENTAL] if contract.cursor else [FULL])
    assert (stream.default_cursor_field or []) == ([contract.cursor] if contract.cursor else [])
    assert bool(stream.source_defined_cursor) == bool(contract.cursor)
    assert stream.source_defined_primary_key == [[field] for field in contract.key]
    assert stream.namespace is None


def test_discover_asks_intercom_for_nothing_but_the_datasets_of_its_figures(requests_mock: Mocker) -> None:
    requests_mock.get(f"{URL}export/reporting_data/get_datasets", json={"type": "list", "data": []})
    SourceIntercom().discover(logging.getLogger("airbyte"), config())
    assert requests_mock.call_count == 1


# Records


def test_all_streams_are_read_and_every_record_is_valid(workspace: Workspace, discovered: dict[str, Any]) -> None:
    output = sync(*STREAMS)
    for name in STREAMS:
        read = records(output, name)
        assert keys_of(name, read) == workspace.keys(name) != set(), name
        assert len(read) == len(workspace.keys(name)), name
    for name, stream in discovered.items():
        validator = Draft7Validator(stream.json_schema)
        for record in records(output, name):
            assert [error.message for error in validator.iter_errors(record)] == [], name


@pytest.mark.parametrize("mode", [FULL, INCREMENTAL])
@pytest.mark.parametrize("workers", [2, 3, 50])
def test_any_number_of_workers_reads_the_same(mode: SyncMode, workers: int, workspace: Workspace) -> None:
    output = sync(*STREAMS, mode=mode, num_workers=workers)
    read = {name: sorted(keys_of(name, records(output, name))) for name in STREAMS}
    assert read == {name: sorted(workspace.keys(name)) for name in STREAMS}
    assert len(output.records) == sum(map(len, read.values()))


def test_every_request_is_intercoms(workspace: Workspace) -> None:
    sync(*STREAMS, region="US")
    asked = workspace.mocker.request_history
    assert {request.hostname for request in asked} == {"api.intercom.io"}
    newer = {f"/{contract.path}": contract.version for contract in CONTRACTS.values() if contract.version}
    for request in asked:
        assert request.headers["Intercom-Version"] == newer.get(request.path, "2.16")
    assert {request.headers["Authorization"] for request in asked} == {f"Bearer {TOKEN}"}


# Report


def test_the_log_says_of_each_stream_what_was_read_and_what_was_skipped(workspace: Workspace) -> None:
    """The symptom without it: rows are gone and nobody counts them."""
    workspace.mocker.get(f"{URL}conversations/3", status_code=404, text="<html>")
    workspace.searches["conversations"].gone.add("3")
    output = sync("tags", "segments", "tickets", "conversation_parts", mode=INCREMENTAL)
    said = logs(output)
    for counted in (
        "tags: 1 record emitted, 1 request",
        "segments: 2 records emitted, 2 requests, 2 met again and not emitted twice",
        "tickets: 12 expected, 12 records emitted, 1 request",
    ):
        (line,) = [line for line in said if line.startswith(f"{counted}; ")]
        assert re.fullmatch(r"complete after [\d.]+ s", line.removeprefix(f"{counted}; "))
    (parts,) = [line for line in said if line.startswith("conversation_parts: ") and "emitted" in line]
    assert "22 records emitted" in parts
    assert "1 skipped as deleted since they were found" in parts
    assert any("0 of them answered 429" in line for line in said)


@pytest.mark.parametrize(
    "command", [lambda: sync("tags"), lambda: SourceIntercom().check(logging.getLogger(), config())]
)
def test_connections_are_closed_when_a_command_ends(
    command: Callable[[], object], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[IntercomSession] = []

    def close(session: IntercomSession) -> None:
        closed.append(session)

    monkeypatch.setattr(IntercomSession, "close", close)
    command()
    assert len(closed) == 1


def test_a_failed_sync_says_what_it_read(workspace: Workspace) -> None:
    workspace.mocker.get(f"{URL}tags", status_code=401, json=error_list("token_revoked"))
    output = sync("tags", "segments", fails=True)
    assert any(line.startswith("segments: 2 records emitted") for line in logs(output))
    (tags,) = [line for line in logs(output) if line.startswith("tags: 0 records emitted, 1 request; ")]
    assert "; failed (config_error) after " in tags


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


def test_short_streams_begin_first(workspace: Workspace) -> None:
    output = sync("conversation_parts", "tags", "tickets", "segments")
    statuses = [message.trace.stream_status for message in output.trace_messages if message.trace]
    started = [one.stream_descriptor.name for one in statuses if one and one.status == AirbyteStreamStatus.STARTED]
    assert started == ["tags", "segments", "conversation_parts", "tickets"]
