"""Streams of one family are found in one walk, and each keeps what it promises when it is read alone."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from airbyte_cdk.models import AirbyteStreamStatus, FailureType, SyncMode
from airbyte_cdk.test.catalog_builder import CatalogBuilder, ConfiguredAirbyteStreamBuilder
from airbyte_cdk.test.entrypoint_wrapper import EntrypointOutput
from airbyte_cdk.test.entrypoint_wrapper import read as run_read
from airbyte_cdk.test.models.scenario import ExpectedOutcome
from airbyte_cdk.test.state_builder import StateBuilder

from source_intercom.read import family
from source_intercom.source import SourceIntercom
from unit_tests.builders import URL, Json, config, error_list
from unit_tests.contracts import CONTRACTS, CURSORS, ROOTS, SEARCHED, Way, lineage
from unit_tests.syncs import FULL, INCREMENTAL, Workspace, keys_of, positions, records, states, sync, told

FOUND_TOGETHER = [name for name in CONTRACTS if CONTRACTS[name].way is not Way.OWN]
ALL_FAMILIES = [
    [root, *members] for root in ROOTS if (members := [name for name in FOUND_TOGETHER if root in lineage(name)[1:]])
]
FAMILIES = [names for names in ALL_FAMILIES if names[0] in SEARCHED]
LISTED = [names for names in ALL_FAMILIES if names not in FAMILIES]
"""Those whose root is a list or the scroll: they are read in full."""

CONVERSATIONS = ["conversations", "conversation_parts", "conversation_tags", "part_attachments"]
ASKED_FOR_THEMSELVES = {"conversation_handling_events", "side_conversations"}
"""Those of the conversations that take requests which the others do not send anyway."""


@pytest.fixture(autouse=True)
def _small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(family, "WINDOW_RECORDS", 5)
    monkeypatch.setattr(family, "PARENT_RECORDS", 5)


def together(
    modes: Mapping[str, SyncMode], states: Mapping[str, Json] | None = None, fails: bool = False
) -> EntrypointOutput:
    """One sync of streams in their modes, from their states."""
    builder, state = CatalogBuilder(), StateBuilder()
    for name, mode in modes.items():
        builder.with_stream(ConfiguredAirbyteStreamBuilder().with_name(name).with_sync_mode(mode))
    for name, one in (states or {}).items():
        state.with_stream_state(name, one)
    outcome = ExpectedOutcome.EXPECT_EXCEPTION if fails else ExpectedOutcome.EXPECT_SUCCESS
    return run_read(SourceIntercom(), config(), builder.build(), state.build(), expected_outcome=outcome)


def searches(workspace: Workspace, name: str) -> list[Any]:
    """The requests that found the rows of a stream since the last look; they are forgotten."""
    found = list(workspace.searches[name].bodies)
    workspace.searches[name].bodies.clear()
    return found


def sent(output: EntrypointOutput) -> list[Any]:
    """All messages."""
    return list(output.get_message_iterator())


def last_state(output: EntrypointOutput, name: str) -> Json:
    """The state that a stream ends with."""
    return states(output, name)[-1]


def statuses(output: EntrypointOutput, name: str) -> list[AirbyteStreamStatus]:
    return output.get_stream_statuses(name)


@pytest.mark.parametrize("names", FAMILIES, ids=" ".join)
@pytest.mark.parametrize("mode", [FULL, INCREMENTAL])
def test_a_family_searches_no_more_than_its_root_alone(
    mode: SyncMode, names: list[str], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "WINDOW_RECORDS", family.PARENT_RECORDS)
    root = names[0]
    together({root: mode})
    alone = searches(workspace, root)
    output = together(dict.fromkeys(names, mode))
    assert len(searches(workspace, root)) == len(alone) > 3
    for name in names:
        assert keys_of(name, records(output, name)) == workspace.keys(name)
        assert len(records(output, name)) == len(workspace.keys(name))
        assert statuses(output, name)[-1] == AirbyteStreamStatus.COMPLETE


@pytest.mark.parametrize("mode", [FULL, INCREMENTAL])
def test_all_that_conversations_and_their_parts_carry_costs_no_more_than_the_parts(
    mode: SyncMode, workspace: Workspace
) -> None:
    together({"conversation_parts": mode})
    alone = len(workspace.mocker.request_history)
    workspace.mocker.reset_mock()
    (names,) = (names for names in FAMILIES if names[0] == "conversations")
    output = together({name: mode for name in names if name not in ASKED_FOR_THEMSELVES})
    assert 20 < len(workspace.mocker.request_history) <= 1.02 * alone
    assert all(records(output, name) for name in names if name not in ASKED_FOR_THEMSELVES)


@pytest.mark.parametrize("leader", [0, -1])
@pytest.mark.parametrize("names", LISTED, ids=" ".join)
def test_a_family_of_a_list_asks_for_it_once(names: list[str], leader: int, workspace: Workspace) -> None:
    alone = sync(names[leader])
    asked = Counter(one.url for one in workspace.mocker.request_history)
    workspace.mocker.reset_mock()
    output = together(dict.fromkeys([names[leader], *names], FULL))
    asked_for_all = Counter(one.url for one in workspace.mocker.request_history)
    assert asked <= asked_for_all
    more = asked_for_all - asked
    assert set(more.values()) <= {1}
    assert not [url for url in more if url.partition("?")[0] == f"{URL}{CONTRACTS[names[0]].path}"]
    assert sorted(records(output, names[leader]), key=str) == sorted(records(alone, names[leader]), key=str)
    for name in names:
        assert keys_of(name, records(output, name)) == workspace.keys(name)
        assert len(records(output, name)) == len(workspace.keys(name))
        assert statuses(output, name)[-1] == AirbyteStreamStatus.COMPLETE


@pytest.mark.parametrize("names", FAMILIES, ids=" ".join)
def test_every_member_ends_with_the_state_that_it_has_alone(names: list[str], workspace: Workspace) -> None:
    output = together(dict.fromkeys(names, INCREMENTAL))
    for name in names:
        alone = together({name: INCREMENTAL})
        assert last_state(output, name) == last_state(alone, name) == {CURSORS[name]: workspace.times[-1]}


@pytest.mark.parametrize("names", FAMILIES, ids=" ".join)
@pytest.mark.parametrize("late", [0, 1, -1])
def test_members_that_go_on_from_different_states_get_what_is_new_to_each(
    names: list[str], late: int, workspace: Workspace
) -> None:
    resumed = workspace.times[-3]
    state = {CURSORS[names[late]]: resumed}
    output = together(dict.fromkeys(names, INCREMENTAL), {names[late]: state})
    for name in names:
        if name == names[late]:
            alone = together({name: INCREMENTAL}, {name: state})
            assert keys_of(name, records(output, name)) == keys_of(name, records(alone, name))
            assert len(records(output, name)) < len(workspace.keys(name))
        else:
            assert keys_of(name, records(output, name)) == workspace.keys(name)
        assert last_state(output, name) == {CURSORS[name]: workspace.times[-1]}


@pytest.mark.parametrize("names", FAMILIES, ids=" ".join)
@pytest.mark.parametrize("full", [0, 1, -1])
def test_a_member_that_is_read_in_full_does_not_move_the_states_of_the_others(
    names: list[str], full: int, workspace: Workspace
) -> None:
    output = together({name: FULL if name == names[full] else INCREMENTAL for name in names})
    for name in names:
        assert keys_of(name, records(output, name)) == workspace.keys(name)
        if name != names[full]:
            assert last_state(output, name) == {CURSORS[name]: workspace.times[-1]}
            assert len(records(output, name)) == len(workspace.keys(name))


@pytest.mark.parametrize("leader", CONVERSATIONS)
def test_children_that_may_not_be_read_cost_no_other_member(leader: str, workspace: Workspace) -> None:
    workspace.mocker.get(re.compile(f"{URL}conversations/"), status_code=401, json=error_list("token_revoked"))
    names = [leader, *(name for name in CONVERSATIONS if name != leader)]
    output = together(dict.fromkeys(names, INCREMENTAL), fails=True)
    for name in names:
        if any(CONTRACTS[each].way is Way.CHILD for each in lineage(name)):
            assert statuses(output, name)[-1] == AirbyteStreamStatus.INCOMPLETE
            assert last_state(output, name).get(CURSORS[name], 0) <= workspace.times[0]
        else:
            assert keys_of(name, records(output, name)) == workspace.keys(name)
            assert statuses(output, name)[-1] == AirbyteStreamStatus.COMPLETE


@pytest.mark.parametrize("names", ALL_FAMILIES, ids=" ".join)
def test_a_search_or_a_list_that_fails_fails_every_member_once(names: list[str], workspace: Workspace) -> None:
    root = CONTRACTS[names[0]]
    refused = error_list("forbidden", "Not in this workspace")
    workspace.mocker.register_uri(root.method, f"{URL}{root.path}", status_code=403, json=refused)
    output = together({name: INCREMENTAL if name in CURSORS else FULL for name in names}, fails=True)
    for name in names:
        assert statuses(output, name)[-1] == AirbyteStreamStatus.INCOMPLETE
        assert [failure for _, failure in told(output, name)] == [FailureType.config_error]


def test_what_the_search_does_not_deliver_is_owed_by_every_member(workspace: Workspace) -> None:
    workspace.searches["conversations"].bad = {"5": 404}
    output = together(dict.fromkeys(CONVERSATIONS, INCREMENTAL), fails=True)
    states = {name: last_state(output, name) for name in CONVERSATIONS}
    for name, state in states.items():
        assert state[CURSORS[name]] == workspace.times[-1]
        ((start, end),) = state["owed"]["windows"]
        assert start <= workspace.times[5] < end
    workspace.searches["conversations"].bad = {}
    again = together(dict.fromkeys(CONVERSATIONS, INCREMENTAL), states)
    for name in CONVERSATIONS:
        both = keys_of(name, records(output, name)) | keys_of(name, records(again, name))
        assert both == workspace.keys(name)
        assert last_state(again, name) == {CURSORS[name]: workspace.times[-1]}


@pytest.mark.parametrize("first", CONVERSATIONS)
def test_whichever_member_leads_all_rows_come(first: str, workspace: Workspace) -> None:
    names = [first, *(name for name in CONVERSATIONS if name != first)]
    output = together(dict.fromkeys(names, INCREMENTAL))
    for name in names:
        assert keys_of(name, records(output, name)) == workspace.keys(name)


def test_a_state_comes_after_the_rows_that_it_covers_of_whichever_thread_they_are(workspace: Workspace) -> None:
    names = CONVERSATIONS
    output = together(dict.fromkeys(names, INCREMENTAL))
    rows = [(message.record.stream, message.record.data) if message.record else None for message in sent(output)]
    for index, name, state in positions(output):
        seen = {str(row[1].get("conversation_id") or row[1]["id"]) for row in rows[:index] if row and row[0] == name}
        second = state.get(CURSORS[name], 0)
        assert {str(number) for number, time in enumerate(workspace.times) if time < second} <= seen


def test_nobody_asks_for_columns_of_parents_that_are_not_selected(workspace: Workspace) -> None:
    output = together({"conversation_tags": INCREMENTAL})
    assert records(output, "conversations") == []
    assert keys_of("conversation_tags", records(output, "conversation_tags")) == workspace.keys("conversation_tags")
    asked = [one.query for one in workspace.mocker.request_history if one.path == "/conversations/search"]
    assert asked
    assert not any(asked)
    together({"conversation_tags": INCREMENTAL, "conversations": INCREMENTAL})
    assert "include_monitors=true" in workspace.mocker.request_history[-1].query


def test_what_several_members_owe_is_searched_once_for_all_and_paid_by_all(workspace: Workspace) -> None:
    rows = workspace.rows["conversations"]
    owed = {"windows": [[workspace.times[2], workspace.times[5]]], "ids": []}
    owing = {name: {CURSORS[name]: workspace.times[-1], "owed": owed} for name in CONVERSATIONS}
    together({"conversations": INCREMENTAL}, owing)
    searched = len(searches(workspace, "conversations"))
    output = together(dict.fromkeys(CONVERSATIONS, INCREMENTAL), owing)
    assert len(searches(workspace, "conversations")) == searched
    assert not [name for name in CONVERSATIONS if "owed" in last_state(output, name)]
    for name, field in (("conversations", "id"), ("conversation_parts", "conversation_id")):
        assert {str(row["id"]) for row in rows[2:5]} <= {row[field] for row in records(output, name)}
