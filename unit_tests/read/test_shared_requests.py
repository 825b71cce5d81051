"""What a request for one parent brings is asked for once, and is rows of every stream that is made of it."""

import re
from collections import Counter
from typing import Any

import pytest
from airbyte_cdk.models import AirbyteStreamStatus, FailureType
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput

from source_intercom.read import checkpoints, family
from source_intercom.streams.context import StreamContext
from source_intercom.streams.conversations import PartAttachments
from unit_tests.builders import URL, error_list, estimates, messages, read
from unit_tests.read.test_family import last_state, statuses, together
from unit_tests.syncs import INCREMENTAL, Workspace, keys_of, logs, positions, records, told

PARTS = ["conversation_parts", "part_attachments", "part_tags", "part_email_headers"]
CURSOR = "conversation_updated_at"


@pytest.fixture(autouse=True)
def _small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(family, "PARENT_RECORDS", 5)


@pytest.fixture(params=PARTS)
def names(request: pytest.FixtureRequest) -> list[str]:
    """The streams that are made of conversations' parts, each of them as the first, which leads, in turn."""
    return [request.param, *(name for name in PARTS if name != request.param)]


def asked(workspace: Workspace) -> Counter[str]:
    """How often each conversation was asked for."""
    found = (re.fullmatch(r"/conversations/(\w+)", one.path) for one in workspace.mocker.request_history)
    return Counter(one[1] for one in found if one and one[1] != "search")


def conversations_of(output: EntrypointOutput, name: str) -> set[str]:
    """The conversations of which a stream has rows."""
    return {row["conversation_id"] for row in records(output, name)}


def answer(workspace: Workspace, conversation: str, **options: Any) -> None:
    """What is answered about one conversation from now on."""
    workspace.mocker.get(f"{URL}conversations/{conversation}", **options)


def test_each_parent_is_asked_for_once_whichever_stream_leads(names: list[str], workspace: Workspace) -> None:
    output = together(dict.fromkeys(names, INCREMENTAL))
    assert asked(workspace) == Counter(dict.fromkeys(workspace.conversations, 1))
    for name in names:
        assert keys_of(name, records(output, name)) == workspace.keys(name)
        assert len(records(output, name)) == len(workspace.keys(name))


@pytest.mark.parametrize("late", [0, 1, -1])
def test_streams_that_go_on_from_different_states_have_rows_of_what_is_new_to_each(
    late: int, names: list[str], workspace: Workspace
) -> None:
    state = {CURSOR: workspace.times[-3]}
    output = together(dict.fromkeys(names, INCREMENTAL), {names[late]: state})
    assert asked(workspace) == Counter(dict.fromkeys(workspace.conversations, 1))
    new = {str(number) for number, time in enumerate(workspace.times) if time >= state[CURSOR] - 600}
    for name in names:
        expected = new if name == names[late] else set(workspace.conversations)
        assert conversations_of(output, name) == expected
        assert last_state(output, name) == {CURSOR: workspace.times[-1]}


def test_streams_that_all_go_on_ask_only_for_what_is_new(names: list[str], workspace: Workspace) -> None:
    output = together(
        dict.fromkeys(names, INCREMENTAL), {name: {CURSOR: workspace.times[-3 - n]} for n, name in enumerate(names)}
    )
    earliest = workspace.times[-3 - (len(names) - 1)] - 600
    new = {str(number) for number, time in enumerate(workspace.times) if time >= earliest}
    assert asked(workspace) == Counter(dict.fromkeys(new, 1))
    assert conversations_of(output, names[-1]) == new > conversations_of(output, names[0])


def test_a_leader_that_fails_costs_the_others_nothing(names: list[str], workspace: Workspace) -> None:
    """What it alone owes may not be read."""
    answer(workspace, "9999", status_code=401, json=error_list("token_revoked"))
    owed = {names[0]: {CURSOR: workspace.times[0], "owed": {"windows": [], "ids": ["9999"]}}}
    output = together(dict.fromkeys(names, INCREMENTAL), owed, fails=True)
    assert statuses(output, names[0])[-1] == AirbyteStreamStatus.INCOMPLETE
    assert [failure for _, failure in told(output, names[0])] == [FailureType.config_error]
    assert last_state(output, names[0])["owed"]["ids"] == ["9999"]
    for name in names[1:]:
        assert told(output, name) == []
        assert statuses(output, name)[-1] == AirbyteStreamStatus.COMPLETE
        assert keys_of(name, records(output, name)) == workspace.keys(name)
        assert last_state(output, name) == {CURSOR: workspace.times[-1]}


