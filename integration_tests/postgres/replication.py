"""Runs `examples/intercom_to_postgres.py` against a sandbox, and reads what is in PostgreSQL then."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from integration_tests.comparison import Key, truth
from integration_tests.connector import ROOT, START_DATE, discovered, key_of
from integration_tests.messages import Record
from integration_tests.postgres.server import Server
from integration_tests.times import as_text
from intercom_sandbox.client import Sandbox

SCRIPT = ROOT / "examples" / "intercom_to_postgres.py"


def environment(sandbox: Sandbox, server: Server, schema: str, directory: Path) -> dict[str, str]:
    """What the script takes, and what sends it to the sandbox and PyAirbyte's files to a directory."""
    return {
        **os.environ,
        **server.environment,
        **sandbox.environment,
        "INTERCOM_TOKEN": sandbox.access_token,
        "INTERCOM_SCHEMA": schema,
        "INTERCOM_START_DATE": START_DATE,
        "NO_PROXY": "127.0.0.1",
        "AIRBYTE_LOGGING_ROOT": str(directory / "logs"),
        "AIRBYTE_TEMP_DIR": str(directory),
    }


def sync(variables: dict[str, str], *streams: str) -> dict[str, int]:
    """Runs the script; the number of rows that it says the tables hold."""
    done = run(variables, *streams)
    assert done.returncode == 0, done.stderr
    return counts(done)


def run(variables: dict[str, str], *streams: str) -> subprocess.CompletedProcess[str]:
    """Runs the script, whatever becomes of it; it tells nobody the token."""
    command = [sys.executable, str(SCRIPT), *streams]
    done = subprocess.run(command, env=variables, capture_output=True, text=True)
    assert variables["INTERCOM_TOKEN"] not in done.stdout + done.stderr
    return done


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """The number of rows that the script says the tables hold."""
    said: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return said


def held(sandbox: Sandbox, stream: str) -> dict[Key, Record]:
    """The workspace's rows as a table holds them: with nothing but declared fields, and times as text."""
    schema = discovered()[stream]["json_schema"]
    rows = [as_text(row, schema) for row in truth(sandbox, stream).values()]
    return declared_in(stream, {key_of(stream, row): row for row in rows})


def declared_in(stream: str, rows: Mapping[Key, Record]) -> dict[Key, Record]:
    """Rows with nothing but declared fields, for which alone there are columns."""
    declared = discovered()[stream]["json_schema"]["properties"].keys()
    return {key: {name: row[name] for name in row.keys() & declared} for key, row in rows.items()}


def rows(server: Server, stream: str, schema: str) -> list[tuple[Key, Record]]:
    """A table's rows with their keys, as the connector printed them: without nulls, and without what PyAirbyte adds."""
    found = []
    for row in server.rows(stream, schema):
        record = {name: _plain(value) for name, value in row.items() if not name.startswith("_airbyte_")}
        record = {name: value for name, value in record.items() if value is not None}
        found.append((key_of(stream, record), record))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).strftime("%Y-%m-%dT%H:%M:%SZ")
    return float(value) if isinstance(value, Decimal) else value
