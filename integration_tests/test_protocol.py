"""The Airbyte protocol: commands, messages, statuses, and states from which nothing is lost."""

from typing import Any

import pytest

from integration_tests.comparison import NONE, Key, compare, difference, table, truth
from integration_tests.conftest import Workspaces
from integration_tests.connector import (
    COMMAND,
    CURSORS,
    GUARD_SECONDS,
    MAIN,
    START_DATE,
    STREAMS,
    TIMED,
    Connector,
    configured,
    discovered,
    key_of,
)
from integration_tests.messages import Record, Run, State
from intercom_sandbox.client import Sandbox
from unit_tests import contracts
from unit_tests.contracts import REPRESENTATIVES, ROOTS, SEARCHED

FEBRUARY_2026 = 1_770_000_000

RESUMED = [each for each in REPRESENTATIVES if each in CURSORS]


@pytest.fixture(scope="module")
def synced(sandbox: Sandbox) -> Run:
    return Connector(sandbox, COMMAND).read()


def test_a_sync_prints_nothing_but_messages_and_ends_with_exit_code_0(synced: Run) -> None:
    assert synced.exit_code == 0
    assert synced.stderr == b""
    assert {message["type"] for message in synced.messages} == {"RECORD", "STATE", "TRACE", "LOG"}


def test_each_stream_starts_runs_and_completes(synced: Run) -> None:
    assert synced.statuses == {stream: ["STARTED", "RUNNING", "COMPLETE"] for stream in STREAMS}


def test_streams_are_estimated_for_the_progress_bar_and_companies_once_their_scroll_has_ended(synced: Run) -> None:
    read = {stream: len(records) for stream, records in synced.records.items()}
    counted = {*SEARCHED, *(stream for stream in ROOTS if stream not in CURSORS)}
    assert {stream: synced.estimates.get(stream) for stream in counted} == {stream: read[stream] for stream in counted}
    unreachable = 300  # parts of the one conversation that has more than Intercom returns
    assert synced.estimates["conversation_parts"] == pytest.approx(read["conversation_parts"], abs=unreachable)


def test_the_log_says_in_one_line_per_stream_how_much_was_read(synced: Run) -> None:
    assert synced.reports.keys() == set(STREAMS)
    for stream, report in synced.reports.items():
        assert f"{len(synced.records[stream])} records emitted, " in report


def test_states_count_every_record_that_was_printed(synced: Run) -> None:
    counted = dict.fromkeys(STREAMS, 0)
    for state in synced.of_type("STATE"):
        counted[state["stream"]["stream_descriptor"]["name"]] += int(state["sourceStats"]["recordCount"])
    assert counted == {stream: len(synced.records[stream]) for stream in STREAMS}


def test_the_installed_command_and_main_py_answer_alike(sandbox: Sandbox) -> None:
    installed, main = Connector(sandbox, COMMAND), Connector(sandbox, MAIN)
    (spec,) = installed.run("spec").of_type("SPEC")
    assert spec["connectionSpecification"]["required"] == ["credentials", "start_date"]
    assert spec["advanced_auth"]["auth_flow_type"] == "oauth2.0"
    assert main.run("spec").of_type("SPEC") == [spec]
    for each in (installed, main):
        checked = each.check()
        assert (checked.exit_code, checked.status) == (0, ("SUCCEEDED", ""))
    catalogs = [each.run("discover", config=each.config()).of_type("CATALOG") for each in (installed, main)]
    assert catalogs[0] == catalogs[1]
    found = {stream["name"]: stream for stream in catalogs[0][0]["streams"]}
    assert {name: found[name] for name in discovered()} == discovered()
    assert all(name.startswith("report_") for name in found.keys() - discovered().keys())
    assert difference(sandbox, "tags", main.read(["tags"])) == NONE


def test_streams_are_incremental_exactly_where_their_contract_names_a_cursor() -> None:
    modes = {name: stream["supported_sync_modes"] for name, stream in discovered().items()}
    assert modes == {
        stream: ["full_refresh", "incremental"] if stream in contracts.CURSORS else ["full_refresh"]
        for stream in contracts.STREAMS
    }
    assert {name: discovered()[name]["default_cursor_field"] for name in contracts.CURSORS} == {
        name: [cursor] for name, cursor in contracts.CURSORS.items()
    }


