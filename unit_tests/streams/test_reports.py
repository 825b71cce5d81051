"""Intercom's own figures: streams that are found in the workspace."""

import logging
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
import requests
from airbyte_cdk.models import ConfiguredAirbyteCatalog, FailureType, SyncMode
from airbyte_cdk.test.catalog_builder import CatalogBuilder, ConfiguredAirbyteStreamBuilder
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput
from airbyte_cdk.test.entrypoint_wrapper import read as run_read
from airbyte_cdk.test.models.scenario import ExpectedOutcome
from airbyte_cdk.test.state_builder import StateBuilder
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.source import SourceIntercom
from source_intercom.streams.reports import HISTORY, Report, reports_in_workspace
from unit_tests.builders import NOW, URL, Json, config, context, error_list
from unit_tests.exports import Exporter, gzipped, text_of
from unit_tests.syncs import logs, records, states, told

LISTED = f"{URL}export/reporting_data/get_datasets"
DAY = 86_400
CONVERSATION, STATE = "report_conversation", "report_conversation_state"
COLUMNS = {
    "conversation": (
        *("standard.conversation_id", "timestamp.conversation_started_at"),
        *("people.Brand", "conversation.Brand"),
    ),
    "conversation_state": ("standard.conversation_id", "timestamp.started_at", "duration.time_in_state"),
}
TIMES = {"conversation": "conversation_started_at", "conversation_state": "started_at"}
SECONDS = [NOW - 600 * DAY, NOW - 200 * DAY, NOW - 20 * DAY, NOW - 3600]


