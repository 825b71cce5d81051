"""A cache for PyAirbyte that loads PostgreSQL with what the connector printed, neither more nor less.

PyAirbyte's own (0.71) reads each batch with pandas, which guesses: whole numbers in columns named `…_at` become
timestamps, so that a load fails, and text made of digits becomes numbers, so that "0042" arrives as "42". Here
PostgreSQL parses the rows itself, by the types of the table. Of rows with the same key the last one is kept.
"""

import gzip
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from airbyte._processors.sql.postgres import PostgresSqlProcessor
from airbyte.caches import PostgresCache
from airbyte.shared.sql_processor import SqlProcessorBase

COPY = r"COPY loaded (line) FROM STDIN WITH (FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01')"
"""Takes lines as they are: JSON contains neither of the two characters."""

WITHOUT_NUL = r"regexp_replace(line, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::json"
"""PostgreSQL's text cannot hold the character NUL."""


class Processor(PostgresSqlProcessor):
    """Loads PyAirbyte's files, which are gzipped lines of JSON."""

    def _write_files_to_new_table(self, files: list[Path], stream_name: str, batch_id: str) -> str:
        name = self._create_table_for_loading(stream_name, batch_id)
        table = self._fully_qualified(name)
        key = ", ".join(map(self._quote_identifier, self.catalog_provider.get_primary_keys(stream_name)))
        with self.get_sql_connection() as connection, closing(connection.connection.cursor()) as cursor:
            cursor.execute("CREATE TEMP TABLE loaded (position BIGSERIAL, line TEXT) ON COMMIT DROP")
            for file in files:
                with gzip.open(file) as lines:
                    cursor.copy_expert(COPY, lines)
            cursor.execute(
                f"INSERT INTO {table} SELECT DISTINCT ON ({key}) record.* "  # noqa: S608 - names from the catalog
                f"FROM loaded, json_populate_record(NULL::{table}, {WITHOUT_NUL}) AS record "
                f"ORDER BY {key}, position DESC"
            )
        return name


class ExactPostgresCache(PostgresCache):
    """PyAirbyte's cache in PostgreSQL, with this way of loading."""

    _sql_processor_class: ClassVar[type[SqlProcessorBase]] = Processor
