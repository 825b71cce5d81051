"""What the CDK's standard tests need to know about this connector, in-process as well as in Docker."""

from pathlib import Path
from typing import Final

import pytest
from airbyte_cdk.test.standard_tests.docker_base import DockerConnectorTestSuite

from integration_tests.acceptance import root

COMMANDS: Final = {
    "test_check": "check",
    "test_config_matches_spec": "spec",
    "test_discover": "discover",
    "test_basic_read": "read",
    "test_fail_read_with_bad_catalog": "read",
    "test_docker_image_build_and_check": "check",
    "test_docker_image_build_and_config_matches_spec": "spec",
    "test_docker_image_build_and_discover": "discover",
    "test_docker_image_build_and_read": "read",
}
"""The standard tests that run once per config, each with the command that it runs."""


class IntercomStandards(DockerConnectorTestSuite):
    """The CDK's suite for images; mixed into its suite for sources, which it is a part of, that one too.

    Each test runs with the configs that acceptance-test-config.yml lists for its command, and with no others: the
    CDK's own hook runs all with all, and skips what does not fit.
    """

    @classmethod
    def get_connector_root_dir(cls) -> Path:
        """Where acceptance-test-config.yml is, and what the paths in it are relative to."""
        return root.current

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Makes one test of each config that fits."""
        if "scenario" in metafunc.fixturenames:
            command = COMMANDS[metafunc.function.__name__]
            scenarios = [
                scenario
                for scenario in self.get_scenarios()
                if command in scenario.commands
                and (command == "check" or not scenario.expected_outcome.expect_exception())
            ]
            metafunc.parametrize("scenario", scenarios, ids=[scenario.id for scenario in scenarios])
