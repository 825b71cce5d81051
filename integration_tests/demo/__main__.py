"""Sets the demo up, and tells it."""

import argparse
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from integration_tests.demo.connector import PYAIRBYTE, Failure
from integration_tests.demo.screen import Screen
from integration_tests.demo.story import DIRECTORY, Story
from intercom_sandbox.client import start

SIZES: Final = ("--contacts=1500", "--companies=200", "--conversations=600", "--parts=6000", "--tickets=200")
YEAR: Final = timedelta(days=365)
"""The workspace is so old, and busy until yesterday."""


def main() -> int:
    """Run the demo; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m integration_tests.demo",
        allow_abbrev=False,
        description="Reads a local Intercom into DuckDB, twice. Other options go to the sandbox, e.g. --contacts=500.",
    )
    parser.add_argument("--without-pyairbyte", action="store_true", help="load DuckDB with what the connector prints")
    parser.add_argument("--without-dashboard", action="store_true", help="draw no page of charts, for which dbt runs")
    options, flags = parser.parse_known_args()
    if DIRECTORY.exists():
        shutil.rmtree(DIRECTORY)
    DIRECTORY.mkdir(parents=True)
    screen = Screen()
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    days = (f"--first-day={yesterday - YEAR}", f"--last-day={yesterday}")
    try:
        with tempfile.TemporaryDirectory() as temporary, start(*SIZES, *days, *flags) as sandbox:
            _prepare_environment(sandbox.url, temporary)
            story = Story(screen, sandbox, Path(temporary))
            story.replicate(PYAIRBYTE and not options.without_pyairbyte)
            story.ask()
            if not options.without_dashboard:
                story.draw()
            story.tell_where()
    except (Failure, RuntimeError) as failure:
        screen.step("Failed", str(failure))
        return 1
    return 0


def _prepare_environment(url: str, temporary: str) -> None:
    """Sends the connector to the sandbox, and PyAirbyte's files to where the demo may write."""
    os.environ.update(
        INTERCOM_API_URL=url,
        no_proxy=",".join(filter(None, [os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), "127.0.0.1"])),
        AIRBYTE_OFFLINE_MODE="1",
        DO_NOT_TRACK="1",
        AIRBYTE_LOGGING_ROOT=str(DIRECTORY / "logs"),
        AIRBYTE_TEMP_DIR=temporary,
    )


if __name__ == "__main__":
    sys.exit(main())
