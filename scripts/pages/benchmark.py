"""What docs/benchmarks.md says, in three figures, and its pictures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.figures import LIMIT, OURS, Initial, initial_syncs, pictures, share_of_limit, times_faster
from scripts.pages.catalogue import ROOT, Stream
from scripts.pages.tables import table

PAGE: Final = ROOT / "docs" / "benchmarks.md"


def in_three_figures(catalogue: Sequence[Stream]) -> str:
    """How many times faster, how much of the rate limit, how many rows lost; the streams have no part in it."""
    return three_figures(PAGE.read_text(encoding="utf-8"))


def three_figures(page: str) -> str:
    """The same, of a page of benchmarks."""
    syncs = initial_syncs(page)
    faster = sorted(times_faster(page), key=float)
    ours = [sync for sync in syncs if sync.connector == OURS]
    theirs = [sync for sync in syncs if sync.connector != OURS]
    rows = sum(sync.rows for sync in ours)
    version = theirs[0].connector.removeprefix("official ")
    figures = {
        f"{faster[0]} to {faster[-1]} times faster": (
            f"than Airbyte's own connector {version}, in an initial sync of {ours[0].rows:,} to {ours[-1].rows:,} rows"
        ),
        f"{share_of_limit(page)} of the rate limit": (
            f"that Intercom documents, {LIMIT} requests in ten seconds, is used by a long read of conversations"
        ),
        f"{_lost(ours)} lost": f"of {rows:,}; Airbyte's own connector loses {_lost(theirs)}",
    }
    return table([*figures], [[*figures.values()]])


def _lost(syncs: Sequence[Initial]) -> str:
    rows = sum(sync.missing for sync in syncs)
    return f"{rows:,} {'row' if rows == 1 else 'rows'}"


def drawn() -> Mapping[Path, str]:
    """The pictures of the page, by the files that they belong into."""
    found = pictures(PAGE.read_text(encoding="utf-8"))
    return {PAGE.with_name(name): picture for name, picture in found.items()}
