"""Runs the demo, step by step."""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from integration_tests.demo.connector import PYAIRBYTE, Failure, answer, streams_of
from integration_tests.demo.screen import Screen
from integration_tests.demo.warehouse import cut_lists, differences, expected_rows, row_counts
from intercom_sandbox.client import Sandbox, start

DIRECTORY: Final = Path("build/demo")
DATABASE: Final = DIRECTORY / "intercom.duckdb"
LOGS: Final = DIRECTORY / "logs"

SIZES: Final = ("--contacts=2000", "--companies=300", "--conversations=600", "--parts=6000", "--tickets=200")
CHANGES: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("{} contacts updated", {"operation": "update", "object": "contacts", "count": 25}),
    ("{} contacts created", {"operation": "create", "object": "contacts", "count": 5}),
    ("{} conversations with 3 new parts each", {"operation": "add_parts", "count": 4, "parts": 3}),
    ("{} tickets updated", {"operation": "update", "object": "tickets", "count": 6}),
    ("{} company created", {"operation": "create", "object": "companies", "count": 1}),
)
"""What happens in the workspace between the syncs. Nothing is deleted: incremental reading does not learn of that."""


class Replication(Protocol):
    """What reads the connector's streams into DuckDB."""

    def sync(self) -> Mapping[str, int]:
        """Read what is new since the last sync; how many rows came of each stream."""


def main() -> int:
    """Run the demo; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m integration_tests.demo",
        allow_abbrev=False,
        description="Reads a local Intercom into DuckDB, twice. Other options go to the sandbox, e.g. --contacts=500.",
    )
    parser.add_argument("--without-pyairbyte", action="store_true", help="load DuckDB with what the connector prints")
    options, flags = parser.parse_known_args()
    if DIRECTORY.exists():
        shutil.rmtree(DIRECTORY)
    DIRECTORY.mkdir(parents=True)
    screen = Screen()
    screen.step("Sandbox", "starts")
    try:
        with tempfile.TemporaryDirectory() as temporary, start(*SIZES, *flags) as sandbox:
            _prepare_environment(sandbox.url, temporary)
            _demonstrate(screen, sandbox, Path(temporary), PYAIRBYTE and not options.without_pyairbyte)
    except (Failure, RuntimeError) as failure:
        screen.step("Failed", str(failure))
        return 1
    return 0


def _prepare_environment(url: str, temporary: str) -> None:
    """Sends the connector to the sandbox, and PyAirbyte's files to where the demo may write."""
    os.environ.update(
        INTERCOM_API_URL=url,
        no_proxy="127.0.0.1",
        AIRBYTE_OFFLINE_MODE="1",
        DO_NOT_TRACK="1",
        AIRBYTE_LOGGING_ROOT=str(LOGS),
        AIRBYTE_TEMP_DIR=temporary,
    )


def _demonstrate(screen: Screen, sandbox: Sandbox, temporary: Path, pyairbyte: bool) -> None:
    screen.step("", f"answers on {sandbox.url} and holds {sum(sandbox.counts().values()):,} objects")
    config = {
        "credentials": {"auth_type": "AccessToken", "access_token": sandbox.access_token},
        "start_date": "2024-01-01T00:00:00Z",
    }

    spec = answer("spec")["spec"]
    screen.step("spec", f"exit code 0, {len(spec['connectionSpecification']['properties'])} options")
    status = answer("check", config)["connectionStatus"]
    screen.step("check", f"exit code 0, {status['status']}")
    if status["status"] != "SUCCEEDED":
        raise Failure(status["message"])
    streams = streams_of(answer("discover", config)["catalog"])
    incremental = ", ".join(stream.name for stream in streams if stream.incremental)
    screen.step("discover", f"exit code 0, {len(streams)} streams; incremental: {incremental}")

    replication = _replication(screen, config, temporary, pyairbyte)
    screen.step("First sync", f"reads everything into {DATABASE}")
    _sync(screen, replication)
    first = row_counts(DATABASE, streams)
    for text, change in CHANGES:
        screen.step("Change", text.format(len(sandbox.mutate(**change))))
    screen.step("Second sync", "goes on from where the first one ended")
    second = _sync(screen, replication)

    columns = {"after first sync": first, "read by second": second, "in DuckDB": row_counts(DATABASE, streams)}
    screen.table(f"Rows in {DATABASE}", streams, columns)
    wrong = [each for stream in streams for each in differences(DATABASE, stream, expected_rows(sandbox, stream))]
    if wrong:
        raise Failure("; ".join(wrong))
    screen.step("Compared", "DuckDB holds every object of the workspace once, with all values that Intercom returns")
    if cut := cut_lists(DATABASE, streams):
        screen.step("Cut short", f"by Intercom, to ten entries: the lists {', '.join(cut)}")


def _replication(screen: Screen, config: dict[str, Any], temporary: Path, pyairbyte: bool) -> Replication:
    """PyAirbyte, or the demo itself."""
    if pyairbyte:
        screen.step("PyAirbyte", "is loaded")
        with screen.quiet():
            from integration_tests.demo.replication import PyAirbyteReplication

            return PyAirbyteReplication(config, DATABASE, temporary)
    why = "" if PYAIRBYTE else ", as it runs on no Python newer than 3.12"
    screen.step("PyAirbyte", f"is not used{why}: the demo loads DuckDB with what the connector prints")
    from integration_tests.demo.plain import PlainReplication

    return PlainReplication(config, DATABASE, temporary)


def _sync(screen: Screen, replication: Replication) -> Mapping[str, int]:
    """How many rows of each stream were read."""
    began = time.monotonic()
    with screen.quiet(live=True):
        rows = replication.sync()
    screen.step("", f"{sum(rows.values()):,} rows read in {time.monotonic() - began:.1f} s")
    return rows


if __name__ == "__main__":
    sys.exit(main())
