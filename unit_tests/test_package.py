"""The package: its name, which is not the connector's, and the Python that it is set up with."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml

from source_intercom.api.sentences import ISSUES
from unit_tests.pages import README, ROOT

NAME = "intercom-airbyte-source"
MADE = {"__pycache__", "target", "logs", "venv"}
"""Directories of what is no part of the project, as dbt leaves them beside its models."""

PAGES = sorted(
    path
    for pattern in ("*.md", "*.yaml", "docs/**/*.md", "examples/**/*", "scripts/*", "Makefile", "Dockerfile", ".ci/*")
    for path in ROOT.glob(pattern)
    if path.is_file() and path.suffix != ".duckdb" and not MADE & {*path.relative_to(ROOT).parts}
)
INSTALLS = re.compile(r"\b(install|pip_url|packageName|needs the packages|uvx|pipx)\b", re.IGNORECASE)
REQUIREMENT = re.compile(r"source-intercom\s*([=<>~]=.*)?")
CONNECTOR = re.compile(r"(?<![\w/.-])source-intercom(?![\w/-])")


def installs_by_the_connectors_name(line: str) -> bool:
    """Whether a line installs the package of that name, which belongs to somebody else."""
    return bool(REQUIREMENT.fullmatch(line) or (INSTALLS.search(line) and CONNECTOR.search(line)))


def test_the_package_has_a_name_of_its_own() -> None:
    assert project()["name"] == NAME
    registries = yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]["remoteRegistries"]
    assert registries == {"pypi": {"enabled": False, "packageName": NAME}}


def project() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_one_address_is_named_wherever_the_project_is() -> None:
    urls = project()["urls"]
    assert urls["Changelog"] == f"{urls['Repository']}/CHANGELOG.md"
    assert urls["Issues"] == ISSUES
    assert urls["Documentation"] == yaml.safe_load((ROOT / "metadata.yaml").read_text())["data"]["documentationUrl"]


def test_the_authors_are_those_of_the_license() -> None:
    (author,) = project()["authors"]
    assert re.search(
        rf"^Copyright \(c\) \d+ {re.escape(author['name'])}$", (ROOT / "LICENSE").read_text(), re.MULTILINE
    )


def test_no_link_of_the_packages_description_is_relative() -> None:
    """Where the package is shown there is nothing beside it."""
    command = [sys.executable, "-m", "hatch_fancy_pypi_readme"]  # as the build does
    description = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    shown, readme = (re.findall(r"\]\(([^)\s]+)\)", text) for text in (description, README.read_text()))
    here = project()["urls"]["Repository"]
    assert shown == [link if link.startswith(("https:", "#")) else f"{here}/{link}" for link in readme]
    assert sum(link.startswith(here) for link in shown) > 10


def test_nothing_tells_to_install_somebody_elses_package() -> None:
    for line in ("pip install airbyte source-intercom", "source-intercom==1.0.0", '  pip_url="source-intercom"'):
        assert installs_by_the_connectors_name(line)
    for line in ("source-intercom spec", "pip install .", "docker build -t source-intercom ."):
        assert not installs_by_the_connectors_name(line)
    lines = [(path.name, line) for path in PAGES for line in path.read_text().splitlines()]
    assert [(name, line) for name, line in lines if installs_by_the_connectors_name(line)] == []


def test_set_up_without_a_python_that_fits_says_what_to_install(tmp_path: Path) -> None:
    command = ["/bin/sh", "scripts/setup.sh", str(tmp_path / "venv")]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": "", "PYTHON": "/bin/false"}, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "/bin/false cannot be used: install Python 3.11 or newer with venv (Debian: python3-venv).\n"
    assert not (tmp_path / "venv").exists()


def test_airbytes_tools_find_the_source_in_the_package_which_loads_it_when_asked() -> None:
    script = (
        "import sys, source_intercom; assert 'airbyte_cdk' not in sys.modules; "
        "print(source_intercom.SourceIntercom.__module__, hasattr(source_intercom, 'SourceOther'))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "source_intercom.source False\n"


def test_what_the_demo_installs_is_not_linted_where_the_project_is_no_repository(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for name in (".cache/dbt/lib.py", ".tmp/copy.py", "own.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    lint = [str(Path(sys.executable).with_name("ruff")), "check", "--show-files", "."]
    shown = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split()
    assert {Path(path).name for path in shown} == {"pyproject.toml", "own.py"}
