"""No record contradicts the schema of discover, whatever Intercom sends."""

import logging
import re
from collections.abc import Iterator
from functools import cache
from math import inf, nan
from typing import Any

import pytest
from airbyte_cdk.sources.utils.casing import camel_to_snake

from source_intercom import report
from source_intercom.source import SourceIntercom
from source_intercom.streams import STREAMS
from source_intercom.streams.base import IntercomStream
from unit_tests import builders
from unit_tests.schemas.contracts import types
from unit_tests.schemas.strict import Strict

NAMES = sorted(camel_to_snake(kind.__name__) for kind in STREAMS)
ISO = "2025-06-25T10:57:57Z"
WRONG: dict[str, list[Any]] = {
    "integer": ["5", "5.0", "five", "", ISO, 5.0, 5.5, 2**63, -(2**64), True, inf, nan, {}, {"a": 1}, [], [1]],
    "number": ["5", "5.5", "five", "1e999", True, inf, -inf, nan, 2**64, {}, [1.5], {"a": 1.5}],
    "string": [5, -5, 5.0, 5.5, 2**70, True, False, inf, nan, {}, [], ["a"], {"image_url": 5}],
    "boolean": ["true", "FALSE", "yes", "", 0, 1, 2, 1.0, {}, [], [True]],
    "object": ["text", "", 5, 5.5, True, [], [{}], [None], 2**70],
    "array": ["text", "", 5, 5.5, True, {}, {"data": []}, [5], ["a"], [True], [{}], [[]], [None, 1.5], [{"id": []}]],
}
NEVER: list[Any] = [0, -1, -62_135_596_800, "0001-01-01T00:00:00Z"]


@cache
def discovered() -> dict[str, Any]:
    streams = SourceIntercom().discover(logging.getLogger("airbyte"), builders.config()).streams
    return {stream.name: stream.json_schema for stream in streams}


def made(name: str) -> IntercomStream:
    shared = builders.context()
    return next(stream for stream in (kind(shared) for kind in STREAMS) if stream.name == name)


def places(node: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every declared place: its path, in which "[]" stands for an item of a list, and its schema."""
    if path:
        yield path, node
    for key, child in node.get("properties", {}).items():
        yield from places(child, (*path, key))
    if "items" in node:
        yield from places(node["items"], (*path, "[]"))


def around(path: tuple[str, ...], value: Any) -> Any:
    """The smallest thing that has the value at this place."""
    for key in reversed(path):
        value = [value] if key == "[]" else {key: value}
    return value


def keyed(schema: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """The row with its required fields, but for those that it has."""
    return {**{name: "1" if "string" in types(schema["properties"][name]) else 1 for name in schema["required"]}, **row}


def wrong_rows(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, node in places(schema):
        times = [*NEVER, 1_750_849_077_000, 1_750_849_077.9] if node.get("x-time") else []
        for kind in types(node) - {"null"}:
            for value in [None, *WRONG[kind], *times]:
                yield keyed(schema, around(path, value))


@pytest.mark.parametrize("name", NAMES)
def test_every_field_may_be_of_every_wrong_type_and_every_record_still_validates(name: str) -> None:
    schema, stream = discovered()[name], made(name)
    validator = Strict(schema)
    rows = list(wrong_rows(schema))
    assert len(rows) > 8 * len(list(places(schema)))
    records = stream.rows.fit([*rows])
    problems = {f"{error.json_path}: {error.message}" for record in records for error in validator.iter_errors(record)}
    assert problems == set()
    skipped = stream.context.reports.count(name, report.KEYLESS)
    assert len(records) + skipped == len(rows)
    never_null = [field for field in schema["required"] if "null" not in types(schema["properties"][field])]
    assert 0 < skipped <= len(never_null) * (1 + len(WRONG["string"]))


@pytest.mark.parametrize("name", NAMES)
def test_what_becomes_null_is_counted_and_each_field_is_named_once(name: str, caplog: pytest.LogCaptureFixture) -> None:
    schema, stream = discovered()[name], made(name)
    secret = {"someone@example.test": [1]}
    fields = [key for key, node in schema["properties"].items() if "object" not in types(node)]
    rows = [keyed(schema, {field: secret}) for field in fields for _ in range(2)]
    stream.rows.fit([*rows])
    assert stream.context.reports.count(name, report.MISFITS) == len(rows)
    said = [record.getMessage() for record in caplog.records if "do not fit" in record.getMessage()]
    assert len(said) == len(fields)
    assert all(any(f"{name}: " in one and f" {field} " in one for one in said) for field in fields)
    assert "someone" not in caplog.text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("row", [None, "text", 5, True, [], {}])
def test_what_is_no_row_is_skipped_counted_and_said(name: str, row: Any, caplog: pytest.LogCaptureFixture) -> None:
    schema, stream = discovered()[name], made(name)
    good = keyed(schema, {})
    assert len(stream.rows.fit([row, good, row])) == 1
    assert stream.context.reports.count(name, report.KEYLESS) == 2
    assert re.search(rf"{name}: skipped rows .* 2 in one answer", caplog.text)
