"""Compares the rows of the connector with what the sandbox holds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integration_tests.connector import STREAMS, discovered, key_of, primary_key
from integration_tests.exports import rows_of
from integration_tests.messages import Record, Run
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import EXPORTED

Key = tuple[Any, ...]

YEAR_1 = -62_135_596_800


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


def assert_complete(sandbox: Sandbox, run: Run, streams: Iterable[str] = STREAMS) -> None:
    """A run has brought every row of these streams once, as the workspace has it, and says so."""
    for stream in streams:
        assert repeated(stream, run) == [], stream
        assert difference(sandbox, stream, run) == NONE, stream
        assert run.statuses[stream][-1] == "COMPLETE", stream


def truth(sandbox: Sandbox, stream: str) -> dict[Key, Record]:
    """The workspace's rows by primary key, as records of the stream's schema."""
    rows = rows_of(sandbox, stream) if stream in EXPORTED else sandbox.truth(stream)
    return declared_rows(rows, discovered()[stream]["json_schema"], primary_key(stream))


def declared_rows(rows: Iterable[Record], schema: Mapping[str, Any], key: Sequence[str]) -> dict[Key, Record]:
    """Rows of the workspace by primary key, as records of a stream's schema.

    Their ids are text where the schema says so, times are seconds, and avatars addresses. A record's own fields are
    absent where they are null: so the protocol's messages are written, and destinations read both as null. A field of
    the key that is in an object of the row is that of the row, too.
    """
    declared = {}
    for raw in rows:
        held = {field: raw[field.rpartition("_")[0]]["id"] for field in key if field not in raw}
        row: Record = as_declared({**raw, **held}, schema)
        found = {name: value for name, value in row.items() if value is not None}
        declared[tuple(row[field] for field in key)] = found
    return declared


def as_declared(value: Any, schema: Mapping[str, Any], name: str = "") -> Any:
    """A value of the sandbox as the schema of its place declares it; what is not declared stays as it is."""
    if schema.get("x-time"):
        return _second(value)
    if isinstance(value, dict):
        if (field := schema.get("x-text-of")) is not None:
            return value[field]
        declared = schema.get("properties", {})
        return {key: as_declared(each, declared[key], key) if key in declared else each for key, each in value.items()}
    if isinstance(value, list):
        return [as_declared(each, schema.get("items", {}), name.removesuffix("s")) for each in value]
    is_id = name == "id" or name.endswith("_id")
    return str(value) if is_id and type(value) is int and "string" in schema.get("type", []) else value


def _second(value: Any) -> int | None:
    """A time as the sandbox gives it: a number, text, milliseconds, zero, or the year 1."""
    if isinstance(value, str):
        return int(datetime.fromisoformat(value).timestamp())
    if not value or value == YEAR_1:
        return None
    return int(value) // (1000 if value > 10**10 else 1)
