"""PyAirbyte's own cache for PostgreSQL, and why the example has another: two syncs with nothing of ours in between."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from integration_tests.comparison import NONE, Key, compare
from integration_tests.conftest import Workspaces, needs_pyairbyte
from integration_tests.connector import CURSORS, STREAMS, discovered
from integration_tests.demo.changes import CHANGES
from integration_tests.messages import Record
from integration_tests.postgres.replication import environment, held, rows
from integration_tests.postgres.server import PASSWORD, Server
from integration_tests.sizes import SMALL

pytestmark = [needs_pyairbyte, pytest.mark.timeout(900)]

SCHEMA: Final = "stock"

SCRIPT: Final = """
import json, sys
from pathlib import Path
import airbyte
from airbyte.caches import PostgresCache

given = json.load(sys.stdin)
executable = Path(sys.executable).with_name("source-intercom")
source = airbyte.get_source("source-intercom", local_executable=executable, config=given["config"], streams="*")
source.read(PostgresCache(**given["cache"]))
"""


def test_pyairbytes_own_cache_loads_all_streams(workspace: Workspaces, postgres: Server, tmp_path: Path) -> None:
    sandbox = workspace(**SMALL)
    credentials = {"auth_type": "AccessToken", "access_token": sandbox.access_token}
    cache = {
        "host": postgres.host,
        "port": postgres.port,
        "username": postgres.user,
        "password": PASSWORD.replace("%", "%25").replace("@", "%40").replace("/", "%2F"),
        "database": postgres.database,
        "schema_name": SCHEMA,
        "cache_dir": str(tmp_path / "cache"),
    }
    given = {"config": {"credentials": credentials, "start_date": "2024-01-01T00:00:00Z"}, "cache": cache}
    variables = {**environment(sandbox, postgres, SCHEMA, tmp_path), "AIRBYTE_OFFLINE_MODE": "1", "DO_NOT_TRACK": "1"}

    load(given, variables)
    first = {stream: held(sandbox, stream) for stream in STREAMS}
    assert_equal(postgres, first)
    assert_times_are_timestamps(postgres)

    for _, change in CHANGES:
        assert sandbox.mutate(**change)
    load(given, variables)
    second = {stream: held(sandbox, stream) for stream in STREAMS}
    assert_equal(postgres, {**second, **{stream: {**first[stream], **second[stream]} for stream in CURSORS}})


def load(given: dict[str, Any], variables: dict[str, str]) -> None:
    """A sync, as a user of PyAirbyte would write it."""
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(
        command, input=json.dumps(given), env={**os.environ, **variables}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def assert_equal(server: Server, expected: dict[str, dict[Key, Record]]) -> None:
    """Tables are the truth, but for text made of digits, which pandas takes for numbers."""
    for stream in STREAMS:
        if stream == "contact_activities":  # whose ids are such numbers, and lose digits
            assert rows(server, stream, SCHEMA)
            continue
        found = {key: numbers_alike(row) for key, row in rows(server, stream, SCHEMA)}
        assert compare(found, {key: numbers_alike(row) for key, row in expected[stream].items()}) == NONE, stream


def numbers_alike(row: Record) -> Record:
    """The row with `"4567"` and `"4567.0"` as the same."""
    return {name: number_in(value) if isinstance(value, str) else value for name, value in row.items()}


def number_in(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def assert_times_are_timestamps(server: Server) -> None:
    query = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = %s"
    with server.connect() as connection:
        found = {(table, column): kind for table, column, kind in connection.execute(query, [SCHEMA]).fetchall()}
    for stream in STREAMS:
        for name, node in discovered()[stream]["json_schema"]["properties"].items():
            assert (found[stream, name] == "timestamp without time zone") == bool(node.get("x-time")), (stream, name)
