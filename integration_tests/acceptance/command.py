"""What `airbyte-cdk connector test` needs here: configs, a sandbox behind them, and an image that knows its address.

A plugin, which the project's conftest.py loads for that command. Where there is a directory secrets/, its configs are
used as they are, with Intercom itself.
"""

from collections.abc import Iterator

import pytest

from integration_tests.acceptance.root import configs_for_sandbox
from integration_tests.container.conftest import TOKEN, build_options, image, image_with_sandbox, intercom
from intercom_sandbox.client import start

__all__ = ["build_options", "image", "image_with_sandbox", "intercom"]


@pytest.fixture(scope="session", autouse=True)
def sandboxed(pytestconfig: pytest.Config) -> Iterator[bool]:
    """Whether the configs are those of a sandbox, which then is where the connector finds Intercom."""
    if (pytestconfig.rootpath / "secrets").exists():
        yield False
        return
    with (
        start(access_token=TOKEN, rate_limit=0) as sandbox,
        configs_for_sandbox(pytestconfig.rootpath, TOKEN),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("INTERCOM_API_URL", sandbox.url)
        yield True


@pytest.fixture(scope="session")
def connector_image_override(sandboxed: bool, request: pytest.FixtureRequest) -> str:
    """The image that `--connector-image` names, or one that is built from the Dockerfile: the CDK's own comes from a
    template that it fetches. Without a Docker engine its tests are skipped.
    """
    name: str = request.getfixturevalue("image_with_sandbox" if sandboxed else "image")
    return name
