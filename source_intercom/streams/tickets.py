"""Tickets, with their parts, as the search returns them (API notes 3.4)."""

from typing import Final

from source_intercom import report
from source_intercom.streams.base import Record
from source_intercom.streams.incremental import SearchStream

MAX_PARTS: Final = 500
"""Parts of a ticket that Intercom returns; it does not say whether there are more."""


class Tickets(SearchStream):
    """Customer, back-office and tracker tickets; each carries its `ticket_parts`."""

    endpoint = "tickets/search"
    records_key = "tickets"
    permission = "Read tickets"

    def note_emitted(self, record: Record) -> None:
        """Count the tickets that may have more parts, too."""
        super().note_emitted(record)
        if len((record.get("ticket_parts") or {}).get("ticket_parts") or ()) >= MAX_PARTS:
            self.count(report.FULL)
