"""With the option `custom_attribute_columns` each custom attribute has a column, beside the object with all of them."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest
from jsonschema import Draft7Validator

from integration_tests.comparison import NONE, compare, truth
from integration_tests.connector import STREAMS, Connector, configured, key_of
from integration_tests.messages import Run
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox

HOLDERS = {
    "contacts": "custom_attributes",
    "companies": "custom_attributes",
    "conversations": "custom_attributes",
    "tickets": "ticket_attributes",
}
KEPT = {
    "contacts": "custom_favourite_colour",
    "companies": "custom_seats_used",
    "conversations": "custom_language",
    "tickets": "custom_amount",
}
"""A column of each stream that many of its rows fill."""

ON = {"custom_attribute_columns": True}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start(rate_limit=0, contacts=60, companies=30, conversations=40, parts=80, tickets=30) as running:
        yield running


@pytest.fixture(scope="module")
def discovered(connector: Connector) -> dict[str, dict[str, Any]]:
    """The streams of the catalog, by name."""
    (catalog,) = connector.run("discover", config=connector.config(**ON)).of_type("CATALOG")
    return {stream["name"]: stream for stream in catalog["streams"]}


@pytest.fixture(scope="module")
def run(connector: Connector, discovered: Mapping[str, Any]) -> Run:
    return connector.run("read", config=connector.config(**ON), catalog=catalog_of(discovered))


def catalog_of(discovered: Mapping[str, Any]) -> dict[str, Any]:
    """The streams that have attributes, configured as they were discovered."""
    catalog: dict[str, Any] = configured(HOLDERS, "incremental")
    for each in catalog["streams"]:
        each["stream"] = discovered[each["stream"]["name"]]
    return catalog


def columns_in(schema: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: node for name, node in schema["properties"].items() if "x-attribute" in node}


def test_discover_declares_a_column_for_each_attribute_of_the_workspace(
    sandbox: Sandbox, discovered: Mapping[str, Any]
) -> None:
    live = list(sandbox.truth("data_attributes"))
    named = {
        stream: {node["x-attribute"][1] for node in columns_in(discovered[stream]["json_schema"]).values()}
        for stream in HOLDERS
    }
    for stream, model in (("contacts", "contact"), ("companies", "company")):
        assert named[stream] == {each["name"] for each in live if each["custom"] and each["model"] == model}
    assert named["conversations"] == {each["name"] for each in sandbox.truth("conversation_attributes")}
    types = [kind["ticket_type_attributes"]["data"] for kind in sandbox.truth("ticket_types")]
    assert named["tickets"] == {each["name"] for attributes in types for each in attributes}
    others = [stream["json_schema"] for name, stream in discovered.items() if name not in HOLDERS]
    assert len(others) > len(STREAMS) - len(HOLDERS)
    assert not any(map(columns_in, others))


def test_columns_are_declared_with_the_types_of_their_attributes(discovered: Mapping[str, Any]) -> None:
    types = {
        name: next(kind for kind in node["type"] if kind != "null")
        for stream in HOLDERS
        for name, node in columns_in(discovered[stream]["json_schema"]).items()
    }
    assert types["custom_favourite_colour"] == "string"
    assert types["custom_last_order"] == "number"
    assert types["custom_trial_ends_at"] == "integer"
    assert types["custom_copilot_used"] == "boolean"
    assert types["custom_qa_notes_count"] == "integer", "although it is archived"
    assert types["custom_orders"] == "object"
    assert types["custom_files"] == "array"
    assert types["custom_grade"] == "string", "two types of tickets have one each, of two types"
    assert max(map(len, types)) <= 63
    alike = [name for name in types if name.startswith(("custom_plan_tier_", "custom_is_vip_", "custom_attributes_"))]
    assert len(alike) == 5, "whose names are too much alike, or another column's"


@pytest.mark.parametrize("stream", HOLDERS)
def test_columns_hold_what_the_object_holds(
    sandbox: Sandbox, run: Run, discovered: Mapping[str, Any], stream: str
) -> None:
    columns = columns_in(discovered[stream]["json_schema"])
    expected = truth(sandbox, stream)
    assert {key_of(stream, row) for row in run.records[stream]} == expected.keys()
    filled = set()
    for row in run.records[stream]:
        held = expected[key_of(stream, row)].get(HOLDERS[stream], {})
        for name, node in columns.items():
            value = held.get(node["x-attribute"][1])
            assert row.get(name) == as_type(value, node), name
            filled |= {name} if name in row else set()
    assert len(filled) >= 3


def test_values_that_do_not_fit_their_column_are_counted(run: Run) -> None:
    assert (run.exit_code, run.failures) == (0, [])
    assert "values that did not fit their column" in run.reports["contacts"]


@pytest.mark.parametrize("stream", HOLDERS)
def test_all_other_columns_are_as_without_the_option(
    sandbox: Sandbox, run: Run, discovered: Mapping[str, Any], stream: str
) -> None:
    columns = columns_in(discovered[stream]["json_schema"])
    others = [{name: value for name, value in row.items() if name not in columns} for row in run.records[stream]]
    assert compare({key_of(stream, row): row for row in others}, truth(sandbox, stream)) == NONE


def test_records_are_as_their_schema_says_with_times_as_text_too(connector: Connector) -> None:
    config = connector.config(**ON, time_format="date-time")
    (catalog,) = connector.run("discover", config=config).of_type("CATALOG")
    found = {stream["name"]: stream for stream in catalog["streams"]}
    done = connector.run("read", config=config, catalog=catalog_of(found))
    assert (done.exit_code, done.failures) == (0, [])
    for stream in HOLDERS:
        validator = Draft7Validator(found[stream]["json_schema"])
        assert [error.message for row in done.records[stream] for error in validator.iter_errors(row)] == []
    ends = [row["custom_trial_ends_at"] for row in done.records["contacts"] if "custom_trial_ends_at" in row]
    assert ends
    assert all(end.endswith("Z") for end in ends)


def test_read_goes_by_the_catalog_and_asks_for_no_attributes(
    sandbox: Sandbox, connector: Connector, discovered: Mapping[str, Any]
) -> None:
    few = orjson.loads(orjson.dumps(catalog_of(discovered)))
    for each in few["streams"]:
        properties = each["stream"]["json_schema"]["properties"]
        for name in columns_in(each["stream"]["json_schema"]).keys() - KEPT.values():
            del properties[name]
    sandbox.reset_requests()
    done = connector.run("read", config=connector.config(**ON), catalog=few)
    assert (done.exit_code, done.failures) == (0, [])
    asked = {entry["path"] for entry in sandbox.log()}
    assert not asked & {"/data_attributes", "/conversations/attributes", "/ticket_types"}
    for name, kept in KEPT.items():
        found = {column for row in done.records[name] for column in row}
        assert found & columns_in(discovered[name]["json_schema"]).keys() == {kept}


def test_discover_fails_where_attributes_cannot_be_read(connector: Connector, sandbox: Sandbox) -> None:
    with start(contacts=1, without_scope=["read_conversation_attributes"]) as lacking:
        own = Connector(lacking)
        run = own.run("discover", config=own.config(**ON))
    assert run.exit_code == 1
    assert run.of_type("CATALOG") == []
    (failure,) = run.failures
    assert failure.kind == "config_error"
    assert "custom attributes conversations have cannot be told" in failure.message


def as_type(value: Any, node: Mapping[str, Any]) -> Any:
    """What a column of that type has of a value: null where it is of another kind."""
    kind = next(each for each in node["type"] if each != "null")
    if value is None:
        return None
    if kind == "string":
        if isinstance(value, bool):
            return str(value).lower()
        return str(value) if isinstance(value, (str, int, float)) else None
    if kind in ("integer", "number"):
        try:
            return float(value) if not isinstance(value, bool) else None
        except (TypeError, ValueError):
            return None
    return value if isinstance(value, {"boolean": bool, "object": dict, "array": list}[kind]) else None
