"""The examples for Dagster and Airflow, each run by the real thing in an environment of its own."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.environments import make
from integration_tests.comparison import NONE, compare
from integration_tests.conftest import Workspaces, needs_pyairbyte
from integration_tests.connector import ROOT, STREAMS
from integration_tests.postgres.replication import environment, held, rows
from integration_tests.postgres.server import PASSWORD, Server
from integration_tests.sizes import SMALL
from intercom_sandbox.client import Sandbox

pytestmark = [needs_pyairbyte, pytest.mark.timeout(900)]

EXAMPLES = ROOT / "examples"


def test_dagster_materializes_a_workspace(workspace: Workspaces, postgres: Server, tmp_path: Path) -> None:
    sandbox = workspace(**SMALL)
    shutil.copy(EXAMPLES / "dagster" / "dagster.yaml", tmp_path)
    variables = environment(sandbox, postgres, "unused", tmp_path) | {
        "INTERCOM_WORKSPACES": "for_dagster",
        "FOR_DAGSTER_TOKEN": sandbox.access_token,
        "PYAIRBYTE_PYTHON": sys.executable,
        "DAGSTER_HOME": str(tmp_path),
    }
    del variables["INTERCOM_TOKEN"]
    definitions = str(EXAMPLES / "dagster" / "intercom_to_postgres.py")

    run("dagster", "asset", "materialize", "--select", "*", "-f", definitions, variables=variables)
    assert_replicated(sandbox, postgres, "for_dagster")
    events = [path.read_bytes() for path in (tmp_path / "history").rglob("*.db")]
    assert any(b'"conversation_parts"' in each for each in events), "no numbers of rows in the metadata"


def test_airflow_runs_a_workspace_and_hides_its_token(workspace: Workspaces, postgres: Server, tmp_path: Path) -> None:
    sandbox = workspace(**SMALL, access_token="a-token-of-its-own-1")
    warehouse = {
        "conn_type": "postgres",
        "host": postgres.host,
        "port": postgres.port,
        "login": postgres.user,
        "password": PASSWORD,
        "schema": postgres.database,
    }
    variables = environment(sandbox, postgres, "unused", tmp_path) | {
        "INTERCOM_WORKSPACES": "for_airflow",
        "PYAIRBYTE_PYTHON": sys.executable,
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(EXAMPLES / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW_CONN_FOR_AIRFLOW": json.dumps({"conn_type": "generic", "password": sandbox.access_token}),
        "AIRFLOW_CONN_WAREHOUSE": json.dumps(warehouse),
    }
    for name in ("INTERCOM_TOKEN", *postgres.environment):
        del variables[name]

    run("airflow", "db", "migrate", variables=variables)
    printed = run("airflow", "dags", "test", "intercom_to_postgres", variables=variables)
    assert_replicated(sandbox, postgres, "for_airflow")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if sandbox.access_token.encode() in path.read_bytes()] == []
    assert sandbox.access_token not in printed


def run(tool: str, *arguments: str, variables: Mapping[str, str]) -> str:
    """Runs a command of a tool, from an environment with the packages that its example has locked; what it prints."""
    directory = make(tool, sys.executable, EXAMPLES / tool / "requirements.txt")
    done = subprocess.run(
        [str(directory / "bin" / tool), *arguments],
        env=dict(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def assert_replicated(sandbox: Sandbox, server: Server, schema: str) -> None:
    for stream in STREAMS:
        assert compare(dict(rows(server, stream, schema)), held(sandbox, stream)) == NONE, stream
