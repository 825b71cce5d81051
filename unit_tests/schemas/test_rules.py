"""The JSON schemas keep their rules."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from unit_tests.contracts import CONTRACTS
from unit_tests.schemas.contracts import STREAMS, is_id, is_open, load, types

# The words a schema may use. Anything else ($ref, oneOf, enum, format, …) could turn a record of Intercom away.
ROOT_WORDS = {"$schema", "x-documented-at", "x-primary-key", "required"}
WORDS = {"type", "description", "properties", "additionalProperties", "items", "x-time", "x-text-of", "x-refers-to"}


def nodes(schema: dict[str, Any], name: str = "", path: str = "$") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every subschema: the name of its property (an item has its array's name and []), its path, itself."""
    yield name, path, schema
    for key, child in schema.get("properties", {}).items():
        yield from nodes(child, key, f"{path}.{key}")
    if "items" in schema:
        yield from nodes(schema["items"], f"{name}[]", f"{path}[]")


def test_every_schema_has_a_contract() -> None:
    assert set(CONTRACTS) == set(STREAMS)


@pytest.mark.parametrize("stream", STREAMS)
def test_schema_is_valid_draft_07(stream: str) -> None:
    schema = load(stream)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["type"] == "object"
    assert re.fullmatch(r"One [^.]+\.", schema["description"])
    assert re.fullmatch(r"https://developers\.intercom\.com/docs/references/[\w/.-]+", schema["x-documented-at"])
    Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("stream", STREAMS)
def test_primary_key_is_declared_required_and_never_null(stream: str) -> None:
    schema = load(stream)
    key = schema["x-primary-key"]
    assert key
    assert len(key) == len(set(key))
    assert set(key) <= set(schema["required"])
    for field in key:
        node = schema["properties"][field]
        assert node["type"] == ("integer" if field == "index" or node.get("x-time") else "string"), field


@pytest.mark.parametrize("stream", sorted(CONTRACTS))
def test_primary_key_and_required_fields_are_the_streams_own(stream: str) -> None:
    schema, contract = load(stream), CONTRACTS[stream]
    assert schema["x-primary-key"] == list(contract.key)
    assert schema["required"] == contract.required


@pytest.mark.parametrize("stream", STREAMS)
def test_everything_but_the_key_and_the_ids_of_parents_may_be_null(stream: str) -> None:
    schema = load(stream)
    ids = [field for field in schema["required"] if is_id(field)]
    keys = {"$", *(f"$.{field}" for field in [*schema["x-primary-key"], *ids])}
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
            assert bool(node.get("properties")) == (not is_open(stream, name)), path


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


NO_TIMES = {"exception_date", "available_on", "website_turned_on"}
"""Names that end like those of times."""

TIMES = ("_at", "_since", "_until", "_on", "_date", "_timestamp")


@pytest.mark.parametrize("stream", sorted(CONTRACTS))
def test_times_are_integer_seconds_and_marked(stream: str) -> None:
    schema = load(stream)
    keys = {f"$.{field}" for field in schema["x-primary-key"]}
    for name, path, node in nodes(schema):
        if (
            (name.endswith(TIMES) and name not in NO_TIMES)
            or node.get("x-time")
            or "Unix seconds" in node.get("description", "")
        ):
            assert node.get("x-time") is True, path
            assert types(node) == ({"integer"} if path in keys else {"null", "integer"}), path
            assert "Unix seconds" in node["description"], path


@pytest.mark.parametrize("stream", sorted(CONTRACTS))
def test_what_speaks_of_a_moment_is_marked_as_a_time(stream: str) -> None:
    # `custom_until_time` is text in Intercom's own description, and an ISO 8601 time on the wire.
    for _, path, node in nodes(load(stream)):
        if re.match(r"(When|Since when|Until when) ", node.get("description", "")) and types(node) & {"integer"}:
            assert node.get("x-time") is True, path


def test_all_that_measures_time_without_a_mark_is_a_span() -> None:
    unmarked = {
        name
        for stream in CONTRACTS
        for name, _, node in nodes(load(stream))
        if "time" in name and "integer" in types(node) and not node.get("x-time")
    }
    assert unmarked == {
        "adjusted_handling_time",
        "execution_time_ms",
        "first_reply_time",
        "handling_time",
        "median_time_to_reply",
        "next_reply_time",
        "resolution_time",
        "response_time",
        "time_to_admin_reply",
        "time_to_assignment",
        "time_to_close",
        "time_to_first_close",
        "time_to_last_close",
    }


@pytest.mark.parametrize("stream", sorted(CONTRACTS))
def test_texts_that_may_come_in_an_object_are_the_avatars(stream: str) -> None:
    for name, path, node in nodes(load(stream)):
        assert node.get("x-text-of") == ("image_url" if name == "avatar" else None), path
        if name == "avatar":
            assert types(node) == {"null", "string"}, path


# References: `x-refers-to` of an id lists the streams whose rows it names. It is empty where no stream reads what the
# id names, and where the row itself is meant.


def unexplained(schema: dict[str, Any]) -> list[str]:
    """The ids that do not say what they refer to; a key of one field need not, since it names the row itself."""
    return [
        path
        for name, path, node in nodes(schema)
        if is_id(name) or name.endswith("_ids")
        if "x-refers-to" not in node and [path.removeprefix("$.")] != schema["x-primary-key"]
    ]


def references(stream: str) -> Iterator[tuple[str, str, list[str]]]:
    for name, path, node in nodes(load(stream)):
        if "x-refers-to" in node:
            yield name, path, node["x-refers-to"]


@pytest.mark.parametrize("stream", STREAMS)
def test_every_id_says_what_it_refers_to(stream: str) -> None:
    assert unexplained(load(stream)) == []


def test_an_id_that_does_not_say_it_is_found() -> None:
    parents = {"parent_ids": {"items": {}}, "b": {"items": {"properties": {"id": {"x-refers-to": []}, "tag_id": {}}}}}
    fields = {"id": {}, "a_id": {"x-refers-to": ["tags"]}, **parents}
    assert unexplained({"x-primary-key": ["id"], "properties": fields}) == ["$.parent_ids", "$.b[].tag_id"]
    assert unexplained({"x-primary-key": ["a_id", "id"], "properties": {"id": {}}}) == ["$.id"]


@pytest.mark.parametrize("stream", STREAMS)
def test_only_ids_refer_and_only_to_streams_with_one_id(stream: str) -> None:
    for name, path, targets in references(stream):
        assert is_id(name) or name.endswith("_ids"), path
        assert len(targets) == len(set(targets)), path
        for target in targets:
            assert target in STREAMS, path
            assert load(target)["x-primary-key"] == ["id"], path


@pytest.mark.parametrize("stream", STREAMS)
def test_a_type_beside_an_id_says_which_of_several_streams_it_refers_to(stream: str) -> None:
    paths = {path for _, path, _ in nodes(load(stream))}
    for name, path, targets in references(stream):
        assert len(targets) < 2 or f"{path.removesuffix(name)}type" in paths, path


def test_conversations_leave_their_parts_to_conversation_parts() -> None:
    assert "conversation_parts" not in load("conversations")["properties"]
