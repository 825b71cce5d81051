import json
import logging
from typing import Any

import pytest
from airbyte_cdk.models import AirbyteMessage, Level, SyncMode, Type
from jsonschema import Draft7Validator
from requests_mock import Mocker

from source_intercom.source import SourceIntercom
from source_intercom.workers import Workers
from unit_tests.builders import TOKEN, URL, catalog, config, error_list, example
from unit_tests.syncs import CATALOGUE, FULL, INCREMENTAL, SEARCHES, Workspace, logs, records, sync

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


@pytest.mark.parametrize(("windows", "times"), [((0, 0), 0), ((0, 10), 1)])
def test_there_are_more_workers_once_a_window_ends_unspent(
    windows: tuple[int, int], times: int, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown: list[Workers] = []
    monkeypatch.setattr(Workers, "grow", lambda workers: grown.append(workers))
    limits = [{"Limit": "166", "Remaining": "99", "Reset": f"{4_102_444_806 + window}"} for window in windows]
    headers = [{f"X-RateLimit-{key}": text for key, text in limit.items()} for limit in limits]
    answers = [{"json": example("segments"), "headers": each} for each in headers]
    workspace.mocker.get(f"{URL}segments", answers)
    sync("segments")
    assert len(grown) == times


def test_every_request_is_intercoms(workspace: Workspace) -> None:
    sync(*CATALOGUE, region="US")
    asked = workspace.mocker.request_history
    assert {request.hostname for request in asked} == {"api.intercom.io"}
    assert {request.headers["Intercom-Version"] for request in asked} == {"2.16"}
    assert {request.headers["Authorization"] for request in asked} == {f"Bearer {TOKEN}"}


# Report


def test_rows_are_gone_and_nobody_counts(workspace: Workspace) -> None:
    workspace.mocker.get(f"{URL}conversations/3", status_code=404, text="<html>")
    workspace.found.gone.add("3")
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
