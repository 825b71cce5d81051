"""What the README says about installing, and of the package under the GPL, done in a fresh checkout."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from integration_tests.checkout import checkout


@pytest.mark.timeout(900)
def test_the_readmes_commands_install_the_connector_without_a_need_for_unidecode_and_no_relative_link(
    tmp_path: Path,
) -> None:
    root = checkout(tmp_path)
    section = (root / "README.md").read_text().partition("### Install\n")[2]
    (commands,) = re.findall(r"```bash\n(.*?)```", section.partition("\n### ")[0], re.DOTALL)

    done = subprocess.run(["sh", "-e", "-c", commands], cwd=root, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    spec = done.stdout.splitlines()[-1]
    assert json.loads(spec)["type"] == "SPEC"
    assert list(root.glob("venv/lib/*/site-packages/source_intercom/templates/report.html.jinja"))
    (described,) = root.glob("venv/lib/*/site-packages/intercom_airbyte_source-*.dist-info/METADATA")
    links = re.findall(r"\]\(([^)\s]+)\)", described.read_text())
    assert len(links) > 10
    assert [link for link in links if not link.startswith(("https:", "#"))] == []

    without = "venv/bin/pip uninstall --yes unidecode && venv/bin/source-intercom spec"
    done = subprocess.run(["sh", "-e", "-c", without], cwd=root, capture_output=True, text=True)

    assert "Successfully uninstalled Unidecode" in done.stdout
    assert done.stdout.splitlines()[-1] == spec
