"""What holds for all tests: in CI none may be skipped, and garbage is seldom looked for."""

import gc
import os

import pytest

from source_intercom.run import GC_THRESHOLDS

STANDARD_TESTS = "airbyte_cdk.test.standard_tests.pytest_hooks"
"""The plugin with which `airbyte-cdk connector test` starts pytest."""


def pytest_configure(config: pytest.Config) -> None:
    """Gives `airbyte-cdk connector test` what it needs to test this connector."""
    if config.pluginmanager.has_plugin(STANDARD_TESTS):
        config.pluginmanager.import_plugin("integration_tests.acceptance.command")


def pytest_collection_finish() -> None:
    """Looks for garbage as seldom as the connector does, and not in what is loaded: tests make many rows."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turns skipped tests into a failed run where the environment variable CI is set.

    The CDK's own command is left alone: it skips each test for all configs that are not meant for it.
    """
    plugins = session.config.pluginmanager
    reporter = plugins.get_plugin("terminalreporter")
    skipped = reporter is not None and reporter.stats.get("skipped")
    if os.environ.get("CI") and skipped and not plugins.has_plugin(STANDARD_TESTS):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
