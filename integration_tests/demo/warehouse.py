"""What the DuckDB file holds, and whether that is what it should hold."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from integration_tests.demo.connector import Stream


def row_counts(path: Path, streams: Sequence[Stream]) -> dict[str, int]:
    """The number of rows of every stream."""
    with duckdb.connect(path, read_only=True) as database:
        return {stream.name: len(database.table(stream.name)) for stream in streams}


def differences(path: Path, stream: Stream, truth: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """How a stream's rows differ from what they should be, in a sentence per kind of difference.

    Rows are compared by key and, where the stream has it, by `updated_at`.
    """
    with duckdb.connect(path, read_only=True) as database:
        table = database.table(stream.name)
        fields = [*stream.key, *({"updated_at"} & set(table.columns))]
        found = Counter(tuple(map(str, row)) for row in table.select(*fields).fetchall())
    expected = Counter(tuple(str(record.get(field)) for field in fields) for record in truth)
    for kind, rows in {"missing": expected - found, "there but should not be": found - expected}.items():
        if rows:
            listed = ", ".join(" ".join(row) for row in list(rows)[:5])
            yield f"{stream.name}: {rows.total()} rows ({' '.join(fields)}) are {kind}: {listed}"
