"""The pages for users, and the catalogue that they describe."""

from functools import cache
from pathlib import Path

from unit_tests import builders

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "source_intercom"
README, PAGE, STREAMS_PAGE = ROOT / "README.md", ROOT / "docs" / "intercom.md", ROOT / "docs" / "streams.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
CONTRIBUTING, PROMISES = ROOT / "CONTRIBUTING.md", ROOT / "docs" / "promises.md"


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
def catalogue() -> dict[str, tuple[list[str], str, list[str]]]:
    """Stream: its sync modes, cursor and primary key, as `discover` tells them."""
    found = {}
    for stream in builders.discovered():
        modes = [mode.value.replace("_", " ") for mode in stream.supported_sync_modes or []]
        cursor = "".join(stream.default_cursor_field or [])
        key = [name for (name,) in stream.source_defined_primary_key or []]
        found[stream.name] = (modes, cursor or "\N{EN DASH}", key)
    return found
