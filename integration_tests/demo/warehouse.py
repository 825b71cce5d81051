"""What the DuckDB file holds, and whether that is what it should hold."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import orjson

from integration_tests.comparison import truth
from integration_tests.demo.connector import Stream
from integration_tests.times import as_text
from intercom_sandbox.client import Sandbox

_AS_PRINTED: Final = {
    "TIMESTAMP": """strftime("{0}", '%Y-%m-%dT%H:%M:%SZ') AS "{0}" """,
    "TIMESTAMP WITH TIME ZONE": """strftime("{0}" AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') AS "{0}" """,
}
"""How the column of a type is selected as the connector has printed it; PyAirbyte's times have no zone, and are UTC."""

Row = dict[str, Any]
Key = tuple[Any, ...]


def row_counts(path: Path, streams: Sequence[Stream]) -> dict[str, int]:
    """The number of rows of every stream."""
    with duckdb.connect(path, read_only=True) as database:
        return {stream.name: len(database.table(stream.name)) for stream in streams}


def rows_of(path: Path, stream: str) -> list[Row]:
    """The rows of a stream by column, JSON as what it stands for; without the columns of whoever loaded them."""
    with duckdb.connect(path, read_only=True) as database:
        table = database.table(stream)
        columns = {
            name: str(kind)
            for name, kind in zip(table.columns, table.types, strict=True)
            if not name.startswith("_airbyte_")
        }
        selected = table.project(
            ", ".join(_AS_PRINTED.get(kind, '"{0}"').format(name) for name, kind in columns.items())
        )
        return [
            {
                name: orjson.loads(value) if kind == "JSON" and value is not None else value
                for (name, kind), value in zip(columns.items(), values, strict=True)
            }
            for values in selected.fetchall()
        ]


def expected_rows(sandbox: Sandbox, stream: Stream) -> Mapping[Key, Row]:
    """What the rows of a stream should be, by key."""
    rows = [as_text(row, stream.schema) for row in truth(sandbox, stream.name).values()]
    return {tuple(row[field] for field in stream.key): row for row in rows}


def differences(path: Path, stream: Stream, expected: Mapping[Key, Row]) -> Iterator[str]:
    """How a stream's rows differ from what they should be, in a sentence per kind of difference.

    Rows are compared by key, and then in every column.
    """
    rows = rows_of(path, stream.name)
    found = Counter(tuple(row[field] for field in stream.key) for row in rows)
    wanted = Counter(expected.keys())
    for kind, keys in {"missing": wanted - found, "there but should not be": found - wanted}.items():
        if keys:
            listed = ", ".join(" ".join(map(str, key)) for key in list(keys)[:5])
            yield f"{stream.name}: {keys.total()} rows ({' '.join(stream.key)}) are {kind}: {listed}"
    others: dict[str, list[str]] = {}
    for row in rows:
        key = tuple(row[field] for field in stream.key)
        for column in row if key in expected else ():
            if row[column] != expected[key].get(column):
                others.setdefault(column, []).append(" ".join(map(str, key)))
    for column, ids in others.items():
        yield f"{stream.name}: {len(ids)} rows have another value of {column}: {', '.join(ids[:5])}"


def cut_lists(path: Path, streams: Sequence[Stream]) -> list[str]:
    """The lists inside rows of which Intercom says that there is more, as `companies of 61 contacts`."""
    cut = Counter(
        (stream.name, column)
        for stream in streams
        for row in rows_of(path, stream.name)
        for column, value in row.items()
        if isinstance(value, dict) and value.get("has_more")
    )
    return [f"{column} of {number:,} {stream}" for (stream, column), number in cut.items()]
