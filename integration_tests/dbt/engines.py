"""The engines that the dbt project runs on: how tables get into them as loaders make them, and what is in them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

import duckdb
import orjson
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from integration_tests.column_types import column_type
from integration_tests.messages import Record
from integration_tests.postgres.server import Server

Fields = Mapping[str, Mapping[str, Any]]
"""A stream's fields, as its JSON schema declares them."""


class Engine(Protocol):
    """A database, and the target of `profiles.yml` that leads to it.

    `environment`  the variables by which that target finds the database
    """

    target: str
    environment: Mapping[str, str]

    def load(self, stream: str, fields: Fields, rows: Iterable[Record], time_type: str) -> None:
        """Make these rows the whole table of a stream; times that are text get columns of this type."""

    def rows(self, query: str) -> list[Record]:
        """What a query gives where the streams' tables are."""


class DuckDB:
    """A file of DuckDB's below a directory."""

    target = "duckdb"
    types: Final = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._path = directory / "intercom.duckdb"
        self.environment: Mapping[str, str] = {"DBT_DUCKDB_PATH": str(self._path)}

    def load(self, stream: str, fields: Fields, rows: Iterable[Record], time_type: str) -> None:
        """The table is made anew."""
        types = {name: column_type(declared, self.types, "JSON", time_type) for name, declared in fields.items()}
        read = {name: "VARCHAR" if kind == time_type else kind for name, kind in types.items()}
        columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        file = self._directory / f"{stream}.jsonl"
        file.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))
        with duckdb.connect(self._path) as database:
            database.execute(f'CREATE OR REPLACE TABLE "{stream}" ({columns})')
            insert = f'INSERT INTO "{stream}" BY NAME FROM read_json($file, columns = $columns)'
            database.execute(insert, {"file": str(file), "columns": read})

    def rows(self, query: str) -> list[Record]:
        """What a query gives where the streams' tables are."""
        with duckdb.connect(self._path, read_only=True) as database:
            found = database.execute(query)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


class Postgres:
    """A database of its own on PostgreSQL's server, whose tables have the column of extraction that Airbyte adds."""

    target = "postgres"
    types: Final = {"string": "text", "integer": "bigint", "number": "numeric", "boolean": "boolean"}

    def __init__(self, server: Server, name: str) -> None:
        with server.connect() as connection:
            connection.autocommit = True
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        self._server = replace(server, database=name)
        self.environment: Mapping[str, str] = self._server.environment
        self._execute("CREATE SCHEMA intercom")

    def load(self, stream: str, fields: Fields, rows: Iterable[Record], time_type: str) -> None:
        """The table is emptied, since there may be views of it."""
        types = {name: column_type(declared, self.types, "jsonb", time_type) for name, declared in fields.items()}
        columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        names = ", ".join(f'"{name}"' for name in types)
        self._execute(
            f'CREATE TABLE IF NOT EXISTS intercom."{stream}" '
            f'({columns}, _airbyte_extracted_at timestamptz DEFAULT now()); TRUNCATE intercom."{stream}"'
        )
        populate = f'jsonb_populate_recordset(NULL::intercom."{stream}", %s)'
        self._execute(f'INSERT INTO intercom."{stream}" ({names}) SELECT {names} FROM {populate}', Jsonb(list(rows)))

    def rows(self, query: str) -> list[Record]:
        """What a query gives where the streams' tables are."""
        with self._server.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
            cursor.execute("SET search_path TO intercom")
            return cursor.execute(query.encode()).fetchall()

    def _execute(self, statements: str, *values: object) -> None:
        with self._server.connect() as connection:
            connection.execute(statements.encode(), values or None)
