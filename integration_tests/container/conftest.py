import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from integration_tests.connector import ROOT, Connector
from integration_tests.container import images
from integration_tests.container.engine import engine, host_addresses
from integration_tests.sandboxes import start
from intercom_sandbox.client import Sandbox

TOKEN = "the-token-of-the-sandbox-1"
"""With a digit: the standard tests look for no other secrets in what is printed."""


LIMITS = (
    "--read-only",
    "--tmpfs=/tmp",
    "--memory=512m",
    "--memory-swap=512m",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--connector-image", help="test this image instead of building one")


@pytest.fixture(scope="session")
def build_options() -> Iterator[tuple[str, ...]]:
    """How images are built: on Airbyte's base, on the one that BASE_IMAGE names, or, in CI, on a stand-in."""
    with engine() as own:
        metadata = yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]
        base = os.environ.get("BASE_IMAGE") or metadata["connectorBuildOptions"]["baseImage"]
        if own:
            yield "--network=host", f"--build-arg=BASE_IMAGE={images.make_standin()}"
        else:
            yield (f"--build-arg=BASE_IMAGE={base}",)


@pytest.fixture(scope="session")
def image(build_options: tuple[str, ...], request: pytest.FixtureRequest) -> str:
    """The connector's image: built, or the one that `--connector-image` names."""
    given: str | None = request.config.getoption("--connector-image", default=None)
    return given or images.build_connector(*build_options)


@pytest.fixture(scope="session")
def plain_image(build_options: tuple[str, ...]) -> str:
    """The same base with nothing but the locked CDK, installed plainly."""
    return images.build_plain(*build_options)


@dataclass(frozen=True)
class Reachable:
    """A sandbox, and its address for containers."""

    sandbox: Sandbox
    url: str


@pytest.fixture(scope="session")
def intercom(image: str) -> Iterator[Reachable]:
    listen, name = host_addresses(image)
    sizes = {"contacts": 900, "conversations": 180, "parts": 3_600}
    with start(host=listen, access_token=TOKEN, rate_limit=0, **sizes) as sandbox:
        yield Reachable(sandbox, sandbox.url.replace(listen, name))


@pytest.fixture(scope="session")
def image_with_sandbox(image: str, intercom: Reachable) -> str:
    """The image, plus a variable that says where the sandbox is."""
    return images.build_with(image, f"{images.IMAGE}-with-sandbox", INTERCOM_API_URL=intercom.url)


@pytest.fixture(scope="session")
def connector(image: str, intercom: Reachable) -> Connector:
    """The connector in a container, with as little as it may have: no disk, no privilege, 512 MB."""
    return contained(image, intercom)


def contained(image: str, intercom: Reachable, *options: str) -> Connector:
    """The same, with more options of `docker run`."""
    script = str(Path(__file__).with_name("in_container.py"))
    address = f"--env=INTERCOM_API_URL={intercom.url}"
    return Connector(intercom.sandbox, (sys.executable, script, image, address, *LIMITS, *options, "--"))
