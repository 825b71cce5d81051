"""The connector's streams, read into DuckDB through PyAirbyte.

Importing this takes seconds, and PyAirbyte decides then where it writes and whether it may use the network.
"""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import airbyte
import duckdb
import orjson
from airbyte.caches import DuckDBCache
from airbyte.exceptions import PyAirbyteError

from integration_tests.demo.attempt import ORDER, TOLD, Attempt
from integration_tests.demo.connector import CONNECTOR, Failure, Stream
from integration_tests.demo.plain import DELETED_AT

ROOT: Final = Path(__file__).resolve().parents[2]

SCRIPT: Final = """\
#!/bin/sh
if [ "$1" = read ]; then
    PYTHONPATH={root} exec {python} -m integration_tests.demo.attempt {directory} "$@"
fi
exec {connector} "$@"
"""
"""What PyAirbyte takes for the connector: its reads are run by `attempt`."""


class Cache(DuckDBCache):
    """PyAirbyte's DuckDB file, with one thread: it asks for the columns of each table, where more only cost time."""

    def get_sql_alchemy_connect_args(self) -> dict[str, Any]:
        """DuckDB's settings."""
        return {"config": {"threads": 1}}


class PyAirbyteReplication:
    """Streams of the connector, and the DuckDB file that holds their rows and states."""

    def __init__(self, config: dict[str, Any], streams: Sequence[Stream], database: Path, temporary: Path) -> None:
        script = temporary / "source-intercom"
        paths = {"root": ROOT, "python": sys.executable, "directory": temporary, "connector": CONNECTOR}
        script.write_text(SCRIPT.format(**{name: shlex.quote(str(path)) for name, path in paths.items()}))
        script.chmod(0o700)
        self._source = airbyte.get_source("source-intercom", config=config, local_executable=script)
        self._source.select_streams([stream.name for stream in streams])
        self._streams = streams
        self._database = database
        self._temporary = temporary

    def read(self, kill_after: int | None = None) -> Attempt:
        """Read what is new since the states in the file, and load it.

        :param kill_after: end the connector by SIGKILL when it has printed so many rows; PyAirbyte is not told that it
            was, and loads what had come out
        :raises Failure: PyAirbyte or the connector has failed
        """
        told = self._temporary / TOLD
        told.unlink(missing_ok=True)
        (self._temporary / ORDER).write_bytes(orjson.dumps(kill_after))
        try:
            with Cache(db_path=self._database, cache_dir=self._temporary) as cache:
                self._source.read(cache, write_strategy="merge")
        except PyAirbyteError as error:
            raise Failure(orjson.loads(told.read_bytes())["failure"] if told.exists() else str(error)) from error
        done = Attempt(**orjson.loads(told.read_bytes()))
        self._delete(done)
        return done

    def _delete(self, done: Attempt) -> None:
        """Deletes what Airbyte's destinations delete, and PyAirbyte does not.

        That is rows that are marked, and rows of tables that are read in full which a whole read has not brought again.
        """
        began = int((done.ended - done.seconds) * 1e6)
        with duckdb.connect(self._database) as database:
            for stream in self._streams:
                if DELETED_AT in stream.schema["properties"]:
                    database.execute(f'DELETE FROM "{stream.name}" WHERE {DELETED_AT} IS NOT NULL')
                elif not stream.incremental and not done.killed:
                    older = "_airbyte_extracted_at < make_timestamp(?)"
                    database.execute(f'DELETE FROM "{stream.name}" WHERE {older}', [began])
