"""Parts of conversations: all that Intercom returns of them, however they change."""

from collections import Counter

import pytest

from integration_tests.comparison import NONE, difference, repeated, table
from integration_tests.conftest import Workspaces
from integration_tests.connector import Connector
from integration_tests.messages import Run
from intercom_sandbox.client import Sandbox

PARTS = ["conversation_parts"]


@pytest.fixture(scope="module")
def first(connector: Connector) -> Run:
    return connector.read(PARTS)


def test_conversations_of_any_length_give_their_parts(sandbox: Sandbox, first: Run) -> None:
    assert difference(sandbox, "conversation_parts", first) == NONE
    assert repeated("conversation_parts", first) == []
    sizes = Counter(part["conversation_id"] for part in first.records["conversation_parts"])
    found = {sizes[conversation["id"]] for conversation in sandbox.truth("conversations")}
    assert {0, 1, 500} <= found


def test_parts_out_of_reach_are_told_with_their_number(sandbox: Sandbox, first: Run) -> None:
    with_statistics = [row for row in sandbox.truth("conversations") if row["statistics"]]
    beyond = {row["id"]: row["statistics"]["count_conversation_parts"] - 1 - 500 for row in with_statistics}
    (longest,) = [conversation for conversation, missing in beyond.items() if missing > 0]
    assert beyond[longest] == 300
    assert [line for line in first.warnings if f"conversation {longest} has 300 older parts" in line]
    assert "300 parts beyond Intercom's limit" in first.reports["conversation_parts"]


def test_each_part_says_which_conversation_it_is_of_and_when_that_changed(sandbox: Sandbox, first: Run) -> None:
    updated = {conversation["id"]: conversation["updated_at"] for conversation in sandbox.truth("conversations")}
    for part in first.records["conversation_parts"]:
        assert part["conversation_updated_at"] == updated[part["conversation_id"]]


def test_a_changed_conversation_gives_all_its_parts_again(workspace: Workspaces) -> None:
    small = workspace(conversations=40, parts=200)
    connector = Connector(small)
    first = connector.read(PARTS)
    (added,) = small.mutate("add_parts", parts=2)
    (edited,) = small.mutate("edit_parts", parts=2)
    (redacted,) = small.mutate("redact_parts", parts=2)
    second = connector.read(PARTS, first.final_states)

    assert difference(small, "conversation_parts", first, second) == NONE
    again = {part["id"] for part in second.records["conversation_parts"]}
    assert {
        part["id"] for part in small.truth("conversation_parts") if part["conversation_id"] in {added, edited, redacted}
    } <= again
    assert any(part.get("redacted") for part in second.records["conversation_parts"])


def test_conversations_deleted_since_they_were_found_are_skipped_and_counted(workspace: Workspaces) -> None:
    small = workspace(conversations=40, parts=200)
    ids = [row["id"] for row in small.truth("conversations")]
    even, odd = (next(each for each in ids if int(each) % 2 == rest) for rest in (0, 1))
    deletion = {"operation": "delete", "ids": [even, odd]}  # answered with JSON, and with a bare page
    small.schedule([{"path": "^/conversations/search$", "mutation": deletion}])
    run = Connector(small).read(PARTS)

    answers = Counter(entry["status"] for entry in small.log() if entry["path"].startswith("/conversations/"))
    assert answers[404] == 2
    assert (run.exit_code, run.failures) == (0, [])
    assert difference(small, "conversation_parts", run) == NONE
    assert "2 skipped as deleted since they were found" in run.reports["conversation_parts"]
    assert table("conversation_parts", run)
