"""The pages for users, and the catalogue that they describe."""

import logging
from functools import cache
from pathlib import Path

from source_intercom.source import SourceIntercom
from source_intercom.streams import STREAMS
from unit_tests import builders

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "source_intercom"
README, PAGE, STREAMS_PAGE = ROOT / "README.md", ROOT / "docs" / "intercom.md", ROOT / "docs" / "streams.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def rows(page: Path, header: str) -> list[list[str]]:
    """The rows of the table whose header line begins with `header`."""
    lines = read(page).splitlines()
    (start,) = [number for number, line in enumerate(lines) if line.startswith(header)]
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return table


@cache
def catalogue() -> dict[str, tuple[set[str], list[str], str, list[str]]]:
    """Stream: its requests, sync modes, cursor and primary key."""
    discovered = SourceIntercom().discover(logging.getLogger("airbyte"), builders.config()).streams
    shared, found = builders.context(), {}
    for kind, described in zip(STREAMS, discovered, strict=True):
        stream = kind(shared)
        requests = {
            f"{stream.http_method} /{stream.endpoint}",
            f"{stream.root().http_method} /{stream.root().endpoint}",
        }
        modes = [mode.value.replace("_", " ") for mode in described.supported_sync_modes or []]
        cursor = "".join(described.default_cursor_field or [])
        found[described.name] = (requests, modes, cursor or "\N{EN DASH}", stream.primary_key)
    return found
