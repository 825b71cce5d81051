from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from integration_tests.browser.screen import tab
from integration_tests.front.front import Front
from integration_tests.sandbox.api import Api
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox

SIZES = {"contacts": 30, "companies": 12, "conversations": 12, "parts": 60, "tickets": 5, "articles": 3}


@pytest.fixture(scope="module")
def workspace_of_module() -> Iterator[Sandbox]:
    """A small workspace for the tests of a module."""
    with start(**SIZES) as running:
        yield running


@pytest.fixture
def sandbox(workspace_of_module: Sandbox) -> Iterator[Sandbox]:
    """The module's workspace; what a test has switched on is off again afterwards."""
    yield workspace_of_module
    workspace_of_module.faults([])
    workspace_of_module.hold_scroll(0)
    workspace_of_module.configure(index_lag=0, rate_limit=1667)


@pytest.fixture(scope="module")
def tab_of_module(browser: Chrome) -> Iterator[Chrome]:
    """A tab for the tests of a module."""
    with tab(browser) as own:
        yield own


@pytest.fixture
def front(tab_of_module: Chrome, sandbox: Sandbox) -> Front:
    """The page of that workspace, on a wide screen; the console has nothing to complain of."""
    front = Front(tab_of_module, sandbox)
    front.open()
    return front


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    """The API of that workspace."""
    return Api(sandbox)
