"""Dagster assets that read Intercom workspaces into PostgreSQL, one asset a workspace, every hour.

Each asset runs `intercom_to_postgres.py` with the Python that PYAIRBYTE_PYTHON names, so that PyAirbyte's packages need
not fit Dagster's. The token of the workspace `intercom` is taken from INTERCOM_TOKEN, its schema is its name; the
database is where PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE say.
"""

import json
import os
import subprocess
from pathlib import Path

from dagster import AssetsDefinition, Definitions, MaterializeResult, ScheduleDefinition, asset

WORKSPACES = os.environ.get("INTERCOM_WORKSPACES", "intercom").split(",")
SCRIPT = Path(os.environ.get("INTERCOM_SCRIPT", Path(__file__).parents[1] / "intercom_to_postgres.py"))


def replica(workspace: str) -> AssetsDefinition:
    """The asset of a workspace; with the limit in dagster.yaml, its pool keeps one run from overtaking another."""

    @asset(name=workspace, pool=workspace)
    def read() -> MaterializeResult[None]:
        token = os.environ[f"{workspace.upper()}_TOKEN"]
        done = subprocess.run(  # noqa: S603 - nothing in it comes from outside
            [os.environ["PYAIRBYTE_PYTHON"], SCRIPT],
            env={**os.environ, "INTERCOM_TOKEN": token, "INTERCOM_SCHEMA": workspace},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return MaterializeResult(metadata=json.loads(done.stdout.splitlines()[-1]))

    return read


assets = [replica(workspace) for workspace in WORKSPACES]
hourly = ScheduleDefinition(name="intercom_hourly", cron_schedule="0 * * * *", target=assets)
defs = Definitions(assets=assets, schedules=[hourly])
