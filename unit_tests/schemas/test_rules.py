"""The JSON schemas keep their rules."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from unit_tests.schemas.contracts import CONTRACTS, OPEN_OBJECTS, STREAMS, is_id, load, types

# The words a schema may use. Anything else ($ref, oneOf, enum, format, …) could turn a record of Intercom away.
ROOT_WORDS = {"$schema", "x-primary-key", "required"}
WORDS = {"type", "description", "properties", "additionalProperties", "items"}


def nodes(schema: dict[str, Any], name: str = "", path: str = "$") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every subschema: the name of its property (an item has its array's name and []), its path, itself."""
    yield name, path, schema
    for key, child in schema.get("properties", {}).items():
        yield from nodes(child, key, f"{path}.{key}")
    if "items" in schema:
        yield from nodes(schema["items"], f"{name}[]", f"{path}[]")


def test_the_streams_have_their_schemas() -> None:
    assert set(CONTRACTS) <= set(STREAMS)


@pytest.mark.parametrize("stream", STREAMS)
def test_schema_is_valid_draft_07(stream: str) -> None:
    schema = load(stream)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["type"] == "object"
    assert schema["description"]
    Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("stream", STREAMS)
def test_primary_key_is_declared_required_and_never_null(stream: str) -> None:
    schema = load(stream)
    key = schema["x-primary-key"]
    assert key
    assert len(key) == len(set(key))
    assert set(key) <= set(schema["required"])
    for field in schema["required"]:
        assert schema["properties"][field]["type"] in ("string", "integer"), field


@pytest.mark.parametrize("stream", sorted(CONTRACTS))
def test_primary_key_and_required_fields_are_the_streams_own(stream: str) -> None:
    schema = load(stream)
    key, others = CONTRACTS[stream]
    assert schema["x-primary-key"] == key
    assert schema["required"] == key + others


@pytest.mark.parametrize("stream", STREAMS)
def test_everything_else_may_be_null(stream: str) -> None:
    schema = load(stream)
    keys = {"$", *(f"$.{field}" for field in schema["required"])}
    assert [path for _, path, node in nodes(schema) if path not in keys and "null" not in types(node)] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_every_object_is_open(stream: str) -> None:
    closed = [
        path
        for _, path, node in nodes(load(stream))
        if ("object" in types(node) or "properties" in node) and node.get("additionalProperties") is not True
    ]
    assert closed == []


@pytest.mark.parametrize("stream", STREAMS)
def test_no_words_that_turn_records_away(stream: str) -> None:
    schema = load(stream)
    found = {path: set(node) - WORDS - (ROOT_WORDS if path == "$" else set()) for _, path, node in nodes(schema)}
    assert {path: words for path, words in found.items() if words} == {}


@pytest.mark.parametrize("stream", STREAMS)
def test_objects_and_arrays_say_what_is_in_them(stream: str) -> None:
    for name, path, node in nodes(load(stream)):
        if "array" in types(node):
            assert "items" in node, path
        if "object" in types(node):
            assert bool(node.get("properties")) == (name not in OPEN_OBJECTS), path


@pytest.mark.parametrize("stream", STREAMS)
def test_every_field_is_described(stream: str) -> None:
    assert [
        path for _, path, node in nodes(load(stream)) if not path.endswith("[]") and not node.get("description")
    ] == []


@pytest.mark.parametrize("stream", STREAMS)
def test_ids_are_strings(stream: str) -> None:
    for name, path, node in nodes(load(stream)):
        if is_id(name):
            assert "string" in types(node), path
            assert not types(node) & {"integer", "number", "boolean", "object"}, path
        elif name.endswith("_ids"):
            assert types(node) == {"null", "array"}, path
            assert types(node["items"]) == {"null", "string"}, path


@pytest.mark.parametrize("stream", sorted(CONTRACTS))
def test_times_are_integer_seconds(stream: str) -> None:
    for name, path, node in nodes(load(stream)):
        if name.endswith("_at") or name in ("waiting_since", "snoozed_until"):
            assert types(node) - {"null"} == {"integer"}, path
            assert "Unix seconds" in node["description"], path


def test_conversations_leave_their_parts_to_conversation_parts() -> None:
    assert "conversation_parts" not in load("conversations")["properties"]
