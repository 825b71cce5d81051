import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from benchmarks.environments import make
from integration_tests.connector import ROOT
from integration_tests.dashboard.tables import WORKSPACE, Tables, write
from integration_tests.dashboard.window import Window
from integration_tests.oauth import browser as browsers

EXAMPLES = ROOT / "examples"

Draw = Callable[[Tables], Path]


def dashboard(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs the command, with the packages that the example has locked."""
    python = make("dashboard", sys.executable, EXAMPLES / "dashboard-requirements.txt") / "bin" / "python"
    command = [python, EXAMPLES / "dashboard.py", *arguments]
    return subprocess.run([str(each) for each in command], capture_output=True, text=True)


@pytest.fixture(scope="session")
def draw(tmp_path_factory: pytest.TempPathFactory) -> Draw:
    """Draws the page of tables that are made by hand."""

    def drawn(tables: Tables) -> Path:
        directory = tmp_path_factory.mktemp("dashboard")
        database, page = directory / "intercom.duckdb", directory / "page.html"
        write(database, tables)
        done = dashboard(database, page)
        assert done.returncode == 0, done.stderr
        return page

    return drawn


@pytest.fixture(scope="session")
def page(draw: Draw) -> Path:
    """The page of a workspace of half a year."""
    return draw(WORKSPACE)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One browser for all tests, of its own: it has no network."""
    with browsers.running(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="session")
def window(browser: Chrome) -> Window:
    """The browser's window."""
    return Window(browser)
