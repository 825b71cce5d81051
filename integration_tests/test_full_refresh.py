"""Full refreshes: every row of every stream, with its content."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from integration_tests.comparison import NONE, difference, repeated
from integration_tests.conftest import Workspaces
from integration_tests.connector import CURSORS, STREAMS, Connector, discovered, primary_key
from integration_tests.messages import Record, Run
from integration_tests.sandboxes import start
from integration_tests.sizes import every, nothing
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import SEARCHED


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """More of everything than fits on one page."""
    with start(rate_limit=0, **every(260)) as running:
        yield running


@pytest.fixture(scope="module")
def full_refresh(connector: Connector) -> Run:
    return connector.read(mode="full_refresh")


@pytest.mark.parametrize("stream", STREAMS)
def test_every_row_arrives_once_with_its_content(
    sandbox: Sandbox, counts: dict[str, int], full_refresh: Run, stream: str
) -> None:
    assert full_refresh.exit_code == 0
    assert len(full_refresh.records[stream]) == counts[stream] > 0
    assert repeated(stream, full_refresh) == []
    assert difference(sandbox, stream, full_refresh) == NONE


@pytest.mark.parametrize("stream", STREAMS)
def test_records_are_as_their_schema_says(full_refresh: Run, stream: str) -> None:
    schema = discovered()[stream]["json_schema"]
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema)
    errors = [error.message for record in full_refresh.records[stream] for error in validator.iter_errors(record)]
    assert errors == []
    keys = {field: int if schema["properties"][field]["type"] == "integer" else str for field in primary_key(stream)}
    assert {
        field for record in full_refresh.records[stream] for field in keys if type(record[field]) is not keys[field]
    } == set()


def test_every_id_of_every_stream_is_text(full_refresh: Run) -> None:
    assert {stream: ids for stream in STREAMS if (ids := _numeric_ids(stream, full_refresh.records[stream]))} == {}


def test_each_stream_ends_with_a_state_even_without_a_cursor(full_refresh: Run) -> None:
    assert full_refresh.final_states.keys() == set(STREAMS)


def test_an_empty_workspace_gives_no_rows_and_no_errors(workspace: Workspaces) -> None:
    empty = workspace(**nothing())
    connector = Connector(empty)
    first = connector.read()
    assert (first.exit_code, first.failures) == (0, [])
    there = {stream for stream, count in empty.counts().items() if count}
    assert {"admins", "data_attributes"} <= there
    assert there.isdisjoint(SEARCHED)
    assert {stream for stream in STREAMS if first.records[stream]} == there
    assert first.final_states.keys() == set(STREAMS)

    (created,) = empty.mutate("create", object="contacts")
    second = connector.read(CURSORS, first.final_states)
    assert (second.exit_code, second.failures) == (0, [])
    assert [record["id"] for record in second.records["contacts"]] == [created]


def test_changes_while_a_full_refresh_reads_arrive_with_it(workspace: Workspaces) -> None:
    busy = workspace(contacts=700, conversations=400, parts=800, tickets=400)
    busy.schedule(
        [
            {"path": f"^/{kind}/search$", "mutation": {"operation": "update", "object": kind, "count": 9}}
            for kind in SEARCHED
        ]
    )
    run = Connector(busy).read(CURSORS, mode="full_refresh")
    assert run.exit_code == 0
    assert {stream: difference(busy, stream, run) for stream in CURSORS} == dict.fromkeys(CURSORS, NONE)


def _numeric_ids(stream: str, records: list[Record]) -> set[str]:
    """Paths of ids that are numbers although the stream's schema knows them."""
    schema = discovered()[stream]["json_schema"]
    return {path for record in records for path in _number_paths(record, schema, "")}


def _number_paths(value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            if declared := schema.get("properties", {}).get(name):
                yield from _number_paths(each, declared, f"{path}.{name}")
    elif isinstance(value, list):
        for each in value:
            yield from _number_paths(each, schema.get("items", {}), path)
    elif type(value) is int and path.endswith((".id", "_id", "_ids")):
        yield path