def text(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%S")


class Workspace(Exporter):
    """Has conversations of some seconds, and two equal states of each."""

    def __init__(self, mocker: Mocker) -> None:
        self.columns = dict(COLUMNS)
        self.seconds = list(SECONDS)
        self.header: list[str] = []
        self.brand = "A"
        super().__init__(mocker, self._file, ("pending", "complete"))
        mocker.get(LISTED, json=lambda request, answer: {"type": "list", "data": self._datasets()})

    def _datasets(self) -> list[Json]:
        return [
            {
                "id": name,
                "name": name,
                "default_time_attribute_id": TIMES[name],
                "attributes": [{"id": each.partition(".")[2], "qualified_id": each, "name": each} for each in columns],
            }
            for name, columns in self.columns.items()
        ]

    def _file(self, asked: Json) -> bytes:
        wanted = asked["attribute_ids"]
        assert set(wanted) <= set(self.columns[asked["dataset_id"]])
        found = [second for second in self.seconds if asked["start_time"] <= second <= asked["end_time"]]
        rows = []
        for second in found * (2 if asked["dataset_id"] == "conversation_state" else 1):
            values = {"standard.conversation_id": str(second), "people.Brand": self.brand, "conversation.Brand": "B"}
            times = dict.fromkeys(("timestamp.conversation_started_at", "timestamp.started_at"), text(second))
            rows.append([{**values, **times}.get(each, "") for each in wanted])
        return text_of(self.header or [each.partition(".")[2] for each in wanted], rows)


@pytest.fixture
def workspace(requests_mock: Mocker, now: object) -> Workspace:
    return Workspace(requests_mock)


def found() -> dict[str, Any]:
    streams = SourceIntercom().discover(logging.getLogger("airbyte"), config()).streams
    return {stream.name: stream for stream in streams if stream.name.startswith("report_")}


def catalog(*names: str, mode: SyncMode = SyncMode.full_refresh) -> ConfiguredAirbyteCatalog:
    """The catalog of what is discovered now."""
    streams, builder = found(), CatalogBuilder()
    for name in names:
        stream = ConfiguredAirbyteStreamBuilder().with_name(name).with_sync_mode(mode)
        builder.with_stream(stream.with_json_schema(streams[name].json_schema))
    return builder.build()


def sync(catalog: ConfiguredAirbyteCatalog, state: Any = None, fails: bool = False, **options: Any) -> EntrypointOutput:
    outcome = ExpectedOutcome.EXPECT_EXCEPTION if fails else ExpectedOutcome.EXPECT_SUCCESS
    changed = config(**{"start_date": "2020-01-01T00:00:00Z", **options})
    output = run_read(SourceIntercom(), changed, catalog, state, expected_outcome=outcome)
    assert bool(output.errors) == fails, output.get_formatted_error_message()
    return output


# Discover


def test_there_is_a_stream_for_each_dataset_incremental_if_its_rows_have_a_key(workspace: Workspace) -> None:
    streams = found()
    assert list(streams) == [CONVERSATION, STATE]
    keyed, keyless = streams.values()
    assert keyed.source_defined_primary_key == [["standard_conversation_id"]]
    assert keyed.default_cursor_field == ["timestamp_conversation_started_at"]
    assert keyed.supported_sync_modes == [SyncMode.full_refresh, SyncMode.incremental]
    assert not keyless.source_defined_primary_key
    assert keyless.supported_sync_modes == [SyncMode.full_refresh]
    assert list(keyed.json_schema["properties"])[2:] == ["people_brand", "conversation_brand"]


@pytest.mark.parametrize(
    "answer",
    [
        {"status_code": 403, "json": error_list("forbidden")},
        {"status_code": 404, "json": error_list("not_found")},
        {"status_code": 401, "json": error_list("unauthorized")},
        {"exc": requests.exceptions.ConnectTimeout},
    ],
)
def test_discover_has_none_where_the_token_may_not_read_them_or_nobody_answers(
    answer: Json, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.mocker.get(LISTED, **answer)
    assert found() == {}
    assert "No streams report_*, since datasets cannot be listed." in caplog.text


@pytest.mark.parametrize("answer", [{"status_code": 500, "text": ""}, {"json": {"type": "list"}}])
def test_discover_fails_where_an_error_that_passes_would_be_taken_for_no_datasets(
    answer: Json, workspace: Workspace
) -> None:
    workspace.mocker.get(LISTED, **answer)
    with pytest.raises(AirbyteTracedException) as error:
        found()
    assert error.value.failure_type == FailureType.transient_error


# Rows


def test_all_rows_of_two_years_come_once(workspace: Workspace) -> None:
    output = sync(catalog(CONVERSATION))
    rows = records(output, CONVERSATION)
    assert sorted(int(row["standard_conversation_id"]) for row in rows) == SECONDS
    assert {(row["people_brand"], row["conversation_brand"]) for row in rows} == {("A", "B")}
    assert rows[0]["timestamp_conversation_started_at"] == text(int(rows[0]["standard_conversation_id"]))


def test_a_range_is_asked_for_in_windows_within_what_intercom_keeps(workspace: Workspace) -> None:
    sync(catalog(CONVERSATION))
    ranges = sorted((asked["start_time"], asked["end_time"]) for asked in workspace.made)
    assert ranges[0][0] == NOW + 1 - HISTORY * DAY - 1
    assert ranges[-1][1] == NOW + 1
    assert all(end == start + 1 for (_, end), (start, _) in pairwise(ranges))
    assert len(ranges) == 5


def test_a_row_of_the_second_that_two_windows_share_comes_once(workspace: Workspace) -> None:
    sync(catalog(CONVERSATION))
    border = sorted(asked["end_time"] for asked in workspace.made)[0]
    workspace.seconds = [border - 1, border, border + 1]
    output = sync(catalog(CONVERSATION))
    assert sorted(int(row["standard_conversation_id"]) for row in records(output, CONVERSATION)) == workspace.seconds
    assert any("2 met again and not emitted twice" in line for line in logs(output))


def test_equal_rows_without_a_key_stay_two_and_come_from_one_job(workspace: Workspace) -> None:
    output = sync(catalog(STATE))
    assert len(records(output, STATE)) == 2 * len(SECONDS)
    assert len(workspace.made) == 1


def test_attributes_are_asked_for_by_qualified_ids(workspace: Workspace) -> None:
    sync(catalog(STATE))
    assert workspace.made[0]["attribute_ids"] == list(COLUMNS["conversation_state"])
    assert workspace.made[0]["dataset_id"] == "conversation_state"


def test_a_file_may_be_packed_and_begin_with_a_mark(workspace: Workspace) -> None:
    plain = workspace.file
    workspace.file = lambda asked: gzipped(b"\xef\xbb\xbf" + (plain(asked) or b""))
    assert len(records(sync(catalog(STATE)), STATE)) == 2 * len(SECONDS)


def test_columns_in_another_order_are_told_apart_or_left_empty(workspace: Workspace) -> None:
    workspace.header = ["Brand", "Brand", "conversation_started_at", "conversation_id"]
    output = sync(catalog(CONVERSATION))
    assert {row.get("people_brand") for row in records(output, CONVERSATION)} == {None}
    assert any("other columns than were asked for" in line for line in logs(output))


def test_a_page_of_something_else_is_no_figures(workspace: Workspace) -> None:
    workspace.file = lambda asked: b"<html>\n"
    ((message, failure),) = told(sync(catalog(STATE), fails=True), STATE)
    assert "was broken" in message
    assert failure == FailureType.transient_error


# States


def test_each_sync_looks_back_for_corrections(workspace: Workspace) -> None:
    first = sync(catalog(CONVERSATION, mode=SyncMode.incremental))
    reached = states(first, CONVERSATION)[-1]
    assert reached == {"timestamp_conversation_started_at": max(SECONDS)}
    workspace.brand = "corrected"
    asked = len(workspace.made)
    state = StateBuilder().with_stream_state(CONVERSATION, reached).build()
    second = sync(catalog(CONVERSATION, mode=SyncMode.incremental), state)
    assert [each["start_time"] for each in workspace.made[asked:]] == [max(SECONDS) - 30 * DAY - 600 - 1]
    assert {row["people_brand"] for row in records(second, CONVERSATION)} == {"corrected"}
    assert len(records(second, CONVERSATION)) == 2


def test_the_lookback_window_is_added(workspace: Workspace) -> None:
    state = StateBuilder().with_stream_state(CONVERSATION, {"timestamp_conversation_started_at": NOW}).build()
    sync(catalog(CONVERSATION, mode=SyncMode.incremental), state, lookback_window=5)
    assert workspace.made[0]["start_time"] == NOW - 35 * DAY - 600 - 1


def test_times_of_another_zone_lose_no_row(workspace: Workspace) -> None:
    """A row that was written in the workspace's zone seems to be hours older, or younger, than it is."""
    plain = workspace.file
    for hours in (-11, 13):
        workspace.seconds = [NOW - 3600 * hour for hour in range(30)]
        shift = [(text(second).encode(), text(second + hours * 3600).encode()) for second in workspace.seconds]

        def shifted(asked: Json, shift: list[tuple[bytes, bytes]] = shift) -> bytes:
            lines = (plain(asked) or b"").split(b"\r\n")
            return b"\r\n".join(_swapped(line, shift) for line in lines)

        workspace.file = shifted
        output = sync(catalog(CONVERSATION, mode=SyncMode.incremental), start_date="2024-12-31T06:00:00Z")
        assert len(records(output, CONVERSATION)) == 30
        assert states(output, CONVERSATION)[-1]["timestamp_conversation_started_at"] <= NOW


def _swapped(line: bytes, shift: list[tuple[bytes, bytes]]) -> bytes:
    return next((line.replace(old, new) for old, new in shift if old in line), line)


# What changes between discover and read


def test_an_attribute_that_is_gone_is_not_asked_for_and_told_of(workspace: Workspace) -> None:
    chosen = catalog(CONVERSATION)
    workspace.columns["conversation"] = COLUMNS["conversation"][:3]
    output = sync(chosen)
    assert len(records(output, CONVERSATION)) == len(SECONDS)
    assert f"{CONVERSATION}: the dataset has no conversation_brand any more; they stay empty." in logs(output)
    assert any("1 attribute of the dataset that are gone or new" in line for line in logs(output))


def test_an_attribute_that_is_new_waits_for_the_schema(workspace: Workspace) -> None:
    chosen = catalog(CONVERSATION)
    workspace.columns["conversation"] = (*COLUMNS["conversation"], "people.New")
    output = sync(chosen)
    assert len(records(output, CONVERSATION)) == len(SECONDS)
    assert not any("people_new" in row for row in records(output, CONVERSATION))
    assert any("not in the schema of the connection, refresh it: people_new" in line for line in logs(output))


def test_a_dataset_that_is_gone_has_no_rows_and_is_told_of(workspace: Workspace) -> None:
    chosen = catalog(CONVERSATION, STATE)
    del workspace.columns["conversation"]
    output = sync(chosen)
    assert records(output, CONVERSATION) == []
    assert len(records(output, STATE)) == 2 * len(SECONDS)
    assert f"{CONVERSATION}: the workspace has no such dataset any more." in logs(output)


def test_a_permission_that_is_gone_fails_the_streams_and_no_others(workspace: Workspace) -> None:
    chosen = catalog(STATE)
    workspace.mocker.get(LISTED, status_code=403, json=error_list("forbidden"))
    ((message, failure),) = told(sync(chosen, fails=True), STATE)
    assert "lacks the permission “Export reporting data”" in message
    assert failure == FailureType.config_error


def test_a_probe_begins_no_job(workspace: Workspace) -> None:
    stream = Report(context())
    stream.probe()
    assert workspace.made == []
    assert stream.context.reports.count(stream.name, report.REQUESTS) == 1


def test_the_list_is_asked_for_once_however_many_there_are(workspace: Workspace) -> None:
    assert len(reports_in_workspace(context())) == 2
    assert workspace.mocker.call_count == 1
