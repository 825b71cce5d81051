"""Times are timestamps with a time zone, or with the option `time_format` Unix seconds; all else is the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from integration_tests.comparison import NONE, Key, compare, truth
from integration_tests.connector import CURSORS, STREAMS, Connector, configured, discovered, primary_key
from integration_tests.messages import Record, Run
from integration_tests.sandboxes import start
from integration_tests.sizes import every
from integration_tests.times import as_text
from intercom_sandbox.client import Sandbox

AS_TEXT = {"time_format": "date-time"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start(rate_limit=0, **every(60)) as running:
        yield running


@pytest.fixture(scope="module")
def text(connector: Connector) -> Run:
    """A first sync with a config that says nothing of times."""
    config = connector.config()
    del config["time_format"]
    return connector.run("read", config=config, catalog=configured(STREAMS, "incremental"))


@pytest.fixture(scope="module")
def declared(connector: Connector) -> dict[str, dict[str, Any]]:
    (catalog,) = connector.run("discover", config=connector.config(**AS_TEXT)).of_type("CATALOG")
    return {stream["name"]: stream["json_schema"] for stream in catalog["streams"]}


@pytest.mark.parametrize("stream", STREAMS)
def test_rows_are_those_of_the_workspace_with_their_times_as_text(sandbox: Sandbox, text: Run, stream: str) -> None:
    schema = discovered()[stream]["json_schema"]
    expected = [as_text(row, schema) for row in truth(sandbox, stream).values()]
    assert expected
    assert compare(keyed(stream, text.records[stream]), keyed(stream, expected)) == NONE


@pytest.mark.parametrize("stream", STREAMS)
def test_records_are_as_their_schema_says(text: Run, declared: dict[str, dict[str, Any]], stream: str) -> None:
    validator = Draft7Validator(declared[stream])
    assert [error.message for record in text.records[stream] for error in validator.iter_errors(record)] == []
    in_seconds = discovered()[stream]["json_schema"]["properties"]
    for name, node in declared[stream]["properties"].items():
        is_time = node.get("airbyte_type") == "timestamp_with_timezone"
        assert is_time == bool(in_seconds[name].get("x-time")), name


def test_states_are_the_same_in_both(connector: Connector, text: Run) -> None:
    seconds = connector.read()
    assert (text.exit_code, text.failures) == (0, [])
    assert {name: text.final_states[name] for name in CURSORS} == {name: seconds.final_states[name] for name in CURSORS}
    after = connector.read(CURSORS, seconds.final_states, **AS_TEXT)
    assert after.final_states == connector.read(CURSORS, text.final_states).final_states
    assert (after.exit_code, after.failures) == (0, [])


def keyed(stream: str, rows: list[Record]) -> dict[Key, Record]:
    return {tuple(row[field] for field in primary_key(stream)): row for row in rows}
