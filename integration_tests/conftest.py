import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from selenium.webdriver import Chrome

from integration_tests.browser import chromium
from integration_tests.connector import Connector
from integration_tests.demo.connector import PYAIRBYTE
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox

Workspaces = Callable[..., Sandbox]

needs_pyairbyte = pytest.mark.skipif(not PYAIRBYTE, reason="PyAirbyte cannot be installed on Python 3.13 or newer.")


def pytest_configure(config: pytest.Config) -> None:
    """Keeps the tests of a file in one process: they share syncs, which are what takes time."""
    if getattr(config.option, "dist", "no") == "load":
        config.option.dist = "loadfile"
        config.option.loadscopereorder = False
    # Whoever runs the tests in the background ignores these, and so would every process that they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the files that may take longest, so that they are not left to one process in the end."""
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.get_closest_marker("timeout") is None, -tests[item.path]))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A workspace of modest size, for all tests of a module."""
    with start(rate_limit=0) as running:
        yield running


@pytest.fixture(scope="module")
def counts(sandbox: Sandbox) -> dict[str, int]:
    """How many objects of each stream the module's workspace holds, as long as no test changes it."""
    return sandbox.counts()


@pytest.fixture(scope="module")
def connector(sandbox: Sandbox) -> Connector:
    """The connector, against the module's workspace."""
    return Connector(sandbox)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One browser for all tests. Without one they are skipped, or fail where the environment variable CI is set."""
    try:
        with chromium.running(tmp_path_factory.mktemp("profile")) as running:
            yield running
    except chromium.NoBrowser as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture
def workspace() -> Iterator[Workspaces]:
    """Starts workspaces of the test's own, e.g. `workspace(contacts=1000)`."""
    with ExitStack() as stack:

        def start_one(**settings: Any) -> Sandbox:
            return stack.enter_context(start(**{"rate_limit": 0, **settings}))

        yield start_one
