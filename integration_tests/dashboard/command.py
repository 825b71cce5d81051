"""The command that draws the page of charts."""

import subprocess
import sys
from pathlib import Path

from benchmarks.environments import make
from integration_tests.connector import ROOT
from integration_tests.dashboard.tables import Tables, write

EXAMPLES = ROOT / "examples"


def dashboard(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs the command, with the packages that the example has locked."""
    python = make("dashboard", sys.executable, EXAMPLES / "dashboard-requirements.txt") / "bin" / "python"
    command = [python, EXAMPLES / "dashboard.py", *arguments]
    return subprocess.run([str(each) for each in command], capture_output=True, text=True)


def draw(tables: Tables, directory: Path) -> Path:
    """The page of tables that are made by hand, in a directory of its own."""
    database, page = directory / "intercom.duckdb", directory / "page.html"
    write(database, tables)
    done = dashboard(database, page)
    assert done.returncode == 0, done.stderr
    return page
