"""The project as it is when it has just been cloned."""

import shutil
from pathlib import Path

from integration_tests.connector import ROOT


def checkout(directory: Path) -> Path:
    """A copy of the project in a directory, named as Airbyte's tools want it; without what git ignores."""
    ignored = (ROOT / ".gitignore").read_text().split()
    patterns = (".git", *(name.strip("/") for name in ignored))
    return Path(shutil.copytree(ROOT, directory / "source-intercom", ignore=shutil.ignore_patterns(*patterns)))
