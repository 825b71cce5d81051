"""The image: what it is made of, its commands in containers, and Airbyte's acceptance suite in its Docker form.

All in one file, for one process: the engine and the images take most of the time.
"""

import json
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from airbyte_cdk.test.standard_tests import SourceTestSuiteBase
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from integration_tests.acceptance.root import connector_root
from integration_tests.acceptance.standards import IntercomStandards
from integration_tests.checkout import checkout
from integration_tests.comparison import NONE, difference
from integration_tests.connector import CURSORS, ROOT, STREAMS, Connector, configured, discovered
from integration_tests.container.conftest import Reachable, contained
from integration_tests.container.engine import docker
from integration_tests.container.images import IMAGE, ORIGIN, size_of
from integration_tests.messages import Run

pytestmark = [pytest.mark.xdist_group("container"), pytest.mark.timeout(900)]

MEGABYTE = 1_000_000

NEVER_CALLED = {
    "pandas": ["airbyte_cdk.sources.declarative.extractors.response_to_file_extractor"],
    "rich": ["pydantic._internal._core_utils"],
}
"""Left out although a loaded module would import them: to read CSV files of asynchronous jobs; to debug pydantic."""

PROVIDED = "import importlib.metadata as m, json; print(json.dumps(sorted(m.packages_distributions())))"


@pytest.fixture(scope="module")
def facts(image: str) -> dict[str, Any]:
    """What the image says about itself from within."""
    script = (ROOT / "integration_tests/container/inside.py").read_bytes()
    run = ("run", "--rm", "--interactive", "--network=none", "--entrypoint=/venv/bin/python")
    printed: dict[str, Any] = json.loads(docker(*run, image, "-", content=script))
    return printed


@cache
def settings(image: str) -> dict[str, Any]:
    """The image's configuration."""
    (inspected,) = json.loads(docker("image", "inspect", image))
    config: dict[str, Any] = inspected["Config"]
    return config


def test_says_what_it_is(image: str) -> None:
    metadata = yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]
    labels = settings(image)["Labels"]
    assert labels["io.airbyte.name"] == metadata["dockerRepository"]
    assert labels["io.airbyte.version"] == metadata["dockerImageTag"]
    assert labels["org.opencontainers.image.version"] == metadata["dockerImageTag"]
    assert labels["org.opencontainers.image.licenses"] == metadata["license"]
    told = {name: labels[f"org.opencontainers.image.{name}"] for name in ORIGIN}
    assert told == ORIGIN if image == IMAGE else all(told.values())
    environment = dict(variable.split("=", 1) for variable in settings(image)["Env"])
    assert environment["AIRBYTE_ENTRYPOINT"].split() == settings(image)["Entrypoint"]


def test_a_shell_can_start_it_as_platforms_do(image: str) -> None:
    run = ("run", "--rm", "--network=none", "--entrypoint=sh", image, "-lc", 'eval "$AIRBYTE_ENTRYPOINT spec"')
    assert [message["type"] for message in map(json.loads, docker(*run).splitlines())][-1] == "SPEC"


def test_runs_as_an_unprivileged_user(image: str, facts: dict[str, Any]) -> None:
    assert settings(image)["User"] == "1000:1000"
    assert facts["user"] == [1000, 1000]
    assert facts["writable"] == []


def test_holds_the_connector_and_nothing_else(facts: dict[str, Any]) -> None:
    assert facts["code"] == ["__pycache__", "main.py", "source_intercom"]
    assert facts["unwanted"] == []
    assert facts["compilers"] == []


@pytest.fixture(scope="module")
def components(facts: dict[str, Any]) -> dict[str, Any]:
    """What the image's bill of materials says of each package."""
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(facts["bill"])) is None
    return {each["name"]: each for each in facts["bill"]["components"]}


def test_its_bill_of_materials_is_what_is_installed_as_the_lock_has_it(
    components: dict[str, Any], facts: dict[str, Any]
) -> None:
    assert {name: each["version"] for name, each in components.items()} == facts["distributions"]
    lock = (ROOT / "requirements.txt").read_text()
    for each in components.values():
        (digest,) = [one["content"] for one in each["hashes"]]
        assert f"--hash=sha256:{digest}" in lock, each["name"]


def test_the_page_lists_the_licences_that_are_in_the_image(components: dict[str, Any]) -> None:
    page = (ROOT / "docs/image.md").read_text()
    rows = re.findall(
        r"^\| (.+) \| (.+) \|$", page.partition("\n| licence | packages |\n")[2].partition("\n\n")[0], re.M
    )
    listed = {name: licence for licence, names in rows for name in names.split(", ")}
    assert {name: licences_of(each) for name, each in components.items()} == listed


def test_none_of_its_packages_is_under_the_gpl(components: dict[str, Any]) -> None:
    """All commands work without Unidecode, as the tests below show."""
    assert "unidecode" not in components
    assert [name for name, each in components.items() if re.search("GPL|General Public", licences_of(each))] == []


def licences_of(component: dict[str, Any]) -> str:
    """As the page has them."""
    told = [each.get("expression") or each["license"] for each in component["licenses"]]
    return ", ".join(each if isinstance(each, str) else each.get("id") or each["name"] for each in told)


def test_leaves_out_only_what_nothing_imports(facts: dict[str, Any], plain_image: str) -> None:
    provided = json.loads(docker("run", "--rm", "--network=none", plain_image, "python", "-c", PROVIDED))
    assert {name: where for name, where in facts["missing"].items() if name in provided} == NEVER_CALLED


def test_is_no_larger_than_the_plain_cdk(image: str, plain_image: str) -> None:
    assert size_of(image) <= size_of(plain_image) + 15 * MEGABYTE


