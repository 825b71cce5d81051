"""What a destination holds after any number of runs, and how that differs from what the workspace holds."""

from collections.abc import Mapping
from typing import Any

from integration_tests.comparison import Key
from integration_tests.connector import CURSORS, STREAMS, key_of
from integration_tests.messages import Record, Run

Rows = dict[Key, Record]


class Destination:
    """Rows by stream and primary key, and the last state of each stream.

    Rows of incremental streams replace those of the same key as they come. The table of a stream that is read in full
    is replaced by each read of it that was complete.
    """

    def __init__(self) -> None:
        self.rows: dict[str, Rows] = {stream: {} for stream in STREAMS}
        self.states: dict[str, Mapping[str, Any]] = {}

    def apply(self, run: Run) -> None:
        """Takes in what a run printed, killed or not."""
        for stream in STREAMS:
            rows = {key_of(stream, record): record for record in run.records[stream]}
            if stream in CURSORS:
                self.rows[stream].update(rows)
            elif is_complete(stream, run):
                self.rows[stream] = rows
        self.states.update(run.final_states)

    def copy(self) -> "Destination":
        """One that goes its own way from here."""
        other = Destination()
        other.rows = {stream: dict(rows) for stream, rows in self.rows.items()}
        other.states = dict(self.states)
        return other


def is_complete(stream: str, run: Run) -> bool:
    """Whether a run says that it has read all of a stream."""
    return "COMPLETE" in run.statuses.get(stream, [])
