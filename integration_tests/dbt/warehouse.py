"""A workspace in a warehouse, and the dbt project over it."""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from benchmarks.environments import make
from integration_tests.connector import ROOT, Connector
from integration_tests.dbt.engines import Engine
from integration_tests.matrix.destination import Destination
from integration_tests.messages import Record
from intercom_sandbox.client import Sandbox

PROJECT: Final = ROOT / "examples" / "dbt"

_SOURCES: Final = yaml.safe_load((PROJECT / "models" / "staging" / "_sources.yml").read_text())["sources"]

STREAMS: Final = tuple(table["name"] for source in _SOURCES for table in source["tables"])
"""The streams that models are made of."""

EXPORTED: Final = ("message_events", "message_receipts")
"""Those of them that an export tells of; the workspace's truth has its groups, which are not their rows."""

TIME_TYPES: Final = ("timestamp with time zone", "timestamp", "text")
"""What loaders make of times that are text: Airbyte's destinations the first, PyAirbyte and others the rest."""

ELSEWHERE: Final = {"TZ": "Asia/Kathmandu", "PGTZ": "Asia/Kathmandu"}
"""A session's time zone, which is to change nothing: one whose days, hours and weeks are not those of UTC."""


QUICKLY: Final = ("--no-use-colors", "--log-level-file", "none", "--no-write-json")
"""Nobody reads the files that dbt writes of each run."""


class Warehouse:
    """The tables that a destination holds after any number of syncs, in an engine's database.

    :param directory: where dbt keeps its files
    :param destination: how it keeps rows that came before
    :param time_types: what times that are text become, of one stream after the other
    :param options: of the connector's config
    """

    def __init__(
        self,
        sandbox: Sandbox,
        engine: Engine,
        directory: Path,
        destination: Destination,
        streams: Iterable[str] = STREAMS,
        time_types: Sequence[str] = TIME_TYPES,
        **options: Any,
    ) -> None:
        self.sandbox = sandbox
        self._engine = engine
        self._directory = directory
        self._destination = destination
        self._streams = list(streams)
        self._time_types = time_types
        self._options = options

    def sync(self) -> None:
        """Reads what is new in the workspace, and loads the tables."""
        run = Connector(self.sandbox).read(self._streams, self._destination.states, **self._options)
        assert (run.exit_code, run.failures) == (0, [])
        self._destination.apply(run)
        for stream in self._streams:
            self.load(stream, self._destination.rows[stream].values())

    def load(self, stream: str, rows: Iterable[Record]) -> None:
        """Makes these rows the whole table of a stream."""
        fields = declared(**self._options)[stream]["properties"]
        time_type = self._time_types[self._streams.index(stream) % len(self._time_types)]
        self._engine.load(stream, fields, rows, time_type)

    def dbt(self, *arguments: str) -> str:
        """Runs a command of dbt's on the project, which has to succeed; what it prints."""
        directory = make("dbt", sys.executable, PROJECT / "requirements.txt")
        command = [str(directory / "bin" / "dbt"), *QUICKLY, *arguments, "--target", self._engine.target]
        done = subprocess.run(
            [*command, "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--threads", "2"],
            env={
                **os.environ,
                **ELSEWHERE,
                **self._engine.environment,
                "DBT_TARGET_PATH": str(self._directory / "target"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def rows(self, schema: str, table: str) -> list[Record]:
        """All rows of a table or a view."""
        return self.query(f'SELECT * FROM "{schema}"."{table}"')

    def query(self, query: str) -> list[Record]:
        """What a query gives that names the streams' tables."""
        return self._engine.rows(query)


@cache
def declared(**options: Any) -> dict[str, dict[str, Any]]:
    """The streams' schemas, as the connector declares them with these options."""
    connector = Connector(None)
    (catalog,) = connector.run("discover", config=connector.config(**options)).of_type("CATALOG")
    return {stream["name"]: stream["json_schema"] for stream in catalog["streams"]}
