import gc
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration_tests.acceptance.root import connector_root
from integration_tests.sandboxes import start

TOKEN = "the-token-of-the-sandbox-1"
"""With a digit: the standard tests look for no other secrets in what is printed."""


@pytest.fixture(scope="package")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The connector's directory, with configs for a sandbox, which the connector finds where Intercom is."""
    with (
        start(access_token=TOKEN, rate_limit=0) as sandbox,
        connector_root(tmp_path_factory.mktemp("acceptance"), TOKEN) as directory,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("INTERCOM_API_URL", sandbox.url)
        patch.setattr("tempfile.tempdir", str(directory))  # the CDK leaves its files there
        yield directory


@pytest.fixture(autouse=True)
def _without_what_others_left() -> None:
    """Warnings are errors here: those of what tests before left behind, such as connections, are told before."""
    with warnings.catch_warnings(action="ignore"):
        gc.collect()


@pytest.fixture(autouse=True)
def _with_all_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process that has imported PyAirbyte, the CDK would not see what the connector logs."""
    monkeypatch.setattr(logging.getLogger("airbyte"), "propagate", True)
