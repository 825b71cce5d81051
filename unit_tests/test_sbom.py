"""The bill of materials that is put into the image: what it says of what pip installed."""

import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from scripts import sbom

PROJECT = {"name": "a-source", "version": "1.2.3", "license": "MIT", "dependencies": ["Zope.Interface>=2", "whims<2"]}


def installed(name: str, version: str, sha256: str, **more: Any) -> dict[str, Any]:
    """An entry of pip's report."""
    return {
        "metadata": {"name": name, "version": version, **more},
        "download_info": {"url": "https://index.test/x.whl", "archive_info": {"hashes": {"sha256": sha256}}},
    }


REPORT = {
    "install": [
        installed(
            "whims", "1.0", "a" * 64, license_expression="MIT OR ISC", requires_dist=["zope-interface ; extra == 'z'"]
        ),
        installed(
            "zope.interface",
            "2.0",
            "b" * 64,
            classifier=["License :: OSI Approved :: BSD License", "Topic :: Database"],
            requires_dist=["whims (>=1)", "moods", "fads ; sys_platform == 'nowhere'"],
        ),
    ]
}


@pytest.fixture(scope="module")
def written() -> str:
    return sbom.document(REPORT, PROJECT)


def test_is_a_valid_cyclonedx_document(written: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None


def test_names_each_package_with_version_licence_and_the_hash_of_what_was_installed(written: str) -> None:
    found = {
        each["purl"]: (each["hashes"], each["licenses"], each["version"]) for each in json.loads(written)["components"]
    }
    assert found == {
        "pkg:pypi/whims@1.0": (
            [{"alg": "SHA-256", "content": "a" * 64}],
            [{"expression": "MIT OR ISC"}],
            "1.0",
        ),
        "pkg:pypi/zope-interface@2.0": (
            [{"alg": "SHA-256", "content": "b" * 64}],
            [{"license": {"name": "BSD License"}}],
            "2.0",
        ),
    }


def test_says_who_needs_whom_among_what_is_installed(written: str) -> None:
    document = json.loads(written)
    assert document["metadata"]["component"]["bom-ref"] == "a-source@1.2.3"
    assert {each["ref"]: each.get("dependsOn", []) for each in document["dependencies"]} == {
        "a-source@1.2.3": ["whims@1.0", "zope-interface@2.0"],
        "whims@1.0": [],
        "zope-interface@2.0": ["whims@1.0"],
    }


def test_does_not_say_where_packages_came_from(written: str) -> None:
    """The address of an index may hold a password."""
    assert "index.test" not in written


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"license_expression": "MIT OR ISC", "license": "old"}, ["MIT OR ISC"]),
        ({"license": "Apache-2.0", "classifier": [f"{sbom.CLASSIFIER}BSD License"]}, ["Apache-2.0"]),
        ({"license": "MIT License\n\nCopyright", "classifier": [f"{sbom.CLASSIFIER}MIT License"]}, ["MIT"]),
        (
            {"license": "Dual License", "classifier": [f"{sbom.CLASSIFIER}{name} License" for name in ("X", "BSD")]},
            ["BSD License", "X License"],
        ),
        ({"license": "Own words\nof many lines"}, ["Own words"]),
        ({"license": "", "classifier": ["Topic :: Database"]}, ["not declared"]),
        ({}, ["not declared"]),
    ],
)
def test_a_licence_is_an_expression_or_what_the_classifiers_say_or_what_the_package_says(
    metadata: dict[str, Any], expected: list[str]
) -> None:
    assert sbom.licences(metadata) == expected
