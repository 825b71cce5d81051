"""What a destination holds after any number of runs, and how that differs from what the workspace holds."""

from collections.abc import Mapping
from typing import Any, Self

from integration_tests.comparison import Key
from integration_tests.connector import key_of
from integration_tests.messages import Record, Run
from intercom_sandbox.client import Sandbox
from unit_tests.contracts import CURSORS, STREAMS

Rows = dict[Key, Record]

DELETED_AT = "_ab_cdc_deleted_at"
"""The column whose time says that a row is deleted."""

NOT_GONE = ("archived", "blocked")
"""What becomes of contacts that no search finds any more although they are not gone."""


class Destination:
    """Rows by stream and primary key, and the last state of each stream.

    Rows of incremental streams replace those of the same key as they come. The table of a stream that is read in full
    is replaced by each read of it that was complete.

    `marked`  keys of rows of each stream that said they were deleted, if that is looked at
    """

    def __init__(self) -> None:
        self.rows: dict[str, Rows] = {stream: {} for stream in STREAMS}
        self.marked: dict[str, set[Key]] = {stream: set() for stream in STREAMS}
        self.states: dict[str, Mapping[str, Any]] = {}

    def apply(self, run: Run) -> None:
        """Takes in what a run printed, killed or not."""
        for stream in STREAMS:
            if stream in CURSORS:
                self._merge(stream, run.records[stream])
            elif is_complete(stream, run):
                self.rows[stream] = {key_of(stream, record): record for record in run.records[stream]}
        self.states.update(run.final_states)

    def _merge(self, stream: str, records: list[Record]) -> None:
        """Takes in rows of an incremental stream."""
        self.rows[stream].update((key_of(stream, record), record) for record in records)

    def copy(self) -> Self:
        """One that goes its own way from here."""
        other = type(self)()
        other.rows = {stream: dict(rows) for stream, rows in self.rows.items()}
        other.marked = {stream: set(keys) for stream, keys in self.marked.items()}
        other.states = dict(self.states)
        return other

    def expected(self, sandbox: Sandbox, stream: str, held: Rows) -> Rows:
        """What a table should hold when all rows have come that the workspace holds of a stream."""
        return held


class Deduplicating(Destination):
    """Tables in the mode append + deduped, of which Airbyte's destinations delete rows that are marked.

    Of the rows of a key that is the one with the latest cursor, and of those the last that came: if it is marked, the
    row is deleted. What is deleted is forgotten: a row of the same key in a later sync is there again, whatever its
    cursor.

    `came`  of each key the row that would be there if none were ever deleted
    """

    def __init__(self) -> None:
        super().__init__()
        self.came: dict[str, Rows] = {stream: {} for stream in STREAMS}

    def _merge(self, stream: str, records: list[Record]) -> None:
        table = self.rows[stream]
        for record in records:
            _keep_the_newest(table, stream, record)
            if DELETED_AT in record:
                self.marked[stream].add(key_of(stream, record))
            else:
                _keep_the_newest(self.came[stream], stream, record)
        for key in [key for key, row in table.items() if DELETED_AT in row]:
            del table[key]

    def copy(self) -> Self:
        """One that goes its own way from here."""
        other = super().copy()
        other.came = {stream: dict(rows) for stream, rows in self.came.items()}
        return other

    def expected(self, sandbox: Sandbox, stream: str, held: Rows) -> Rows:
        """The workspace's rows, and what came of contacts that are archived or blocked: those are not gone."""
        inactive = {(row["id"],) for row in sandbox.truth("inactive_contacts") if row["status"] in NOT_GONE}
        remaining = {key: row for key, row in self.came[stream].items() if key in inactive}
        return {**remaining, **held}


def _keep_the_newest(table: Rows, stream: str, record: Record) -> None:
    key = key_of(stream, record)
    present = table.get(key)
    if present is None or _place(stream, record) >= _place(stream, present):
        table[key] = record


def _place(stream: str, record: Record) -> tuple[bool, Any]:
    """What orders rows of a key: those without a cursor, such as events of no receipt, come before all others."""
    cursor = record.get(CURSORS[stream])
    return cursor is not None, cursor


def is_complete(stream: str, run: Run) -> bool:
    """Whether a run says that it has read all of a stream."""
    return "COMPLETE" in run.statuses.get(stream, [])
