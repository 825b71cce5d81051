from collections.abc import Iterator
from typing import Any

import pytest

from integration_tests.connector import Connector
from integration_tests.oauth import callback as callbacks
from integration_tests.oauth.callback import Callback
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox


@pytest.fixture(scope="session")
def spec() -> dict[str, Any]:
    """The specification that the connector's process emits."""
    (emitted,) = Connector(None).run("spec").of_type("SPEC")
    specification: dict[str, Any] = emitted
    return specification


@pytest.fixture(scope="module")
def workspace_of_module() -> Iterator[Sandbox]:
    """A small workspace for the tests of a module."""
    sizes = {"contacts": 5, "companies": 3, "conversations": 8, "parts": 20, "tickets": 3, "articles": 3}
    with start(rate_limit=0, **sizes) as running:
        yield running


@pytest.fixture
def sandbox(workspace_of_module: Sandbox) -> Iterator[Sandbox]:
    """The module's workspace; what a test has changed is as before afterwards."""
    yield workspace_of_module
    workspace_of_module.configure(code_lifetime=300, redirect_uri=[], without_scope=[], rate_limit=0)
    workspace_of_module.revoke(False)


@pytest.fixture
def callback() -> Iterator[Callback]:
    """The page that the user comes back to."""
    with callbacks.listening() as listening:
        yield listening
