"""The first blocks of the README, run as they stand there in a fresh checkout, and the package that they install."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from integration_tests.checkout import checkout
from integration_tests.comparison import NONE, compare, table, truth
from integration_tests.connector import discovered
from integration_tests.messages import Run
from integration_tests.sandboxes import start
from integration_tests.times import as_text
from intercom_sandbox.client import Sandbox

SIZES = {"contacts": 40, "companies": 10, "conversations": 20, "parts": 20, "tickets": 10}


def environment(sandbox: Sandbox) -> dict[str, str]:
    """This machine's, in which the connector finds the sandbox."""
    directly = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    return {**os.environ, **sandbox.environment, "no_proxy": ",".join(filter(None, [directly, "127.0.0.1"]))}


@pytest.mark.timeout(900)
def test_the_readmes_first_blocks_install_the_connector_which_reads_and_needs_no_unidecode(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    section = (root / "README.md").read_text().partition("## Install, configure, read\n")[2].partition("\n## ")[0]
    (config,) = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
    commands = re.findall(r"```bash\n(.*?)```", section, re.DOTALL)
    assert len(commands) == 3

    with start(**SIZES) as sandbox:
        (root / "config.json").write_text(config.replace("…", sandbox.access_token))
        done = subprocess.run(
            ["sh", "-e", "-c", "".join(commands)],
            cwd=root,
            env=environment(sandbox),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert '"status":"SUCCEEDED"' in done.stdout

        run = Run(0, (root / "messages.jsonl").read_bytes(), b"", peak_memory=0)
        assert {*run.statuses} == {"contacts", "conversations", "tickets", "companies"}
        for stream, statuses in run.statuses.items():
            schema = discovered()[stream]["json_schema"]
            expected = {key: as_text(row, schema) for key, row in truth(sandbox, stream).items()}
            assert statuses[-1] == "COMPLETE"
            assert compare(table(stream, run), expected) == NONE, stream

    assert list(root.glob("venv/lib/*/site-packages/source_intercom/templates/report.html.jinja"))
    (described,) = root.glob("venv/lib/*/site-packages/intercom_airbyte_source-*.dist-info/METADATA")
    links = re.findall(r"\]\(([^)\s]+)\)", described.read_text())
    assert len(links) > 10
    assert [link for link in links if not link.startswith(("https:", "#"))] == []

    without = "venv/bin/pip uninstall --yes unidecode && venv/bin/source-intercom spec"
    done = subprocess.run(["sh", "-e", "-c", without], cwd=root, capture_output=True, text=True)

    assert "Successfully uninstalled Unidecode" in done.stdout
    assert json.loads(done.stdout.splitlines()[-1])["type"] == "SPEC"
