import pytest
from airbyte_cdk.test.state_builder import StateBuilder
from requests_mock import Mocker

from source_intercom.read import family
from unit_tests.builders import NOW, discovered
from unit_tests.contracts import STREAMS, TIMED
from unit_tests.syncs import FULL, INCREMENTAL, Workspace, positions, records, states, sync


@pytest.mark.parametrize("name", TIMED)
def test_an_incremental_read_goes_on_at_the_guard_interval_before_its_state(name: str, workspace: Workspace) -> None:
    state_name = TIMED[name]
    cursor = workspace.times[-1] - 100
    state = StateBuilder().with_stream_state(name, {state_name: cursor}).build()
    output = sync(name, mode=INCREMENTAL, state=state, message_lookback_days=0)
    seconds = {record[state_name] for record in records(output, name)}
    assert seconds == set(workspace.times[-2:])  # the guard interval is ten minutes
    assert states(output, name)[-1] == {state_name: workspace.times[-1]}


@pytest.mark.parametrize("name", TIMED)
def test_a_full_refresh_reads_everything_whatever_the_state(name: str, workspace: Workspace) -> None:
    state_name = TIMED[name]
    state = StateBuilder().with_stream_state(name, {state_name: NOW}).build()
    output = sync(name, mode=FULL, state=state)
    assert {record[state_name] for record in records(output, name)} == set(workspace.times)
    assert states(output, name) == [{"__ab_no_cursor_state_message": True}]


def test_no_stream_is_declared_resumable_as_a_full_refresh_begins_again_whatever_state_it_is_given() -> None:
    found = discovered()
    assert {stream.name: stream.is_resumable for stream in found} == dict.fromkeys(STREAMS, False)


def test_each_stream_has_a_state_of_its_own(workspace: Workspace) -> None:
    state = StateBuilder().with_stream_state("tickets", {"updated_at": workspace.times[-1]}).build()
    output = sync("contacts", "tickets", mode=INCREMENTAL, state=state)
    assert len(records(output, "tickets")) == 2
    assert len(records(output, "contacts")) == 12


@pytest.mark.parametrize("name", TIMED)
def test_a_second_sync_brings_only_what_is_new(name: str, workspace: Workspace) -> None:
    state_name = TIMED[name]
    first = sync(name, mode=INCREMENTAL)
    state = StateBuilder().with_stream_state(name, states(first, name)[-1]).build()
    second = sync(name, mode=INCREMENTAL, state=state, message_lookback_days=0)
    assert {record[state_name] for record in records(second, name)} == set(workspace.times[-2:])
    assert states(second, name)[-1] == states(first, name)[-1]


@pytest.mark.parametrize("name", TIMED)
def test_a_state_comes_after_the_records_it_covers(
    name: str, requests_mock: Mocker, now: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "WINDOW_RECORDS", 4)
    monkeypatch.setattr("source_intercom.read.checkpoints.STATE_INTERVAL", 0.0)
    workspace = Workspace(requests_mock, size=30, step=6 * 3600)
    output = sync(name, mode=INCREMENTAL, num_workers=8, start_date="2024-12-20T00:00:00Z")
    state_name = TIMED[name]
    sent = list(output.get_message_iterator())
    everything = [message.record.data[state_name] for message in sent if message.record]
    assert len(everything) == len(workspace.rows[name])
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


@pytest.mark.parametrize("name", TIMED)
def test_streams_of_a_workspace_without_records_end_with_a_state(name: str, requests_mock: Mocker, now: object) -> None:
    Workspace(requests_mock, size=0)
    output = sync(name, mode=INCREMENTAL)
    assert records(output, name) == []
    assert states(output, name)[-1] == {}
