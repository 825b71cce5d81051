"""What the matrix finds: a cell per stream, condition and mode."""

from collections.abc import Set
from dataclasses import dataclass, field
from typing import Literal

from integration_tests.comparison import Key, compare
from integration_tests.matrix.destination import Rows
from unit_tests.contracts import CURSORS

Mode = Literal["first sync", "incremental"]
MODES: tuple[Mode, ...] = ("first sync", "incremental")


@dataclass
class Cell:
    """What became of one stream under one condition in one mode; of several journeys, of all of them together.

    `missed` are keys of rows that were in the workspace, unchanged, from the beginning to the end of a read which said
    that it was complete, and that are not in the destination right after it. The others are looked for when the dust
    has settled: `lost` are keys of rows that the destination lacks, `stale` of rows with an old content, and `extra`
    of rows that should not be there, or should not have been said to be deleted. `kept` counts rows that were deleted
    in the workspace and remain in the destination, since searches do not tell of deletions.
    """

    stream: str
    condition: str
    mode: Mode
    seed: int
    rows: int = 0
    kept: int = 0
    missed: set[Key] = field(default_factory=set)
    lost: set[Key] = field(default_factory=set)
    stale: set[Key] = field(default_factory=set)
    extra: set[Key] = field(default_factory=set)

    @property
    def is_good(self) -> bool:
        """Whether every row is there, as it is in the workspace."""
        return not (self.missed or self.lost or self.stale or self.extra)

    def look_right_after(self, rows: Rows, before: Rows, after: Rows) -> None:
        """Compares the destination with what the workspace held before and after a complete read.

        A row of a full read may be an old one if it changed meanwhile, but has to be there.
        """
        for key in before.keys() & after.keys():
            unchanged = before[key] == after[key]
            if (unchanged and rows.get(key) != after[key]) or (self.stream not in CURSORS and key not in rows):
                self.missed.add(key)

    def look_at_the_end(self, rows: Rows, truth: Rows, marked: Set[Key], *, deletes: bool) -> None:
        """Compares the destination with what the workspace holds.

        :param marked: keys of rows that were said to be deleted
        :param deletes: whether rows were deleted, so that an incremental stream may keep some
        """
        found = compare(rows, truth)
        self.rows += len(truth)
        self.lost.update(found.lost)
        self.stale.update(found.stale)
        self.extra.update(marked & truth.keys())
        if deletes and self.stream in CURSORS:
            self.kept += len(found.extra)
        else:
            self.extra.update(found.extra)

    def __str__(self) -> str:
        kinds = {"missed": self.missed, "lost": self.lost, "stale": self.stale, "extra": self.extra}
        found = "; ".join(f"{kind}: {sorted(keys)}" for kind, keys in kinds.items() if keys)
        return f"{self.stream} | {self.condition} | {self.mode} | seed {self.seed} | {found or 'good'}"
