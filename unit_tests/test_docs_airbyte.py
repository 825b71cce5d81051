"""The page for users, the migration guide and the metadata have the form that Airbyte checks before a release."""

import re
import tomllib
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import pytest
import yaml

from scripts.pages.official import theirs
from unit_tests.pages import PAGE, ROOT, SOURCE, read, rows
from unit_tests.test_docs_links import anchors, without_code

GUIDE = ROOT / "docs" / "intercom-migrations.md"
CHANGELOG = ROOT / "CHANGELOG.md"

OWN = "…"
"""Any number of headings that Airbyte's template does not have; only here may they stand."""

TEMPLATE = [
    "Intercom",
    "Prerequisites",
    "Setup guide",
    "Set up Intercom",
    "Set up the Intercom connector in Airbyte",
    "For Airbyte Cloud:",
    "For Airbyte Open Source:",
    OWN,
    "Supported sync modes",
    "Supported Streams",
    OWN,
    "Performance considerations",
    "Data type map",
    "Limitations & Troubleshooting",
    OWN,
    "Changelog",
]

BEGINNINGS = {
    "Intercom": "<HideInUI>\n\nThis page contains the setup guide and reference information for the "
    "[Intercom](https://developers.intercom.com/) source connector.\n\n</HideInUI>\n",
    "For Airbyte Cloud:": "1. [Log into your Airbyte Cloud](https://cloud.airbyte.com/workspaces) account.\n"
    "2. Click Sources and then click + New source.\n"
    "3. On the Set up the source page, select Intercom from the Source type dropdown.\n"
    "4. Enter a name for the Intercom connector.\n",
    "For Airbyte Open Source:": "1. Navigate to the Airbyte Open Source dashboard.\n",
    "Supported sync modes": "The Intercom source connector supports the following "
    "[sync modes](https://docs.airbyte.com/cloud/core-concepts/#connection-sync-modes):\n\n",
    "Limitations & Troubleshooting": "<details>\n<summary>\n",
    "Changelog": "<details>\n  <summary>Expand to review</summary>\n",
}


@pytest.fixture(scope="module")
def metadata() -> Any:
    return yaml.safe_load(read(ROOT / "metadata.yaml"))["data"]


def sections() -> dict[str, str]:
    """The text below each heading, up to the next."""
    parts = re.split(r"^#{1,4} (.+)\n\n", without_code(read(PAGE)), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


# The page


def test_the_headings_are_the_templates_in_its_order() -> None:
    found = re.findall(r"^#{1,4} (.+)$", without_code(read(PAGE)), re.MULTILINE)
    assert len(found) == len(set(found))
    marked = [heading if heading in TEMPLATE else OWN for heading in found]
    assert [heading for heading, _ in groupby(marked)] == TEMPLATE


@pytest.mark.parametrize("heading", BEGINNINGS)
def test_a_section_begins_as_in_the_template(heading: str) -> None:
    assert sections()[heading].startswith(BEGINNINGS[heading])


def test_the_prerequisites_name_what_the_form_requires() -> None:
    form = yaml.safe_load(read(SOURCE / "spec.yaml"))["connectionSpecification"]
    required = {form["properties"][name]["title"] for name in form["required"] if name != "credentials"}
    assert required == {"Start date"}
    for words in (*required, "access token", "account"):
        assert words.lower() in sections()["Prerequisites"].lower()


@pytest.mark.parametrize("page", [PAGE, GUIDE], ids=lambda page: str(page.name))
def test_no_link_is_relative(page: Any) -> None:
    text = without_code(read(page))
    inline, named = re.findall(r"\]\(([^)\s]+)\)", text), re.findall(r"^\[[^\]]+\]: (\S+)$", text, re.MULTILINE)
    assert len(named) > 1
    assert [link for link in inline + named if not link.startswith(("https://", "#"))] == []


@pytest.mark.parametrize("heading", ["Data dictionary", "Sizing", "Scheduling", "Masking of e-mails and bodies"])
def test_what_users_ask_before_the_first_sync_has_a_section(heading: str) -> None:
    assert re.search(r"\]\[docs/[\w.-]+\.md[#\w-]*\]", sections()[heading])


# Versions


def released() -> dict[str, str]:
    """The date of each version in the changelog, the newest first."""
    return dict(re.findall(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)$", read(CHANGELOG), re.MULTILINE))


def test_both_changelogs_have_the_versions_with_their_dates() -> None:
    version = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]["version"]
    assert next(iter(released())) == version
    table = rows(PAGE, "| Version | Date | Pull Request | Subject |")
    assert {row[0]: row[1] for row in table} == released()


def test_what_is_not_released_yet_has_a_section_of_its_own() -> None:
    assert re.findall(r"^## (.+)$", read(CHANGELOG), re.MULTILINE)[0] == "Unreleased"


def test_the_guide_has_a_section_for_each_breaking_change(metadata: Any) -> None:
    assert read(GUIDE).splitlines()[0] == f"# {metadata['name']} Migration Guide"
    told = re.findall(r"^## Upgrading to (\S+)$", read(GUIDE), re.MULTILINE)
    assert told == sorted(metadata["releases"]["breakingChanges"], reverse=True)
    assert told[0] in released()


def test_the_guide_says_which_streams_stay_as_they_were(metadata: Any) -> None:
    (change,) = metadata["releases"]["breakingChanges"].values()
    (scope,) = change["scopedImpact"]
    unchanged = re.findall(r"`(\w+)` stays as it was", read(GUIDE))
    assert sorted(scope["impactedScopes"] + unchanged) == sorted(their.name for their in theirs())


def test_a_breaking_change_gives_users_a_week_and_leads_to_the_guide(metadata: Any) -> None:
    url = f"{metadata['documentationUrl']}-migrations#"
    for version, change in metadata["releases"]["breakingChanges"].items():
        assert date.fromisoformat(change["upgradeDeadline"]) >= date.fromisoformat(released()[version]) + timedelta(7)
        assert change["migrationDocumentationUrl"].startswith(url)
        assert change["migrationDocumentationUrl"].removeprefix(url) in anchors(GUIDE)
        assert change["migrationDocumentationUrl"] in change["message"]
