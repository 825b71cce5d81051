"""The connector's streams, read into DuckDB without PyAirbyte, which runs on no Python newer than 3.12."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import duckdb
import orjson

from integration_tests.column_types import column_type
from integration_tests.demo.connector import printed

TYPES: Final = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
"""The column type of each JSON type; objects and arrays stay JSON."""


class PlainReplication:
    """All streams of the connector, the DuckDB file that holds their rows, and their states."""

    def __init__(self, config: dict[str, Any], database: Path, temporary: Path) -> None:
        (catalog,) = (each["catalog"] for each in printed("discover", config=config) if each["type"] == "CATALOG")
        self._config = config
        self._streams: dict[str, dict[str, Any]] = {stream["name"]: stream for stream in catalog["streams"]}
        self._states: dict[str, Any] = {}
        self._database = database
        self._temporary = temporary

    def sync(self) -> Counter[str]:
        """Read what is new since the last sync; how many rows came of each stream.

        :raises Failure: the connector has failed
        """
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        files = {"config": self._config, "catalog": self._configured(), "state": list(self._states.values())}
        for message in printed("read", **files):
            if message["type"] == "RECORD":
                rows[message["record"]["stream"]].append(message["record"]["data"])
            elif message["type"] == "STATE":
                self._states[message["state"]["stream"]["stream_descriptor"]["name"]] = message["state"]
        with duckdb.connect(self._database) as database:
            for name, stream in self._streams.items():
                self._load(database, stream, rows[name])
        return Counter({name: len(found) for name, found in rows.items()})

    def _configured(self) -> dict[str, Any]:
        return {
            "streams": [
                {
                    "stream": stream,
                    "sync_mode": stream["supported_sync_modes"][-1],
                    "destination_sync_mode": "append_dedup",
                    "cursor_field": stream.get("default_cursor_field", []),
                    "primary_key": stream["source_defined_primary_key"],
                }
                for stream in self._streams.values()
            ]
        }

    def _load(
        self, database: duckdb.DuckDBPyConnection, stream: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]
    ) -> None:
        """Replace rows of the same key; of several in one sync, the last one counts."""
        key = [path[0] for path in stream["source_defined_primary_key"]]
        latest = {tuple(row[field] for field in key): row for row in rows}
        columns = {
            name: column_type(schema, TYPES, "JSON", "TIMESTAMPTZ")
            for name, schema in stream["json_schema"]["properties"].items()
        }
        declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        database.execute(f'CREATE TABLE IF NOT EXISTS "{stream["name"]}" ({declared}, PRIMARY KEY ({", ".join(key)}))')
        file = self._temporary / f"{stream['name']}.jsonl"
        file.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in latest.values()))
        database.execute(
            f'INSERT OR REPLACE INTO "{stream["name"]}" BY NAME FROM read_json($file, columns = $columns)',
            {"file": str(file), "columns": columns},
        )
