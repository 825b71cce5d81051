"""Deletions in the streams themselves: rows that have destinations delete (docs/promises.md, "Deletes").

Airbyte's destinations delete a row whose newest record has a time in `_ab_cdc_deleted_at`.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from source_intercom.read.columns import with_columns
from source_intercom.read.rows import Record
from source_intercom.streams.context import StreamContext
from source_intercom.streams.kinds import SearchStream

DELETED_AT: Final = "_ab_cdc_deleted_at"

COLUMN: Final[Mapping[str, Any]] = {
    "type": ["null", "string"],
    "format": "date-time",
    "airbyte_type": "timestamp_with_timezone",
    "description": "When it was deleted or merged, which has destinations delete it",
}


class DepartingStream(SearchStream, ABC):
    """What a search finds, and with the option `apply_deletes` what it does not find any more.

    Rows of what is gone come in incremental reads, after all others, since a search may find for a while what is gone.
    """

    @property
    def applies_deletes(self) -> bool:
        """Whether the option is on."""
        return self.context.config.apply_deletes

    def _begin(self, state: Mapping[str, Any] | None) -> None:
        self._resumed_from = state or {}
        super()._begin(state)

    def __init__(self, context: StreamContext, on_behalf_of: str | None = None) -> None:
        super().__init__(context, on_behalf_of)
        if self.applies_deletes:
            self.schema = with_columns(self.schema, {DELETED_AT: dict(COLUMN)})

    def sequel(self) -> Iterator[Record] | None:
        """The rows of what is gone, if they are wanted."""
        return self.departures() if self.applies_deletes and self.keeps_state else None

    def resumed_at(self, key: str) -> Any:
        """What a state says of departures; it is kept until it is known better."""
        self.keep(key, self._resumed_from.get(key))
        return self._resumed_from.get(key)

    def keep(self, key: str, value: Any) -> None:
        """From now on states say so; None says nothing."""
        if value is not None and self.applies_deletes:
            self.checkpoints.beside[key] = value

    @abstractmethod
    def departures(self) -> Iterator[Record]:
        """A row for each that is gone since the state; what they cover is in the next state."""

    def departed(self, record_id: str, second: int | None) -> Record:
        """The row of one that is gone; its cursor is the time at which it went, since destinations compare cursors."""
        at = int(time.time()) if second is None else second
        row = {
            "id": record_id,
            "updated_at": at,
            DELETED_AT: datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        self.note_emitted((row,))
        return row
