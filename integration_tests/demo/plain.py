"""The connector's streams, read into DuckDB without PyAirbyte, which runs on no Python newer than 3.12."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import duckdb
import orjson

from integration_tests.column_types import column_type
from integration_tests.demo.attempt import MESSAGES, Attempt, attempt, printed
from integration_tests.demo.connector import Failure, answer, shown
from source_intercom.configuring import configured

TYPES: Final = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
"""The column type of each JSON type; objects and arrays stay JSON."""

DELETED_AT: Final = "_ab_cdc_deleted_at"
"""The column by which rows are deleted, in streams that have it."""


class PlainReplication:
    """All streams of the connector, the DuckDB file that holds their rows, and their states."""

    def __init__(self, config: dict[str, Any], database: Path, temporary: Path) -> None:
        streams = shown(answer("discover", config)["catalog"])
        self._catalog = [configured(stream, full_refresh=False) for stream in streams]
        self._config = config
        self._states: dict[str, Any] = {}
        self._database = database
        self._temporary = temporary

    def read(self, kill_after: int | None = None) -> Attempt:
        """Read what is new since the last read, and load it.

        :param kill_after: end the connector by SIGKILL when it has printed so many rows
        :raises Failure: the connector has failed
        """
        files = {"config": self._config, "catalog": {"streams": self._catalog}, "state": [*self._states.values()]}
        arguments = ["read"]
        for name, content in files.items():
            path = self._temporary / f"{name}.json"
            path.write_bytes(orjson.dumps(content))
            arguments += [f"--{name}", str(path)]
        done = attempt(arguments, self._temporary / MESSAGES, kill_after)
        if done.failure:
            raise Failure(done.failure)
        self._load()
        return done

    def _load(self) -> None:
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        complete = set()
        for message in printed(self._temporary / MESSAGES):
            match message:
                case {"type": "RECORD", "record": record}:
                    rows[record["stream"]].append(record["data"])
                case {"type": "STATE", "state": state}:
                    self._states[state["stream"]["stream_descriptor"]["name"]] = state
                case {"type": "TRACE", "trace": {"stream_status": {"status": "COMPLETE", "stream_descriptor": stream}}}:
                    complete.add(stream["name"])
        with duckdb.connect(self._database) as database:
            for each in self._catalog:
                self._load_table(database, each, rows[each["stream"]["name"]], each["stream"]["name"] in complete)

    def _load_table(
        self,
        database: duckdb.DuckDBPyConnection,
        stream: Mapping[str, Any],
        rows: Iterable[Mapping[str, Any]],
        is_complete: bool,
    ) -> None:
        """As Airbyte's destinations do: a table that is read in full is replaced by each read of it that is complete.

        Else rows replace those of the same key, of several in one read the last one counts, and rows that are marked as
        deleted are.
        """
        name, properties = stream["stream"]["name"], stream["stream"]["json_schema"]["properties"]
        key = [path[0] for path in stream["primary_key"]]
        columns = {field: column_type(schema, TYPES, "JSON", "TIMESTAMPTZ") for field, schema in properties.items()}
        declared = ", ".join(f'"{field}" {kind}' for field, kind in columns.items())
        table = f'TABLE IF NOT EXISTS "{name}"'
        if stream["sync_mode"] == "full_refresh" and is_complete:
            table = f'OR REPLACE TABLE "{name}"'
        database.execute(f"CREATE {table} ({declared}, PRIMARY KEY ({', '.join(key)}))")
        latest = {tuple(row[field] for field in key): row for row in rows}
        file = self._temporary / f"{name}.jsonl"
        file.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in latest.values()))
        database.execute(
            f'INSERT OR REPLACE INTO "{name}" BY NAME FROM read_json($file, columns = $columns)',
            {"file": str(file), "columns": columns},
        )
        if DELETED_AT in columns:
            database.execute(f'DELETE FROM "{name}" WHERE {DELETED_AT} IS NOT NULL')
