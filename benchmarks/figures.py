"""What the page says, as numbers: what its pictures, and the top of the README, are made from.

So both can be made anew wherever the page is, without the benchmarks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.plot import Bars, Lines, svg

OURS: Final = "ours"
LIMIT: Final = "1,667"
"""Requests in ten seconds that Intercom documents for an app, as the page writes it (API notes 6)."""

_INITIAL: Final = re.compile(
    r"^\| (?P<workspace>\w+), (?P<rows>[\d,]+) rows: (?P<connector>[^|]+) \| (?P<wall>[\d,.]+) s \| (?P<cpu>[\d,.]+) s "
    r"\| (?P<memory>[\d,]+) MB \| [\d,]+ \| [\d,]+ \| [\d,]+ \| (?P<missing>[\d,]+) \|$",
    re.MULTILINE,
)
_FASTER: Final = re.compile(r"\b([\d.]+) times \(\w+\)")
_USED: Final = re.compile(rf"^\| {LIMIT}, of which others spend 0% \| 0\.1 s \| [\d, ]+ \| ([\d.]+%) \|", re.MULTILINE)


@dataclass(frozen=True)
class Initial:
    """An initial sync by one connector: wall time and CPU in seconds, memory in MB, and rows that did not come."""

    workspace: str
    rows: int
    connector: str
    wall: float
    cpu: float
    memory: float
    missing: int


def initial_syncs(page: str) -> list[Initial]:
    """The initial syncs of a page, in its order; none if it has no such table."""
    return [
        Initial(
            found["workspace"],
            int(_number(found["rows"])),
            found["connector"],
            _number(found["wall"]),
            _number(found["cpu"]),
            _number(found["memory"]),
            int(_number(found["missing"])),
        )
        for found in _INITIAL.finditer(page)
    ]


def times_faster(page: str) -> list[str]:
    """How many times faster ours is than the official connector, by workspace, as the page writes it."""
    return _FASTER.findall(" ".join(page.split()))


def share_of_limit(page: str) -> str:
    """How much of the limit that Intercom documents ours uses in full windows, as the page writes it.

    :raises ValueError: if the page does not say it
    """
    if not (found := _USED.search(page)):
        raise ValueError("docs/benchmarks.md does not say how much of the rate limit is used.")
    return found[1]


def pictures(page: str) -> Mapping[str, str]:
    """The pictures of a page, SVG by file name; none if it has no initial syncs."""
    syncs = initial_syncs(page)
    if not syncs:
        return {}
    wall = Lines("Initial sync: wall time", "rows", _by_connector(syncs, "wall"), " s")
    memory = Lines("Initial sync: peak memory", "rows", _by_connector(syncs, "memory"), " MB")
    return {"benchmarks.svg": svg([wall, _waiting(syncs)]), "benchmarks-memory.svg": svg([memory])}


def _by_connector(syncs: Sequence[Initial], what: str) -> dict[str, list[tuple[float, float]]]:
    lines: dict[str, list[tuple[float, float]]] = {}
    for sync in syncs:
        lines.setdefault(sync.connector, []).append((sync.rows, getattr(sync, what)))
    return lines


def _waiting(syncs: Sequence[Initial]) -> Bars:
    """What the wall time went to; several threads that work at a time may have worked for more than all of it."""
    bars = {}
    for sync in syncs:
        working = min(sync.cpu, sync.wall)
        waiting = sync.wall - working
        name = f"{sync.workspace}, {sync.connector}: {sync.wall:,.1f} s, {waiting / sync.wall:.0%} of it waiting"
        bars[name] = (working, waiting)
    return Bars("Initial sync: working and waiting", ("working (CPU)", "waiting"), "seconds", bars)


def _number(text: str) -> float:
    return float(text.replace(",", ""))
