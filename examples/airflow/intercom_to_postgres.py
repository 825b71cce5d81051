"""An Airflow DAG (3.x) that reads Intercom workspaces into PostgreSQL every hour, one task a workspace.

Airflow and PyAirbyte need different versions of the same packages, so the tasks run `intercom_to_postgres.py` with the
Python of another environment, which PYAIRBYTE_PYTHON names. Each workspace is an Airflow connection whose password is
Intercom's token, and a schema of the database in the connection `warehouse`.
"""

import os
from datetime import datetime
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

WORKSPACES = os.environ.get("INTERCOM_WORKSPACES", "intercom").split(",")
SCRIPT = Path(os.environ.get("INTERCOM_SCRIPT", Path(__file__).parents[1] / "intercom_to_postgres.py"))


@dag(schedule="@hourly", start_date=datetime(2025, 1, 1), catchup=False, max_active_runs=1)
def intercom_to_postgres() -> None:
    """One run at a time: a second one would only wait for the first one's rate limit."""
    for workspace in WORKSPACES:
        BashOperator(
            task_id=workspace,
            bash_command=f'exec "$PYAIRBYTE_PYTHON" "{SCRIPT}"',
            env={
                "INTERCOM_TOKEN": f"{{{{ conn.{workspace}.password }}}}",
                "INTERCOM_SCHEMA": workspace,
                "PGHOST": "{{ conn.warehouse.host }}",
                "PGPORT": "{{ conn.warehouse.port }}",
                "PGUSER": "{{ conn.warehouse.login }}",
                "PGPASSWORD": "{{ conn.warehouse.password }}",
                "PGDATABASE": "{{ conn.warehouse.schema }}",
            },
            append_env=True,
        )


intercom_to_postgres()
