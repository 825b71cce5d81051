"""Airbyte's acceptance suite, in-process; its Docker form is in integration_tests/container."""

import pytest
from airbyte_cdk.test.standard_tests import SourceTestSuiteBase

from integration_tests.acceptance.standards import IntercomStandards
from source_intercom.source import SourceIntercom

pytestmark = [
    pytest.mark.xdist_group("acceptance"),
    pytest.mark.usefixtures("root"),
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::airbyte_cdk.sources.source.ExperimentalClassWarning"),
]


class TestStandards(IntercomStandards, SourceTestSuiteBase):
    """The CDK's suite for sources."""

    connector = SourceIntercom


for name in dir(TestStandards):
    if name.startswith("test_docker_"):
        setattr(TestStandards, name, None)
