"""`sbom.py REPORT PROJECT`: prints what pip installed as a CycloneDX document, the bill of materials of the image.

REPORT is pip's installation report, PROJECT is pyproject.toml. It runs while the image is built, with nothing beside it
but what sbom-requirements.txt names.
"""

import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cyclonedx import spdx
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

Metadata = Mapping[str, Any]
"""A package's metadata, as in pip's report and in `importlib.metadata`."""

CLASSIFIER: Final = "License :: OSI Approved :: "

IDENTIFIERS: Final = {"ISC License (ISCL)": "ISC", "MIT License": "MIT"}
"""Classifiers that mean one licence; “BSD License” could be several."""

NOT_DECLARED: Final = "not declared"


def licences(metadata: Metadata) -> list[str]:
    """The licences that a package declares: one SPDX expression, or names in order."""
    declared = str(metadata.get("license_expression") or metadata.get("license", "")).strip().partition("\n")[0]
    if declared and spdx.is_expression(declared):
        return [declared]
    classified = [each.removeprefix(CLASSIFIER) for each in metadata.get("classifier", []) if CLASSIFIER in each]
    return sorted(IDENTIFIERS.get(name, name) for name in classified) or [declared or NOT_DECLARED]


def document(report: Mapping[str, Any], project: Mapping[str, Any]) -> str:
    """The bill of materials, as JSON: each package with its version, its licences, and the hash of what was installed.

    :param report: pip's installation report
    :param project: the section `project` of pyproject.toml
    """
    root = _component(project["name"], project["version"], ComponentType.APPLICATION, [project["license"]])
    installed = {canonicalize_name(each["metadata"]["name"]): each for each in report["install"]}
    components = {name: _package(name, each) for name, each in installed.items()}
    bom = Bom(components=components.values())
    bom.metadata.component = root
    needed = {root: project["dependencies"]}
    needed |= {components[name]: each["metadata"].get("requires_dist", []) for name, each in installed.items()}
    for component, requirements in needed.items():
        names = map(_name_if_needed, requirements)
        bom.register_dependency(component, [components[name] for name in names if name in components])
    return JsonV1Dot6(bom).output_as_string(indent=2)


def _package(name: str, installed: Mapping[str, Any]) -> Component:
    metadata = installed["metadata"]
    component = _component(name, metadata["version"], ComponentType.LIBRARY, licences(metadata))
    component.purl = PackageURL("pypi", name=name, version=metadata["version"])
    sha256 = installed["download_info"]["archive_info"]["hashes"]["sha256"]
    component.hashes = [HashType(alg=HashAlgorithm.SHA_256, content=sha256)]
    return component


def _component(name: str, version: str, kind: ComponentType, declared: list[str]) -> Component:
    made = map(LicenseFactory().make_from_string, declared)
    return Component(name=name, version=version, type=kind, bom_ref=f"{name}@{version}", licenses=made)


def _name_if_needed(text: str) -> str | None:
    """The package that a requirement names, if it is one here and without extras."""
    requirement = Requirement(text)
    needed = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    return canonicalize_name(requirement.name) if needed else None


def main() -> None:
    """Print the document."""
    report, project = sys.argv[1:]
    with Path(project).open("rb") as file:
        print(document(json.loads(Path(report).read_bytes()), tomllib.load(file)["project"]))  # noqa: T201


if __name__ == "__main__":
    main()
