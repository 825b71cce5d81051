"""What the README says about installing, done in a fresh checkout."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from integration_tests.checkout import checkout


@pytest.mark.timeout(900)
def test_the_readmes_commands_install_the_connector(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    section = (root / "README.md").read_text().partition("### Install\n")[2]
    (commands,) = re.findall(r"```bash\n(.*?)```", section.partition("\n### ")[0], re.DOTALL)

    done = subprocess.run(["sh", "-e", "-c", commands], cwd=root, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["type"] == "SPEC"
    assert list(root.glob("venv/lib/*/site-packages/source_intercom/templates/report.html.jinja"))
