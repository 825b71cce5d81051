"""Compares the rows of the connector with what the sandbox holds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integration_tests.connector import discovered, key_of
from integration_tests.messages import Record, Run
from intercom_sandbox.client import Sandbox

Key = tuple[Any, ...]
Path = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """Keys of the rows that only the workspace has, that only the connector has, and whose contents differ."""

    lost: list[Key]
    extra: list[Key]
    stale: list[Key]


NONE = Difference([], [], [])


def table(stream: str, *runs: Run) -> dict[Key, Record]:
    """What a destination holds after syncs that replace rows of the same primary key."""
    return {key_of(stream, record): record for run in runs for record in run.records[stream]}


def difference(sandbox: Sandbox, stream: str, *runs: Run) -> Difference:
    """How what a destination holds after these syncs differs from what the workspace holds now."""
    return compare(table(stream, *runs), truth(sandbox, stream))


def compare(rows: Mapping[Key, Record], expected: Mapping[Key, Record]) -> Difference:
    """How rows differ from those that are expected."""
    return Difference(
        lost=sorted(expected.keys() - rows.keys()),
        extra=sorted(rows.keys() - expected.keys()),
        stale=sorted(key for key in rows.keys() & expected.keys() if rows[key] != expected[key]),
    )


def repeated(stream: str, run: Run) -> list[Key]:
    """The keys that a run printed more than once."""
    counts = Counter(key_of(stream, record) for record in run.records[stream])
    return [key for key, count in counts.items() if count > 1]


def truth(sandbox: Sandbox, stream: str) -> dict[Key, Record]:
    """The workspace's rows by primary key, as records of the stream's schema.

    Their ids are text where the schema says so. A record's own fields are absent where they are null: so the
    protocol's messages are written, and destinations read both as null.
    """
    ids = _text_ids(discovered()[stream]["json_schema"])
    rows = {}
    for row in sandbox.truth(stream):
        for path in ids:
            _make_text(row, path)
        rows[key_of(stream, row)] = {name: value for name, value in row.items() if value is not None}
    return rows


def _text_ids(schema: Mapping[str, Any], path: Path = ()) -> list[Path]:
    """The paths of all fields that are named as ids and declared as text, or as lists of text."""
    paths = []
    for name, declared in schema.get("properties", {}).items():
        items = declared.get("items", {})
        if name == "id" or name.endswith(("_id", "_ids")):
            paths += [(*path, name)] if "string" in [*_types(declared), *_types(items)] else []
        else:
            paths += _text_ids(declared, (*path, name)) + _text_ids(items, (*path, name))
    return paths


def _types(schema: Mapping[str, Any]) -> list[str]:
    declared = schema.get("type", [])
    return [declared] if isinstance(declared, str) else declared


def _make_text(value: Any, path: Path) -> None:
    """Replaces the numbers at a path by their text; lists on the way are entered."""
    if isinstance(value, list):
        for each in value:
            _make_text(each, path)
    elif isinstance(value, dict) and path[0] in value:
        if path[1:]:
            _make_text(value[path[0]], path[1:])
        else:
            value[path[0]] = _text(value[path[0]])


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(each) for each in value]
    return str(value) if type(value) is int else value