def test_wrong_arguments_end_with_exit_code_2(connector: Connector) -> None:
    wrong = connector.run("replicate")
    assert wrong.exit_code == 2
    assert {message["type"] for message in wrong.messages} <= {"LOG"}
    assert b"invalid choice: 'replicate'" in wrong.stderr


def test_a_config_of_the_official_connector_works_and_is_handed_back_in_the_present_shape(sandbox: Sandbox) -> None:
    connector = Connector(sandbox)
    old = {"access_token": sandbox.access_token, "start_date": START_DATE}
    run = connector.run("read", config=old, catalog=configured(["tags"], "full_refresh"))
    assert difference(sandbox, "tags", run) == NONE
    (control,) = run.of_type("CONTROL")
    assert control["connectorConfig"]["config"] == connector.config()


def test_whenever_a_sync_breaks_off_the_next_one_completes_it(workspace: Workspaces) -> None:
    latency = {"search_latency": 0.05, "get_latency": 0.05}
    large = workspace(contacts=7_400, conversations=300, parts=1_500, last_day="2024-03-31", **latency)
    large.mutate("create", object="contacts", count=300, at=FEBRUARY_2026)  # a later window that is done long before
    connector = Connector(large)
    whole = connector.read(RESUMED, num_workers=4)
    expected = {stream: truth(large, stream) for stream in RESUMED}
    assert len(whole.states_of("contacts")) > 1
    assert len({str(state.value) for state in whole.states_of("conversation_parts")}) > 3
    for state in (state for state in whole.states if state.stream in TIMED):
        assert_covers(whole, state, expected[state.stream])

    states_of_parts = whole.states_of("conversation_parts")
    for state in (states_of_parts[0], states_of_parts[-2]):
        printed, states = before(whole, state.position)
        rest = connector.read(RESUMED, states)
        for stream in RESUMED:
            assert compare({**printed[stream], **table(stream, rest)}, expected[stream]) == NONE

    with connector.reading(RESUMED, num_workers=4) as reading:
        while b'"STATE"' not in (line := reading.next_line()) or b"conversation_parts" not in line:
            assert line
        killed = reading.kill()
    assert killed.exit_code < 0
    completed = connector.read(RESUMED, killed.final_states)
    for stream in RESUMED:
        assert difference(large, stream, killed, completed) == NONE


def assert_covers(run: Run, state: State, expected: dict[Key, Record]) -> None:
    """What a sync from a state would not read again has been printed before it."""
    cursor = TIMED[state.stream]
    printed = {key_of(state.stream, record) for record in run.records_before(state)}
    resumes_at = state.value.get(cursor, 0) - GUARD_SECONDS
    assert {key for key, row in expected.items() if row[cursor] < resumes_at} <= printed


def before(run: Run, position: int) -> tuple[dict[str, dict[Key, Record]], dict[str, Any]]:
    """The rows of each stream that were printed before a message, and the states."""
    rows: dict[str, dict[Key, Record]] = {stream: {} for stream in RESUMED}
    for message in run.messages[:position]:
        if message["type"] == "RECORD":
            record = message["record"]
            rows[record["stream"]][key_of(record["stream"], record["data"])] = record["data"]
    return rows, {state.stream: state.value for state in run.states if state.position < position}


@pytest.mark.parametrize("workers", [2, 5])
def test_no_more_requests_are_in_flight_than_there_are_workers(workspace: Workspaces, workers: int) -> None:
    slow = workspace(contacts=1_000, companies=500, conversations=300, search_latency=0.02, get_latency=0.02)
    run = Connector(slow).read(REPRESENTATIVES, num_workers=workers)
    assert run.exit_code == 0
    assert {each: difference(slow, each, run) for each in REPRESENTATIVES} == dict.fromkeys(REPRESENTATIVES, NONE)
    assert slow.requests()["most_in_flight"] == workers


def test_a_small_rate_limit_is_kept_and_nothing_is_lost(workspace: Workspaces) -> None:
    streams = (*SEARCHED, "conversation_parts", "companies", "tags", "articles")
    slow = workspace(conversations=220, rate_limit=100)
    run = Connector(slow).read(streams)
    assert run.exit_code == 0
    assert {stream: difference(slow, stream, run) for stream in streams} == dict.fromkeys(streams, NONE)
    requests = slow.requests()
    assert requests["rate_limited"] < 0.02 * requests["total"]
    assert max(allowed for _, allowed, _ in requests["windows"]) <= 100 < requests["total"]
