"""What the DuckDB file holds, and whether that is what it should hold."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import orjson

from integration_tests.comparison import declared_rows
from integration_tests.demo.changes import Gone
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
    """What the rows of a stream should be, by key; times are text, in keys, too."""
    found = declared_rows(sandbox.truth(stream.name), stream.schema, stream.key).values()
    rows = [as_text(row, stream.schema) for row in found]
    return {tuple(row[field] for field in stream.key): row for row in rows}


@dataclass(frozen=True)
class Compared:
    """A stream's rows beside those of the workspace.

    `rows` and `values` have been compared; `left` are rows that belonged to what is gone. `cut` counts, by column, the
    lists of which Intercom says that there is more. `differences` says in a sentence each how rows differ.
    """

    stream: str
    rows: int
    values: int
    left: int
    cut: Counter[str]
    differences: list[str]


def compare(path: Path, stream: Stream, expected: Mapping[Key, Row], gone: Gone) -> Compared:
    """Compare a stream's rows with what they should be: by key, and then in every column.

    Rows that should not be there, but belonged to what is gone, are no difference: nobody tells which ones it had
    (docs/promises.md).
    """
    table = _by_key(path, stream)
    left = {key for key in table.keys() - expected.keys() if _belonged(table[key][0], gone)}
    found = Counter({key: len(rows) for key, rows in table.items() if key not in left})
    rows = [(key, row) for key in found for row in table[key]]
    return Compared(
        stream.name,
        rows=len(rows),
        values=sum(len(row) for _, row in rows),
        left=sum(len(table[key]) for key in left),
        cut=Counter(name for _, row in rows for name, value in row.items() if _is_cut(value)),
        differences=[*_other_keys(stream, found, expected), *_other_values(stream, rows, expected)],
    )


def _by_key(path: Path, stream: Stream) -> dict[Key, list[Row]]:
    table: dict[Key, list[Row]] = {}
    for row in rows_of(path, stream.name):
        table.setdefault(tuple(row[field] for field in stream.key), []).append(row)
    return table


def _belonged(row: Row, gone: Gone) -> bool:
    return any(row.get(field) in ids for field, ids in gone.items())


def _is_cut(value: Any) -> bool:
    return isinstance(value, dict) and bool(value.get("has_more"))


def _other_keys(stream: Stream, found: Counter[Key], expected: Mapping[Key, Row]) -> Iterator[str]:
    wanted = Counter(expected.keys())
    for kind, keys in {"missing": wanted - found, "there but should not be": found - wanted}.items():
        if keys:
            listed = ", ".join(" ".join(map(str, key)) for key in list(keys)[:5])
            yield f"{stream.name}: {keys.total()} rows ({' '.join(stream.key)}) are {kind}: {listed}"


def _other_values(stream: Stream, rows: Sequence[tuple[Key, Row]], expected: Mapping[Key, Row]) -> Iterator[str]:
    others: dict[str, list[str]] = {}
    for key, row in rows:
        for column in row if key in expected else ():
            if row[column] != expected[key].get(column):
                others.setdefault(column, []).append(" ".join(map(str, key)))
    for column, ids in others.items():
        yield f"{stream.name}: {len(ids)} rows have another value of {column}: {', '.join(ids[:5])}"


def parts_that_are_not_served(sandbox: Sandbox) -> Counter[str]:
    """How many of its parts Intercom does not return, of each conversation of which it does not return all.

    Its statistics count one more than there are (API notes 4.2).
    """
    served = Counter(part["conversation_id"] for part in sandbox.truth("conversation_parts"))
    statistics = {row["id"]: row.get("statistics") or {} for row in sandbox.truth("conversations")}
    counted = {each: told["count_conversation_parts"] for each, told in statistics.items() if told}
    return Counter({each: count - 1 for each, count in counted.items()}) - served
