from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from integration_tests.browser.screen import tab
from integration_tests.dashboard import command
from integration_tests.dashboard.tables import WORKSPACE, Tables
from integration_tests.dashboard.window import Window

Draw = Callable[[Tables], Path]


@pytest.fixture(scope="session")
def draw(tmp_path_factory: pytest.TempPathFactory) -> Draw:
    """Draws the page of tables that are made by hand."""
    return lambda tables: command.draw(tables, tmp_path_factory.mktemp("dashboard"))


@pytest.fixture(scope="session")
def page(draw: Draw) -> Path:
    """The page of a workspace of half a year."""
    return draw(WORKSPACE)


@pytest.fixture(scope="module")
def window(browser: Chrome) -> Iterator[Window]:
    """The browser's window."""
    with tab(browser) as own:
        yield Window(own)
