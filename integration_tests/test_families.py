"""Streams of one family: what they cost together, and which of their rows are live when lists have changed."""

from collections import Counter
from typing import Any, Final

import pytest

from integration_tests.comparison import NONE, Key, assert_complete, compare, table, truth
from integration_tests.conftest import Workspaces
from integration_tests.connector import CURSORS, Connector
from integration_tests.messages import Record
from unit_tests.contracts import CONTRACTS, Way, by_way, lineage

FAMILY: Final = [name for name in CONTRACTS if "conversations" in lineage(name) and name not in by_way(Way.OWN)]
OWN: Final = {"conversation_handling_events", "side_conversations"}
"""Those of the family that take requests which the others do not send anyway."""

NOTHING: Final = {"type": "list", "data": [], "total_count": 0, "has_more": False}
LINKS: Final = {**NOTHING, "data": [{"type": "ticket", "id": "1", "category": None}], "total_count": 1}
CHANGES: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("conversations", {"linked_objects": NOTHING, "topics": {}, "ai_agent": None}),
    ("conversations", {"linked_objects": LINKS, "contacts": None, "tags": {"type": "tag.list", "tags": []}}),
    ("conversations", {"teammates": {"type": "admin.list", "admins": [{"type": "admin", "id": "1"}]}}),
    ("conversation_parts", {"attachments": [], "tags": [], "email_message_metadata": None}),
    ("conversation_parts", {"attachments": [{"type": "upload", "name": "a.txt"}] * 2}),
    ("tickets", {"linked_objects": LINKS, "contacts": None}),
    ("ticket_parts", {"attachments": []}),
)
"""Lists that lose entries, and get some."""


def live(stream: str, rows: dict[Key, Record], roots: dict[Key, Record]) -> dict[Key, Record]:
    """The rows that a destination has of the last change of what they belong to, as `docs/promises.md` says it."""
    above = CONTRACTS[stream].parent
    assert above is not None
    field, cursor = above.above or above.field, CURSORS[stream]
    return {key: row for key, row in rows.items() if row[cursor] == roots[(row[field],)]["updated_at"]}


def test_all_of_a_family_costs_no_more_than_the_parts_of_conversations(workspace: Workspaces) -> None:
    sandbox = workspace(conversations=300, parts=900)
    shared = [name for name in FAMILY if name not in OWN]
    for mode in ("full_refresh", "incremental"):
        costs = []
        for names in (["conversation_parts"], shared):
            sandbox.reset_requests()
            run = Connector(sandbox).read(names, mode=mode)
            costs.append(sandbox.requests()["total"])
            assert_complete(sandbox, run, names)
        assert 300 < costs[1] <= 1.02 * costs[0]


def test_a_conversation_is_asked_for_its_handling_events_only_where_it_may_have_some(workspace: Workspaces) -> None:
    sandbox = workspace(conversations=300, parts=900)
    run = Connector(sandbox).read(FAMILY)
    assert_complete(sandbox, run, FAMILY)
    by_path = sandbox.requests()["by_path"]
    assert 0 < by_path["GET /conversations/{id}/handling_events"] < by_path["GET /conversations/{id}"] == 300
    beside = Counter(row["conversation_id"] for row in run.records["side_conversations"])
    assert max(beside.values()) > 50, "more than a page"
    assert by_path["GET /conversations/{id}/side_conversations"] > 300


def test_live_rows_are_those_with_the_last_change_of_what_they_belong_to(workspace: Workspaces) -> None:
    sandbox = workspace(conversations=200, parts=900)
    nested = [name for name in CURSORS if CONTRACTS[name].way is Way.NESTED]
    streams = list(dict.fromkeys(one for name in nested for one in (lineage(name)[-1], name)))
    connector = Connector(sandbox)
    first = connector.read(streams)
    for kind, fields in CHANGES:
        sandbox.mutate("update", object=kind, count=30, fields=fields)
    second = connector.read(streams, first.final_states)
    gone = 0
    for name in nested:
        rows, roots = table(name, first, second), table(lineage(name)[-1], first, second)
        assert compare(live(name, rows, roots), truth(sandbox, name)) == NONE, name
        gone += len(rows) - len(truth(sandbox, name))
    assert gone > 20


@pytest.mark.parametrize("stream", ["part_attachments", "ticket_part_attachments", "conversation_topics"])
def test_a_stream_whose_parents_are_not_selected_is_whole(workspace: Workspaces, stream: str) -> None:
    sandbox = workspace(conversations=100, parts=600)
    run = Connector(sandbox).read([stream])
    assert_complete(sandbox, run, [stream])
    assert {name for name, rows in run.records.items() if rows} == {stream}
    assert run.reports.keys() == {stream}
