"""The JSON schemas accept what the API sends."""

import copy
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from jsonschema import Draft7Validator

from unit_tests.contracts import CONTRACTS
from unit_tests.schemas.contracts import is_id, is_open, load, types
from unit_tests.schemas.records import EXAMPLE_CASES, RECORDS, WIRE_CASES

# Objects with some keys declared and the rest customer- or language-defined.
HALF_OPEN_OBJECTS = {"translated_content"}


def cast_ids(value: Any, schema: dict[str, Any], name: str = "") -> Any:
    """Integer ids as strings, at the places where the schema says string and not number; everything else as it is."""
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {key: cast_ids(item, properties.get(key, {}), key) for key, item in value.items()}
    if isinstance(value, list):
        one = name.removesuffix("s") if name.endswith("_ids") else name
        return [cast_ids(item, schema.get("items", {}), one) for item in value]
    if type(value) is int and is_id(name) and "type" in schema:
        allowed = types(schema)
        if "string" in allowed and not allowed & {"integer", "number"}:
            return str(value)
    return value


def cast(record: Any, schema: dict[str, Any]) -> Any:
    """A record with its integer ids as strings and its times, which may be texts, as seconds."""
    return cast_times(cast_ids(record, schema), schema)


def cast_times(value: Any, schema: dict[str, Any]) -> Any:
    """ISO 8601 texts as seconds, at the places where the schema says that there are times."""
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {key: cast_times(item, properties.get(key, {})) for key, item in value.items()}
    if isinstance(value, list):
        return [cast_times(item, schema.get("items", {})) for item in value]
    if isinstance(value, str) and schema.get("x-time"):
        return int(datetime.fromisoformat(value).timestamp())
    return value


def undeclared(stream: str, value: Any, schema: dict[str, Any], name: str = "", path: str = "$") -> Iterator[str]:
    """Paths of the keys of a record which its schema does not declare, customer-defined objects left aside."""
    if isinstance(value, dict):
        if name in HALF_OPEN_OBJECTS or is_open(stream, name):
            return
        properties = schema.get("properties", {})
        for key, item in value.items():
            if key in properties:
                yield from undeclared(stream, item, properties[key], key, f"{path}.{key}")
            else:
                yield f"{path}.{key}"
    elif isinstance(value, list):
        for item in value:
            yield from undeclared(stream, item, schema.get("items", {}), name, f"{path}[]")


def errors(record: Any, schema: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(schema).iter_errors(record)]


def test_every_stream_has_an_example() -> None:
    assert {stream for stream, records in RECORDS.items() if records} == set(CONTRACTS)


@pytest.mark.parametrize(("stream", "record"), EXAMPLE_CASES + WIRE_CASES)
def test_every_field_of_a_record_is_declared(stream: str, record: Any) -> None:
    assert list(undeclared(stream, record, load(stream))) == []


@pytest.mark.parametrize(("stream", "record"), EXAMPLE_CASES + WIRE_CASES)
def test_record_is_valid_once_its_ids_are_strings_and_its_times_seconds(stream: str, record: Any) -> None:
    schema = load(stream)
    assert errors(cast(record, schema), schema) == []


@pytest.mark.parametrize(("stream", "record"), EXAMPLE_CASES)
def test_record_with_unknown_fields_everywhere_is_valid(stream: str, record: Any) -> None:
    schema = load(stream)

    def grow(value: Any) -> Any:
        if isinstance(value, dict):
            return {**{key: grow(item) for key, item in value.items()}, "brand new": {"id": 1}}
        return [grow(item) for item in value] if isinstance(value, list) else value

    assert errors(cast(grow(record), schema), schema) == []


@pytest.mark.parametrize(("stream", "record"), EXAMPLE_CASES)
def test_record_without_a_required_field_is_invalid(stream: str, record: Any) -> None:
    schema = load(stream)
    good = cast(record, schema)
    for field in schema["required"]:
        lacking = copy.deepcopy(good)
        del lacking[field]
        assert errors(lacking, schema), field
        assert bool(errors({**good, field: None}, schema)) == ("null" not in types(schema["properties"][field])), field


def test_integer_ids_are_cast_where_the_schema_says_string_and_nowhere_else() -> None:
    schema = load("conversations")
    record = {
        "id": 1,
        "updated_at": 2,
        "admin_assignee_id": 0,
        "read": True,
        "statistics": {"last_closed_by_id": 3, "count_reopens": 4},
        "custom_attributes": {"id": 5, "owner_id": 6},
        "monitor_evaluations": [{"monitor_id": 7}],
    }
    assert errors(record, schema)
    assert cast_ids(record, schema) == {
        "id": "1",
        "updated_at": 2,
        "admin_assignee_id": "0",
        "read": True,
        "statistics": {"last_closed_by_id": "3", "count_reopens": 4},
        "custom_attributes": {"id": 5, "owner_id": 6},
        "monitor_evaluations": [{"monitor_id": "7"}],
    }


def test_the_indonesian_content_of_an_article_is_no_id() -> None:
    schema = load("articles")
    content = {"type": "article_translated_content", "id": {"title": "Halo"}}
    record = {"id": "1", "translated_content": content}
    assert cast_ids(record, schema) == record
    assert errors(record, schema) == []
