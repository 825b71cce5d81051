"""The page for users has the form that Airbyte checks before a release."""

import re
from itertools import groupby

import pytest
import yaml

from unit_tests.pages import PAGE, SOURCE, read
from unit_tests.test_docs_links import without_code

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


def test_no_link_is_relative() -> None:
    text = without_code(read(PAGE))
    inline, named = re.findall(r"\]\(([^)\s]+)\)", text), re.findall(r"^\[[^\]]+\]: (\S+)$", text, re.MULTILINE)
    assert len(named) > 1
    assert [link for link in inline + named if not link.startswith(("https://", "#"))] == []


@pytest.mark.parametrize("heading", ["Data dictionary", "Sizing", "Scheduling", "Masking of e-mails and bodies"])
def test_what_users_ask_before_the_first_sync_has_a_section(heading: str) -> None:
    assert re.search(r"\]\[docs/[\w.-]+\.md[#\w-]*\]", sections()[heading])
