"""Reads Intercom into PostgreSQL with PyAirbyte: `python intercom_to_postgres.py [stream …]`, or all streams.

Needs PyAirbyte and the connector, as docs/scale.md says. Takes Intercom's token from INTERCOM_TOKEN, the database from
PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE, and its schema from INTERCOM_SCHEMA ("intercom" if there is none).
The last line that it prints is a JSON object: how many rows each table holds now.

Of a read that fails, be it in one stream only, PyAirbyte loads nothing: then each stream is read again by itself. When
some have failed, the others are loaded, the last line on stderr says which have, and the exit code is 1.
"""

import gzip
import json
import os
import sys
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

os.environ.setdefault("AIRBYTE_OFFLINE_MODE", "1")
os.environ.setdefault("DO_NOT_TRACK", "1")

import airbyte
from airbyte._processors.sql.postgres import PostgresSqlProcessor
from airbyte.caches import PostgresCache
from airbyte.shared.sql_processor import SqlProcessorBase
from airbyte.types import CONVERSION_MAP, SQLTypeConverter
from airbyte_protocol.models import SyncMode
from sqlalchemy.types import UserDefinedType

COPY = r"COPY loaded (line) FROM STDIN WITH (FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01')"
"""Takes lines as they are: JSON contains neither of the two characters."""

WITHOUT_NUL = r"regexp_replace(line, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::json"
"""PostgreSQL's text cannot hold the character NUL."""


class Timestamp(UserDefinedType[datetime]):
    """The type of times, whose zone PyAirbyte loses on the way to the table."""

    def get_col_spec(self) -> str:
        """Its name in PostgreSQL."""
        return "TIMESTAMPTZ"


class Types(SQLTypeConverter):
    """PyAirbyte's types of columns, but for times."""

    def __init__(self) -> None:
        super().__init__({**CONVERSION_MAP, "timestamp_with_timezone": Timestamp()})


class Processor(PostgresSqlProcessor):
    """Loads PyAirbyte's files, gzipped lines of JSON, with neither more nor less than the connector printed.

    PyAirbyte (0.71) reads them with pandas, which takes text made of digits for numbers: "0042" arrives as "42", and in
    a column with nulls the id "4567" as "4567.0". Here PostgreSQL parses the rows itself, by the types of the table.
    Of rows with the same key the last one is kept.
    """

    type_converter_class = Types

    def _write_files_to_new_table(self, files: list[Path], stream_name: str, batch_id: str) -> str:
        name = self._create_table_for_loading(stream_name, batch_id)
        table = self._fully_qualified(name)
        key = ", ".join(map(self._quote_identifier, self.catalog_provider.get_primary_keys(stream_name)))
        # Intercom's own figures may have none: all their rows are kept.
        newest, order = (f"DISTINCT ON ({key})", f"{key}, position DESC") if key else ("", "position")
        with self.get_sql_connection() as connection, closing(connection.connection.cursor()) as cursor:
            cursor.execute("CREATE TEMP TABLE loaded (position BIGSERIAL, line TEXT) ON COMMIT DROP")
            for file in files:
                with gzip.open(file) as lines:
                    cursor.copy_expert(COPY, lines)
            cursor.execute(
                f"INSERT INTO {table} SELECT {newest} record.* "  # noqa: S608 - names from the catalog
                f"FROM loaded, json_populate_record(NULL::{table}, {WITHOUT_NUL}) AS record "
                f"ORDER BY {order}"
            )
        return name


class ExactPostgresCache(PostgresCache):
    """PyAirbyte's cache in PostgreSQL, with this way of loading."""

    _sql_processor_class: ClassVar[type[SqlProcessorBase]] = Processor


def read(wanted: list[str]) -> tuple[dict[str, int], list[str]]:
    """Read these streams, or all; how many rows the tables hold of those that were loaded, and which were not.

    What can be read incrementally is read from where the last run ended, and new rows replace older ones of the same
    key; all else is read in full, and the table becomes what was read, so that what was deleted goes.
    """
    rows: dict[str, int] = {}
    failed: list[str] = []
    source = airbyte.get_source(
        "source-intercom",
        local_executable=Path(sys.executable).with_name("source-intercom"),
        config={
            "credentials": {"auth_type": "AccessToken", "access_token": os.environ["INTERCOM_TOKEN"]},
            "start_date": os.environ.get("INTERCOM_START_DATE", "2024-01-01T00:00:00Z"),
        },
    )
    catalog = source.discovered_catalog.streams
    full_only = {stream.name: SyncMode.incremental not in stream.supported_sync_modes for stream in catalog}
    if unknown := set(wanted) - full_only.keys():
        sys.exit(f"There is no stream {', '.join(sorted(unknown))}.")
    with tempfile.TemporaryDirectory() as directory:
        cache = ExactPostgresCache(
            host=os.environ["PGHOST"],
            port=int(os.environ.get("PGPORT", "5432")),
            username=os.environ["PGUSER"],
            password=quote(os.environ["PGPASSWORD"], safe=""),  # PyAirbyte makes a URL of it
            database=os.environ["PGDATABASE"],
            schema_name=os.environ.get("INTERCOM_SCHEMA", "intercom"),
            cache_dir=Path(directory),
        )

        def load(streams: list[str], full: bool) -> None:
            strategy = "replace" if full else "merge"
            result = source.read(cache, streams=streams, write_strategy=strategy, force_full_refresh=full)
            rows.update({stream: len(result[stream]) for stream in streams})

        for full in (True, False):
            together = [stream for stream in wanted or full_only if full_only[stream] is full]
            if not together:
                continue
            try:
                load(together, full)
            except Exception:
                for stream in together:
                    try:
                        load([stream], full)
                    except Exception as error:
                        sys.stderr.write(f"\n{stream}: {error}\n")
                        failed.append(stream)
    return rows, failed


if __name__ == "__main__":
    rows, failed = read(sys.argv[1:])
    sys.stdout.write(json.dumps(rows) + "\n")
    if failed:
        sys.exit(f"\nNot loaded, for the reasons above: {', '.join(failed)}. All other streams are.")