def test_parents_that_may_not_be_read_fail_every_stream_that_is_made_of_them(
    names: list[str], workspace: Workspace
) -> None:
    answer(workspace, "5", status_code=401, json=error_list("token_revoked"))
    output = together(dict.fromkeys(names, INCREMENTAL), fails=True)
    for name in names:
        assert statuses(output, name)[-1] == AirbyteStreamStatus.INCOMPLETE
        assert [failure for _, failure in told(output, name)] == [FailureType.config_error]
        assert last_state(output, name).get(CURSOR, 0) <= workspace.times[5]


@pytest.mark.parametrize("status", [404, 500])
def test_a_parent_that_is_not_delivered_is_owed_by_every_stream(
    status: int, names: list[str], workspace: Workspace
) -> None:
    """404 although the search finds it on."""
    answer(workspace, "5", status_code=status, json=error_list("x"))
    output = together(dict.fromkeys(names, INCREMENTAL), fails=True)
    found = {name: last_state(output, name) for name in names}
    for name in names:
        assert found[name] == {CURSOR: workspace.times[-1], "owed": {"windows": [], "ids": ["5"]}}
        assert [failure for _, failure in told(output, name)] == [FailureType.transient_error]
        assert conversations_of(output, name) == set(workspace.conversations) - {"5"}
    answer(workspace, "5", json=workspace.conversations["5"])
    again = together(dict.fromkeys(names, INCREMENTAL), found)
    for name in names:
        assert "5" in conversations_of(again, name)
        assert last_state(again, name) == {CURSOR: workspace.times[-1]}


def test_a_parent_that_is_gone_is_skipped_and_counted_by_every_stream(names: list[str], workspace: Workspace) -> None:
    answer(workspace, "5", status_code=404, json=error_list("not_found"))
    workspace.searches["conversations"].gone.add("5")
    output = together(dict.fromkeys(names, INCREMENTAL))
    for name in names:
        assert conversations_of(output, name) == set(workspace.conversations) - {"5"}
        assert last_state(output, name) == {CURSOR: workspace.times[-1]}
        *_, line = (line for line in logs(output) if line.startswith(f"{name}: "))
        assert "1 skipped as deleted since they were found" in line


def test_a_stream_that_is_not_selected_stands_in_and_nothing_is_told_of_it(workspace: Workspace) -> None:
    counted = workspace.conversations["5"]
    counted["statistics"]["count_conversation_parts"] += 3
    output = together({"part_attachments": INCREMENTAL})
    assert keys_of("part_attachments", records(output, "part_attachments")) == workspace.keys("part_attachments")
    assert {message.record.stream for message in output.records if message.record} == {"part_attachments"}
    assert [line for line in logs(output) if "conversation_parts" in line] == []
    assert [name for _, name, _ in positions(output) if name != "part_attachments"] == []
    lines = [line for line in logs(output) if line.startswith("part_attachments: ")]
    assert "part_attachments: conversation 5 has 3 older parts that Intercom does not return." in lines
    assert "3 parts beyond Intercom's limit of 500 per conversation" in lines[-1]
    assert "expected" not in lines[-1]
    assert "changed conversations" not in lines[-1]


def test_nothing_is_estimated_on_behalf_of_what_the_parts_carry(workspace: Workspace, context: StreamContext) -> None:
    stream = PartAttachments(context)
    assert keys_of(stream.name, read(stream, {})) == workspace.keys(stream.name)
    assert estimates(messages(stream)) == []


def test_states_and_the_end_of_each_stream_come_behind_its_rows(
    names: list[str], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "STATE_INTERVAL", 0)
    output = together(dict.fromkeys(names, INCREMENTAL))
    sent = list(output.get_message_iterator())
    rows = [(message.record.stream, message.record.data) if message.record else None for message in sent]
    for index, name, state in positions(output):
        seen = {row[1]["conversation_id"] for row in rows[:index] if row and row[0] == name}
        second = state.get(CURSOR, 0)
        assert {str(number) for number, time in enumerate(workspace.times) if time < second} <= seen
    for name in names:
        last_row = max(index for index, row in enumerate(rows) if row and row[0] == name)
        last_status = max(
            index
            for index, message in enumerate(sent)
            if message.trace and message.trace.stream_status
            if message.trace.stream_status.stream_descriptor.name == name
        )
        assert last_row < min(last_status, max(index for index, each, _ in positions(output) if each == name))
        assert statuses(output, name)[-1] == AirbyteStreamStatus.COMPLETE
