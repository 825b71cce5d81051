"""metadata.yaml: valid by Airbyte's models, and in agreement with everything that says the same."""

import re
import tomllib
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from airbyte_cdk.models.connector_metadata import ConnectorLanguage, MetadataFile
from airbyte_connector_models.metadata.v0.connector_metadata_definition_v0 import ConnectorMetadataDefinitionV0

from integration_tests.connector import ROOT, Connector, discovered
from source_intercom.api.hosts import HOSTS


@pytest.fixture(scope="module")
def metadata() -> Any:
    return yaml.safe_load((ROOT / "metadata.yaml").read_text())


@pytest.fixture(scope="module")
def data(metadata: Any) -> Any:
    return metadata["data"]


def dockerfile(pattern: str) -> str:
    """What the one line of the Dockerfile says that matches."""
    (found,) = re.findall(pattern, (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    return str(found)


def test_is_valid_by_the_published_models(metadata: Any) -> None:
    ConnectorMetadataDefinitionV0.model_validate(metadata)


def test_is_understood_by_the_cdk() -> None:
    understood = MetadataFile.from_file(ROOT / "metadata.yaml").data
    assert understood.language == ConnectorLanguage.PYTHON


def test_has_all_that_a_certified_connector_has(data: Any) -> None:
    assert set(data) >= {
        "ab_internal",
        "allowedHosts",
        "connectorBuildOptions",
        "connectorSubtype",
        "connectorTestSuitesOptions",
        "connectorType",
        "definitionId",
        "dockerImageTag",
        "dockerRepository",
        "documentationUrl",
        "externalDocumentationUrls",
        "githubIssueLabel",
        "icon",
        "license",
        "maxSecondsBetweenMessages",
        "name",
        "registryOverrides",
        "releaseStage",
        "remoteRegistries",
        "suggestedStreams",
        "supportLevel",
        "tags",
    }


def test_agrees_with_the_package_and_the_image(data: Any) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert data["dockerImageTag"] == project["version"] == dockerfile(r"^ARG VERSION=(\S+)$")
    assert data["dockerRepository"] == dockerfile(r"^LABEL io\.airbyte\.name=(\S+)$")
    assert data["remoteRegistries"]["pypi"]["packageName"] == project["name"]
    assert data["dockerRepository"] == f"airbyte/{data['githubIssueLabel']}"
    assert data["license"] == project["license"] == dockerfile(r"image\.licenses=(\S+)")


def test_the_base_image_is_the_dockerfile_s_and_pinned(data: Any) -> None:
    base = data["connectorBuildOptions"]["baseImage"]
    assert base == dockerfile(r"^ARG BASE_IMAGE=(\S+)$")
    assert re.fullmatch(r"docker\.io/airbyte/python-connector-base:\d+\.\d+\.\d+@sha256:[0-9a-f]{64}", base)


def test_allows_the_hosts_of_all_regions_and_no_others(data: Any) -> None:
    assert data["allowedHosts"]["hosts"] == [urlsplit(url).hostname for url in HOSTS.values()]


def test_suggests_streams_that_exist(data: Any) -> None:
    assert set(data["suggestedStreams"]["streams"]) <= set(discovered())


def test_points_to_the_same_documentation_as_the_connector(data: Any) -> None:
    (spec,) = Connector(None).run("spec").of_type("SPEC")
    assert spec["documentationUrl"] == data["documentationUrl"]


def test_the_icon_is_a_square_drawing(data: Any) -> None:
    icon = (ROOT / data["icon"]).read_text()
    assert re.search(r'<svg [^>]*width="250" height="250" viewBox="0 0 250 250"', icon)
