"""Columns: each has a value in some row, end to end, and those that a workspace may not have cost nothing else."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from integration_tests.comparison import NONE, compare, table, truth
from integration_tests.conftest import Workspaces
from integration_tests.connector import STREAMS, Connector, discovered
from integration_tests.messages import Run

EMPTY = {
    ("conversation_parts", "admin_assignee_id"): "from API version 2.17 on (API notes 14)",
    ("conversation_parts", "team_assignee_id"): "from API version 2.17 on (API notes 14)",
    ("conversations", "company.notes.notes.author.away_status_reason_id"): "only a single admin has it (API notes 3.6)",
    ("conversations", "teammates.teammates"): "a documented name; Intercom sends `admins` (API notes 4.3)",
    ("side_conversations", "conversation_parts.admin_assignee_id"): "from API version 2.17 on (API notes 14)",
    ("side_conversations", "conversation_parts.team_assignee_id"): "from API version 2.17 on (API notes 14)",
    ("side_conversations", "conversation_parts.event_details"): "messages tell of no events",
    ("side_conversations", "conversation_parts.metadata"): "quick replies are asked of contacts",
    ("ticket_types", "ticket_type_attributes.ticket_type_attributes"): (
        "a documented name; Intercom sends `data` (API notes 3.4)"
    ),
    ("tickets", "ticket_type.ticket_type_attributes.ticket_type_attributes"): (
        "a documented name; Intercom sends `data` (API notes 3.4)"
    ),
}
"""Columns without a value, and why they are declared nevertheless."""

FLAGS = {
    "include_merge_history": ("contacts", "merge_history"),
    "include_monitors": ("conversations", "monitor_evaluations"),
    "include_scorecards": ("conversations", "scorecards"),
}


def declared(schema: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The paths of all fields of a schema; those of a list's items are those of the list."""
    for name, field in schema.get("properties", {}).items():
        yield f"{prefix}{name}"
        yield from declared(field, f"{prefix}{name}.")
        yield from declared(field.get("items", {}), f"{prefix}{name}.")


def filled(value: Any, prefix: str = "") -> Iterator[str]:
    """The paths of all fields that have a value."""
    if isinstance(value, dict):
        for name, one in value.items():
            if one is not None and one != []:
                yield f"{prefix}{name}"
                yield from filled(one, f"{prefix}{name}.")
    elif isinstance(value, list):
        for one in value:
            yield from filled(one, prefix)


@pytest.fixture(scope="module")
def run(connector: Connector) -> Run:
    return connector.read(mode="full_refresh")


@pytest.mark.parametrize("stream", STREAMS)
def test_every_declared_column_has_a_value_or_a_reason(run: Run, stream: str) -> None:
    have = {path for record in run.records[stream] for path in filled(record)}
    empty = [path for path in declared(discovered()[stream]["json_schema"]) if path not in have]
    reasons = [path for of, path in EMPTY if of == stream]
    assert [path for path in empty if not any(f"{path}.".startswith(f"{reason}.") for reason in reasons)] == []
    assert [reason for reason in reasons if reason not in empty] == []


@pytest.mark.parametrize("refusal", ["forbidden", "invalid"])
@pytest.mark.parametrize("flag", FLAGS)
def test_a_column_that_is_refused_stays_empty_and_nothing_else_is_lost(
    workspace: Workspaces, flag: str, refusal: str
) -> None:
    stream, column = FLAGS[flag]
    sandbox = workspace(contacts=300, conversations=300, parts=300, refused_parameter=[flag], parameter_refusal=refusal)
    run = Connector(sandbox).read([stream])
    assert run.exit_code == 0
    expected = {key: {name: row[name] for name in row if name != column} for key, row in truth(sandbox, stream).items()}
    assert compare(table(stream, run), expected) == NONE
    said = [entry["message"] for entry in run.of_type("LOG") if "stay empty" in entry["message"]]
    assert said == [f"{stream}: Intercom refuses {flag}; these columns stay empty in this read: {column}."]


@pytest.mark.parametrize(
    "streams", [["contact_merges"], ["contact_merges", "contacts"], ["contacts", "contact_merges"]]
)
def test_merges_fail_alone_where_their_column_is_refused(workspace: Workspaces, streams: list[str]) -> None:
    sandbox = workspace(contacts=300, refused_parameter=["include_merge_history"])
    run = Connector(sandbox).read(streams)
    assert run.exit_code == 1
    assert {stream: run.statuses[stream][-1] for stream in streams} == {
        stream: "INCOMPLETE" if stream == "contact_merges" else "COMPLETE" for stream in streams
    }
    (failure,) = [failure for failure in run.failures if failure.stream]
    assert (failure.stream, failure.kind) == ("contact_merges", "config_error")
    assert "include_merge_history" in failure.message
    if "contacts" in streams:
        assert table("contacts", run).keys() == truth(sandbox, "contacts").keys()


def test_parts_are_read_without_the_columns_of_their_conversations(workspace: Workspaces) -> None:
    sandbox = workspace(refused_parameter=["include_monitors", "include_scorecards"])
    run = Connector(sandbox).read(["conversation_parts"])
    assert compare(table("conversation_parts", run), truth(sandbox, "conversation_parts")) == NONE
    assert not [entry for entry in run.of_type("LOG") if "stay empty" in entry["message"]]
