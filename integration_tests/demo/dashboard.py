"""The page of charts that `examples/dashboard.py` draws, of the models that dbt makes of the tables."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.environments import ROOT, make
from integration_tests.demo.connector import Failure

DBT: Final = ROOT / "examples" / "dbt"

QUIETLY: Final = ("--quiet", "--no-use-colors", "--log-level-file", "none", "--no-write-json")


def draw(database: Path, page: Path, temporary: Path) -> None:
    """Runs dbt on a DuckDB file, and draws the page; installs both unless they are there.

    :raises subprocess.CalledProcessError: they cannot be installed
    :raises Failure: one of them has failed
    """
    dbt = make("dbt", sys.executable, DBT / "requirements.txt") / "bin" / "dbt"
    python = make("dashboard", sys.executable, ROOT / "examples" / "dashboard-requirements.txt") / "bin" / "python"
    options = ("--select", "+path:models/support", "--project-dir", DBT, "--profiles-dir", DBT, "--threads", "2")
    _run(dbt, *QUIETLY, "run", *options, DBT_DUCKDB_PATH=database.resolve(), DBT_TARGET_PATH=temporary / "dbt")
    _run(python, ROOT / "examples" / "dashboard.py", database, page)


def _run(*command: object, **environment: Path) -> None:
    variables = {**os.environ, **{name: str(value) for name, value in environment.items()}}
    done = subprocess.run([str(each) for each in command], env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failure(f"The dashboard is not drawn. {done.stdout}{done.stderr}")