@pytest.fixture(scope="module")
def full_read(connector: Connector) -> Run:
    return connector.read()


def test_prints_the_spec_of_the_working_tree(connector: Connector) -> None:
    run = connector.run("spec")
    assert run.exit_code == 0
    assert run.of_type("SPEC") == Connector(None).run("spec").of_type("SPEC")


def test_finds_a_good_config_good(connector: Connector) -> None:
    run = connector.check()
    assert run.exit_code == 0
    assert run.status == ("SUCCEEDED", "")


def test_fails_the_check_of_a_wrong_token(connector: Connector) -> None:
    run = connector.check(credentials={"auth_type": "AccessToken", "access_token": "wrong"})
    assert run.exit_code == 0
    assert run.status[0] == "FAILED"


def test_discovers_the_catalog_of_the_working_tree(connector: Connector) -> None:
    run = connector.run("discover", config=connector.config())
    assert run.exit_code == 0
    (catalog,) = run.of_type("CATALOG")
    found = {each["name"]: each for each in catalog["streams"] if not each["name"].startswith("report_")}
    assert found == discovered()


def test_makes_a_configured_catalog_of_what_it_discovers(image: str) -> None:
    connector = Connector(None)
    printed = connector.run("discover", config=connector.config()).stdout
    made = json.loads(docker("run", "--rm", "--interactive", "--network=none", image, "catalog", content=printed))
    assert [each["stream"]["name"] for each in made["streams"]] == list(discovered())


def test_reads_every_row(intercom: Reachable, full_read: Run) -> None:
    assert full_read.exit_code == 0
    assert full_read.failures == []
    assert {stream: difference(intercom.sandbox, stream, full_read) for stream in STREAMS} == dict.fromkeys(
        STREAMS, NONE
    )


def test_goes_on_from_a_state_and_reads_what_changed(intercom: Reachable, connector: Connector, full_read: Run) -> None:
    for kind in ("contacts", "conversations", "tickets"):
        intercom.sandbox.mutate("update", object=kind, count=3)
    run = connector.read(CURSORS, full_read.final_states)
    assert run.exit_code == 0
    differences = {stream: difference(intercom.sandbox, stream, full_read, run) for stream in CURSORS}
    assert differences == dict.fromkeys(CURSORS, NONE)
    assert len(run.records["contacts"]) < len(full_read.records["contacts"])


def test_refuses_to_read_with_a_config_that_is_wrong(connector: Connector) -> None:
    run = connector.read(["tags"], start_date="yesterday")
    assert run.exit_code == 1
    assert run.failure.kind == "config_error"


def test_a_read_ends_when_its_container_is_told_to_stop(connector: Connector) -> None:
    with connector.reading() as reading:
        for _ in range(100):
            reading.next_line()
        reading.process.send_signal(signal.SIGTERM)  # which docker hands on to the process with the number 1
        run = reading.finish()
    assert run.exit_code == 128 + signal.SIGTERM


def test_writes_the_report_where_it_may_and_says_where_it_may_not(
    image: str, intercom: Reachable, tmp_path: Path
) -> None:
    tmp_path.chmod(0o777)
    connector = contained(image, intercom, f"--volume={tmp_path}:/reports")
    files = {"config": connector.config(), "catalog": configured(["tags"], "full_refresh")}
    run = connector.run("read", "--report=/reports/report.html", "--report=/airbyte/report.json", **files)
    assert run.exit_code == 0
    (report,) = tmp_path.iterdir()
    assert "All streams were read to their ends." in report.read_text()
    (warning,) = run.warnings
    assert re.match(r"The report /airbyte/report.json cannot be written \((Read-only file system|Perm.+)\)", warning)


def test_ends_with_exit_code_2_after_wrong_arguments(connector: Connector) -> None:
    assert connector.run("write").exit_code == 2


@pytest.fixture(scope="module")
def root(intercom: Reachable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The connector's directory, with configs for the sandbox."""
    with connector_root(tmp_path_factory.mktemp("acceptance"), intercom.sandbox.access_token) as directory:
        yield directory


@pytest.fixture(scope="module")
def connector_image_override(image_with_sandbox: str) -> str:
    """The image under test."""
    return image_with_sandbox


@pytest.fixture
def connector_base_image_override() -> None:
    """None: the suite builds no image."""


@pytest.fixture
def read_from_streams() -> str:
    """All, not only the suggested ones."""
    return "all"


@pytest.fixture
def read_scenarios() -> str:
    """All configs that acceptance-test-config.yml lists for reading."""
    return "all"


@pytest.mark.usefixtures("root")
@pytest.mark.filterwarnings("error")
class TestStandards(IntercomStandards):
    """The CDK's suite for images."""

    # Compares with the version in Airbyte's registry; there is none of this connector.
    test_docker_image_spec_backward_compatibility = None  # type: ignore[assignment]


def test_airbytes_own_command_tests_connector_and_image(image: str, tmp_path: Path) -> None:
    root = checkout(tmp_path)
    arguments = [f"--pytest-arg=--connector-image={image}", "--pytest-arg=--read-from-streams=all"]
    command = [str(Path(sys.executable).with_name("airbyte-cdk")), "connector", "test", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    cases = ET.parse(root / "build/test-results/standard-tests-junit.xml").iter("testcase")
    passed = {case.attrib["name"].partition("[")[0] for case in cases if not len(case)}
    standard = {name for name in dir(SourceTestSuiteBase) if name.startswith("test_")}
    assert standard - passed == {"test_docker_image_spec_backward_compatibility"}, (
        "a version that is published is newer"
    )
