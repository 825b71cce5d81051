"""Tables in the mode append + deduped, kept by SQL that does what Airbyte's destination for PostgreSQL does.

Both of its ways delete what is marked, and are told apart by what they remember: `TYPING_AND_DEDUPING`, up to its
version 2, looks at every mark again with each sync, `DIRECT_LOAD`, since version 3, at no row of an earlier sync but
those of the table.
"""

from collections.abc import Mapping
from typing import Any, Final, LiteralString

from psycopg.sql import SQL, Composed, Identifier, Literal
from psycopg.types.json import Jsonb

from integration_tests.matrix.destination import DELETED_AT
from integration_tests.messages import Run
from integration_tests.postgres.server import Server

_SETUP: Final = """
    CREATE SCHEMA IF NOT EXISTS {schema};
    CREATE TABLE {raw} (
        _airbyte_raw_id uuid DEFAULT gen_random_uuid(),
        _airbyte_extracted_at timestamptz,
        _airbyte_loaded_at timestamptz,
        _airbyte_data jsonb
    );
    CREATE VIEW {typed} AS SELECT {fields}, _airbyte_raw_id, _airbyte_extracted_at, _airbyte_loaded_at FROM {raw};
    CREATE TABLE {table} AS SELECT {columns} FROM {typed};
"""
_APPEND: Final = "INSERT INTO {raw} (_airbyte_extracted_at, _airbyte_data) VALUES (to_timestamp(%s / 1000.0), %s)"
_DONE: Final = "UPDATE {raw} SET _airbyte_loaded_at = now() WHERE _airbyte_loaded_at IS NULL"

TYPING_AND_DEDUPING: Final = """
    INSERT INTO {table}
        SELECT {columns} FROM {typed} WHERE _airbyte_loaded_at IS NULL OR {deleted_at} IS NOT NULL;
    DELETE FROM {table} WHERE _airbyte_raw_id NOT IN (
        SELECT DISTINCT ON ({key}) _airbyte_raw_id FROM {table}
        ORDER BY {key}, {cursor} DESC NULLS LAST, _airbyte_extracted_at DESC
    );
    DELETE FROM {table} WHERE {deleted_at} IS NOT NULL;
"""
DIRECT_LOAD: Final = """
    CREATE TEMPORARY TABLE came ON COMMIT DROP AS
        SELECT DISTINCT ON ({key}) {columns} FROM {typed} WHERE _airbyte_loaded_at IS NULL
        ORDER BY {key}, {cursor} DESC NULLS LAST, _airbyte_extracted_at DESC;
    DELETE FROM {table} AS held USING came
        WHERE held.{key} = came.{key}
        AND (coalesce(held.{cursor}, -1), held._airbyte_extracted_at)
            < (coalesce(came.{cursor}, -1), came._airbyte_extracted_at);
    INSERT INTO {table}
        SELECT * FROM came
        WHERE {deleted_at} IS NULL AND NOT EXISTS (SELECT FROM {table} AS held WHERE held.{key} = came.{key});
"""

_TYPES: Final = {"integer": "bigint", "number": "numeric", "boolean": "boolean", "string": "text"}


class Deduped:
    """The table of one stream, and beside it the rows as they came.

    :param stream: as it is in a catalog
    :param merge: the statements by which what came last gets into the table
    """

    def __init__(self, server: Server, schema: str, stream: Mapping[str, Any], merge: LiteralString) -> None:
        self._server = server
        self._stream = stream["name"]
        self._merge = merge
        ((key,),), (cursor,) = stream["source_defined_primary_key"], stream["default_cursor_field"]
        fields = stream["json_schema"]["properties"]
        columns = (*fields, "_airbyte_raw_id", "_airbyte_extracted_at")
        self._names = {
            "schema": Identifier(schema),
            "table": Identifier(schema, self._stream),
            "raw": Identifier(schema, f"raw_{self._stream}"),
            "typed": Identifier(schema, f"typed_{self._stream}"),
            "key": Identifier(key),
            "cursor": Identifier(cursor),
            "deleted_at": Identifier(DELETED_AT),
            "columns": SQL(", ").join(map(Identifier, columns)),
            "fields": SQL(", ").join(_typed(name, declared) for name, declared in fields.items()),
        }
        self._execute(_SETUP)

    def load(self, run: Run) -> None:
        """Take in what a sync printed."""
        came = [each for each in run.of_type("RECORD") if each["stream"] == self._stream]
        rows = [(each["emitted_at"], Jsonb(each["data"])) for each in came]
        with self._server.connect() as connection, connection.cursor() as cursor:
            cursor.executemany(self._sql(_APPEND), rows)
        self._execute(self._merge)
        self._execute(_DONE)

    def _execute(self, statements: LiteralString) -> None:
        with self._server.connect() as connection:
            connection.execute(self._sql(statements))

    def _sql(self, statements: LiteralString) -> Composed:
        return SQL(statements).format(**self._names)


def _typed(name: str, declared: Mapping[str, Any]) -> Composed:
    """A field of the rows as they came, as the column that its type asks for; JSON where it has several, or parts."""
    (kind, *others) = {*declared["type"]} - {"null"} if isinstance(declared["type"], list) else {declared["type"]}
    column = "timestamptz" if declared.get("format") == "date-time" else _TYPES.get(kind)
    source: LiteralString = "_airbyte_data -> {}" if others or column is None else "(_airbyte_data ->> {})::" + column
    return SQL(source + " AS {}").format(Literal(name), Identifier(name))
